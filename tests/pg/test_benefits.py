"""Benefits beside the ordinary one: treatments settled like inpatient care, dual-channel drugs, limits that stay apart."""

from __future__ import annotations

from typing import Any

import pytest

from gongji.policy import overridden
from gongji.settlement import selectors
from gongji.settlement.verify import verify
from gongji.settlement.years import chronic
from tests.pg import places, world

LEVEL3 = "H62100000003"
DIALYSIS, HYPERTENSION = "M07800", "M03900"


@pytest.fixture(scope="module")
def qingyang(built: str) -> str:
    import asyncio

    import asyncpg

    async def prepare() -> None:
        conn = await asyncpg.connect(built)
        await places.add_hospital(conn, LEVEL3, places.QINGYANG, level="3")
        await places.add_dual_channel_drug(conn)
        await conn.close()

    asyncio.run(prepare())
    return built


async def member(conn: Any, psn_no: str) -> None:
    await world.add_persons(conn, [psn_no], region=places.QINGYANG)
    await places.entitle(conn, psn_no, DIALYSIS, treatment="dialysis")
    await places.entitle(conn, psn_no, HYPERTENSION, quota_fen=50_000)


async def open_engine(dsn: str, **options: Any) -> Any:
    options.setdefault("law", places.DEMO)
    return await world.open_engine(dsn, allow_draft=True, **options)


@pytest.mark.clause("QY.art20.b")
@pytest.mark.clause("QY.art20.c")
async def test_dialysis_has_its_own_deductible_once_a_year_and_its_own_sums(qingyang: str, conn: Any) -> None:
    """G100: (5,000.00 - 800.00) x 85 %, then 5,000.00 x 85 %; the ordinary year is untouched."""
    await member(conn, "BE1")
    engine = await open_engine(qingyang)
    paid = []
    for key in (1, 2):
        visit_id = await places.visit(conn, "BE1", LEVEL3, world.fee(key, 500_000), disease=DIALYSIS)
        row = await places.settled(conn, engine, "BE1", visit_id, LEVEL3)
        paid.append((row["benefit"], row["deductible_fen"], row["pool_fen"]))
    assert paid == [("as_inpatient", 80_000, 357_000), ("as_inpatient", 0, 425_000)]
    year = await selectors.year(conn, "BE1", 2023)
    assert year.sums("as_inpatient") == (80_000, 1_000_000, 782_000)
    assert year.sums("ordinary") == (0, 0, 0)
    assert (5104, "", 425_000) in await places.legs(conn, row["settlement_id"])
    await engine.close()


async def test_other_fees_of_the_same_day_are_a_settlement_of_their_own(qingyang: str, conn: Any) -> None:
    await member(conn, "BE2")
    engine = await open_engine(qingyang)
    treated = await places.visit(conn, "BE2", LEVEL3, world.fee(1, 500_000), disease=DIALYSIS)
    other = await places.visit(conn, "BE2", LEVEL3, world.fee(1, 50_000))
    first = await places.settled(conn, engine, "BE2", treated, LEVEL3)
    second = await places.settled(conn, engine, "BE2", other, LEVEL3)
    assert (first["benefit"], first["pool_fen"]) == ("as_inpatient", 357_000)
    assert (second["benefit"], second["deductible_fen"], second["pool_fen"]) == ("ordinary", 30_000, 10_000)
    await engine.close()


@pytest.mark.clause("QY.art19")
async def test_dual_channel_drugs_are_accounted_for_apart(qingyang: str, conn: Any) -> None:
    """No deductible, 70 % (made up): 1,000.00 pays 700.00 from an account of its own in the books."""
    await member(conn, "BE3")
    engine = await open_engine(qingyang)
    visit_id = await places.visit(conn, "BE3", LEVEL3, world.fee(1, 100_000, places.DUAL))
    row = await places.settled(conn, engine, "BE3", visit_id, LEVEL3)
    assert (row["benefit"], row["deductible_fen"], row["pool_fen"]) == ("dual_channel", 0, 70_000)
    assert await places.legs(conn, row["settlement_id"]) == [
        (5103, "", 70_000), (1101, "BE3", 30_000), (2101, LEVEL3, -100_000),
    ]  # fmt: skip
    assert (await selectors.year(conn, "BE3", 2023)).sums("dual_channel") == (0, 100_000, 70_000)
    await engine.close()


