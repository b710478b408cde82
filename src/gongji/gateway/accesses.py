"""Every look at personal data leaves a record (访问记录) before it is answered: many looks share one durable write.

What is asked while one write is under way goes into the next, so that a query waits for a write and seldom causes one. A
look that cannot be recorded is not answered.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from gongji.base.actors import Actor
from gongji.gateway.calls import Call
from gongji.members.access import Access, record_all

if TYPE_CHECKING:
    import asyncpg

__all__ = ["IDENTITY", "Accesses", "shown"]

IDENTITY = ("psn_name", "certno", "gend", "brdy")
"""Fields of the person that most queries show."""


class Accesses:
    """Writes records for everybody who waits, one statement at a time."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self._pool = pool
        self._waiting: list[tuple[Access, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, access: Access) -> None:
        """Returns when ``access`` is on disk; raises what kept it from getting there."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((access, future))
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())
        await future

    async def _write(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting, []
                await self._write_all(together)
        finally:
            self._writing = None

    async def _write_all(self, together: list[tuple[Access, asyncio.Future[None]]]) -> None:
        try:
            async with self._pool.acquire() as connection:
                await record_all(connection, [access for access, _ in together])
        except Exception as error:  # noqa: BLE001 - whatever it is, each of those who wait must hear of it
            for _, future in together:
                if not future.done():
                    future.set_exception(error)
            return
        for _, future in together:
            if not future.done():
                future.set_result(None)


async def shown(call: Call, psn_no: str, fields: tuple[str, ...]) -> None:
    """Record that the calling institution is about to be shown ``fields`` of the person by this trade.

    To be called without a connection in hand: the writer needs one of the same pool.
    """
    platform = call.platform
    actor = Actor("institution", call.caller)
    await platform.accesses.record(
        Access(psn_no, platform.ids.next(), call.received_at, actor, call.message.infno, fields)
    )
