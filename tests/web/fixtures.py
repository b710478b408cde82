"""Fixtures of every test of a page: the demonstration's world on a database of the module's own, a platform, a browser."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from itertools import count

import asyncpg
import psycopg
import pytest

from gongji.demo_data import generate, load
from gongji.gateway import journal
from gongji.gateway.opening import open_platform
from gongji.gateway.platform import Platform, system_now
from gongji.gateway.settings import GatewaySettings
from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library
from gongji.project.history import live
from tests.databases import create_database
from tests.vaults import VAULT
from tests.web.asgi import Browser, web_on

__all__ = ["browser", "law", "lived_template", "lived_url", "now", "platform", "world_url"]

LIVED = "gongji_lived"
_numbers = count(1)


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


@pytest.fixture(scope="session")
def lived_template(pg_server: str, pg_template: str) -> str:
    """Name of a database with the demonstration's world and its past, which modules are cloned from."""
    url = create_database(pg_server, LIVED, pg_template)

    async def fill() -> None:
        connection = await asyncpg.connect(url)
        await load(connection, generate(), VAULT)
        await connection.close()
        journal.configure(io.BytesIO())
        await live(url, compile_law(load_library(overlay=DEMO_OVERLAY)), VAULT, generate())

    asyncio.run(fill())
    return LIVED


@pytest.fixture(scope="module")
def lived_url(pg_server: str, lived_template: str) -> Iterator[str]:
    """The module's database with the demonstration's world and its past. A module that wants its pages to show them overrides
    ``world_url`` with it.
    """
    name = f"lived_{os.getpid()}_{next(_numbers)}"
    yield create_database(pg_server, name, lived_template)
    with psycopg.connect(pg_server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


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
