"""A proxy between engine and server that cuts connections, at chosen moments of the commit too.

It listens on a Unix socket of its own. With probability ``chance`` a large message of the client (the commit of a batch) or its
reply is cut: before it reaches the server, half-way, after all of it did, or when the reply comes back.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

SOCKET = ".s.PGSQL.5432"
COMMIT_BYTES = 1_500
"""A message of the client of this size or more carries facts."""
MOMENTS = ("before", "half", "after", "reply")


class CuttingProxy:
    """``async with CuttingProxy(...) as proxy: connect(proxy.dsn)``; ``cuts`` counts by moment."""

    def __init__(self, dsn: str, folder: Path, seed: int, chance: float) -> None:
        parts = urlsplit(dsn)
        self._server = str(Path(parse_qs(parts.query)["host"][0]) / SOCKET)
        self._folder = folder
        self._random = random.Random(seed)
        self._chance = chance
        self._listener: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.cuts = dict.fromkeys(MOMENTS, 0)
        self.dsn = f"{parts.scheme}://{parts.netloc}{parts.path}?host={quote(str(folder), safe='')}"

    async def __aenter__(self) -> CuttingProxy:
        self._listener = await asyncio.start_unix_server(self._serve, str(self._folder / SOCKET))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._listener is not None
        self._listener.close()
        for task in self._tasks:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(self._server)
        except OSError:
            writer.close()
            return
        doomed = asyncio.Event()
        up = asyncio.create_task(self._upwards(reader, far_writer, doomed))
        down = asyncio.create_task(self._downwards(far_reader, writer, doomed))
        try:
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
            # the client is cut off at once; the server notices only a moment later, and may commit meanwhile
            writer.transport.abort()
            await asyncio.sleep(self._random.random() * 0.01)
        finally:
            for side in (up, down):
                side.cancel()
            far_writer.transport.abort()
            writer.transport.abort()

    async def _upwards(
        self, reader: asyncio.StreamReader, far: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(2**20):
                moment = self._moment() if len(data) >= COMMIT_BYTES else ""
                if moment:
                    self.cuts[moment] += 1
                if moment == "before":
                    return
                far.write(data[: len(data) // 2] if moment == "half" else data)
                await far.drain()
                if moment in ("half", "after"):
                    return
                if moment == "reply":
                    doomed.set()

    async def _downwards(
        self, far: asyncio.StreamReader, writer: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await far.read(2**20):
                if doomed.is_set():
                    return
                writer.write(data)
                await writer.drain()

    def _moment(self) -> str:
        return self._random.choice(MOMENTS) if self._random.random() < self._chance else ""
