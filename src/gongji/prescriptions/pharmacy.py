"""What a pharmacy does before it hands anything out: accept, verify, review; register a split, let go (7204–7206, 7291).

Who accepts holds the prescription for a limited time; of two at once one wins, the other learns who and since when (RX_HELD).
Source: SX2022-27 第十二、十四条.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from gongji.base.hashing import sm3_hex
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.prescriptions import codes, selectors
from gongji.prescriptions import details as d
from gongji.prescriptions.advance import Step, step
from gongji.prescriptions.case import Case
from gongji.prescriptions.documents import kept, signatures_hold
from gongji.prescriptions.granting import pharmacy_today
from gongji.prescriptions.office import RxOffice, seal_event
from gongji.prescriptions.proxies import refuse_proxy
from gongji.prescriptions.values import Proxy
from gongji.prescriptions.writing import change

__all__ = ["Accepted", "ReviewDone", "Verified", "accept", "release", "review", "split", "verify"]

HOLD_MINUTES: Final = "prescription.hold_minutes"


class Accepted(msgspec.Struct, frozen=True):
    """The prescription that the pharmacy now holds, and its signed file."""

    case: Case
    document: bytes


class Verified(msgspec.Struct, frozen=True):
    """The signature holds and the file is untouched; ``sn`` is asked for by the review."""

    sn: int
    serial: str
    subject: str
    case: Case


class ReviewDone(msgspec.Struct, frozen=True):
    """The pharmacist's review is recorded; ``sn`` is asked for by the sale."""

    sn: int
    case: Case


async def accept(
    conn: Connection,
    office: RxOffice,
    pharmacy: str,
    token: str,
    auth_no: str,
    operator: str,
    proxy: Proxy | None = None,
) -> Accepted | Refusal:
    """Take a prescription over (7204): the token is used up, the others of the authorisation end, the pharmacy holds it.

    A proxy is registered with identity, sealed (SX2022-27 第十二条).
    """
    place = pharmacy_today(office, pharmacy)
    if isinstance(place, Refusal):
        return place
    minutes = office.number(HOLD_MINUTES, place.region, office.on)
    if isinstance(minutes, Refusal):
        return minutes
    found = await codes.find(conn, office, token, codes.ACCESS, pharmacy)
    if isinstance(found, Refusal):
        return found
    if str(found.auth_id) != auth_no:
        return Refusal("RX_CODE_UNKNOWN")
    if proxy is not None and (refusal := refuse_proxy(proxy)) is not None:
        return refusal
    until, name = office.at + timedelta(minutes=minutes), place.name

    def decide(case: Case) -> Case | Refusal:
        fill = case.fill_at(office.at)
        detail = d.Accepted(
            fill=fill,
            held_until=min(until, case.deadline),
            token=found.digest.hex(),
            name=name,
            operator=operator,
            evidence=found.evidence,
            proxy=proxy is not None,
        )
        sealed = None
        if proxy is not None:
            sealed = seal_event(office.vault, case, case.version + 1, msgspec.json.encode(proxy))
        return _stepped(office, case, "accept", pharmacy, detail, sealed=sealed)

    async def beside(inner: Connection, after: Case) -> Refusal | None:
        refusal = await codes.use(inner, office, found, pharmacy)
        if refusal is None:
            await codes.end_others(inner, office, found, pharmacy)
        return refusal

    after = await change(conn, str(found.rx_id), office.at, decide, beside)
    if isinstance(after, Refusal):
        return after
    signed = await kept(conn, office, after)
    assert signed is not None
    return Accepted(after, signed.document)


async def verify(
    conn: Connection,
    office: RxOffice,
    pharmacy: str,
    rx_no: str,
    trace_code: str,
    token: str,
    document: bytes,
) -> Verified | Refusal:
    """Verify signature, origin and file of the prescription that the pharmacy holds (7205).

    RX_TRACE_CODE, RX_CODE_UNKNOWN (another token than the one it was taken with), RX_DOCUMENT_CHANGED, RX_SIGNATURE_INVALID.
    """
    case = await selectors.case(conn, rx_no)
    if case is None:
        return Refusal("RX_NOT_FOUND", rx_no[:40])
    sn = office.ids.next()
    signed = case.signed
    if signed is None:
        return Refusal("RX_NOT_FOUND", rx_no)
    detail = d.VerifiedSheet(sn, signed.serial, signed.subject)
    tried = _held_step(office, case, "verify", pharmacy, token, detail)
    if isinstance(tried, Refusal):
        return tried
    if trace_code != case.prescription.trace_code:
        return Refusal("RX_TRACE_CODE", rx_no)
    if sm3_hex(document) != signed.document_digest:
        return Refusal("RX_DOCUMENT_CHANGED", rx_no)
    original = await kept(conn, office, case)
    if original is None or not await signatures_hold(office, signed, original):
        return Refusal("RX_SIGNATURE_INVALID", rx_no)
    after = await change(
        conn,
        rx_no,
        office.at,
        lambda now: _held_step(office, now, "verify", pharmacy, token, detail),
        known=case,
    )
    return after if isinstance(after, Refusal) else Verified(sn, signed.serial, signed.subject, after)


