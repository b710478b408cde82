"""Taking back what was uploaded of a batch: counter-movements, and what they may not pull away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.stock.deleting import delete
from gongji.stock.selectors import Asked, movements
from gongji.stock.services import sell
from gongji.stock.values import SaleLine
from tests.stock.rows import (
    AT,
    DRUG,
    IDS,
    LOCAL,
    NOW,
    entry,
    institution,
    later,
    posted,
    stock,
    trace,
    upload,
)


async def take_back(conn: Connection, code: str, data_type: str, batch: str = "B1") -> str:
    """ "" when it was done, else the reason."""
    async with conn.transaction():
        answer = await delete(conn, upload(code, NOW + timedelta(days=1)), batch, data_type, "录错")
    return answer.code if isinstance(answer, Refusal) else ""


async def test_a_deletion_is_a_movement_of_its_own_with_its_reason(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    (bought,) = await posted(conn, code, entry("purchase", 5))
    assert await take_back(conn, code, "3") == ""
    (gone,) = await movements(conn, code, Asked(kinds=("delete",)))
    assert (gone.quantity_e4, gone.occurred_at, gone.reason) == (-50_000, AT, "录错")
    undone = await conn.fetchval("SELECT undoes FROM stock_movement WHERE movement_id = $1", gone.movement_id)
    assert undone == bought.movement_id
    assert await stock(conn, code) == {"B1": 0}


async def test_purchases_and_their_returns_go_together(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(
        conn, code, entry("purchase", 5), entry("purchase_return", 2), entry("adjust", 1, change_type="106")
    )
    assert await take_back(conn, code, "3") == ""
    assert await stock(conn, code) == {"B1": 1}


async def test_what_was_sold_from_stays(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5), entry("sale", 1))
    assert await take_back(conn, code, "3") == "STOCK_ROW_IN_USE"
    assert await stock(conn, code) == {"B1": 4}


async def test_what_was_below_zero_already_may_go(conn: asyncpg.Connection[Any]) -> None:
    """Sold before it was bought: without the purchase it is no worse than before."""
    code = institution()
    await posted(conn, code, entry("sale", 1), entry("purchase", 5, occurred_at=later(60)))
    assert await take_back(conn, code, "3") == ""
    assert await stock(conn, code) == {"B1": -1}


async def test_what_was_counted_afterwards_stays(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5), entry("inventory", 5, occurred_at=NOW))
    assert await take_back(conn, code, "3") == "STOCK_ROW_IN_USE"
    assert await take_back(conn, code, "1") == ""
    assert await take_back(conn, code, "3") == ""


async def test_what_was_dispensed_on_a_prescription_is_not_the_pharmacys_to_delete(
    conn: asyncpg.Connection[Any],
) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    async with conn.transaction():
        line = SaleLine(DRUG, LOCAL, 10_000)
        assert await sell(conn, code, [line], document="R", at=later(1), ids=IDS, enforce=True) is None
    assert await take_back(conn, code, "4") == "STOCK_ROW_IN_USE"


async def test_a_batch_without_its_purchase_is_no_longer_registered_by_codes(
    conn: asyncpg.Connection[Any],
) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5, traces=(trace(),)), entry("adjust", 9, change_type="106"))
    await take_back(conn, code, "3")
    done = await posted(conn, code, entry("sale", 1, traces=(trace(),)))
    assert done[0].marks == ()


async def test_a_deleted_sale_of_a_code_does_not_count(conn: asyncpg.Connection[Any]) -> None:
    code, pack = institution(), trace()
    await posted(conn, code, entry("purchase", 5, traces=(pack,)), entry("sale", 1, traces=(pack,)))
    await take_back(conn, code, "4")
    assert (await posted(conn, code, entry("sale", 1, traces=(pack,))))[0].marks == ()


@pytest.mark.parametrize(("data_type", "reason"), [("1", "STOCK_ROW_NOT_FOUND"), ("9", "UNKNOWN_CODE")])
async def test_what_was_never_uploaded_cannot_be_deleted(
    conn: asyncpg.Connection[Any], data_type: str, reason: str
) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    assert await take_back(conn, code, data_type) == reason


async def test_nothing_is_deleted_twice(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5))
    await take_back(conn, code, "3")
    assert await take_back(conn, code, "3") == "STOCK_ROW_NOT_FOUND"
