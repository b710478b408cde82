"""Keeping the law that settlements are computed by."""

from datetime import datetime

from gongji.base.sqlfiles import Connection, sql
from gongji.policy import Library, dump_library

__all__ = ["record"]

RECORD = sql("gongji.lawbook", "record")


async def record(conn: Connection, library: Library, *, source: str, at: datetime) -> bool:
    """Keep a library whole under its digest; False when it is kept already. ``source`` says where it came from."""
    kept = await conn.fetchval(RECORD, library.digest, dump_library(library), source, at)
    return kept is not None
