"""A visit as the cashier sees it: whose it is, who treats, what is charged and not settled; not what else the doctor wrote.

Only this institution's visits exist here. Reading it shows nothing yet: a page records the look before it renders.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

import msgspec

from gongji.base.times import CHINA
from gongji.catalog.restrictions import SEXES
from gongji.desk.doctor.visit import settled_batches
from gongji.encounters import selectors as encounters
from gongji.encounters.values import Diagnosis, FeeBatch, Visit
from gongji.gateway.accesses import IDENTITY
from gongji.gateway.visits import number_of
from gongji.members import selectors as members
from gongji.members.rules import age_on
from gongji.members.values import Person
from gongji.web.pages import Page

__all__ = ["LOOKED_AT", "Charged", "charged", "open_visits"]

LOOKED_AT: Final = (*IDENTITY, "mdtrtinfo", "diseinfo", "feedetail")
"""Fields of the person that the screen of a visit shows."""
BACK: Final = timedelta(days=3)
"""How far back the counter looks for visits with fees that nobody has settled."""


class Charged(msgspec.Struct, frozen=True, kw_only=True):
    """One visit with its fees; ``settled`` names the batches with a settlement in force."""

    visit: Visit
    person: Person
    diagnoses: tuple[Diagnosis, ...]
    batches: tuple[FeeBatch, ...]
    settled: frozenset[str]

    def __repr__(self) -> str:
        """Fit for a log: nobody's name."""
        return f"Charged({self.visit.visit_id})"

    @property
    def sex(self) -> str:
        return SEXES.get(self.person.gender, "")

    @property
    def age(self) -> int:
        return age_on(self.person.born_on, self.visit.service_on)

    @property
    def unsettled(self) -> tuple[FeeBatch, ...]:
        return tuple(batch for batch in self.batches if batch.batch_no not in self.settled)


async def charged(page: Page, number: str) -> Charged | None:
    """The institution's own visit with this number, whoever treats; None for any other and for a cancelled one."""
    visit_id = number_of(number)
    if visit_id is None:
        return None
    async with page.connection() as conn:
        visit = await encounters.visit_of_institution(conn, page.visitor.institution, visit_id)
        if visit is None or visit.state != "open":
            return None
        person = await members.find(conn, page.platform.vault, psn_no=visit.psn_no)
        if person is None:
            return None
        key = (visit.psn_no, visit.visit_id)
        diagnoses = await encounters.diagnoses(conn, *key)
        batches = (await encounters.batches_of_visits(conn, [key]))[key]
        settled = await settled_batches(conn, visit)
    return Charged(
        visit=visit,
        person=person,
        diagnoses=tuple(one for one in diagnoses if one.valid),
        batches=batches,
        settled=settled,
    )


async def open_visits(page: Page, psn_no: str) -> list[Charged]:
    """The member's visits here of the last days that are not cancelled, the youngest first."""
    until = datetime.combine(page.today + timedelta(days=1), time(), CHINA)
    async with page.connection() as conn:
        visits = await encounters.visits_of_person(
            conn, psn_no, page.visitor.institution, until - BACK, until
        )
    found = [await charged(page, str(one.visit_id)) for one in reversed(visits)]
    return [one for one in found if one is not None]
