"""The database function that moves personal accounts, and the facts it leaves."""

import asyncio
from datetime import UTC, date, datetime
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


async def post_as(conn, kind: str, psn_no: str, fen: int, **columns) -> int:
    return await conn.fetchval(
        "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [psn_no], [None], [fen], [kind], [None], [None], [next(_ids)], AT,
        [columns.get("reference")], [columns.get("period")],
    )  # fmt: skip


@pytest.mark.parametrize("state", ["frozen", "closed"])
async def test_an_account_that_is_not_open_has_nothing_to_pay_with(conn, state: str):
    await opened(conn, f"S-{state}", 10_000)
    await conn.execute("UPDATE accounts_balance SET state = $2 WHERE psn_no = $1", f"S-{state}", state)
    assert await balances(conn, [f"S-{state}"]) == {f"S-{state}": (0, 1)}


@pytest.mark.parametrize("state", ["frozen", "closed"])
@pytest.mark.parametrize("kind", ["pay", "mutual", "premium", "anything"])
async def test_nothing_is_taken_from_an_account_that_is_not_open(conn, state: str, kind: str):
    psn_no = f"T-{state}-{kind}"
    await opened(conn, psn_no, 10_000)
    await conn.execute("UPDATE accounts_balance SET state = $2 WHERE psn_no = $1", psn_no, state)
    assert await post_as(conn, kind, psn_no, -1) == 0
    assert await entries(conn, psn_no) == [(10_000, 10_000)]


@pytest.mark.parametrize("state", ["frozen", "closed"])
@pytest.mark.parametrize("kind", ["withdrawal", "transfer_out", "recovery", "credit_correction"])
async def test_the_case_that_froze_or_closed_an_account_takes_from_it(conn, state: str, kind: str):
    psn_no = f"U-{state}-{kind}"
    await opened(conn, psn_no, 10_000)
    await conn.execute("UPDATE accounts_balance SET state = $2 WHERE psn_no = $1", psn_no, state)
    assert await post_as(conn, kind, psn_no, -10_000) == 1
    assert await entries(conn, psn_no) == [(10_000, 10_000), (-10_000, 0)]


@pytest.mark.parametrize("kind", ["refund", "mutual_refund", "credit", "premium_refund", "transfer_in"])
async def test_what_comes_back_reaches_an_account_that_is_not_open(conn, kind: str):
    await opened(conn, f"W-{kind}", 0)
    await conn.execute("UPDATE accounts_balance SET state = 'closed' WHERE psn_no = $1", f"W-{kind}")
    assert await post_as(conn, kind, f"W-{kind}", 500) == 1


async def test_an_entry_keeps_what_it_was_for_and_the_version_that_it_made(conn):
    await opened(conn, "V1", 100)
    await post_as(conn, "premium", "V1", -40, reference=7, period=date(2024, 5, 1))
    row = await conn.fetchrow(
        "SELECT version, reference, period FROM accounts_entry WHERE psn_no = 'V1' AND kind = 'premium'"
    )
    assert tuple(row) == (2, 7, date(2024, 5, 1))


async def test_ids_taken_out_of_order_do_not_break_the_chain_of_entries(conn):
    """Two processes number their movements before they know who comes first: the version says it."""
    await opened(conn, "V2", 1_000)
    late, early = next(_ids), next(_ids)
    for entry_id, fen in ((early, -300), (late, -200)):
        await conn.fetchval(
            "SELECT accounts_post('{V2}', '{NULL}', $1, '{pay}', '{NULL}', '{NULL}', $2, $3)",
            [fen],
            [entry_id],
            AT,
        )
    rows = await conn.fetch(
        "SELECT balance_after_fen FROM accounts_entry WHERE psn_no = 'V2' ORDER BY version, entry_id"
    )
    assert [row[0] for row in rows] == [1_000, 700, 500]


@pytest.mark.clause("SX2021-103.s2.5.g")
async def test_of_two_payments_at_once_that_the_balance_covers_once_exactly_one_is_made(pg_url):
    async with asyncpg.create_pool(pg_url, min_size=2, max_size=2) as pool:
        async with pool.acquire() as conn:
            await opened(conn, "X9", 10_000)

        async def pay() -> int:
            async with pool.acquire() as conn:
                return await post(conn, ("X9", 1, -8_000))

        assert sorted(await asyncio.gather(pay(), pay())) == [0, 1]
        async with pool.acquire() as conn:
            assert await balances(conn, ["X9"]) == {"X9": (2_000, 2)}
