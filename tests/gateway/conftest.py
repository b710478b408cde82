"""The interface on a real database: one small world a test module, one platform a test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from io import BytesIO

import asyncpg
import pytest

from gongji.gateway import journal
from gongji.gateway.app import Gateway
from gongji.gateway.opening import open_platform
from gongji.gateway.platform import Platform, system_now
from gongji.gateway.settings import GatewaySettings
from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library
from tests.gateway import world
from tests.gateway.client import Caller
from tests.vaults import VAULT


@pytest.fixture(scope="session")
def law() -> Law:
    return compile_law(load_library(overlay=DEMO_OVERLAY))


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    """The module's database with the world in it."""

    async def fill() -> None:
        connection = await asyncpg.connect(pg_url)
        await world.build(connection)
        await connection.close()

    asyncio.run(fill())
    return pg_url


@pytest.fixture
def settings() -> GatewaySettings:
    """A trusted gateway stands in front; a module that tests something else overrides this."""
    return GatewaySettings(signature="off")


@pytest.fixture
def now() -> Callable[[], datetime]:
    """The platform's clock; a module with a time of its own overrides this."""
    return system_now


@pytest.fixture
async def platform(
    world_url: str, law: Law, settings: GatewaySettings, now: Callable[[], datetime]
) -> AsyncIterator[Platform]:
    async with open_platform(world_url, settings, law, VAULT, now=now) as opened:
        yield opened


@pytest.fixture
def caller(platform: Platform) -> Caller:
    app = Gateway(lambda _: b"")
    app.platform = platform
    return Caller(app)


@pytest.fixture(autouse=True)
def log_lines() -> Iterator[BytesIO]:
    """What is logged during the test."""
    stream = BytesIO()
    journal.configure(stream)
    yield stream
    journal.configure(BytesIO())
