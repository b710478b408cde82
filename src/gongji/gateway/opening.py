"""Opening and closing a worker's platform: connections, worker number, books, engine, the keepers that tend them, the sender of
notices, and the sweep of what has expired.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import asyncpg

from gongji.base.ids import IdSource
from gongji.base.sealing import Vault
from gongji.gateway import metrics, workers
from gongji.gateway.epc.envelope import Signing
from gongji.gateway.epc.sender import Sender, keep_sending, threads
from gongji.gateway.epc.signer import centre_signing
from gongji.gateway.journal import anatomy, log
from gongji.gateway.platform import LOST_DATABASE, Platform, system_now
from gongji.gateway.settings import GatewaySettings
from gongji.gateway.sweeping import keep_sweeping
from gongji.policy import Law
from gongji.settlement.engine import Engine
from gongji.settlement.inputs import RoomInputs

POOL_SIZE = 8
CONNECT_S = 10.0
KEEPER_S = 1.0
"""How often books are refreshed and figures of the engine are read."""
SWEEP_S = 20.0
"""How often what the clock has ended is written down."""
NOTICE_S = 3.0
"""How often a worker looks whether hospitals are to be told something."""

SESSION = {
    "application_name": "gongji-gateway",
    "jit": "off",
    "TimeZone": "UTC",
    "citus.override_table_visibility": "off",
}


def system_ms() -> int:
    """The server's clock in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@contextlib.asynccontextmanager
async def open_platform(
    dsn: str,
    settings: GatewaySettings,
    law: Law,
    vault: Vault,
    *,
    now: Callable[[], datetime] = system_now,
    allow_draft: bool = False,
    id_ms: Callable[[], int] = system_ms,
) -> AsyncIterator[Platform]:
    """A working platform on the database ``dsn``, closed in order at the end: what was accepted is answered first.

    ``id_ms``: the milliseconds that new numbers carry. Only a past that is told once gives them another clock than the server's.
    """
    holder = await asyncpg.connect(dsn, server_settings=SESSION, timeout=CONNECT_S)
    worker = await workers.claim(holder)
    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=POOL_SIZE,
        timeout=CONNECT_S,
        server_settings=SESSION,
        command_timeout=None,
        reset=_as_it_is,
    )
    ids = IdSource(worker, id_ms)
    async with pool.acquire() as connection:
        inputs = await RoomInputs.load(connection, ids, vault, allow_draft=allow_draft)
    engine = await Engine.open(
        dsn, law, worker, inputs, ids=ids, now=now, observe=metrics.BATCH_COMMANDS.observe
    )
    platform = Platform(
        settings=settings,
        dsn=dsn,
        pool=pool,
        engine=engine,
        inputs=inputs,
        law=law,
        ids=ids,
        vault=vault,
        worker=worker,
        now=now,
        allow_draft=allow_draft,
    )
    async with threads() as callback_threads:
        tasks = [
            asyncio.create_task(_keep(platform, dsn, holder)),
            asyncio.create_task(_keep_searchable(platform)),
        ]
        if not settings.read_only:
            tasks.append(asyncio.create_task(_notify(platform, callback_threads)))
            tasks.append(asyncio.create_task(keep_sweeping(platform, SWEEP_S)))
        try:
            yield platform
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await _close(platform, holder)


async def _close(platform: Platform, holder: asyncpg.Connection[Any]) -> None:
    """What was accepted is settled, then the connections end."""
    await platform.engine.close()
    await platform.pool.close()
    await holder.close()


async def _notify(platform: Platform, executor: ThreadPoolExecutor) -> None:
    """Hospitals are told what became of their prescriptions."""

    def signing() -> Signing | None:
        if platform.orphaned:
            return None
        return centre_signing(platform.providers, platform.signer, platform.now())

    acquire, ids, now = platform.pool.acquire, platform.ids, platform.now
    sender = Sender(acquire, lambda: platform.providers, signing, ids, now, executor)
    await keep_sending(sender, NOTICE_S, LOST_DATABASE)


async def _as_it_is(_: asyncpg.Connection[Any]) -> None:
    """What a connection goes through between two uses: nothing. No trade changes a session, and a reset is a round trip."""


async def _keep(platform: Platform, dsn: str, holder: asyncpg.Connection[Any]) -> None:
    """Every second: books up to date, the queue's length read, the worker number still ours."""
    while True:
        await asyncio.sleep(KEEPER_S)
        metrics.QUEUE.set(platform.engine.waiting)
        try:
            if holder.is_closed():
                holder = await _regain(platform, dsn)
            async with platform.pool.acquire() as connection:
                await platform.inputs.refresh(connection)
            platform.lost = False
        except LOST_DATABASE as error:
            platform.lost = True
            log().warning("database", **anatomy(error))
        except workers.NoWorkerNumber as error:
            # Another process may make the same identifiers: nothing more is written from here.
            platform.orphaned = True
            log().critical("worker number lost", worker=platform.worker, **anatomy(error))
            return


async def _keep_searchable(platform: Platform) -> None:
    """After every change of the catalogue its names are put in order, beside the counter's work."""
    while True:
        if not platform.catalogue.searchable:
            await asyncio.to_thread(platform.catalogue.prepare_search)
        await asyncio.sleep(KEEPER_S)


async def _regain(platform: Platform, dsn: str) -> asyncpg.Connection[Any]:
    """The worker number again, after the connection that held it was lost."""
    holder = await asyncpg.connect(dsn, server_settings=SESSION, timeout=CONNECT_S)
    await workers.claim(holder, platform.worker)
    return holder
