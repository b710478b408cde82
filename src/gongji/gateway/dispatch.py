"""From bytes to bytes: who calls, which trade, may it run, and an answer in every case.

A trade's refusals are values; whatever else happens is caught here, logged under an incident number without personal data,
and answered with infcode -1 and a sentence on whether something may have happened.
"""

import asyncio
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from gongji.base.reasons import Refusal
from gongji.gateway import envelope, metrics, refusals, signature
from gongji.gateway.calls import Call, Failure, Output, Reply, Trade
from gongji.gateway.envelope import Envelope, Unreadable
from gongji.gateway.journal import anatomy, log
from gongji.gateway.platform import LOST_DATABASE, Platform
from gongji.gateway.signin import signed_in
from gongji.gateway.trades import TRADES
from gongji.gateway.trades.known import NAMES

MAX_OPEN = 4_096
"""Messages one worker holds at a time; more are refused as BUSY, unanswered work never grows without bound."""


class Answered:
    """What became of a message: the bytes to send, and what may be counted and logged of it."""

    __slots__ = ("body", "fields", "infcode", "infno", "reason")

    def __init__(self, body: bytes, infno: str, infcode: int, reason: str, **fields: Any) -> None:
        self.body = body
        self.infno = infno
        self.infcode = infcode
        self.reason = reason
        self.fields = fields


async def answer(platform: Platform, headers: Mapping[bytes, bytes], body: bytes) -> bytes:
    """The answer to one POST body. Never raises, never empty."""
    started = perf_counter()
    if platform.open >= MAX_OPEN:
        answered = _refused(platform, Refusal("BUSY"), "")
    else:
        platform.accept()
        metrics.OPEN.inc()
        try:
            answered = await _answer(platform, headers, body)
        finally:
            platform.answered()
            metrics.OPEN.dec()
    elapsed = perf_counter() - started
    _count(answered, elapsed)
    log().info(
        "trade",
        infno=answered.infno,
        infcode=answered.infcode,
        reason=answered.reason,
        ms=round(elapsed * 1000, 2),
        **answered.fields,
    )
    return answered.body


async def _answer(platform: Platform, headers: Mapping[bytes, bytes], body: bytes) -> Answered:
    if len(body) > platform.settings.max_body:
        return _refused(platform, Refusal("BODY_TOO_LARGE", f"最多 {platform.settings.max_body:,} 字节"), "")
    message = envelope.decode(body)
    if isinstance(message, Unreadable):
        return _refused(platform, message.refusal, message.infno)
    trade = TRADES.get(message.infno.upper())
    denied = _authentic(platform, headers, body, message, trade)
    if isinstance(denied, signature.Denied):
        return _denied(platform, denied, message)
    if isinstance(denied, Refusal):
        return _refused(platform, denied, message.infno, message)
    if trade is None:
        return _no_trade(platform, message)
    return await _run(platform, trade, message)


async def _run(platform: Platform, trade: Trade, message: Envelope) -> Answered:
    received_at = platform.now()
    provider = platform.provider(message.head.fixmedins_code)
    if provider is None:
        return _refused(
            platform,
            Refusal("UNKNOWN_INSTITUTION", _shown(message.head.fixmedins_code)),
            trade.infno,
            message,
        )
    if trade.writes and (platform.settings.read_only or platform.orphaned):
        return _refused(platform, Refusal("READ_ONLY"), trade.infno, message)
    call = Call(platform, provider, message, received_at)
    try:
        if platform.settings.require_sign_in and not await signed_in(call):
            return _refused(platform, Refusal("NOT_SIGNED_IN", "请先办理【9001】签到"), trade.infno, message)
        reply = await trade.handle(call)
    except asyncio.CancelledError:
        raise
    except LOST_DATABASE as error:
        return _incident(platform, trade, message, error, "DATABASE_UNAVAILABLE")
    except Exception as error:  # noqa: BLE001 - the last resort: a bug must not become a dead connection
        return _incident(platform, trade, message, error, "INTERNAL")
    return _replied(platform, trade, message, reply, received_at)


