"""Fixtures of every test of a page: the demonstration's world on a database of the module's own, a platform, a browser."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import asyncpg
import pytest

from gongji.demo_data import generate, load
from gongji.gateway.opening import open_platform
from gongji.gateway.platform import Platform, system_now
from gongji.gateway.settings import GatewaySettings
from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library
from tests.vaults import VAULT
from tests.web.asgi import Browser, web_on

__all__ = ["browser", "law", "now", "platform", "world_url"]


@pytest.fixture(scope="session")
def law() -> Law:
    return compile_law(load_library(overlay=DEMO_OVERLAY))


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    """The module's database with the demonstration in it."""

    async def fill() -> None:
        connection = await asyncpg.connect(pg_url)
        await load(connection, generate(), VAULT)
        await connection.close()

    asyncio.run(fill())
    return pg_url


@pytest.fixture
def now() -> Callable[[], datetime]:
    """The platform's clock; a module with a time of its own overrides this."""
    return system_now


@pytest.fixture
async def platform(world_url: str, law: Law, now: Callable[[], datetime]) -> AsyncIterator[Platform]:
    settings = GatewaySettings(signature="off", demo=True)
    async with open_platform(world_url, settings, law, VAULT, now=now) as opened:
        yield opened


@pytest.fixture
async def browser(world_url: str, platform: Platform) -> AsyncIterator[Browser]:
    async with Browser(await web_on(world_url), platform) as opened:
        yield opened
