"""The server's application: the national interface, the web and the status page, opened and closed with the process.

``gongji serve`` starts it in worker processes that find everything in the environment: GONGJI_SERVE_DSN (the database),
GONGJI_OVERLAY (the operator's values; ``demo`` for the demonstration's), GONGJI_SERVE_PARENT (the process that watches over
them). Under another ASGI server, ``gongji.project.asgi:app`` opens the database by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from gongji.access.matrix import Unguarded
from gongji.base.noise import libraries_silent
from gongji.gateway import journal
from gongji.gateway.app import Gateway, Receive, Scope, Send
from gongji.gateway.journal import log
from gongji.gateway.opening import open_platform
from gongji.gateway.settings import from_environment
from gongji.policy import DEMO_OVERLAY, Law, Library, compile_law, load_library
from gongji.project.status_page import page
from gongji.project.vault import data_vault
from gongji.project.web import Web

ANSWER_S = 30.0
"""How long a stopping worker waits for messages that it has accepted."""
PARENT_S = 1.0
DEMO = "demo"


def current_library() -> Library:
    """The library of this version with the operator's overlay. Raises LibraryError with every problem of the files."""
    overlay = os.environ.get("GONGJI_OVERLAY", "")
    path = DEMO_OVERLAY if overlay == DEMO else Path(overlay) if overlay else None
    return load_library(overlay=path)


def current_law() -> Law:
    """The law in force for this server. Raises LibraryError as ``current_library`` does."""
    return compile_law(current_library())


def _calm_collector() -> None:
    """Keep law, catalogue and institutions out of every later collection of cycles, and collect seldom: requests make none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class Application:
    """Routes a scope to the gateway; its lifespan opens and closes the platform."""

    def __init__(self) -> None:
        self.gateway = Gateway(page)
        self._web: Web | None = None
        self._exit: contextlib.AsyncExitStack | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif self._web is not None and self._web.answers(scope) and self.gateway.platform is not None:
            await self._web(scope, receive, send, self.gateway.platform)
        else:
            await self.gateway(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except Exception as error:  # noqa: BLE001 - the server must be told, whatever it was
                    log().critical("start failed", **journal.anatomy(error))
                    said = error if isinstance(error, Unguarded) else type(error).__name__
                    await send({"type": "lifespan.startup.failed", "message": f"启动失败：{said}"})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def start(self) -> None:
        """Open everything; messages are answered from now on."""
        journal.configure()
        async with contextlib.AsyncExitStack() as stack:
            stack.enter_context(libraries_silent())
            dsn = stack.enter_context(_database())
            self._web = Web(dsn)
            vault = data_vault(os.environ, Path.cwd())
            platform = await stack.enter_async_context(
                open_platform(dsn, from_environment(os.environ), current_law(), vault)
            )
            await stack.enter_async_context(_under_parent())
            self._exit = stack.pop_all()
        self.gateway.platform = platform
        _calm_collector()
        log().info("started", worker=platform.worker, policy=platform.law.digest[:16])

    async def stop(self) -> None:
        """Answer what was accepted, then close."""
        platform, self.gateway.draining = self.gateway.platform, True
        if platform is not None:
            await _quiet(platform)
        self.gateway.platform = None
        if self._exit is not None:
            await self._exit.aclose()
        log().info("stopped")


async def _quiet(platform: Any) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(platform.idle.wait(), ANSWER_S)


@contextlib.contextmanager
def _database() -> Any:
    """The address of the database: given by ``gongji serve``, or opened for this process alone."""
    given = os.environ.get("GONGJI_SERVE_DSN")
    if given:
        yield given
        return
    from gongji.project.embedded import ensure

    with ensure() as server:
        yield server.app_dsn


@contextlib.asynccontextmanager
async def _under_parent() -> AsyncIterator[None]:
    """End this worker when the process that started it is gone: a worker left behind would keep the port."""
    parent = int(os.environ.get("GONGJI_SERVE_PARENT", "0"))
    watch = asyncio.create_task(_watch(parent)) if parent and os.getpid() != parent else None
    try:
        yield
    finally:
        if watch is not None:
            watch.cancel()


async def _watch(parent: int) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells a process that its parent has gone
        await asyncio.sleep(PARENT_S)
    os.kill(os.getpid(), signal.SIGTERM)


app = Application()
