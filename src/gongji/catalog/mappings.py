"""Mappings of institutions' own items to national codes: said by 3301 and 3302, kept for ever, read by 1316 and 1317.

Entries are facts; the dated spells in ``catalog_mapping`` are derived from them in the same transaction (``mapping_rules.fold``)
and can be compared with them at any time (``differences``).
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

import msgspec

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.catalog.mapping_rules import (
    Entry,
    Key,
    Mapping,
    Spell,
    extended,
    fold,
    planned,
    unfit,
)
from gongji.catalog.values import Catalogue

__all__ = ["Difference", "ListedMapping", "MappingQuery", "differences", "mapping_page", "upload", "withdraw"]

LOCK = sql("gongji.catalog", "mapping_lock")
ENTRIES = sql("gongji.catalog", "mapping_entries")
ALL_ENTRIES = sql("gongji.catalog", "mapping_all_entries")
INSERT = sql("gongji.catalog", "mapping_insert")
CLEAR = sql("gongji.catalog", "mapping_clear")
DERIVE = sql("gongji.catalog", "mapping_derive")
PAGE = sql("gongji.catalog", "mapping_page")
INSTITUTIONS = sql("gongji.catalog", "mapping_keys")
SPELLS = sql("gongji.catalog", "mapping_spells")

LISTED = 1_000
"""Differences told at most."""
_TEXTS = ("local_name", "approval_no", "dosform", "excluded", "content", "unit", "spec", "pack_spec", "memo")
"""What a mapping says beside code and days, in the order of the statements."""


class MappingQuery(msgspec.Struct, frozen=True):
    """Which mappings of an institution are wanted; empty: all. ``since``: changed after that instant."""

    on: date | None = None
    local_item: str = ""
    name_part: str = ""
    list_types: tuple[str, ...] = ()
    code: str = ""
    from_on: date | None = None
    valid: bool | None = None
    since: datetime | None = None


class ListedMapping(msgspec.Struct, frozen=True):
    """A spell with what the institution said; ``record`` is its one name, ``recorded_at`` when it was said."""

    record: str
    mapping: Mapping
    valid: bool
    changed_at: datetime
    recorded_at: datetime


class Difference(msgspec.Struct, frozen=True):
    """``field``: catalog_mapping with list type and local item of the institution ``code``."""

    code: str
    field: str
    stored: str
    recomputed: str


async def upload(
    conn: Connection,
    ids: IdSource,
    catalogue: Catalogue,
    institution: str,
    actor: Actor,
    at: datetime,
    mappings: Sequence[Mapping],
) -> int | Refusal:
    """Record what an institution says about its items, all rows or none; how many of them were new.

    A mapping that holds already is not recorded again; another content takes its days from what was said before. Refusals:
    UNKNOWN_CODE, DATE_ORDER, MAPPING_CODE_UNKNOWN, MAPPING_LIST_TYPE, MAPPING_TWICE, MAPPING_TOO_OFTEN. What many rows of one
    item take is the work of a thread, not of the counter's.
    """
    wrong = await asyncio.to_thread(unfit, catalogue, mappings)
    if wrong is not None:
        return wrong
    async with conn.transaction():
        await conn.execute(LOCK, institution)
        known = await _entries(conn, institution, {mapping.key for mapping in mappings})
        plan = await asyncio.to_thread(planned, known, mappings, [ids.next() for _ in mappings], at)
        if isinstance(plan, Refusal):
            return plan
        new, spells = plan
        await _record(conn, institution, actor, at, new, spells)
    return len(new)


async def withdraw(
    conn: Connection,
    ids: IdSource,
    institution: str,
    actor: Actor,
    at: datetime,
    key: Key,
    code: str,
) -> Refusal | None:
    """Withdraw every mapping of the institution's item to ``code``. MAPPING_NOT_FOUND when none holds."""
    async with conn.transaction():
        await conn.execute(LOCK, institution)
        said = (await _entries(conn, institution, {key})).get(key, [])
        held = fold(said)
        if not any(spell.valid and spell.code == code for spell in held):
            return Refusal("MAPPING_NOT_FOUND")
        entry = Entry(len(said) + 1, ids.next(), code, None, at)
        await _record(conn, institution, actor, at, [(key, entry)], {key: extended(held, entry)})
    return None


