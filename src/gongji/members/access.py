"""Who looked at whose personal data (访问记录): one fact an access, written before it is shown."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gongji.base.actors import Actor
from gongji.base.sqlfiles import Connection, sql

__all__ = ["Access", "AccessFilter", "read", "record", "record_all"]

ACCESS = sql("gongji.members", "access")
ACCESSES = sql("gongji.members", "accesses")
READ = sql("gongji.members", "accesses_read")
LARGEST = 2**63 - 1


class Access(msgspec.Struct, frozen=True):
    """``actor`` was shown ``fields`` of the person in clear for ``purpose`` (a trade's number, a command, a page)."""

    psn_no: str
    access_id: int
    accessed_at: datetime
    actor: Actor
    purpose: str
    fields: tuple[str, ...]

    def __repr__(self) -> str:
        """Fit for a log: nobody's number."""
        return f"Access({self.access_id}, {self.purpose!r})"


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


async def record_all(conn: Connection, accesses: Sequence[Access]) -> None:
    """Several accesses of several callers, all or none."""
    await conn.execute(
        ACCESSES,
        [access.psn_no for access in accesses],
        [access.access_id for access in accesses],
        [access.accessed_at for access in accesses],
        [str(access.actor) for access in accesses],
        [access.purpose for access in accesses],
        [",".join(access.fields) for access in accesses],
    )


class AccessFilter(msgspec.Struct, frozen=True):
    """Which accesses: from one instant until another; of one person, by an actor whose name contains some words, for a purpose that
    begins so; before an access's number (newest first).
    """

    since: datetime
    until: datetime
    psn_no: str = ""
    actor: str = ""
    purpose: str = ""
    before: int = LARGEST
    most: int = 200


async def read(conn: Connection, wanted: AccessFilter) -> list[Access]:
    """Accesses for the auditor, newest first."""
    rows = await conn.fetch(
        READ,
        wanted.since,
        wanted.until,
        wanted.psn_no,
        wanted.actor,
        wanted.purpose,
        wanted.before,
        wanted.most,
    )
    return [_access(*tuple(row)) for row in rows]


def _access(psn_no: str, access_id: int, at: datetime, actor: str, purpose: str, fields: str) -> Access:
    kind, _, who = actor.partition(":")
    known = msgspec.convert({"kind": kind, "id": who}, Actor)
    return Access(psn_no, access_id, at, known, purpose, tuple(fields.split(",")))
