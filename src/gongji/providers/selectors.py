"""Reads of the providers room: the book in memory, and its refresh."""

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.providers.values import Credential, Provider, ProviderBook, ProviderState

__all__ = ["load", "refresh"]

VERSION = sql("gongji.providers", "version")
PROVIDERS = sql("gongji.providers", "providers")
CREDENTIALS = sql("gongji.providers", "credentials")

_states = msgspec.json.Decoder(tuple[ProviderState, ...]).decode


async def load(conn: Connection) -> ProviderBook:
    """A book of everything that is recorded now."""
    book = ProviderBook()
    await refresh(conn, book)
    return book


async def refresh(conn: Connection, book: ProviderBook) -> bool:
    """Bring the book up to date; True when something had changed. Costs one small read when nothing has.

    The version is read first: a change that commits in between is read now and once more at the next
    refresh, never missed.
    """
    version = await conn.fetchval(VERSION)
    if version == book.version:
        return False
    rows = await conn.fetch(PROVIDERS)
    providers = [Provider(**{**dict(row.items()), "states": _states(row["states"])}) for row in rows]
    credentials = [Credential(*row.values()) for row in await conn.fetch(CREDENTIALS)]
    book.replace(version, providers, credentials)
    return True
