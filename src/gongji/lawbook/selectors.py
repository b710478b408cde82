"""The law by its digest."""

from gongji.base.sqlfiles import Connection, sql
from gongji.policy import Law, compile_law, restore_library

__all__ = ["law", "laws"]

FIND = sql("gongji.lawbook", "find")
ALL = sql("gongji.lawbook", "all")


async def law(conn: Connection, digest: str) -> Law | None:
    """The compiled law of a digest, None when this installation never used it."""
    text = await conn.fetchval(FIND, digest)
    return None if text is None else compile_law(restore_library(text))


async def laws(conn: Connection) -> dict[str, Law]:
    """Every law this installation has used, by digest; what a replay needs."""
    return {row["digest"]: compile_law(restore_library(row["library"])) for row in await conn.fetch(ALL)}
