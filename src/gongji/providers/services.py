"""What settlements read of institutions, written: adopted from rows of another system, rebuilt from the agreements.

``providers_state`` is derived (``providers.spells``); ``rebuild`` is called in the transaction of every step that gives or takes
standing, for the institution and for the internet hospitals that are bound to it. Source: decision A36.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from gongji.base.actors import SYSTEM
from gongji.base.ids import IdSource
from gongji.base.sqlfiles import Connection, sql
from gongji.providers import files
from gongji.providers.spells import derived
from gongji.providers.values import ProviderState

__all__ = ["adopt", "lock", "rebuild", "states_of"]

_ROOM: Final = "gongji.providers"
LOCK = sql(_ROOM, "lock_providers")
WRITE_STATES = sql(_ROOM, "write_states")
ADOPT = "SELECT providers_adopt($1, $2, $3, $4)"
_encode: Final = msgspec.json.Encoder().encode


async def lock(conn: Connection) -> None:
    """Nobody else decides about an institution until the caller's transaction ends."""
    await conn.execute(LOCK)


async def adopt(conn: Connection, ids: IdSource, at: datetime, code: str | None = None) -> int:
    """Take institutions into the history whose rows another system brought along; answers how many agreements came new."""
    added: int = await conn.fetchval(ADOPT, ids.next(), at, str(SYSTEM), code)
    for _ in range(added):
        ids.next()
    return added


async def states_of(conn: Connection, code: str) -> tuple[ProviderState, ...]:
    """What holds for the institution, by its agreements and those of its host."""
    own = await files.dossiers(conn, [code])
    hosts = {one.host for one in own if one.host}
    return derived(own, {host: await states_of(conn, host) for host in hosts - {code}})


async def rebuild(conn: Connection, code: str) -> bool:
    """Bring what settlements read of the institution, and of those bound to it, up to date; True when something changed."""
    changed = False
    for one in (code, *await files.bound_to(conn, code)):
        rows = await states_of(conn, one)
        if rows == await files.states(conn, one):
            continue
        await conn.execute(WRITE_STATES, one, _encode(rows).decode())
        changed = True
    return changed
