"""A prescription with everything that happened to it, and what follows: where it stands, who holds it, what is taken.

Pure: ``applied`` folds one event into the case; the state itself is said by the event (``states`` decides it). Times are compared
with the instants of the sheet: ``deadline`` is the last one at which something may still be taken.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from gongji.base.times import CHINA, day_in_china
from gongji.prescriptions import details as d
from gongji.prescriptions.values import Prescription

__all__ = ["Case", "Event", "Hold", "Taking", "applied", "fold"]

HOLDING: Final = ("held", "approved")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened. ``state`` is the one after it; ``institution`` is where, ``sealed`` what is personal."""

    event_no: int
    verb: str
    state: str
    at: datetime
    actor: str
    institution: str = ""
    reason: str = ""
    detail: d.Detail = d.Nothing()
    sealed: bytes | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A pharmacy's hold on one fill. ``token``: keyed digest of the token; ``proof`` and ``review``: of 7205 and 7206."""

    institution: str
    name: str
    since: datetime
    until: datetime
    fill: int
    token: str
    proxy: bool
    event_no: int
    proof: d.VerifiedSheet | None = None
    review: d.Reviewed | None = None


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """One item of one fill, taken at one institution: dispensed (``sale_sn``), settled (``settlement_id``), or both."""

    fill: int
    item: str
    quantity_e4: int
    institution: str
    at: datetime
    sale_sn: int = 0
    insured: bool = True
    settlement_id: int = 0


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A prescription with everything that happened to it."""

    prescription: Prescription
    sealed: bytes = b""
    state: str = ""
    hold: Hold | None = None
    takings: tuple[Taking, ...] = ()
    splits: tuple[tuple[str, d.Split], ...] = ()
    signed: d.SignedSheet | None = None
    events: tuple[Event, ...] = ()

    @property
    def psn_no(self) -> str:
        return self.prescription.psn_no

    @property
    def rx_id(self) -> int:
        return self.prescription.rx_id

    @property
    def rx_no(self) -> str:
        return self.prescription.rx_no

    @property
    def issuer(self) -> str:
        return self.prescription.issuer

    @property
    def version(self) -> int:
        return self.events[-1].event_no if self.events else 0

    @property
    def holder(self) -> str:
        return self.hold.institution if self.hold else ""

    @property
    def held_until(self) -> datetime | None:
        return self.hold.until if self.hold else None

    @property
    def begun_fill(self) -> int:
        """The last fill of which something is taken; 0: nothing is."""
        return max((taking.fill for taking in self.takings), default=0)

    @property
    def fill(self) -> int:
        """The fill that is held or was begun last, at least 1."""
        return self.hold.fill if self.hold else max(self.begun_fill, 1)

    @property
    def deadline(self) -> datetime:
        """The last instant at which something may be taken: an ordinary prescription is taken wholly within its
        validity, a long one in fills is begun within it (A12, A28)."""
        sheet = self.prescription
        return sheet.ends_at if self.begun_fill and sheet.fills > 1 else sheet.valid_until

    @property
    def due_at(self) -> datetime | None:
        """When the clock changes something: the hold runs out, or the prescription does; None: never."""
        if self.hold is not None:
            return self.hold.until
        open_states = ("checked", "signed", "circulating", "returned")
        return self.deadline if self.state in open_states else None

    def begun_at(self, fill: int) -> datetime | None:
        return min((taking.at for taking in self.takings if taking.fill == fill), default=None)

    def taken(self, fill: int, item: str) -> Taking | None:
        return next((t for t in self.takings if t.fill == fill and t.item == item), None)

    def was_taken_at(self, institution: str) -> bool:
        """Whether something is taken at the institution, or was settled there once and refunded since."""
        return any(taking.institution == institution for taking in self.takings) or any(
            event.institution == institution and isinstance(event.detail, d.SettledParts)
            for event in self.events
        )

    def was_settled_at(self, institution: str, item: str) -> bool:
        """Whether the institution has settled the item before, even if that was refunded since."""
        return any(
            event.institution == institution
            and isinstance(event.detail, d.SettledParts)
            and any(part.item == item for part in event.detail.parts)
            for event in self.events
        )

    def missing(self, fill: int) -> frozenset[str]:
        """Items of the fill that nobody has taken."""
        sheet = self.prescription
        return frozenset(
            item for item in sheet.items if sheet.share_e4(item, fill) and self.taken(fill, item) is None
        )

    def complete(self, fill: int) -> bool:
        return not self.missing(fill)

    def opens_at(self, fill: int) -> datetime | None:
        """From when fill ``fill`` may be taken: ``interval_days`` after the one before was begun; None: that has not been."""
        if fill == 1:
            # A hospital's clock may be ahead: what was checked may be taken.
            return min(self.prescription.issued_at, self.prescription.checked_at)
        before = self.begun_at(fill - 1)
        if before is None:
            return None
        on = day_in_china(before) + timedelta(days=self.prescription.interval_days)
        return datetime(on.year, on.month, on.day, tzinfo=CHINA)

    def fill_at(self, at: datetime) -> int:
        """The fill that may be taken next at the instant ``at``; one that is not open yet is answered where nothing else is left.

        What was not fetched of a fill is given up when the next one opens.
        """
        begun = self.begun_fill
        if begun == 0:
            return 1
        if begun == self.prescription.fills:
            return begun
        opens = self.opens_at(begun + 1)
        return begun + 1 if self.complete(begun) or (opens is not None and opens <= at) else begun

    def split_reason_known(self, fill: int, item: str) -> bool:
        """Whether somebody has registered why ``item`` is bought at another institution than the rest of the fill."""
        return any(
            split.fill == fill and (not split.items or item in split.items) for _, split in self.splits
        )


def fold(prescription: Prescription, sealed: bytes, events: tuple[Event, ...]) -> Case:
    """The case after all its events."""
    case = Case(prescription=prescription, sealed=sealed)
    for event in events:
        case = applied(case, event)
    return case


def applied(case: Case, event: Event) -> Case:
    """The case after one more event."""
    hold = _hold_after(case, event) if event.state in HOLDING else None
    return msgspec.structs.replace(
        case,
        state=event.state,
        hold=hold,
        takings=_takings_after(case, event),
        splits=_splits_after(case, event),
        signed=event.detail if isinstance(event.detail, d.SignedSheet) else case.signed,
        events=(*case.events, event),
    )


def _hold_after(case: Case, event: Event) -> Hold | None:
    detail, hold = event.detail, case.hold
    if isinstance(detail, d.Accepted):
        return Hold(
            institution=event.institution,
            name=detail.name,
            since=event.at,
            until=detail.held_until,
            fill=detail.fill,
            token=detail.token,
            proxy=detail.proxy,
            event_no=event.event_no,
        )
    if hold is None:
        return None
    if isinstance(detail, d.VerifiedSheet):
        return msgspec.structs.replace(hold, proof=detail)
    if isinstance(detail, d.Reviewed):
        return msgspec.structs.replace(hold, review=detail)
    return hold


def _takings_after(case: Case, event: Event) -> tuple[Taking, ...]:
    detail = event.detail
    if isinstance(detail, d.Unsold):
        return tuple(t for t in case.takings if t.sale_sn not in detail.sales)
    if isinstance(detail, d.Refunded):
        return tuple(t for t in case.takings if t.settlement_id != detail.settlement_id)
    if not isinstance(detail, d.Sold | d.SettledParts):
        return case.takings
    takings = list(case.takings)
    for part in detail.parts:
        known = next((n for n, t in enumerate(takings) if (t.fill, t.item) == (part.fill, part.item)), None)
        if known is None:
            takings.append(_marked(_new(part, event), detail))
        else:
            takings[known] = _marked(takings[known], detail)
    return tuple(takings)


def _new(part: d.Part, event: Event) -> Taking:
    return Taking(
        fill=part.fill,
        item=part.item,
        quantity_e4=part.quantity_e4,
        institution=event.institution,
        at=event.at,
    )


def _marked(taking: Taking, detail: d.Sold | d.SettledParts) -> Taking:
    if isinstance(detail, d.Sold):
        return msgspec.structs.replace(taking, sale_sn=detail.sale_sn, insured=detail.insured)
    return msgspec.structs.replace(taking, settlement_id=detail.settlement_id)


def _splits_after(case: Case, event: Event) -> tuple[tuple[str, d.Split], ...]:
    detail = event.detail
    if isinstance(detail, d.Split):
        return (*case.splits, (event.institution, detail))
    if event.reason and isinstance(detail, d.Sold | d.SettledParts):
        fills = {part.fill for part in detail.parts}
        return (*case.splits, *((event.institution, d.Split(fill)) for fill in sorted(fills)))
    return case.splits
