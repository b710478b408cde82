"""What becomes of a well-formed row beside what is on record, and every reason for which it is not taken.

Pure: a row, what the register knows and the day come in, a change or refusals go out. Refusals show names masked. Whether the
personal amount is the law's share of the base is not asked here: it is what the employer states, and crediting reads the law.
"""

from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from gongji.base.money import MAX_FEN
from gongji.base.reasons import Refusal
from gongji.members.identity import mask_name

__all__ = [
    "LONGEST_EMPLOYER",
    "OWN_PAYMENT",
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
    "standing_faults",
]

Kind = Literal["normal", "back_payment", "correction"]
Change = Literal["add", "unchanged"]

EARLIEST_MONTH: Final = date(1990, 1, 1)
"""Before anybody had this insurance: a typing error in the year."""
LONGEST_EMPLOYER: Final = 200
OWN_PAYMENT: Final = "灵活就业人员"
"""Whose contributions those are that flexible workers without an employer or agent pay themselves."""
AHEAD: Final = timedelta(days=366)
"""A due date further ahead of the day, or a payment further ahead of its month, is a typing error."""


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

    @property
    def declares(self) -> bool:
        """Whether anything is declared: a month that should not have been is corrected to nothing (0, 0, 0)."""
        return self.base_fen + self.personal_fen + self.employer_fen > 0


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


def figures_faults(figures: Figures, month: date, today: date) -> tuple[Refusal, ...]:
    """What cannot be true of figures for ``month`` (first day), whoever states them."""
    if month < EARLIEST_MONTH:
        return (Refusal("ROW_MONTH_WRONG", f"{month:%Y-%m}"),)
    faults = []
    amounts = (figures.base_fen, figures.personal_fen, figures.employer_fen)
    if any(not 0 <= fen <= MAX_FEN for fen in amounts):
        faults.append(Refusal("AMOUNT_OUT_OF_RANGE", "缴费基数和缴费金额不得为负或过大"))
    elif figures.personal_fen > figures.base_fen or figures.employer_fen > figures.base_fen:
        faults.append(Refusal("ROW_AMOUNT_ABOVE_BASE"))
    if month > today:
        faults.append(Refusal("ROW_MONTH_FUTURE", f"{month:%Y-%m}"))
    if not month <= figures.due_on <= today + AHEAD:
        faults.append(Refusal("ROW_DATE_UNLIKELY", f"缴款期限 {figures.due_on} 与所属月份不符"))
    if figures.paid_on is not None and figures.paid_on > today:
        faults.append(Refusal("ROW_PAID_FUTURE", f"{figures.paid_on}"))
    elif figures.paid_on is not None and figures.paid_on < month - AHEAD:
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

    The retired pay none, except where finance pays for those of closed and hard-pressed enterprises. An employer's name is that
    of the register, letter for letter: two spellings would be two contributions for one month. Who pays for himself and has no
    employer or agent on record pays under ``OWN_PAYMENT``.
    """
    if known.died_on is not None and known.died_on < month:
        return (Refusal("MEMBER_DECEASED", f"死亡日期早于 {month:%Y-%m}"),)
    if not 0 < len(employer) <= LONGEST_EMPLOYER:
        return (Refusal("CONTRIBUTION_OTHER_EMPLOYER", "单位名称为空或过长"),)
    if not known.relations:
        return (Refusal("CONTRIBUTION_NO_RELATION", f"{month:%Y-%m}"),)
    paying = [r for r in known.relations if r.status == "active" or r.payer == "finance"]
    if not paying:
        return (Refusal("CONTRIBUTION_OF_RETIRED", f"{month:%Y-%m}"),)
    if not any(r.payer == "finance" or _payer_of(r) == employer for r in paying):
        return (Refusal("CONTRIBUTION_OTHER_EMPLOYER", f"{month:%Y-%m}"),)
    return ()


def _payer_of(relation: RelationOfMonth) -> str:
    return relation.employer or (OWN_PAYMENT if relation.payer == "self" else "")


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


def _plain(name: str) -> str:
    """A name as it is compared: without blanks, one kind of middle dot and brackets."""
    return "".join(name.split()).translate(_SAME_SIGNS)


_SAME_SIGNS: Final = str.maketrans("•・‧．（）", "····()")
