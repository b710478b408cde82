"""A sealed message of the prescription centre from bytes to bytes: whose channel, is it believed, for which function, the answer.

The channel (appId) says which institution calls, and the data may name no other. A message is known by what was signed: the same
message sent again, in whatever spelling, has the same number and gets the answer that it got; under another function it is
refused, because the address is not under the signature. Answers are signed with the platform's certificate, code ``EPC``.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from gongji.base.hashing import sm3
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import sql
from gongji.base.times import day_in_china
from gongji.gateway.calls import Call, Failure, Output, Reply, Trade
from gongji.gateway.envelope import Envelope, Head, Unreadable, request_hash
from gongji.gateway.epc.envelope import (
    Closed,
    Opened,
    Signing,
    open_request,
    plain_failure,
    seal_answer,
)
from gongji.gateway.epc.names import BY_ANY_NAME, BY_PATH, CANONICAL, INFNOS, Function
from gongji.gateway.epc.shape import flat, names_another, shaped
from gongji.gateway.epc.signer import PLATFORM_CODE, centre_signing
from gongji.gateway.journal import anatomy, log
from gongji.gateway.platform import Platform
from gongji.gateway.running import Answered, run, shown
from gongji.gateway.signature import WINDOW_MS
from gongji.providers.register import Channel

USED_ELSEWHERE = sql("gongji.gateway", "used_elsewhere")
MSGID_LENGTH = 30
NOT_BELIEVED = "报文不能用该渠道的密钥解开，或签名不符；请核对 appSecret、公钥和待签名文本（见《国家接口》电子处方中心一节）"
SEND_AGAIN = "办理可能已经成功，请用同一报文重发以取得结果"


def is_sealed(fields: Mapping[str, Any]) -> bool:
    """Whether a message is a sealed one: the national envelope has ``infno``, this one ``appId``."""
    return "infno" not in fields and ("appId" in fields or "encData" in fields)


def national(message: Envelope) -> Envelope | Unreadable:
    """A message of the national envelope for this centre: under its national number and in the handlers' shape."""
    infno = CANONICAL[message.infno.upper()]
    nodes = shaped(message.nodes)
    if names_another(nodes, message.head.fixmedins_code):
        return Unreadable(_foreign(), infno)
    head = msgspec.structs.replace(message.head, infno=infno)
    return Envelope(head, nodes, request_hash(head.fixmedins_code, infno, message.nodes))


def unbelieved(refusal: Refusal, path_name: str) -> Answered:
    """The answer to what could not be read at all, at an address of this centre."""
    function = BY_PATH.get(path_name.lower())
    return _plain(refusal, function.infno if function else "unknown")


async def answer_sealed(
    platform: Platform, trades: Mapping[str, Trade], path_name: str, fields: dict[str, Any]
) -> Answered:
    """The answer to a sealed message that was posted to ``…/fixmedins/<path_name>``."""
    function = BY_PATH.get(path_name.lower())
    if function is None:
        return _plain(Refusal("UNKNOWN_TRADE", "没有这个地址"), "unknown")
    channel = _channel(platform, fields.get("appId"))
    if isinstance(channel, Refusal):
        return _plain(channel, function.infno)
    likely = platform.sealed_uses.manner(channel.app_id)
    try:
        opened = await asyncio.to_thread(open_request, channel, channel.public_key, fields, likely)
    except Exception as error:  # noqa: BLE001 - whatever it was, the message is not believed
        log().error("sealed message", infno=function.infno, **anatomy(error))
        opened = Closed("error")
    if isinstance(opened, Closed):
        log().warning("sealed message not believed", stage=opened.stage, caller=shown(channel.code))
        return _plain(Refusal("SIGNATURE_WRONG", NOT_BELIEVED), function.infno, channel.code)
    platform.sealed_uses.signed(channel.app_id, opened.manner)
    signing = centre_signing(platform.providers, platform.signer, platform.now())
    if signing is None:
        log().error("no certificate to sign with", code=PLATFORM_CODE)
        return _plain(Refusal("SIGNER_UNAVAILABLE"), function.infno, channel.code)
    received_at = platform.now()
    reply: Reply | None = _doubt(platform, function, opened)
    if reply is None:
        reply = await _run(platform, trades, function, channel, opened, received_at)
    try:
        return await asyncio.to_thread(_sealed, platform, function, channel, opened, signing, reply)
    except Exception as error:  # noqa: BLE001 - the trade is done; only its answer could not be signed
        log().error("answer not signed", infno=function.infno, **anatomy(error))
        return _plain(Refusal("SIGNER_UNAVAILABLE", SEND_AGAIN), function.infno, channel.code)


