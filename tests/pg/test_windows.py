"""Windows other than the year: months, days, quarters and the chronic quota, under schemes that are only files."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from gongji.base.reasons import Refusal
from gongji.settlement import selectors
from gongji.settlement.verify import verify
from tests.pg import world
from tests.policy.help import scheme

MONTHLY = scheme("monthly")
JUNE, JULY = date(2024, 6, 30), date(2024, 7, 1)


async def settle(engine: Any, conn: Any, psn_no: str, amount_fen: int, on: date) -> Any:
    visit_id = await world.visit(conn, psn_no, [world.fee(1, amount_fen)], on=on)
    done = world.done(await engine.settle(world.settle_command(psn_no, visit_id)))
    return await conn.fetchrow(
        "SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", done.settlement_id
    )


async def test_a_months_deductible_and_ceiling_are_those_of_its_facts(built: str, conn: Any) -> None:
    """100.00 a month, then 70 % at a community centre, at most 200.00 a month; July begins anew, a refund gives back."""
    await world.add_persons(conn, ["MO1"], region="339000")
    engine = await world.open_engine(built, law=MONTHLY)
    first = await settle(engine, conn, "MO1", 15_000, JUNE)
    assert (first["deductible_fen"], first["pool_fen"]) == (10_000, 3_500)
    second = await settle(engine, conn, "MO1", 40_000, JUNE)
    assert (second["deductible_fen"], second["pool_fen"]) == (0, 16_500)
    third = await settle(engine, conn, "MO1", 40_000, JULY)
    assert (third["deductible_fen"], third["pool_fen"]) == (10_000, 20_000)
    world.done(await engine.reverse(world.reverse_command("MO1", first["settlement_id"])))
    fourth = await settle(engine, conn, "MO1", 20_000, JUNE)
    assert (fourth["deductible_fen"], fourth["pool_fen"]) == (10_000, 3_500)
    await engine.close()


async def test_a_hundred_concurrent_visits_use_a_months_ceiling_exactly(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["MO2"], region="339000")
    visits = [await world.visit(conn, "MO2", [world.fee(1, 15_000)], on=JUNE) for _ in range(100)]
    engines = [await world.open_engine(built, worker, law=MONTHLY) for worker in (1, 2)]
    answers = await asyncio.gather(
        *(engines[n % 2].settle(world.settle_command("MO2", visit_id)) for n, visit_id in enumerate(visits))
    )
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    assert (await selectors.year(conn, "MO2", 2024)).sums("ordinary")[2] == 20_000
    for engine in engines:
        await engine.close()


async def test_what_these_schemes_settled_is_verified_with_their_laws_and_not_without(conn: Any) -> None:
    assert (await verify(conn, {MONTHLY.digest: MONTHLY})).clean
    unknown = await verify(conn, {})
    assert {difference.field for difference in unknown.differences} == {"policy_digest"}
    assert unknown.digests[MONTHLY.digest] == unknown.difference_count
