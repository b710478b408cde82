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

__all__ = ["RECORD_NO", "Desk", "actor_option", "actor_text", "at_desk", "done", "officer_name", "work_at"]

T = TypeVar("T")
R = TypeVar("R")
RECORD_NO = click.IntRange(1, 2**63 - 1)
"""The number of a record: what the database can hold."""
OFFICER_LENGTH = 50
ACTORS = {"agency": "经办", "institution": "医药机构", "member": "本人", "system": "系统"}


def officer_name(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name of an officer; nobody acts without one, and a space does not make a second person."""
    name = None if value is None else " ".join(value.split())
    if name == "" or (name and (len(name) > OFFICER_LENGTH or not name.isprintable())):
        raise click.BadParameter(f"须写明姓名，不超过 {OFFICER_LENGTH} 个字", ctx, param)
    return name


def actor_option(text: str) -> Callable[[Any], Any]:
    """The option ``--actor``: who is acting."""
    return click.option("--actor", required=True, callback=officer_name, metavar="姓名", help=text)


def actor_text(actor: str) -> str:
    """Who acted, as kept with a fact (``agency:张敏``), in words."""
    kind, _, name = actor.partition(":")
    return f"{ACTORS.get(kind, kind)} {name}"


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


@asynccontextmanager
async def work_at(dsn: str, vault: Vault) -> AsyncIterator[Desk]:
    """A desk on the database ``dsn``; it holds a worker number, as every process that makes identifiers does."""
    import asyncpg

    from gongji.base.ids import IdSource
    from gongji.gateway.workers import claim
    from gongji.members import selectors as members
    from gongji.project.asgi import current_law
    from gongji.project.vault import NOT_THESE_KEYS, KeysMissing
    from gongji.providers import selectors as providers

    conn = await asyncpg.connect(dsn)
    try:
        if not await members.vault_fits(conn, vault) or not await providers.vault_fits(conn, vault):
            raise KeysMissing(NOT_THESE_KEYS)
        ids = IdSource(await claim(conn), lambda: time.time_ns() // 1_000_000)
        yield Desk(conn, dsn, current_law(), vault, ids, lambda: datetime.now(UTC))
    finally:
        await conn.close()


def done(answer: R | Refusal) -> R:
    """``answer`` unless it is a refusal, which ends the command with its text."""
    if isinstance(answer, Refusal):
        raise click.ClickException(answer.text)
    return answer
