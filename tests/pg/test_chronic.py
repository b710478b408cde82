"""门诊慢特病 in the engine: the quota is used first, the rest of the visit is pooled (decisions A17, A38)."""

from __future__ import annotations

import asyncio
import random
from datetime import date, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from gongji.base.reasons import Refusal
from gongji.encounters import services as encounters
from gongji.encounters.values import VisitInfo
from gongji.kernel import layout
from gongji.policy import DEMO_OVERLAY, compile_law, load_library, overridden
from gongji.settlement import selectors
from gongji.settlement.openings import open_accumulators
from gongji.settlement.verify import verify
from gongji.settlement.years import chronic
from tests.pg import world

DEMO = compile_law(load_library(overlay=DEMO_OVERLAY))
NEXT_VISIT = overridden(DEMO, "14", {"chronic.overflow": "next_visit"})
NEVER_POOLED = overridden(DEMO, "14", {"chronic.overflow": "none"})
LAWS = {law.digest: law for law in (DEMO, NEXT_VISIT, NEVER_POOLED)}
DISEASE = "M03900"
JULY = date(2024, 7, 20)


async def chronic_visit(
    conn: Any, psn_no: str, amount_fen: int, disease: str = DISEASE, on: date = world.DAY
) -> int:
    visit_id = await world.visit(conn, psn_no, [world.fee(1, amount_fen)], on=on)
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


async def entitle(conn: Any, psn_no: str, quota_fen: int | None, **own: int) -> None:
    """``own``: month, quarter and ratio of the person's own."""
    await conn.execute(
        "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, quota_fen, quota_month_fen, "
        "quota_quarter_fen, ratio_bp) VALUES ($1, $2, '2020-01-01', $3, '高血压', $4, $5, $6, $7)",
        psn_no,
        world.new_id(),
        DISEASE,
        quota_fen,
        own.get("month"),
        own.get("quarter"),
        own.get("ratio"),
    )


async def settle(engine: Any, conn: Any, psn_no: str, amount_fen: int, on: date = world.DAY) -> Any:
    """The stored row of a chronic visit that is settled."""
    visit_id = await chronic_visit(conn, psn_no, amount_fen, on=on)
    return await row(conn, await engine.settle(world.settle_command(psn_no, visit_id)))


