"""Decides from which batches a sale is taken: the named one, the one of the named lot, that of the scanned codes, else the one that
expires first.

Enforced (dispensing on a prescription, 7207) a sale that the books cannot cover is refused: OUT_OF_STOCK, BATCH_EXPIRED,
TRACE_CODE_*. Not enforced it happened, and is recorded as it was told. Source: NHSA2023-4 三(四).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.stock.shelf import Shelf, brought_in, may_be_one, near, sold
from gongji.stock.traces import amount, code_refusal, is_virtual
from gongji.stock.values import Batch, CodeSight, Entry, SaleLine, Standing

__all__ = ["Sale", "sale_entries"]


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """What is common to the lines of one sale: the receipt's number and whose it is."""

    document: str
    at: datetime
    rx_no: str = ""
    psn_no: str = ""
    visit_no: str = ""
    settlement_no: str = ""


class _Counter:
    """What is left to take while the lines of a sale are served."""

    def __init__(self, shelf: Shelf, standings: Sequence[Standing], sights: Sequence[CodeSight]) -> None:
        self.institution = shelf.institution
        self.batches = tuple(shelf.batches.values())
        self.left = {batch.key: batch.quantity_e4 for batch in self.batches}
        self.sales = [one for one in standings if one.kind == "sale"]
        self.reported = {one.movement_id: shelf.open_e4(one) for one in self.sales}
        self.own: dict[str, list[CodeSight]] = {}
        self.strange: dict[str, list[CodeSight]] = {}
        for sight in sights:
            side = self.own if sight.institution == self.institution else self.strange
            side.setdefault(sight.code, []).append(sight)

    def reported_e4(self, line: SaleLine, sale: Sale) -> int:
        """How much of the line was reported before (3505 came first, or the same call again)."""
        found_e4 = 0
        for one in self.sales:
            same_paper = (
                bool(sale.document) and one.document == sale.document and near(one.occurred_at, sale.at)
            )
            same_drug = one.local_item == line.local_item and one.split == line.split
            if (
                same_paper
                and same_drug
                and may_be_one(one, sale.rx_no, sale.psn_no)
                and (one.chosen or line.batch in ("", one.batch))
            ):
                part_e4 = min(line.quantity_e4 - found_e4, self.reported[one.movement_id])
                self.reported[one.movement_id] -= part_e4
                found_e4 += part_e4
        return found_e4

    def candidates(self, line: SaleLine) -> list[Batch]:
        """Batches of the item in the order in which they are taken."""
        fitting = [one for one in self.batches if one.local_item == line.local_item]
        if line.batch and any(one.batch == line.batch for one in fitting):
            return [one for one in fitting if one.batch == line.batch]
        if line.lot_no and any(one.lot_no == line.lot_no for one in fitting):
            fitting = [one for one in fitting if one.lot_no == line.lot_no]
        scanned = {
            (sight.local_item, sight.batch)
            for code in line.traces
            for sight in self.own.get(code, ())
            if sight.direction >= 0
        }
        return sorted(
            fitting,
            key=lambda one: (one.key not in scanned, one.expires_on or date.max, one.batch),
        )


def sale_entries(
    shelf: Shelf,
    standings: Sequence[Standing],
    sights: Sequence[CodeSight],
    lines: Sequence[SaleLine],
    sale: Sale,
    *,
    enforce: bool,
) -> tuple[Entry, ...] | Refusal:
    """The sale as rows for the shelf; lines that were reported before are left out."""
    counter = _Counter(shelf, standings, sights)
    entries: list[Entry] = []
    for told in lines:
        if told.quantity_e4 <= 0:
            return Refusal("QUANTITY_INVALID", told.local_item)
        refusal = next((found for code in told.traces if (found := code_refusal(code))), None)
        if refusal is not None:
            return refusal
        left_e4 = told.quantity_e4 - counter.reported_e4(told, sale)
        if not left_e4:
            continue
        line = msgspec.structs.replace(told, quantity_e4=left_e4)
        parts = _parts(counter, line, day_in_china(sale.at), enforce=enforce)
        if isinstance(parts, Refusal):
            return parts
        if enforce and (refused := _code_refusal(counter, line, [batch for batch, _ in parts if batch])):
            return refused
        entries += _entries(counter, line, parts, sale)
    return tuple(entries)


