"""Photographs and PDFs of a claim (影像材料): kept sealed, first with the draft, with the claim as facts once it is sent.

What an application says it hands in (``documents``, codes of the law's checklists) and the files are one statement: a file names
the document that it shows. Whoever shows a file to anybody but the claimant records the look.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

import msgspec

from gongji.base.hashing import sm3
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.claims import rules
from gongji.claims.office import Office
from gongji.claims.photos import MAX_FILES, Plain, made_plain
from gongji.claims.steps import Taker

__all__ = ["Kept", "add", "adopt", "drafted", "forget", "of_claim", "opened", "remove"]

_ROOM: Final = "gongji.claims"
KEEP = sql(_ROOM, "keep_draft_file")
DRAFTED = sql(_ROOM, "draft_files")
DROP = sql(_ROOM, "drop_draft_file")
FORGET = sql(_ROOM, "forget_drafts")
CROWD_OUT = sql(_ROOM, "crowd_out_drafts")
ADOPT = sql(_ROOM, "adopt_files")
FILES = sql(_ROOM, "files")
FILE = sql(_ROOM, "file")
NEXT = sql(_ROOM, "next_file")
UNPACKING: Final = ThreadPoolExecutor(1, "photographs")
"""One picture at a time: each may need hundreds of megabytes, and pages are rendered in other threads."""
DRAFT_LIVES: Final = timedelta(days=7)
OTHER_DRAFTS: Final = 2
"""Beside the one that is written, so many drafts of a person keep their files: the rest was given up."""
TRIES: Final = 3


class Kept(msgspec.Struct, frozen=True):
    """A file without its bytes; ``digest`` is SM3."""

    file_no: int
    document: str
    media: str
    size: int
    digest: bytes
    at: datetime


async def add(
    conn: Connection, office: Office, psn_no: str, claim_id: int, document: str, data: bytes, at: datetime
) -> Kept | Refusal:
    """Keep a file with the draft ``claim_id`` (or for the next supplement of that claim).

    UNKNOWN_CODE for a document that no checklist knows; FILE_TWICE, FILE_TOO_MANY; else as ``photos.made_plain``.
    """
    if document not in rules.documents(office.law):
        return Refusal("UNKNOWN_CODE", "材料种类")
    plain = await asyncio.get_running_loop().run_in_executor(UNPACKING, made_plain, data)
    if isinstance(plain, Refusal):
        return plain
    digest = sm3(plain.data)
    if any(one.digest == digest for one in await of_claim(conn, psn_no, claim_id)):
        return Refusal("FILE_TWICE")
    await conn.execute(CROWD_OUT, psn_no, claim_id, OTHER_DRAFTS)
    for _ in range(TRIES):
        number = await conn.fetchval(NEXT, psn_no, claim_id)
        sealed = office.vault.seal_bytes(plain.data, _context(psn_no, claim_id, number))
        kept = await conn.fetchval(
            KEEP, psn_no, claim_id, number, document, plain.media, len(plain.data), digest, sealed, MAX_FILES, at
        )  # fmt: skip
        if kept is not None:
            return Kept(number, document, plain.media, len(plain.data), digest, at)
        known = await drafted(conn, psn_no, claim_id)
        if any(one.digest == digest for one in known):
            return Refusal("FILE_TWICE")
        if len(known) >= MAX_FILES:
            return Refusal("FILE_TOO_MANY", f"最多 {MAX_FILES} 个")
    return Refusal("CLAIM_MOVED_ON", str(claim_id))


async def drafted(conn: Connection, psn_no: str, claim_id: int) -> tuple[Kept, ...]:
    """Files of a draft."""
    return tuple(Kept(*row.values()) for row in await conn.fetch(DRAFTED, psn_no, claim_id))


async def remove(conn: Connection, psn_no: str, claim_id: int, file_no: int) -> None:
    """Take a file out of a draft; what was sent stays."""
    await conn.execute(DROP, psn_no, claim_id, file_no)


async def forget(conn: Connection, at: datetime) -> None:
    """Delete the files of drafts that were not sent within days."""
    await conn.execute(FORGET, at - DRAFT_LIVES)


async def adopt(conn: Connection, psn_no: str, claim_id: int, taker: Taker) -> None:
    """The draft's files are the claim's from now on; in the transaction of the receipt or supplement."""
    await conn.execute(ADOPT, psn_no, claim_id, str(taker.actor), taker.at)


async def of_claim(conn: Connection, psn_no: str, claim_id: int) -> tuple[Kept, ...]:
    """Files that were handed in with a claim."""
    return tuple(Kept(*row.values()) for row in await conn.fetch(FILES, psn_no, claim_id))


async def opened(
    conn: Connection, vault: Vault, psn_no: str, claim_id: int, file_no: int, *, draft: bool = False
) -> Plain | None:
    """A file in clear; None when there is none of this number. The agency records the look before."""
    row = await conn.fetchrow(FILE, psn_no, claim_id, file_no, draft)
    if row is None:
        return None
    return Plain(row["media"], vault.open_bytes(row["sealed"], _context(psn_no, claim_id, file_no)))


def _context(psn_no: str, claim_id: int, file_no: int) -> str:
    return f"claims_file.sealed:{psn_no}:{claim_id}:{file_no}"