async def row(conn: Any, answer: Any) -> Any:
    return await conn.fetchrow(
        "SELECT s.*, f.quota_fen, f.quota_windows, f.quota_ratio_bp FROM settlement_v_settlement s "
        "JOIN settlement_fact f USING (psn_no, settlement_id) WHERE settlement_id = $1",
        world.done(answer).settlement_id,
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


@pytest.mark.clause("SX2022-27.art25.b")
async def test_quotas_of_month_and_year_hold_at_once_and_a_refund_gives_back_both(
    built: str, conn: Any
) -> None:
    """100.00 a month of the person's own, 1,200.00 a year of the area's, 80 %."""
    await world.add_persons(conn, ["CH4"])
    await entitle(conn, "CH4", None, month=10_000)
    engine = await world.open_engine(built, law=DEMO)
    july = await settle(engine, conn, "CH4", 10_000, JULY)
    assert (july["chronic_pay_fen"], july["quota_fen"]) == (8_000, 10_000)
    first = await settle(engine, conn, "CH4", 10_000)
    assert (first["chronic_pay_fen"], first["pool_fen"]) == (8_000, 0)
    second = await settle(engine, conn, "CH4", 10_000)
    assert (second["chronic_fee_fen"], second["chronic_pay_fen"], second["pool_fen"]) == (2_500, 2_000, 2_925)
    assert second["quota_windows"] == [10_000, 8_000, -1, 0, 120_000, 16_000]
    world.done(await engine.reverse(world.reverse_command("CH4", first["settlement_id"])))
    third = await settle(engine, conn, "CH4", 5_000)
    assert (third["quota_fen"], third["chronic_pay_fen"], third["pool_fen"]) == (8_000, 4_000, 0)
    assert third["quota_windows"] == [10_000, 2_000, -1, 0, 120_000, 10_000]
    await engine.close()


@pytest.mark.clause("SX2022-27.art25.b")
async def test_the_smallest_room_decides_whichever_window_it_is(built: str, conn: Any) -> None:
    """50.00 a month, 60.00 a quarter, 1,200.00 a year: August has 20.00 of the quarter left, the last quarter is another one."""
    await world.add_persons(conn, ["CH5"])
    await entitle(conn, "CH5", None, month=5_000, quarter=6_000)
    engine = await world.open_engine(built, law=DEMO)
    spring = await settle(engine, conn, "CH5", 20_000, date(2024, 6, 30))
    assert spring["chronic_pay_fen"] == 5_000
    july = await settle(engine, conn, "CH5", 5_000, JULY)
    assert july["chronic_pay_fen"] == 4_000
    august = await settle(engine, conn, "CH5", 20_000)
    assert (august["quota_fen"], august["chronic_pay_fen"]) == (2_000, 2_000)
    await engine.close()


async def test_the_persons_own_ratio_comes_before_the_laws(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["CH6"])
    await entitle(conn, "CH6", 100_000, ratio=7_000)
    engine = await world.open_engine(built, law=DEMO)
    visit_id = await chronic_visit(conn, "CH6", 10_000)
    command = world.settle_command("CH6", visit_id)
    seen = world.seen(await engine.preview(command))
    settled = await row(conn, await engine.settle(command))
    assert (settled["chronic_pay_fen"], settled["quota_ratio_bp"]) == (7_000, 7_000)
    stored = await selectors.settlement(conn, "CH6", settled["settlement_id"], LAWS)
    assert stored is not None
    assert stored.settled.outcome == seen.outcome
    assert stored.settled.outcome.row.cells[layout.ROW_CARVE_OUT_BP] == 7_000
    assert stored.settled.outcome.row.sources[layout.ROW_CARVE_OUT_BP] is None
    await engine.close()


async def test_two_diseases_of_one_visit_use_the_quota_of_their_own_batch(built: str, conn: Any) -> None:
    """The visit states one disease; a batch that states another is for that one."""
    await world.add_persons(conn, ["CH2D"])
    await entitle(conn, "CH2D", 4_000)
    other = "M01600"
    await conn.execute(
        "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, quota_fen) "
        "VALUES ('CH2D', $1, '2020-01-01', $2, '糖尿病', 100000)",
        world.new_id(),
        other,
    )
    engine = await world.open_engine(built, law=DEMO)
    visit_id = await chronic_visit(conn, "CH2D", 10_000)
    line = msgspec.structs.replace(world.fee(2, 10_000), disease_code=other)
    await world.upload(conn, "CH2D", visit_id, [line], batch_no="B2")
    second = await row(conn, await engine.settle(world.settle_command("CH2D", visit_id, batch_no="B2")))
    assert (second["quota_fen"], second["chronic_fee_fen"]) == (100_000, 10_000)
    first = await row(conn, await engine.settle(world.settle_command("CH2D", visit_id)))
    assert (first["quota_fen"], first["chronic_pay_fen"]) == (4_000, 4_000)
    await engine.close()


async def test_with_pooling_from_the_next_visit_on_nothing_more_of_the_visit_is_pooled_in_any_batch(
    built: str, conn: Any
) -> None:
    """Quota 40.00 at 80 %: what it does not cover of this visit is the member's; the next visit is pooled."""
    await world.add_persons(conn, ["CH7"])
    await entitle(conn, "CH7", 4_000)
    engine = await world.open_engine(built, law=NEXT_VISIT)
    visit_id = await chronic_visit(conn, "CH7", 15_000)
    ends = await row(conn, await engine.settle(world.settle_command("CH7", visit_id)))
    assert (ends["chronic_fee_fen"], ends["chronic_pay_fen"], ends["pool_fen"]) == (15_000, 4_000, 0)
    await world.upload(conn, "CH7", visit_id, [world.fee(2, 10_000)], batch_no="B2")
    same = await row(conn, await engine.settle(world.settle_command("CH7", visit_id, batch_no="B2")))
    assert (same["chronic_fee_fen"], same["chronic_pay_fen"], same["pool_fen"]) == (10_000, 0, 0)
    after = await settle(engine, conn, "CH7", 10_000)
    assert (after["chronic_fee_fen"], after["deductible_fen"], after["pool_fen"]) == (0, 3_000, 4_550)
    await engine.close()


async def test_where_cost_above_the_quota_is_never_pooled_an_empty_quota_changes_nothing(
    built: str, conn: Any
) -> None:
    await world.add_persons(conn, ["CH8"])
    await entitle(conn, "CH8", 4_000)
    engine = await world.open_engine(built, law=NEVER_POOLED)
    await settle(engine, conn, "CH8", 15_000)
    after = await settle(engine, conn, "CH8", 10_000)
    assert (after["chronic_fee_fen"], after["pool_fen"], after["cash_fen"]) == (10_000, 0, 10_000)
    await engine.close()


async def test_what_another_system_had_paid_on_the_quota_counts_for_the_year(built: str, conn: Any) -> None:
    """1,200.00 a year, 1,180.00 of it paid before: 20.00 left."""
    await world.add_persons(conn, ["CHB"])
    await entitle(conn, "CHB", None)
    await open_accumulators(
        conn, settlement_id=world.new_id(), psn_no="CHB", year=2024, benefit=chronic(DISEASE), deductible_fen=0,
        in_scope_fen=147_500, fund_fen=118_000, source="旧系统", at=world.AT,
    )  # fmt: skip
    engine = await world.open_engine(built, law=DEMO)
    settled = await settle(engine, conn, "CHB", 10_000)
    assert (settled["quota_fen"], settled["chronic_pay_fen"], settled["pool_fen"]) == (2_000, 2_000, 2_925)
    await engine.close()


async def test_a_hundred_concurrent_visits_use_a_months_quota_exactly(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["CH9"])
    await entitle(conn, "CH9", None, month=30_000)
    visits = [await chronic_visit(conn, "CH9", 1_000) for _ in range(100)]
    engines = [await world.open_engine(built, worker, law=DEMO) for worker in (1, 2)]
    answers = await asyncio.gather(
        *(engines[n % 2].settle(world.settle_command("CH9", visit_id)) for n, visit_id in enumerate(visits))
    )
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    assert (await selectors.year(conn, "CH9", 2024)).sums(chronic(DISEASE))[2] == 30_000
    for engine in engines:
        await engine.close()


@pytest.mark.parametrize("seed", range(3))
async def test_visits_and_refunds_at_once_never_pass_any_window(built: str, conn: Any, seed: int) -> None:
    """Visits of seven months by two engines, every third one refunded meanwhile: month, quarter and year each hold."""
    chance, psn_no = random.Random(seed), f"CHX{seed}"
    limits = {"month": 6_000, "quarter": 11_000, "year": 20_000}
    await world.add_persons(conn, [psn_no])
    await entitle(conn, psn_no, limits["year"], month=limits["month"], quarter=limits["quarter"])
    days = [date(2024, chance.randrange(2, 9), chance.randrange(1, 15)) for _ in range(40)]
    visits = [await chronic_visit(conn, psn_no, chance.randrange(500, 4_000), on=on) for on in days]
    engines = [await world.open_engine(built, worker, law=DEMO) for worker in (1, 2)]

    async def one(number: int, visit_id: int) -> None:
        engine = engines[number % 2]
        done = world.done(await engine.settle(world.settle_command(psn_no, visit_id)))
        if number % 3 == 0:
            world.done(await engine.reverse(world.reverse_command(psn_no, done.settlement_id)))

    await asyncio.gather(*(one(number, visit_id) for number, visit_id in enumerate(visits)))
    for window, limit in limits.items():
        paid = await conn.fetch(
            "SELECT sum(chronic_pay_fen)::bigint FROM settlement_v_settlement WHERE psn_no = $1 "
            "GROUP BY date_trunc($2, service_on)",
            psn_no,
            window,
        )
        assert all(0 <= row[0] <= limit for row in paid), window
    assert sum(row[0] for row in paid) > limits["month"], "something was paid"
    for engine in engines:
        await engine.close()


async def test_a_refund_proposes_what_later_visits_would_have_got_from_the_months_quota(
    built: str, conn: Any
) -> None:
    """A visit of July frees nothing in August; one of August does (decision A15)."""
    await world.add_persons(conn, ["CHA"])
    await entitle(conn, "CHA", None, month=8_000)
    engine = await world.open_engine(built, law=DEMO)
    july = await settle(engine, conn, "CHA", 10_000, JULY)
    first = await settle(engine, conn, "CHA", 10_000)
    second = await settle(engine, conn, "CHA", 10_000)
    assert (first["chronic_pay_fen"], second["pool_fen"]) == (8_000, 4_550)
    world.done(await engine.reverse(world.reverse_command("CHA", july["settlement_id"])))
    world.done(await engine.reverse(world.reverse_command("CHA", first["settlement_id"])))
    found = await selectors.replay_proposals(conn, DEMO, "CHA", 2024)
    assert [entry.original_id for entry in found] == [july["settlement_id"], first["settlement_id"]]
    assert found[0].proposals == ()
    assert [(one.key, one.pool_delta_fen) for one in found[1].proposals] == [
        (second["settlement_id"], -4_550)
    ]
    await engine.close()


@pytest.mark.usefixtures("built")
async def test_chronic_settlements_are_verified(conn: asyncpg.Connection[Any]) -> None:
    report = await verify(conn, LAWS)
    assert report.settlements > 0
    assert report.clean, report


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ("quota_windows[2] = quota_windows[2] + 1", {"hash", "quota_windows"}),
        ("quota_fen = quota_fen - 1", {"hash", "quota_fen", "waterfall"}),
        ("quota_ratio_bp = 5000", {"hash", "waterfall"}),
    ],
)
async def test_a_quota_that_was_changed_afterwards_is_found(
    conn: asyncpg.Connection[Any], change: str, fields: set[str]
) -> None:
    """The change is rolled back; what was used of the month before is told from the facts."""
    transaction = conn.transaction(isolation="repeatable_read")
    await transaction.start()
    await conn.execute("SET LOCAL session_replication_role = 'replica'")
    done = await conn.execute(
        f"UPDATE settlement_fact SET {change} WHERE psn_no = 'CH4' AND quota_windows[2] = 8000 AND kind = 1"
    )
    report = await verify(conn, LAWS)
    await transaction.rollback()
    assert done == "UPDATE 1"
    assert fields <= {difference.field for difference in report.differences}
