"""Income and expense by kind and region: sums that join, and that agree with the books until somebody tampers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest

from gongji.accounts.premiums import pay_premium
from gongji.accounts.selectors import busy_accounts
from gongji.accounts.statistics import income_and_expense
from gongji.ledger import Entry, Leg
from tests.accounts.people import AT, HOSPITAL, ON, _ids, add_member, journal, member, pay
from tests.accounts.test_premiums import order

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


async def credit(conn: asyncpg.Connection[Any], psn_no: str, fen: int, at: datetime) -> None:
    entry_id = _ids.next()
    await conn.fetchval(
        "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8)",
        [psn_no], [None], [fen], ["credit"], [None], [None], [entry_id], at,
    )  # fmt: skip
    await journal(
        conn, psn_no, entry_id, "credit", Entry((Leg(5301, psn_no, fen), Leg(2201, psn_no, -fen))), at
    )


@pytest.mark.clause("SX2021-103.s2.4.f")
async def test_opening_1000_credits_1440_spending_900_is_closing_1540(conn):
    psn_no = await add_member(conn, 100_000, region="140830")
    for month in range(1, 13):
        await credit(conn, psn_no, 12_000, datetime(2024, month, 10, 2, 0, tzinfo=UTC))
    await pay(conn, psn_no, 90_000)
    report = await income_and_expense(conn, *YEAR, "140830")
    (region,) = report.regions
    assert [(flow.kind, flow.count, flow.amount_fen) for flow in region.flows] == [
        ("pay", 1, -90_000),
        ("credit", 12, 144_000),
    ]
    assert (region.region, region.opening_fen, region.closing_fen) == ("140830", 100_000, 154_000)


async def test_a_province_is_the_sum_of_its_regions_and_a_year_joins_the_next(conn):
    first, second = (
        await add_member(conn, 1_000, region="140821"),
        await add_member(conn, 2_000, region="140822"),
    )
    await pay(conn, first, 400)
    await pay_premium(conn, member(second), order(second, fen=500))
    province = await income_and_expense(conn, *YEAR, "140000")
    assert {"140821", "140822"} <= {region.region for region in province.regions}
    parts = [await income_and_expense(conn, *YEAR, code) for code in ("140821", "140822")]
    assert [(part.opening_fen, part.closing_fen) for part in parts] == [(1_000, 600), (2_000, 1_500)]
    following = await income_and_expense(conn, date(2025, 1, 1), date(2025, 12, 31), "140821")
    assert following.opening_fen == parts[0].closing_fen
    assert await income_and_expense(conn, *YEAR, "99") == await income_and_expense(conn, *YEAR, "990000")


async def test_all_closings_are_all_balances(conn):
    await pay(conn, await add_member(conn, 700), 100)
    report = await income_and_expense(conn, *YEAR)
    assert report.closing_fen == await conn.fetchval("SELECT sum(balance_fen) FROM accounts_balance")


@pytest.mark.clause("SX2021-103.s2.5.g")
async def test_entries_and_books_agree_and_tampering_shows(conn):
    owner, user = await add_member(conn, 100_000), await add_member(conn)
    await credit(conn, owner, 5_000, AT)
    await pay(conn, owner, 1_000)
    await pay(conn, user, 2_000, owner=owner)
    await pay_premium(conn, member(owner), order(owner, fen=300))
    before = await income_and_expense(conn, *YEAR)
    assert [row.name for row in before.reconciliation if row.difference_fen] == []
    assert any(row.entries_fen for row in before.reconciliation)
    async with conn.transaction():
        await conn.execute("SET LOCAL session_replication_role = replica")
        await conn.execute(
            "UPDATE accounts_entry SET amount_fen = amount_fen - 1 WHERE psn_no = $1 AND kind = 'premium'",
            owner,
        )
    tampered = await income_and_expense(conn, *YEAR)
    assert [(row.name, row.difference_fen) for row in tampered.reconciliation if row.difference_fen] == [
        ("代缴保费", -1)
    ]


@pytest.mark.clause("SX2021-103.s2.5.g")
async def test_accounts_that_are_used_abnormally_often_are_listed(conn):
    busy, calm = await add_member(conn, 10_000), await add_member(conn, 10_000)
    day = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    for _ in range(3):
        await pay(conn, busy, 100, at=day)
    await pay(conn, busy, -100, at=day)
    await pay(conn, calm, 100, at=day)
    assert await busy_accounts(conn, day.date(), day.date(), 3) == [(busy, day.date(), 3, 300)]
    assert await busy_accounts(conn, day.date(), day.date(), 4) == []
    assert HOSPITAL
    assert day.date() > ON
