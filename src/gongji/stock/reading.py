"""Reads what stated rows may meet: their batches, the movements that they may repeat or bring back, where their codes were seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.stock.shelf import Shelf, counted_at_of
from gongji.stock.values import Batch, CodeSight, Entry, Standing

__all__ = ["Read", "read_shelf"]

BATCHES = sql("gongji.stock", "batches")
STANDINGS = sql("gongji.stock", "standings")
SIGHTS = sql("gongji.stock", "sights")
EXPECTED = sql("gongji.stock", "expected")


class Read(msgspec.Struct, frozen=True):
    """The shelf, and what it was made of."""

    shelf: Shelf
    standings: tuple[Standing, ...]
    sights: tuple[CodeSight, ...]


async def read_shelf(
    conn: Connection,
    institution: str,
    entries: Sequence[Entry],
    received_at: datetime,
    *,
    whole: bool = False,
) -> Read:
    """One institution's stock as far as ``entries`` need it; ``whole``: with every batch of their items."""
    if not entries:
        return Read(Shelf(institution), (), ())
    places = sorted({entry.place for entry in entries})
    items = sorted({entry.local_item for entry in entries}) if whole else []
    batches = await conn.fetch(BATCHES, institution, [p[0] for p in places], [p[1] for p in places], items)
    standings = tuple(
        Standing(**{**dict(row.items()), "traces": tuple(row["traces"])})
        for row in await conn.fetch(STANDINGS, institution, *_searched(entries))
    )
    codes = sorted({code for entry in entries for code in entry.traces})
    sights = tuple(
        CodeSight(**dict(row.items())) for row in (await conn.fetch(SIGHTS, codes) if codes else ())
    )
    shelf = Shelf(
        institution,
        batches=[Batch(**dict(row.items())) for row in batches],
        standings=standings,
        sights=sights,
        expected=await _expected(conn, institution, entries, received_at),
    )
    return Read(shelf, standings, sights)


def _searched(entries: Sequence[Entry]) -> tuple[object, ...]:
    """Arguments of ``sql/standings.sql``: what each row is looked up by."""
    moved = [entry for entry in entries if entry.kind in ("sale", "sale_return", "purchase_return")]
    back = [entry for entry in entries if entry.kind == "sale_return"]
    return (
        sorted({entry.key for entry in entries}),
        sorted({entry.document for entry in moved}),
        sorted({entry.rx_no for entry in moved}),
        sorted({entry.visit_no for entry in back}),
        sorted({entry.stated for entry in entries if entry.stated}),
        sorted({entry.psn_no for entry in back}),
        sorted({entry.local_item for entry in back}),
        min(entry.occurred_at for entry in entries),
        max(entry.occurred_at for entry in entries),
    )


async def _expected(
    conn: Connection, institution: str, entries: Sequence[Entry], received_at: datetime
) -> dict[tuple[str, str, datetime], int]:
    asked = sorted(
        {
            (entry.local_item, entry.batch, counted_at_of(entry, received_at))
            for entry in entries
            if entry.kind == "inventory"
        }
    )
    if not asked:
        return {}
    rows = await conn.fetch(
        EXPECTED, institution, [a[0] for a in asked], [a[1] for a in asked], [a[2] for a in asked]
    )
    return {(row["local_item"], row["batch"], row["at"]): int(row["quantity_e4"]) for row in rows}
