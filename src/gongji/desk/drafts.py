"""Work under way (未完成的业务): what is on somebody's screen outlives a reload, a lost connection and a restart.

A draft belongs to one account at one institution (``SHARED`` kinds to all of the institution) and has a kind ("till", "doctor")
and a key within it (a prescription, a visit, "" for the only one). It is a frozen struct, sealed as a whole with its place. It
decides nothing: the trades do.

    basket = await drafts.change(page, "till", "", Basket, lambda old: (old or Basket()).with_code(code))
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec

from gongji.base.sealing import SealBroken, Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.web.pages import Page

__all__ = ["KEPT", "change", "draft", "drafts", "drop", "keep", "keep_shared"]

T = TypeVar("T", bound=msgspec.Struct)

SHARED: Final = frozenset({"held", "sold"})
"""Kinds that belong to the institution: what one begins another carries on (a prescription in hand, goods to hand out)."""
NOBODY: Final = 0
KEPT: Final = timedelta(days=7)
"""How long a draft that nobody touches stays."""
LASTING: Final = frozenset({"sent", "sold", "cash"})
LASTING_KEPT: Final = timedelta(days=400)
"""What a lost answer is found by, and goods are taken back by, stays as long as a refund of the year before may be asked for."""
DRAFT = sql("gongji.desk", "draft")
DRAFTS = sql("gongji.desk", "drafts")
LOCK = sql("gongji.desk", "draft_lock")
KEEP = sql("gongji.desk", "draft_keep")
DROP = sql("gongji.desk", "draft_drop")
FORGET = sql("gongji.desk", "drafts_forget")

_encode = msgspec.json.Encoder().encode


async def draft(page: Page, kind: str, key: str, shape: type[T]) -> T | None:
    """The visitor's draft; None when there is none, or only one of a shape of before."""
    async with page.connection() as conn:
        return await _read(page, conn, kind, key, shape)


async def drafts(page: Page, kind: str, shape: type[T]) -> list[tuple[str, T, datetime]]:
    """All drafts of the kind with key and time of the last change, the newest first."""
    async with page.connection() as conn:
        rows = await conn.fetch(DRAFTS, *_owner(page, kind), kind)
    found = [
        (row["key"], _open(page, kind, row["key"], row["content"], shape), row["updated_at"]) for row in rows
    ]
    return [(key, content, at) for key, content, at in found if content is not None]


async def keep(page: Page, kind: str, key: str, content: msgspec.Struct) -> None:
    """Put the draft in the place of what was there."""
    async with page.connection() as conn, conn.transaction():
        await _write(page, conn, kind, key, content)


async def keep_shared(
    conn: Connection,
    vault: Vault,
    institution: str,
    kind: str,
    key: str,
    content: msgspec.Struct,
    at: datetime,
) -> None:
    """The same of a draft that belongs to the institution, for whoever stands at no page."""
    owner = institution, NOBODY
    sealed = vault.seal_bytes(_encode(content), _sealed_as(owner, kind, key))
    await conn.execute(KEEP, *owner, kind, key, sealed, at)


async def change(page: Page, kind: str, key: str, shape: type[T], edit: Callable[[T | None], T]) -> T:
    """``edit`` the draft, one edit after the other: two codes scanned at once are both kept."""
    async with page.connection() as conn, conn.transaction():
        await conn.execute(LOCK, *_owner(page, kind), kind, key)
        edited = edit(await _read(page, conn, kind, key, shape))
        await _write(page, conn, kind, key, edited)
        return edited


async def drop(page: Page, kind: str, key: str) -> None:
    """The work is done or given up."""
    async with page.connection() as conn:
        await conn.execute(DROP, *_owner(page, kind), kind, key)


async def _read(page: Page, conn: Connection, kind: str, key: str, shape: type[T]) -> T | None:
    sealed = await conn.fetchval(DRAFT, *_owner(page, kind), kind, key)
    return None if sealed is None else _open(page, kind, key, sealed, shape)


async def _write(page: Page, conn: Connection, kind: str, key: str, content: msgspec.Struct) -> None:
    sealed = page.platform.vault.seal_bytes(_encode(content), _place(page, kind, key))
    await conn.execute(KEEP, *_owner(page, kind), kind, key, sealed, page.at)
    await conn.execute(FORGET, page.at - KEPT, page.at - LASTING_KEPT, sorted(LASTING))


def _open(page: Page, kind: str, key: str, sealed: bytes, shape: type[T]) -> T | None:
    try:
        return msgspec.json.decode(
            page.platform.vault.open_bytes(sealed, _place(page, kind, key)), type=shape
        )
    except (SealBroken, msgspec.ValidationError):  # another key, or written by an earlier version
        return None


def _owner(page: Page, kind: str) -> tuple[str, int]:
    return page.visitor.institution, NOBODY if kind in SHARED else page.visitor.account


def _place(page: Page, kind: str, key: str) -> str:
    return _sealed_as(_owner(page, kind), kind, key)


def _sealed_as(owner: tuple[str, int], kind: str, key: str) -> str:
    institution, account = owner
    return f"desk_draft.content/{institution}/{account}/{kind}/{key}"
