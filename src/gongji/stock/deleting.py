"""Takes back what an institution uploaded of a batch (3507): a counter-movement for every row, with the reason.

The counter-movement carries the day of the row that it undoes, so that the balance of that period says what is known now; when it
was recorded tells what was known before. Nothing is taken back that something stands on: a dispensed prescription, a later
count of the batch, or sales that the stock would no longer cover.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.stock.rules import DELETABLE
from gongji.stock.selectors import Recorded, of_batch
from gongji.stock.services import LOCK, Upload, write
from gongji.stock.shelf import DISPENSED, UNDISPENSED
from gongji.stock.values import Batch, Entry, Movement

__all__ = ["delete", "stands_refusal"]

BATCH = sql("gongji.stock", "batch")


async def delete(
    conn: Connection, upload: Upload, batch: str, data_type: str, reason: str
) -> tuple[int, ...] | Refusal:
    """Undo every row of the kind that was uploaded of the batch; the numbers of what was undone."""
    kinds = DELETABLE.get(data_type)
    if kinds is None:
        return Refusal("UNKNOWN_CODE", "inv_data_type")
    await conn.execute(LOCK, upload.institution)
    known = await of_batch(conn, upload.institution, batch)
    gone = [one for one in known if one.kind in kinds]
    if not gone:
        return Refusal("STOCK_ROW_NOT_FOUND", f"批次 {batch}")
    refusal = stands_refusal(known, {one.movement_id for one in gone})
    if refusal is not None:
        return refusal
    rows = await conn.fetch(BATCH, upload.institution, batch)
    before = {(row["local_item"], row["batch"]): Batch(**dict(row.items())) for row in rows}
    movements = [
        Movement(_counter(one, reason), upload.ids.next(), -one.quantity_e4, undoes=one.movement_id)
        for one in gone
    ]
    left = [one for one in known if one.kind not in kinds]
    batches = {place: _after(found, gone, left) for place, found in before.items()}
    await write(conn, upload, movements, batches)
    return tuple(one.movement_id for one in gone)


def stands_refusal(known: Sequence[Recorded], gone: Collection[int]) -> Refusal | None:
    """Why the movements ``gone`` of ``known`` (every one in force of one batch number, in order) cannot be taken back."""
    for local_item in sorted({one.local_item for one in known if one.movement_id in gone}):
        rows = [one for one in known if one.local_item == local_item]
        left = [one for one in rows if one.movement_id not in gone]
        taken = [one for one in rows if one.movement_id in gone]
        if any(one.origin in (DISPENSED, UNDISPENSED) for one in taken):
            return Refusal("STOCK_ROW_IN_USE", "药品已凭处方发出，须经处方流转撤销")
        count = next((one for one in left if one.kind == "inventory" and _counts(one, taken)), None)
        if count is not None:
            return Refusal("STOCK_ROW_IN_USE", f"{local_item} 其后已经盘存")
        if _lowest(left) < min(0, _lowest(rows)):
            return Refusal("STOCK_ROW_IN_USE", f"{local_item} 删除后库存不足以抵扣已售出的数量")
    return None


def _counts(inventory: Recorded, taken: Sequence[Recorded]) -> bool:
    """Whether the inventory's difference was found on top of one of the movements."""
    return any(
        one.recorded_at <= inventory.recorded_at and one.occurred_at <= inventory.occurred_at
        and one.movement_id < inventory.movement_id
        for one in taken
    )  # fmt: skip


def _lowest(rows: Sequence[Recorded]) -> int:
    """The lowest running stock that the movements lead to, in the order in which they happened."""
    ordered = sorted(rows, key=lambda one: (one.occurred_at, one.movement_id))
    return min(accumulate(one.quantity_e4 for one in ordered), default=0)


def _counter(one: Recorded, reason: str) -> Entry:
    return Entry(
        kind="delete",
        item=one.item,
        local_item=one.local_item,
        local_name=one.local_name,
        batch=one.batch,
        lot_no=one.lot_no,
        quantity_e4=-one.quantity_e4,
        occurred_at=one.occurred_at,
        document=one.document,
        reason=reason,
    )


def _after(batch: Batch, gone: Sequence[Recorded], left: Sequence[Recorded]) -> Batch:
    """The running stock without the movements taken back."""
    own = [one for one in left if one.local_item == batch.local_item]
    counts = [one.occurred_at for one in own if one.kind == "inventory"]
    quantity_e4 = sum(one.quantity_e4 for one in gone if one.local_item == batch.local_item)
    return Batch(
        batch.institution, batch.local_item, batch.batch, batch.item, batch.local_name, batch.lot_no, batch.made_on,
        batch.expires_on, batch.quantity_e4 - quantity_e4, any(one.brings_codes for one in own), max(counts, default=None),
        batch.moved_at,
    )  # fmt: skip
