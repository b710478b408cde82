"""Reads of dossiers and of what settlements read of institutions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.providers.dossier import Dossier, Head, Step
from gongji.providers.values import ProviderState

__all__ = [
    "Registered",
    "all_states",
    "barred_until",
    "bound_to",
    "dossier",
    "dossiers",
    "registered",
    "states",
]

_ROOM: Final = "gongji.providers"
DOSSIERS = sql(_ROOM, "dossiers")
STATE_ROWS = sql(_ROOM, "state_rows")
BOUND_TO = sql(_ROOM, "bound_to")
BARRED = sql(_ROOM, "barred")
INSTITUTION = sql(_ROOM, "institution")

_head: Final = msgspec.json.Decoder(Head).decode
_steps: Final = msgspec.json.Decoder(tuple[Step, ...]).decode
_states: Final = msgspec.json.Decoder(tuple[ProviderState, ...]).decode


class Registered(msgspec.Struct, frozen=True):
    """An institution as the register has it now."""

    code: str
    name: str
    uscc: str
    kind: str
    hosp_lv: str
    region: str
    address: str


def _dossier(row: Any) -> Dossier:
    return Dossier(
        code=row["code"],
        dossier_id=row["dossier_id"],
        layer=row["layer"],
        kind=row["kind"],
        region=row["region"],
        uscc=row["uscc"],
        received_on=row["received_on"],
        head=_head(row["content"]),
        steps=_steps(row["steps"]) if row["steps"] else (),
        sealed=row["sealed"],
    )


async def dossier(conn: Connection, dossier_id: int) -> Dossier | None:
    """The dossier of the number, with its steps."""
    row = await conn.fetchrow(DOSSIERS, None, dossier_id)
    return None if row is None else _dossier(row)


async def dossiers(conn: Connection, codes: Sequence[str] | None = None) -> tuple[Dossier, ...]:
    """All dossiers of the institutions (None: of all), in the order of their numbers."""
    given = None if codes is None else list(codes)
    return tuple(_dossier(row) for row in await conn.fetch(DOSSIERS, given, None))


async def all_states(
    conn: Connection, codes: Sequence[str] | None = None
) -> dict[str, tuple[ProviderState, ...]]:
    """What settlements read of the institutions (None: of all), by code."""
    given = None if codes is None else list(codes)
    return {row["code"]: _states(row["rows"]) for row in await conn.fetch(STATE_ROWS, given)}


async def states(conn: Connection, code: str) -> tuple[ProviderState, ...]:
    """What settlements read of one institution."""
    return (await all_states(conn, [code])).get(code, ())


async def registered(conn: Connection, code: str) -> Registered | None:
    """The institution in the register; None when no agreement was ever signed and nobody brought it along."""
    row = await conn.fetchrow(INSTITUTION, code)
    return None if row is None else Registered(*row.values())


async def bound_to(conn: Connection, host: str) -> tuple[str, ...]:
    """Internet hospitals that are bound to ``host``."""
    return tuple(row["code"] for row in await conn.fetch(BOUND_TO, host))


async def barred_until(
    conn: Connection, code: str, uscc: str, representative: bytes | None, on: date
) -> date | None:
    """The last day on which an application is not accepted; None: it may be made."""
    found: date | None = await conn.fetchval(BARRED, code, uscc, representative, on)
    return found
