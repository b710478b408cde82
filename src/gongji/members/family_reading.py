"""Reads of family mutual aid (家庭共济): bindings by owner and by user, an owner's applications."""

from typing import Any

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.members.family_rules import Application, Binding, FamilyRequest

__all__ = ["application_of", "applications", "bindings_of_owner", "bindings_of_user"]

DECLARATION = sql("gongji.members", "family_declaration")
DECLARATIONS = sql("gongji.members", "family_declarations")
SPELLS = sql("gongji.members", "family_spells")


async def bindings_of_owner(conn: Connection, owner: str) -> tuple[Binding, ...]:
    """Every spell in which somebody may use the owner's account, past ones too."""
    return tuple(Binding(*row.values()) for row in await conn.fetch(SPELLS, None, owner))


async def bindings_of_user(conn: Connection, user: str) -> tuple[Binding, ...]:
    """Every spell in which the user may use an account of the family, in the order of use."""
    return tuple(Binding(*row.values()) for row in await conn.fetch(SPELLS, user, None))


async def applications(
    conn: Connection, owner: str, declaration_id: int | None = None
) -> tuple[Application, ...]:
    """The owner's applications, newest first."""
    return tuple(_application(row) for row in await conn.fetch(DECLARATIONS, owner, declaration_id))


async def application_of(conn: Connection, declaration_id: int) -> Application | None:
    """The application with this number, for an officer; whose it is stands in its request."""
    row = await conn.fetchrow(DECLARATION, declaration_id)
    return _application(row) if row else None


def _application(row: Any) -> Application:
    request = msgspec.json.decode(row["content"], type=FamilyRequest)
    keys = ("submitted_by", "submitted_at", "state", "decided_by", "decided_at", "reason")
    return Application(row["declaration_id"], request, *(row[key] for key in keys))
