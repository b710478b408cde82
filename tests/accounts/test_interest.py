"""Interest by day: against a walk over every day of the year, at dated rates, once, and until an account is closed."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from gongji.accounts.interest import close_interest, credit_interest, daily_rates, interest_fen, sums_from
from gongji.accounts.runs import RunReport
from gongji.accounts.services import open_balance
from gongji.base.reasons import Refusal
from gongji.policy import Law, compile_law, extend_library, load_library, overridden
from tests.accounts.credit_world import QINGYANG, TAIYUAN, balance, entries, ids, legs, member, office

NEW_YEAR = datetime(2025, 1, 3, 2, 0, tzinfo=UTC)
CASE = 55


def at_rate(rate: str, since: date = date(2023, 1, 1)) -> Law:
    return overridden(compile_law(load_library()), "14", {"account.interest_rate": rate}, since)


def changing(first: str, second: str, since: date) -> Law:
    """Two rates in one year: ``second`` from ``since`` on."""
    document = {
        "document": {"id": "RATE", "number": "利率", "title": "利率", "issuer": "测试", "region": "14", "status": "operator"},
        "in_force": {"from": "2023-01-01"},
        "overrides": [{"document": "*"}],
        "provisions": [
            {"clause": "RATE.a", "article": "一", "text": first, "until": str(since - timedelta(days=1)),
             "sets": {"account.interest_rate": first}},
            {"clause": "RATE.b", "article": "二", "text": second, "from": str(since), "sets": {"account.interest_rate": second}},
        ],
    }  # fmt: skip
    return compile_law(extend_library(load_library(), document))


async def account(conn, psn_no: str, fen: int, on: datetime, **relation: object) -> None:
    await member(conn, psn_no, None, **relation)
    await open_balance(conn, psn_no, fen, "opening", on, entry_id=ids.next())


async def move(conn, psn_no: str, fen: int, at: datetime) -> None:
    """A movement of premium or its refund with its journal."""
    entry_id, kind = ids.next(), "premium" if fen < 0 else "premium_refund"
    await conn.fetchval(
        "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8)",
        [psn_no], [None], [fen], [kind], [None], [None], [entry_id], at,
    )  # fmt: skip
    await conn.execute(
        "INSERT INTO ledger_journal VALUES ($1, $2, $3, $4, $5, '{5221,1002}', $6, $7)",
        psn_no, entry_id, kind, at.date(), at, [psn_no, "税务"], [-fen, fen],
    )  # fmt: skip


async def run(conn, law: Law, year: int = 2024, at: datetime = NEW_YEAR, **options) -> RunReport:
    done = await credit_interest(conn, office(at, law), year, **options)
    assert isinstance(done, RunReport), done
    return done


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 4, 0, tzinfo=UTC)


async def test_a_balance_that_rests_for_a_year_earns_the_rate(conn):
    await account(conn, "A1", 100_000, noon(date(2023, 6, 1)))
    done = await run(conn, at_rate("1.5%"))
    assert await balance(conn, "A1") == (101_500, 0)
    assert (await entries(conn, "A1"))[-1] == ("interest", 1_500, 101_500)
    assert await legs(conn, "A1") == {3101: 100_000, 5303: 1_500, 2201: -101_500}
    assert done.tally.given_fen == 1_500
    entry = await conn.fetchrow(
        "SELECT period, reference FROM accounts_entry WHERE psn_no = 'A1' AND kind = 'interest'"
    )
    assert tuple(entry) == (date(2024, 1, 1), done.run_id)


@pytest.mark.clause("QY.art8.a")
async def test_the_balance_goes_over_into_the_next_year_as_it_is(conn):
    """812.34 on 31 December are 812.34 on 1 January: nothing is posted for it."""
    await account(conn, "A2", 81_234, noon(date(2024, 6, 1)), region=QINGYANG)
    refused_or_zero = await run(conn, at_rate("0%"))
    assert refused_or_zero.finished
    assert await balance(conn, "A2") == (81_234, 0)
    assert len(await entries(conn, "A2")) == 1


async def test_interest_is_posted_once_however_often_the_run_is_started(conn):
    await account(conn, "A3", 100_000, noon(date(2023, 6, 1)))
    for _ in range(3):
        await run(conn, at_rate("1%"))
    assert await balance(conn, "A3") == (101_000, 0)


async def test_interest_bears_interest_in_the_year_in_which_it_was_posted(conn):
    await account(conn, "A4", 100_000, noon(date(2022, 12, 31)))
    await run(conn, at_rate("10%"), 2023, noon(date(2024, 1, 1)))
    await run(conn, at_rate("10%"), 2024)
    assert await balance(conn, "A4") == (121_000, 0)


@pytest.mark.parametrize(("year", "days"), [(2023, 365), (2024, 366)])
async def test_a_day_is_a_part_of_its_own_year(conn, year: int, days: int):
    psn_no = f"A5-{year}"
    await account(conn, psn_no, 1_000_000, noon(date(year, 12, 31)))
    await run(conn, at_rate("3.65%"), year, noon(date(2025, 1, 2)))
    assert await balance(conn, psn_no) == (1_000_000 + round(36_500 / days), 0)


def test_a_year_is_divided_by_its_days_and_rounded_once() -> None:
    assert interest_fen(100_000 * 150 * 365, 2023) == 1_500
    assert interest_fen(100_000 * 150 * 365, 2024) == 1_496
    assert interest_fen(3_660_000 // 2, 2024) == 1
    assert interest_fen(3_660_000 // 2 - 1, 2024) == 0


def test_rates_change_on_their_day() -> None:
    found = daily_rates(changing("1%", "2%", date(2024, 7, 1)), TAIYUAN, 2024)
    assert not isinstance(found, Refusal)
    rates, clause = found
    assert (rates[181], rates[182], len(rates), clause) == (100, 200, 366, "RATE.b")


def test_sums_count_each_day_until_the_last() -> None:
    sums = sums_from([1, 2, 3, 4], date(2024, 1, 3))
    assert sums[:4] == [6, 5, 3, 0]
    assert len(sums) == 366


def naive(moves: list[tuple[date, int]], rates: list[int], first: date, last: date) -> int:
    """Walk day by day: balance at the end of the day, times the rate of the day."""
    total, day = 0, first
    while day <= last:
        total += sum(fen for on, fen in moves if on <= day) * rates[(day - date(day.year, 1, 1)).days]
        day += timedelta(days=1)
    return total


@pytest.mark.parametrize("seed", range(4))
async def test_the_sum_over_movements_is_the_walk_over_days(conn, seed: int):
    dice = Random(seed)
    law = changing("0.75%", "1.5%", date(2024, 1, 1) + timedelta(days=dice.randrange(1, 366)))
    found = daily_rates(law, TAIYUAN, 2024)
    assert not isinstance(found, Refusal)
    psn_no = f"N{seed}"
    start = date(2023, 12, 20)
    moves = [(start, 500_000)]
    await account(conn, psn_no, 500_000, noon(start))
    for _ in range(25):
        on = moves[-1][0] + timedelta(days=dice.randrange(0, 20))
        fen = dice.randrange(-9_000, 9_000) or 1
        moves.append((on, fen))
        await move(conn, psn_no, fen, noon(on))
    await run(conn, law)
    row = await conn.fetchrow(
        "SELECT fen_bp_days, interest_fen, from_on FROM accounts_interest WHERE psn_no = $1", psn_no
    )
    wanted = naive(moves, found[0], date(2024, 1, 1), date(2024, 12, 31))
    assert tuple(row) == (wanted, interest_fen(wanted, 2024), date(2024, 1, 1))


async def test_a_day_ends_at_midnight_in_china(conn):
    await account(conn, "M1", 36_600_000, datetime(2024, 12, 30, 15, 59, tzinfo=UTC))
    await account(conn, "M2", 36_600_000, datetime(2024, 12, 30, 16, 0, tzinfo=UTC))
    await run(conn, at_rate("1%"))
    assert (await balance(conn, "M1"), await balance(conn, "M2")) == ((36_602_000, 0), (36_601_000, 0))


async def test_an_account_that_is_closed_gets_its_interest_until_the_day_before(conn):
    await account(conn, "C1", 366_000, noon(date(2024, 1, 1)))
    closing = office(noon(date(2024, 1, 11)), at_rate("1%"))
    assert await close_interest(conn, closing, "C1", date(2024, 1, 11), CASE) == 100
    assert await close_interest(conn, closing, "C1", date(2024, 1, 11), CASE) == 0
    row = await conn.fetchrow(
        "SELECT from_on, through_on, cause_id FROM accounts_interest WHERE psn_no = 'C1' AND cause_id = $1",
        CASE,
    )
    assert tuple(row) == (date(2024, 1, 1), date(2024, 1, 10), CASE)


async def test_closing_brings_the_interest_of_the_year_before_too_and_the_run_does_not_repeat_it(conn):
    await account(conn, "C2", 365_000, noon(date(2022, 6, 1)))
    law = at_rate("1%", date(2022, 1, 1))
    assert (
        await close_interest(conn, office(noon(date(2024, 1, 2)), law), "C2", date(2024, 1, 2), CASE)
        == 3_650 + 10
    )
    await run(conn, law, 2023, noon(date(2024, 1, 3)))
    rows = await conn.fetch(
        "SELECT from_on, through_on FROM accounts_interest WHERE psn_no = 'C2' ORDER BY through_on"
    )
    assert [tuple(row) for row in rows] == [
        (date(2023, 1, 1), date(2023, 12, 31)),
        (date(2024, 1, 1), date(2024, 1, 1)),
    ]


async def test_an_account_that_is_opened_again_earns_for_the_rest_of_the_year(conn):
    await account(conn, "C3", 366_000, noon(date(2023, 6, 1)))
    law = at_rate("1%", date(2024, 1, 1))
    await close_interest(conn, office(noon(date(2024, 7, 1)), law), "C3", date(2024, 7, 1), CASE)
    await run(conn, law)
    rows = await conn.fetch(
        "SELECT from_on, through_on FROM accounts_interest WHERE psn_no = 'C3' ORDER BY through_on"
    )
    assert [tuple(row) for row in rows] == [
        (date(2024, 1, 1), date(2024, 6, 30)),
        (date(2024, 7, 1), date(2024, 12, 31)),
    ]


async def test_closing_on_the_first_of_january_ends_with_the_year_before(conn):
    await account(conn, "C4", 366_000, noon(date(2023, 12, 31)))
    law = at_rate("1%", date(2024, 1, 1))
    assert (
        await close_interest(conn, office(noon(date(2025, 1, 1)), law), "C4", date(2025, 1, 1), CASE) == 3_660
    )


async def test_an_account_of_a_region_without_law_gets_none_and_is_counted(conn):
    await account(conn, "R1", 100_000, noon(date(2023, 1, 1)), region="990100")
    done = await run(conn, at_rate("1%"))
    assert await balance(conn, "R1") == (100_000, 0)
    assert any("REGION_UNKNOWN" in text for text in done.tally.reasons)
    closing = await close_interest(conn, office(NEW_YEAR, at_rate("1%")), "R1", date(2025, 1, 3), CASE)
    assert isinstance(closing, Refusal)


async def test_a_region_is_posted_without_the_others(conn):
    await account(conn, "R2", 100_000, noon(date(2023, 1, 1)), region="141600")
    await account(conn, "R3", 100_000, noon(date(2023, 1, 1)), region="141700")
    await run(conn, at_rate("1%"), region="1416")
    assert (await balance(conn, "R2"), await balance(conn, "R3")) == ((101_000, 0), (100_000, 0))


async def test_a_year_that_is_not_over_is_refused(conn):
    refused = await credit_interest(conn, office(datetime(2024, 12, 31, 15, 59, tzinfo=UTC)), 2024)
    assert isinstance(refused, Refusal)
    assert refused.code == "PERIOD_NOT_DUE"


async def test_interest_below_half_a_fen_is_a_fact_without_a_movement(conn):
    await account(conn, "Z1", 10, noon(date(2024, 12, 31)))
    await run(conn, at_rate("1%"))
    assert await conn.fetchval(
        "SELECT entry_id IS NULL AND interest_fen = 0 FROM accounts_interest WHERE psn_no = 'Z1'"
    )
    assert len(await entries(conn, "Z1")) == 1
