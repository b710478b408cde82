"""Employers' files as tests make them: real CSV and Excel bytes."""

import base64
import io
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter

HEADER = (
    "证件号码",
    "姓名",
    "费款所属期",
    "缴费基数",
    "个人缴费",
    "单位缴费",
    "缴款期限",
    "到账日期",
    "类型",
    "单位名称",
)
MONTH = date(2024, 5, 1)


def row(number: str, **changed: str) -> list[str]:
    """A good row of 甲公司 for May 2024; ``changed`` by column name."""
    cells = dict(
        zip(
            HEADER,
            (
                number,
                "测试",
                "202405",
                "5000.00",
                "100.00",
                "325.00",
                "2024-05-31",
                "2024-05-20",
                "正常",
                "甲公司",
            ),
            strict=True,
        )
    )
    assert changed.keys() <= cells.keys()
    return list((cells | changed).values())


def csv_file(
    rows: Iterable[Sequence[str]],
    *,
    header: Sequence[str] = HEADER,
    encoding: str = "utf-8",
    separator: str = ",",
) -> io.BytesIO:
    lines = [separator.join(cells) for cells in (header, *rows)]
    return io.BytesIO(("\r\n".join(lines) + "\r\n").encode(encoding))


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> io.BytesIO:
    """An .xlsx; texts stay texts, numbers numbers, days get a format of days."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for line, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(line, column, cell, day)
                    else:
                        sheet.write(line, column, cell)
    file.seek(0)
    return file


def xlsx_file(rows: Iterable[Sequence[Any]], *, header: Sequence[str] = HEADER) -> io.BytesIO:
    return workbook({"缴费明细": [header, *rows]})


EXCEL_97 = zlib.decompress(
    base64.b85decode(
        "c-rk)O=uHA6#izDG)YPGXDYNp3<ay!7P45OIW(z)_GE~9sEDAgi6XIS2_9??w%X<-1wjxLFNJy#q3XpSRIr!gL8$0K"
        "D2Rz3Jqi9HZPqt08%=8q4b(!)e#^Xh^WMCjxAWf2?C$GXPj2EtV;)Noh6x4Dj+!!=pkgmI+#tQCNw!qmsAvYN3U(U>"
        "vc`g^b+4>4hBDrHD7bH)CJKC{avXz*4x|!+b;LgQp;t&BI)#~XPr)rJPBgGzUZ$s*Zen_m`#xjZ#gcKRozyocj$t+u"
        "ZRybS_^8svIww(qM{G045*77$Df4*vswnogU~l?t@3|^d_{|PXf<oGzNF~y;?ZR!;0z-th{{FUjJO>|zdlKKY0PwZ6"
        "u3rQU`TEKQNd9xN+`59?MnPOEzowXh5ojlcOy(>c*khI&ML18-T+C9?KUg?7L?$y&8@p5%i<rLhJ^JH_xIk?CaA^Ej"
        "&tQVtaB}OJ*mW;0hxVWv3aO!vU{IwisH(N{5a3P2y=c>@<E7*v8i$K{4=*S;`8<E;%bSCJvB(LQjPOBGJWjSr-=X1>"
        "v>;<AYZRs?DlN?KVtSeHx`p{hrasDcs+(i=I&)x@`;4)+na0`8cpKSX#_u3L`}xpgfA&*kC-GC=`HXMsU1S1HbiBpM"
        "US6YU6|Lgt4T&d_QZ4k2=RMPge>NeT;?{lF^fS|i1-a}99;U^XoE`C}rRZ}dt;I6dg01CzJg4ymTi+e?6Yrc+$TF;W"
        "@sKC2tL(U5yGUWhNc}~%MT+MP%gvbq0|pEjFkryIhKA5zw@vy-fkl5wwCewL7N``A-y|CrhcQ6cdHST>j}+Bu3{{jr"
        "n_&^9dx=%rl>Qe=^w8*OB+<uyBrDEeddU~%&$DVn_u4I?O2;o$;^%)J|2N(G1#b"
    )
)
"""An .xls: 证件号码, 缴费基数, 缴款期限 with one row of text, number and day; a second worksheet is empty."""
