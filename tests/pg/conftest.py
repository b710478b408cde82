"""Databases with the small world of ``tests.pg.world`` in them."""

import asyncio

import asyncpg
import pytest

from tests.pg import world


async def _build(url: str) -> None:
    conn = await asyncpg.connect(url)
    await world.build(conn, [])
    await conn.close()


@pytest.fixture(scope="module")
def built(pg_url: str) -> str:
    """URL of the module's database with institutions and catalogue, but nobody in it yet."""
    asyncio.run(_build(pg_url))
    return pg_url
