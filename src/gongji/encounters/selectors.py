"""Reads of the encounters room, by asyncpg."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.encounters.values import Diagnosis, Dispensed, FeeBatch, FeeLine, Visit

__all__ = ["diagnoses", "dispensed", "fee_batches", "visits", "visits_of_person"]

VISITS = sql("gongji.encounters", "visits")
VISITS_OF_PERSON = sql("gongji.encounters", "visits_of_person")
FEE_BATCHES = sql("gongji.encounters", "fee_batches")
DIAGNOSES = sql("gongji.encounters", "diagnoses")
DISPENSED = sql("gongji.encounters", "dispensed")

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
