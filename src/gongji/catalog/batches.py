"""Reads of the catalogue's batches: what was proposed, how it differs from what holds, and what was decided."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final, Literal

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.catalog.columns import PARTS, Part, PartName
from gongji.catalog.differences import Change, Key, Row, Spell, key_of
from gongji.catalog.selectors import item_spell
from gongji.catalog.values import CeilingSpell, ItemSpell, PriceSpell

__all__ = ["Batch", "State", "batch", "batches", "changes_of", "known_on", "later_than", "rows_of"]

State = Literal["open", "approved", "refused", "superseded"]
MOST: Final = 1_000
"""Batches that a list shows at most."""

BATCHES: Final = sql("gongji.catalog", "batches")
ROWS: Final = sql("gongji.catalog", "batch_rows")
CHANGES: Final = sql("gongji.catalog", "batch_changes")
KNOWN: Final = {table: sql("gongji.catalog", f"known_{table}s") for table in ("item", "price", "ceiling")}
LATER: Final = {table: sql("gongji.catalog", f"later_{table}s") for table in ("item", "price", "ceiling")}

_row = msgspec.json.Decoder(Row).decode
_spells: Final[dict[str, Callable[[str], Spell]]] = {
    "item": msgspec.json.Decoder(ItemSpell).decode,
    "price": msgspec.json.Decoder(PriceSpell).decode,
    "ceiling": msgspec.json.Decoder(CeilingSpell).decode,
}


class Batch(msgspec.Struct, frozen=True):
    """A batch with its last comparison; ``version``: the catalogue's, once it is approved. ``reason``: why it reaches back."""

    batch_id: int
    part: PartName
    effective_on: date
    whole: bool
    file_name: str
    form: str
    row_count: int
    reason: str
    proposed_at: datetime
    proposed_by: str
    diff_no: int
    added: int
    changed: int
    ended: int
    unchanged: int
    state: State
    version: int | None
    note: str
    decided_at: datetime | None
    decided_by: str


async def batch(conn: Connection, batch_id: int) -> Batch | None:
    """The batch of this number."""
    row = await conn.fetchrow(BATCHES, batch_id, None, None, 1)
    return None if row is None else Batch(*row.values())


async def batches(
    conn: Connection, *, state: State | None = None, digest: bytes | None = None, most: int = MOST
) -> tuple[Batch, ...]:
    """Batches, the newest first: those of a state, those of a file."""
    return tuple(Batch(*row.values()) for row in await conn.fetch(BATCHES, None, digest, state, most))


async def changes_of(conn: Connection, given: Batch, *, most: int | None = None) -> tuple[Change, ...]:
    """The changes of the batch's last comparison, by key; the first ``most`` of them."""
    decode = _spells[PARTS[given.part].table]

    def spell(text: str | None) -> Spell | None:
        return None if text is None else decode(text)

    return tuple(
        Change(
            row["verb"],
            Key(row["code"], row["region"], row["fee_class"]),
            spell(row["before"]),
            spell(row["after"]),
        )
        for row in await conn.fetch(CHANGES, given.batch_id, given.diff_no, None, most)
    )


async def rows_of(conn: Connection, batch_id: int) -> list[Row]:
    """The rows of the file, as they were read."""
    return [_row(row["content"]) for row in await conn.fetch(ROWS, batch_id)]


async def known_on(conn: Connection, part: Part, codes: list[str] | None, on: date) -> dict[Key, Spell]:
    """What holds on the day for the codes of the part, or for all of it."""
    rows = await conn.fetch(KNOWN[part.table], on, codes, f"^[{part.firsts}]")
    return {key_of(spell): spell for spell in (_spell(part, row) for row in rows)}


async def later_than(conn: Connection, part: Part, codes: list[str], on: date) -> list[str]:
    """Some of the codes for which something begins after the day."""
    return [row["code"] for row in await conn.fetch(LATER[part.table], on, codes)]


def _spell(part: Part, row: Any) -> Spell:
    if part.table == "item":
        return item_spell(row)
    return PriceSpell(*row.values()) if part.table == "price" else CeilingSpell(*row.values())
