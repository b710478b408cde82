"""Reads of the encounters room, by asyncpg."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from gongji.base.ids import least_id
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import CHINA
from gongji.encounters.values import Diagnosed, Diagnosis, Dispensed, FeeBatch, FeeLine, Visit

__all__ = [
    "batches_of_visits",
    "diagnoses",
    "diagnoses_used",
    "dispensed",
    "fee_batches",
    "prices_charged",
    "visit_of_institution",
    "visits",
    "visits_between",
    "visits_of_day",
    "visits_of_person",
]

VISITS = sql("gongji.encounters", "visits")
VISITS_OF_PERSON = sql("gongji.encounters", "visits_of_person")
FEE_BATCHES = sql("gongji.encounters", "fee_batches")
DIAGNOSES = sql("gongji.encounters", "diagnoses")
DISPENSED = sql("gongji.encounters", "dispensed")
VISITS_BETWEEN = sql("gongji.encounters", "visits_between")
VISIT_OF_INSTITUTION = sql("gongji.encounters", "visit_of_institution")
PRICES_CHARGED = sql("gongji.encounters", "prices_charged")
DIAGNOSES_USED = sql("gongji.encounters", "diagnoses_used")
MOST = 500

_lines = msgspec.json.Decoder(tuple[FeeLine, ...]).decode


async def visits(conn: Connection, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Visit]:
    """Visits by (psn_no, visit_id); a key that is unknown is missing from the answer."""
    rows = await conn.fetch(VISITS, *_columns(keys))
    wanted = set(keys)
    return {
        (row["psn_no"], row["visit_id"]): _visit(row)
        for row in rows
        if (row["psn_no"], row["visit_id"]) in wanted
    }


async def visits_of_person(
    conn: Connection, psn_no: str, caller: str, since: datetime, until: datetime
) -> list[Visit]:
    """A person's visits at one institution that began between two instants (5201)."""
    return [_visit(row) for row in await conn.fetch(VISITS_OF_PERSON, psn_no, caller, since, until)]


async def visits_of_day(
    conn: Connection, caller: str, on: date, doctor_code: str = "", limit: int = MOST
) -> list[Visit]:
    """An institution's visits with the service day ``on``, cancelled ones too, the youngest first; of one doctor, or of all."""
    return await visits_between(conn, caller, on, on, doctor_code, limit)


async def visits_between(
    conn: Connection, caller: str, since: date, until: date, doctor_code: str = "", limit: int = MOST
) -> list[Visit]:
    """The same of several days, both included."""
    least = least_id(int(datetime.combine(since - timedelta(days=1), time(), CHINA).timestamp() * 1000))
    rows = await conn.fetch(VISITS_BETWEEN, caller, since, until, least, doctor_code, limit)
    return [_visit(row) for row in rows]


async def visit_of_institution(conn: Connection, caller: str, visit_id: int) -> Visit | None:
    """The institution's own visit with this number; another one's does not exist here."""
    row = await conn.fetchrow(VISIT_OF_INSTITUTION, caller, visit_id)
    return None if row is None else _visit(row)


async def diagnoses_used(
    conn: Connection, caller: str, dept_code: str = "", part: str = "", limit: int = 12
) -> list[Diagnosed]:
    """Diagnoses that the institution has made lately (in the department), whose name has ``part`` or whose code begins with it."""
    part = part.replace("\\", "").replace("%", "").replace("_", "")
    rows = await conn.fetch(DIAGNOSES_USED, caller, dept_code, part, limit)
    return [Diagnosed(*row.values()) for row in rows]


async def prices_charged(conn: Connection, caller: str, items: Sequence[str]) -> dict[str, int]:
    """What the institution last charged for a unit of each item, in millionths of a yuan; others are missing."""
    rows = await conn.fetch(PRICES_CHARGED, caller, list(items)) if items else ()
    return {row["item"]: row["price_micro"] for row in rows}


async def batches_of_visits(
    conn: Connection, keys: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], tuple[FeeBatch, ...]]:
    """All batches of visits by (psn_no, visit_id), with their lines that are not cancelled, by batch number."""
    found: dict[tuple[str, int], dict[str, tuple[FeeLine, ...]]] = {key: {} for key in keys}
    for row in await conn.fetch(FEE_BATCHES, *_columns(keys)):
        batches = found.get((row["psn_no"], row["visit_id"]))
        if batches is not None:
            batches[row["batch_no"]] = (*batches.get(row["batch_no"], ()), *_lines(row["lines"]))
    return {
        key: tuple(FeeBatch(*key, number, lines) for number, lines in sorted(batches.items()))
        for key, batches in found.items()
    }


async def fee_batches(
    conn: Connection, keys: Sequence[tuple[str, int, str]]
) -> dict[tuple[str, int, str], FeeBatch]:
    """Batches by (psn_no, visit_id, batch_no) with their lines that are not cancelled; an empty one is
    missing.
    """
    rows = await conn.fetch(FEE_BATCHES, *_columns([(psn_no, visit_id) for psn_no, visit_id, _ in keys]))
    lines: dict[tuple[str, int, str], tuple[FeeLine, ...]] = dict.fromkeys(keys, ())
    for row in rows:
        key = (row["psn_no"], row["visit_id"], row["batch_no"])
        if key in lines:
            lines[key] += _lines(row["lines"])
    return {key: FeeBatch(*key, found) for key, found in lines.items() if found}


async def diagnoses(conn: Connection, psn_no: str, visit_id: int) -> list[Diagnosis]:
    """Diagnoses of a visit in their order, voided ones included (5202)."""
    return [Diagnosis(**dict(row.items())) for row in await conn.fetch(DIAGNOSES, psn_no, visit_id)]


async def dispensed(
    conn: Connection,
    psn_no: str,
    rx_no: str,
    group_id: int | None = None,
    issued_at: datetime | None = None,
) -> list[Dispensed]:
    """Lines of the person that were charged on one prescription number, by whom, settled or not (decision A16).

    They are limited to the group of the visit that prescribed and to what began since the issue, which is no part of the group
    where deductibles are not merged (A10): other visits use numbers again.
    """
    return [
        Dispensed(*row.values()) for row in await conn.fetch(DISPENSED, psn_no, rx_no, group_id, issued_at)
    ]


def _columns(keys: Sequence[tuple[str, int]]) -> tuple[list[str], list[int]]:
    return list({psn_no for psn_no, _ in keys}), list({visit_id for _, visit_id in keys})


def _visit(row: Any) -> Visit:
    return Visit(**dict(row.items()))