async def review(
    conn: Connection,
    office: RxOffice,
    pharmacy: str,
    rx_no: str,
    token: str,
    *,
    reviewer_code: str,
    passed: bool,
    opinion: str,
    verify_sn: int,
    reviewed_at: datetime,
) -> ReviewDone | Refusal:
    """Record the pharmacist's review (7206): passed, the drugs may be handed out; not passed, the doctor is to confirm."""
    reviewer = office.book.staff(pharmacy, reviewer_code, office.on)
    if reviewer is None or not reviewer.may("review"):
        return Refusal("PHARMACIST_NOT_REGISTERED", reviewer_code)
    if not passed and not opinion:
        return Refusal("MISSING_FIELD", "审核意见")
    sn = office.ids.next()
    verb = "review_pass" if passed else "review_refuse"

    def decide(case: Case) -> Case | Refusal:
        detail = d.Reviewed(sn, case.fill, reviewer_code, reviewer.name, opinion, reviewed_at)
        after = _held_step(office, case, verb, pharmacy, token, detail, reason="" if passed else opinion)
        proof = case.hold.proof if case.hold else None
        if isinstance(after, Case) and (proof is None or proof.sn != verify_sn):
            return Refusal("RX_NOT_VERIFIED", "验签流水号不符")
        return after

    after = await change(conn, rx_no, office.at, decide)
    return after if isinstance(after, Refusal) else ReviewDone(sn, after)


async def split(
    conn: Connection,
    office: RxOffice,
    institution: str,
    rx_no: str,
    reason: str,
    items: Sequence[str] = (),
) -> Case | Refusal:
    """Register why items are bought elsewhere (SX2022-27 第十四条); no items: whatever is left of the fill."""
    if not reason:
        return Refusal("MISSING_FIELD", "拆分原因")

    def decide(case: Case) -> Case | Refusal:
        strange = [item for item in items if item not in case.prescription.items]
        detail = d.Split(case.hold.fill if case.hold else case.fill_at(office.at), tuple(items))
        after = _stepped(office, case, "split", institution, detail, reason=reason)
        if isinstance(after, Case) and strange:
            return Refusal("RX_ITEM_NOT_ON_PRESCRIPTION", strange[0])
        return after

    return await change(conn, rx_no, office.at, decide)


async def release(
    conn: Connection, office: RxOffice, pharmacy: str, rx_no: str, reason: str = ""
) -> Case | Refusal:
    """Let go of a prescription before the hold runs out; what is not taken can go elsewhere."""
    return await change(
        conn,
        rx_no,
        office.at,
        lambda case: _stepped(office, case, "release", pharmacy, d.Nothing(), reason=reason),
    )


def _held_step(
    office: RxOffice, case: Case, verb: str, pharmacy: str, token: str, detail: d.Detail, reason: str = ""
) -> Case | Refusal:
    """A step of the holder's, who shows the token with which he took the prescription."""
    after = _stepped(office, case, verb, pharmacy, detail, reason=reason)
    if isinstance(after, Refusal):
        return after
    assert case.hold is not None
    if codes.digest_of(office, token).hex() != case.hold.token:
        return Refusal("RX_CODE_UNKNOWN")
    return after


def _stepped(
    office: RxOffice,
    case: Case,
    verb: str,
    institution: str,
    detail: d.Detail,
    *,
    reason: str = "",
    sealed: bytes | None = None,
) -> Case | Refusal:
    return step(
        case,
        Step(
            verb=verb,
            actor=office.actor,
            at=office.at,
            institution=institution,
            reason=reason,
            detail=detail,
            sealed=sealed,
        ),
    )
