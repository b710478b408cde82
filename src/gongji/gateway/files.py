"""Files of the interface: kept until they expire, handed out by 9102 to those whom they are for.

A list of the catalogue is for everybody and kept once; what an institution sent (9101), or asked for about its own business, is its
own, may name members, and is kept sealed.
"""

from datetime import datetime, timedelta

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.gateway.calls import Attachment
from gongji.gateway.values import moment

__all__ = ["KeptList", "fetch", "find_list", "keep_list", "keep_own"]

FIND_LIST = sql("gongji.gateway", "file_list")
KEEP_LIST = sql("gongji.gateway", "file_keep_list")
KEEP = sql("gongji.gateway", "file_keep")
FETCH = sql("gongji.gateway", "file_fetch")
PURGE = sql("gongji.gateway", "file_purge")

LIFE = timedelta(days=30)
"""How long a file can be fetched."""
MARGIN = timedelta(days=7)
"""A list that expires sooner than that is made afresh, so that nobody is given a number for a few minutes."""
GRACE = timedelta(days=30)
"""How long an expired file is known as such before it is deleted."""
QUOTA_BYTES = 200 * 1024 * 1024
"""Bytes of files that one institution may have at a time."""


class KeptList(msgspec.Struct, frozen=True):
    """A list that can be fetched."""

    file_no: str
    name: str
    row_count: int
    expires_at: datetime


def _place(file_no: str) -> str:
    return f"gateway_file.content:{file_no}"


async def find_list(conn: Connection, key: str, at: datetime) -> KeptList | None:
    """The list made under ``key``, if it can be fetched for some time yet."""
    row = await conn.fetchrow(FIND_LIST, key, at + MARGIN)
    return None if row is None else KeptList(*row.values())


async def keep_list(
    conn: Connection, file_no: str, key: str, name: str, row_count: int, content: bytes, at: datetime
) -> KeptList:
    """Keep a list for everybody under ``key``; what was kept first under it stays."""
    await conn.execute(PURGE, at - GRACE)
    row = await conn.fetchrow(KEEP_LIST, file_no, key, name, row_count, len(content), content, at, at + LIFE)
    return KeptList(*row.values())


async def keep_own(
    conn: Connection,
    vault: Vault,
    file_no: str,
    owner: str,
    name: str,
    content: bytes,
    at: datetime,
    row_count: int = 0,
) -> datetime | Refusal:
    """Keep an institution's own file sealed; until when it can be fetched, or FILE_QUOTA_USED."""
    await conn.execute(PURGE, at - GRACE)
    sealed = vault.seal_bytes(content, _place(file_no))
    kept = await conn.fetchval(
        KEEP, file_no, owner, name, row_count, len(content), sealed, at, at + LIFE, QUOTA_BYTES
    )
    if kept is None:
        return Refusal("FILE_QUOTA_USED", f"每家机构最多 {QUOTA_BYTES // 1024 // 1024} MiB")
    return at + LIFE


async def fetch(
    conn: Connection, vault: Vault, file_no: str, name: str, caller: str, at: datetime
) -> Attachment | Refusal:
    """The file with this number and name, for everybody or the caller's own; another's does not exist here."""
    row = await conn.fetchrow(FETCH, file_no, caller)
    if row is None or name not in ("", row["name"]):
        return Refusal("FILE_NOT_FOUND")
    if row["expires_at"] <= at:
        return Refusal("FILE_EXPIRED", moment(row["expires_at"]) or "")
    content = row["content"] if not row["owner"] else vault.open_bytes(row["content"], _place(file_no))
    return Attachment(row["name"], content)
