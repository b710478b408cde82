"""Undoing a settlement: whether it may be done, and the rows of the reversing settlement. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law
from gongji.prescriptions import settling
from gongji.prescriptions.case import Case
from gongji.prescriptions.details import Refunded
from gongji.prescriptions.settling import Advance, papers_of
from gongji.settlement import facts
from gongji.settlement.commands import ReverseCommand, Settled
from gongji.settlement.effects import Effects
from gongji.settlement.facts import Fact
from gongji.settlement.replay import reverse
from gongji.settlement.restore import restore
from gongji.settlement.rows import Prepared, Returned, postings_of, prepared
from gongji.settlement.rules import Outcome
from gongji.settlement.situation import Balance, Reading
from gongji.settlement.years import EMPTY, chronic, sums_of

__all__ = ["Original", "prepare_reversal", "refuse_reversal"]


class Original(msgspec.Struct, frozen=True):
    """A settlement that is to be reversed, and whether it has been."""

    fact: Fact
    reversed: bool


def refuse_reversal(command: ReverseCommand, original: Original | None) -> Refusal | None:
    """Why this settlement cannot be reversed by this caller, or None.

    What another caller settled does not exist for this one; neither does a settlement of another visit than the one named.
    """
    unknown = Refusal("SETTLEMENT_NOT_FOUND" if command.settlement_id is not None else "MESSAGE_NOT_FOUND")
    if original is None or original.fact.caller != command.caller:
        return unknown
    if command.visit_id and original.fact.visit_id != command.visit_id:
        return unknown
    if original.fact.kind != facts.SETTLEMENT:
        return Refusal("REVERSAL_NOT_ALLOWED")
    return Refusal("ALREADY_REVERSED") if original.reversed else None


def prepare_reversal(
    command: ReverseCommand,
    original: Fact,
    reading: Reading,
    balances: Mapping[str, Balance],
    cases: Sequence[Case],
    law: Law | None,
    settlement_id: int,
    now: datetime,
) -> Prepared:
    """The rows of the reversal of ``original`` (decision A14): amounts negated, its own year restored, each source its own
    money. Whether it may be reversed at all is decided before; ``law`` is the law of the original's digest if it is known.

    ``cases``: prescriptions of which it took something: that is open again, its sales come back into stock, its packs may be
    settled again.
    """
    year = reading.years.get(original.year, EMPTY)
    mirror = reverse(original.waterfall, original.splits, original.draws)
    waterfall = mirror.waterfall
    own_sums, chronic_sums = sums_of(waterfall)
    deductible, in_scope, fund = year.sums(original.benefit)
    year = year.adding(original.benefit, own_sums).adding(chronic(original.quota_key), chronic_sums)
    before = (0, deductible, in_scope, 0, 0, 0, 0, fund)
    after = (0, *year.sums(original.benefit)[:2], 0, 0, 0, 0, year.sums(original.benefit)[2])
    own = balances.get(original.psn_no, Balance(original.psn_no, 0, None))
    settled = _settled_reversal(command, original, restore(original, law, mirror), own, settlement_id, now)
    output = command.render(settled)
    fact = msgspec.structs.replace(
        original,
        settlement_id=settlement_id,
        kind=facts.REVERSAL,
        original_id=original.settlement_id,
        seq=year.seq + 1,
        received_at=facts.utc(command.received_at),
        settled_at=facts.utc(now),
        caller=command.caller,
        infno=command.infno,
        msgid=command.msgid,
        group_version=reading.years.get(original.group_year, EMPTY).version + 1,
        splits=mirror.splits,
        waterfall=waterfall,
        acc_before=before,
        acc_after=after,
        own_fen=own.fen,
        family_drawn=[-drawn for drawn in original.family_drawn],
        message_digest=facts.message_digest(
            command.caller, command.infno, command.msgid, command.request_hash, output
        ),
        prev_hash=year.head,
    )
    steps = [
        step
        for case in cases
        if (step := settling.refund(case, settlement_id=original.settlement_id, at=now)) is not None
    ]
    effects = Effects(
        freed=(
            {
                "psn_no": fact.psn_no,
                "settlement_id": original.settlement_id,
                "freed_by": fact.settlement_id,
            },
        ),
        prescriptions=tuple(step.row() for step in steps),
    )
    done = prepared(command, fact, output, year, reading, postings_of(fact, balances), effects)
    return msgspec.structs.replace(done, returned=_returned(steps)) if steps else done


def _returned(steps: Sequence[Advance]) -> tuple[Returned, ...]:
    """Sales whose drugs come back, each at the institution that had handed them out."""
    return tuple(
        Returned(refunded.institution, paper, step.case.rx_no)
        for step in steps
        for refunded in step.events
        if isinstance(refunded.detail, Refunded)
        for paper in papers_of(step.case, refunded.detail.sales, refunded.detail.settlement_id)
    )


def _settled_reversal(
    command: ReverseCommand, original: Fact, outcome: Outcome, own: Balance, settlement_id: int, now: datetime
) -> Settled:
    return Settled(
        kind=facts.REVERSAL,
        settlement_id=settlement_id,
        original_id=original.settlement_id,
        caller=command.caller,
        infno=command.infno,
        msgid=command.msgid,
        psn_no=original.psn_no,
        visit_id=original.visit_id,
        group_id=original.group_id,
        batch_no=original.batch_no,
        med_type=original.med_type,
        invoice_no=original.invoice_no,
        provider=original.provider,
        place_kind=original.place_kind,
        region=original.region,
        benefit=original.benefit,
        service_on=original.service_on,
        received_at=command.received_at,
        settled_at=now,
        attributes=facts.parse_attributes(original.attributes),
        outcome=outcome,
        own_after_fen=own.fen - outcome.waterfall[layout.W_ACCOUNT_FEN],
        policy_digest=original.policy_digest.hex(),
        claim=original.is_claim,
    )
