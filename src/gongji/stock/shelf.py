"""Decides what stated rows become, one after the other: a new movement with its marks, a repetition of a known one, or a refusal.

The shelf is what was read of one institution before (batches, movements in force, where codes were seen), moved on by every row.
The same paper is counted once, whatever number it comes under: a row that says the same as a recorded one repeats it, as often as
it is recorded (two equal rows of one receipt are two); a sale that was recorded when a prescription was dispensed (7207) is
not recorded again when the pharmacy reports it (3505). Quantities in ten-thousandths.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.stock.rules import INCOMING, RETURNED, counted_at, direction, entry_refusal, own_marks
from gongji.stock.values import Batch, CodeSight, Entry, Movement, Paper, Posted, Standing

__all__ = [
    "DISPENSED",
    "UNDISPENSED",
    "Shelf",
    "brought_in",
    "counted_at_of",
    "is_on",
    "may_be_one",
    "near",
    "sold",
]

DISPENSED: Final = "7207"
UNDISPENSED: Final = "7208"
"""Origins of movements that the prescription centre caused."""

MAX_E4: Final = 10**15
"""More than any shelf holds; sums of such numbers stay what the database can count."""

Place = tuple[str, str]


class Shelf:
    """One institution's stock while rows are posted. ``expected``: what the books hold of a batch at the instant of an inventory,
    by (local item, batch, instant).
    """

    def __init__(
        self,
        institution: str,
        *,
        batches: Iterable[Batch] = (),
        standings: Iterable[Standing] = (),
        sights: Iterable[CodeSight] = (),
        expected: Mapping[tuple[str, str, datetime], int] | None = None,
    ) -> None:
        self.institution = institution
        self.batches = {batch.key: batch for batch in batches}
        self.movements: list[Movement] = []
        self._expected = dict(expected or {})
        self._standings = sorted(standings, key=lambda one: (one.occurred_at, one.movement_id))
        self._open = {one.movement_id: one.open_e4 for one in self._standings}
        self._unmatched = {one.movement_id: abs(one.quantity_e4) for one in self._standings}
        self._known: dict[str, list[int]] = {}
        for one in self._standings:
            if one.document_key:
                self._known.setdefault(one.document_key, []).append(one.movement_id)
        self._seen: Counter[str] = Counter()
        self._sights: dict[str, list[CodeSight]] = {}
        for sight in sights:
            self._sights.setdefault(sight.code, []).append(sight)

    def post(self, entry: Entry, ids: IdSource, received_at: datetime, *, new: bool = False) -> Posted:
        """Record the row, or say why not; a recorded one waits in ``movements``.

        ``new``: it is known to repeat nothing.
        """
        refusal = entry_refusal(entry, day_in_china(received_at))
        if refusal is not None:
            return Posted(refusal=refusal)
        again = 0 if new else self._repeated(entry)
        if again:
            return Posted(again, repeated=True)
        original = self._original(entry)
        if isinstance(original, Refusal):
            return Posted(refusal=original)
        batch = self.batches.get(entry.place)
        if entry.kind == "inventory":
            entry = msgspec.structs.replace(entry, occurred_at=counted_at_of(entry, received_at))
        quantity_e4 = self._difference(entry) if entry.kind == "inventory" else entry.quantity_e4
        if abs(quantity_e4 + (batch.quantity_e4 if batch else 0)) > MAX_E4:
            return Posted(refusal=Refusal("AMOUNT_OUT_OF_RANGE", f"批次 {entry.batch} 的库存"))
        marks = own_marks(entry, batch, quantity_e4)
        if entry.kind in RETURNED and original is None:
            marks.append("no_original")
        marks += self._code_marks(entry, batch)
        returns = original.movement_id if original else None
        movement = Movement(entry, ids.next(), quantity_e4, tuple(marks), returns=returns)
        self._take(movement)
        return Posted(movement.movement_id, marks=movement.marks)

    def open_e4(self, standing: Standing) -> int:
        """What of a purchase or sale was not returned yet."""
        return self._open[standing.movement_id]

    def _take(self, movement: Movement) -> None:
        entry = movement.entry
        self.movements.append(movement)
        self.batches[entry.place] = moved(self.batches.get(entry.place), self.institution, movement)
        if movement.returns is not None:
            self._open[movement.returns] -= abs(movement.quantity_e4)
        for code in entry.traces:
            sight = CodeSight(code, self.institution, entry.kind, direction(entry), *entry.place, entry.split)
            self._sights.setdefault(code, []).append(sight)

    def _repeated(self, entry: Entry) -> int:
        """The number of the movement that the row repeats, or 0."""
        if entry.key:
            known = self._known.get(entry.key, [])
            position = self._seen[entry.key]
            self._seen[entry.key] += 1
            if position < len(known):
                return known[position]
        same = [one for one in self._standings if is_same_event(one, entry)]
        wanted_e4 = abs(entry.quantity_e4)
        if not same or sum(self._unmatched[one.movement_id] for one in same) < wanted_e4:
            return 0
        for one in same:
            part_e4 = min(wanted_e4, self._unmatched[one.movement_id])
            self._unmatched[one.movement_id] -= part_e4
            wanted_e4 -= part_e4
        return same[0].movement_id

    def _original(self, entry: Entry) -> Standing | Refusal | None:
        """What a return brings back: the movement that it names, or the newest that fits."""
        kind = RETURNED.get(entry.kind)
        if kind is None:
            return None
        wanted_e4 = abs(entry.quantity_e4)
        fitting = [one for one in self._standings if one.kind == kind and one.local_item == entry.local_item]
        if entry.stated:
            named = next((one for one in fitting if one.movement_id == entry.stated), None)
            if named is None:
                return Refusal("STOCK_DOCUMENT_UNKNOWN", f"流水号 {entry.stated}")
            if self._open[named.movement_id] < wanted_e4:
                return Refusal("STOCK_RETURN_EXCEEDED", f"流水号 {entry.stated}")
            return named
        for one in reversed(fitting):
            if is_original(one, entry) and self._open[one.movement_id] >= wanted_e4:
                return one
        return None

    def _difference(self, entry: Entry) -> int:
        """What an inventory adds to the books so that they say what was counted."""
        before_e4 = self._expected.get((*entry.place, entry.occurred_at), 0) + sum(
            one.quantity_e4
            for one in self.movements
            if one.entry.place == entry.place and one.entry.occurred_at <= entry.occurred_at
        )
        return (entry.counted_e4 or 0) - before_e4

    def _code_marks(self, entry: Entry, batch: Batch | None) -> list[str]:
        marks: list[str] = []
        for code in entry.traces:
            seen = self._sights.get(code, [])
            own = [one for one in seen if one.institution == self.institution]
            strange = [one for one in seen if one.institution != self.institution]
            if _again(entry, own):
                marks.append("code_again")
            if entry.kind in ("sale", "purchase") and (held(strange) or sold(strange)):
                marks.append("code_elsewhere")
            if entry.kind == "sale" and batch is not None and batch.coded and not brought_in(own):
                marks.append("code_unknown")
        return sorted(set(marks))


def counted_at_of(entry: Entry, received_at: datetime) -> datetime:
    """The instant of an inventory's row."""
    return counted_at(day_in_china(entry.occurred_at), received_at)


