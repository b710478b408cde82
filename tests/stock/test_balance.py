"""The purchase-sale-stock balance: an identity whatever happened; and what was settled beside what was sold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.stock.balance import balance, sales_against_settlements
from gongji.stock.deleting import delete
from gongji.stock.services import sale_returned, sell
from gongji.stock.values import Paper, SaleLine
from gongji.stock.verify import differences
from tests.stock.rows import (
    AT,
    DRUG,
    IDS,
    LOCAL,
    NOW,
    entry,
    institution,
    later,
    number,
    posted,
    stock,
    trace,
    upload,
)

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.clause("NHSA2023-4.s3.4.d")
async def test_the_clauses_example_shows_three_missing(conn: asyncpg.Connection[Any]) -> None:
    """Opening 10, in 50, out 45: closing should be 15; 12 are reported."""
    code = institution()
    await posted(conn, code, entry("inventory", 10, occurred_at=AT - timedelta(days=30)))
    await posted(
        conn, code, entry("purchase", 50), entry("sale", 45), entry("inventory", 12, occurred_at=NOW)
    )
    (row,) = await balance(conn, code, date(2024, 8, 1), date(2024, 8, 31))
    assert (row.opening_e4, row.purchased_e4, row.sold_e4) == (100_000, 500_000, 450_000)
    assert (row.difference_e4, row.closing_e4) == (-30_000, 120_000)
    assert row.balanced
    assert row.discrepancies == ("盘存数与账面数不符",)


async def test_days_are_those_of_china(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 1, occurred_at=datetime(2024, 7, 31, 16, 0, tzinfo=UTC)))
    (row,) = await balance(conn, code, date(2024, 8, 1), date(2024, 8, 1))
    assert (row.opening_e4, row.purchased_e4) == (0, 10_000)


async def test_stock_below_zero_is_said(conn: asyncpg.Connection[Any]) -> None:
    code = institution()
    await posted(conn, code, entry("sale", 1))
    assert (await balance(conn, code, *YEAR))[0].discrepancies == ("期末库存小于零",)


async def test_what_is_deleted_is_gone_from_its_period_and_was_there_before(
    conn: asyncpg.Connection[Any],
) -> None:
    code = institution()
    await posted(conn, code, entry("purchase", 5), entry("purchase", 1, batch="B2"))
    async with conn.transaction():
        assert not isinstance(
            await delete(conn, upload(code, NOW + timedelta(days=9)), "B1", "3", "错"), Refusal
        )
    assert [row.purchased_e4 for row in await balance(conn, code, *YEAR)] == [0, 10_000]
    before = await balance(conn, code, *YEAR, known_at=NOW + timedelta(days=1))
    assert [row.purchased_e4 for row in before] == [50_000, 10_000]


async def happen(conn: Connection, code: str, random: Random) -> None:
    """Something of what happens in a pharmacy."""
    at = AT + timedelta(hours=random.randrange(-2_000, 100))
    batch, quantity = random.choice(("B1", "B2", "B3")), random.choice((0.5, 1, 3, 7.25))
    kind = random.choice(
        (
            "purchase",
            "purchase_return",
            "sale",
            "sale_return",
            "adjust",
            "inventory",
            "sell",
            "back",
            "delete",
        )
    )
    if kind == "delete":
        async with conn.transaction():
            await delete(
                conn, upload(code, NOW + timedelta(minutes=number())), batch, random.choice("1234"), "随机"
            )
    elif kind == "sell":
        line = SaleLine(DRUG, LOCAL, round(quantity * 10_000))
        async with conn.transaction():
            await sell(
                conn, code, [line], document=f"R{number()}", at=at, ids=IDS, enforce=random.random() < 0.5
            )
    elif kind == "back":
        document = await conn.fetchval(
            "SELECT max(document) FROM stock_movement WHERE institution = $1", code
        )
        async with conn.transaction():
            await sale_returned(conn, code, Paper(document or "R"), at=at, ids=IDS)
    else:
        change = {"change_type": "103"} if kind == "adjust" else {}
        codes = (trace(),) if random.random() < 0.3 else ()
        row = entry(kind, quantity, batch=batch, occurred_at=at, traces=codes, **change)
        await posted(conn, code, *([row] * random.randrange(1, 3)), at=NOW + timedelta(minutes=number()))


@pytest.mark.clause("NHSA2023-4.s3.4.d")
@pytest.mark.parametrize("seed", range(12))
async def test_opening_and_movements_are_closing_whatever_happens(
    conn: asyncpg.Connection[Any], seed: int
) -> None:
    random, code = Random(seed), institution()
    for _ in range(40):
        await happen(conn, code, random)
    everything = await balance(conn, code, date(2024, 1, 1), date(2030, 1, 1))
    assert {row.batch: row.closing_e4 / 10_000 for row in everything} == await stock(conn, code)
    cut = date(2024, 6, 1) + timedelta(days=random.randrange(80))
    first = {row.batch: row for row in await balance(conn, code, date(2024, 1, 1), cut)}
    second = {row.batch: row for row in await balance(conn, code, cut + timedelta(days=1), date(2030, 1, 1))}
    assert all(row.balanced for row in (*everything, *first.values(), *second.values()))
    for batch, row in second.items():
        assert row.opening_e4 == (first[batch].closing_e4 if batch in first else 0)
        whole = next(one for one in everything if one.batch == batch)
        assert whole.sold_e4 == row.sold_e4 + (first[batch].sold_e4 if batch in first else 0)
    assert [found for found in await differences(conn) if found.subject == code] == []


async def test_settled_drugs_that_were_never_sold_are_found(
    conn: asyncpg.Connection[Any], pg_url: str
) -> None:
    from tests.pg import world

    persons = ["PSNSTOCK1", "PSNSTOCK2"]
    await world.build(conn, persons)
    engine = await world.open_engine(pg_url)
    try:
        for index, psn_no in enumerate(persons, start=1):
            visit_id = await world.visit(
                conn, psn_no, [world.fee(index, 50_00), world.fee(9, 10_00, world.SERVICE_A)]
            )
            settled = world.done(await engine.settle(world.settle_command(psn_no, visit_id)))
        await engine.reverse(world.reverse_command(persons[1], settled.settlement_id))
    finally:
        await engine.close()
    (missing,) = await sales_against_settlements(conn, world.HOSPITAL, *YEAR)
    assert (missing.item, missing.settled_e4, missing.sold_e4) == (world.DRUG_A, 10_000, 0)
    assert missing.uncoded_e4 == 10_000
    assert missing.discrepancies == ("结算数量大于销售数量",)
    await posted(
        conn, world.HOSPITAL, entry("purchase", 9, item=world.DRUG_A), entry("sale", 1, item=world.DRUG_A)
    )
    (agreed,) = await sales_against_settlements(conn, world.HOSPITAL, *YEAR)
    assert agreed.discrepancies == ()
    await posted(
        conn, world.HOSPITAL, entry("sale", 3, item=world.DRUG_A, settlement_no="77", occurred_at=later(5))
    )
    (claimed,) = await sales_against_settlements(conn, world.HOSPITAL, *YEAR)
    assert claimed.discrepancies == ("上报为医保结算的销售没有结算",)
