"""The message around every trade: request as national table 2, answer as table 3.

``decode`` turns bytes into an ``Envelope`` or a Refusal; ``Answer.encode`` writes all keys of table 3 around an output that
is already JSON. Routing looks at ``infno`` only. ``msgid`` is 1-30 characters and never parsed (clients send UUIDs,
repeated seconds and 29 digits).
"""

import hashlib
from datetime import datetime
from typing import Any

import msgspec

from gongji.base.hashing import sm3
from gongji.base.reasons import Refusal
from gongji.base.times import CHINA
from gongji.gateway.fields import Text10, Text30, Text50, Text100, Text200
from gongji.gateway.nodes import Node, read

MAX_ERROR = 2_000
"""Longest err_msg in characters; the table says 200, real texts are longer."""

_decode = msgspec.json.Decoder(dict[str, Any], float_hook=str).decode
_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class Head(msgspec.Struct, frozen=True):
    """Fields of the request's head that this platform uses; the others are accepted and not looked at."""

    infno: Text10
    msgid: Text30
    fixmedins_code: Text30
    mdtrtarea_admvs: Text10 = ""
    insuplc_admdvs: Text10 = ""
    opter_type: Text10 = ""
    opter: Text50 = ""
    opter_name: Text100 = ""
    fixmedins_name: Text200 = ""
    sign_no: Text50 = ""


class Envelope(msgspec.Struct, frozen=True):
    """One request: head, nodes of ``input``, and the digest that tells a repeated message from a changed one."""

    head: Head
    nodes: Node
    request_hash: bytes

    @property
    def infno(self) -> str:
        return self.head.infno

    @property
    def msgid(self) -> str:
        return self.head.msgid


class Unreadable(msgspec.Struct, frozen=True):
    """A body that is no message: what to refuse, and the trade as far as it could be read (for metrics and logs)."""

    refusal: Refusal
    infno: str = ""


def decode(body: bytes) -> Envelope | Unreadable:
    """The message in ``body``. ``input`` may be an object or a JSON string of one."""
    message = object_in(body)
    if isinstance(message, Refusal):
        return Unreadable(message)
    head = read(Head, message, "报文")
    if isinstance(head, Refusal):
        return Unreadable(head, str(message.get("infno") or "")[:10])
    nodes = message.get("input")
    if isinstance(nodes, str):
        nodes = _object(nodes.encode("utf-8", "replace")) if nodes.strip() not in ("", "null") else {}
    if isinstance(nodes, Refusal):
        return Unreadable(nodes, head.infno)
    if nodes is None:
        nodes = {}
    if not isinstance(nodes, dict):
        return Unreadable(Refusal("BAD_ENVELOPE", "input 须为 JSON 对象"), head.infno)
    try:
        return Envelope(head, nodes, request_hash(head.fixmedins_code, head.infno, nodes))
    except RecursionError:
        return Unreadable(Refusal("BAD_JSON", "嵌套过深"), head.infno)


def request_hash(caller: str, infno: str, nodes: Node) -> bytes:
    """SM3 over caller, trade and canonical input (keys sorted, numbers as written).

    Head fields that a client renews when it sends a message again (inf_time, opter, sign_no) are left out on purpose: the
    same number with the same input is the same message.
    """
    return sm3(b"\x1f".join((caller.encode(), infno.encode(), _encode_sorted(nodes))))


def object_in(body: bytes) -> dict[str, Any] | Refusal:
    """The JSON object of a body, a byte order mark apart; numbers with a fraction as the text that was written."""
    return _object(body.removeprefix(b"\xef\xbb\xbf"))


def _object(body: bytes) -> dict[str, Any] | Refusal:
    if not body.strip():
        return Refusal("BAD_JSON", "报文为空")
    try:
        return _decode(body)
    except RecursionError:
        return Refusal("BAD_JSON", "嵌套过深")
    except UnicodeError:
        return Refusal("BAD_JSON", "须为 UTF-8 编码")
    except msgspec.ValidationError:
        return Refusal("BAD_ENVELOPE", "须为 JSON 对象")
    except msgspec.DecodeError as error:
        return Refusal("BAD_JSON", _where(str(error)))


def _where(message: str) -> str:
    """The decoder's English remark in Chinese, keeping the byte position."""
    if "truncated" in message:
        return "报文不完整，可能被截断"
    _, _, position = message.rpartition("(byte ")
    return f"第 {position.rstrip(')')} 字节处语法错误" if position.rstrip(")").isdigit() else "语法错误"


class Refmsgid:
    """Numbers of answers: admdvs (6) + yyyyMMddHHmmss (14) + serial (10), unique among the workers (0-1023) of a platform."""

    def __init__(self, admdvs: str, worker: int) -> None:
        self._admdvs = admdvs.ljust(6, "0")[:6]
        self._worker = f"{worker:04d}"
        self._serial = 0

    def next(self, at: datetime) -> str:
        self._serial = (self._serial + 1) % 1_000_000
        return f"{self._admdvs}{stamp(at)[:14]}{self._worker}{self._serial:06d}"


def stamp(at: datetime) -> str:
    """17 digits yyyyMMddHHmmssSSS of an instant, on China's clock."""
    at = at.astimezone(CHINA)
    second = at.hour * 10000 + at.minute * 100 + at.second
    return f"{at.year * 10000 + at.month * 100 + at.day:08d}{second:06d}{at.microsecond // 1000:03d}"


def success(
    refmsgid: str, received: datetime, responded: datetime, output: bytes | None, warning: str = ""
) -> bytes:
    """Answer with infcode 0. ``output`` is JSON or None for trades without output; a warning goes into ``warn_msg``."""
    warn = _encode(warning) if warning else b"null"
    return (
        b'{"infcode":0,"inf_refmsgid":"%b","refmsg_time":"%b","respond_time":"%b","err_msg":null,"output":%b,"warn_msg":%b,'
        b'"cainfo":null,"signtype":null,"enctype":null}'
        % (refmsgid.encode(), stamp(received).encode(), stamp(responded).encode(), output or b"null", warn)
    )


def failure(
    refmsgid: str, received: datetime, responded: datetime, text: str, extra: dict[str, Any] | None = None
) -> bytes:
    """Answer with infcode -1 and a Chinese ``err_msg``; ``extra`` adds keys (``type``, ``code``, ``message``)."""
    return _encode(
        {
            **(extra or {}),
            "infcode": -1,
            "inf_refmsgid": refmsgid,
            "refmsg_time": stamp(received),
            "respond_time": stamp(responded),
            "err_msg": text if len(text) <= MAX_ERROR else text[: MAX_ERROR - 1] + "…",
            "output": None,
            "warn_msg": None,
            "cainfo": None,
            "signtype": None,
            "enctype": None,
        }
    )


def log_name(head: Head) -> str:
    """The message number as logs may show it: a client could put anything there, so only the usual shape is shown."""
    if head.msgid.startswith(head.fixmedins_code):
        return head.msgid
    return "#" + hashlib.sha256(head.msgid.encode()).hexdigest()[:16]
