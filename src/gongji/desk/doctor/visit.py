"""A visit as the doctor's screen knows it: who the patient is, what is recorded, what is ordered and not sent, what was sent.

Only this institution's visits exist here, and of those the doctor's own; whoever treats a person also reads what colleagues of the
house did for them. Reading it shows nothing yet: a page records the look before it renders.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.base.sqlfiles import Connection
from gongji.catalog.restrictions import SEXES
from gongji.desk import drafts
from gongji.desk.doctor.orders import KIND, Orders
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
from gongji.prescriptions.office import open_private
from gongji.providers.departments import Department, departments
from gongji.providers.register import StaffDay
from gongji.settlement import selectors as settlements
from gongji.settlement.facts import SETTLEMENT
from gongji.web.pages import Page

__all__ = ["LOOKED_AT", "Treated", "department_of", "doctor_of", "settled_batches", "treated", "treats"]

LOOKED_AT = (*IDENTITY, "mdtrtinfo", "diseinfo", "rxDetlList", "cuminfo")
"""Fields of the person that the screen of a visit shows."""
LATELY: Final = timedelta(days=30)
"""So long after an own visit somebody is the doctor's patient."""
SOON: Final = timedelta(days=1)


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
    own: bool
    """False: a colleague's visit, which is read and not changed."""
    written: tuple[Case, ...]
    """The person's prescriptions of all hospitals, the newest first: of others' only what the person still has is shown."""
    allergies: str

    def __repr__(self) -> str:
        """Fit for a log: nobody's number."""
        return f"Treated({self.visit.visit_id})"

    @property
    def sex(self) -> str:
        return SEXES.get(self.person.gender, "")

    @property
    def cancelled(self) -> bool:
        return self.visit.state != "open"

    @property
    def open(self) -> bool:
        """Whether the doctor may go on writing."""
        return self.own and not self.cancelled

    @property
    def choice(self) -> str:
        """The kind of visit, as a form says it."""
        visit = self.visit
        return f"{visit.med_type}:{visit.disease_code}" if visit.disease_code else visit.med_type

    @property
    def main(self) -> Diagnosis | None:
        """The main diagnosis: the first that holds."""
        return self.diagnoses[0] if self.diagnoses else None

    @property
    def unsettled(self) -> tuple[FeeBatch, ...]:
        return tuple(batch for batch in self.batches if batch.batch_no not in self.settled)


async def treated(page: Page, number: str, *, colleagues: bool = False) -> Treated | None:
    """The doctor's own visit with this number, with ``colleagues`` also another doctor's of somebody he treats; None for any other.
    Orders that were sent meanwhile are crossed out."""
    visit_id = number_of(number)
    if visit_id is None:
        return None
    async with page.connection() as conn:
        visit = await encounters.visit_of_institution(conn, page.visitor.institution, visit_id)
        if visit is None:
            return None
        own = visit.doctor_code == page.visitor.staff_code
        if not own and not (colleagues and await treats(conn, page, visit.psn_no)):
            return None
        person = await members.find(conn, page.platform.vault, psn_no=visit.psn_no)
        if person is None:
            return None
        key = (visit.psn_no, visit.visit_id)
        found = await encounters.diagnoses(conn, *key)
        batches = (await encounters.batches_of_visits(conn, [key]))[key]
        cases = (await prescriptions.cases_of_visits(conn, [key])).get(key, ())
        settled = await settled_batches(conn, visit)
        written = await prescriptions.of_person(conn, visit.psn_no)
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
        own=own,
        written=written,
        allergies=_known_allergies(page, written) if orders.allergies is None else orders.allergies,
    )


def _known_allergies(page: Page, written: tuple[Case, ...]) -> str:
    """The allergy history on the person's youngest sheet of this house that has one."""
    for case in written:
        if case.issuer == page.visitor.institution:
            told = dict(open_private(page.platform.vault, case).more).get("algsHis")
            if told:
                return told
    return ""


async def treats(conn: Connection, page: Page, psn_no: str) -> bool:
    """Whether the person is the visitor's patient: has a visit with him here that is not long ago."""
    who = page.visitor
    since, until = page.at - LATELY, page.at + SOON
    found = await encounters.visits_of_person(conn, psn_no, who.institution, since, until)
    return any(one.doctor_code == who.staff_code and one.state == "open" for one in found)


def _left(orders: Orders, batches: tuple[FeeBatch, ...], cases: tuple[Case, ...]) -> Orders:
    """The draft without what has been sent: the answer to the sending may have been lost."""
    left = orders.sent({line.key for batch in batches for line in batch.lines})
    for case in cases:
        number = case.prescription.hosp_rx_no.rpartition("-")[2]
        if number.isdigit() and int(number) >= left.sheet_no:
            items = case.prescription.items
            left = left.issued(int(number), [row.no for row in left.away if row.item in items])
    return left


async def settled_batches(conn: Connection, visit: Visit) -> frozenset[str]:
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
