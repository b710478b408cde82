"""What `gongji verify` asks of the stock room: is everything that is derived what its facts say, is no pack settled twice.

Uses of trace codes are compared with the fee lines of the settlements in force, read by SQL from the rooms above, because
the facts are there.
"""

from __future__ import annotations

from datetime import date

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.stock.traces import amount

__all__ = ["Difference", "differences"]

ON_HAND = sql("gongji.stock", "verify_on_hand")
CODES = sql("gongji.stock", "verify_codes")
TRACES = sql("gongji.stock", "verify_traces")
CLASHES = sql("gongji.stock", "verify_clashes")


class Difference(msgspec.Struct, frozen=True):
    """Something stored that is not what the facts say. ``subject`` is a person's number where a settlement is meant, else the
    institution's.
    """

    subject: str
    settlement_id: int | None
    field: str
    stored: str
    recomputed: str


async def differences(conn: Connection, settled_from: date | None = None) -> tuple[Difference, ...]:
    """Every difference, at most 1,000 of a kind. ``settled_from``: the first day whose settlements used trace codes."""
    found = [
        Difference(
            row["institution"],
            None,
            f"stock_on_hand {row['local_item']} {row['batch']}",
            _amount(row["stored_e4"]),
            _amount(row["folded_e4"]) + ("，入库追溯码或盘存时间不符" if row["facts_differ"] else ""),
        )
        for row in await conn.fetch(ON_HAND)
    ]
    found += [
        Difference(
            row["institution"],
            None,
            f"stock_movement_code {row['movement_id']}",
            row["code"] if row["beyond"] else "—",
            "—" if row["beyond"] else row["code"],
        )
        for row in await conn.fetch(CODES)
    ]
    found += [
        Difference(
            row["psn_no"],
            row["settlement_id"],
            "stock_trace_use",
            "—" if row["unused"] else row["code"],
            row["code"] if row["unused"] else "—",
        )
        for row in await conn.fetch(TRACES, settled_from)
    ]
    found += [
        Difference(row["psn_no"], row["settlement_id"], "stock_trace_use", f"{row['code']} 重复", "一次")
        for row in await conn.fetch(CLASHES)
    ]
    return tuple(found)


def _amount(quantity_e4: int | None) -> str:
    return "—" if quantity_e4 is None else amount(quantity_e4)
