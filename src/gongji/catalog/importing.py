"""Bringing the catalogue up to date: a file is proposed as a batch, compared with what holds, and approved by a second person.

Nothing of a file with faults is kept. An approval takes effect only if the catalogue still is what the comparison saw; otherwise
the batch is compared anew first. What was settled keeps its own amounts: a version that begins before today changes later
settlements of earlier days only, and has to say why.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import BinaryIO, Final, TypeVar

import msgspec

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.catalog.batches import Batch, batch, batches, changes_of, known_on, later_than, rows_of
from gongji.catalog.columns import PARTS, Part, PartName, columns_of
from gongji.catalog.differences import Change, Differences, Key, Row, RowFault, differences
from gongji.catalog.import_rows import read_rows
from gongji.sheets import open_sheet

__all__ = ["Proposal", "approve", "compare_anew", "propose", "refuse"]

LOCK: Final = sql("gongji.catalog", "batch_lock")
ADD: Final = sql("gongji.catalog", "batch_add")
ADD_ROWS: Final = sql("gongji.catalog", "batch_rows_add")
ADD_DIFF: Final = sql("gongji.catalog", "batch_diff_add")
ADD_CHANGES: Final = sql("gongji.catalog", "batch_changes_add")
DECIDE: Final = sql("gongji.catalog", "batch_decide")
VERSION: Final = sql("gongji.catalog", "version")
END: Final = {table: sql("gongji.catalog", f"end_{table}s") for table in ("item", "price", "ceiling")}
BEGIN: Final = {table: sql("gongji.catalog", f"begin_{table}s") for table in ("item", "price", "ceiling")}
CODES_KNOWN: Final = sql("gongji.catalog", "codes_known")

T = TypeVar("T")
BLOCK_ROWS: Final = 20_000
"""Rows that one statement writes."""

_encode = msgspec.json.Encoder().encode


class Proposal(msgspec.Struct, frozen=True):
    """What became of a file: a batch, or faults by line, or (neither) a file that changes nothing.

    ``repeated``: the very file waits for its decision already.
    """

    batch: Batch | None
    faults: tuple[RowFault, ...] = ()
    row_count: int = 0
    form: str = ""
    repeated: bool = False


async def propose(
    conn: Connection,
    file: BinaryIO,
    file_name: str,
    part_name: PartName,
    effective_on: date,
    *,
    actor: Actor,
    at: datetime,
    ids: IdSource,
    whole: bool = False,
    retroactive_reason: str = "",
    supersedes: int | None = None,
    sheet_name: str = "",
) -> Proposal | Refusal:
    """Read a file, compare it with what holds on ``effective_on`` and keep it as a batch to be approved.

    ``whole``: the file is the complete list of the part. ``supersedes``: an undecided batch that this one takes the place of.
    """
    part = PARTS[part_name]
    if late := _late(effective_on, retroactive_reason, at):
        return late
    sheet = open_sheet(file, sheet_name)
    if isinstance(sheet, Refusal):
        return sheet
    placed = columns_of(part, sheet.header.cells)
    if isinstance(placed, Refusal):
        return placed
    read = read_rows(part, placed, sheet.rows)
    if isinstance(read, Refusal):
        return read
    rows, faults = read
    async with conn.transaction():
        await conn.execute(LOCK)
        old = await _undecided(conn, supersedes)
        if isinstance(old, Refusal):
            return old
        for earlier in await batches(conn, state="open", digest=sheet.digest):
            terms = (earlier.part, earlier.effective_on, earlier.whole, earlier.reason, earlier.form)
            given = (part_name, effective_on, whole, retroactive_reason, sheet.form)
            if terms == given and earlier != old:
                return Proposal(earlier, row_count=earlier.row_count, form=sheet.form, repeated=True)
        faults += await _unknown_codes(conn, part, rows, effective_on)
        found = await _compare(conn, part, rows, effective_on, whole=whole)
        if isinstance(found, Refusal):
            return found
        if faults or not isinstance(found, Differences):
            more = () if isinstance(found, Differences) else found
            return Proposal(None, _sorted([*faults, *more]), len(rows), sheet.form)
        if not found.changes:
            return Proposal(None, row_count=len(rows), form=sheet.form)
        batch_id = ids.next()
        about = (part_name, effective_on, whole, file_name, sheet.form, sheet.digest, retroactive_reason)
        await conn.execute(ADD, batch_id, *about, len(rows), at, str(actor))
        await _keep_rows(conn, batch_id, rows)
        await _keep(conn, batch_id, 1, found, at, actor)
        if old is not None:
            note = f"由批次 {batch_id} 代替"
            await conn.execute(DECIDE, old.batch_id, "superseded", old.diff_no, None, note, at, str(actor))
        return Proposal(await batch(conn, batch_id), row_count=len(rows), form=sheet.form)


async def compare_anew(conn: Connection, batch_id: int, *, actor: Actor, at: datetime) -> Batch | Refusal:
    """Compare an undecided batch with what holds now; the batch as it was when nothing has moved."""
    async with conn.transaction():
        await conn.execute(LOCK)
        given = await _undecided(conn, batch_id)
        if given is None or isinstance(given, Refusal):
            return given or Refusal("CATALOG_BATCH_NOT_FOUND", str(batch_id))
        found = await _compare_batch(conn, given)
        if isinstance(found, Refusal):
            return found
        if found.changes == await changes_of(conn, given):
            return given
        await _keep(conn, batch_id, given.diff_no + 1, found, at, actor)
        return await batch(conn, batch_id) or given


async def approve(
    conn: Connection, batch_id: int, *, actor: Actor, at: datetime, note: str = ""
) -> Batch | Refusal:
    """Make the batch's changes hold from its day on; by another person than the one who proposed it."""
    async with conn.transaction():
        await conn.execute(LOCK)
        given = await _undecided(conn, batch_id)
        if given is None or isinstance(given, Refusal):
            return given or Refusal("CATALOG_BATCH_NOT_FOUND", str(batch_id))
        if str(actor) == given.proposed_by:
            return Refusal("SECOND_PERSON_REQUIRED")
        if late := _late(given.effective_on, given.reason, at):
            return late
        found = await _compare_batch(conn, given)
        if isinstance(found, Refusal):
            return found
        if found.changes != await changes_of(conn, given):
            return Refusal("CATALOG_BASE_CHANGED", str(batch_id))
        table = PARTS[given.part].table
        await conn.execute(END[table], batch_id, given.diff_no, given.effective_on)
        await conn.execute(BEGIN[table], batch_id, given.diff_no)
        version = (await conn.fetchrow(VERSION))["version"]
        await conn.execute(DECIDE, batch_id, "approved", given.diff_no, version, note, at, str(actor))
        return await batch(conn, batch_id) or given