def _authentic(
    platform: Platform, headers: Mapping[bytes, bytes], body: bytes, message: Envelope, trade: Trade | None
) -> signature.Denied | Refusal | None:
    """Whether the message comes from the institution that it names."""
    if platform.settings.signature == "off":
        return None
    head = signature.read_head(headers)
    if isinstance(head, signature.Denied):
        return head
    now_ms = platform.now_ms()
    denied = signature.check_time(head, now_ms)
    if denied is not None:
        return denied
    credential = platform.credential(head.access_key)
    if credential is None:
        return signature.Denied("非法用户!", Refusal("CREDENTIAL_UNKNOWN"))
    denied = signature.check_signature(head, credential.secret)
    if denied is not None:
        return denied
    if credential.code != message.head.fixmedins_code:
        return Refusal("FORBIDDEN", "接入凭据不属于报文中的定点医药机构（fixmedins_code）")
    return platform.replays.note(head, body, now_ms, repeatable=trade is not None and trade.writes)


def _replied(platform: Platform, trade: Trade, message: Envelope, reply: Reply, received_at: Any) -> Answered:
    if isinstance(reply, Output):
        number = platform.refmsgids.next(received_at)
        body = envelope.success(number, received_at, platform.now(), reply.json, reply.warning)
        return Answered(body, trade.infno, 0, "", **_about(message, number))
    if isinstance(reply, Failure):
        return _refused(platform, reply.refusal, trade.infno, message, text=reply.text)
    return _refused(platform, reply, trade.infno, message)


def _refused(
    platform: Platform,
    refusal: Refusal,
    infno: str,
    message: Envelope | None = None,
    text: str = "",
    extra: dict[str, Any] | None = None,
) -> Answered:
    at = platform.now()
    number = platform.refmsgids.next(at)
    body = envelope.failure(number, at, at, text or refusal.text, extra)
    return Answered(body, infno, -1, refusal.code, **_about(message, number))


def _denied(platform: Platform, denied: signature.Denied, message: Envelope) -> Answered:
    """A failed signature: the keys of the specification's table 6 beside those of table 3, so that every client understands."""
    text = f"{denied.message}{denied.refusal.text}"
    extra = {"code": 401, "message": denied.message}
    return _refused(platform, denied.refusal, message.infno, message, text, extra)


def _no_trade(platform: Platform, message: Envelope) -> Answered:
    name = NAMES.get(message.infno.upper())
    if name is not None:
        text = refusals.not_offered(message.infno, name)
        return _refused(platform, Refusal("TRADE_NOT_OFFERED"), message.infno, message, text)
    text = refusals.unknown_trade(message.infno, platform.incident())
    return _refused(platform, Refusal("UNKNOWN_TRADE"), "unknown", message, text, {"type": "error"})


def _incident(
    platform: Platform, trade: Trade, message: Envelope, error: BaseException, reason: str
) -> Answered:
    incident = platform.incident()
    log().error("incident", incident=incident, infno=trade.infno, reason=reason, **anatomy(error))
    text = refusals.internal(reason, incident, trade.writes)
    return _refused(platform, Refusal(reason), trade.infno, message, text)


def _about(message: Envelope | None, number: str) -> dict[str, Any]:
    if message is None:
        return {"refmsgid": number}
    head = message.head
    return {"refmsgid": number, "caller": _shown(head.fixmedins_code), "msgid": envelope.log_name(head)}


def _shown(code: str) -> str:
    """An institution's code as texts and logs may repeat it: letters and digits of the usual length."""
    return code if len(code) <= 12 and code.isalnum() and code.isascii() else "（格式不符）"


_children: dict[tuple[str, int], tuple[Any, Any]] = {}


def _count(answered: Answered, elapsed_s: float) -> None:
    infno = answered.infno if answered.infno in TRADES or answered.infno in NAMES else "unknown"
    key = (infno, answered.infcode)
    children = _children.get(key)
    if children is None:
        children = (metrics.TRADES.labels(infno, str(answered.infcode)), metrics.SECONDS.labels(infno))
        _children[key] = children
    children[0].inc()
    children[1].observe(elapsed_s)
    if answered.reason:
        metrics.REFUSALS.labels(infno, answered.reason).inc()
