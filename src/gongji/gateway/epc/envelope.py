"""The sealed message of the prescription centre: who sent it, and what does it say, or why is it not believed.

Request and answer carry encData (SM4/ECB/PKCS#7 over the JSON of the business data, upper-case hex) and signData (SM2 over
``signtext``, base64 of r‖s). Pure functions for both ends: a client seals with ``seal_request`` and opens with ``open_answer``,
the centre opens with ``open_request`` and seals with ``seal_answer`` in the manner of the caller. Nothing here raises on
foreign bytes. ECB is the interface's rule; integrity comes from the signature alone, which covers the decrypted data.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from gongji.base import sm2
from gongji.base.hashing import sm3
from gongji.base.times import CHINA
from gongji.gateway.epc.signtext import Order, sign_text

VERSION = "1.0.0"
BLOCK_BITS = 128
SUCCESS, FAILURE = 0, -1
READ = ("appId", "version", "timestamp", "encType", "signType", "transType")
"""Fields of the envelope that somebody reads or that stand beside one that is read."""

_decode = msgspec.json.Decoder(float_hook=str).decode
_encode = msgspec.json.Encoder().encode

Signing = Callable[[bytes, bytes], bytes]
"""(text, user id) → r‖s, with a private key that stays behind it."""


class Keys(Protocol):
    """What both ends of a channel share: appId (渠道编号) and appSecret (渠道密钥)."""

    @property
    def app_id(self) -> str: ...

    @property
    def app_secret(self) -> str: ...


class Manner(msgspec.Struct, frozen=True):
    """How a caller signs; its answers are signed the same way. ``own_id``: the user id is the secret, not the default one."""

    order: Order = Order.CODE
    own_id: bool = True

    def user_id(self, keys: Keys) -> bytes:
        return keys.app_secret.encode() if self.own_id else sm2.DEFAULT_ID


MANNERS = tuple(Manner(order, own_id) for order in Order for own_id in (True, False))
"""Every manner that is believed, the likeliest first."""


class Opened(msgspec.Struct, frozen=True):
    """A message that is believed. ``digest`` (SM3 of what was signed) names the message: another spelling of it has the same."""

    data: Any
    sent_ms: int
    manner: Manner
    digest: bytes
    fields: dict[str, Any]


class Closed(msgspec.Struct, frozen=True):
    """A message that is not believed. ``stage`` is for the log only: a sender that guesses learns nothing from it."""

    stage: str


def sm4_key(keys: Keys) -> bytes:
    """secKey: the first 16 hex digits of appSecret under the first 16 characters of appId. Raises ValueError for a short appId."""
    outer = keys.app_id[:16].encode()
    return sm4_encrypt(outer, keys.app_secret.encode()).hex().upper()[:16].encode()


def sm4_encrypt(key: bytes, data: bytes) -> bytes:
    """SM4/ECB/PKCS#7."""
    padder = PKCS7(BLOCK_BITS).padder()
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - the interface's rule
    return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()


def sm4_decrypt(key: bytes, data: bytes) -> bytes:
    """The plain bytes. Raises ValueError when length or padding are not those of an encryption."""
    decryptor = Cipher(algorithms.SM4(key), modes.ECB()).decryptor()  # noqa: S305 - the interface's rule
    unpadder = PKCS7(BLOCK_BITS).unpadder()
    return unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()


def seal_request(
    keys: Keys,
    private_key: bytes,
    data: Any,
    at: datetime,
    *,
    trans_type: str = "",
    manner: Manner = Manner(),  # noqa: B008 - frozen
) -> bytes:
    """A request with ``data`` as a hospital's or pharmacy's software sends it."""
    return seal_message(keys, _signing(private_key), data, at, trans_type=trans_type, manner=manner)


def seal_message(
    keys: Keys,
    signing: Signing,
    data: Any,
    at: datetime,
    *,
    trans_type: str = "",
    manner: Manner = Manner(),  # noqa: B008 - frozen
) -> bytes:
    """``seal_request`` with a key that does not leave its signer: how the centre sends a notice."""
    fields = {
        "appId": keys.app_id,
        "version": VERSION,
        "timestamp": str(int(at.timestamp() * 1000)),
        "encType": "SM4",
        "signType": "SM2",
        "transType": trans_type,
    }
    return _sealed(keys, signing, fields, data, manner)


def seal_answer(
    keys: Keys,
    signing: Signing,
    opened: Opened,
    at: datetime,
    *,
    data: Any = None,
    refused: str | None = None,
    remark: str = "",
) -> bytes:
    """The answer to ``opened``: ``data``, or code -1 and the Chinese text ``refused``. encType and signType as the caller wrote."""
    fields = {
        "appId": keys.app_id,
        "version": VERSION,
        "timestamp": str(int(at.timestamp() * 1000)),
        "encType": opened.fields.get("encType", "SM4"),
        "signType": opened.fields.get("signType", "SM2"),
        **_outcome(refused, remark),
    }
    return _sealed(keys, signing, fields, data, opened.manner)