@pytest.mark.clause("QY.art19")
async def test_a_batch_that_mixes_dual_channel_drugs_with_others_is_not_settled(
    qingyang: str, conn: Any
) -> None:
    await member(conn, "BE4")
    engine = await open_engine(qingyang)
    lines = (world.fee(1, 100_000, places.DUAL), world.fee(2, 50_000))
    visit_id = await places.visit(conn, "BE4", LEVEL3, *lines)
    refused = await engine.settle(world.settle_command("BE4", visit_id, caller=LEVEL3))
    assert world.refused(refused) == "DUAL_CHANNEL_MIXED"
    await engine.close()


async def test_where_no_rule_keeps_them_apart_dual_channel_drugs_are_ordinary(
    qingyang: str, conn: Any
) -> None:
    await world.add_persons(conn, ["BE5"])
    engine = await world.open_engine(qingyang)
    lines = [world.fee(1, 100_000, places.DUAL), world.fee(2, 5_000)]
    visit_id = await world.visit(conn, "BE5", lines)
    row = await places.settled(conn, engine, "BE5", visit_id, world.HOSPITAL)
    assert row["benefit"] == "ordinary"
    await engine.close()


@pytest.mark.clause("QY.art19")
async def test_without_a_rate_for_dual_channel_drugs_the_refusal_names_the_article(
    qingyang: str, conn: Any
) -> None:
    await member(conn, "BE6")
    engine = await open_engine(qingyang, law=world.law())
    visit_id = await places.visit(conn, "BE6", LEVEL3, world.fee(1, 100_000, places.DUAL))
    refused = await engine.settle(world.settle_command("BE6", visit_id, caller=LEVEL3))
    assert world.refused(refused) == "PARAMETER_UNSPECIFIED"
    assert refused.clause == "QY.art19"
    assert "第十九条" in refused.text
    await engine.close()


@pytest.mark.clause("QY.art21")
async def test_no_benefit_uses_up_the_limit_of_another(qingyang: str, conn: Any) -> None:
    """In one year: ordinary up to 2,000.00, chronic up to 500.00, dual channel up to 300.00, inpatient without a limit."""
    law = overridden(places.DEMO, "6210", {"dual_channel.ceiling.per_year": "300.00"})
    await member(conn, "BE7")
    engine = await open_engine(qingyang, law=law)
    found: dict[str, list[int]] = {"ordinary": [], "dual_channel": [], "as_inpatient": [], "chronic": []}
    for key in (1, 2):
        for lines, disease, med_type in (
            ((world.fee(key, 100_000, places.DUAL),), "", "11"),
            ((world.fee(key, 500_000),), DIALYSIS, "11"),
            ((world.fee(key, 60_000),), HYPERTENSION, "14"),
            ((world.fee(key, 400_000),), "", "11"),
        ):
            visit_id = await places.visit(conn, "BE7", LEVEL3, *lines, disease=disease, med_type=med_type)
            row = await places.settled(conn, engine, "BE7", visit_id, LEVEL3)
            found[row["benefit"]].append(row["pool_fen"])
            found["chronic"] += [row["chronic_pay_fen"]] if disease == HYPERTENSION else []
    assert found["dual_channel"] == [30_000, 0]
    assert found["as_inpatient"] == [357_000, 425_000]
    assert found["chronic"] == [48_000, 2_000]
    assert sum(found["ordinary"]) == 200_000
    year = await selectors.year(conn, "BE7", 2023)
    sums = {name: year.sums(name)[2] for name in year.benefits}
    assert sums == {
        "dual_channel": 30_000, "as_inpatient": 782_000, "ordinary": 200_000, chronic(HYPERTENSION): 50_000,
    }  # fmt: skip
    report = await verify(conn, {by.digest: by for by in (law, places.DEMO, world.law())})
    assert report.clean, report
    await engine.close()
