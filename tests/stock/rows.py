"""Rows as institutions state them, and institutions of a test's own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from time import time_ns
from typing import Any

from gongji.base.ids import IdSource
from gongji.base.sqlfiles import Connection
from gongji.stock.services import Upload, post
from gongji.stock.values import Entry, Posted
from tests.vaults import VAULT

AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
"""Ten in the morning in China."""
NOW = datetime(2024, 8, 20, 2, 0, tzinfo=UTC)
DRUG = "XA01ABD075A002010100483"
LOCAL = "L1"
IDS = IdSource(1022, lambda: time_ns() // 1_000_000)
_numbers = itertools.count(1)


def number() -> int:
    return next(_numbers)


def institution() -> str:
    return f"P{99000000000 + number()}"


def trace() -> str:
    return f"{83000000000000000000 + number()}"


def entry(kind: str, quantity: float = 0, **changes: Any) -> Entry:
    """A row; ``quantity`` in whole units, with the sign that its kind gives it."""
    sign = -1 if kind in ("sale", "purchase_return") else 1
    values: dict[str, Any] = {
        "kind": kind,
        "item": DRUG,
        "local_item": LOCAL,
        "batch": "B1",
        "quantity_e4": sign * round(quantity * 10_000),
        "occurred_at": AT,
        "expires_on": date(2026, 1, 1) if kind in ("purchase", "inventory") else None,
        "key": f"row {number()}",
    }
    if kind == "inventory":
        values |= {"quantity_e4": 0, "counted_e4": round(quantity * 10_000)}
    return Entry(**(values | changes))


def later(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


def upload(code: str, at: datetime = NOW, origin: str = "3500") -> Upload:
    return Upload(code, origin, at, IDS, VAULT)


async def posted(conn: Connection, code: str, *entries: Entry, at: datetime = NOW) -> Sequence[Posted]:
    """The entries posted as one upload, in a transaction."""
    async with conn.transaction():
        return await post(conn, upload(code, at), entries)


async def stock(conn: Connection, code: str, local_item: str = LOCAL) -> dict[str, float]:
    """Running stock of an item by batch, in whole units."""
    rows = await conn.fetch(
        "SELECT batch, quantity_e4 FROM stock_on_hand WHERE institution = $1 AND local_item = $2",
        code,
        local_item,
    )
    return {row["batch"]: row["quantity_e4"] / 10_000 for row in rows}
