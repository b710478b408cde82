"""What is taken from one row of an employer's file, and every reason for which a row is not.

Pure: the texts of a row, what the register knows and the day come in, a row to be recorded or refusals go out. Refusals never
repeat a number of identity and show names masked. Whether 2 % of the base were paid is not asked here: the personal amount is
what the employer states, and crediting reads the law.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

import msgspec

from gongji.base.money import MAX_FEN, parse_yuan
from gongji.base.reasons import Refusal
from gongji.members.identity import is_valid_cert_no
from gongji.members.import_columns import NAMES, Columns
from gongji.members.personal import normal_cert_no

__all__ = [
    "Change",
    "Figures",
    "Kind",
    "Known",
    "RelationOfMonth",
    "Row",
    "Terms",
    "change_of",
    "decide",
    "figures_faults",
    "mask_name",
    "month_of",
    "parse_row",
    "standing_faults",
]

Kind = Literal["normal", "back_payment", "correction"]
Change = Literal["add", "unchanged"]

KINDS: Final[dict[str, Kind]] = {
    "": "normal",
    "正常": "normal",
    "补缴": "back_payment",
    "更正": "correction",
}
EARLIEST_MONTH: Final = date(1990, 1, 1)
"""Before anybody had this insurance: a typing error in the year."""
LATEST_DUE: Final = timedelta(days=366)
PREPAID: Final = timedelta(days=366)
"""A due date further ahead than this, or a payment further ahead of its month, is a typing error."""

_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_MONTH: Final = re.compile(r"(\d{4})(?:(\d{2})|[-/.年](\d{1,2})月?(?:[-/.]0?1)?)")
_DAY: Final = re.compile(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_OTHER_DOCUMENT: Final = re.compile(r"(?=.*[A-Z])[A-Z0-9()/-]{5,30}")
_HARMLESS: Final = re.compile(r"[\d.,+\-/:%¥￥Ee年月日 ]{1,14}")
_MOST_SHOWN_DIGITS: Final = 9


class Terms(msgspec.Struct, frozen=True):
    """What a file is about: its employer and month (first day), read on ``today``."""

    employer: str
    month: date
    today: date


class Figures(msgspec.Struct, frozen=True):
    """What was declared and received for one month of one person by one employer; ``paid_on`` None: not yet received."""

    base_fen: int
    personal_fen: int
    employer_fen: int
    due_on: date
    paid_on: date | None
    kind: Kind


class Row(msgspec.Struct, frozen=True):
    """A well-formed row."""

    cert_no: str
    name: str
    month: date
    figures: Figures


class RelationOfMonth(msgspec.Struct, frozen=True):
    """An insurance relation that covers at least a day of the month."""

    status: str
    payer: str
    employer: str


class Known(msgspec.Struct, frozen=True):
    """What is on record about a row: how many persons have its number, and of the one person name, death, relations of the
    month, the figures that stand, and whether these very figures were recorded before.

    ``other_line`` is another line of the file with the same person and month.
    """

    persons: int
    name: str = ""
    died_on: date | None = None
    relations: tuple[RelationOfMonth, ...] = ()
    latest: Figures | None = None
    repeated: bool = False
    other_line: int | None = None


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
    if firm and _plain(firm) != _plain(terms.employer):
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


def figures_faults(figures: Figures, month: date, today: date) -> tuple[Refusal, ...]:
    """What cannot be true of figures for ``month`` (first day), whoever states them."""
    faults = []
    amounts = (figures.base_fen, figures.personal_fen, figures.employer_fen)
    if any(not 0 <= fen <= MAX_FEN for fen in amounts):
        faults.append(Refusal("AMOUNT_OUT_OF_RANGE", "缴费基数和缴费金额不得为负或过大"))
    elif figures.personal_fen > figures.base_fen or figures.employer_fen > figures.base_fen:
        faults.append(Refusal("ROW_AMOUNT_ABOVE_BASE"))
    if month > today:
        faults.append(Refusal("ROW_MONTH_FUTURE", f"{month:%Y-%m}"))
    if month < EARLIEST_MONTH:
        faults.append(Refusal("ROW_MONTH_WRONG", f"{month:%Y-%m}"))
    if not month <= figures.due_on <= today + LATEST_DUE:
        faults.append(Refusal("ROW_DATE_UNLIKELY", f"缴款期限 {figures.due_on} 与所属月份不符"))
    if figures.paid_on is not None and figures.paid_on > today:
        faults.append(Refusal("ROW_PAID_FUTURE", f"{figures.paid_on}"))
    elif figures.paid_on is not None and figures.paid_on < month - PREPAID:
        faults.append(Refusal("ROW_DATE_UNLIKELY", f"到账日期 {figures.paid_on} 早于所属月份一年以上"))
    return tuple(faults)


def decide(row: Row, known: Known, terms: Terms) -> Change | tuple[Refusal, ...]:
    """Whether a well-formed row becomes a new revision, is already on record, or is refused.

    What is already on record is left alone without asking more, so that a file can be sent again at any time.
    """
    if known.persons == 0:
        return (Refusal("UNKNOWN_MEMBER", "请先办理参保登记"),)
    if known.persons > 1:
        return (Refusal("MEMBER_AMBIGUOUS"),)
    faults: list[Refusal] = []
    if known.other_line is not None:
        faults.append(Refusal("ROW_DUPLICATE", f"与第 {known.other_line} 行"))
    if _plain(row.name) != _plain(known.name):
        faults.append(
            Refusal("NAME_DIFFERS", f"文件中 {mask_name(row.name)}，登记为 {mask_name(known.name)}")
        )
    change = change_of(row.figures, known.latest, repeated=known.repeated)
    if change == "unchanged":
        return tuple(faults) or "unchanged"
    faults += standing_faults(row.month, terms.employer, known)
    if isinstance(change, Refusal):
        faults.append(change)
    return tuple(faults) or "add"


def standing_faults(month: date, employer: str, known: Known) -> tuple[Refusal, ...]:
    """Why nobody owes or may pay a contribution of ``employer`` for this person and month.

    The retired pay none, except where finance pays for those of closed and hard-pressed enterprises.
    """
    if known.died_on is not None and known.died_on < month:
        return (Refusal("MEMBER_DECEASED", f"死亡日期早于 {month:%Y-%m}"),)
    if not known.relations:
        return (Refusal("CONTRIBUTION_NO_RELATION", f"{month:%Y-%m}"),)
    paying = [r for r in known.relations if r.status == "active" or r.payer == "finance"]
    if not paying:
        return (Refusal("CONTRIBUTION_OF_RETIRED", f"{month:%Y-%m}"),)
    if not any(r.payer == "finance" or _plain(r.employer) == _plain(employer) for r in paying):
        return (Refusal("CONTRIBUTION_OTHER_EMPLOYER", f"{month:%Y-%m}"),)
    return ()


def change_of(given: Figures, latest: Figures | None, *, repeated: bool = False) -> Change | Refusal:
    """What ``given`` means beside what stands (``latest``).

    An unpaid month may be declared anew or be paid; what has been received is only changed by a correction. Figures that were
    recorded before come from a file that is sent once more and change nothing, unless they are a correction back to them.
    """
    if latest is None:
        return Refusal("CONTRIBUTION_NOTHING_TO_CORRECT") if given.kind == "correction" else "add"
    if given == latest:
        return "unchanged"
    if given.kind == "correction":
        return "add"
    if repeated:
        return "unchanged"
    return "add" if latest.paid_on is None else Refusal("CONTRIBUTION_NEEDS_CORRECTION")


def mask_name(name: str) -> str:
    """A name as it may be shown: its first character."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3)


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


def _plain(name: str) -> str:
    """A name as it is compared: without blanks, one kind of middle dot and brackets."""
    return "".join(name.split()).translate(_SAME_SIGNS)


_SAME_SIGNS: Final = str.maketrans("•・‧．（）", "····()")


def _shown(text: str) -> str:
    """What stood in a cell, if that cannot be somebody's name or number."""
    harmless = _HARMLESS.fullmatch(text) and sum(map(str.isdigit, text)) <= _MOST_SHOWN_DIGITS
    return f"“{text}”" if harmless else "内容不符"
