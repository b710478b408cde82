"""A visit as the doctor's screen knows it: who the patient is, what is recorded, what is ordered and not sent, what was sent.

Only this institution's visits exist here. Reading it shows nothing yet: a page records the look before it renders.
"""

from __future__ import annotations

from datetime import date

import msgspec

from gongji.base.sqlfiles import Connection
from gongji.desk import drafts
from gongji.desk.doctor_orders import KIND, Orders
from gongji.encounters import selectors as encounters
from gongji.encounters.values import Diagnosis, FeeBatch, Visit
from gongji.gateway.accesses import IDENTITY
from gongji.gateway.visits import number_of
from gongji.members import selectors as members
from gongji.members.personal import cert_no
from gongji.members.rules import age_on
from gongji.members.values import Person
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.case import Case
from gongji.providers.departments import Department, departments
from gongji.providers.register import StaffDay
from gongji.settlement import selectors as settlements
from gongji.settlement.facts import SETTLEMENT
from gongji.web.pages import Page

__all__ = ["LOOKED_AT", "Treated", "department_of", "doctor_of", "treated"]

LOOKED_AT = (*IDENTITY, "mdtrtinfo", "diseinfo", "rxDetlList", "cuminfo")
"""Fields of the person that the screen of a visit shows."""
SEXES = {"1": "男", "2": "女"}


class Treated(msgspec.Struct, frozen=True, kw_only=True):
    """One visit with everything that the doctor's screen needs of it."""

    visit: Visit
    person: Person
    cert_no: str
    age: int
    diagnoses: tuple[Diagnosis, ...]
    batches: tuple[FeeBatch, ...]
    settled: frozenset[str]
    cases: tuple[Case, ...]
    orders: Orders

    def __repr__(self) -> str:
        """Fit for a log: nobody's number."""
        return f"Treated({self.visit.visit_id})"

    @property
    def sex(self) -> str:
        return SEXES.get(self.person.gender, "")

    @property
    def open(self) -> bool:
        return self.visit.state == "open"

    @property
    def main(self) -> Diagnosis | None:
        """The main diagnosis: the first that holds."""
        return self.diagnoses[0] if self.diagnoses else None

    @property
    def unsettled(self) -> tuple[FeeBatch, ...]:
        return tuple(batch for batch in self.batches if batch.batch_no not in self.settled)


async def treated(page: Page, number: str) -> Treated | None:
    """The institution's own visit with this number; None for any other. Orders that were sent meanwhile are crossed out."""
    visit_id = number_of(number)
    if visit_id is None:
        return None
    async with page.connection() as conn:
        visit = await encounters.visit_of_institution(conn, page.visitor.institution, visit_id)
        if visit is None:
            return None
        person = await members.find(conn, page.platform.vault, psn_no=visit.psn_no)
        if person is None:
            return None
        key = (visit.psn_no, visit.visit_id)
        found = await encounters.diagnoses(conn, *key)
        batches = (await encounters.batches_of_visits(conn, [key]))[key]
        cases = (await prescriptions.cases_of_visits(conn, [key])).get(key, ())
        settled = await _settled(conn, visit)
    orders = await drafts.draft(page, KIND, str(visit.visit_id), Orders) or Orders()
    return Treated(
        visit=visit,
        person=person,
        cert_no=cert_no(page.platform.vault, person),
        age=age_on(person.born_on, visit.service_on),
        diagnoses=tuple(one for one in found if one.valid),
        batches=batches,
        settled=settled,
        cases=cases,
        orders=_left(orders, batches, cases),
    )


def _left(orders: Orders, batches: tuple[FeeBatch, ...], cases: tuple[Case, ...]) -> Orders:
    """The draft without what has been sent: the answer to the sending may have been lost."""
    left = orders.sent({line.key for batch in batches for line in batch.lines})
    for case in cases:
        number = case.prescription.hosp_rx_no.rpartition("-")[2]
        if number.isdigit() and int(number) >= left.sheet_no:
            items = case.prescription.items
            left = left.issued(int(number), [row.no for row in left.away if row.item in items])
    return left


async def _settled(conn: Connection, visit: Visit) -> frozenset[str]:
    """Batches of the visit with a settlement in force."""
    found = await settlements.settlements(
        conn, visit.psn_no, {}, provider=visit.caller, visit_id=visit.visit_id
    )
    return frozenset(
        one.settled.batch_no for one in found if one.settled.kind == SETTLEMENT and one.reversed_by is None
    )


def doctor_of(page: Page) -> StaffDay | None:
    """The visitor in the register of this institution's staff, today."""
    who = page.visitor
    return (
        page.platform.providers.staff(who.institution, who.staff_code, page.today) if who.staff_code else None
    )


async def department_of(page: Page, doctor: StaffDay | None) -> Department | None:
    """The doctor's department as the institution has reported it; the first one where the register names another."""
    async with page.connection() as conn:
        known = await departments(conn, page.platform.vault, page.visitor.institution)
    here = [one for one in known if _holds(one, page.today)]
    wanted = doctor.department if doctor is not None else ""
    return next((one for one in here if one.name == wanted), here[0] if here else None)


def _holds(one: Department, on: date) -> bool:
    return one.from_on <= on and (one.until_on is None or on <= one.until_on)
