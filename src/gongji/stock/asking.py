"""What a counter asks before it sells: could this sale leave the stock, may this code be sold, what does it cost here. Nothing is
written; the sale itself decides again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gongji.base.money import QUANTITY_UNIT
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.stock.reading import read_shelf
from gongji.stock.selectors import trace_uses
from gongji.stock.selling import Sale, sale_entries
from gongji.stock.traces import forged, trace_refusal, uses_of
from gongji.stock.values import Entry, SaleLine

__all__ = ["code_unusable", "prices", "unsellable"]

PRICES = sql("gongji.stock", "prices")


async def unsellable(
    conn: Connection, institution: str, lines: Sequence[SaleLine], at: datetime
) -> Refusal | None:
    """Why these lines could not leave the institution's stock now (OUT_OF_STOCK, BATCH_EXPIRED, TRACE_CODE_*), or None."""
    probes = [
        Entry(
            kind="sale",
            item=line.item,
            local_item=line.local_item,
            batch=line.batch,
            quantity_e4=-line.quantity_e4,
            occurred_at=at,
            traces=line.traces,
        )
        for line in lines
    ]
    read = await read_shelf(conn, institution, probes, at, whole=True)
    sale = Sale(document="", at=at)
    found = sale_entries(read.shelf, read.standings, read.sights, lines, sale, enforce=True)
    return found if isinstance(found, Refusal) else None


async def code_unusable(
    conn: Connection, vault: Vault, institution: str, item: str, code: str, *, split: bool, psn_no: str
) -> Refusal | None:
    """Why a settlement by this institution could not use the trace code for ``item``: another settlement has, or it is forged."""
    if forged(vault, institution, code):
        return Refusal("TRACE_CODE_FORGED", code)
    uses = await trace_uses(conn, [code])
    wanted = uses_of(
        [(code, split)],
        uses,
        quantity_e4=QUANTITY_UNIT,
        capacity_e4=0,
        item=item,
        institution=institution,
        psn_no=psn_no,
        settlement_id=0,
        line_key="",
    )
    return trace_refusal(uses, wanted)


async def prices(conn: Connection, institution: str, items: Sequence[str]) -> dict[str, int]:
    """What a unit of each item costs at the institution's counter by its own last word, in millionths of a yuan; others missing."""
    rows = await conn.fetch(PRICES, institution, list(items))
    return {row["item"]: row["price_micro"] for row in rows}
