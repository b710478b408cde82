"""A region that is only a file: one deductible a year, to which purchases on a prescription of the centre count."""

from __future__ import annotations

import pytest

from gongji.policy import Law
from tests.gateway import rx, rx_world, world
from tests.gateway.client import Caller
from tests.gateway.rx_regions import amounts, at_hospital, bought, build_in, taken
from tests.policy.help import scheme

REGION = "259000"
PHARMACY, SECOND = world.PHARMACY, rx_world.SECOND_PHARMACY


@pytest.fixture(scope="module")
def law() -> Law:
    return scheme("yearly")


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    return build_in(pg_url, REGION)


@pytest.fixture
def now() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "REGION", REGION)


async def test_the_years_deductible_is_shared_and_comes_back_with_a_refund(caller: Caller) -> None:
    """100.00 at the hospital leave 200.00 of the year's 300.00: (400.00 - 200.00) x 60 %; after the refund the second pharmacy
    sells for 250.00: (250.00 - 200.00) x 60 %, and a later prescription meets no deductible."""
    one = await rx.circulating(caller)
    assert await at_hospital(caller, one) == (100, 0)
    await taken(one)
    info = (await caller.output("2102", bought(one, "400.00"), caller=PHARMACY))["setlinfo"]
    assert amounts(info) == (200, 120)
    back = {"data": {"psn_no": one.psn_no, "setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"]}}
    assert amounts((await caller.output("2103", back, caller=PHARMACY))["setlinfo"]) == (-200, -120)
    await taken(one, SECOND)
    info = (await caller.output("2102", bought(one, "250.00"), caller=SECOND))["setlinfo"]
    assert amounts(info) == (200, 30)
    two = await rx.circulating(caller, one.psn_no)
    await taken(two)
    assert amounts((await caller.output("2102", bought(two, "80.00"), caller=PHARMACY))["setlinfo"]) == (
        0,
        48,
    )
