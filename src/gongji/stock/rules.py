"""Decides what a stated row of purchase, sale and stock data (进销存) means: its sign, whether it can be, what is odd about it.

What happened in an institution happened: an upload that does not fit the running stock is recorded and marked, never
refused for it, so that supervision reads it (NHSA2023-4 三(四)). Refused is only what cannot be (a quantity of nothing, a date in
the future, a code that is none).
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from gongji.base.reasons import Refusal
from gongji.base.times import CHINA, day_in_china
from gongji.stock.traces import code_refusal
from gongji.stock.values import Batch, Entry

__all__ = [
    "CHANGES",
    "DELETABLE",
    "INCOMING",
    "MARKS",
    "RETURNED",
    "change_sign",
    "counted_at",
    "direction",
    "entry_refusal",
    "own_marks",
]

CHANGES: Final = {
    "101": ("调拨入库", 1),
    "102": ("调拨出库", -1),
    "103": ("盘盈", 1),
    "104": ("盘损", -1),
    "105": ("销毁", -1),
    "106": ("其他入库", 1),
    "107": ("其他出库", -1),
    "108": ("商品采购入库", 1),
    "109": ("商品退货出库", -1),
    "110": ("赠药入库", 1),
    "111": ("赠药退回出库", -1),
}
"""inv_chg_type 库存变更类型: name, and what it does to the stock."""
DELETABLE: Final = {
    "1": ("inventory",),
    "2": ("adjust",),
    "3": ("purchase", "purchase_return"),
    "4": ("sale", "sale_return"),
}
"""inv_data_type 进销存数据类型 of 3507: what it deletes."""
INCOMING: Final = frozenset({"inventory", "purchase"})
"""Kinds that say what a batch is (lot, dates, name)."""
RETURNED: Final = {"sale_return": "sale", "purchase_return": "purchase"}
"""What each return brings back."""
MARKS: Final = {
    "negative": "账面库存小于零",
    "expired": "销售时已过有效期",
    "unknown_batch": "没有入库记录的批次",
    "item_differs": "医疗目录编码与入库时不同",
    "difference": "盘存数与账面数不符",
    "late": "发生时间早于最近一次盘存",
    "no_original": "没有对应的原销售或采购",
    "code_again": "追溯码重复",
    "code_elsewhere": "追溯码在其他定点医药机构出现过",
    "code_unknown": "按追溯码入库的批次中没有这个追溯码",
}
"""Discrepancies that a movement is marked with, for supervision."""


def change_sign(change_type: str) -> int | Refusal:
    """What a stock change (3502) does to the stock: 1 or -1."""
    known = CHANGES.get(change_type)
    return known[1] if known else Refusal("UNKNOWN_CODE", "inv_chg_type")


def counted_at(counted_on: date, received_at: datetime) -> datetime:
    """The instant that an inventory speaks of: the end of its day, or the receipt when that day is not over."""
    return min(datetime.combine(counted_on, time.max, CHINA), received_at)


def direction(entry: Entry) -> int:
    """What the movement does with its trace codes: 1 brought in, -1 out, 0 counted."""
    if entry.kind == "inventory":
        return 0
    return 1 if entry.quantity_e4 > 0 else -1


def entry_refusal(entry: Entry, today: date) -> Refusal | None:
    """Why a stated row cannot be."""
    if entry.kind == "inventory":
        if entry.counted_e4 is None or entry.counted_e4 < 0:
            return Refusal("QUANTITY_INVALID", "库存数量不得小于零")
    elif entry.quantity_e4 == 0 or (entry.quantity_e4 > 0) != _adds(entry):
        return Refusal("QUANTITY_INVALID", f"批次 {entry.batch}")
    if day_in_china(entry.occurred_at) > today:
        return Refusal("DATE_IN_FUTURE", str(day_in_china(entry.occurred_at)))
    if entry.made_on and entry.expires_on and entry.expires_on < entry.made_on:
        return Refusal("BAD_FIELD", f"expy_end 有效期止 {entry.expires_on} 早于生产日期 {entry.made_on}")
    if entry.made_on and entry.made_on > today:
        return Refusal("DATE_IN_FUTURE", f"manu_date {entry.made_on}")
    if len(set(entry.traces)) != len(entry.traces):
        return Refusal("BAD_FIELD", "drug_trac_codg 同一行的追溯码重复")
    return next((refusal for code in entry.traces if (refusal := code_refusal(code))), None)


def _adds(entry: Entry) -> bool:
    if entry.kind == "adjust":
        return change_sign(entry.change_type) == 1
    return entry.kind in ("purchase", "sale_return")


def own_marks(entry: Entry, batch: Batch | None, quantity_e4: int) -> list[str]:
    """What is odd about a movement of ``quantity_e4``, seen from the batch before it (None: never heard of)."""
    marks = []
    before_e4 = batch.quantity_e4 if batch else 0
    if quantity_e4 < 0 and before_e4 + quantity_e4 < 0 and entry.kind != "inventory":
        marks.append("negative")
    if entry.kind == "sale":
        expires_on = (batch.expires_on if batch else None) or entry.expires_on
        if expires_on is not None and expires_on < day_in_china(entry.occurred_at):
            marks.append("expired")
    if batch is None and entry.kind in ("sale", "purchase_return", "sale_return"):
        marks.append("unknown_batch")
    if batch is not None and batch.item != entry.item:
        marks.append("item_differs")
    if entry.kind == "inventory" and quantity_e4 and batch is not None:
        marks.append("difference")
    if (
        entry.kind != "inventory"
        and batch is not None
        and batch.counted_at
        and entry.occurred_at < batch.counted_at
    ):
        marks.append("late")
    return marks
