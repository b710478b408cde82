"""One readable message through its trade: may it run, what did it answer, and what is said when it broke.

Shared by the national envelope (``dispatch``) and the sealed one (``epc.receiving``). A trade's refusals are values; whatever else
happens is caught here and logged under an incident number without personal data.
"""

import asyncio
from datetime import datetime
from typing import Any

from gongji.base.reasons import Refusal
from gongji.gateway import refusals
from gongji.gateway.calls import Call, Failure, Reply, Trade
from gongji.gateway.envelope import Envelope
from gongji.gateway.journal import anatomy, log
from gongji.gateway.platform import LOST_DATABASE, Platform
from gongji.gateway.signin import signed_in


class Answered:
    """What became of a message: the bytes to send, and what may be counted and logged of it.

    ``file_name``: the bytes are a file of that name and no message.
    """

    __slots__ = ("body", "fields", "file_name", "infcode", "infno", "reason")

    def __init__(self, body: bytes, infno: str, infcode: int, reason: str, **fields: Any) -> None:
        self.body = body
        self.infno = infno
        self.infcode = infcode
        self.reason = reason
        self.fields = fields
        self.file_name = ""


async def run(
    platform: Platform, trade: Trade, message: Envelope, received_at: datetime, *, sealed: bool = False
) -> Reply:
    """What the trade answers. A ``sealed`` message needs no sign-in: its own signature says who sends it."""
    provider = platform.provider(message.head.fixmedins_code)
    if provider is None:
        return Refusal("UNKNOWN_INSTITUTION", shown(message.head.fixmedins_code))
    if trade.writes and (platform.settings.read_only or platform.orphaned):
        return Refusal("READ_ONLY")
    call = Call(platform, provider, message, received_at)
    try:
        if platform.settings.require_sign_in and not sealed and not await signed_in(call):
            return Refusal("NOT_SIGNED_IN", "请先办理【9001】签到")
        return await trade.handle(call)
    except asyncio.CancelledError:
        raise
    except LOST_DATABASE as error:
        return _incident(platform, trade, error, "DATABASE_UNAVAILABLE")
    except Exception as error:  # noqa: BLE001 - the last resort: a bug must not become a dead connection
        return _incident(platform, trade, error, "INTERNAL")


def _incident(platform: Platform, trade: Trade, error: BaseException, reason: str) -> Failure:
    incident = platform.incident()
    log().error("incident", incident=incident, infno=trade.infno, reason=reason, **anatomy(error))
    return Failure(Refusal(reason), refusals.internal(reason, incident, trade.writes))


def shown(code: str) -> str:
    """An institution's code as texts and logs may repeat it: letters and digits of the usual length."""
    return code if len(code) <= 12 and code.isalnum() and code.isascii() else "（格式不符）"
