"""The prescription on paper (处方笺): one page of PDF with the fields that 处方管理办法 附件1 asks for, the same bytes every time.

The font is one of Adobe's standard Chinese faces (STSong-Light), which every reader knows and nobody has to embed. What is printed
comes from the prescription as it was checked, so that paper, signature and record cannot differ.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from reportlab.lib.pagesizes import A5
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gongji.base.codes import label
from gongji.base.money import format_scaled
from gongji.base.times import CHINA
from gongji.prescriptions.values import HERBS, Drug, Prescription, Private

__all__ = ["Paper", "pdf"]

FONT: Final = "STSong-Light"
WIDTH, HEIGHT = A5
LEFT, RIGHT, TOP, BOTTOM = 34.0, WIDTH - 34.0, HEIGHT - 34.0, 40.0
LINE: Final = 15.0
SMALL: Final = 8.5
PLAIN: Final = 10.0
TITLE: Final = 15.0
KINDS: Final = {"3": "急诊", "4": "急诊", "2": "中药饮片", "5": "儿科", "6": "儿科"}
DAY: Final = "%Y-%m-%d"
MINUTE: Final = "%Y-%m-%d %H:%M"


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed: the prescription, what is personal in it, and who reviewed it (empty: nobody yet)."""

    sheet: Prescription
    private: Private
    institution: str
    patient: str
    sex: str
    age: int
    reviewer: str = ""

    def __repr__(self) -> str:
        """Fit for a log: nobody's name."""
        return f"Paper({self.sheet.rx_no})"


def pdf(paper: Paper) -> bytes:
    """The page. The same prescription gives the same bytes: no time of printing, no random number."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A5, invariant=1, pageCompression=1)
    canvas.setTitle(f"处方 {paper.sheet.rx_no}")
    canvas.setAuthor(paper.institution)
    _Writer(canvas, paper).write()
    canvas.save()
    return out.getvalue()


class _Writer:
    """Writes from the top of a page to its foot, and goes on on another page where drugs do not fit."""

    def __init__(self, canvas: Canvas, paper: Paper) -> None:
        self._canvas = canvas
        self._paper = paper
        self._y = TOP

    def write(self) -> None:
        """Front (前记), body (正文), end (后记)."""
        self._front()
        self._y -= 4
        self._text("Rp.", size=TITLE, x=LEFT)
        for number, drug in enumerate(self._paper.sheet.drugs, start=1):
            for index, text in enumerate(_drug_lines(number, drug)):
                self._wrapped(text, x=LEFT + (12 if index == 0 else 28))
            self._y -= 3
        self._text("（以下空白）", size=SMALL, x=LEFT + 28)
        self._end()

    def _front(self) -> None:
        paper, sheet = self._paper, self._paper.sheet
        canvas = self._canvas
        canvas.setFont(FONT, TITLE)
        canvas.drawCentredString(WIDTH / 2, self._y, f"{paper.institution} 处方笺")
        kind = KINDS.get(sheet.rx_type, "长期" if sheet.long else "普通")
        canvas.setFont(FONT, PLAIN)
        canvas.drawRightString(RIGHT, self._y + 2, kind)
        self._y -= LINE * 1.6
        issued = sheet.issued_at.astimezone(CHINA)
        care = label("med_type", sheet.med_type) or sheet.med_type
        self._columns(f"医保处方编号 {sheet.rx_no}", f"费别 医保 {care}")
        self._columns(
            f"姓名 {paper.patient}　性别 {paper.sex}　年龄 {paper.age} 岁",
            f"门诊号 {_more(sheet, 'iptOtpNo')}",
        )
        self._columns(f"科室 {sheet.dept_name}", f"开具日期 {issued.strftime(MINUTE)}")
        found = "；".join(f"{one.name}（{one.code}）" for one in paper.private.diagnoses)
        self._wrapped(f"临床诊断 {found}", x=LEFT)
        self._rule()

    def _end(self) -> None:
        paper, sheet = self._paper, self._paper.sheet
        if self._y < BOTTOM + 6 * LINE:
            self._next_page()
        self._y = min(self._y - LINE, BOTTOM + 5 * LINE)
        self._rule()
        until = sheet.valid_until.astimezone(CHINA).strftime(MINUTE)
        terms = f"有效至 {until}"
        if sheet.fills > 1:
            terms += f"；分 {sheet.fills} 次取药，每次间隔不少于 {sheet.interval_days} 天"
        reason = sheet.long_reason or sheet.quantity_reason
        self._wrapped(terms + (f"；理由：{reason}" if reason else ""), x=LEFT)
        self._columns(
            f"医师 {sheet.doctor_name}（{sheet.doctor_code}）", f"审核药师 {paper.reviewer or '待审核'}"
        )
        self._columns("药品金额 按取药时结算", "调配　　　　核对、发药　　　　")
        self._text(f"追溯码 {sheet.trace_code}　医保电子签名，凭处方二维码取药", size=SMALL, x=LEFT)

    def _columns(self, left: str, right: str) -> None:
        canvas = self._canvas
        canvas.setFont(FONT, PLAIN)
        if (
            pdfmetrics.stringWidth(left, FONT, PLAIN) + pdfmetrics.stringWidth(right, FONT, PLAIN)
            > RIGHT - LEFT - 8
        ):
            self._wrapped(left, x=LEFT)
            self._wrapped(right, x=LEFT)
            return
        canvas.drawString(LEFT, self._y, left)
        canvas.drawRightString(RIGHT, self._y, right)
        self._y -= LINE

    def _wrapped(self, text: str, *, x: float) -> None:
        for line in _broken(text, RIGHT - x):
            self._text(line, size=PLAIN, x=x)

    def _text(self, text: str, *, size: float, x: float) -> None:
        if self._y < BOTTOM:
            self._next_page()
        self._canvas.setFont(FONT, size)
        self._canvas.drawString(x, self._y, text)
        self._y -= LINE if size <= PLAIN else LINE * 1.3

    def _rule(self) -> None:
        self._canvas.setLineWidth(0.6)
        self._canvas.line(LEFT, self._y + 4, RIGHT, self._y + 4)
        self._y -= LINE * 0.6

    def _next_page(self) -> None:
        self._canvas.showPage()
        self._y = TOP
        self._text(f"处方 {self._paper.sheet.rx_no}（续）", size=SMALL, x=LEFT)


def _drug_lines(number: int, drug: Drug) -> Iterator[str]:
    """Name, strength and quantity in one line, the use in the next; a herb in one."""
    quantity = format_scaled(drug.quantity_e4, 4)
    days = drug.days_e2 // 100
    if drug.item_type == HERBS:
        each = format_scaled(drug.quantity_e4 // max(days, 1), 4)
        yield f"{number}. {drug.name} {each}{drug.unit}　{drug.herb_note}　（{days} 剂，共 {quantity}{drug.unit}）"
        yield f"用法：{drug.way}，{drug.frequency}"
        return
    yield f"{number}. {drug.name}　{drug.spec}　× {quantity}{drug.unit}"
    use = f"用法：每次 {drug.dose}{drug.dose_unit}，{drug.frequency}，{drug.way}，{days} 天"
    yield use + (f"（限定支付已确认：{drug.confirmation}）" if drug.confirmation else "")


def _more(sheet: Prescription, name: str) -> str:
    return dict(sheet.more).get(name, "")


def _broken(text: str, width: float) -> Sequence[str]:
    """Lines that fit, broken between characters."""
    lines, current = [], ""
    for char in text:
        if pdfmetrics.stringWidth(current + char, FONT, PLAIN) > width and current:
            lines.append(current)
            current = ""
        current += char
    return [*lines, current]
