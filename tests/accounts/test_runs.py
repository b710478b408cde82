"""Runs that are cut off, started twice at once, or disturbed: every member once, and the sums exact."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from datetime import date
from random import Random
from typing import Any

import asyncpg
import pytest

from gongji.accounts import runs
from gongji.accounts.monthly import credit_month
from gongji.accounts.runs import RunReport, Tally, reports
from gongji.policy import compile_law, load_library
from tests.accounts.credit_world import AT, MAY, contribute, ids, member, office
from tests.databases import create_database

JUNE = date(2024, 6, 1)
MEMBERS = 60
FEN = 12_000


@pytest.fixture
async def filled(pg_server: str, pg_template: str, request: pytest.FixtureRequest) -> str:
    """A database of its own with members that contributed for May."""
    url = create_database(pg_server, f"runs_{abs(hash(request.node.name))}_{os.getpid()}", pg_template)
    conn = await asyncpg.connect(url)
    for number in range(MEMBERS):
        await member(conn, f"R{number:03d}", 600_000)
    await conn.close()
    return url


async def sums(conn: Any) -> tuple[int, int, int, int]:
    """Accounts, their balances, credits and entries."""
    row = await conn.fetchrow(
        "SELECT (SELECT count(*) FROM accounts_balance), (SELECT coalesce(sum(balance_fen), 0)::bigint FROM accounts_balance), "
        "(SELECT count(*) FROM accounts_credit), (SELECT count(*) FROM accounts_entry)"
    )
    return tuple(row)


WHOLE = (MEMBERS, MEMBERS * FEN, MEMBERS, MEMBERS)


async def start(conn: Any, **options: Any) -> RunReport:
    done = await credit_month(conn, office(), MAY, portion=7, **options)
    assert isinstance(done, RunReport)
    return done


async def test_a_run_commits_portion_by_portion_and_tells_how_far_it_is(filled: str) -> None:
    conn = await asyncpg.connect(filled)
    heard: list[tuple[int, int]] = []
    done = await start(conn, progress=lambda at, total: heard.append((at, total)))
    await conn.close()
    assert done.steps == 9
    assert heard == [*((7 * step, MEMBERS) for step in range(1, 9)), (MEMBERS, MEMBERS)]
    assert (done.tally.persons, done.tally.credited, done.tally.given_fen) == (
        MEMBERS,
        MEMBERS,
        MEMBERS * FEN,
    )


class Cut(Exception):
    """What ends a run in the middle."""


async def test_a_run_that_was_cut_off_is_continued_after_its_last_portion(filled: str) -> None:
    conn = await asyncpg.connect(filled)

    def cut(at: int, total: int) -> None:
        if at == 21:
            raise Cut

    with pytest.raises(Cut):
        await start(conn, progress=cut)
    assert (await sums(conn))[0] == 21
    (half,) = await reports(conn)
    assert (half.finished, half.tally.persons) == (False, 21)
    heard: list[int] = []
    done = await start(conn, progress=lambda at, total: heard.append(at))
    assert (done.run_id, done.finished, done.tally.credited) == (half.run_id, True, MEMBERS)
    assert heard[0] == 28
    assert await sums(conn) == WHOLE
    await conn.close()


async def test_what_is_cut_off_inside_a_portion_leaves_nothing_of_it(filled: str) -> None:
    conn = await asyncpg.connect(filled)
    await conn.execute(
        "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stop'; END $$;"
        "CREATE TRIGGER stop BEFORE INSERT ON accounts_run_step FOR EACH ROW WHEN (NEW.step_no = 3) EXECUTE FUNCTION stop()"
    )
    with pytest.raises(asyncpg.RaiseError):
        await start(conn)
    assert await sums(conn) == (14, 14 * FEN, 14, 14)
    await conn.execute("DROP TRIGGER stop ON accounts_run_step")
    await start(conn)
    assert await sums(conn) == WHOLE
    await conn.close()


KILLED = """
import asyncio, sys, asyncpg
from gongji.accounts.monthly import credit_month
from tests.accounts.credit_world import MAY, office

async def main():
    conn = await asyncpg.connect(sys.argv[1])
    def told(at, total):
        print(at, flush=True)
        if at >= 21:
            sys.stdin.readline()
    await credit_month(conn, office(), MAY, portion=7, progress=told)

