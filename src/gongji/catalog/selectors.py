"""Reads of the catalogue: the whole in memory, and its refresh."""

import asyncio

from gongji.base.sqlfiles import Connection, sql
from gongji.catalog.values import Catalogue, ItemSpell, PriceSpell

__all__ = ["load", "refresh"]

VERSION = sql("gongji.catalog", "version")
ITEMS = sql("gongji.catalog", "items")
PRICES = sql("gongji.catalog", "prices")
CHUNK = 2_000
"""Rows merged before other tasks get their turn: a new catalogue must not hold up the counter."""


async def load(conn: Connection) -> Catalogue:
    """The catalogue as it is recorded now."""
    catalogue = Catalogue()
    await refresh(conn, catalogue)
    return catalogue


async def refresh(conn: Connection, catalogue: Catalogue) -> bool:
    """Merge what has changed since the catalogue's version; True when something had. One small read when
    nothing has.

    The version is read before the rows, so a change that commits in between is merged twice rather than
    missed.
    """
    row = await conn.fetchrow(VERSION)
    version, known = row["version"], catalogue.version
    if version == known:
        return False
    if known < row["reload_from"]:
        catalogue.clear()
        known = -1
    items = await conn.fetch(ITEMS, known)
    prices = await conn.fetch(PRICES, known)
    for start in range(0, len(items), CHUNK):
        catalogue.merge((ItemSpell(*item.values()) for item in items[start : start + CHUNK]), ())
        await asyncio.sleep(0)
    for start in range(0, len(prices), CHUNK):
        catalogue.merge((), (PriceSpell(*price.values()) for price in prices[start : start + CHUNK]))
        await asyncio.sleep(0)
    catalogue.version = version
    return True
