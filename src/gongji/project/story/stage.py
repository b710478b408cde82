"""A stage for stories that take years: database, platform and officers' desks under one clock that the story turns.

The interface is the real one, over HTTP with signatures, served from this process, because the server of `gongji serve` has the
world's own clock and settles nothing before its day.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import asyncpg
import uvicorn

from gongji.base.ids import IdSource
from gongji.base.sealing import Vault
from gongji.base.times import CHINA
from gongji.gateway import journal
from gongji.gateway.app import Gateway
from gongji.gateway.opening import open_platform
from gongji.gateway.platform import Platform
from gongji.gateway.settings import GatewaySettings
from gongji.policy import Law
from gongji.project.story.client import Caller, Institution
from gongji.project.story.service import answers, free_port

__all__ = ["Clock", "Stage", "open_stage"]

MORNING: Final = time(9)
START_S: Final = 20.0


class Clock:
    """The story's time: stands still until it is turned, but for one second at each look."""

    def __init__(self, on: date) -> None:
        self._at = datetime.combine(on, MORNING, CHINA)

    def turn(self, on: date) -> None:
        """The morning of another, later day."""
        self._at = max(self._at, datetime.combine(on, MORNING, CHINA))

    def now(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at


@dataclass(frozen=True)
class Stage:
    """Where a story is played."""

    clock: Clock
    conn: asyncpg.Connection[Any]
    platform: Platform
    base_url: str

    @property
    def law(self) -> Law:
        return self.platform.law

    @property
    def vault(self) -> Vault:
        return self.platform.vault

    @property
    def ids(self) -> IdSource:
        return self.platform.ids

    def dial(self, institution: Institution) -> Caller:
        """The institution's software, with the story's clock; a story told twice sends other messages on the same days."""
        return Caller(self.base_url, institution, self._wall_clock, numbers=self.ids.next)

    def _wall_clock(self) -> datetime:
        return self.clock.now().replace(microsecond=0)


@contextlib.asynccontextmanager
async def open_stage(dsn: str, law: Law, vault: Vault, on: date) -> AsyncIterator[Stage]:
    """The stage on the day ``on``, closed in order at the end."""
    journal.configure(io.BytesIO())  # the story is what is told; the platform's log of it is nobody's
    clock = Clock(on)
    conn = await asyncpg.connect(dsn)
    try:
        async with open_platform(dsn, GatewaySettings(demo=True), law, vault, now=clock.now) as platform:
            gateway = Gateway(lambda _: b"")
            gateway.platform = platform
            async with _served(gateway) as base_url:
                yield Stage(clock, conn, platform, base_url)
            gateway.platform = None
    finally:
        await conn.close()


@contextlib.asynccontextmanager
async def _served(app: Gateway) -> AsyncIterator[str]:
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, lifespan="off", log_config=None, access_log=False)
    )
    running = asyncio.create_task(server.serve())
    base_url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(START_S):
            while not await asyncio.to_thread(answers, base_url, "/ready"):  # noqa: ASYNC110 - uvicorn tells nobody
                await asyncio.sleep(0.05)
        yield base_url
    finally:
        server.should_exit = True
        await running
