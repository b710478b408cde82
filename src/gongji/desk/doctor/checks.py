"""What is to be said of orders while they are written: 7101 rehearsed on them, what of the same drug or class the member still has
or gets beside it, and what the patient is allergic to.

Nothing is decided here: problems, restrictions and who pays for what come from the prescription centre's own examination; overlaps
and allergies warn, and the doctor decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.catalog.values import Item
from gongji.desk.doctor.allergies import allergy_to
from gongji.desk.doctor.orders import Order, herb_part
from gongji.desk.doctor.sheet import check_nodes
from gongji.desk.doctor.visit import Treated
from gongji.gateway import inside
from gongji.gateway.rehearsing import rehearse
from gongji.prescriptions.examining import DrugExamined, Examined
from gongji.prescriptions.limits import read_validity
from gongji.prescriptions.running import Running, running
from gongji.providers.register import StaffDay
from gongji.web.pages import Page

__all__ = ["Said", "Sayings", "Twice", "examined", "overlap", "said", "still_has", "valid_days"]

CURED_BY_TERMS: Final = frozenset(
    {"RX_QUANTITY_REASON_MISSING", "RX_LONG_UNCONFIRMED", "RX_LONG_REASON_MISSING"}
)
"""Problems of a drug that the terms of the sheet can cure: it may be ordered, and the sheet says what is lacking."""
ONLY_AWAY: Final = frozenset({"RX_EXCLUDED_DRUG"})
"""Problems of drugs that leave the house on a sheet; what the house hands out itself circulates nowhere."""


class Twice(msgspec.Struct, frozen=True):
    """A drug of the same substance, or else of the same therapeutic class, that the member still has (for ``days_left`` days, where
    it was prescribed if that was here) or that is ordered beside it (no days)."""

    name: str
    same: bool
    days_left: int = 0
    rx_no: str = ""
    taken: bool = False

    @property
    def word(self) -> str:
        return "重复用药" if self.same else "同类药品"


class Said(msgspec.Struct, frozen=True):
    """What is to be said of one order. ``problems`` stop it; ``lacking`` asks the terms of the sheet for something."""

    order: Order
    problems: tuple[Refusal, ...] = ()
    lacking: tuple[Refusal, ...] = ()
    restrictions: tuple[str, ...] = ()
    confirmable: bool = False
    confirmed: bool = False
    self_paid: bool = False
    twice: tuple[Twice, ...] = ()
    allergy: str = ""
    """The word of the patient's allergy history that the drug meets."""


class Sayings(msgspec.Struct, frozen=True):
    """Of a sheet as a whole, and of its orders by number."""

    whole: tuple[Refusal, ...]
    rows: dict[int, Said]

    @property
    def passes(self) -> bool:
        return not self.whole and not any(row.problems or row.lacking for row in self.rows.values())


def valid_days(page: Page) -> int | Refusal:
    """How long a sheet of today circulates by the law of the institution's area."""
    place = page.platform.provider(page.visitor.institution)
    region = place.region if place is not None else "CN"
    validity = read_validity(page.platform.law, region, page.today)
    if isinstance(validity, Refusal):
        return validity
    assert isinstance(validity.days.raw, int)
    return validity.days.raw


async def examined(
    page: Page, treated: Treated, doctor: StaffDay, department: tuple[str, str], rows: Sequence[Order]
) -> Examined | Refusal:
    """7101 of these drugs, rehearsed."""
    days = valid_days(page)
    if isinstance(days, Refusal):
        return days
    who = page.visitor
    operator = inside.Operator(who.institution, who.staff_code, who.name)
    return await rehearse(
        page.platform, operator, check_nodes(treated, doctor, department, rows, page.at, days)
    )


def still_has(page: Page, treated: Treated) -> list[Running]:
    """Drugs of all the member's prescriptions that have days left today, wherever they were written."""
    return running(treated.written, page.today)


async def said(
    page: Page,
    treated: Treated,
    doctor: StaffDay | None,
    department: tuple[str, str],
    rows: Sequence[Order],
    *,
    alone: bool = False,
) -> Sayings:
    """What 7101 would say of these drugs as one sheet each for herbs and others; ``alone``: of orders of the house, which are no
    sheet to circulate: only what is each drug's own counts."""
    if doctor is None:
        return Sayings(
            (Refusal("DOCTOR_NOT_REGISTERED", page.visitor.staff_code or page.visitor.username),), {}
        )
    whole: dict[str, Refusal] = {}
    found: dict[int, Said] = {}
    for herbs in (False, True):
        part = herb_part([row for row in rows if row.is_drug], herbs=herbs)
        if not part:
            continue
        told = await examined(page, treated, doctor, department, part)
        if isinstance(told, Refusal):
            whole[str(told)] = told
            continue
        if not alone:
            whole |= {str(problem): problem for problem in told.problems}
        for order, one in zip(part, told.drugs, strict=True):
            found[order.no] = _said(page, treated, order, one, alone=alone)
    return Sayings(tuple(whole.values()), found)


def _said(page: Page, treated: Treated, order: Order, one: DrugExamined, *, alone: bool) -> Said:
    open_problems = [_by_name(p, order) for p in one.problems if not (alone and p.code in ONLY_AWAY)]
    item = page.platform.catalogue.get(order.item, page.today)
    return Said(
        order,
        problems=tuple(p for p in open_problems if p.code not in CURED_BY_TERMS),
        lacking=tuple(p for p in open_problems if p.code in CURED_BY_TERMS),
        restrictions=one.restrictions,
        confirmable=one.confirmable,
        confirmed=one.confirmed,
        self_paid=one.self_paid,
        twice=() if item is None else tuple(_twice(page, treated, order, item)),
        allergy="" if item is None else allergy_to(treated.allergies, item),
    )


def _by_name(problem: Refusal, order: Order) -> Refusal:
    """The problem without the code of the drug, which stands beside its name."""
    return msgspec.structs.replace(problem, detail=problem.detail.replace(order.item, "").strip())


def _twice(page: Page, treated: Treated, order: Order, item: Item) -> Iterator[Twice]:
    """What overlaps; where somebody else prescribed it is not this institution's to know."""
    catalogue, on = page.platform.catalogue, page.today
    for one in still_has(page, treated):
        same = overlap(item, catalogue.get(one.item, on))
        if same is not None:
            here = one.issuer == page.visitor.institution
            yield Twice(one.name, same, one.days_left, one.rx_no if here else "", one.taken)
    for row in treated.orders.drugs:
        beside = overlap(item, catalogue.get(row.item, on)) if row.no != order.no else None
        if beside is not None and row.item != order.item:  # the same item twice on a sheet: 7101 refuses it
            yield Twice(row.name, beside)


def overlap(item: Item, other: Item | None) -> bool | None:
    """True: the same substance; False: another one of the same therapeutic class; None: they have nothing in common."""
    if other is None:
        return None
    if item.code == other.code or (item.generic_name and item.generic_name == other.generic_name):
        return True
    return False if item.therapy_class and item.therapy_class == other.therapy_class else None
