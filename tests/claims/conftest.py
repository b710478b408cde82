"""The agency on a database of its own a module, and the engine that settles for it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from gongji.claims import Office
from gongji.settlement.engine import Engine
from tests.claims.office import office
from tests.pg import world


@pytest.fixture(scope="module")
def filled(pg_url: str) -> str:
    """The module's database with institutions and a catalogue."""

    async def fill() -> None:
        conn = await asyncpg.connect(pg_url)
        await world.build(conn, [])
        await conn.close()

    asyncio.run(fill())
    return pg_url


@pytest.fixture
async def desk(conn: asyncpg.Connection, filled: str) -> Office:
    return await office(conn)


@pytest.fixture
async def engine(filled: str) -> AsyncIterator[Engine]:
    """An engine that may apply Qingyang's draft."""
    engine = await world.open_engine(filled, allow_draft=True)
    yield engine
    await engine.close()
