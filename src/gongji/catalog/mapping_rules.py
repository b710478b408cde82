"""Which national code an institution's own item stands for on which days (目录对照). Pure.

An institution says things about its items one after another (``Entry``); what was said last holds on the days that it names,
what was said before keeps its other days. ``fold`` derives the dated ``Spell``s of one local item from everything said about it;
nothing that was said is lost, a spell that no longer holds stays as not valid. Source: national trades 3301, 3302.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dictionary
from datetime import date, datetime, timedelta

import msgspec

from gongji.base.codes import is_known
from gongji.base.reasons import Refusal
from gongji.catalog.values import Catalogue

__all__ = [
    "MOST_SAID",
    "Entry",
    "Key",
    "Mapping",
    "Spell",
    "extended",
    "fold",
    "holds",
    "planned",
    "problem",
    "said_twice",
    "unfit",
]

Key = tuple[str, str]
"""list_type and local item: what an institution's own item is known by."""
DAY = timedelta(days=1)
MOST_SAID = 200
"""Entries of one local item: what is said about an item is read and folded whenever something more is said."""


class Mapping(msgspec.Struct, frozen=True):
    """An institution's item stands for the national ``code`` from ``from_on`` to ``until_on`` (None: until further notice)."""

    list_type: str
    local_item: str
    code: str
    from_on: date
    until_on: date | None = None
    local_name: str = ""
    approval_no: str = ""
    dosform: str = ""
    excluded: str = ""
    content: str = ""
    unit: str = ""
    spec: str = ""
    pack_spec: str = ""
    memo: str = ""

    @property
    def key(self) -> Key:
        return (self.list_type, self.local_item)


class Entry(msgspec.Struct, frozen=True):
    """One thing said about a local item: a mapping, or (``mapping`` None) that its mapping to ``code`` is withdrawn."""

    entry_no: int
    entry_id: int
    code: str
    mapping: Mapping | None
    recorded_at: datetime


class Spell(msgspec.Struct, frozen=True):
    """Days on which entry ``entry_no`` holds, or (``valid`` False) held until something else was said at ``changed_at``."""

    entry_no: int
    code: str
    from_on: date
    until_on: date | None
    valid: bool
    changed_at: datetime


def fold(entries: Iterable[Entry]) -> list[Spell]:
    """Spells of one local item by first day, from its entries in order."""
    spells: list[Spell] = []
    for entry in entries:
        spells = extended(spells, entry)
    return spells


def extended(spells: Sequence[Spell], entry: Entry) -> list[Spell]:
    """The spells of one local item, by first day, once one thing more has been said about it."""
    said = entry.mapping
    if said is None:
        return [_withdrawn(spell, entry) for spell in spells]
    left = [part for spell in spells for part in _parts(spell, said, entry.recorded_at)]
    left.append(Spell(entry.entry_no, said.code, said.from_on, said.until_on, True, entry.recorded_at))
    return sorted(left, key=lambda spell: (spell.from_on, spell.entry_no))


def _withdrawn(spell: Spell, entry: Entry) -> Spell:
    if not spell.valid or spell.code != entry.code:
        return spell
    return msgspec.structs.replace(spell, valid=False, changed_at=entry.recorded_at)


def _parts(spell: Spell, said: Mapping, at: datetime) -> list[Spell]:
    """What is left of ``spell`` beside the days of ``said``; one that has no day left stays as not valid."""
    begins_after = said.until_on is not None and spell.from_on > said.until_on
    ends_before = spell.until_on is not None and spell.until_on < said.from_on
    if not spell.valid or begins_after or ends_before:
        return [spell]
    left = []
    if spell.from_on < said.from_on:
        left.append(msgspec.structs.replace(spell, until_on=said.from_on - DAY, changed_at=at))
    if said.until_on is not None and (spell.until_on is None or spell.until_on > said.until_on):
        left.append(msgspec.structs.replace(spell, from_on=said.until_on + DAY, changed_at=at))
    return left or [msgspec.structs.replace(spell, valid=False, changed_at=at)]


