"""门诊慢特病 in the engine: the quota is used first, the rest of the visit is pooled (decisions A17, A38)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from gongji.encounters import services as encounters
from gongji.encounters.values import VisitInfo
from gongji.policy import DEMO_OVERLAY, compile_law, load_library
from gongji.settlement import selectors
from gongji.settlement.verify import verify
from gongji.settlement.years import chronic
from tests.pg import world

DEMO = compile_law(load_library(overlay=DEMO_OVERLAY))
DISEASE = "M03900"


async def chronic_visit(conn: Any, psn_no: str, amount_fen: int, disease: str = DISEASE) -> int:
    visit_id = await world.visit(conn, psn_no, [world.fee(1, amount_fen)])
    refused = await encounters.put_visit_info(
        conn,
        psn_no=psn_no,
        visit_id=visit_id,
        caller=world.HOSPITAL,
        info=VisitInfo(med_type="14", seen_at=world.AT, disease_code=disease),
        at=world.AT + timedelta(minutes=1),
    )
    assert refused is None
    return visit_id


async def entitle(conn: Any, psn_no: str, quota_fen: int | None) -> None:
    await conn.execute(
        "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, quota_fen) "
        "VALUES ($1, $2, '2020-01-01', $3, '高血压', $4)",
        psn_no,
        world.new_id(),
        DISEASE,
        quota_fen,
    )


async def test_a_quota_that_ends_in_the_middle_of_a_visit_leaves_the_rest_to_the_pool(
    built: str, conn: Any
) -> None:
    """G083: quota 40.00 at 80 % uses 50.00 of 150.00; (100.00 - 30.00) x 65 % = 45.50."""
    await world.add_persons(conn, ["CH1"])
    await entitle(conn, "CH1", 4_000)
    engine = await world.open_engine(built, law=DEMO)
    visit_id = await chronic_visit(conn, "CH1", 15_000)
    first = world.done(await engine.settle(world.settle_command("CH1", visit_id)))
    row = await conn.fetchrow(
        "SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", first.settlement_id
    )
    assert (row["chronic_fee_fen"], row["chronic_pay_fen"], row["pool_fen"]) == (5_000, 4_000, 4_550)
    second = world.done(
        await engine.settle(world.settle_command("CH1", await chronic_visit(conn, "CH1", 10_000)))
    )
    row = await conn.fetchrow(
        "SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", second.settlement_id
    )
    assert row["chronic_pay_fen"] == 0
    world.done(await engine.reverse(world.reverse_command("CH1", first.settlement_id)))
    assert (await selectors.year(conn, "CH1", 2024)).sums(chronic(DISEASE)) == (0, 0, 0)
    await engine.close()


async def test_without_a_quota_of_the_persons_own_the_areas_holds(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["CH2"])
    await entitle(conn, "CH2", None)
    engine = await world.open_engine(built, law=DEMO)
    seen = world.seen(
        await engine.preview(world.settle_command("CH2", await chronic_visit(conn, "CH2", 15_000)))
    )
    assert seen.outcome.wallet[0] == 120_000
    await engine.close()


async def test_a_disease_that_the_member_is_not_entitled_for_is_refused(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["CH3"])
    engine = await world.open_engine(built, law=DEMO)
    refused = await engine.settle(world.settle_command("CH3", await chronic_visit(conn, "CH3", 15_000)))
    assert world.refused(refused) == "NOT_QUALIFIED_CHRONIC"
    await engine.close()


@pytest.mark.usefixtures("built")
async def test_chronic_settlements_are_verified(conn: asyncpg.Connection[Any]) -> None:
    report = await verify(conn, {DEMO.digest: DEMO})
    assert report.settlements > 0
    assert report.clean, report