def is_same_event(one: Standing, entry: Entry) -> bool:
    """Whether the recorded movement of the prescription centre is what the pharmacy reports here."""
    if one.kind != entry.kind or one.local_item != entry.local_item or one.split != entry.split:
        return False
    if not (one.batch == entry.batch or one.chosen) or not near(one.occurred_at, entry.occurred_at):
        return False
    if entry.kind == "sale" and one.origin == DISPENSED:
        if not may_be_one(one, entry.rx_no, entry.psn_no):
            return False
        return (bool(entry.document) and one.document == entry.document) or (
            bool(one.rx_no) and one.rx_no == entry.rx_no
        )
    if entry.kind == "sale_return" and one.origin == UNDISPENSED:
        return bool(one.psn_no) and one.psn_no == entry.psn_no
    return False


def is_original(one: Standing, entry: Entry) -> bool:
    """Whether a return that names no number can be of this purchase or sale: same paper, or same buyer of a prescription."""
    if one.batch != entry.batch and not one.chosen:
        return False
    if one.kind == "purchase":
        return one.document == entry.document
    dispensed = one.origin == DISPENSED and bool(one.psn_no) and one.psn_no == entry.psn_no
    return dispensed or (bool(one.visit_no) and one.visit_no == entry.visit_no)


def is_on(one: Standing, paper: Paper) -> bool:
    """Whether the movement is of this paper, and of the drugs that are meant."""
    if one.document != paper.document or (paper.at is not None and not near(one.occurred_at, paper.at)):
        return False
    return not paper.local_items or one.local_item in paper.local_items


