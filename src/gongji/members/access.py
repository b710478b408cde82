"""Who looked at whose personal data (访问记录): one fact an access, written in the transaction that shows it."""

from datetime import datetime

from gongji.base.actors import Actor
from gongji.base.sqlfiles import Connection, sql

__all__ = ["record"]

ACCESS = sql("gongji.members", "access")


async def record(
    conn: Connection,
    psn_no: str,
    *,
    access_id: int,
    at: datetime,
    actor: Actor,
    purpose: str,
    fields: tuple[str, ...],
) -> None:
    """``actor`` was shown ``fields`` of the person in clear for ``purpose`` (a trade's number, a command, a page)."""
    await conn.execute(ACCESS, psn_no, access_id, at, str(actor), purpose, ",".join(fields))
