"""The merged deductible over the interface: every case of the golden file, with prescriptions from fee lines and of the centre.

One platform for all cases: they share the law, and each has persons and institutions of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.cases.form import Case
from gongji.cases.laws import Laws
from gongji.cases.loader import load
from gongji.gateway.app import Gateway
from gongji.gateway.opening import open_platform
from gongji.gateway.platform import Platform
from gongji.gateway.settings import GatewaySettings
from gongji.prescriptions import verify
from tests.gateway.client import Caller
from tests.gateway.golden_centre import CentreStage
from tests.gateway.golden_stage import Stage, unsaid
from tests.gateway.rx_world import Clock
from tests.gateway.test_golden import LATER
from tests.vaults import VAULT

FILE = load(Path(__file__).resolve().parents[1] / "golden" / "merging.yaml")
LAWS = Laws(FILE)
LAW = LAWS.law(FILE.cases[0])
REGION = LAWS.region(FILE.cases[0])


def test_every_case_can_be_said_to_the_interface_under_one_law() -> None:
    assert [case.id for case in FILE.cases if unsaid(case) or LAWS.law(case).digest != LAW.digest] == []


async def different(
    stage_of: Callable[[Caller, Platform, Case], Stage], platform: Platform
) -> dict[str, list[str]]:
    """What the interface answers otherwise than a case expects, by case."""
    app = Gateway(lambda _: b"")
    app.platform = platform
    found = {}
    for case in FILE.cases:
        stage = stage_of(Caller(app), platform, case)
        async with platform.pool.acquire() as connection:
            await stage.set_up(connection)
        if told := await stage.play():
            found[case.id] = told
    return found


@pytest.mark.clause("SX2023-2.s2.b", "SX2022-27.art10.b")
async def test_prescriptions_named_with_fees_share_the_deductible_to_the_fen(
    world_url: str, settings: GatewaySettings
) -> None:
    async with open_platform(world_url, settings, LAW, VAULT, now=lambda: LATER) as platform:
        assert await different(lambda *of: Stage(*of, REGION, LAW), platform) == {}


@pytest.mark.clause("SX2023-2.s2.b", "SX2022-27.art10.b", "SX2021-103.s2.2.f", "NHSA2023-4.s4.2.b")
async def test_prescriptions_of_the_centre_share_the_deductible_to_the_fen(
    world_url: str, settings: GatewaySettings
) -> None:
    """Sales and refunds by 2102, 2103 and 2208; in the end the prescriptions' record agrees with itself."""
    clock = Clock()
    async with open_platform(world_url, settings, LAW, VAULT, now=clock) as platform:
        assert await different(lambda *of: CentreStage(*of, REGION, LAW, clock), platform) == {}
        async with platform.pool.acquire() as connection:
            assert await verify.differences(connection) == ()
            assert await connection.fetchval("SELECT count(*) FROM prescriptions_prescription") >= len(
                FILE.cases
            )
