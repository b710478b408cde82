"""Reads of the prescriptions room, by asyncpg."""

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.prescriptions.values import PrescribedItem, Prescription

__all__ = ["find"]

FIND = sql("gongji.prescriptions", "find")

_items = msgspec.json.Decoder(tuple[PrescribedItem, ...]).decode


async def find(conn: Connection, psn_no: str, rx_no: str, issuer: str | None = None) -> Prescription | None:
    """The person's prescription with this number: of several visits that used the number the newest one's.

    A revoked one is found only when no other is left.
    """
    row = await conn.fetchrow(FIND, psn_no, rx_no, issuer)
    if row is None:
        return None
    return Prescription(**{**dict(row.items()), "items": _items(row["items"])})
