"""A connection that is made again when it is lost, and which errors mean that it was."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import asyncpg

from gongji.settlement.commands import EngineUnavailable

__all__ = ["LOST", "Link", "is_lost"]

LOST: Final = (
    asyncpg.PostgresConnectionError,  # class 08
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,  # the connection was closed under us; see `is_lost`
    asyncpg.InternalClientError,  # a broken stream
    asyncpg.OutdatedSchemaCacheError,  # a migration changed the row types
    OSError,
    EOFError,
)
"""After one of these nobody knows whether the last statement took effect: it must be asked for again."""


def is_lost(error: BaseException, conn: asyncpg.Connection[Any] | None) -> bool:
    """Whether ``error``, one of ``LOST``, means that ``conn`` is gone; on a living one an InterfaceError is a misuse, a bug."""
    return not (isinstance(error, asyncpg.InterfaceError) and conn is not None and not conn.is_closed())


FIRST_PAUSE_S: Final = 0.01
LONGEST_PAUSE_S: Final = 0.5
CONNECT_S: Final = 5.0


class Link:
    """One connection of one slot. ``get`` waits for the database, at most ``patience_s`` from the first failure."""

    def __init__(self, connect: Callable[[], Awaitable[asyncpg.Connection[Any]]], patience_s: float) -> None:
        self._connect = connect
        self._patience_s = patience_s
        self._conn: asyncpg.Connection[Any] | None = None

    async def get(self) -> asyncpg.Connection[Any]:
        """The open connection; raises EngineUnavailable when the database does not come back in time."""
        if self._conn is not None and not self._conn.is_closed():
            return self._conn
        clock = asyncio.get_running_loop().time
        give_up = clock() + self._patience_s
        pause = FIRST_PAUSE_S
        while True:
            try:
                self._conn = await asyncio.wait_for(self._connect(), CONNECT_S)
                return self._conn
            except (*LOST, TimeoutError) as error:
                if clock() + pause > give_up:
                    raise EngineUnavailable("the database did not come back in time") from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def drop(self) -> None:
        """Forget the connection; whatever it was doing in the database goes on or is rolled back there."""
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.terminate()

    async def close(self) -> None:
        """Close in good order."""
        conn, self._conn = self._conn, None
        if conn is not None and not conn.is_closed():
            await conn.close()
