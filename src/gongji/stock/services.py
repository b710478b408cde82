"""What is done to an institution's stock: one function a verb, inside the transaction of the caller.

Uploads (3501–3506) are posted row by row and answered row by row; who wants all or nothing rolls back. A deletion (3507) is a
counter-movement with its reason. Dispensing moves stock through ``sell`` and ``sale_returned``. Every verb first takes the
institution's lock, so that what it has read holds until it has written. Source: NHSA2023-4 三(四).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.stock.personal import sealed_fields
from gongji.stock.reading import read_shelf
from gongji.stock.selling import Sale, sale_entries
from gongji.stock.shelf import DISPENSED, UNDISPENSED, is_on, sold
from gongji.stock.traces import virtual_code
from gongji.stock.values import Batch, CodeSight, Entry, Movement, Paper, Posted, SaleLine, Standing

__all__ = ["LOCK", "Upload", "issue_virtual_code", "post", "sale_returned", "sell", "write"]

LOCK = sql("gongji.stock", "lock")
WRITE = sql("gongji.stock", "write")
ISSUE = sql("gongji.stock", "issue_virtual_code")

_encode = msgspec.json.Encoder().encode


class Upload(msgspec.Struct, frozen=True):
    """What every upload of one message shares: whose stock, the trade, when it came."""

    institution: str
    origin: str
    received_at: datetime
    ids: IdSource
    vault: Vault | None = None
    """None where nothing personal can come along."""


async def post(conn: Connection, upload: Upload, entries: Sequence[Entry]) -> tuple[Posted, ...]:
    """Record stated rows, in order; what each became. Rows that are refused leave nothing behind."""
    await conn.execute(LOCK, upload.institution)
    read = await read_shelf(conn, upload.institution, entries, upload.received_at)
    posted = tuple(read.shelf.post(entry, upload.ids, upload.received_at) for entry in entries)
    await write(conn, upload, read.shelf.movements, read.shelf.batches)
    return posted


async def sell(
    conn: Connection,
    institution: str,
    lines: Sequence[SaleLine],
    *,
    document: str,
    at: datetime,
    ids: IdSource,
    enforce: bool,
    received_at: datetime | None = None,
    origin: str = DISPENSED,
    rx_no: str = "",
    psn_no: str = "",
    visit_no: str = "",
    settlement_no: str = "",
) -> Refusal | None:
    """Take a sale out of the stock. Enforced, what the books cannot cover is refused and nothing is written.

    The same receipt again (or one that was reported by 3505 before) writes nothing.
    """
    sale = Sale(
        document=document, at=at, rx_no=rx_no, psn_no=psn_no, visit_no=visit_no, settlement_no=settlement_no
    )
    upload = Upload(institution, origin, received_at or at, ids)
    await conn.execute(LOCK, institution)
    read = await read_shelf(
        conn, institution, [_probe(line, sale) for line in lines], upload.received_at, whole=True
    )
    entries = sale_entries(read.shelf, read.standings, read.sights, lines, sale, enforce=enforce)
    if isinstance(entries, Refusal):
        return entries
    for entry in entries:
        refusal = read.shelf.post(entry, ids, upload.received_at, new=True).refusal
        if refusal is not None:
            return refusal
    await write(conn, upload, read.shelf.movements, read.shelf.batches)
    return None


def _probe(line: SaleLine, sale: Sale) -> Entry:
    """The line as a row, to read what it may meet."""
    return Entry(
        kind="sale",
        item=line.item,
        local_item=line.local_item,
        batch=line.batch,
        quantity_e4=-line.quantity_e4,
        occurred_at=sale.at,
        document=sale.document,
        traces=line.traces,
    )


async def sale_returned(
    conn: Connection,
    institution: str,
    paper: Paper,
    *,
    at: datetime,
    ids: IdSource,
    received_at: datetime | None = None,
    origin: str = UNDISPENSED,
    rx_no: str = "",
    reason: str = "",
) -> Refusal | None:
    """Bring back what of the paper was sold and not returned yet; with ``rx_no`` only what was sold on that prescription.

    STOCK_DOCUMENT_UNKNOWN when nothing was ever sold on it; wholly returned already: nothing is written.
    """
    upload = Upload(institution, origin, received_at or at, ids)
    await conn.execute(LOCK, institution)
    read = await read_shelf(conn, institution, [_named(paper, at)], upload.received_at)
    sales = [
        one
        for one in read.standings
        if one.kind == "sale" and is_on(one, paper) and (not rx_no or one.rx_no in ("", rx_no))
    ]
    if any(one.rx_no for one in sales) and rx_no:
        sales = [one for one in sales if one.rx_no]
    if not sales:
        return Refusal("STOCK_DOCUMENT_UNKNOWN", paper.document)
    entries = [_brought_back(one, one.open_e4, at, reason) for one in sales if one.open_e4]
    read = await read_shelf(conn, institution, entries, upload.received_at)
    for entry in entries:
        back = msgspec.structs.replace(entry, traces=_still_out(entry, institution, read.sights))
        refusal = read.shelf.post(back, ids, upload.received_at, new=True).refusal
        if refusal is not None:
            return refusal
    await write(conn, upload, read.shelf.movements, read.shelf.batches)
    return None


def _still_out(entry: Entry, institution: str, sights: Sequence[CodeSight]) -> tuple[str, ...]:
    """Codes of the sale that nobody has brought back before."""
    own = [one for one in sights if one.institution == institution]
    return tuple(
        code for code in entry.traces if entry.split or sold([one for one in own if one.code == code])
    )


def _named(paper: Paper, at: datetime) -> Entry:
    """The paper as a row, to read what it may bring back."""
    return Entry(
        kind="sale", item="", local_item="", batch="", quantity_e4=-1, occurred_at=at, document=paper.document
    )


def _brought_back(sale: Standing, quantity_e4: int, at: datetime, reason: str) -> Entry:
    return Entry(
        kind="sale_return",
        item=sale.item,
        local_item=sale.local_item,
        batch=sale.batch,
        quantity_e4=quantity_e4,
        occurred_at=at,
        split=sale.split,
        document=sale.document,
        rx_no=sale.rx_no,
        psn_no=sale.psn_no,
        visit_no=sale.visit_no,
        stated=sale.movement_id,
        reason=reason,
        traces=sale.traces,
        detail={"batch_chosen": "1"} if sale.chosen else {},
    )


async def issue_virtual_code(
    conn: Connection, upload: Upload, *, item: str, local_item: str, local_name: str, batch: str
) -> str:
    """A one-time trace code for a pack without one (3592B); needs the vault."""
    if upload.vault is None:
        raise ValueError("a virtual code is sealed with the vault")
    code_id = upload.ids.next()
    code = virtual_code(upload.vault, upload.institution, code_id)
    await conn.execute(
        ISSUE, upload.institution, code_id, code, item, local_item, local_name, batch, upload.received_at
    )
    return code


async def write(
    conn: Connection,
    upload: Upload,
    movements: Sequence[Movement],
    batches: Mapping[tuple[str, str], Batch],
) -> None:
    """Put movements on disk, with their codes and the running stock of their batches."""
    if not movements:
        return
    places = sorted({movement.entry.place for movement in movements})
    await conn.execute(
        WRITE,
        upload.institution,
        _encode([_row(upload, movement) for movement in movements]).decode(),
        _encode([batches[place] for place in places]).decode(),
        upload.received_at,
        upload.origin,
    )


def _row(upload: Upload, movement: Movement) -> dict[str, Any]:
    """A row of ``stock_movement``, as ``sql/write.sql`` reads it."""
    entry = movement.entry
    row = msgspec.structs.asdict(entry)
    for name in ("personal", "certno", "key", "stated"):
        del row[name]
    return row | sealed_fields(upload.vault, upload.institution, movement.movement_id, entry) | {
        "movement_id": movement.movement_id,
        "quantity_e4": movement.quantity_e4,
        "document_key": entry.key,
        "marks": movement.marks,
        "undoes": movement.undoes,
        "returns": movement.returns,
    }  # fmt: skip
