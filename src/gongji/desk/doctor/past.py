"""What this institution knows of the member's past, and what of the member's year is used: for the doctor's eyes beside the orders.

Other institutions' visits and settlements do not exist here, as for any hospital at the interface (5201–5206).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA
from gongji.desk.doctor.visit import Treated
from gongji.encounters import selectors as encounters
from gongji.encounters.values import Diagnosis, Visit
from gongji.kernel import layout
from gongji.members import selectors as members
from gongji.members.eligibility import facts_of
from gongji.members.values import Standing
from gongji.prescriptions.case import Case
from gongji.settlement import selectors as settlements
from gongji.settlement.benefits import ORDINARY
from gongji.settlement.facts import SETTLEMENT
from gongji.settlement.limits import (
    Limit,
    Used,
    chronic_limits,
    periodic_limits,
    yearly_ceiling,
    yearly_deductible,
)
from gongji.settlement.years import YearState
from gongji.web.pages import Page

__all__ = ["Past", "Seen", "past_of"]

BACK: Final = timedelta(days=365)
SHOWN: Final = 8


class Seen(msgspec.Struct, frozen=True):
    """An earlier visit here: its diagnoses, what it cost and what the pool paid."""

    visit: Visit
    diagnoses: tuple[Diagnosis, ...]
    total_fen: int
    fund_fen: int


class Past(msgspec.Struct, frozen=True):
    """Earlier visits and prescriptions of this institution, the youngest first; what the year has used of what the law leaves."""

    visits: tuple[Seen, ...]
    cases: tuple[Case, ...]
    limits: tuple[Limit, ...]


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
        used = await settlements.used(conn, visit.psn_no, ORDINARY, visit.service_on)
        standing = await members.standing(conn, visit.psn_no, visit.service_on)
    own = [
        case
        for case in now.written
        if case.issuer == visit.caller and case.prescription.visit_id != visit.visit_id
    ]
    limits = _limits(page, now, standing, year, used) if standing is not None else ()
    return Past(tuple(seen), tuple(own[:SHOWN]), limits)


def _limits(page: Page, now: Treated, standing: Standing, year: YearState, used: Used) -> tuple[Limit, ...]:
    """Deductible, ceiling and quotas by the law of the member's region for this institution; none where it has no row."""
    visit, law = now.visit, page.platform.law
    place = page.platform.provider(visit.caller)
    if place is None:
        return ()
    day = place.on(visit.service_on)
    facts = facts_of(
        standing,
        day.attributes,
        day.region,
        voucher=True,
        prescription="not_needed",
        extra={},
        on=visit.service_on,
        law=law,
    )
    row = law.row(standing.region, visit.service_on, facts)
    if isinstance(row, Refusal):
        return ()
    deductible, _, fund = year.sums(ORDINARY)
    found = (yearly_deductible(row, deductible), yearly_ceiling(row, fund))
    quotas = chronic_limits(law, standing, year, visit.service_on, facts)
    return (*(one for one in found if one is not None), *periodic_limits(row, used), *quotas)


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
