"""What is to be said of orders while they are written: 7101 rehearsed on them, and what the member still has of the same drug.

Nothing is decided here: problems, restrictions and who pays for what come from the prescription centre's own examination.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.desk.doctor_orders import Order, herb_part
from gongji.desk.doctor_sheet import check_nodes
from gongji.desk.doctor_visit import Treated
from gongji.gateway import inside
from gongji.gateway.rehearsing import rehearse
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.examining import DrugExamined, Examined
from gongji.prescriptions.limits import read_validity
from gongji.prescriptions.running import Running, running
from gongji.providers.register import StaffDay
from gongji.web.pages import Page

__all__ = ["Said", "Sayings", "Twice", "examined", "said", "still_has", "valid_days"]

CURED_BY_TERMS: Final = frozenset(
    {"RX_QUANTITY_REASON_MISSING", "RX_LONG_UNCONFIRMED", "RX_LONG_REASON_MISSING"}
)
"""Problems of a drug that the terms of the sheet can cure: it may be ordered, and the sheet says what is lacking."""
ONLY_AWAY: Final = frozenset({"RX_EXCLUDED_DRUG"})
"""Problems of drugs that leave the house on a sheet; what the house hands out itself circulates nowhere."""


class Twice(msgspec.Struct, frozen=True):
    """A drug that the member still has: how long, and where it was prescribed if that was here."""

    name: str
    days_left: int
    rx_no: str
    taken: bool


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


async def still_has(page: Page, psn_no: str) -> list[Running]:
    """Drugs of all the member's prescriptions that have days left today, wherever they were written."""
    async with page.connection() as conn:
        return running(await prescriptions.of_person(conn, psn_no), page.today)


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
    has = await still_has(page, treated.visit.psn_no)
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
            found[order.no] = _said(page, order, one, has, alone=alone)
    return Sayings(tuple(whole.values()), found)


def _said(page: Page, order: Order, one: DrugExamined, has: Sequence[Running], *, alone: bool) -> Said:
    open_problems = [p for p in one.problems if not (alone and p.code in ONLY_AWAY)]
    return Said(
        order,
        problems=tuple(p for p in open_problems if p.code not in CURED_BY_TERMS),
        lacking=tuple(p for p in open_problems if p.code in CURED_BY_TERMS),
        restrictions=one.restrictions,
        confirmable=one.confirmable,
        confirmed=one.confirmed,
        self_paid=one.self_paid,
        twice=tuple(_twice(page, order, has)),
    )


def _twice(page: Page, order: Order, has: Sequence[Running]) -> list[Twice]:
    """The same item, or another of the same substance; where somebody else prescribed it is not this institution's to know."""
    catalogue, on = page.platform.catalogue, page.today
    item = catalogue.get(order.item, on)
    substance = item.generic_name if item is not None else ""
    found = []
    for one in has:
        other = catalogue.get(one.item, on)
        same = one.item == order.item or (substance and other is not None and other.generic_name == substance)
        if same:
            here = one.issuer == page.visitor.institution
            found.append(Twice(one.name, one.days_left, one.rx_no if here else "", one.taken))
    return found
