"""Whether the tables of the register are what its history adds up to, for ``gongji verify``."""

from typing import Final

import msgspec

from gongji.base.sqlfiles import Connection, sql

__all__ = ["RegisterDifference", "register_differences"]

DIFFERENCES = sql("gongji.providers", "register_differences")
LISTED: Final = 1_000


class RegisterDifference(msgspec.Struct, frozen=True):
    """A row that no change accounts for, or that is not what the last one left (missing, unaccounted, different)."""

    code: str
    part: str
    spell_no: int
    difference: str


async def register_differences(conn: Connection, limit: int = LISTED) -> list[RegisterDifference]:
    """The first ``limit`` differences; none may exist."""
    return [RegisterDifference(*row.values()) for row in await conn.fetch(DIFFERENCES, limit)]
