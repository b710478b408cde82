"""Trades for the platform's own web: the same handlers, numbers and records as for a hospital's software, without the wire.

The web's workstations are clients of the interface (decision 0020): what a counter does by hand and what its software sends
are the same trade, so there is no second logic, a number sent twice takes effect once, and a lost answer can be asked for.
"""

from decimal import Decimal
from time import perf_counter
from typing import Any

import msgspec

from gongji.gateway import envelope
from gongji.gateway.calls import Failure, Output
from gongji.gateway.dispatch import account
from gongji.gateway.envelope import Unreadable
from gongji.gateway.epc import receiving
from gongji.gateway.epc.names import CANONICAL
from gongji.gateway.platform import Platform
from gongji.gateway.running import run
from gongji.gateway.trades import TRADES

__all__ = ["Done", "Operator", "Refused", "message", "trade"]

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode
OTHER_OPERATOR = "1"
"""opter_type of somebody at a counter."""


class Operator(msgspec.Struct, frozen=True):
    """Who stands at the workstation: the institution, and number and name as the head of a message has them."""

    institution: str
    code: str
    name: str
    insured_region: str = ""


class Done(msgspec.Struct, frozen=True):
    """A trade that succeeded: its output node (amounts as Decimal yuan; empty where the trade has none) and a remark."""

    output: dict[str, Any]
    warning: str = ""


class Refused(msgspec.Struct, frozen=True):
    """A trade that was not done: reason code and the Chinese text of err_msg, with the article."""

    code: str
    text: str


async def trade(
    platform: Platform, operator: Operator, infno: str, nodes: dict[str, Any], msgid: str
) -> Done | Refused:
    """What the trade answers to ``nodes`` (the nodes of ``input``) under the operator's own number ``msgid``.

    The caller has been signed in and may do this; the trade still decides everything else. Never raises for what a user can cause.
    """
    started = perf_counter()
    sent = message(operator, infno, nodes, msgid)
    if isinstance(sent, Unreadable):
        return Refused(sent.refusal.code, sent.refusal.text)
    offered = TRADES[sent.infno]
    platform.accept()
    try:
        reply = await run(platform, offered, sent, platform.now(), sealed=True)
    finally:
        platform.answered()
    reason = (
        "" if isinstance(reply, Output) else (reply.refusal if isinstance(reply, Failure) else reply).code
    )
    account(offered.infno, reason, perf_counter() - started, sent, "web")
    if isinstance(reply, Output):
        return Done(_decode(reply.json) if reply.json else {}, reply.warning)
    return Refused(reason, reply.text)


def message(
    operator: Operator, infno: str, nodes: dict[str, Any], msgid: str
) -> envelope.Envelope | Unreadable:
    """The message as it would have come over the wire: written and read again, so that types are those of a message."""
    read = envelope.decode(
        _encode(
            {
                "infno": infno,
                "msgid": msgid,
                "fixmedins_code": operator.institution,
                "insuplc_admdvs": operator.insured_region,
                "opter_type": OTHER_OPERATOR,
                "opter": operator.code,
                "opter_name": operator.name,
                "input": nodes,
            }
        )
    )
    return receiving.national(read) if not isinstance(read, Unreadable) and infno in CANONICAL else read
