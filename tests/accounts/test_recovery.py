"""Credits after death or exit are taken back: from the balance first, the rest is owed."""

import asyncio
from datetime import date

import asyncpg
import pytest

from gongji.accounts.monthly import credit_month
from gongji.accounts.recovery import Recovered, over_credited, take_back
from gongji.accounts.services import open_balance
from gongji.policy import overridden
from tests.accounts.credit_world import (
    AT,
    QINGYANG,
    balance,
    contribute,
    entries,
    ids,
    law,
    legs,
    member,
    office,
    spend,
)

DIED_ON = date(2023, 3, 20)
MONTHS = [date(2023, month, 1) for month in (3, 4, 5, 6)]
CASE = 77


async def retired_until_june(conn, psn_no: str, opening_fen: int) -> None:
    """A retired member of Qingyang who was credited from March to June 2023, with ``opening_fen`` besides."""
    await member(conn, psn_no, None, region=QINGYANG, status="retired")
    await open_balance(conn, psn_no, opening_fen, "opening", AT, entry_id=ids.next())
    for month in MONTHS:
        await credit_month(conn, office(), month)


@pytest.mark.clause("QY.art10.b")
async def test_three_months_after_the_death_are_recovered_and_the_rest_is_left_for_the_heirs(conn):
    await retired_until_june(conn, "D1", 61_234 - 4 * 7_500)
    assert await balance(conn, "D1") == (61_234, 0)
    assert await over_credited(conn, "D1", DIED_ON) == [(month, 7_500) for month in MONTHS[1:]]
    found = await take_back(conn, office(), "D1", DIED_ON, CASE, clause="QY.art10.b")
    assert found == Recovered(tuple(MONTHS[1:]), 22_500, 0)
    assert await balance(conn, "D1") == (38_734, 0)
    assert (await entries(conn, "D1"))[-3:] == [
        ("recovery", -7_500, left) for left in (53_734, 46_234, 38_734)
    ]
    row = await conn.fetchrow(
        "SELECT rule, reason, clause, cause_id FROM accounts_credit WHERE psn_no = 'D1' AND sequence = 2"
    )
    assert tuple(row) == ("none", "CREDITED_AFTER_EVENT", "QY.art10.b", CASE)


@pytest.mark.clause("QY.art10.b")
async def test_what_was_spent_is_owed(conn):
    await retired_until_june(conn, "D2", 0)
    await spend(conn, "D2", 20_000)
    found = await take_back(conn, office(), "D2", DIED_ON, CASE)
    assert (found.taken_fen, found.receivable_fen) == (10_000, 12_500)
    assert await balance(conn, "D2") == (0, 12_500)
    assert await legs(conn, "D2") == {
        3101: 0,
        5302: 7_500,
        2201: -20_000,
        1201: 12_500,
        5201: 20_000,
        2101: -20_000,
    }


async def test_taking_back_twice_takes_back_once(conn):
    await retired_until_june(conn, "D3", 0)
    await take_back(conn, office(), "D3", DIED_ON, CASE)
    assert await take_back(conn, office(), "D3", DIED_ON, CASE) == Recovered()
    assert await over_credited(conn, "D3", DIED_ON) == []
    assert await balance(conn, "D3") == (7_500, 0)


async def test_the_run_gives_back_what_was_taken_when_the_member_lives_after_all(conn):
    await retired_until_june(conn, "D4", 0)
    await take_back(conn, office(), "D4", DIED_ON, CASE)
    for month in MONTHS:
        await credit_month(conn, office(), month)
    assert await balance(conn, "D4") == (30_000, 0)


async def test_a_run_after_the_recovery_of_a_registered_death_changes_nothing(conn):
    await retired_until_june(conn, "D5", 0)
    await conn.execute("UPDATE members_person SET died_on = $1 WHERE psn_no = 'D5'", DIED_ON)
    await take_back(conn, office(), "D5", DIED_ON, CASE)
    for month in MONTHS:
        await credit_month(conn, office(), month)
    assert await balance(conn, "D5") == (7_500, 0)


async def test_a_month_in_the_middle_of_the_account_is_recovered_without_the_others(conn):
    await member(conn, "D6", None)
    months = [date(2024, 1, 1), date(2024, 2, 1)]
    await contribute(conn, "D6", 600_000, months)
    for month in months:
        await credit_month(conn, office(), month)
    assert await over_credited(conn, "D6", date(2024, 1, 31)) == [(months[1], 12_000)]


async def test_what_a_run_is_posting_at_the_same_moment_is_taken_back_too(conn, pg_url):
    await retired_until_june(conn, "D7", 0)
    more = overridden(law(), "6210", {"account.retired_monthly": "80.00"})
    running = await asyncpg.connect(pg_url)
    uncommitted = running.transaction()
    await uncommitted.start()
    await credit_month(running, office(of=more), MONTHS[3])
    taking = asyncio.create_task(take_back(conn, office(), "D7", DIED_ON, CASE))
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while not taking.done() and not await running.fetchval(waiting):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await uncommitted.commit()
    await running.close()
    assert await taking == Recovered(tuple(MONTHS[1:]), 23_000, 0)
    assert await balance(conn, "D7") == (7_500, 0)
