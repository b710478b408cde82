"""The ``_api_*`` signature of the service gateway (接口规范 表5、表6): who calls, shown by a key pair of one institution.

base64(HMAC-SHA1(secret, "_api_access_key=…&_api_name=…&_api_timestamp=…&_api_version=…")), keys in natural order; time in
milliseconds (13 digits) or, from some clients, seconds (10). The scheme does not sign the body, so a captured head could be
used with another body: the head is bound to what it first carried and serves a bounded number of messages.
"""

import base64
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping

import msgspec

from gongji.base.reasons import Refusal

WINDOW_MS = 30 * 60 * 1000
"""Time window of the specification, each way."""
USES_PER_STAMP = {13: 64, 10: 4096}
"""Messages that one signed head may carry: a client's threads in one millisecond, or its whole second."""
REMEMBERED = 200_000
"""Heads kept at most; under more traffic than that within the window the oldest are forgotten first."""

NAMES = ("_api_access_key", "_api_name", "_api_timestamp", "_api_version")
HEADERS = tuple(name.encode() for name in (*NAMES, "_api_signature"))


class SignedHead(msgspec.Struct, frozen=True):
    """The five headers as they came."""

    access_key: str
    name: str
    timestamp: str
    version: str
    signature: str


class Denied(msgspec.Struct, frozen=True):
    """``message`` is the specification's own text, ``refusal`` ours."""

    message: str
    refusal: Refusal


def read_head(headers: Mapping[bytes, bytes]) -> SignedHead | Denied:
    """The signed head of a request, from ASGI headers with lower-case names."""
    found = [headers.get(name, b"").decode("latin-1").strip() for name in HEADERS]
    if not all(found):
        return Denied("缺少服务网关的请求头!", Refusal("SIGNATURE_MISSING", "缺少 _api_* 请求头"))
    return SignedHead(*found)


def sign(head: SignedHead | Mapping[str, str], secret: str) -> str:
    """The signature that belongs to a head; what a client computes."""
    if isinstance(head, Mapping):
        access_key, name, timestamp, version = (head[name] for name in NAMES)
        head = SignedHead(access_key, name, timestamp, version, "")
    text = (
        f"_api_access_key={head.access_key}&_api_name={head.name}"
        f"&_api_timestamp={head.timestamp}&_api_version={head.version}"
    )
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha1")).decode()


def check_time(head: SignedHead, now_ms: int) -> Denied | None:
    """Whether the head's time lies within the window."""
    digits = head.timestamp
    if digits.isascii() and digits.isdigit() and len(digits) in USES_PER_STAMP:
        sent_ms = int(digits) if len(digits) == 13 else int(digits) * 1000
        if abs(now_ms - sent_ms) <= WINDOW_MS:
            return None
    return Denied(
        "签名时间戳超时!", Refusal("TIMESTAMP_STALE", "_api_timestamp 与服务器时间相差须在 30 分钟内")
    )


def check_signature(head: SignedHead, secret: str) -> Denied | None:
    """Whether the head was signed with ``secret`` (constant-time comparison)."""
    if hmac.compare_digest(sign(head, secret).encode(), head.signature.encode()):
        return None
    return Denied("签名不一致!", Refusal("SIGNATURE_WRONG"))


class Replays:
    """Signed heads seen within the window, per process: a body sent again under its head is a replay.

    A replay of a writing trade is let through to idempotency, which answers what it answered before; a replay of a query is
    refused, because it would only serve somebody who overheard it.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], tuple[int, set[bytes]]] = OrderedDict()

    def note(self, head: SignedHead, body: bytes, now_ms: int, repeatable: bool) -> Denied | None:
        """Remember ``body`` under its head; a Denied when it is a replay or the head is used up."""
        self._forget(now_ms)
        key = (head.access_key, head.signature)
        _, bodies = self._seen.setdefault(key, (now_ms, set()))
        digest = hashlib.blake2b(body, digest_size=12).digest()
        if digest in bodies:
            return (
                None
                if repeatable
                else Denied("请求重复!", Refusal("NONCE_REPLAYED", "同一签名的同一查询只受理一次"))
            )
        if len(bodies) >= USES_PER_STAMP[len(head.timestamp)]:
            return Denied(
                "请求重复!", Refusal("NONCE_REPLAYED", "同一签名使用次数过多，请为每次请求重新签名")
            )
        bodies.add(digest)
        return None

    def _forget(self, now_ms: int) -> None:
        while self._seen:
            key, (first_ms, _) = next(iter(self._seen.items()))
            if len(self._seen) <= REMEMBERED and now_ms - first_ms <= 2 * WINDOW_MS:
                return
            del self._seen[key]
