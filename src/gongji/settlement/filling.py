"""The prescriptions behind what is settled: their state on the day, their items, their visit group, and what is taken of them.

A prescription of the centre is looked at first; one that is known from fee lines alone (docs/adr/0008) counts where the law does
not ask for the centre (``prescription.centre_required``). A hospital's lines may fill prescriptions that the visit issued through
the centre (SX2022-27 第十条): then they are taken there, and no pharmacy can sell them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import day_in_china
from gongji.encounters import selectors as encounters
from gongji.encounters.values import FeeLine
from gongji.policy import Law
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions import settling
from gongji.prescriptions.case import Case
from gongji.prescriptions.settling import Advance
from gongji.prescriptions.uploaded import (
    UploadedPrescription,
    find_uploaded,
    same_drug_elsewhere,
    validity,
)
from gongji.prescriptions.values import Bought
from gongji.providers.values import ProviderBook
from gongji.settlement.grounds import Ground
from gongji.settlement.rules import merges_deductibles

__all__ = ["Filled", "Retrieval", "read_filled"]

CENTRE_REQUIRED: Final = "prescription.centre_required"
STAYS_VALID: Final = "prescription.stays_valid_when_prescriber_stops"
PREVIEW: Final = 0
"""In the place of a settlement's number, while it is only asked whether something may be taken."""


