"""How a row of an employer's file is written: its texts become a month, days, fen, or everything that is wrong with them.

Pure. Refusals repeat a cell only where it can be neither somebody's name nor somebody's number.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from gongji.base.money import parse_yuan
from gongji.base.reasons import Refusal
from gongji.members.identity import is_valid_cert_no
from gongji.members.import_columns import NAMES, Columns
from gongji.members.import_rules import Figures, Kind, Row, Terms, figures_faults
from gongji.members.personal import normal_cert_no

__all__ = ["KINDS", "month_of", "parse_row"]

KINDS: Final[dict[str, Kind]] = {
    "": "normal",
    "正常": "normal",
    "补缴": "back_payment",
    "更正": "correction",
}

_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_MONTH: Final = re.compile(r"(\d{4})(?:(\d{2})|[-/.年](\d{1,2})月?(?:[-/.]0?1)?)")
_DAY: Final = re.compile(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_OTHER_DOCUMENT: Final = re.compile(r"(?=.*[A-Z])[A-Z0-9()/-]{5,30}")
_HARMLESS: Final = re.compile(r"[\d.,+\-/:%¥￥Ee年月日 ]{1,14}")
_MOST_SHOWN_DIGITS: Final = 9


def parse_row(cells: Sequence[str], columns: Columns, terms: Terms) -> Row | tuple[Refusal, ...]:
    """The row's values, or everything that is wrong with how they are written."""
    if len(cells) != columns.width and (len(cells) < columns.width or any(cells[columns.width :])):
        return (Refusal("ROW_SHAPE", f"表头 {columns.width} 列，本行 {len(cells)} 列"),)
    cert, name, month_text, base, personal, employer, due, paid, kind_text, firm = (
        cells[position] if position >= 0 else "" for position in columns.positions
    )
    faults: list[Refusal] = []
    month = _month(month_text, terms, faults)
    kind = KINDS.get(kind_text)
    if kind is None:
        faults.append(Refusal("ROW_KIND_UNKNOWN", f"{_shown(kind_text)}，须为正常、补缴或更正"))
    if firm and firm != terms.employer:
        faults.append(Refusal("ROW_EMPLOYER_OTHER"))
    if fault := _cert_fault(cert):
        faults.append(fault)
    if not name:
        faults.append(_empty("name"))
    amounts = (
        _amount(base, "base_fen", faults),
        _amount(personal, "personal_fen", faults),
        _amount(employer, "employer_fen", faults),
    )
    due_on = _day(due, "due_on", faults)
    paid_on = _day(paid, "paid_on", faults) if paid else None
    if faults or month is None or kind is None or due_on is None:
        return tuple(faults)
    figures = Figures(*amounts, due_on, paid_on, kind)
    faults += figures_faults(figures, month, terms.today)
    if kind == "normal" and month != terms.month:
        faults.append(Refusal("ROW_MONTH_OTHER", f"本行 {month:%Y-%m}，文件 {terms.month:%Y-%m}"))
    return tuple(faults) if faults else Row(normal_cert_no(cert), name, month, figures)


@lru_cache(maxsize=1024)
def month_of(text: str) -> date | None:
    """First day of a month written as 202405, 2024-05, 2024年5月 or as its first day; None for anything else."""
    found = _MONTH.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2] or found[3]), 1) if found else None
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _day_of(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, _, month, day = found.groups()[:4] if found[1] else (found[5], "", found[6], found[7])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _month(text: str, terms: Terms, faults: list[Refusal]) -> date | None:
    if not text:
        return terms.month
    month = month_of(text)
    if month is None:
        faults.append(Refusal("ROW_MONTH_WRONG", f"{_shown(text)}，须写成 202405 或 2024-05"))
    return month


def _day(text: str, field: Literal["due_on", "paid_on"], faults: list[Refusal]) -> date | None:
    if not text:
        faults.append(_empty(field))
        return None
    day = _day_of(text)
    if day is None:
        faults.append(Refusal("ROW_DATE_WRONG", f"{NAMES[field][0]} {_shown(text)}，须写成 2024-05-31"))
    return day


def _amount(
    text: str, field: Literal["base_fen", "personal_fen", "employer_fen"], faults: list[Refusal]
) -> int:
    """Fen of an amount in yuan; 0 beside a fault where it is none."""
    if not text:
        faults.append(_empty(field))
        return 0
    try:
        return parse_yuan(text)
    except ValueError:
        faults.append(Refusal("ROW_AMOUNT_WRONG", f"{NAMES[field][0]} {_shown(text)}，须为元，最多两位小数"))
        return 0


def _empty(
    field: Literal["cert_no", "name", "base_fen", "personal_fen", "employer_fen", "due_on", "paid_on"],
) -> Refusal:
    return Refusal("ROW_CELL_EMPTY", NAMES[field][0])


def _cert_fault(text: str) -> Refusal | None:
    """What is wrong with a number of identity. Documents other than the identity card have letters and no check character."""
    number = normal_cert_no(text)
    if not number:
        return _empty("cert_no")
    if _SCIENTIFIC.fullmatch(number):
        return Refusal("CERT_NO_DIGITS_LOST", "请把该列设为“文本”格式后重新填写")
    if is_valid_cert_no(number):
        return None
    if len(number) == 18 and number[:-3].isdigit() and number.endswith("000"):
        return Refusal("CERT_NO_DIGITS_LOST", "末三位为 000，疑似被表格软件改写")
    looks_like_card = number[:-1].isdigit()
    return None if not looks_like_card and _OTHER_DOCUMENT.fullmatch(number) else Refusal("CERT_NO_WRONG")


def _shown(text: str) -> str:
    """What stood in a cell, if that cannot be somebody's name or number."""
    harmless = _HARMLESS.fullmatch(text) and sum(map(str.isdigit, text)) <= _MOST_SHOWN_DIGITS
    return f"“{text}”" if harmless else "内容不符"
