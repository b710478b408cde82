"""The database function that moves personal accounts, and the facts it leaves."""

import asyncio
from datetime import UTC, datetime
from itertools import count

import asyncpg
import pytest

from gongji.accounts.selectors import balances
from gongji.accounts.services import open_balance, open_balances

AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
_ids = count(1000)


async def opened(conn, psn_no: str, fen: int) -> None:
    await open_balance(conn, psn_no, fen, "opening", AT, entry_id=next(_ids))


async def post(conn, *movements: tuple[str, int | None, int]) -> int:
    psn_nos, versions, amounts = (list(column) for column in zip(*movements, strict=True))
    n = len(movements)
    return await conn.fetchval(
        "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8)",
        psn_nos,
        versions,
        amounts,
        ["settlement"] * n,
        [7] * n,
        [None] * n,
        [next(_ids) for _ in range(n)],
        AT,
    )


async def entries(conn, psn_no: str) -> list[tuple[int, int]]:
    rows = await conn.fetch(
        "SELECT amount_fen, balance_after_fen FROM accounts_entry WHERE psn_no = $1 ORDER BY entry_id", psn_no
    )
    return [tuple(row) for row in rows]


async def test_an_opened_account_has_its_balance_one_entry_and_a_balanced_journal(conn):
    await opened(conn, "A1", 50_000)
    assert await balances(conn, ["A1", "nobody"]) == {"A1": (50_000, 1)}
    assert await entries(conn, "A1") == [(50_000, 50_000)]
    assert await conn.fetchval("SELECT amounts FROM ledger_journal WHERE psn_no = 'A1'") == [50_000, -50_000]


async def test_accounts_are_opened_together_each_with_its_own_legs(conn):
    openings = [("M1", 100, next(_ids)), ("M2", 0, next(_ids)), ("M1x", 7, next(_ids))]
    assert await open_balances(conn, openings, "opening", AT) == 3
    legs = await conn.fetch(
        "SELECT psn_no, parties, amounts FROM ledger_journal WHERE psn_no LIKE 'M%' ORDER BY psn_no"
    )
    assert [tuple(row) for row in legs] == [
        ("M1", ["M1", "M1"], [100, -100]),
        ("M1x", ["M1x", "M1x"], [7, -7]),
        ("M2", ["M2", "M2"], [0, 0]),
    ]


async def test_opening_an_account_again_changes_nothing(conn):
    await opened(conn, "A2", 50_000)
    assert not await open_balance(conn, "A2", 99, "opening", AT, entry_id=next(_ids))
    assert await balances(conn, ["A2"]) == {"A2": (50_000, 1)}


async def test_a_negative_opening_is_a_bug(conn):
    with pytest.raises(ValueError, match="below zero"):
        await open_balance(conn, "A3", -1, "opening", AT, entry_id=next(_ids))


async def test_a_payment_takes_from_the_balance_and_says_what_is_left(conn):
    await opened(conn, "B1", 10_000)
    assert await post(conn, ("B1", 1, -2_500)) == 1
    assert await balances(conn, ["B1"]) == {"B1": (7_500, 2)}
    assert await entries(conn, "B1") == [(10_000, 10_000), (-2_500, 7_500)]


async def test_two_movements_of_one_account_follow_each_other_under_one_version(conn):
    await opened(conn, "B2", 10_000)
    assert await post(conn, ("B2", 1, -9_000), ("B2", 1, -1_000)) == 2
    assert await balances(conn, ["B2"]) == {"B2": (0, 2)}
    assert await entries(conn, "B2") == [(10_000, 10_000), (-9_000, 1_000), (-1_000, 0)]


async def test_a_stale_version_posts_nothing_for_that_person_and_the_count_tells(conn):
    await opened(conn, "C1", 10_000)
    await opened(conn, "C2", 10_000)
    async with conn.transaction():
        assert await post(conn, ("C1", 1, -100), ("C2", 9, -100)) == 1
    assert await balances(conn, ["C2"]) == {"C2": (10_000, 1)}


async def test_movements_that_read_different_versions_of_one_account_are_not_posted(conn):
    await opened(conn, "C3", 10_000)
    assert await post(conn, ("C3", 1, -100), ("C3", 2, -100)) == 0


async def test_without_a_version_the_balance_alone_decides(conn):
    await opened(conn, "C4", 10_000)
    assert await post(conn, ("C4", None, 500)) == 1
    assert await balances(conn, ["C4"]) == {"C4": (10_500, 2)}


async def test_an_account_that_does_not_exist_is_not_posted_to(conn):
    assert await post(conn, ("nobody", None, 100)) == 0


async def test_a_balance_never_goes_below_zero(conn):
    await opened(conn, "D1", 100)
    with pytest.raises(asyncpg.CheckViolationError):
        await post(conn, ("D1", 1, -101))
    assert await balances(conn, ["D1"]) == {"D1": (100, 1)}


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_entry SET amount_fen = 1", "DELETE FROM accounts_entry"]
)
async def test_an_entry_is_never_changed_or_deleted(conn, statement: str):
    await opened(conn, f"E{next(_ids)}", 100)
    with pytest.raises(asyncpg.RestrictViolationError):
        await conn.execute(statement)


async def test_the_application_may_add_entries_but_not_change_them(conn):
    granted = "SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = 'gongji_app' AND table_name = $1"
    assert {row[0] for row in await conn.fetch(granted, "accounts_entry")} == {"SELECT", "INSERT"}
    assert "UPDATE" in {row[0] for row in await conn.fetch(granted, "accounts_balance")}


async def test_opposite_transfers_at_the_same_time_never_wait_in_a_circle(pg_url):
    async with asyncpg.create_pool(pg_url, min_size=8, max_size=8) as pool:
        async with pool.acquire() as conn:
            await opened(conn, "X1", 1_000_000)
            await opened(conn, "X2", 1_000_000)

        async def transfer(source: str, target: str) -> int:
            async with pool.acquire() as conn:
                return await post(conn, (source, None, -1), (target, None, 1))

        pairs = [("X1", "X2"), ("X2", "X1")] * 100
        assert await asyncio.gather(*(transfer(*pair) for pair in pairs)) == [2] * 200
        async with pool.acquire() as conn:
            found = await balances(conn, ["X1", "X2"])
    assert found == {"X1": (1_000_000, 201), "X2": (1_000_000, 201)}


async def test_every_entry_continues_the_one_before_it(conn):
    await opened(conn, "Y1", 1_000)
    for version, amount in enumerate([-10, 500, -1_490], start=1):
        await post(conn, ("Y1", version, amount))
    broken = await conn.fetchval(
        "SELECT count(*) FROM (SELECT balance_after_fen - amount_fen - lag(balance_after_fen, 1, 0::bigint)"
        " OVER (ORDER BY entry_id) AS gap FROM accounts_entry WHERE psn_no = 'Y1') s WHERE gap <> 0"
    )
    assert broken == 0
