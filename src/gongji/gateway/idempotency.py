"""At most once for writing trades other than settlements: one number, one effect, one answer.

The number is claimed first, in the transaction of the effect: a second copy of the message waits on the unique key until
the first has committed and then finds its answer. A refused trade rolls back with its claim, so that the same number may
be sent again when the reason is gone.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.gateway.calls import Call, Failure, Output, Reply

CLAIM = sql("gongji.gateway", "claim_message")
ANSWERED = sql("gongji.gateway", "answered_message")
ANSWER = sql("gongji.gateway", "answer_message")


class _Undone(Exception):
    """Carries a refusal out of the transaction, so that everything is rolled back."""

    def __init__(self, reply: Refusal | Failure) -> None:
        super().__init__()
        self.reply = reply


async def once(call: Call, effect: Callable[[Connection], Awaitable[Reply]]) -> Reply:
    """What ``effect(connection)`` answers, run at most once for this caller, trade and number.

    The same number with other content is refused (MESSAGE_REUSED).
    """
    message = call.message
    key = (call.caller, message.infno, message.msgid)
    try:
        async with call.platform.pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(CLAIM, *key, message.request_hash, call.received_at) is None:
                row = await connection.fetchrow(ANSWERED, *key)
                return _stored(row, message.request_hash)
            reply = await effect(connection)
            if not isinstance(reply, Output):
                raise _Undone(reply)
            await connection.execute(ANSWER, *key, reply.json)
            return reply
    except _Undone as undone:
        return undone.reply


def _stored(row: Any, request_hash: bytes) -> Reply:
    if row["request_hash"] != request_hash:
        return Refusal("MESSAGE_REUSED", "请换新的报文编号")
    return Output(row["output"])


async def known(connection: Connection, caller: str, infno: str, msgid: str) -> bool:
    """Whether the institution's message of that number has had its effect."""
    return await connection.fetchrow(ANSWERED, caller, infno, msgid) is not None