asyncio.run(main())
"""


async def test_a_process_that_is_killed_is_followed_by_one_that_ends_its_run(filled: str) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, filled, stdin=PIPE, stdout=PIPE
    )
    assert child.stdout is not None
    async for line in child.stdout:
        if int(line) >= 21:
            break
    child.kill()
    await child.communicate()
    conn = await asyncpg.connect(filled)
    assert (await sums(conn))[0] == 21
    done = await start(conn)
    assert (done.finished, done.steps) == (True, 9)
    assert await sums(conn) == WHOLE
    assert len(await reports(conn)) == 1
    await conn.close()


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("runners", [1, 2, 4])
async def test_runs_at_the_same_time_credit_nobody_twice(filled: str, runners: int, ahead: bool) -> None:
    connections = [await asyncpg.connect(filled) for _ in range(2 * runners)]
    pairs = zip(connections[:runners], connections[runners:], strict=True)
    done = await asyncio.gather(*(start(conn, reader=other if ahead else None) for conn, other in pairs))
    assert {report.run_id for report in done} == {done[0].run_id}
    assert all(report.finished and report.tally.credited == MEMBERS for report in done)
    assert await sums(connections[0]) == WHOLE
    for conn in connections:
        await conn.close()


async def test_runs_over_a_region_and_over_all_at_the_same_time_credit_nobody_twice(filled: str) -> None:
    connections = [await asyncpg.connect(filled) for _ in range(3)]
    regions = ("CN", "14", "1401")
    done = await asyncio.gather(
        *(start(conn, region=region) for conn, region in zip(connections, regions, strict=True))
    )
    assert sum(report.tally.credited for report in done) == MEMBERS
    assert await sums(connections[0]) == WHOLE
    for conn in connections:
        await conn.close()


async def test_runs_of_two_months_at_the_same_time_lose_no_money(filled: str) -> None:
    first, second = [await asyncpg.connect(filled) for _ in range(2)]
    for number in range(MEMBERS):
        await contribute(first, f"R{number:03d}", 100_000, [JUNE])
    await asyncio.gather(start(first), credit_month(second, office(), JUNE, portion=11))
    assert (await sums(first))[:2] == (MEMBERS, MEMBERS * (FEN + 2_000))
    broken = await first.fetchval(
        "SELECT count(*) FROM (SELECT balance_after_fen - amount_fen - lag(balance_after_fen, 1, 0::bigint) "
        "OVER (PARTITION BY psn_no ORDER BY version, entry_id) AS gap FROM accounts_entry) s WHERE gap <> 0"
    )
    assert broken == 0
    await first.close()
    await second.close()


async def test_payments_go_on_while_a_month_is_credited_and_no_money_is_lost(filled: str) -> None:
    """Payments of several accounts each, in every order, against portions that lock the same accounts."""
    crediting, *counters = [await asyncpg.connect(filled) for _ in range(4)]
    await start(crediting)
    for number in range(MEMBERS):
        await contribute(crediting, f"R{number:03d}", 100_000, [JUNE])
    running = asyncio.create_task(credit_month(crediting, office(), JUNE, portion=30))

    async def pay(conn: Any, dice: Random) -> int:
        paid = 0
        while not running.done() or not paid:
            persons = dice.sample(range(MEMBERS), 5)
            paid += await conn.fetchval(
                "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8)",
                [f"R{number:03d}" for number in persons], [None] * 5, [-1] * 5, ["pay"] * 5, [1] * 5, [None] * 5,
                [ids.next() for _ in persons], AT,
            )  # fmt: skip
        return paid

    paid = sum(await asyncio.gather(*(pay(conn, Random(seed)) for seed, conn in enumerate(counters))))
    await running
    assert paid > 0
    assert (await sums(crediting))[:2] == (MEMBERS, MEMBERS * (FEN + 2_000) - paid)
    for conn in (crediting, *counters):
        await conn.close()


async def test_a_run_under_another_law_is_another_run(filled: str) -> None:
    conn = await asyncpg.connect(filled)

    def cut(at: int, total: int) -> None:
        raise Cut

    with pytest.raises(Cut):
        await start(conn, progress=cut)
    other = await credit_month(conn, office(of=compile_law(load_library())), MAY, portion=7)
    assert isinstance(other, RunReport)
    assert (len(await reports(conn)), other.tally.credited) == (2, MEMBERS - 7)
    assert await sums(conn) == WHOLE
    await conn.close()


async def test_a_run_over_nobody_is_finished_at_once(pg_server: str, pg_template: str) -> None:
    conn = await asyncpg.connect(create_database(pg_server, f"runs_empty_{os.getpid()}", pg_template))
    done = await credit_month(conn, office(), MAY)
    assert isinstance(done, RunReport)
    assert (done.finished, done.steps, done.tally.persons) == (True, 1, 0)
    await conn.close()


async def test_a_portion_that_cannot_be_posted_ends_the_run_instead_of_turning_for_ever(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    conn = await asyncpg.connect(filled)
    monkeypatch.setattr(runs, "ATTEMPTS", 3)
    await conn.execute(
        "INSERT INTO accounts_entry VALUES ('R000', 1, 1, 'opening', 0, 0, NULL, NULL, NULL, NULL, now())"
    )
    await conn.execute("CREATE UNIQUE INDEX once ON accounts_entry (psn_no)")
    with pytest.raises(asyncpg.UniqueViolationError):
        await start(conn)
    await conn.close()


async def test_steps_and_runs_are_never_changed(filled: str) -> None:
    conn = await asyncpg.connect(filled)
    await start(conn)
    for statement in (
        "UPDATE accounts_run_step SET through = ''",
        "DELETE FROM accounts_run",
        "DELETE FROM accounts_credit",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await conn.execute(statement)
    await conn.close()


def test_tallies_add_up() -> None:
    whole = Tally(persons=1, given_fen=5, reasons={"甲": 1}).plus(
        Tally(persons=2, taken_fen=3, reasons={"甲": 2, "乙": 1})
    )
    assert whole == Tally(persons=3, given_fen=5, taken_fen=3, reasons={"甲": 3, "乙": 1})