def may_be_one(one: Standing, rx_no: str, psn_no: str) -> bool:
    """Whether neither prescription nor buyer says that it is another sale on the same receipt."""
    return (not one.rx_no or not rx_no or one.rx_no == rx_no) and (
        not one.psn_no or not psn_no or one.psn_no == psn_no
    )


def near(one: datetime, other: datetime) -> bool:
    """Whether two reports may tell of one event: receipts are numbered anew every day, clocks differ around midnight."""
    return abs(day_in_china(one) - day_in_china(other)).days <= 1


def held(sights: Sequence[CodeSight]) -> bool:
    """Whether a pack came in and did not leave."""
    return (
        bool(sights) and sum(one.direction for one in sights) + any(one.direction == 0 for one in sights) > 0
    )


def sold(sights: Sequence[CodeSight]) -> bool:
    """Whether a whole pack was sold and not brought back."""
    moves = [one for one in sights if one.kind in ("sale", "sale_return") and not one.split]
    return sum(one.direction for one in moves) < 0


def brought_in(sights: Sequence[CodeSight]) -> bool:
    """Whether the institution ever had the pack."""
    return any(one.direction >= 0 and one.kind != "sale_return" for one in sights)


def _again(entry: Entry, own: Sequence[CodeSight]) -> bool:
    if entry.kind == "sale":
        return not entry.split and sold(own)
    if entry.kind == "purchase":
        return sold(own) or (any(one.direction > 0 for one in own) and held(own))
    return False


def moved(batch: Batch | None, institution: str, movement: Movement) -> Batch:
    """The batch after a movement: what comes in says what the batch is, anything else fills in what is not known."""
    entry = movement.entry
    incoming = entry.kind in INCOMING
    coded = bool(entry.traces) and (incoming or (entry.kind == "adjust" and movement.quantity_e4 > 0))
    counted = entry.occurred_at if entry.kind == "inventory" else None
    if batch is None:
        return Batch(
            institution, *entry.place, entry.item, entry.local_name, entry.lot_no, entry.made_on, entry.expires_on,
            movement.quantity_e4, coded, counted, entry.occurred_at,
        )  # fmt: skip
    return msgspec.structs.replace(
        batch,
        item=entry.item if incoming else batch.item,
        local_name=(entry.local_name if incoming else "") or batch.local_name or entry.local_name,
        lot_no=(entry.lot_no if incoming else "") or batch.lot_no or entry.lot_no,
        made_on=(entry.made_on if incoming else None) or batch.made_on or entry.made_on,
        expires_on=(entry.expires_on if incoming else None) or batch.expires_on or entry.expires_on,
        quantity_e4=batch.quantity_e4 + movement.quantity_e4,
        coded=batch.coded or coded,
        counted_at=max(filter(None, (batch.counted_at, counted)), default=None),
        moved_at=max(batch.moved_at, entry.occurred_at),
    )