async def refuse(
    conn: Connection, batch_id: int, *, actor: Actor, at: datetime, note: str
) -> Batch | Refusal:
    """Turn an undecided batch down; whoever proposed it may take it back."""
    if not note.strip():
        return Refusal("TEXT_INVALID", "须写明不批准的原因")
    async with conn.transaction():
        await conn.execute(LOCK)
        given = await _undecided(conn, batch_id)
        if given is None or isinstance(given, Refusal):
            return given or Refusal("CATALOG_BATCH_NOT_FOUND", str(batch_id))
        await conn.execute(DECIDE, batch_id, "refused", given.diff_no, None, note, at, str(actor))
        return await batch(conn, batch_id) or given


def _late(effective_on: date, reason: str, at: datetime) -> Refusal | None:
    """A day before today is only right where somebody says why."""
    if effective_on >= day_in_china(at) or reason.strip():
        return None
    return Refusal("CATALOG_RETROACTIVE", str(effective_on))


async def _undecided(conn: Connection, batch_id: int | None) -> Batch | Refusal | None:
    if batch_id is None:
        return None
    given = await batch(conn, batch_id)
    if given is None:
        return Refusal("CATALOG_BATCH_NOT_FOUND", str(batch_id))
    return given if given.state == "open" else Refusal("CATALOG_BATCH_DECIDED", str(batch_id))


async def _compare_batch(conn: Connection, given: Batch) -> Differences | Refusal:
    rows = await rows_of(conn, given.batch_id)
    found = await _compare(conn, PARTS[given.part], rows, given.effective_on, whole=given.whole)
    if isinstance(found, tuple):  # a row that was good beside another catalogue
        return Refusal("CATALOG_BASE_CHANGED", f"第 {found[0].line_no} 行：{found[0].refusal.text}")
    return found


async def _compare(
    conn: Connection, part: Part, rows: Sequence[Row], on: date, *, whole: bool
) -> Differences | tuple[RowFault, ...] | Refusal:
    codes = sorted({row.code for row in rows})
    known = await known_on(conn, part, None if whole else codes, on)
    found = differences(part, rows, known, on, whole=whole)
    if isinstance(found, Differences):
        touched = sorted({change.key.code for change in found.changes})
        if later := await later_than(conn, part, touched, on):
            return Refusal("CATALOG_LATER_VERSION", "、".join(later))
    return found


async def _unknown_codes(conn: Connection, part: Part, rows: Sequence[Row], on: date) -> list[RowFault]:
    """Standards and highest prices of what the catalogue does not have on the day."""
    if part.table == "item":
        return []
    codes = sorted({row.code for row in rows if row.active})
    known = {row["code"] for row in await conn.fetch(CODES_KNOWN, on, codes)}
    return [
        RowFault(row.line_no, Refusal("CATALOG_CODE_UNKNOWN", row.code))
        for row in rows
        if row.active and row.code not in known
    ]


async def _keep_rows(conn: Connection, batch_id: int, rows: Sequence[Row]) -> None:
    for block in _blocks(rows):
        contents = [_encode(row).decode() for row in block]
        await conn.execute(ADD_ROWS, batch_id, [row.line_no for row in block], contents)


async def _keep(
    conn: Connection, batch_id: int, diff_no: int, found: Differences, at: datetime, actor: Actor
) -> None:
    base = (await conn.fetchrow(VERSION))["version"]
    counts = (found.count("added"), found.count("changed"), found.count("ended"), found.unchanged)
    await conn.execute(ADD_DIFF, batch_id, diff_no, base, *counts, at, str(actor))
    for block in _blocks(found.changes):
        columns = map(list, zip(*map(_stored, block), strict=True))
        await conn.execute(ADD_CHANGES, batch_id, diff_no, *columns)


def _blocks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[at : at + BLOCK_ROWS] for at in range(0, len(rows), BLOCK_ROWS))


def _stored(change: Change) -> tuple[str | None, ...]:
    key: Key = change.key
    before, after = (
        None if spell is None else _encode(spell).decode() for spell in (change.before, change.after)
    )
    return (*key, change.verb, before, after)


def _sorted(faults: Sequence[RowFault]) -> tuple[RowFault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line_no))