def plain_failure(text: str) -> bytes:
    """An answer to somebody who has not shown who he is: neither encrypted nor signed, legible in either envelope."""
    return _encode(
        {"version": VERSION, **_outcome(text, ""), "infcode": FAILURE, "err_msg": text, "output": None}
    )


def open_request(
    keys: Keys, public_key: bytes, fields: dict[str, Any], likely: Manner = MANNERS[0]
) -> Opened | Closed:
    """The message in the envelope ``fields``, believed only if the channel's keys open it and its owner signed it.

    ``likely``: the manner to try first, how this owner signed before.
    """
    sent_ms = instant_ms(fields.get("timestamp"))
    if sent_ms is None:
        return Closed("timestamp")
    cipher_text = _unhex(fields.get("encData"))
    signature = _unbase64(fields.get("signData"))
    if cipher_text is None or signature is None:
        return Closed("form")
    try:
        data = _decode(sm4_decrypt(sm4_key(keys), cipher_text))
        return _verified(keys, public_key, fields, data, signature, sent_ms, likely)
    except (ValueError, RecursionError):
        # DecodeError and UnicodeDecodeError are ValueErrors: bytes that were not encrypted with this key.
        return Closed("decrypt")


def open_answer(keys: Keys, public_key: bytes, body: bytes) -> Opened | Closed:
    """The centre's answer (or notice), as the other end reads it. A refusal has ``code`` -1 in ``fields`` and no data."""
    try:
        fields = _decode(body)
    except (ValueError, RecursionError):
        return Closed("json")
    if not isinstance(fields, dict):
        return Closed("json")
    if "encData" in fields:
        return open_request(keys, public_key, fields)
    signature, sent_ms = _unbase64(fields.get("signData")), instant_ms(fields.get("timestamp"))
    if signature is None or sent_ms is None:
        return Closed("form")
    try:
        return _verified(keys, public_key, fields, None, signature, sent_ms, MANNERS[0])
    except RecursionError:
        return Closed("json")


def instant_ms(value: object) -> int | None:
    """A timestamp as clients write it: milliseconds as number or text, with or without a fraction, or yyyyMMddHHmmss."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    whole, _, fraction = str(value).strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and (not fraction or fraction.isdigit())):
        return None
    if len(whole) == 13:
        return int(whole)
    if len(whole) != 14 or fraction:
        return None
    try:
        at = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    except ValueError:
        return None
    return int(at.timestamp() * 1000)


def _sealed(keys: Keys, signing: Signing, fields: dict[str, Any], data: Any, manner: Manner) -> bytes:
    # Signed is what the other end will read: the data after a round through JSON.
    encoded = _encode(data) if data is not None else b""
    if data is not None:
        fields = {**fields, "encData": sm4_encrypt(sm4_key(keys), encoded).hex().upper()}
        data = _decode(encoded)
    text = sign_text(fields, data, keys.app_secret, manner.order)
    signature = base64.b64encode(signing(text, manner.user_id(keys))).decode()
    return _encode({**fields, "signData": signature})


def _verified(
    keys: Keys,
    public_key: bytes,
    fields: dict[str, Any],
    data: Any,
    signature: bytes,
    sent_ms: int,
    likely: Manner,
) -> Opened | Closed:
    if not _one_reading(fields):
        return Closed("form")
    texts = {order: sign_text(fields, data, keys.app_secret, order) for order in Order}
    tried: set[tuple[bytes, bool]] = set()
    for manner in (likely, *MANNERS):
        text = texts[manner.order]
        if (text, manner.own_id) in tried:
            continue
        tried.add((text, manner.own_id))
        if sm2.verify(public_key, text, signature, manner.user_id(keys)):
            return Opened(data, sent_ms, manner, sm3(texts[Order.CODE]), fields)
    return Closed("signature")


def _one_reading(fields: dict[str, Any]) -> bool:
    """Whether the text under the signature can be read back in one way only.

    The rule joins ``k=v&`` without escapes: a field ``"transType": "rxUndo&version=1.0.0"`` would be signed by a message that has
    both, and say something else.
    """
    plain = all(name.isascii() and name.replace("_", "").isalnum() for name in fields)
    return plain and not any("&" in str(fields.get(name, "")) for name in READ)


def _signing(private_key: bytes) -> Signing:
    return lambda text, user_id: sm2.sign(private_key, text, user_id)


def _outcome(refused: str | None, remark: str) -> dict[str, Any]:
    if refused is None:
        return {"code": SUCCESS, "message": remark or "成功", "success": True, "type": "success"}
    return {"code": FAILURE, "message": refused, "success": False, "type": "error"}


def _unhex(value: object) -> bytes | None:
    try:
        return bytes.fromhex(value) if isinstance(value, str) and value.isalnum() else None
    except ValueError:
        return None


def _unbase64(value: object) -> bytes | None:
    """The bytes of canonical base64: one spelling of a signature, so that nothing of it can be varied."""
    if not isinstance(value, str):
        return None
    try:
        found = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode() == value else None
