"""Settling a claim: each visit by the engine on its own day, with the kernel and the accumulators of every other settlement.

The claim goes to ``settling`` first, so that nothing else can happen to it; then visit by visit under message numbers made of
the claim and that step. Whoever breaks off is continued by asking again: what took effect is answered again, not done again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Final

import msgspec

from gongji.base.hashing import sm3
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA
from gongji.claims import rules, selectors
from gongji.claims.case import Case
from gongji.claims.office import Office, judge
from gongji.claims.steps import Taker, found, may, take
from gongji.claims.values import ClaimVisit, Payout, Step, StepContent, invoices_of
from gongji.encounters.values import Registration
from gongji.kernel import layout
from gongji.providers.values import ProviderDay
from gongji.settlement.commands import Claim, Done, ReverseCommand, SettleCommand, Settled
from gongji.settlement.engine import Engine

__all__ = ["AGENCY", "payout_of", "settle"]

AGENCY: Final = "agency"
"""The caller of these messages: the agency itself, no institution."""
INFNO_REVERSE: Final = "claim_reverse"
INSUTYPE: Final = "310"
"""职工基本医疗保险."""

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Payout).decode


async def settle(
    conn: Connection, office: Office, engine: Engine, claim_id: int, taker: Taker
) -> Case | Refusal:
    """Settle an approved claim, or go on where somebody was interrupted; a corrected one is reversed and settled again.

    A Refusal of the engine (a standard that no document fixes, a draft) undoes what was settled of this claim and leaves it
    approved. Visits that a review has refused are not settled. The fund's part is owed to the member from then on.
    """
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    allowed = may(office, case, "settle" if case.state == "settling" else "begin", taker)
    if isinstance(allowed, Refusal):
        return allowed
    judged = await judge(conn, office, case.application, taker.on)
    if isinstance(judged, Refusal):
        return judged
    case = case if case.state == "settling" else await _begin(conn, office, case, taker)
    if isinstance(case, Refusal):
        return case
    begin = case.settling
    assert begin is not None
    reversals = await _reverse(engine, case, begin, [payout.settlement_id for payout in case.payouts], taker)
    if isinstance(reversals, Refusal):
        return reversals
    payouts, refusal = await _settle_visits(engine, case, begin, judged.places, taker)
    refusal = refusal or await _undone_before(conn, case, payouts)
    if refusal is not None:
        return await _unsettle(conn, office, engine, case, begin, payouts, reversals, refusal, taker)
    content = StepContent(payouts=payouts, reversals=reversals)
    fund_fen = sum(payout.fund_fen for payout in payouts) - case.fund_fen
    return await take(conn, office, case, "settle", taker, content, fund_fen=fund_fen)


async def _begin(conn: Connection, office: Office, case: Case, taker: Taker) -> Case | Refusal:
    """The claim under settlement, unless an invoice was settled at the counter while it was reviewed."""
    application = case.application
    invoices = invoices_of(application)
    spent = await selectors.settled_directly(conn, case.psn_no, application.place.code, invoices)
    if spent:
        return Refusal("INVOICE_CLAIMED", f"{'、'.join(spent)} 已在就诊机构直接结算")
    return await take(conn, office, case, "begin", taker, StepContent())


async def _settle_visits(
    engine: Engine, case: Case, begin: Step, places: Mapping[int, ProviderDay], taker: Taker
) -> tuple[tuple[Payout, ...], Refusal | None]:
    """Visit after visit, up to the first that is refused, with that refusal."""
    payouts: list[Payout] = []
    for visit in rules.payable_visits(case):
        answer = await engine.settle(_command(case, begin, visit, places[visit.visit_no], taker))
        if isinstance(answer, Refusal):
            return tuple(payouts), answer
        payouts.append(_decode(answer.output))
    return tuple(payouts), None


async def _undone_before(conn: Connection, case: Case, payouts: Sequence[Payout]) -> Refusal | None:
    """An earlier attempt may have been undone before it could say so: then its settlements are answered, but no longer stand."""
    visit_ids = [visit.visit_id for visit in case.application.visits]
    live = await selectors.live_settlements(conn, case.psn_no, visit_ids)
    standing = {payout.settlement_id for payout in payouts} == set(live.values())
    return None if standing else Refusal("ALREADY_REVERSED", "上一次结算已经撤销，请重新结算")


async def _unsettle(
    conn: Connection,
    office: Office,
    engine: Engine,
    case: Case,
    begin: Step,
    payouts: Sequence[Payout],
    reversals: tuple[int, ...],
    refusal: Refusal,
    taker: Taker,
) -> Case | Refusal:
    undone = await _reverse(engine, case, begin, [payout.settlement_id for payout in payouts], taker)
    if isinstance(undone, Refusal):
        return undone
    content = StepContent(refusal=refusal, reversals=(*reversals, *undone))
    done = await take(conn, office, case, "unsettle", taker, content, fund_fen=-case.fund_fen)
    return done if isinstance(done, Refusal) else refusal


async def _reverse(
    engine: Engine, case: Case, begin: Step, settlement_ids: Sequence[int], taker: Taker
) -> tuple[int, ...] | Refusal:
    """Reverse these settlements of the claim; one that is reversed already is left."""
    done: list[int] = []
    for settlement_id in settlement_ids:
        answer = await engine.reverse(
            ReverseCommand(
                caller=AGENCY,
                infno=INFNO_REVERSE,
                msgid=f"{case.claim_id}-{begin.step_no}-{settlement_id}",
                request_hash=sm3(str(settlement_id).encode()),
                psn_no=case.psn_no,
                received_at=taker.at,
                render=_render_reversal,
                settlement_id=settlement_id,
            )
        )
        if isinstance(answer, Done):
            done.append(answer.settlement_id)
        elif answer.code != "ALREADY_REVERSED":
            return answer
    return tuple(done)


def _command(case: Case, begin: Step, visit: ClaimVisit, place: ProviderDay, taker: Taker) -> SettleCommand:
    lines = rules.accepted_lines(visit, case.verdicts)
    registration = Registration(
        psn_no=case.psn_no,
        caller=AGENCY,
        ipt_otp_no=f"{case.claim_id}-{visit.visit_no}",
        insutype=INSUTYPE,
        voucher_type=visit.voucher_type,
        med_type=visit.med_type,
        begun_at=datetime.combine(visit.service_on, time(), CHINA),
        service_on=visit.service_on,
    )
    stated = rules.stated_facts(visit, place, system_failure=case.application.system_failure)
    return SettleCommand(
        caller=AGENCY,
        infno=selectors.INFNO,
        msgid=f"{case.claim_id}-{begin.step_no}-{visit.visit_no}",
        request_hash=sm3(_encode((visit.visit_id, lines, stated))),
        psn_no=case.psn_no,
        received_at=taker.at,
        render=lambda settled: _encode(payout_of(visit.visit_no, settled)),
        own_allowed=False,
        family_allowed=False,
        stated_total_fen=visit.total_fen,
        invoice_no=visit.invoice_no,
        claim=Claim(visit.visit_id, registration, lines, place, visit.disease_code, stated),
    )


def payout_of(visit_no: int, settled: Settled) -> Payout:
    """What a visit's settlement pays out: the fund's part, with the figures that the member asks for first."""
    waterfall = settled.outcome.waterfall
    return Payout(
        visit_no=visit_no,
        settlement_id=settled.settlement_id,
        total_fen=waterfall[layout.W_TOTAL_FEN],
        fund_fen=waterfall[layout.W_POOL_PAY_FEN] + waterfall[layout.W_CHRONIC_PAY_FEN],
        in_scope_fen=waterfall[layout.W_IN_SCOPE_FEN],
        deductible_fen=waterfall[layout.W_DEDUCTIBLE_FEN],
        refusal=settled.outcome.refusal.text if settled.outcome.refusal else "",
    )


def _render_reversal(settled: Settled) -> bytes:
    return str(settled.settlement_id).encode()
