"""Reading the prescription centre's messages in any spelling: hiRxno, hi_rxno and HIRXNO are one name, of a node as of a field.

Two copies of the national tables write the same fields in camel case and with underscores. Letters are compared without case,
underscores are dropped. The nodes themselves come in one shape (``epc.shape``): ``data`` and what stands beside it.
"""

import base64
import binascii
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from gongji.base.reasons import Refusal
from gongji.gateway.calls import Call
from gongji.gateway.fields import BadField, Extension, is_empty
from gongji.gateway.nodes import Node, many, one, plans, read

__all__ = ["as_sent", "as_text", "data_of", "decoded", "extended", "listed", "row_of", "rows_of"]

T = TypeVar("T")
DATA = "data"
LIST_LENGTH = 100
"""Texts that a list field may have."""


def data_of(kind: type[T], call: Call) -> T | Refusal:
    """The row of ``data`` as a ``kind``."""
    return row_of(kind, call, DATA)


def row_of(kind: type[T], call: Call, name: str) -> T | Refusal:
    """The single row of a node."""
    row = one({name: _node(call.nodes, name) or None}, name)
    return row if isinstance(row, Refusal) else read(kind, _folded(kind, row), name)


def as_sent(kind: type[Any], call: Call) -> Node:
    """The fields of ``data`` that ``kind`` has, by their national names, with what was sent: for signatures over the words."""
    row = one({DATA: _node(call.nodes, DATA)}, DATA)
    return {} if isinstance(row, Refusal) else _folded(kind, row)


def rows_of(kind: type[T], call: Call, name: str) -> list[T] | Refusal:
    """The rows of a multi-row node, at least one."""
    found = many({name: _node(call.nodes, name)}, name)
    if isinstance(found, Refusal):
        return found
    if not found:
        return Refusal("MISSING_NODE", f"input.{name}")
    values: list[T] = []
    for number, row in enumerate(found, start=1):
        value = read(kind, _folded(kind, row), f"{name}[{number}]")
        if isinstance(value, Refusal):
            return value
        values.append(value)
    return values


def extended(kind: type[T], row: T, extras: object, where: str) -> T | Refusal:
    """``row`` with fields that it left out and ``extras`` (an object, or JSON of one) carries."""
    if is_empty(extras):
        return row
    try:
        given = _object(extras)
    except ValueError as bad:
        return Refusal("BAD_FIELD", f"{where}.extras {bad}")
    given = _folded(kind, given)
    fields = msgspec.structs.asdict(cast(msgspec.Struct, row))
    defaults = {part.name: part.default for part in msgspec.structs.fields(cast(type[msgspec.Struct], kind))}
    for plan in plans(cast(Hashable, kind)):
        if is_empty(given.get(plan.name)) or fields[plan.name] != defaults[plan.name]:
            continue
        try:
            fields[plan.name] = plan.rule.parse(given[plan.name])
        except ValueError as bad:
            return Refusal("BAD_FIELD", f"{where}.extras.{plan.name} {bad}")
    return kind(**fields)


def listed(value: object, where: str, length: int = 50) -> tuple[str, ...] | Refusal:
    """A list of texts (字符串数组): an array, or one text with commas."""
    if is_empty(value):
        return ()
    parts: Iterable[Any] = value if isinstance(value, list) else str(value).split(",")
    texts = [part for part in parts if not is_empty(part)]
    if not all(isinstance(text, str) and len(text) <= length and text.isprintable() for text in texts):
        return Refusal("BAD_FIELD", f"{where} 须为字符串数组，每个不超过 {length} 个字符")
    if len(texts) > LIST_LENGTH:
        return Refusal("TOO_MANY_LINES", f"{where} 最多 {LIST_LENGTH} 个")
    return tuple(dict.fromkeys(text.strip() for text in texts))


def _object(extras: object) -> dict[str, Any]:
    content = extras
    if isinstance(extras, str):
        Extension().parse(extras)
        content = msgspec.json.decode(extras)
    if not isinstance(content, dict):
        raise BadField("须为 JSON 对象")
    return content


def decoded(text: str, where: str) -> bytes | Refusal:
    """The bytes of a base64 field; line breaks inside are overlooked."""
    try:
        found = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return Refusal("BAD_FIELD", f"{where} 须为 base64")
    return found or Refusal("MISSING_FIELD", where)


def as_text(text: str) -> bytes:
    """The bytes of a field that is base64, or words as they are."""
    found = decoded(text, "") if text else b""
    return text.encode() if isinstance(found, Refusal) else found


def _node(nodes: Node, name: str) -> object:
    wanted = _plain(name)
    return next((part for key, part in nodes.items() if _plain(key) == wanted), None)


def _folded(kind: type[Any], row: Node) -> Node:
    """The fields of ``row`` that ``kind`` has, under the names of ``kind``; the first one that says something counts."""
    names = _names(cast(Hashable, kind))
    folded: Node = {}
    for key, value in row.items():
        name = names.get(_plain(str(key)))
        if name is not None and is_empty(folded.get(name)):
            folded[name] = value
    return folded


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


@cache
def _names(kind: Any) -> dict[str, str]:
    return {_plain(plan.name): plan.name for plan in plans(kind)}
