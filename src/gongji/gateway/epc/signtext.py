"""The text under a signature of the prescription centre: sorted ``k=v&`` pairs of the envelope, then ``key=`` and the secret.

Fields without a value, and signData, encData and extra, are left out; ``data`` stands for the decrypted business data. Inside it
keys are sorted at every depth, null, "" and empty arrays are dropped and every scalar becomes a string, as written. Clients sort
the inner keys either by code or without regard to case, and one code base signs the cipher text in place of the data: three
spellings (``Order``) of the same content, each as strong as the others.
"""

from enum import Enum
from typing import Any

import msgspec

UNSIGNED = frozenset({"signData", "encData", "extra", "data"})
"""Fields of the envelope that stand in no text; ``data`` is put in from what was decrypted."""

_encode = msgspec.json.Encoder().encode


class Order(Enum):
    """How a client writes ``data`` into the text."""

    CODE = "code"
    """Plain data, keys by character code: the specification's rule as most clients have it."""
    LETTER = "letter"
    """Plain data, keys without regard to case."""
    CIPHER = "cipher"
    """encData as it stands in the message."""


def sign_text(fields: dict[str, Any], data: Any, secret: str, order: Order = Order.CODE) -> bytes:
    """The bytes to sign: ``fields`` are the envelope's, ``data`` the decrypted object (None where a message has none)."""
    values = {name: value for name, value in fields.items() if name not in UNSIGNED}
    if order is Order.CIPHER:
        values["data"] = fields.get("encData", "")
    elif data is not None:
        values["data"] = data
    pairs = [f"{name}={text}&" for name, value in values.items() if (text := _value(value, order))]
    pairs.sort(key=str.lower)
    return f"{''.join(pairs)}key={secret}".encode("utf-8", "surrogatepass")


def _value(value: Any, order: Order) -> str:
    if isinstance(value, dict | list):
        return _encode(_tree(value, order)).decode() if value != [] else ""
    return "" if value is None else _scalar(value)


def _tree(value: Any, order: Order) -> Any:
    """``value`` with sorted keys, without its empties, scalars as texts."""
    if isinstance(value, dict):
        kept = [(name, part) for name, part in value.items() if not _empty(part)]
        kept.sort(key=_by_letter if order is Order.LETTER else _by_code)
        return {name: _tree(part, order) for name, part in kept}
    if isinstance(value, list):
        return [_tree(part, order) for part in value if not _empty(part)]
    return _scalar(value)


def _empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _by_code(pair: tuple[str, Any]) -> str:
    return pair[0]


def _by_letter(pair: tuple[str, Any]) -> str:
    return pair[0].lower()


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
