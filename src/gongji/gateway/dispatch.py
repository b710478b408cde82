"""From bytes to bytes: who calls, which trade, may it run, and an answer in every case.

Whatever happens is answered: with infcode -1, a reason, and where it broke a sentence on whether something may have happened
(``running``). Messages to the prescription centre's addresses may be sealed ones (``epc.receiving``).
"""

from collections.abc import Mapping
from time import perf_counter
from typing import Any

from gongji.base.reasons import Refusal
from gongji.gateway import envelope, metrics, multipart, refusals, signature
from gongji.gateway.calls import Failure, Output, Reply, Trade
from gongji.gateway.envelope import Envelope, Unreadable
from gongji.gateway.epc import receiving
from gongji.gateway.epc.names import CANONICAL
from gongji.gateway.journal import log
from gongji.gateway.platform import Platform
from gongji.gateway.running import Answered, run, shown
from gongji.gateway.trades import TRADES
from gongji.gateway.trades.known import NAMES

MAX_OPEN = 4_096
"""Messages one worker holds at a time; more are refused as BUSY, unanswered work never grows without bound."""


async def answer(
    platform: Platform, headers: Mapping[bytes, bytes], body: bytes, function: str = ""
) -> Answered:
    """The answer to one POST body. Never raises, never empty. ``function`` is the last word of ``…/fixmedins/<function>``."""
    started = perf_counter()
    if platform.open >= MAX_OPEN:
        busy = Refusal("BUSY")
        answered = receiving.unbelieved(busy, function) if function else _refused(platform, busy, "")
    else:
        platform.accept()
        metrics.OPEN.inc()
        try:
            if function:
                answered = await _answer_centre(platform, headers, body, function)
            else:
                answered = await _answer(platform, headers, body)
        finally:
            platform.answered()
            metrics.OPEN.dec()
    elapsed = perf_counter() - started
    _count(answered.infno, answered.infcode, answered.reason, elapsed)
    _log(answered.infno, answered.infcode, answered.reason, elapsed, answered.fields)
    return answered


async def _answer(platform: Platform, headers: Mapping[bytes, bytes], body: bytes) -> Answered:
    if len(body) > platform.settings.max_body:
        return _refused(platform, _too_large(platform), "")
    message = multipart.received(headers, body)
    if isinstance(message, Unreadable):
        return _refused(platform, message.refusal, message.infno)
    infno = message.infno.upper()
    if infno in CANONICAL:
        shaped = receiving.national(message)
        if isinstance(shaped, Unreadable):
            return _refused(platform, shaped.refusal, shaped.infno, message)
        message, infno = shaped, shaped.infno
    trade = TRADES.get(infno)
    denied = _authentic(platform, headers, body, message, trade)
    if isinstance(denied, signature.Denied):
        return _denied(platform, denied, message)
    if isinstance(denied, Refusal):
        return _refused(platform, denied, message.infno, message)
    if trade is None:
        return _no_trade(platform, message)
    received_at = platform.now()
    return _replied(platform, trade, message, await run(platform, trade, message, received_at), received_at)


async def _answer_centre(
    platform: Platform, headers: Mapping[bytes, bytes], body: bytes, function: str
) -> Answered:
    """A message at an address of the prescription centre: sealed, or in the national envelope. Its content tells."""
    if len(body) > platform.settings.max_body:
        return receiving.unbelieved(_too_large(platform), function)
    fields = envelope.object_in(body)
    if isinstance(fields, Refusal):
        return receiving.unbelieved(fields, function)
    if receiving.is_sealed(fields):
        return await receiving.answer_sealed(platform, TRADES, function, fields)
    return await _answer(platform, headers, body)


def _too_large(platform: Platform) -> Refusal:
    return Refusal("BODY_TOO_LARGE", f"最多 {platform.settings.max_body:,} 字节")


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
        if reply.file is not None:
            answered = Answered(reply.file.content, trade.infno, 0, "", **_about(message, number))
            answered.file_name = reply.file.name
            return answered
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


def _about(message: Envelope | None, number: str) -> dict[str, Any]:
    if message is None:
        return {"refmsgid": number}
    head = message.head
    return {"refmsgid": number, "caller": shown(head.fixmedins_code), "msgid": envelope.log_name(head)}


def account(infno: str, reason: str, elapsed_s: float, message: Envelope, channel: str) -> None:
    """Count and log a trade that did not come over the wire; ``reason`` is empty for one that was done."""
    infcode = -1 if reason else 0
    _count(infno, infcode, reason, elapsed_s)
    fields = {"caller": shown(message.head.fixmedins_code), "msgid": envelope.log_name(message.head)}
    _log(infno, infcode, reason, elapsed_s, fields | {"channel": channel})


def _log(infno: str, infcode: int, reason: str, elapsed_s: float, fields: Mapping[str, Any]) -> None:
    log().info("trade", infno=infno, infcode=infcode, reason=reason, ms=round(elapsed_s * 1000, 2), **fields)


_children: dict[tuple[str, int], tuple[Any, Any]] = {}


def _count(infno: str, infcode: int, reason: str, elapsed_s: float) -> None:
    known = infno if infno in TRADES or infno in NAMES else "unknown"
    key = (known, infcode)
    children = _children.get(key)
    if children is None:
        children = (metrics.TRADES.labels(known, str(infcode)), metrics.SECONDS.labels(known))
        _children[key] = children
    children[0].inc()
    children[1].observe(elapsed_s)
    if reason:
        metrics.REFUSALS.labels(known, reason).inc()
