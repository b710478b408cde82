"""Another region is only files: the four schemes of ``tests/policy/schemes`` through the engine on a real PostgreSQL.

Amounts are worked by hand from the schemes' words. Every settlement is first seen as a preview, which must say the same,
and at the end of each test everything is replayed and must be clean.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import asyncpg
import pytest

from gongji.policy import Law, compile_law, library_files, load_library
from gongji.settlement import facts
from gongji.settlement.engine import Engine
from gongji.settlement.verify import verify
from tests.pg import world
from tests.policy.help import SCHEMES

AGED, BANDS, MONTHLY, PAID = "449000", "319000", "339000", "519000"
HOSPITALS = {AGED: "H44900000001", BANDS: "H31900000001", MONTHLY: "H33900000001", PAID: "H51900000001"}
LEVELS = {AGED: "3", BANDS: "2", MONTHLY: "1", PAID: "2"}
AGED_PHARMACY = "P44900000002"
DAY = world.DAY
"""15 August 2024, a day of the third quarter."""
TURNS_60 = date(1964, 8, 15)


def scheme_law() -> Law:
    return compile_law(load_library([*library_files(), *sorted(SCHEMES.glob("*.yaml"))]))


async def _add_places(url: str) -> None:
    conn = await asyncpg.connect(url)
    places = [(code, "hospital", "01", region, LEVELS[region]) for region, code in HOSPITALS.items()]
    places.append((AGED_PHARMACY, "pharmacy", "", AGED, ""))
    for number, (code, kind, hosp_lv, region, level) in enumerate(places, start=100):
        await conn.execute(
            "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address) "
            "VALUES ($1, '某机构', '', $2, $3, $4, '')",
            code, kind, hosp_lv, region,
        )  # fmt: skip
        await conn.execute(
            "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level, "
            "direct_settlement) VALUES ($1, $2, '2020-01-01', true, true, '', $3, true)",
            code, number, level,
        )  # fmt: skip
    await conn.close()


@pytest.fixture(scope="module")
def places(built: str) -> str:
    """The module's database with institutions in the four regions."""
    asyncio.run(_add_places(built))
    return built


class Counter:
    """A member's visits at the hospital of the region."""

    def __init__(self, engine: Engine, conn: Any, region: str) -> None:
        self.engine, self.conn, self.region = engine, conn, region

    async def settle(self, psn_no: str, on: date, *amounts_fen: int, **changes: Any) -> tuple[int, int]:
        """Deductible and pool payment of one visit, alike in the preview and in the stored settlement."""
        hospital = HOSPITALS[self.region]
        fees = [world.fee(number, fen) for number, fen in enumerate(amounts_fen, start=1)]
        visit_id = await world.visit(self.conn, psn_no, fees, caller=hospital, on=on)
        return await self.take(world.settle_command(psn_no, visit_id, caller=hospital, **changes))

    async def take(self, command: Any) -> tuple[int, int]:
        shown = world.seen(await self.engine.preview(command)).outcome.waterfall
        done = world.done(await self.engine.settle(command))
        row = await self.conn.fetchrow(
            "SELECT deductible_fen, pool_fen, waterfall FROM settlement_v_settlement "
            "JOIN settlement_fact USING (psn_no, settlement_id) WHERE settlement_id = $1",
            done.settlement_id,
        )
        assert list(shown) == list(row["waterfall"])
        return row["deductible_fen"], row["pool_fen"]


@pytest.fixture
async def engine(places: str, conn: Any) -> AsyncIterator[Engine]:
    """An engine under the law of all four schemes; when it closes, everything it settled must verify."""
    engine = await world.open_engine(places, law=scheme_law())
    yield engine
    await engine.close()
    report = await verify(conn, {scheme_law().digest: scheme_law()})
    assert report.settlements > 0
    assert report.clean, report.differences


# 年龄：每日起付 20，比例按年龄段和签约，季度限额 600 / 800


@pytest.mark.parametrize(
    ("born_on", "doctor", "pool_fen"),
    [
        (date(1999, 12, 31), "", 10_000),  # 24：200 × 50 %
        (date(1964, 8, 16), "", 10_000),  # 59, sixty tomorrow
        (date(1964, 8, 15), "", 12_000),  # 60 today：200 × 60 %
        (date(1944, 8, 16), "", 12_000),  # 79
        (date(1944, 8, 15), "", 13_000),  # 80：200 × 65 %
        (date(2024, 8, 15), "yes", 12_000),  # 0, with a family doctor：200 × 60 %
        (date(1944, 2, 29), "yes", 15_000),  # 80：200 × 75 %
    ],
)
async def test_the_rate_follows_the_age_on_the_day_of_service(
    engine: Engine, conn: Any, born_on: date, doctor: str, pool_fen: int
) -> None:
    psn_no = f"S-{born_on:%Y%m%d}"
    await world.add_persons(conn, [psn_no], region=AGED, born_on=born_on)
    extra = {"family_doctor": doctor} if doctor else {}
    assert await Counter(engine, conn, AGED).settle(psn_no, DAY, 22_000, extra=extra) == (2_000, pool_fen)


