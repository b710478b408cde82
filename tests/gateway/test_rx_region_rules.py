"""A region that is only a file: five days by the clock, six fills, no split, a deductible at each place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongji.gateway.platform import Platform
from gongji.policy import Law
from tests.gateway import messages, rx, rx_world, world
from tests.gateway.client import Caller
from tests.gateway.rx_regions import amounts, at_hospital, bought, build_in, stopped, taken
from tests.gateway.test_pharmacy import prescribed, sale
from tests.policy.help import scheme

REGION = "159000"
PHARMACY, SECOND = world.PHARMACY, rx_world.SECOND_PHARMACY


@pytest.fixture(scope="module")
def law() -> Law:
    return scheme("refills")


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    return build_in(pg_url, REGION)


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "REGION", REGION)


async def test_a_prescription_of_the_centre_is_valid_to_its_last_hour(
    caller: Caller, clock: rx_world.Clock
) -> None:
    """(50.00 - 20.00) x 60 %; a minute after five times 24 hours nothing."""
    one, late = await rx.circulating(caller, valiDays=5), await rx.circulating(caller, valiDays=5)
    clock.at = one.at + timedelta(days=5, minutes=-1)
    await taken(one)
    assert amounts((await caller.output("2102", bought(one, "50.00"), caller=PHARMACY))["setlinfo"]) == (
        20,
        18,
    )
    clock.at = late.at + timedelta(days=5, minutes=1)
    why = await caller.output("7201", late.authorisation(), caller=PHARMACY)
    assert why == {"data": []}
    assert amounts((await caller.output("2102", bought(late, "50.00"), caller=PHARMACY))["setlinfo"])[1] == 0


async def test_six_days_are_longer_than_the_region_allows(caller: Caller) -> None:
    one = await rx.visited(caller)
    nodes = rx.sheet(one.psn_no, one.mdtrt_id, one.at, valiDays=6)
    assert "RX_VALIDITY_TOO_LONG" in await caller.refused("7101", nodes)


@pytest.mark.parametrize(("sold", "pool"), [("2024-08-20 09:29:59", 18), ("2024-08-20 09:30:01", 0)])
async def test_a_prescription_named_with_fees_is_valid_to_its_last_hour(
    caller: Caller, clock: rx_world.Clock, sold: str, pool: int
) -> None:
    clock.wait(days=6)
    psn_no = await messages.somebody(caller)
    rx_no = await prescribed(caller, psn_no, charge=False, on="2024-08-15 09:30:00")
    asked = sale(psn_no, rx_no, begntime=sold)
    assert amounts((await caller.output("2102", asked, caller=PHARMACY))["setlinfo"])[1] == pool


@pytest.mark.parametrize("through_the_centre", [True, False])
async def test_a_prescription_ends_with_its_issuer(
    caller: Caller, platform: Platform, clock: rx_world.Clock, through_the_centre: bool
) -> None:
    """Decision A36 is this region's to turn: the agreement ends on 15 August, the sale is on the 16th."""
    clock.wait(days=1)
    if through_the_centre:
        clock.wait(days=-1)
        one = await rx.circulating(caller)
        async with stopped(platform, world.HOSPITAL):
            clock.wait(days=1)
            await taken(one)
            info = (await caller.output("2102", bought(one, "50.00"), caller=PHARMACY))["setlinfo"]
    else:
        psn_no = await messages.somebody(caller)
        rx_no = await prescribed(caller, psn_no, charge=False)
        async with stopped(platform, world.HOSPITAL):
            asked = sale(psn_no, rx_no, begntime="2024-08-16 09:00:00")
            info = (await caller.output("2102", asked, caller=PHARMACY))["setlinfo"]
    assert amounts(info) == (0, 0)


async def test_a_visit_is_open_as_long_as_its_prescriptions(caller: Caller, clock: rx_world.Clock) -> None:
    """The visit of 15 August, to the end of the day plus five days (A09)."""
    clock.wait(days=7)
    psn_no = await messages.somebody(caller)
    mdtrt_id = await messages.visit(caller, psn_no)
    late = messages.line(psn_no, mdtrt_id, "B1", fee_ocur_time="2024-08-21 00:00:01")
    assert "VISIT_PERIOD_OVER" in await caller.refused("2204", {"feedetail": [late]})
    on_time = messages.line(psn_no, mdtrt_id, "B2", fee_ocur_time="2024-08-20 23:59:59")
    await caller.output("2204", {"feedetail": [on_time]})


@pytest.mark.parametrize(("fills", "refused"), [(6, False), (7, True)])
async def test_a_long_prescription_has_as_many_fills_as_the_region_says(
    caller: Caller, fills: int, refused: bool
) -> None:
    one = await rx.visited(caller)
    nodes = rx.sheet(
        one.psn_no, one.mdtrt_id, one.at, drugs=[rx.drug(drugCnt="84", medcDays="84")], longRxFlag="1", reptFlag="1",
        maxReptCnt=fills, minInrvDays=12, extras={"longRxRea": "慢性病稳定期", "longRxAsesFlag": "1"},
    )  # fmt: skip
    answer = await caller.call("7101", nodes)
    assert ("RX_REFILLS_TOO_MANY" in (answer["err_msg"] or "")) is refused
    assert (answer["infcode"] != 0) is refused


async def test_a_prescription_is_bought_at_one_pharmacy_only(caller: Caller) -> None:
    one = await rx.circulating(caller, drugs=[rx.drug(), rx.drug(rx_world.SECOND_DRUG)])
    await taken(one)
    await caller.output("2102", bought(one, "50.00"), caller=PHARMACY)
    await caller.output("7291", one.release(releaFlag="1"), caller=PHARMACY)
    await taken(one, SECOND)
    rest = bought(one, "30.00", rx_world.SECOND_DRUG, exp_content='{"RX_SPLIT_REA": "缺药"}')
    why = await caller.refused("2102", rest, caller=SECOND)
    assert "RX_SPLIT_NOT_ALLOWED" in why
    assert "第四条" in why


async def test_a_drug_named_with_fees_is_still_sold_once(caller: Caller) -> None:
    """The purchases are no part of the visit's group here, and the second pharmacy is refused all the same."""
    psn_no = await messages.somebody(caller)
    rx_no = await prescribed(caller, psn_no, charge=False)
    await rx_world.ready(caller)
    await caller.output("2102", sale(psn_no, rx_no), caller=PHARMACY)
    why = await caller.refused("2102", sale(psn_no, rx_no), caller=SECOND)
    assert "SAME_DRUG_DIFFERENT_INSTITUTION" in why


async def test_hospital_and_pharmacy_charge_a_deductible_each(caller: Caller) -> None:
    """(100.00 - 50.00) x 50 %, then (50.00 - 20.00) x 60 %."""
    one = await rx.circulating(caller)
    assert await at_hospital(caller, one) == (50, 25)
    await taken(one)
    assert amounts((await caller.output("2102", bought(one, "50.00"), caller=PHARMACY))["setlinfo"]) == (
        20,
        18,
    )
