"""Nodes of a message: found without regard to case, object or array alike, read into the struct of their field table.

A struct's reader is built once from its annotations; reading a node then is one loop over prepared parsers.
"""

from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, TypeVar, cast, get_type_hints

import msgspec

from gongji.base.reasons import Refusal
from gongji.gateway.fields import EMPTY, SHOWN, BadField, Rule, Text

MAX_LINES = 1_000
"""Rows one multi-row node may have (quality: 1,001 lines are refused)."""

Node = dict[str, Any]
T = TypeVar("T")


class FieldPlan(msgspec.Struct, frozen=True):
    """How one field of a struct is read: its spellings, its rule, whether it must be given."""

    name: str
    spellings: tuple[str, ...]
    rule: Rule
    required: bool
    length: int = 0
    """Of a text field, how long it may be: texts that need no care are taken over without a call."""


def find(nodes: Node, name: str) -> object:
    """The content of node ``name`` in any letter case, or None."""
    if name in nodes:
        return nodes[name]
    lowered = name.lower()
    for key, value in nodes.items():
        if key.lower() == lowered:
            return value
    return None


def one(nodes: Node, name: str) -> Node | Refusal:
    """The single row of node ``name``; an array of one row counts as the row."""
    found = find(nodes, name)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if found is None or found == [] or found == "":
        return Refusal("MISSING_NODE", f"input.{name}")
    if not isinstance(found, dict):
        return Refusal("BAD_FIELD", f"节点 {name} 须为单行数据（JSON 对象）")
    return found


def many(nodes: Node, *names: str) -> list[Node] | Refusal:
    """The rows of a multi-row node under the first of ``names`` present: an array, or one object standing for one row."""
    for name in names:
        found = find(nodes, name)
        if found is None or found == "" or found == "null":
            continue
        rows: list[Any] = found if isinstance(found, list) else [found]
        if len(rows) > MAX_LINES:
            return Refusal("TOO_MANY_LINES", f"节点 {name} 有 {len(rows):,} 行，最多 {MAX_LINES:,} 行")
        if not all(isinstance(row, dict) for row in rows):
            return Refusal("BAD_FIELD", f"节点 {name} 的每一行须为 JSON 对象")
        return rows
    return []


def read(kind: type[T], row: Node, where: str) -> T | Refusal:
    """``row`` as a ``kind``. ``where`` is the node's name for people, with a row number in a multi-row node."""
    values: dict[str, Any] = {}
    get = row.get
    for plan in plans(cast(Hashable, kind)):
        value = get(plan.name)
        if (
            type(value) is str
            and 0 < len(value) <= plan.length
            and value.isprintable()
            and value[0] != " " != value[-1]
            and value not in EMPTY
        ):
            values[plan.name] = value
            continue
        if value is None and len(plan.spellings) > 1:
            value = next((row[other] for other in plan.spellings if row.get(other) is not None), None)
        if value is None or value == "" or value == "null" or value == "NULL":
            if not plan.required:
                continue
            value = _other_case(row, plan.spellings)
            if value is None:
                return Refusal("MISSING_FIELD", f"{where}.{plan.name}")
        try:
            parsed = plan.rule.parse(value)
        except BadField as bad:
            return Refusal(bad.code, f"{where}.{plan.name} {bad}{_shown(plan.rule, value)}")
        if parsed == "" and isinstance(plan.rule, Text):
            if plan.required:
                return Refusal("MISSING_FIELD", f"{where}.{plan.name}")
            continue
        values[plan.name] = parsed
    return kind(**values)


def read_rows(kind: type[T], rows: Iterable[Node], where: str) -> list[T] | Refusal:
    """Every row as a ``kind``, or the refusal of the first bad one with its number (from 1)."""
    values: list[T] = []
    for number, row in enumerate(rows, start=1):
        value = read(kind, row, f"{where}[{number}]")
        if isinstance(value, Refusal):
            return value
        values.append(value)
    return values


def read_one(kind: type[T], nodes: Node, name: str) -> T | Refusal:
    """Node ``name`` of ``nodes`` as a ``kind``."""
    row = one(nodes, name)
    return row if isinstance(row, Refusal) else read(kind, row, name)


def _other_case(row: Node, spellings: tuple[str, ...]) -> object:
    wanted = {spelling.lower() for spelling in spellings}
    for key, value in row.items():
        if key.lower() in wanted and not (value is None or value in ("", "null", "NULL")):
            return value
    return None


def _shown(rule: Rule, value: object) -> str:
    """What came, shortened; nothing of a personal field and nothing of nested content."""
    if rule.private or isinstance(value, (dict, list)):
        return ""
    text = "".join(char if char.isprintable() else "·" for char in str(value))
    return f"，收到“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”"


@cache
def plans(kind: Any) -> tuple[FieldPlan, ...]:
    """The reading plan of a message struct, from its annotations. ``ALSO`` of the class lists other spellings."""
    hints = get_type_hints(kind, include_extras=True)
    also: dict[str, tuple[str, ...]] = getattr(kind, "ALSO", {})
    made: list[FieldPlan] = []
    for field in msgspec.structs.fields(kind):
        annotation = hints[field.name]
        metadata = _rule_of(annotation)
        if metadata is None:
            raise TypeError(f"{kind.__name__}.{field.name} has no reading rule")
        length = metadata.length if isinstance(metadata, Text) else 0
        spellings = (field.name, *also.get(field.name, ()))
        made.append(FieldPlan(field.name, spellings, metadata, field.required, length))
    return tuple(made)


def _rule_of(annotation: Any) -> Rule | None:
    """The rule in ``Annotated[T, rule]`` or in an optional ``Annotated[T, rule] | None``."""
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        for extra in getattr(candidate, "__metadata__", ()):
            if isinstance(extra, Rule):
                return extra
    return None
