"""What the clock ends is written down by itself: holds that have run out, prescriptions past their last instant (SX 第十一条),
sessions of the web that are over, counts of what was sent without a name.

Every worker would; one at a time does, the others find the lock taken and look again later. Nobody waits for it: each verb sees a
prescription, and each page a session, as the clock has left it, whether it has been written down or not.
"""

from __future__ import annotations

import asyncio
from typing import Final

from gongji.access import sessions
from gongji.base.actors import SYSTEM
from gongji.gateway.centre import office_at
from gongji.gateway.journal import anatomy, log
from gongji.gateway.platform import LOST_DATABASE, Platform
from gongji.prescriptions.expiry import BATCH, expire
from gongji.supervision import limits

__all__ = ["keep_sweeping", "sweep"]

LOCK: Final = "SELECT pg_try_advisory_lock(hashtextextended('prescriptions:sweep', 0))"
UNLOCK: Final = "SELECT pg_advisory_unlock(hashtextextended('prescriptions:sweep', 0))"


async def sweep(platform: Platform) -> int:
    """Write down what is over by now, at most a batch; answers how many prescriptions that were."""
    async with platform.pool.acquire() as connection:
        if not await connection.fetchval(LOCK):
            return 0
        try:
            await sessions.sweep(connection, platform.now())
            await limits.forget(connection, platform.now())
            return await expire(connection, office_at(platform, SYSTEM, platform.now()))
        finally:
            await connection.execute(UNLOCK)


async def keep_sweeping(platform: Platform, pause_s: float) -> None:
    """Round after round; at once again while there is a full batch."""
    while True:
        await asyncio.sleep(pause_s)
        try:
            while not platform.orphaned and await sweep(platform) >= BATCH:
                continue
        except LOST_DATABASE as error:
            log().warning("sweep", **anatomy(error))
        except Exception as error:  # noqa: BLE001 - one bad prescription must not end the loop for all
            log().error("sweep", **anatomy(error))