def holds(spells: Iterable[Spell], entries: Dictionary[int, Entry], wanted: Mapping) -> bool:
    """Whether exactly ``wanted`` holds already, so that saying it again changes nothing."""
    return any(
        spell.valid
        and (spell.from_on, spell.until_on) == (wanted.from_on, wanted.until_on)
        and _same(entries[spell.entry_no].mapping, wanted)
        for spell in spells
    )


def _same(said: Mapping | None, wanted: Mapping) -> bool:
    """Whether two mappings say the same but for their days (a spell may have lost some)."""
    return said is not None and wanted == msgspec.structs.replace(
        said, from_on=wanted.from_on, until_on=wanted.until_on
    )


def planned(
    known: Dictionary[Key, Sequence[Entry]],
    mappings: Sequence[Mapping],
    entry_ids: Sequence[int],
    at: datetime,
) -> tuple[list[tuple[Key, Entry]], dict[Key, list[Spell]]] | Refusal:
    """What ``mappings`` add to all that has been said about their items: new entries, and the spells of items that have some.

    ``entry_ids``: a number for each mapping. MAPPING_TOO_OFTEN for an item about which too much has been said.
    """
    said = {key: {entry.entry_no: entry for entry in entries} for key, entries in known.items()}
    spells = {key: fold(entries) for key, entries in known.items()}
    new: list[tuple[Key, Entry]] = []
    for number, (mapping, entry_id) in enumerate(zip(mappings, entry_ids, strict=True), start=1):
        key = mapping.key
        entries, held = said.setdefault(key, {}), spells.get(key, [])
        if holds(held, entries, mapping):
            continue
        if len(entries) >= MOST_SAID:
            return Refusal("MAPPING_TOO_OFTEN", f"第 {number} 行 {mapping.local_item}")
        entry = Entry(len(entries) + 1, entry_id, mapping.code, mapping, at)
        entries[entry.entry_no] = entry
        spells[key] = extended(held, entry)
        new.append((key, entry))
    return new, {key: spells[key] for key, _ in new}


def unfit(catalogue: Catalogue, mappings: Sequence[Mapping]) -> Refusal | None:
    """Why one of the rows of a message cannot be, or two of them not together; None for good ones."""
    for number, mapping in enumerate(mappings, start=1):
        wrong = problem(catalogue, mapping)
        if wrong is not None:
            return msgspec.structs.replace(
                wrong, detail=f"第 {number} 行 {mapping.local_item}：{wrong.detail}"
            )
    return said_twice(mappings)


def problem(catalogue: Catalogue, mapping: Mapping) -> Refusal | None:
    """Why ``mapping`` cannot be: unknown kind of list, days out of order, no such code on its first day, code of another list."""
    if not is_known("list_type", mapping.list_type):
        return Refusal("UNKNOWN_CODE", f"list_type {mapping.list_type}")
    if mapping.until_on is not None and mapping.until_on < mapping.from_on:
        return Refusal("DATE_ORDER", f"{mapping.from_on} 至 {mapping.until_on}")
    item = catalogue.get(mapping.code, mapping.from_on)
    if item is None:
        return Refusal("MAPPING_CODE_UNKNOWN", f"{mapping.from_on} 的 {mapping.code}")
    if item.list_type != mapping.list_type:
        return Refusal(
            "MAPPING_LIST_TYPE",
            f"{mapping.code} 属于目录类别 {item.list_type}，报文填写 {mapping.list_type}",
        )
    return None


def said_twice(mappings: Sequence[Mapping]) -> Refusal | None:
    """MAPPING_TWICE when two rows of one message speak of one item on the same days and do not say the same."""
    rows: dict[Key, list[tuple[int, Mapping]]] = {}
    for number, mapping in enumerate(mappings, start=1):
        earlier = rows.setdefault(mapping.key, [])
        for other_number, other in earlier:
            if other != mapping and _overlap(other, mapping):
                return Refusal("MAPPING_TWICE", f"第 {other_number} 行与第 {number} 行")
        earlier.append((number, mapping))
    return None


def _overlap(one: Mapping, other: Mapping) -> bool:
    return (one.until_on is None or other.from_on <= one.until_on) and (
        other.until_on is None or one.from_on <= other.until_on
    )
