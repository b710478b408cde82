"""Writing steps with prescriptions: read, decide, write; whoever was overtaken reads and decides again, and so learns by whom."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

import asyncpg
import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.prescriptions import selectors
from gongji.prescriptions.advance import Advance, by_the_clock
from gongji.prescriptions.case import Case

__all__ = ["Beside", "Decide", "change", "storable", "write"]

ADVANCE = sql("gongji.prescriptions", "advance")
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
TRIES: Final = 8
"""Each try that fails means that somebody else's has succeeded; a prescription has few steps."""

Beside = Callable[[Connection, Case], Awaitable[Refusal | None]]
Decide = Callable[[Case], Case | Refusal]


class _Undone(Exception):
    """Carries a refusal out of the transaction, so that everything is rolled back."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


async def write(conn: Connection, advances: Sequence[Advance]) -> None:
    """Events and what follows from them; raises asyncpg.SerializationError when a prescription has moved on since it was read."""
    if advances:
        await conn.execute(ADVANCE, msgspec.json.encode([one.row() for one in advances]).decode())


def storable(value: object) -> Refusal | None:
    """Why a text cannot be stored: the database knows no NUL."""
    return Refusal("BAD_FIELD", "文字中有不能保存的字符") if _NUL.search(msgspec.json.encode(value)) else None


async def change(
    conn: Connection,
    rx_no: str,
    at: datetime,
    decide: Decide,
    beside: Beside | None = None,
    *,
    known: Case | None = None,
) -> Case | Refusal:
    """Take a step with a prescription: ``decide`` says the case after it, ``beside`` writes in the same transaction.

    ``decide`` is shown the case as the clock has left it; ``known`` is the case as it was just read, so that it is not read twice.
    RX_NOT_FOUND; RX_MOVED_ON when others keep being faster.
    """
    for _ in range(TRIES):
        case, known = known or await selectors.case(conn, rx_no), None
        if case is None:
            return Refusal("RX_NOT_FOUND", rx_no[:40])
        after = decide(by_the_clock(case, at))
        if isinstance(after, Refusal):
            return after
        if (refusal := storable(after.events[-1].reason)) or (refusal := storable(after.events[-1].detail)):
            return refusal
        try:
            async with conn.transaction():
                await write(conn, [Advance(after, case.version)])
                if beside is not None and (refusal := await beside(conn, after)) is not None:
                    raise _Undone(refusal)
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError):
            continue
        except _Undone as undone:
            return undone.refusal
        return after
    return Refusal("RX_MOVED_ON", rx_no)
