"""What a settlement takes of a prescription, and what its reversal gives back. Pure, for the settlement room.

A pharmacy settles what it holds and has reviewed, or has dispensed; the issuer's own pharmacy needs no hold (SX2022-27 第十条).
One item of one fill is taken wholly at one institution (第十四条, decision A16). Quantities in ten-thousandths.

Clauses: SX2022-27.art12.b, SX2021-103.s2.2.f.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from gongji.base.actors import SYSTEM, Actor
from gongji.base.reasons import Refusal
from gongji.base.times import CHINA
from gongji.prescriptions import details as d
from gongji.prescriptions.advance import Advance, Step, by_the_clock, step
from gongji.prescriptions.case import Case, Taking
from gongji.prescriptions.states import Asked, clock_text, held_by, transition
from gongji.prescriptions.values import Bought, SaleLine
from gongji.stock.values import Paper

__all__ = ["Advance", "Bought", "papers_of", "parts_taken", "refund", "settle", "sold_at"]


def settle(
    case: Case,
    *,
    institution: str,
    is_issuer: bool,
    bought: Sequence[Bought],
    settlement_id: int,
    at: datetime,
    service_on: date,
    split_reason: str = "",
    actor: Actor | None = None,
) -> Advance | Refusal:
    """The prescription after a settlement at ``institution`` has paid for ``bought``, or why it may not.

    Every line must be on the sheet (``case.prescription.items`` says which are). ``service_on`` is the day of the sale, by which
    the prescription's time is judged (A31); one before the day of issue is refused. Dispensing may come before or after. After a
    refund the institution settles what is kept without a new hold, for the same day of sale (A14).
    """
    if is_issuer != (institution == case.issuer):
        raise ValueError("the issuer is who has issued the prescription")
    if service_on < case.prescription.issued_on:
        return Refusal("RX_NOT_FOUND", f"{case.rx_no} 开具于 {case.prescription.issued_on}")
    now = by_the_clock(case, at)
    refusal = transition(Asked(now, institution, at), "settle")
    if isinstance(refusal, Refusal):
        return refusal
    wanted = [(line.item, line.quantity_e4) for line in bought]
    sold_at = min(at, _end_of(service_on))
    parts = parts_taken(now, institution, wanted, sold_at, settling=True, split_reason=split_reason)
    if isinstance(parts, Refusal):
        return parts
    done = step(
        now,
        Step(
            verb="settle",
            actor=actor or Actor("institution", institution),
            at=at,
            institution=institution,
            reason=split_reason,
            detail=d.SettledParts(settlement_id, parts),
        ),
    )
    return done if isinstance(done, Refusal) else Advance(done, case.version)


def refund(case: Case, *, settlement_id: int, at: datetime, actor: Actor = SYSTEM) -> Advance | None:
    """The prescription after a settlement was reversed: what it paid for is open again, and the sale of it is taken back.

    None: the settlement took nothing of this prescription. ``case.events[-1].detail.sales`` of the answer names the sales.
    """
    mine = [taking for taking in case.takings if taking.settlement_id == settlement_id]
    if not mine:
        return None
    sales = tuple(sorted({taking.sale_sn for taking in mine if taking.sale_sn}))
    now = by_the_clock(case, at)
    done = step(
        now,
        Step(
            verb="refund",
            actor=actor,
            at=at,
            institution=mine[0].institution,
            detail=d.Refunded(settlement_id, sales),
        ),
    )
    assert isinstance(done, Case), done
    return Advance(done, case.version)


def parts_taken(
    case: Case,
    institution: str,
    wanted: Iterable[tuple[str, int]],
    at: datetime,
    *,
    settling: bool,
    split_reason: str = "",
    insured: bool = True,
) -> tuple[d.Part, ...] | Refusal:
    """Which parts of the prescription these (item, quantity) are: the other half of what the institution has taken, or new ones."""
    sums: dict[str, int] = {}
    for item, quantity_e4 in wanted:
        sums[item] = sums.get(item, 0) + quantity_e4
    parts: list[d.Part] = []
    for item, quantity_e4 in sums.items():
        part = _part(case, institution, item, quantity_e4, at, settling, insured, split_reason)
        if isinstance(part, Refusal):
            return part
        parts.append(part)
    return tuple(parts) if parts else Refusal("RX_ITEM_NOT_ON_PRESCRIPTION", "没有处方内药品")


def _part(
    case: Case, institution: str, item: str, quantity_e4: int, at: datetime, settling: bool, insured: bool, split_reason: str
) -> d.Part | Refusal:  # fmt: skip
    if item not in case.prescription.items:
        return Refusal("RX_ITEM_NOT_ON_PRESCRIPTION", item)
    half = _other_half(case, institution, item, settling, insured)
    if half is not None:
        if half.quantity_e4 != quantity_e4:
            return Refusal("RX_QUANTITY_DIFFERS", item)
        return d.Part(half.fill, item, quantity_e4, known=True)
    refusal = _may_begin(case, institution, item, at, settling=settling)
    if refusal is not None:
        return refusal
    fill = _fill(case, institution, at)
    return _refuse_new(case, institution, item, quantity_e4, fill, split_reason) or d.Part(
        fill, item, quantity_e4
    )


def _other_half(case: Case, institution: str, item: str, settling: bool, insured: bool) -> Taking | None:
    """What the institution has dispensed and not settled (settling), or settled and not dispensed."""
    for taking in case.takings:
        if taking.institution != institution or taking.item != item:
            continue
        if settling and taking.sale_sn and taking.insured and not taking.settlement_id:
            return taking
        if not settling and insured and taking.settlement_id and not taking.sale_sn:
            return taking
    return None


def _may_begin(case: Case, institution: str, item: str, at: datetime, *, settling: bool) -> Refusal | None:
    """Whether the institution may take something new: the pharmacy that holds and has approved, the issuer when nobody holds, and
    who settles again what had been settled there and was refunded."""
    taken = case.taken(_fill(case, institution, at), item)
    if taken is not None:
        return _taken_already(case, taken, institution)
    if case.state == "approved" and case.holder == institution:
        return _still_open(case, at)
    if case.hold is not None and case.holder != institution:
        return held_by(case)
    again = settling and case.was_settled_at(institution, item)
    if institution == case.issuer or again:
        return _still_open(case, at)
    if case.state == "expired":
        return Refusal("RX_EXPIRED", f"有效至 {clock_text(case.deadline)}", "SX2022-27.art11")
    if case.state == "filled":
        return Refusal("RX_ALREADY_DISPENSED", case.rx_no)
    return Refusal("RX_NOT_HELD", item)


def _end_of(day: date) -> datetime:
    """The last instant of a day in China."""
    return datetime.combine(day + timedelta(days=1), time(), CHINA) - timedelta(microseconds=1)


def _fill(case: Case, institution: str, at: datetime) -> int:
    """The fill that is taken from: the one that the institution holds, else the one whose turn it is."""
    return case.hold.fill if case.hold is not None and case.holder == institution else case.fill_at(at)


def _still_open(case: Case, at: datetime) -> Refusal | None:
    fill = case.fill_at(at)
    opens = case.opens_at(fill)
    if at > case.deadline:
        return Refusal("RX_EXPIRED", f"有效至 {clock_text(case.deadline)}", "SX2022-27.art11")
    if opens is not None and at < opens:
        return Refusal("RX_REFILL_TOO_EARLY", f"第 {fill} 次自 {clock_text(opens)[:10]} 起")
    return None


def _taken_already(case: Case, taken: Taking, institution: str) -> Refusal:
    if taken.institution == institution:
        return Refusal("RX_ALREADY_DISPENSED", f"{taken.item} 已在本机构取药")
    term = case.prescription.terms.one_institution
    return Refusal(
        "SAME_DRUG_DIFFERENT_INSTITUTION",
        f"{taken.item} 已在 {taken.institution} 购买",
        term.clause or None,
        term.article or None,
    )


def _refuse_new(
    case: Case, institution: str, item: str, quantity_e4: int, fill: int, split_reason: str
) -> Refusal | None:
    """The prescribed quantity, and the reason for buying at another institution than the rest of the fill."""
    share_e4 = case.prescription.share_e4(item, fill)
    if not 0 < quantity_e4 <= share_e4:
        return Refusal("RX_QUANTITY_EXCEEDED", f"{item} 第 {fill} 次可取 {share_e4 / 10_000:g}")
    elsewhere = any(t.fill == fill and t.institution != institution for t in case.takings)
    if not elsewhere:
        return None
    terms = case.prescription.terms
    if not terms.split_allowed.on:
        term = terms.split_allowed
        return Refusal("RX_SPLIT_NOT_ALLOWED", item, term.clause or None, term.article or None)
    if terms.split_reason.on and not split_reason and not case.split_reason_known(fill, item):
        term = terms.split_reason
        return Refusal("RX_SPLIT_REASON_MISSING", item, term.clause or None, term.article or None)
    return None


def papers_of(case: Case, sales: Sequence[int], settlement_id: int = 0) -> tuple[Paper, ...]:
    """What these sales took out of the stock, paper by paper, for ``stock.services.sale_returned``; with ``settlement_id`` only
    what it paid for: one sale may be settled in parts."""
    paid = {
        part.item
        for event in case.events
        if isinstance(event.detail, d.SettledParts) and event.detail.settlement_id == settlement_id
        for part in event.detail.parts
    }
    papers: list[Paper] = []
    for event in case.events:
        if isinstance(event.detail, d.Sold) and event.detail.sale_sn in sales:
            lines: dict[str, list[SaleLine]] = {}
            for line in event.detail.lines:
                if not settlement_id or line.item in paid:
                    lines.setdefault(line.document or str(event.detail.sale_sn), []).append(line)
            papers += [
                Paper(number, sold_at(on_it, event.at), frozenset(line.local_item for line in on_it))
                for number, on_it in lines.items()
            ]
    return tuple(papers)


def sold_at(lines: Sequence[SaleLine], at: datetime) -> datetime:
    """When the lines of one paper left the stock, as the pharmacy says, else when it told."""
    return next((line.sold_at for line in lines if line.sold_at is not None), at)
