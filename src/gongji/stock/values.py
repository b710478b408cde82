"""What the stock room takes and hands out, frozen: quantities in ten-thousandths of the institution's unit, prices in millionths
of a yuan, instants with their zone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from gongji.base.reasons import Refusal

__all__ = [
    "Batch",
    "CodeSight",
    "Entry",
    "Movement",
    "Paper",
    "Posted",
    "SaleLine",
    "Standing",
    "TraceUse",
    "Wanted",
]


class TraceUse(msgspec.Struct, frozen=True):
    """A use of a trace code by a settlement; ``freed`` by a refund. Columns of ``sql/trace_uses.sql``."""

    code: str
    use_no: int
    institution: str
    item: str
    split: bool
    quantity_e4: int
    capacity_e4: int
    psn_no: str
    settlement_id: int
    line_key: str
    freed: bool = False

    def __repr__(self) -> str:
        """Fit for a log: nobody's number."""
        return f"TraceUse({self.code!r}, {self.use_no})"


class Wanted(msgspec.Struct, frozen=True):
    """A use that a settlement is about to make; a row of ``stock_use_traces``.

    ``capacity_e4`` is the content of a whole pack in the units of ``quantity_e4``, 0 where the catalogue does not know it.
    """

    code: str
    split: bool
    quantity_e4: int
    capacity_e4: int
    item: str
    institution: str
    psn_no: str
    settlement_id: int
    line_key: str

    def __repr__(self) -> str:
        """Fit for a log: nobody's number."""
        return f"Wanted({self.code!r}, {self.line_key!r})"

    def row(self) -> dict[str, Any]:
        """As ``stock_use_traces`` takes it."""
        return msgspec.structs.asdict(self)


class SaleLine(msgspec.Struct, frozen=True):
    """What leaves the shelf in one sale: an item, and of the batch where the seller names it.

    ``batch`` is the institution's own number of a delivery (定点医药机构批次流水号), ``lot_no`` the maker's (生产批号). Where
    neither names a batch in stock, the batch that expires first is taken.
    """

    item: str
    local_item: str
    quantity_e4: int
    batch: str = ""
    lot_no: str = ""
    price_micro: int | None = None
    split: bool = False
    traces: tuple[str, ...] = ()
    local_name: str = ""


class Paper(msgspec.Struct, frozen=True):
    """Which drugs of a receipt (零售单据号) are meant: receipts are numbered anew every day, and one may name several sales.

    ``at``: when they were sold (None: ever); ``local_items``: the institution's own codes of the drugs (empty: all).
    """

    document: str
    at: datetime | None = None
    local_items: frozenset[str] = frozenset()


class Batch(msgspec.Struct, frozen=True):
    """Running stock of one batch (columns of ``stock_on_hand``). ``coded``: it came in with trace codes."""

    institution: str
    local_item: str
    batch: str
    item: str
    local_name: str
    lot_no: str
    made_on: date | None
    expires_on: date | None
    quantity_e4: int
    coded: bool
    counted_at: datetime | None
    moved_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return (self.local_item, self.batch)

    def expired(self, on: date) -> bool:
        """Whether the batch may no longer be sold: its last day (有效期止) is over."""
        return self.expires_on is not None and self.expires_on < on


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What an institution states about one batch: a row of its upload, or a part of a sale.

    ``quantity_e4`` is what it adds to the stock (negative for what goes out), 0 for an inventory, whose difference is found when
    it is posted. ``stated`` is the number of the purchase or sale that a return names (0: none), ``document`` the institution's
    paper, ``key`` everything by which the row is known again. ``personal`` is sealed, ``certno`` also indexed.
    """

    kind: str
    item: str
    local_item: str
    batch: str
    quantity_e4: int
    occurred_at: datetime
    counted_e4: int | None = None
    change_type: str = ""
    local_name: str = ""
    lot_no: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    price_micro: int | None = None
    split: bool = False
    document: str = ""
    key: str = ""
    counterpart: str = ""
    rx_no: str = ""
    psn_no: str = ""
    visit_no: str = ""
    settlement_no: str = ""
    stated: int = 0
    reason: str = ""
    traces: tuple[str, ...] = ()
    detail: dict[str, str] = {}
    personal: dict[str, str] = {}
    certno: str = ""

    def __repr__(self) -> str:
        """Fit for a log: nobody's number."""
        return f"Entry({self.kind!r}, {self.local_item!r}, {self.batch!r})"

    @property
    def place(self) -> tuple[str, str]:
        """The batch that it moves."""
        return (self.local_item, self.batch)


class Movement(msgspec.Struct, frozen=True):
    """An entry as it is recorded. ``marks`` are the discrepancies that stood out (``rules.MARKS``); ``undoes`` is the movement that
    a deletion takes back, ``returns`` the one that a return brings back.
    """

    entry: Entry
    movement_id: int
    quantity_e4: int
    marks: tuple[str, ...] = ()
    undoes: int | None = None
    returns: int | None = None


class Posted(msgspec.Struct, frozen=True):
    """What became of one entry: its number, or that of the movement that it repeats, or why nothing was recorded."""

    movement_id: int = 0
    repeated: bool = False
    marks: tuple[str, ...] = ()
    refusal: Refusal | None = None


class Standing(msgspec.Struct, frozen=True):
    """A recorded movement in force (not deleted), as far as later ones depend on it.

    ``open_e4``: of a purchase or sale, what was not returned yet, without sign. ``chosen``: the batch was chosen here, the
    seller named none.
    """

    movement_id: int
    kind: str
    item: str
    local_item: str
    batch: str
    quantity_e4: int
    document: str
    document_key: str
    rx_no: str
    psn_no: str
    visit_no: str
    origin: str
    split: bool
    occurred_at: datetime
    open_e4: int = 0
    chosen: bool = False
    traces: tuple[str, ...] = ()


class CodeSight(msgspec.Struct, frozen=True):
    """Where a trace code was seen in movements in force: ``direction`` 1 came in, -1 went out, 0 was counted."""

    code: str
    institution: str
    kind: str
    direction: int
    local_item: str
    batch: str
    split: bool
