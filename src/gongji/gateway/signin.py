"""Sign-in of the day (9001, 9002): one row each; clients often send no sign_no, so asking for it is a setting."""

import secrets
from datetime import datetime

from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import CHINA
from gongji.gateway.calls import Call

SIGN_IN = sql("gongji.gateway", "sign_in")
SIGN_OUT = sql("gongji.gateway", "sign_out")
SIGNED_IN = sql("gongji.gateway", "signed_in")

FREE = frozenset({"9001"})
"""Trades that need no sign-in."""


def new_sign_no(at: datetime) -> str:
    """A sign-in number nobody can guess: day and 12 random digits."""
    return f"{at.astimezone(CHINA):%Y%m%d}{secrets.randbelow(10**12):012d}"


def day_start(at: datetime) -> datetime:
    """Midnight before ``at`` on China's clock: a sign-in is good for its day."""
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


async def sign_in(connection: Connection, sign_no: str, caller: str, opter_no: str, at: datetime) -> None:
    await connection.execute(SIGN_IN, sign_no, caller, opter_no, at)


async def sign_out(connection: Connection, sign_no: str, caller: str, at: datetime) -> bool:
    """Whether there was a sign-in of today to end."""
    return await connection.fetchval(SIGN_OUT, sign_no, caller, day_start(at), at) is not None


async def signed_in(call: Call) -> bool:
    """Whether the message carries a sign-in number of this institution, of today, not ended."""
    head = call.message.head
    if head.infno in FREE:
        return True
    if not head.sign_no:
        return False
    async with call.platform.pool.acquire() as connection:
        found = await connection.fetchval(SIGNED_IN, head.sign_no, call.caller, day_start(call.received_at))
    return found is not None
