"""What rows of a file mean beside what the catalogue says on a day: added, changed, ended, unchanged, or a fault. Pure.

Shared by proposing, comparing anew and approving: the same rows beside the same catalogue give the same differences.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, NamedTuple

import msgspec

from gongji.base.reasons import Refusal
from gongji.catalog.columns import Part, label
from gongji.catalog.restrictions import KINDS
from gongji.catalog.rules import charge_type_of, kind_of, list_type_of
from gongji.catalog.values import CeilingSpell, ItemSpell, PriceSpell

__all__ = [
    "Change",
    "Differences",
    "FieldChange",
    "Key",
    "Row",
    "RowFault",
    "Spell",
    "applied",
    "differences",
    "fields_of",
    "key_of",
]

Spell = ItemSpell | PriceSpell | CeilingSpell
Verb = Literal["added", "changed", "ended"]
SPELLS: Final[dict[str, type[Spell]]] = {"item": ItemSpell, "price": PriceSpell, "ceiling": CeilingSpell}


class Key(NamedTuple):
    """What a spell is about; area and class of institutions are empty where the part knows none."""

    code: str
    region: str = ""
    fee_class: str = ""


class Row(msgspec.Struct, frozen=True):
    """A well-formed row. ``content``: the fields that the file has, as plain values; ``limits``: for each kind of limit that the
    file has a column of, the limit or None.
    """

    line_no: int
    code: str
    region: str = ""
    fee_class: str = ""
    active: bool = True
    content: dict[str, Any] = {}
    limits: dict[str, dict[str, Any] | None] = {}

    @property
    def key(self) -> Key:
        return Key(self.code, self.region, self.fee_class)


class RowFault(msgspec.Struct, frozen=True):
    """What is wrong with a line."""

    line_no: int
    refusal: Refusal


class Change(msgspec.Struct, frozen=True):
    """One difference: ``before`` is None for something added, ``after`` for something that ends."""

    verb: Verb
    key: Key
    before: Spell | None
    after: Spell | None


class FieldChange(NamedTuple):
    """A field that is not what it was."""

    field: str
    before: Any
    after: Any


class Differences(msgspec.Struct, frozen=True):
    """All changes, by key, and how many rows change nothing."""

    changes: tuple[Change, ...]
    unchanged: int

    def count(self, verb: Verb) -> int:
        return sum(change.verb == verb for change in self.changes)


def key_of(spell: Spell) -> Key:
    """What the spell is about."""
    return Key(spell.code, getattr(spell, "region", ""), getattr(spell, "fee_class", ""))


def differences(
    part: Part, rows: Sequence[Row], known: Mapping[Key, Spell], on: date, *, whole: bool
) -> Differences | tuple[RowFault, ...]:
    """The differences that ``rows`` make on the day ``on`` to the spells ``known`` to hold then.

    ``whole``: the file is the complete list, so what it does not have ends (of standards and highest prices: in the areas that
    it has).
    """
    changes: list[Change] = []
    faults: list[RowFault] = []
    unchanged = 0
    for row in rows:
        before = known.get(row.key)
        if not row.active:
            after = None
        else:
            built = _built(part, row, before, on)
            if isinstance(built, Refusal):
                faults.append(RowFault(row.line_no, built))
                continue
            after = built
        change = _change(row.key, before, after)
        if change is None:
            unchanged += 1
        else:
            changes.append(change)
    if faults:
        return tuple(faults)
    if whole:
        changes += _missing(rows, known)
    return Differences(tuple(sorted(changes, key=lambda change: change.key)), unchanged)


def _missing(rows: Sequence[Row], known: Mapping[Key, Spell]) -> Iterable[Change]:
    listed = {row.key for row in rows}
    areas = {key.region for key in listed}
    for key, spell in known.items():
        if key not in listed and key.region in areas:
            yield Change("ended", key, spell, None)


def _change(key: Key, before: Spell | None, after: Spell | None) -> Change | None:
    if before is None:
        return None if after is None else Change("added", key, None, after)
    if after is None:
        return Change("ended", key, before, None)
    return Change("changed", key, before, after) if fields_of(before, after) else None


def fields_of(before: Spell, after: Spell) -> tuple[FieldChange, ...]:
    """The fields in which two spells of one key differ; the first day is none of them."""
    return tuple(
        FieldChange(name, old, new)
        for name in before.__struct_fields__
        if name != "from_on" and (old := getattr(before, name)) != (new := getattr(after, name))
    )


def applied(known: Mapping[Key, Spell], changes: Iterable[Change]) -> dict[Key, Spell]:
    """The spells that hold once the changes have been made."""
    result = dict(known)
    for change in changes:
        if change.after is None:
            result.pop(change.key, None)
        else:
            result[change.key] = change.after
    return result


def _built(part: Part, row: Row, before: Spell | None, on: date) -> Spell | Refusal:
    """The spell from the day on: what was known with what the row says."""
    if before is None:
        if missing := [label(field) for field in part.new if not row.content.get(field)]:
            return Refusal("ROW_CELL_EMPTY", f"目录中没有这一项，新增须写：{'、'.join(missing)}")
        base = _blank(part, row)
    else:
        base = msgspec.to_builtins(before)
    content = {**base, **row.content, "from_on": on.isoformat()}
    if part.table == "item":
        _limit(content, row)
    spell = msgspec.convert(content, SPELLS[part.table])
    if spell.until_on is not None and spell.until_on < on:
        return Refusal("DATE_ORDER", f"{label('until_on')} {spell.until_on} 早于生效日期 {on}")
    return spell


def _blank(part: Part, row: Row) -> dict[str, Any]:
    """What something new is where its row does not say."""
    blank = {"code": row.code, "until_on": None}
    if part.table != "item":
        return {**blank, "region": row.region} | (
            {"fee_class": row.fee_class} if part.table == "ceiling" else {}
        )
    texts = dict.fromkeys(("spec", "unit", "dosform", "maker", "restriction"), "")
    flags = dict.fromkeys(("restricted", "base_drug", "negotiated", "child_drug", "prescription_only"), False)
    return {
        **blank,
        **texts,
        **flags,
        "kind": kind_of(row.code),
        "list_type": list_type_of(row.code),
        "charge_type": charge_type_of(row.code),
        "account_allowed": True,
    }


def _limit(content: dict[str, Any], row: Row) -> None:
    """Limits of the kinds that the row speaks of replace those of the item; words without a coded indication make it restricted."""
    if row.limits:
        kept = {limit["kind"]: limit for limit in content.get("restrictions", ())}
        kept |= row.limits
        content["restrictions"] = [kept[kind] for kind in KINDS if kept.get(kind)]
    coded = any(limit["kind"] == "indication" for limit in content.get("restrictions", ()))
    if coded:
        content["restricted"] = False  # also where 限制使用 says 是: a diagnosis meets what has codes
    elif "restricted" not in row.content and (row.limits or "restriction" in row.content):
        content["restricted"] = bool(content["restriction"])