async def _run(
    platform: Platform,
    trades: Mapping[str, Trade],
    function: Function,
    channel: Channel,
    opened: Opened,
    received_at: datetime,
) -> Reply:
    trade = trades.get(function.infno)
    if trade is None:
        return Refusal("TRADE_NOT_OFFERED", f"【{function.infno}】{function.name}")
    if not isinstance(opened.data, dict):
        return Refusal("BAD_ENVELOPE", "encData 解密后须为 JSON 对象")
    nodes = shaped(opened.data)
    if names_another(nodes, channel.code):
        return _foreign()
    number = opened.digest.hex().upper()[:MSGID_LENGTH]
    head = Head(infno=function.infno, msgid=number, fixmedins_code=channel.code)
    content = sm3(b"\x1f".join((channel.code.encode(), function.infno.encode(), opened.digest)))
    return await run(
        platform,
        _guarded(trade) if trade.writes else trade,
        Envelope(head, nodes, content),
        received_at,
        sealed=True,
    )


def _guarded(trade: Trade) -> Trade:
    """The trade, for a message that has not had its effect under another function, at whichever worker: a sale that somebody
    overheard must not be turned into its withdrawal."""
    others = list(INFNOS - {trade.infno})

    async def handle(call: Call) -> Reply:
        async with call.platform.pool.acquire() as connection:
            if await connection.fetchval(USED_ELSEWHERE, call.caller, call.message.msgid, others):
                return Refusal("NONCE_REPLAYED", "同一报文只能用于一个服务")
        return await trade.handle(call)

    return msgspec.structs.replace(trade, handle=handle)


def _channel(platform: Platform, app_id: object) -> Channel | Refusal:
    if not isinstance(app_id, str):
        return Refusal("CREDENTIAL_UNKNOWN", "appId")
    channel = platform.providers.channel(app_id.strip())
    if channel is None:
        return Refusal("CREDENTIAL_UNKNOWN", "appId")
    if not channel.usable(day_in_china(platform.now())):
        return Refusal("CREDENTIAL_REVOKED", "appId")
    return channel


def _doubt(platform: Platform, function: Function, opened: Opened) -> Refusal | None:
    """Why a message that is the institution's own is not taken: too old, or meant for another function."""
    now_ms = platform.now_ms()
    if abs(now_ms - opened.sent_ms) > WINDOW_MS:
        return Refusal("TIMESTAMP_STALE", "timestamp 与服务器时间相差须在 30 分钟内")
    meant = BY_ANY_NAME.get(str(opened.fields.get("transType") or "").strip().rpartition("/")[2].lower())
    if meant is not None and meant is not function:
        return Refusal("NONCE_REPLAYED", "transType 与地址不是同一服务")
    if not platform.sealed_uses.note(opened.digest, function.infno, now_ms):
        return Refusal("NONCE_REPLAYED", "同一报文只能用于一个服务")
    return None


def _sealed(
    platform: Platform, function: Function, channel: Channel, opened: Opened, signing: Signing, reply: Reply
) -> Answered:
    """``reply`` encrypted and signed. Runs in a thread: a signature takes a millisecond, a signing machine's a round trip."""
    about = {"caller": shown(channel.code), "msgid": f"#{opened.digest.hex()[:16]}"}
    if isinstance(reply, Output):
        data = flat(reply.json)
        body = seal_answer(channel, signing, opened, platform.now(), data=data, remark=reply.warning)
        return Answered(body, function.infno, 0, "", **about)
    refusal = reply.refusal if isinstance(reply, Failure) else reply
    body = seal_answer(channel, signing, opened, platform.now(), refused=reply.text)
    return Answered(body, function.infno, -1, refusal.code, **about)


def _foreign() -> Refusal:
    return Refusal("FORBIDDEN", "fixmedinsCode 须为发送报文的定点医药机构")


def _plain(refusal: Refusal, infno: str, caller: str = "") -> Answered:
    about = {"caller": shown(caller)} if caller else {}
    return Answered(plain_failure(refusal.text), infno, -1, refusal.code, **about)
