"""Reads of the claims room, by asyncpg: a claim with its steps, lists, terms, figures, and what does not add up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.claims.case import Case
from gongji.claims.values import Application, ClaimVisit, Place, Step, StepContent
from gongji.settlement.checks import Difference
from gongji.settlement.state import CLAIMABLE

__all__ = [
    "INFNO",
    "Figures",
    "Holder",
    "Listed",
    "Undated",
    "case",
    "claims",
    "counts",
    "due",
    "holders",
    "live_settlements",
    "overdue",
    "queue",
    "settled_directly",
    "statistics",
    "undated",
    "verify_differences",
]

_ROOM: Final = "gongji.claims"
CLAIM = sql(_ROOM, "claim")
STEPS = sql(_ROOM, "steps")
LIST = sql(_ROOM, "list")
DUE = sql(_ROOM, "due")
QUEUE = sql(_ROOM, "queue")
COUNTS = sql(_ROOM, "counts")
UNDATED = sql(_ROOM, "undated")
HOLDERS = sql(_ROOM, "holders")
SETTLED_DIRECTLY = sql(_ROOM, "settled_directly")
LIVE = sql(_ROOM, "live_settlements")
CLAIMED = sql(_ROOM, "claimed_visits")
STATISTICS = sql(_ROOM, "statistics")
VERIFY = sql(_ROOM, "verify")

INFNO: Final = "claim"
"""By which settlements of this room are told from those of the national interface."""
PAGE: Final = 100

_application = msgspec.json.Decoder(Application).decode
_content = msgspec.json.Decoder(StepContent).decode


class Listed(msgspec.Struct, frozen=True):
    """A row of a list: a claim with where it stands."""

    psn_no: str
    claim_id: int
    region: str
    received_on: date
    received_at: datetime
    received_by: str
    institution: str
    total_fen: int
    due_on: date | None
    step_no: int
    action: str
    state: str
    actor: str
    changed_at: datetime
    finished: bool
    fund_fen: int
    paid_fen: int


class Undated(msgspec.Struct, frozen=True):
    """A claim whose term could not be counted when it was received."""

    psn_no: str
    claim_id: int
    region: str
    received_on: date


class Holder(msgspec.Struct, frozen=True):
    """A claim that holds an invoice."""

    institution: str
    invoice_no: str
    holder: str
    claim_id: int


class ClaimedVisit(msgspec.Struct, frozen=True):
    """What a visit in the settlements was claimed by, where the care was given, and what was applied for."""

    claim_id: int
    place: Place
    visit: ClaimVisit


class Figures(msgspec.Struct, frozen=True):
    """Claims of one region in one state; ``late``: finished after the term, or not finished with the term past."""

    region: str
    state: str
    claims: int
    total_fen: int
    fund_fen: int
    paid_fen: int
    late: int


async def case(conn: Connection, claim_id: int, psn_no: str | None = None) -> Case | None:
    """The claim with every step; with ``psn_no`` only if it is that person's."""
    row = await conn.fetchrow(CLAIM, claim_id, psn_no)
    if row is None:
        return None
    return Case(
        claim_id=row["claim_id"],
        region=row["region"],
        received_at=row["received_at"],
        received_by=row["received_by"],
        application=_application(row["content"]),
        due_on=row["due_on"],
        sealed=row["sealed"],
        steps=tuple(_step(step) for step in await conn.fetch(STEPS, row["psn_no"], row["claim_id"])),
    )


def _step(row: Any) -> Step:
    step_no, action, state, actor, at, fund_fen, paid_fen, content, sealed = row.values()
    return Step(step_no, action, state, actor, at, fund_fen, paid_fen, _content(content), sealed)


async def claims(
    conn: Connection,
    *,
    state: str | None = None,
    psn_no: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Listed]:
    """Claims received from ``since`` to ``until``, newest first."""
    rows = await conn.fetch(LIST, state, psn_no, since, until, limit, offset)
    return [Listed(*row.values()) for row in rows]


async def queue(conn: Connection, area: str, state: str | None = None, limit: int = PAGE) -> list[Listed]:
    """Claims of regions that begin with ``area``: those in the state, or all that are not finished; the most urgent first."""
    return [Listed(*row.values()) for row in await conn.fetch(QUEUE, area, state, limit)]


async def counts(conn: Connection, area: str) -> dict[str, int]:
    """How many claims of the area stand in each state."""
    return {row["state"]: row["number"] for row in await conn.fetch(COUNTS, area)}


async def overdue(conn: Connection, on: date) -> list[Listed]:
    """Claims that are not finished and whose term has passed on the day ``on``."""
    return [row for row in await due(conn, None, on) if row.due_on is not None and row.due_on < on]


async def due(conn: Connection, from_on: date | None, until_on: date) -> list[Listed]:
    """Claims that are not finished and due from ``from_on`` to ``until_on``, the most urgent first."""
    return [Listed(*row.values()) for row in await conn.fetch(DUE, from_on, until_on)]


async def undated(conn: Connection) -> list[Undated]:
    """Claims without a term, because the holidays of a year were not known at receipt."""
    return [Undated(*row.values()) for row in await conn.fetch(UNDATED)]


async def holders(conn: Connection, invoice_nos: Sequence[str]) -> list[Holder]:
    """Claims with one of these invoice numbers at any institution: what a reviewer looks at for forged invoices."""
    return [Holder(*row.values()) for row in await conn.fetch(HOLDERS, list(invoice_nos))]


async def settled_directly(
    conn: Connection, psn_no: str, institution: str, invoice_nos: Sequence[str]
) -> list[str]:
    """Those of the invoices that were settled at the institution's counter already, but for reasons that a claim may overcome."""
    rows = await conn.fetch(SETTLED_DIRECTLY, psn_no, institution, list(invoice_nos), INFNO, CLAIMABLE)
    return [row["invoice_no"] for row in rows]


async def live_settlements(conn: Connection, psn_no: str, visit_ids: Sequence[int]) -> dict[int, int]:
    """Settlements in force of these visits, by visit."""
    rows = await conn.fetch(LIVE, psn_no, list(visit_ids))
    return {row["visit_id"]: row["settlement_id"] for row in rows}


async def claimed_visits(conn: Connection, psn_no: str) -> dict[int, ClaimedVisit]:
    """The visits of a person's claims by their number in the settlements."""
    found = {}
    for row in await conn.fetch(CLAIMED, psn_no):
        application = _application(row["content"])
        for visit in application.visits:
            found[visit.visit_id] = ClaimedVisit(row["claim_id"], application.place, visit)
    return found


async def statistics(conn: Connection, since: date, until: date, on: date) -> list[Figures]:
    """Claims received from ``since`` to ``until`` by region and state, seen on the day ``on``."""
    return [Figures(*row.values()) for row in await conn.fetch(STATISTICS, since, until, on)]


async def verify_differences(conn: Connection) -> tuple[Difference, ...]:
    """What of this room does not follow from the rest: for ``gongji verify``. Reads everything; empty when all is well."""
    return tuple(Difference(*row.values()) for row in await conn.fetch(VERIFY, INFNO))
