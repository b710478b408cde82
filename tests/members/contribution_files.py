"""Employers' files as tests make them: real CSV and Excel bytes."""

import io
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
