"""What this institution knows of the member's past, and what of the member's year is used: for the doctor's eyes beside the orders.

Other institutions' visits and settlements do not exist here, as for any hospital at the interface (5201–5206).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA
from gongji.desk.doctor_visit import Treated
from gongji.encounters import selectors as encounters
from gongji.encounters.values import Diagnosis, Visit
from gongji.kernel import layout
from gongji.prescriptions.case import Case
from gongji.settlement import selectors as settlements
from gongji.settlement.benefits import ORDINARY
from gongji.settlement.facts import SETTLEMENT
from gongji.web.pages import Page

__all__ = ["Past", "Seen", "Used", "past_of"]

BACK: Final = timedelta(days=365)
SHOWN: Final = 8


class Seen(msgspec.Struct, frozen=True):
    """An earlier visit here: its diagnoses, what it cost and what the pool paid."""

    visit: Visit
    diagnoses: tuple[Diagnosis, ...]
    total_fen: int
    fund_fen: int


class Used(msgspec.Struct, frozen=True):
    """What the year has used of the outpatient pool, in fen; ``ceiling_fen`` None where no limit is known yet."""

    deductible_fen: int
    fund_fen: int
    ceiling_fen: int | None


class Past(msgspec.Struct, frozen=True):
    """Earlier visits and prescriptions of this institution, the youngest first; the year's use."""

    visits: tuple[Seen, ...]
    cases: tuple[Case, ...]
    used: Used


async def past_of(page: Page, now: Treated) -> Past:
    """The member's past as this institution may see it."""
    visit = now.visit
    since = datetime.combine(visit.service_on - BACK, time(), CHINA)
    async with page.connection() as conn:
        found = await encounters.visits_of_person(conn, visit.psn_no, visit.caller, since, page.at)
        earlier = [one for one in reversed(found) if one.visit_id != visit.visit_id and one.state == "open"]
        money = await _paid(conn, visit)
        seen = [
            Seen(
                one,
                tuple(d for d in await encounters.diagnoses(conn, visit.psn_no, one.visit_id) if d.valid),
                *money.get(one.visit_id, (0, 0)),
            )
            for one in earlier[:SHOWN]
        ]
        year = await settlements.year(conn, visit.psn_no, visit.service_on.year)
    own = [
        case
        for case in now.written
        if case.issuer == visit.caller and case.prescription.visit_id != visit.visit_id
    ]
    deductible, _, fund = year.sums(ORDINARY)
    ceiling = dict(zip(year.benefits, year.ceilings, strict=True)).get(ORDINARY)
    return Past(tuple(seen), tuple(own[:SHOWN]), Used(deductible, fund, ceiling))


async def _paid(conn: Connection, visit: Visit) -> dict[int, tuple[int, int]]:
    """Total and fund of this institution's settlements in force, by visit."""
    since: date = visit.service_on - BACK
    found: dict[int, tuple[int, int]] = {}
    for one in await settlements.settlements(conn, visit.psn_no, {}, provider=visit.caller, since=since):
        if one.settled.kind != SETTLEMENT or one.reversed_by is not None:
            continue
        water = one.settled.outcome.waterfall
        total, fund = found.get(one.settled.visit_id, (0, 0))
        paid = water[layout.W_POOL_PAY_FEN] + water[layout.W_CHRONIC_PAY_FEN]
        found[one.settled.visit_id] = (total + water[layout.W_TOTAL_FEN], fund + paid)
    return found