async def test_a_birthday_changes_the_rate_between_two_days(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-B"], region=AGED, born_on=TURNS_60)
    counter = Counter(engine, conn, AGED)
    assert await counter.settle("S-B", date(2024, 8, 14), 22_000) == (2_000, 10_000)  # 59：200 × 50 %
    assert await counter.settle("S-B", DAY, 22_000) == (2_000, 12_000)  # 60：200 × 60 %


async def test_somebody_born_on_29_february_turns_sixty_on_that_day_of_a_leap_year(
    engine: Engine, conn: Any
) -> None:
    await world.add_persons(conn, ["S-L"], region=AGED, born_on=date(1964, 2, 29))
    counter = Counter(engine, conn, AGED)
    assert await counter.settle("S-L", date(2024, 2, 28), 22_000) == (2_000, 10_000)
    assert await counter.settle("S-L", date(2024, 2, 29), 22_000) == (2_000, 12_000)


async def test_a_day_charges_its_deductible_once(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-D"], region=AGED, born_on=date(1990, 1, 1))
    counter = Counter(engine, conn, AGED)
    assert await counter.settle("S-D", DAY, 1_500) == (1_500, 0)
    assert await counter.settle("S-D", DAY, 10_500) == (500, 5_000)  # 20 - 15 = 5；100 × 50 %
    assert await counter.settle("S-D", date(2024, 8, 14), 12_000) == (2_000, 5_000)  # another day


async def test_a_quarters_ceiling_rises_with_the_sixtieth_birthday(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-Q"], region=AGED, born_on=TURNS_60)
    counter = Counter(engine, conn, AGED)
    assert await counter.settle("S-Q", date(2024, 6, 30), 142_000) == (2_000, 60_000)  # 1400 × 50 %；限 600
    assert await counter.settle("S-Q", date(2024, 7, 1), 122_000) == (2_000, 60_000)  # a new quarter
    assert await counter.settle("S-Q", date(2024, 8, 14), 10_000) == (2_000, 0)  # 600 used
    assert await counter.settle("S-Q", DAY, 42_000) == (2_000, 20_000)  # 400 × 60 % = 240；800 - 600


async def test_a_pharmacys_sale_knows_the_age(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-P"], region=AGED, born_on=TURNS_60)
    hospital = HOSPITALS[AGED]
    visit_id = await world.visit(conn, "S-P", [world.fee(1, 1_500)], caller=hospital)
    await world.prescribe(conn, "S-P", "RX-S", visit_id, [world.DRUG_A], issuer=hospital)
    counter = Counter(engine, conn, AGED)
    assert await counter.take(world.settle_command("S-P", visit_id, caller=hospital)) == (1_500, 0)
    sale = world.purchase_command("S-P", [world.fee(1, 20_500)], "RX-S", at=AGED_PHARMACY)
    assert await counter.take(sale) == (500, 12_000)  # 20 - 15 = 5；200 × 60 %


async def test_an_age_that_cannot_be_is_refused_and_not_guessed(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-X"], region=AGED, born_on=date(2024, 8, 16))
    hospital = HOSPITALS[AGED]
    visit_id = await world.visit(conn, "S-X", [world.fee(1, 22_000)], caller=hospital)
    answer = await engine.settle(world.settle_command("S-X", visit_id, caller=hospital))
    assert world.refused(answer) == "ATTRIBUTE_MISSING"


async def test_a_drug_that_the_region_lists_in_its_own_category_is_prepaid_by_that(
    engine: Engine, conn: Any
) -> None:
    await world.add_persons(conn, ["S-S"], region=AGED, born_on=date(1990, 1, 1))
    hospital = HOSPITALS[AGED]
    fees = [world.fee(1, 10_000, world.DRUG_B), world.fee(2, 5_000)]
    visit_id = await world.visit(conn, "S-S", fees, caller=hospital)
    answer = await Counter(engine, conn, AGED).take(world.settle_command("S-S", visit_id, caller=hospital))
    assert answer == (2_000, 5_000)  # 乙类药 100 × 30 % = 30；(70 + 50 - 20) × 50 %


async def test_a_reversed_visit_gives_the_quarter_back(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-R"], region=AGED, born_on=date(1990, 1, 1))
    hospital = HOSPITALS[AGED]
    visit_id = await world.visit(conn, "S-R", [world.fee(1, 122_000)], caller=hospital)
    first = world.done(await engine.settle(world.settle_command("S-R", visit_id, caller=hospital)))
    world.done(await engine.reverse(world.reverse_command("S-R", first.settlement_id, caller=hospital)))
    assert await Counter(engine, conn, AGED).settle("S-R", DAY, 122_000) == (2_000, 60_000)


async def test_an_age_is_kept_with_a_settlement_only_where_the_law_asks_for_it(
    engine: Engine, conn: Any
) -> None:
    for region in (AGED, MONTHLY):
        await world.add_persons(conn, [f"S-K{region}"], region=region, born_on=TURNS_60)
        await Counter(engine, conn, region).settle(f"S-K{region}", DAY, 22_000)
    rows = await conn.fetch("SELECT psn_no, attributes FROM settlement_fact WHERE psn_no LIKE 'S-K%'")
    stated = {row["psn_no"]: facts.parse_attributes(row["attributes"]).get("age") for row in rows}
    assert stated == {f"S-K{AGED}": "60", f"S-K{MONTHLY}": None}


# 按月：每月起付 100，月限额在职 200、退休 260，全年 1800；社区 70 % / 75 %


async def test_a_month_has_one_deductible_and_one_ceiling(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-M1"], region=MONTHLY)
    counter = Counter(engine, conn, MONTHLY)
    assert await counter.settle("S-M1", date(2024, 7, 5), 6_000) == (6_000, 0)
    assert await counter.settle("S-M1", date(2024, 7, 20), 24_000) == (4_000, 14_000)  # (240 - 40) × 70 %
    assert await counter.settle("S-M1", date(2024, 7, 31), 30_000) == (0, 6_000)  # 210；200 - 140 = 60
    assert await counter.settle("S-M1", date(2024, 8, 1), 30_000) == (10_000, 14_000)  # a new month


async def test_a_pensioners_month_has_a_higher_ceiling(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-M2"], region=MONTHLY, status="retired")
    answer = await Counter(engine, conn, MONTHLY).settle("S-M2", DAY, 50_000)
    assert answer == (10_000, 26_000)  # 400 × 75 % = 300；限 260


# 分段：年度起付在职 500、退休 300；二级医院 5000 以下 70 %，至 20000 为 77.5 %


async def test_bands_run_over_the_cost_of_the_year(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-C"], region=BANDS)
    counter = Counter(engine, conn, BANDS)
    # 500 of 6000 are the deductible：4500 × 70 % + 1000 × 77.5 % = 3150 + 775
    assert await counter.settle("S-C", date(2024, 3, 3), 600_000) == (50_000, 392_500)
    assert await counter.settle("S-C", DAY, 100_000) == (0, 77_500)
    # 13000 to 20000 × 77.5 %, 1000 × 85 %, after 6000 more at 77.5 %
    assert await counter.settle("S-C", DAY, 600_000) == (0, 465_000)
    assert await counter.settle("S-C", DAY, 800_000) == (0, 627_500)  # 7000 × 77.5 % + 1000 × 85 %


async def test_a_pensioners_year_has_a_lower_deductible(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-C2"], region=BANDS, status="retired")
    answer = await Counter(engine, conn, BANDS).settle("S-C2", DAY, 100_000)
    assert answer == (30_000, 49_000)  # 700 × 70 %


# 已付：不设起付；年内基金已付 1000 以内 70 %，以上 50 %；单次限额 300


async def test_bands_run_over_the_fund_paid_in_the_year(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-F"], region=PAID)
    counter = Counter(engine, conn, PAID)
    for on in (date(2024, 1, 2), date(2024, 2, 3), date(2024, 3, 4)):
        assert await counter.settle("S-F", on, 40_000) == (0, 28_000)
    # 840 paid：the 160 left are reached with 228.58 of cost；228.58 × 70 % + 171.42 × 50 % = 160.006 + 85.71
    assert await counter.settle("S-F", date(2024, 4, 5), 40_000) == (0, 24_572)
    assert await counter.settle("S-F", DAY, 40_000) == (0, 20_000)  # 1085.72 paid：50 %


async def test_a_visit_has_a_ceiling_of_its_own(engine: Engine, conn: Any) -> None:
    await world.add_persons(conn, ["S-F2"], region=PAID)
    counter = Counter(engine, conn, PAID)
    assert await counter.settle("S-F2", DAY, 50_000) == (0, 30_000)  # 350；限 300
    assert await counter.settle("S-F2", DAY, 10_000) == (0, 7_000)  # another visit