Part = tuple[Batch | None, int]


def _parts(counter: _Counter, line: SaleLine, on: date, *, enforce: bool) -> list[Part] | Refusal:
    """Batches and quantities that the line is taken from; None stands for a batch that the books do not know."""
    found = counter.candidates(line)
    if enforce:
        found = [one for one in found if one.item == line.item and line.batch in ("", one.batch, one.lot_no)]
    usable = [one for one in found if not one.expired(on)]
    parts: list[Part] = []
    wanted_e4 = line.quantity_e4
    for batch in usable if enforce else (usable or found):
        part_e4 = min(wanted_e4, max(0, counter.left[batch.key]))
        if part_e4:
            parts.append((batch, part_e4))
            wanted_e4 -= part_e4
    if wanted_e4 and enforce:
        return _short(counter, line, found, on)
    if wanted_e4:
        # It was sold all the same: out of the batch that was named, or the first that is known.
        rest = next((one for one in found if line.batch in ("", one.batch)), None)
        if rest is not None and any(batch is rest for batch, _ in parts):
            parts = [(batch, part + wanted_e4 if batch is rest else part) for batch, part in parts]
        else:
            parts.append((rest, wanted_e4))
    for taken, part_e4 in parts:
        if taken is not None:
            counter.left[taken.key] -= part_e4
    return parts


def _short(counter: _Counter, line: SaleLine, found: Sequence[Batch], on: date) -> Refusal:
    stale = [one for one in found if one.expired(on) and counter.left[one.key] > 0]
    fresh_e4 = sum(max(0, counter.left[one.key]) for one in found if not one.expired(on))
    if stale and not fresh_e4:
        first = stale[0]
        return Refusal("BATCH_EXPIRED", f"{line.item} 批次 {first.batch} 有效期至 {first.expires_on}")
    return Refusal("OUT_OF_STOCK", f"{line.item} 库存 {amount(fresh_e4)}，需要 {amount(line.quantity_e4)}")


def _code_refusal(counter: _Counter, line: SaleLine, batches: Sequence[Batch]) -> Refusal | None:
    for code in line.traces:
        own, strange = counter.own.get(code, []), counter.strange.get(code, [])
        if not line.split and sold(own):
            return Refusal("TRACE_CODE_SOLD", code)
        if brought_in(own) or is_virtual(code):
            continue
        if sold(strange):
            return Refusal("TRACE_CODE_SOLD", f"{code} 已在其他定点医药机构售出")
        if any(batch.coded for batch in batches):
            return Refusal("TRACE_CODE_UNKNOWN", code)
    return None


def _entries(counter: _Counter, line: SaleLine, parts: Sequence[Part], sale: Sale) -> list[Entry]:
    """One row a batch; each code goes with the batch that it came in with, else with the first."""
    places = [(line.local_item, batch.batch if batch else line.batch or line.lot_no) for batch, _ in parts]
    codes: dict[int, list[str]] = {}
    for code in line.traces:
        came_in = [(one.local_item, one.batch) for one in counter.own.get(code, ()) if one.direction >= 0]
        at = next((index for index, place in enumerate(places) if place in came_in), 0)
        codes.setdefault(at, []).append(code)
    return [
        Entry(
            kind="sale",
            item=line.item,
            local_item=line.local_item,
            local_name=line.local_name or (batch.local_name if batch else ""),
            batch=place[1],
            lot_no=line.lot_no,
            quantity_e4=-part_e4,
            price_micro=line.price_micro,
            split=line.split,
            document=sale.document,
            rx_no=sale.rx_no,
            psn_no=sale.psn_no,
            visit_no=sale.visit_no,
            settlement_no=sale.settlement_no,
            occurred_at=sale.at,
            traces=tuple(codes.get(index, ())),
            detail={} if line.batch == place[1] else {"batch_chosen": "1"},
        )
        for index, ((batch, part_e4), place) in enumerate(zip(parts, places, strict=True))
    ]
