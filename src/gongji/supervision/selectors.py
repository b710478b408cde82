"""Reads of the supervision room, by asyncpg: one complaint with its steps, lists, counts, and what does not follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.supervision.states import TABLE
from gongji.supervision.values import Case, Complaint, Step

__all__ = ["Difference", "Listed", "by_code", "case", "code_index", "counts", "differences", "listed"]

_ROOM: Final = "gongji.supervision"
COMPLAINT = sql(_ROOM, "complaint")
STEPS = sql(_ROOM, "steps")
LISTED = sql(_ROOM, "listed")
COUNTS = sql(_ROOM, "counts")
LIVES = sql(_ROOM, "lives")

PAGE: Final = 50


class Listed(msgspec.Struct, frozen=True):
    """A row of a list: a complaint with where it stands."""

    complaint_id: int
    kind: str
    topic: str
    region: str
    psn_no: str
    institution: str
    happened_on: date | None
    submitted_at: datetime
    step_no: int
    action: str
    state: str
    actor: str
    changed_at: datetime


class Difference(msgspec.Struct, frozen=True):
    """A complaint whose steps do not lead where they say."""

    psn_no: str
    complaint_id: int
    stored: str
    recomputed: str


def code_index(vault: Vault, code: str) -> bytes:
    """The keyed digest by which an unnamed report is found; blanks and the case of letters do not matter."""
    return vault.index("complaint_code", "".join(code.split()).replace("-", "").upper())


async def case(conn: Connection, complaint_id: int) -> Case | None:
    """The complaint with every step."""
    return await _case(conn, await conn.fetchrow(COMPLAINT, complaint_id, None))


async def by_code(conn: Connection, vault: Vault, complaint_id: int, code: str) -> Case | None:
    """The unnamed report with this number and this code; neither alone finds anything."""
    found = await _case(conn, await conn.fetchrow(COMPLAINT, None, code_index(vault, code)))
    return found if found is not None and found.complaint_id == complaint_id else None


async def _case(conn: Connection, row: Any) -> Case | None:
    if row is None:
        return None
    number, kind, topic, region, psn_no, institution, happened_on, submitted_at, sealed = row.values()
    return Case(
        complaint_id=number,
        complaint=Complaint(
            kind=kind,
            topic=topic,
            region=region,
            psn_no=psn_no,
            institution=institution,
            happened_on=happened_on,
        ),
        submitted_at=submitted_at,
        sealed=sealed,
        steps=tuple(Step(*step.values()) for step in await conn.fetch(STEPS, number)),
    )


async def listed(
    conn: Connection,
    *,
    psn_no: str | None = None,
    area: str = "",
    kind: str | None = None,
    state: str | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Listed]:
    """Complaints of a person or of areas whose code begins with ``area``, newest first."""
    rows = await conn.fetch(LISTED, psn_no, area, kind, state, limit, offset)
    return [Listed(*row.values()) for row in rows]


async def counts(conn: Connection, area: str) -> dict[str, int]:
    """How many stand in each state in areas whose code begins with ``area``."""
    return {row["state"]: row["number"] for row in await conn.fetch(COUNTS, area)}


async def differences(conn: Connection) -> list[Difference]:
    """Complaints whose steps the table would not have allowed, or that have none: for ``gongji verify``."""
    found: list[Difference] = []
    for row in await conn.fetch(LIVES):
        problem = _fault(row["numbers"], row["actions"], row["states"])
        if problem is not None:
            found.append(Difference(row["psn_no"], row["complaint_id"], *problem))
    return found


def _fault(numbers: Sequence[int], actions: Sequence[str], states: Sequence[str]) -> tuple[str, str] | None:
    """What is stored and what should be, at the first step that does not follow."""
    if list(numbers) != list(range(1, len(numbers) + 1)) or not numbers:
        return "、".join(map(str, numbers)) or "没有步骤", "连续的步骤"
    before = ""
    for action, state in zip(actions, states, strict=True):
        row = next((one for one in TABLE if (one.state, one.action) == (before, action)), None)
        if row is None or row.next != state:
            return f"{before} {action} {state}", row.next if row else "不能办理"
        before = state
    return None
