"""The catalogue as the national trades list it: what came later than a version, and pages of items and of price limits.

Unlike ``values.Catalogue`` this reads the tables: versions and times of changes are not held in memory.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any

import msgspec

from gongji.base.regions import ancestry
from gongji.base.sqlfiles import Connection, sql

__all__ = [
    "ItemQuery",
    "LimitQuery",
    "ListedItem",
    "ListedLimit",
    "Range",
    "Selection",
    "item_page",
    "items_since",
    "limit_page",
    "range_since",
]

RANGE = sql("gongji.catalog", "list_range")
SINCE = sql("gongji.catalog", "list_since")
PAGE = sql("gongji.catalog", "list_page")
LIMITS = sql("gongji.catalog", "list_limits")
CHUNK = 2_000
"""Rows read before other tasks get their turn."""


class Range(msgspec.Struct, frozen=True):
    """What a client who knows some version lacks of a list: everything after ``known`` up to ``newest``.

    ``catalogue``: version of the whole catalogue; ``reload_from``: below it rows have been deleted since.
    """

    known: int
    newest: int
    catalogue: int
    reload_from: int


class ListedItem(msgspec.Struct, frozen=True, gc=False):
    """A spell of an item with the version that brought it; columns of ``sql/list_page.sql`` after the total."""

    code: str
    from_on: date
    until_on: date | None
    name: str
    kind: str
    list_type: str
    chrgitm_lv: str
    charge_type: str
    spec: str
    unit: str
    dosform: str
    maker: str
    limited: bool
    restriction: str
    base_drug: bool
    negotiated: bool
    child_drug: bool
    prescription_only: bool
    control: str
    generic_name: str
    approval_no: str
    pack_units: int
    pack_unit: str
    min_unit: str
    version: int
    changed_at: datetime | None

    @property
    def record(self) -> str:
        """The one name of this spell (唯一记录号)."""
        return f"{self.code}-{self.from_on:%Y%m%d}"


class Selection(msgspec.Struct, frozen=True):
    """Items by kind and level (01, 02, else 03); of the codes ``apart`` only those in ``also``."""

    groups: tuple[tuple[str, str], ...]
    apart: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class ItemQuery(msgspec.Struct, frozen=True):
    """Which spells of items are wanted; empty: all. ``since``: changed after that instant."""

    list_types: tuple[str, ...] | None = None
    on: date | None = None
    codes: tuple[str, ...] | None = None
    name_part: str = ""
    from_on: date | None = None
    charge_type: str = ""
    level: str = ""
    limited: bool | None = None
    since: datetime | None = None
    selection: Selection | None = None


class LimitQuery(msgspec.Struct, frozen=True):
    """Which price limits around ``region`` are wanted; empty: all. ``levels``: each limit is listed once for each."""

    region: str
    fee_class: str = ""
    on: date | None = None
    code: str = ""
    from_on: date | None = None
    until_on: date | None = None
    source: str = ""
    since: datetime | None = None
    levels: tuple[str, ...] = ("",)


class ListedLimit(msgspec.Struct, frozen=True):
    """A payment standard (``source`` catalog_price) or highest price (catalog_ceiling), in millionths of a yuan."""

    source: str
    code: str
    region: str
    fee_class: str
    from_on: date
    until_on: date | None
    limit_micro: int
    version: int
    changed_at: datetime | None
    level: str

    @property
    def record(self) -> str:
        """The one name of this row (唯一记录号)."""
        kind = "P" if self.source == "catalog_price" else f"C{self.fee_class}"
        return f"{kind}{self.level}{self.region}{self.from_on:%y%m%d}{self.code}"


async def range_since(conn: Connection, list_types: tuple[str, ...], version: int) -> Range:
    """What a client who knows ``version`` lacks of the lists."""
    row = await conn.fetchrow(RANGE, list(list_types), version)
    return Range(row["known"], row["newest"], row["catalogue"], row["reload_from"])


async def items_since(
    conn: Connection, list_types: tuple[str, ...], version: int
) -> AsyncIterator[list[ListedItem]]:
    """Items of the lists that came later than ``version``, oldest change first, in chunks; needs a transaction."""
    cursor = await conn.cursor(SINCE, list(list_types), version)
    while rows := await cursor.fetch(CHUNK):
        yield [ListedItem(*row.values()) for row in rows]


async def item_page(
    conn: Connection, query: ItemQuery, limit: int, offset: int
) -> tuple[int, list[ListedItem]]:
    """How many spells fit, and those from ``offset`` on by code and first day, ``limit`` at most."""
    chosen = query.selection
    rows = await conn.fetch(
        PAGE,
        None if query.list_types is None else list(query.list_types),
        query.on,
        None if query.codes is None else list(query.codes),
        query.name_part,
        query.from_on,
        query.charge_type,
        query.level,
        query.limited,
        query.since,
        None if chosen is None else [kind for kind, _ in chosen.groups],
        None if chosen is None else [level for _, level in chosen.groups],
        [] if chosen is None else list(chosen.apart),
        [] if chosen is None else list(chosen.also),
        limit,
        offset,
    )
    return _page(rows, ListedItem)


async def limit_page(
    conn: Connection, query: LimitQuery, limit: int, offset: int
) -> tuple[int, list[ListedLimit]]:
    """How many limits fit, and those from ``offset`` on by code, ``limit`` at most. Raises ValueError for a region that is none."""
    rows = await conn.fetch(
        LIMITS,
        list(ancestry(query.region)),
        query.on,
        query.fee_class,
        query.code,
        query.from_on,
        query.until_on,
        query.source,
        query.since,
        list(query.levels),
        limit,
        offset,
    )
    total = rows[0]["total"]
    return total, [
        ListedLimit(**{name: row[name] for name in ListedLimit.__struct_fields__})
        for row in rows
        if row["code"] is not None
    ]


def _page(rows: list[Any], kind: type[ListedItem]) -> tuple[int, list[ListedItem]]:
    return rows[0]["total"], [kind(*list(row.values())[1:]) for row in rows if row["code"] is not None]
