"""What the clock ends is written down by the serving worker itself."""

from __future__ import annotations

import asyncio

import pytest

from gongji.gateway.platform import Platform
from gongji.gateway.sweeping import keep_sweeping, sweep
from gongji.prescriptions import selectors
from tests.gateway import rx, rx_world
from tests.gateway.client import Caller


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


async def states(platform: Platform, *ones: rx.Rx) -> list[str]:
    async with platform.pool.acquire() as conn:
        found = [await selectors.case(conn, one.no) for one in ones]
    return [case.state for case in found if case is not None]


@pytest.mark.clause("SX2022-27.art11")
async def test_prescriptions_expire_on_time_without_anybody_asking(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    old = await rx.circulating(caller)
    clock.wait(days=2)
    young = await rx.circulating(caller)
    await sweep(platform)
    assert await states(platform, old, young) == ["circulating", "circulating"]
    clock.wait(days=1)
    sweeping = asyncio.create_task(keep_sweeping(platform, 0.01))
    async with asyncio.timeout(10):
        while await states(platform, old) != ["expired"]:  # noqa: ASYNC110 - it is written down when it is
            await asyncio.sleep(0.02)
    sweeping.cancel()
    assert await states(platform, young) == ["circulating"]


async def test_a_hold_that_has_run_out_is_over(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    one = await rx.held(caller)
    clock.wait(hours=12)
    assert await sweep(platform) >= 1
    assert await states(platform, one) == ["circulating"]


async def test_one_worker_sweeps_at_a_time(caller: Caller, platform: Platform, clock: rx_world.Clock) -> None:
    one = await rx.circulating(caller)
    clock.wait(days=4)
    async with platform.pool.acquire() as other:
        await other.execute("SELECT pg_advisory_lock(hashtextextended('prescriptions:sweep', 0))")
        assert await sweep(platform) == 0
        await other.execute("SELECT pg_advisory_unlock(hashtextextended('prescriptions:sweep', 0))")
    assert await sweep(platform) >= 1
    assert await states(platform, one) == ["expired"]
