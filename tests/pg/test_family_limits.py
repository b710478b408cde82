"""Accounts at settlement: what is frozen offers nothing, what an owner limits is never passed, whoever draws at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from gongji.base.reasons import Refusal
from gongji.settlement.verify import verify
from tests.pg import world


async def limit(conn: Any, owner: str, user: str, **fen: int) -> None:
    """A limit since 2020; ``fen``: per_settlement, per_month, per_year."""
    await conn.execute(
        "INSERT INTO accounts_limit (psn_no, limit_id, user_no, per_settlement_fen, per_month_fen, per_year_fen, from_on, "
        "recorded_at, actor) VALUES ($1, $2, $3, $4, $5, $6, '2020-01-01', $7, 'member:owner')",
        owner,
        world.new_id(),
        user,
        fen.get("per_settlement"),
        fen.get("per_month"),
        fen.get("per_year"),
        world.AT - timedelta(days=1),
    )


async def settle(conn: Any, engine: Any, psn_no: str, amount_fen: int = 10_000) -> Any:
    visit_id = await world.visit(conn, psn_no, [world.fee(1, amount_fen)])
    answer = world.done(await engine.settle(world.settle_command(psn_no, visit_id)))
    return await conn.fetchrow(
        "SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", answer.settlement_id
    )


@pytest.mark.parametrize("state", ["frozen", "closed"])
async def test_an_account_that_is_not_open_pays_nothing(built: str, conn: Any, state: str) -> None:
    owner, user = f"{state}-owner", f"{state}-user"
    await world.add_persons(conn, [owner, user], own_fen=100_000)
    await world.bind_family(conn, user, owner)
    await conn.execute("UPDATE accounts_balance SET state = $2 WHERE psn_no = $1", owner, state)
    engine = await world.open_engine(built)
    row = await settle(conn, engine, owner)
    assert (row["pool_fen"], row["account_fen"], row["cash_fen"]) == (4_550, 0, 5_450)
    row = await settle(conn, engine, user, 1_000_000)
    assert (row["account_fen"], row["mutual_fen"]) == (100_000, 0)
    await conn.execute("UPDATE accounts_balance SET state = 'open' WHERE psn_no = $1", owner)
    await engine.close()


@pytest.mark.clause("SX2021-103.s2.4.b")
async def test_a_relative_gets_no_more_than_the_owner_allows(built: str, conn: Any) -> None:
    """20.00 a settlement, 50.00 a month: 20.00, 20.00, 10.00, then cash; a refund gives the month back."""
    await world.add_persons(conn, ["LO1"], own_fen=100_000)
    await world.add_persons(conn, ["LU1"])
    await world.bind_family(conn, "LU1", "LO1")
    await limit(conn, "LO1", "LU1", per_settlement=2_000, per_month=5_000)
    engine = await world.open_engine(built)
    rows = [await settle(conn, engine, "LU1") for _ in range(4)]
    assert [row["mutual_fen"] for row in rows] == [2_000, 2_000, 1_000, 0]
    assert rows[-1]["cash_fen"] == 5_450
    world.done(await engine.reverse(world.reverse_command("LU1", rows[0]["settlement_id"])))
    assert (await settle(conn, engine, "LU1"))["mutual_fen"] == 2_000
    await engine.close()


async def test_a_limit_on_all_users_is_never_passed_by_two_who_draw_at_once(built: str, conn: Any) -> None:
    users = [f"LU2{n}" for n in range(2)]
    await world.add_persons(conn, ["LO2"], own_fen=1_000_000)
    await world.add_persons(conn, users)
    for user in users:
        await world.bind_family(conn, user, "LO2")
    await limit(conn, "LO2", "*", per_month=30_000)
    visits = [(u, await world.visit(conn, u, [world.fee(1, 10_000)])) for u in users for _ in range(10)]
    engines = [await world.open_engine(built, worker) for worker in (1, 2)]
    answers = await asyncio.gather(
        *(
            engines[index % 2].settle(world.settle_command(user, visit_id))
            for index, (user, visit_id) in enumerate(visits)
        )
    )
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    drawn = "SELECT sum(mutual_fen) FROM settlement_v_settlement WHERE psn_no = ANY($1)"
    assert await conn.fetchval(drawn, users) == 30_000
    assert await conn.fetchval("SELECT balance_fen FROM accounts_balance WHERE psn_no = 'LO2'") == 970_000
    for engine in engines:
        await engine.close()
    report = await verify(conn, {world.law().digest: world.law()})
    assert report.clean, report
