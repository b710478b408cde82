"""Reads of the prescriptions room, by asyncpg: cases with their events, lists, what the clock is about to change."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.prescriptions.case import Case, Event, fold
from gongji.prescriptions.details import decode_detail
from gongji.prescriptions.values import Prescription

__all__ = [
    "Listed",
    "case",
    "cases",
    "cases_of_settlements",
    "cases_of_visits",
    "due",
    "in_hand_of",
    "listed",
    "of_institution",
    "of_person",
    "rx_id_of",
]

_ROOM: Final = "gongji.prescriptions"
CASES = sql(_ROOM, "cases")
CASES_OF_VISITS = sql(_ROOM, "cases_of_visits")
CASES_OF_SETTLEMENTS = sql(_ROOM, "cases_of_settlements")
OF_PERSON = sql(_ROOM, "of_person")
LISTED = sql(_ROOM, "listed")
DUE = sql(_ROOM, "due")
IN_HAND_OF = sql(_ROOM, "in_hand_of")

PAGE: Final = 100
MAX_ID: Final = 2**63 - 1

_prescription: Final = msgspec.json.Decoder(Prescription).decode


class _EventRow(msgspec.Struct, frozen=True):
    event_no: int
    verb: str
    state: str
    at: datetime
    actor: str
    institution: str
    reason: str
    detail: msgspec.Raw
    sealed: str | None


_events: Final = msgspec.json.Decoder(list[_EventRow]).decode


class Listed(msgspec.Struct, frozen=True):
    """A row of a list: a prescription with where it stands."""

    psn_no: str
    rx_id: int
    rx_no: str
    issuer: str
    hosp_rx_no: str
    visit_id: int
    issued_at: datetime
    valid_until: datetime
    ends_at: datetime
    long: bool
    fills: int
    drugs: int
    version: int
    state: str
    holder: str
    held_until: datetime | None
    fill: int
    due_at: datetime | None
    changed_at: datetime


def rx_id_of(rx_no: str) -> int | None:
    """The identifier in a prescription number of the centre; None: it cannot be one."""
    if not (rx_no.isascii() and rx_no.isdecimal()) or len(rx_no) > 19 or rx_no.startswith("0"):
        return None
    rx_id = int(rx_no)
    return rx_id if rx_id <= MAX_ID else None


async def case(conn: Connection, rx_no: str) -> Case | None:
    """The prescription with this number, with everything that happened to it."""
    rx_id = rx_id_of(rx_no)
    if rx_id is None:
        return None
    row = await conn.fetchrow(CASES, None, [rx_id])
    return None if row is None else _case(row)


async def in_hand_of(conn: Connection, rx_no: str, institution: str) -> bool:
    """Whether the institution has ever done something with the prescription."""
    rx_id = rx_id_of(rx_no)
    return rx_id is not None and bool(await conn.fetchval(IN_HAND_OF, rx_id, institution))


async def cases(conn: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Case]:
    """Cases by (psn_no, rx_no); a number that is unknown, or another person's, is missing from the answer."""
    known = [(psn_no, rx_id) for psn_no, rx_no in keys if (rx_id := rx_id_of(rx_no)) is not None]
    return {(found.psn_no, found.rx_no): found for found in await _read(conn, known)}


async def cases_of_visits(
    conn: Connection, visits: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Case, ...]]:
    """Prescriptions of visits by (psn_no, visit_id), oldest first; a visit without one is missing from the answer."""
    rows = await conn.fetch(
        CASES_OF_VISITS, list({psn_no for psn_no, _ in visits}), list({visit_id for _, visit_id in visits})
    )
    found: dict[tuple[str, int], tuple[Case, ...]] = {}
    wanted = set(visits)
    for one in await _read(conn, [(row["psn_no"], row["rx_id"]) for row in rows]):
        key = (one.psn_no, one.prescription.visit_id)
        if key in wanted:
            found[key] = (*found.get(key, ()), one)
    return found


async def cases_of_settlements(
    conn: Connection, keys: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Case, ...]]:
    """Prescriptions of which settlements took something, by (psn_no, settlement_id); most settlements took of none."""
    rows = await conn.fetch(CASES_OF_SETTLEMENTS, [key[0] for key in keys], [key[1] for key in keys])
    if not rows:
        return {}
    known = {
        (one.psn_no, one.rx_id): one
        for one in await _read(conn, [(row["psn_no"], row["rx_id"]) for row in rows])
    }
    found: dict[tuple[str, int], tuple[Case, ...]] = {}
    for row in rows:
        key = (row["psn_no"], row["settlement_id"])
        found[key] = (*found.get(key, ()), known[row["psn_no"], row["rx_id"]])
    return found


async def of_person(
    conn: Connection,
    psn_no: str,
    states: Sequence[str] | None = None,
    *,
    limit: int = PAGE,
    offset: int = 0,
) -> tuple[Case, ...]:
    """A person's prescriptions, newest first; with ``states`` only those that stand there."""
    rows = await conn.fetch(OF_PERSON, psn_no, None if states is None else list(states), limit, offset)
    return tuple(reversed(await _read(conn, [(row["psn_no"], row["rx_id"]) for row in rows])))


async def of_institution(
    conn: Connection, code: str | None, state: str | None = None, *, limit: int = PAGE, offset: int = 0
) -> list[Listed]:
    """Prescriptions that the institution (None: any) issued or holds, newest first."""
    return await listed(conn, code, state, limit=limit, offset=offset)


async def listed(
    conn: Connection,
    code: str | None = None,
    state: str | None = None,
    *,
    person: str | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Listed]:
    """Prescriptions of an institution, in a state, of a person; newest first."""
    rows = await conn.fetch(LISTED, code, state, person, limit, offset)
    return [Listed(*row.values()) for row in rows]


async def due(conn: Connection, at: datetime, limit: int = PAGE) -> tuple[Case, ...]:
    """Cases whose hold or whose validity has run out by ``at``, not written down yet."""
    rows = await conn.fetch(DUE, at, limit)
    return tuple(await _read(conn, [(row["psn_no"], row["rx_id"]) for row in rows]))


async def _read(conn: Connection, keys: Iterable[tuple[str, int]]) -> list[Case]:
    """The cases with these keys, by identifier."""
    wanted = set(keys)
    if not wanted:
        return []
    psn_nos, rx_ids = {psn_no for psn_no, _ in wanted}, {rx_id for _, rx_id in wanted}
    rows = await conn.fetch(CASES, list(psn_nos), list(rx_ids))
    found = [_case(row) for row in rows if (row["psn_no"], row["rx_id"]) in wanted]
    return sorted(found, key=lambda one: one.rx_id)


def _case(row: Any) -> Case:
    events = tuple(_event(event) for event in _events(row["events"] or "[]"))
    return fold(_prescription(row["content"]), row["sealed"], events)


def _event(row: _EventRow) -> Event:
    return Event(
        event_no=row.event_no,
        verb=row.verb,
        state=row.state,
        at=row.at,
        actor=row.actor,
        institution=row.institution,
        reason=row.reason,
        detail=decode_detail(row.verb, bytes(row.detail)),
        sealed=None if row.sealed is None else base64.b64decode(row.sealed),
    )
