"""Whatever happens to contributions and in whatever order runs see it: balance = Σ movements, never below zero, once is twice."""

import asyncio
import itertools
import os
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.accounts.crediting import Credit, Facts, MonthLaw, Spell, credit_of, month_after
from gongji.accounts.monthly import credit_month
from gongji.accounts.verify import findings
from gongji.base.money import mul_bp
from gongji.base.reasons import Refusal
from tests.accounts.credit_world import balance, contribute, law, member, office, spend
from tests.databases import create_database

APRIL, MAY, JUNE = (date(2024, month, 1) for month in (4, 5, 6))
MONTHS = (APRIL, MAY, JUNE)
BASES = st.integers(0, 2_500_000)
_numbers = itertools.count()


class Change(msgspec.Struct, frozen=True):
    """What is recorded before the runs of all months are started again."""

    month: date
    base_fen: int
    paid: bool
    spent_fen: int
    died: bool


CHANGES = st.lists(
    st.builds(
        Change,
        month=st.sampled_from(MONTHS),
        base_fen=BASES,
        paid=st.booleans(),
        spent_fen=st.integers(0, 60_000),
        died=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def database(pg_server: str, pg_template: str) -> str:
    return create_database(pg_server, f"credit_properties_{os.getpid()}", pg_template)


async def record(conn: Any, psn_no: str, change: Change, revision: int) -> None:
    await contribute(conn, psn_no, change.base_fen, [change.month], paid=change.paid, revision=revision)
    died_on = date(2024, 4, 15) if change.died else None
    await conn.execute("UPDATE members_person SET died_on = $2 WHERE psn_no = $1", psn_no, died_on)
    left, _ = await balance(conn, psn_no) or (0, 0)
    if min(change.spent_fen, left):
        await spend(conn, psn_no, min(change.spent_fen, left))


async def run_all(conn: Any, months: Sequence[date] = MONTHS) -> None:
    for month in months:
        await credit_month(conn, office(), month)


async def targets(conn: Any, psn_no: str) -> dict[date, int]:
    rows = await conn.fetch(
        "SELECT month, sum(delta_fen)::bigint AS fen FROM accounts_credit WHERE psn_no = $1 GROUP BY month",
        psn_no,
    )
    return {row["month"]: row["fen"] for row in rows if row["fen"]}


def wanted(changes: Sequence[Change]) -> dict[date, int]:
    """What the months are worth by the last word on each: 2 %, nothing unpaid, nothing after April for the dead."""
    last = {change.month: change for change in changes}
    dead = changes[-1].died
    due = {
        month: mul_bp(change.base_fen, 200)
        for month, change in last.items()
        if change.paid and not (dead and month > APRIL)
    }
    return {month: fen for month, fen in due.items() if fen}


async def fresh(conn: Any) -> str:
    """A member of a clean slate: earlier ones of this module are left as they are."""
    psn_no = f"H{next(_numbers):05d}"
    await member(conn, psn_no, None)
    return psn_no


@settings(max_examples=40, deadline=None)
@given(changes=CHANGES)
def test_after_any_changes_the_account_is_the_sum_of_its_movements_never_below_zero(
    database: str, changes: list[Change]
) -> None:
    async def story() -> None:
        conn = await asyncpg.connect(database)
        psn_no = await fresh(conn)
        for revision, change in enumerate(changes, start=1):
            await record(conn, psn_no, change, revision)
            await run_all(conn)
        assert await targets(conn, psn_no) == wanted(changes)
        rows = await conn.fetch(
            "SELECT amount_fen, balance_after_fen FROM accounts_entry WHERE psn_no = $1", psn_no
        )
        assert all(row["balance_after_fen"] >= 0 for row in rows)
        fen, owed = await balance(conn, psn_no) or (0, 0)
        assert sum(row["amount_fen"] for row in rows) == fen
        assert owed == 0 or fen == 0
        before = await conn.fetchval("SELECT count(*) FROM accounts_entry")
        await run_all(conn)
        assert await conn.fetchval("SELECT count(*) FROM accounts_entry") == before
        assert [one async for one in findings(conn, {law().digest: law()}) if one.psn_no == psn_no] == []
        await conn.close()

    asyncio.run(story())


@settings(max_examples=25, deadline=None)
@given(
    bases=st.lists(BASES, min_size=3, max_size=3),
    corrected=st.lists(BASES, min_size=3, max_size=3),
    order=st.permutations(range(6)),
    runs=st.permutations(MONTHS),
)
def test_corrections_come_to_the_same_end_in_whatever_order_they_and_the_runs_come(
    database: str, bases: list[int], corrected: list[int], order: list[int], runs: list[date]
) -> None:
    """Two employers' declarations for three months: which is recorded first, and which month is run first, changes nothing."""

    async def story() -> None:
        conn = await asyncpg.connect(database)
        psn_no = await fresh(conn)
        records = [(month, "甲", base) for month, base in zip(MONTHS, bases, strict=True)]
        records += [(month, "乙", base) for month, base in zip(MONTHS, corrected, strict=True)]
        for index in order:
            month, employer, base = records[index]
            await contribute(conn, psn_no, base, [month], employer=employer)
            await run_all(conn, runs)
        due = [mul_bp(first + second, 200) for first, second in zip(bases, corrected, strict=True)]
        assert (await balance(conn, psn_no) or (0, 0)) == (sum(due), 0)
        assert await targets(conn, psn_no) == {
            month: fen for month, fen in zip(MONTHS, due, strict=True) if fen
        }
        await conn.close()

    asyncio.run(story())


DAYS = st.dates(date(2024, 4, 28), date(2024, 6, 3))


@given(
    days=st.lists(DAYS, min_size=1, max_size=4, unique=True),
    statuses=st.lists(st.sampled_from(["active", "retired"]), min_size=4, max_size=4),
    died_on=st.none() | DAYS,
    base=st.none() | BASES,
)
def test_a_month_is_decided_by_its_facts_alone_and_is_never_negative(
    days: list[date], statuses: list[str], died_on: date | None, base: int | None
) -> None:
    days.sort()
    ends = [*(day - timedelta(days=1) for day in days[1:]), None]
    spells = [
        Spell(start, end, status, "employee", "621000", "employer", True)
        for start, end, status in zip(days, ends, statuses, strict=False)
    ]
    for month in MONTHS:
        before = month - timedelta(days=1)
        touching = [
            one for one in spells if one.from_on < month_after(month) and (one.until_on or before) >= before
        ]
        everything = credit_of(MonthLaw(law(), month, allow_draft=True), Facts(died_on, spells, base, 0))
        found = credit_of(MonthLaw(law(), month, allow_draft=True), Facts(died_on, touching, base, 0))
        assert found == everything
        if isinstance(found, Refusal):
            assert found.code in {"MEMBER_DECEASED", "NOT_INSURED", "CONTRIBUTION_NOT_RECEIVED"}
            continue
        assert isinstance(found, Credit)
        assert found.fen == (7_500 if found.rule == "retired" else mul_bp(base or 0, 200))
        assert died_on is None or died_on >= month
        if found.rule == "retired":
            assert (
                any(one.status == "retired" and one.from_on < month for one in spells)
                or spells[0].from_on == month
            )