async def mapping_page(
    conn: Connection, institution: str, query: MappingQuery, limit: int, offset: int
) -> tuple[int, list[ListedMapping]]:
    """How many mappings of the institution fit, and those from ``offset`` on, ``limit`` at most."""
    rows = await conn.fetch(
        PAGE,
        institution,
        query.on,
        query.local_item,
        query.name_part,
        list(query.list_types) or None,
        query.code,
        query.from_on,
        query.valid,
        query.since,
        limit,
        offset,
    )
    listed = [
        ListedMapping(
            record=f"{row['entry_id']}-{row['from_on']:%Y%m%d}",
            mapping=_mapping(row),
            valid=row["valid"],
            changed_at=row["changed_at"],
            recorded_at=row["recorded_at"],
        )
        for row in rows
        if row["code"] is not None
    ]
    return rows[0]["total"], listed


async def differences(conn: Connection) -> tuple[Difference, ...]:
    """Items whose derived spells are not what their entries say; nothing may be."""
    found: list[Difference] = []
    for record in await conn.fetch(INSTITUTIONS):
        institution = record["institution"]
        said = _by_key(await conn.fetch(ALL_ENTRIES, institution))
        kept = {
            key: [Spell(*list(row.values())[3:]) for row in rows]
            for key, rows in groupby(await conn.fetch(SPELLS, institution), key=_key)
        }
        for key in sorted(said.keys() | kept.keys()):
            stored, recomputed = kept.get(key, []), fold(said.get(key, ()))
            if stored != recomputed and len(found) < LISTED:
                field = f"catalog_mapping {key[0]}/{key[1]}"
                found.append(Difference(institution, field, _told(stored), _told(recomputed)))
    return tuple(found)


def _told(spells: Sequence[Spell]) -> str:
    return "、".join(
        f"{spell.code} {spell.from_on}–{spell.until_on or ''}{'' if spell.valid else '（无效）'}"
        for spell in spells
    )


async def _entries(conn: Connection, institution: str, keys: Iterable[Key]) -> dict[Key, list[Entry]]:
    wanted = sorted(keys)
    rows = await conn.fetch(ENTRIES, institution, [key[0] for key in wanted], [key[1] for key in wanted])
    return _by_key(rows)


def _by_key(rows: Sequence[Any]) -> dict[Key, list[Entry]]:
    return {
        key: [
            Entry(
                row["entry_no"],
                row["entry_id"],
                row["code"],
                _mapping(row) if row["verb"] == "map" else None,
                row["recorded_at"],
            )
            for row in entries
        ]
        for key, entries in groupby(rows, key=_key)
    }


def _key(row: Any) -> Key:
    return (row["list_type"], row["local_item"])


def _mapping(row: Any) -> Mapping:
    return Mapping(
        row["list_type"],
        row["local_item"],
        row["code"],
        row["from_on"],
        row["until_on"],
        *[row[name] for name in _TEXTS],
    )


async def _record(
    conn: Connection,
    institution: str,
    actor: Actor,
    at: datetime,
    new: Sequence[tuple[Key, Entry]],
    derived: dict[Key, list[Spell]],
) -> None:
    """Write the new entries and, in place of what was derived, the spells of their items."""
    if not new:
        return
    rows = [_columns(key, entry) for key, entry in new]
    await conn.execute(
        INSERT, institution, str(actor), at, *[list(column) for column in zip(*rows, strict=True)]
    )
    changed = sorted(derived)
    await conn.execute(CLEAR, institution, [key[0] for key in changed], [key[1] for key in changed])
    spells = [
        (
            *key,
            number,
            spell.entry_no,
            spell.code,
            spell.from_on,
            spell.until_on,
            spell.valid,
            spell.changed_at,
        )
        for key in changed
        for number, spell in enumerate(derived[key], start=1)
    ]
    await conn.execute(DERIVE, institution, *[list(column) for column in zip(*spells, strict=True)])


def _columns(key: Key, entry: Entry) -> tuple[Any, ...]:
    said = entry.mapping
    head = (*key, entry.entry_no, entry.entry_id, "withdraw" if said is None else "map", entry.code)
    if said is None:
        return (*head, None, None, *[""] * len(_TEXTS))
    return (*head, said.from_on, said.until_on, *[getattr(said, name) for name in _TEXTS])
