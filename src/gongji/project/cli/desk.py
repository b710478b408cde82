"""What a command of an agency's officer works with: connection, law, keys, identifiers and clock, opened and closed around it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gongji.base.reasons import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg

    from gongji.base.ids import IdSource
    from gongji.base.sealing import Vault
    from gongji.policy import Law

__all__ = ["Desk", "at_desk", "done", "work_at"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Desk:
    """Everything a verb of the rooms takes as an argument; ``dsn`` for those that open connections of their own."""

    conn: asyncpg.Connection[Any]
    dsn: str
    law: Law
    vault: Vault
    ids: IdSource
    now: Callable[[], datetime]

    @property
    def today(self) -> date:
        """The day in China."""
        from gongji.base.times import day_in_china

        return day_in_china(self.now())


def at_desk(work: Callable[[Desk], Awaitable[T]]) -> T:
    """What ``work`` answers at a desk of the project's database; failures of the surroundings are said in Chinese."""
    import asyncpg

    from gongji.policy import LibraryError
    from gongji.project.embedded import EmbeddedError, ensure
    from gongji.project.vault import KeysMissing, data_vault

    async def run(dsn: str, vault: Vault) -> T:
        async with work_at(dsn, vault) as desk:
            return await work(desk)

    try:
        with ensure() as server:
            return asyncio.run(run(server.dsn, data_vault(os.environ, Path.cwd())))
    except (EmbeddedError, KeysMissing, LibraryError) as error:
        raise click.ClickException(str(error)) from error
    except asyncpg.UndefinedTableError:
        raise click.ClickException("数据库里还没有表，请先运行 gongji migrate。") from None


@asynccontextmanager
async def work_at(dsn: str, vault: Vault) -> AsyncIterator[Desk]:
    """A desk on the database ``dsn``; it holds a worker number, as every process that makes identifiers does."""
    import asyncpg

    from gongji.base.ids import IdSource
    from gongji.gateway.workers import claim
    from gongji.project.asgi import current_law

    conn = await asyncpg.connect(dsn)
    try:
        ids = IdSource(await claim(conn), lambda: time.time_ns() // 1_000_000)
        yield Desk(conn, dsn, current_law(), vault, ids, lambda: datetime.now(UTC))
    finally:
        await conn.close()


def done(answer: R | Refusal) -> R:
    """``answer`` unless it is a refusal, which ends the command with its text."""
    if isinstance(answer, Refusal):
        raise click.ClickException(answer.text)
    return answer
