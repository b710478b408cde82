"""What the clock does: holds that have run out are over, prescriptions past their last instant expire; old codes are forgotten.

Nobody waits for it: every verb sees a prescription as the clock has left it. The sweep writes it down. Source: SX2022-27 第十一条.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import asyncpg

from gongji.base.actors import SYSTEM
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.prescriptions import codes, selectors
from gongji.prescriptions.advance import Advance, Step, by_the_clock, step
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import RxOffice
from gongji.prescriptions.writing import write

__all__ = ["expire", "ran_out"]

BATCH: Final = 500
KEPT: Final = timedelta(days=1)
"""How long a used or expired code is remembered, so that it is refused by its own reason."""


def ran_out(case: Case, office: RxOffice) -> Advance | None:
    """What the clock has done to a prescription and nobody has written down; None: nothing."""
    now = by_the_clock(case, office.at)
    expired = step(now, Step(verb="expire", actor=SYSTEM, at=office.at))
    after = now if isinstance(expired, Refusal) else expired
    return Advance(after, case.version) if after.version > case.version else None


async def expire(conn: Connection, office: RxOffice, limit: int = BATCH) -> int:
    """Write down what the clock has done, the longest overdue first, at most ``limit`` prescriptions; answers how many.

    Those that somebody moves at the same moment are left for the next sweep.
    """
    due = await selectors.due(conn, office.at, limit)
    advances = [one for case in due if (one := ran_out(case, office)) is not None]
    await codes.forget(conn, office.at - KEPT)
    return await _written(conn, advances)


async def _written(conn: Connection, advances: list[Advance]) -> int:
    """All at once; where somebody was faster, halves, so that only his is left out."""
    if not advances:
        return 0
    try:
        async with conn.transaction():
            await write(conn, advances)
        return len(advances)
    except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError):
        middle = len(advances) // 2
        if middle == 0:
            return 0
        return await _written(conn, advances[:middle]) + await _written(conn, advances[middle:])