class Retrieval(msgspec.Struct, frozen=True):
    """What a settlement takes of one prescription of the centre (取药)."""

    case: Case
    institution: str
    bought: tuple[Bought, ...]
    service_on: date
    split_reason: str

    def taken(self, settlement_id: int, at: datetime) -> Advance | Refusal:
        """The prescription after the settlement, or why it may not be taken now."""
        return settling.settle(
            self.case,
            institution=self.institution,
            is_issuer=self.institution == self.case.issuer,
            bought=self.bought,
            settlement_id=settlement_id,
            at=at,
            service_on=self.service_on,
            split_reason=self.split_reason,
        )


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What the prescriptions say to one settlement. ``state`` is the law's attribute ``prescription``; ``items`` are those of the
    prescription that a pharmacy fills. ``issued_by``, ``issued_on``, ``issued_visit``: where the doctor's word counts from.
    """

    state: str
    items: frozenset[str] | None = None
    group_id: int = 0
    group_year: int = 0
    refusal: Refusal | None = None
    retrievals: tuple[Retrieval, ...] = ()
    issued_by: str = ""
    issued_on: date | None = None
    issued_visit: int = 0

    def as_prescribed(self, line: FeeLine) -> FeeLine:
        """A pharmacy's line with what the doctor wrote about the item: approval of a restriction, days of use."""
        drug = (
            self.retrievals[0].case.prescription.drug(line.item) if self.items and self.retrievals else None
        )
        if drug is None:
            return line
        days = str(drug.days_e2 // 100) if drug.days_e2 else line.days
        return msgspec.structs.replace(line, approval=drug.approval, days=days)

    def group(self, law: Law, region: str, ground: Ground) -> tuple[int, int]:
        """Visit group and its year: that of the visit that prescribed where ``region`` merges deductibles (A10), else its own."""
        if self.group_id and merges_deductibles(law, region, ground.service_on):
            return self.group_id, self.group_year
        return ground.group_id, ground.service_on.year


NOT_NEEDED: Final = Filled(state="not_needed")
NONE: Final = Filled(state="none")


async def read_filled(
    conn: Connection, grounds: Sequence[Ground], book: ProviderBook, law: Law
) -> list[Filled]:
    """The prescriptions behind each of the grounds, in order (decisions A10, A12, A16)."""
    named = {
        (ground.command.psn_no, ground.rx_no)
        for ground in grounds
        if ground.rx_no and ground.place.kind == "pharmacy"
    }
    visited = {
        (ground.command.psn_no, ground.visit_id)
        for ground in grounds
        if ground.place.kind != "pharmacy" and any(line.rx_no for line in ground.lines)
    }
    cases = await prescriptions.cases(conn, sorted(named)) if named else {}
    issued = await prescriptions.cases_of_visits(conn, sorted(visited)) if visited else {}
    found: list[Filled] = []
    for ground in grounds:
        key = (ground.command.psn_no, ground.rx_no)
        if ground.place.kind != "pharmacy":
            found.append(_at_the_issuer(ground, issued.get((ground.command.psn_no, ground.visit_id), ())))
        elif not ground.rx_no:
            found.append(_supposed(ground))
        elif key in cases:
            found.append(_of_the_centre(ground, cases[key], book, law))
        else:
            found.append(await _uploaded(conn, ground, book, law))
    return found


def _supposed(ground: Ground) -> Filled:
    """A sale without a prescription, or an estimate of one on a prescription that is still to be written."""
    if ground.supposed is None or not ground.supposed.prescribed:
        return NONE
    about = Filled(state="valid", items=frozenset(line.item for line in ground.lines))
    by = ground.supposed.by
    if by is None:
        return about
    return msgspec.structs.replace(
        about,
        group_id=by.group_id,
        group_year=by.on.year,
        issued_by=by.institution,
        issued_on=by.on,
        issued_visit=by.visit_id,
    )


def _at_the_issuer(ground: Ground, cases: Sequence[Case]) -> Filled:
    """What a hospital's own pharmacy hands out of the prescriptions that the visit issued."""
    retrievals = []
    for case in cases:
        # What its doctor withdrew is the hospital's own affair again, under its own number.
        own = {case.prescription.hosp_rx_no} if case.state != "withdrawn" else set()
        numbers = {case.rx_no, *own}
        bought = _bought(case, [line for line in ground.lines if line.rx_no in numbers and not line.external])
        if bought and case.issuer == ground.command.caller:
            retrievals.append(_retrieval(ground, case, bought))
    if not retrievals:
        return NOT_NEEDED
    refusal = next((why for r in retrievals if (why := _refused(ground, r)) is not None), None)
    return Filled(state="not_needed", refusal=refusal, retrievals=tuple(retrievals))


def _of_the_centre(ground: Ground, case: Case, book: ProviderBook, law: Law) -> Filled:
    """A pharmacy's sale on a prescription of the centre. One that has expired is paid by nobody's pool, and no refusal: the
    account may still pay (decision A35)."""
    sheet = case.prescription
    if not _counts(law, book, case.issuer, sheet.issued_on, ground.service_on):
        return NONE
    about = Filled(
        state="valid",
        items=sheet.items,
        group_id=sheet.group_id,
        group_year=sheet.group_on.year,
        issued_by=case.issuer,
        issued_on=sheet.issued_on,
        issued_visit=sheet.visit_id,
    )
    bought = _bought(case, ground.lines)
    if ground.command.claim is not None:
        return _claimed(ground, case, bought, about)
    if not bought:
        return about
    retrieval = _retrieval(ground, case, bought)
    if ground.supposed is not None and not _over(case, ground.command.received_at):
        # who holds it matters when it is sold; what somebody has taken is on it no more
        left = case.missing(case.fill_at(ground.command.received_at))
        return msgspec.structs.replace(about, items=left, retrievals=(retrieval,))
    refusal = _refused(ground, retrieval)
    if refusal is not None and (refusal.code == "RX_EXPIRED" or _over(case, ground.command.received_at)):
        return msgspec.structs.replace(about, state="expired")
    return msgspec.structs.replace(about, refusal=refusal, retrievals=(retrieval,))


def _over(case: Case, at: datetime) -> bool:
    """Whether the prescription's time is over, written down or not."""
    return at > case.deadline and case.state not in ("withdrawn", "filled")


def _claimed(ground: Ground, case: Case, bought: Sequence[Bought], about: Filled) -> Filled:
    """A sale that the member has paid and claims: nothing is taken of the prescription now, and nothing that was is paid twice."""
    paid = {taking.item for taking in case.takings if taking.settlement_id}
    twice = next((line.item for line in bought if line.item in paid), None)
    if twice is not None:
        return msgspec.structs.replace(about, refusal=Refusal("RX_ALREADY_DISPENSED", twice))
    late = ground.service_on > day_in_china(case.deadline)
    return msgspec.structs.replace(about, state="expired") if late else about


def _retrieval(ground: Ground, case: Case, bought: tuple[Bought, ...]) -> Retrieval:
    command = ground.command
    return Retrieval(case, command.caller, bought, ground.service_on, command.split_reason)


def _refused(ground: Ground, retrieval: Retrieval) -> Refusal | None:
    taken = retrieval.taken(PREVIEW, ground.command.received_at)
    return taken if isinstance(taken, Refusal) else None


def _bought(case: Case, lines: Sequence[FeeLine]) -> tuple[Bought, ...]:
    items = case.prescription.items
    return tuple(Bought(line.item, line.quantity_e4, line.key) for line in lines if line.item in items)


async def _uploaded(conn: Connection, ground: Ground, book: ProviderBook, law: Law) -> Filled:
    """A pharmacy's sale on a prescription that a hospital named with its fees.

    One issued by an institution that was not 门诊统筹定点 on that day counts as none (SX2022-27.art26.2).
    """
    psn_no = ground.command.psn_no
    found = await find_uploaded(conn, psn_no, ground.rx_no)
    if found is None:
        return NONE
    if not _counts(law, book, found.issuer, day_in_china(found.issued_at), ground.service_on):
        return NONE
    if _centre_required(law, found, book):
        return NONE
    refusal = await _issued_through_the_centre(conn, ground, found)
    if refusal is not None:
        return Filled(state="valid", refusal=refusal)
    items = frozenset(item.item for item in found.items)
    charged = await encounters.dispensed(conn, psn_no, ground.rx_no, found.group_id, found.issued_at)
    refusal = same_drug_elsewhere(
        [line.item for line in ground.lines if line.item in items],
        [(entry.item, entry.caller) for entry in charged if entry.settled],
        ground.command.caller,
    )
    issued_on = day_in_china(found.issued_at)
    return Filled(
        state=validity(found, ground.sold_at),
        items=items,
        group_id=found.group_id,
        group_year=await _group_year(conn, found),
        refusal=refusal,
        issued_by=found.issuer,
        issued_on=issued_on,
        issued_visit=found.visit_id,
    )


async def _issued_through_the_centre(
    conn: Connection, ground: Ground, found: UploadedPrescription
) -> Refusal | None:
    """Why the sale must name the centre's number: the visit issued these drugs through the centre too, whose hold and whose record
    of what is taken would be passed by under the hospital's own number (decision A16)."""
    key = (found.psn_no, found.visit_id)
    for case in (await prescriptions.cases_of_visits(conn, [key])).get(key, ()):
        if case.state == "withdrawn":
            continue
        both = next((line.item for line in ground.lines if line.item in case.prescription.items), None)
        if both is not None or case.prescription.hosp_rx_no == ground.rx_no:
            return Refusal("RX_NOT_HELD", f"已开具电子处方 {case.rx_no}，请凭电子处方接单")
    return None


def _centre_required(law: Law, found: UploadedPrescription, book: ProviderBook) -> bool:
    """Whether the issuer's area pays only on prescriptions of the centre."""
    issuer = book.get(found.issuer)
    region = issuer.region if issuer is not None else "CN"
    value = law.value(CENTRE_REQUIRED, region, day_in_china(found.issued_at))
    return not isinstance(value, Refusal) and bool(value.raw)


async def _group_year(conn: Connection, found: UploadedPrescription) -> int:
    """The year of the visit with which the group began."""
    key = (found.psn_no, found.group_id)
    visit = (await encounters.visits(conn, [key])).get(key)
    return visit.service_on.year if visit is not None else day_in_china(found.issued_at).year


def _counts(law: Law, book: ProviderBook, issuer: str, issued_on: date, bought_on: date) -> bool:
    """Whether the issuer had the agreement when it prescribed; its later end matters only where the law says so (A36)."""
    place = book.get(issuer)
    if place is None or not place.on(issued_on).pooled_agreement:
        return False
    stays = law.value(STAYS_VALID, place.region, bought_on)
    return isinstance(stays, Refusal) or bool(stays.raw) or place.on(bought_on).pooled_agreement
