"""Care outside the member's city, settled by the engine: filings, levels, the place's catalogue, the dated switch."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from gongji.explain import READERS
from gongji.policy import overridden
from gongji.project.statement import statement
from gongji.settlement.openings import open_accumulators
from tests.pg import places, world

AWAY = "H61010000002"
"""A level 2 hospital in Xi'an; its own province calls it price class 1."""
LANZHOU_3 = "H62010000003"
NEIGHBOUR = "H14100000003"


@pytest.fixture(scope="module")
def abroad(built: str) -> str:
    import asyncio

    import asyncpg

    async def prepare() -> None:
        conn = await asyncpg.connect(built)
        await places.add_hospital(conn, AWAY, places.XIAN, level="2", fee_class="1")
        await places.add_hospital(conn, LANZHOU_3, places.LANZHOU, level="3")
        await places.add_hospital(conn, NEIGHBOUR, places.LINFEN, level="1", fee_class="3")
        await conn.close()

    asyncio.run(prepare())
    return built


async def settle(conn: Any, dsn: str, psn_no: str, caller: str, on: date = world.DAY, **options: Any) -> Any:
    engine = await world.open_engine(dsn, **options)
    visit_id = await places.visit(conn, psn_no, caller, world.fee(1, 10_000), on=on)
    row = await places.settled(conn, engine, psn_no, visit_id, caller)
    await engine.close()
    return row


@pytest.mark.clause("QY.art17")
async def test_a_member_of_qingyang_is_treated_in_lanzhou_as_at_home(abroad: str, conn: Any) -> None:
    """G099: retired, level 3, deductible of the year paid: 200.00 x 55 %; nobody asks for a filing."""
    await world.add_persons(conn, ["OF1"], region=places.QINGYANG, status="retired")
    await open_accumulators(
        conn, settlement_id=world.new_id(), psn_no="OF1", year=2023, benefit="ordinary", deductible_fen=30_000,
        in_scope_fen=30_000, fund_fen=0, source="旧系统", at=world.AT,
    )  # fmt: skip
    engine = await world.open_engine(abroad, allow_draft=True)
    visit_id = await places.visit(conn, "OF1", LANZHOU_3, world.fee(1, 20_000))
    row = await places.settled(conn, engine, "OF1", visit_id, LANZHOU_3)
    assert (row["refusal"], row["deductible_fen"], row["pool_fen"]) == ("", 0, 11_000)
    attributes = await conn.fetchval(
        "SELECT attributes FROM settlement_fact WHERE psn_no = 'OF1' AND kind = 1"
    )
    assert "offsite=OUT_OF_CITY" in attributes
    await engine.close()


@pytest.mark.clause("SX2022-27.art26.4")
async def test_a_stay_without_a_filing_is_temporary_and_only_accounts_pay(abroad: str, conn: Any) -> None:
    await world.add_persons(conn, ["OF2"], own_fen=4_000)
    row = await settle(conn, abroad, "OF2", NEIGHBOUR)
    assert (row["refusal"], row["pool_fen"], row["account_fen"]) == ("OFFSITE_TEMPORARY", 0, 4_000)


@pytest.mark.clause("SX2022-27.art26.4")
async def test_a_refusal_that_was_stored_is_explained_with_its_article(abroad: str, conn: Any) -> None:
    await world.add_persons(conn, ["OF2B"])
    settled = (await settle(conn, abroad, "OF2B", NEIGHBOUR))["settlement_id"]
    laws = {world.law().digest: world.law()}
    for reader in READERS:
        assert "第二十六条（四）" in (await statement(conn, laws, "OF2B", settled, reader) or ""), reader


@pytest.mark.clause("SX2022-27.art24.c")
async def test_out_of_the_province_the_level_stands_for_the_price_class(abroad: str, conn: Any) -> None:
    """G073: level 2 counts as class 2, 50.00 and 60 %, whatever class the place's own province gives it (A21)."""
    await world.add_persons(conn, ["OF3"])
    await places.file(conn, "OF3", "LONG_TERM_OUT_OF_PROVINCE", "61", date(2020, 1, 1))
    row = await settle(conn, abroad, "OF3", AWAY)
    assert (row["deductible_fen"], row["pool_fen"]) == (5_000, 3_000)


@pytest.mark.clause("SX2022-27.art24.a")
async def test_within_the_province_a_filed_stay_settles_as_at_home(abroad: str, conn: Any) -> None:
    await world.add_persons(conn, ["OF4"])
    await places.file(conn, "OF4", "LONG_TERM_IN_PROVINCE", "1410", date(2020, 1, 1))
    row = await settle(conn, abroad, "OF4", NEIGHBOUR)
    assert (row["deductible_fen"], row["pool_fen"]) == (3_000, 4_550)


async def test_the_payment_standard_is_that_of_the_place_of_care(abroad: str, conn: Any) -> None:
    """Shaanxi recognises 60.00 of 100.00, Shanxi knows no standard: 10.00 above 50.00 are paid at 60 % (A21)."""
    await conn.execute(
        "INSERT INTO catalog_price (code, region, from_on, until_on, standard_micro, version) "
        "VALUES ($1, '61', '2020-01-01', NULL, 60000000, 0)",
        world.DRUG_A,
    )
    await world.add_persons(conn, ["OF5"])
    await places.file(conn, "OF5", "LONG_TERM_OUT_OF_PROVINCE", "61", date(2020, 1, 1))
    row = await settle(conn, abroad, "OF5", AWAY)
    await conn.execute("DELETE FROM catalog_price WHERE code = $1 AND region = '61'", world.DRUG_A)
    assert (row["over_limit_fen"], row["pool_fen"]) == (4_000, 600)


async def test_a_region_opens_temporary_stays_from_a_day_on_at_a_lower_ratio(abroad: str, conn: Any) -> None:
    """Decision A20: opened on 1 August at ten points less: (100.00 - 30.00) x 55 %."""
    cells = {"offsite.temporary.pool_payable": True, "offsite.temporary.ratio_delta": "10%"}
    law = overridden(world.law(), "14", cells, since=date(2024, 8, 1))
    await world.add_persons(conn, ["OF6"])
    before = await settle(conn, abroad, "OF6", NEIGHBOUR, date(2024, 7, 31), law=law)
    after = await settle(conn, abroad, "OF6", NEIGHBOUR, date(2024, 8, 1), law=law)
    assert (before["refusal"], before["pool_fen"]) == ("OFFSITE_TEMPORARY", 0)
    assert (after["refusal"], after["ratio_bp"], after["pool_fen"]) == ("", 5_500, 3_850)


async def test_a_filing_made_after_the_visit_counts_when_it_comes_before_the_settlement(
    abroad: str, conn: Any
) -> None:
    await world.add_persons(conn, ["OF7", "OF8"])
    day = world.DAY - timedelta(days=10)
    for psn_no in ("OF7", "OF8"):
        await places.file(conn, psn_no, "LONG_TERM_IN_PROVINCE", "1410", world.DAY)
    row = await settle(conn, abroad, "OF7", NEIGHBOUR, day)
    assert (row["refusal"], row["pool_fen"]) == ("", 4_550)
    strict = overridden(world.law(), "14", {"offsite.filing.late": "not_allowed"})
    row = await settle(conn, abroad, "OF8", NEIGHBOUR, day, law=strict)
    assert (row["refusal"], row["pool_fen"]) == ("OFFSITE_TEMPORARY", 0)
