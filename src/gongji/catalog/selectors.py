"""Reads of the catalogue: the whole in memory, and its refresh."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.catalog.restrictions import Restriction
from gongji.catalog.values import Catalogue, CeilingSpell, ItemSpell, PriceSpell

__all__ = ["item_spell", "load", "refresh"]

VERSION = sql("gongji.catalog", "version")
ITEMS = sql("gongji.catalog", "items")
PRICES = sql("gongji.catalog", "prices")
CEILINGS = sql("gongji.catalog", "ceilings")
CHUNK = 2_000
"""Rows read and merged before other tasks get their turn: a new catalogue must not hold up the counter."""


_restrictions = msgspec.json.Decoder(tuple[Restriction, ...]).decode


async def load(conn: Connection) -> Catalogue:
    """The catalogue as it is recorded now."""
    catalogue = Catalogue()
    await refresh(conn, catalogue)
    return catalogue


async def refresh(conn: Connection, catalogue: Catalogue) -> bool:
    """Merge what has changed since the catalogue's version; True when something had. One small read when
    nothing has.

    The version is read before the rows, so a change that commits in between is merged twice rather than
    missed. Chunks go into a draft: until the last one is read, everybody sees the catalogue as it was.
    """
    row = await conn.fetchrow(VERSION)
    version, known = row["version"], catalogue.version
    if version == known:
        return False
    if known < row["reload_from"]:
        draft, known = Catalogue(), -1
    else:
        draft = catalogue.draft()
    async with conn.transaction():
        async for rows in _chunks(conn, ITEMS, known):
            draft.merge((item_spell(row) for row in rows), ())
        async for rows in _chunks(conn, PRICES, known):
            draft.merge((), (PriceSpell(*row.values()) for row in rows))
        async for rows in _chunks(conn, CEILINGS, known):
            draft.merge((), (), (CeilingSpell(*row.values()) for row in rows))
    draft.version = version
    catalogue.adopt(draft)
    return True


def item_spell(row: Any) -> ItemSpell:
    """A spell from a row of ``sql/items.sql``."""
    values = [*row.values()]
    values[-1] = () if values[-1] == "[]" else _restrictions(values[-1])
    return ItemSpell(*values)


async def _chunks(conn: Connection, query: str, known: int) -> AsyncIterator[list[Any]]:
    cursor = await conn.cursor(query, known)
    while rows := await cursor.fetch(CHUNK):
        yield rows
