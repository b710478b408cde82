"""From what was read to what will be written: one settlement. Pure; nothing here waits.

A command is decided on the state that was read under the versions in ``Reading``; the database writes the result only
if those versions still hold.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law
from gongji.prescriptions.settling import Advance
from gongji.settlement import facts
from gongji.settlement.commands import SettleCommand, Settled
from gongji.settlement.effects import Effects
from gongji.settlement.facts import Fact
from gongji.settlement.quota import quota_left, quota_windows
from gongji.settlement.rows import Prepared, postings_of, prepared
from gongji.settlement.rules import Outcome, PersonState, decide
from gongji.settlement.situation import Reading, Situation
from gongji.settlement.years import EMPTY, chronic, sums_of

__all__ = ["prepare_settlement", "preview"]

PREVIEW: Final = 2
"""Kind of what is only shown."""
NO_QUOTA: Final[tuple[int, ...]] = ()


def _decided(
    command: SettleCommand, situation: Situation, reading: Reading, law: Law
) -> tuple[PersonState, Outcome] | Refusal:
    """The person's present state, and the outcome of the visit in it."""
    if command.stated_total_fen not in (None, situation.total_fen):
        stated, summed = format_yuan(command.stated_total_fen or 0), format_yuan(situation.total_fen)
        return Refusal("TOTAL_MISMATCH", f"报文 {stated}，明细 {summed}")
    if reading.windows.batch_settled:
        return Refusal("BATCH_SETTLED", situation.batch_no)
    if reading.windows.invoice_paid:
        return Refusal("INVOICE_CLAIMED", command.invoice_no)
    visit, windows = situation.visit, reading.windows
    year = reading.years.get(visit.service_on.year, EMPTY)
    deductible, in_scope, fund = year.sums(visit.benefit)
    acc = (0, deductible, in_scope, *windows.fund, fund)
    quota_fen, left = layout.NONE, NO_QUOTA
    if situation.quota is not None:
        _, month, quarter = windows.chronic
        used = (month, quarter, year.sums(chronic(situation.quota_key))[2])
        left = quota_windows(situation.quota.limits, used)
        quota_fen = quota_left(left)
    state = PersonState(
        acc=acc,
        own_fen=situation.own.fen,
        family=tuple((member.psn_no, member.fen) for member in situation.family if member.fen > 0),
        quota_fen=quota_fen,
        charged=windows.charged,
        quota_drawn=windows.chronic[0] > 0,
        quota_windows=left,
    )
    outcome = decide(law, visit, state)
    return outcome if isinstance(outcome, Refusal) else (state, outcome)


def preview(
    command: SettleCommand, situation: Situation, reading: Reading, law: Law, now: datetime
) -> Settled | Refusal:
    """What ``prepare_settlement`` would settle now (2206, 2101)."""
    decided = _decided(command, situation, reading, law)
    if isinstance(decided, Refusal):
        return decided
    return _settled(command, situation, decided[1], PREVIEW, 0, now, law)


def prepare_settlement(
    command: SettleCommand,
    situation: Situation,
    reading: Reading,
    law: Law,
    settlement_id: int,
    now: datetime,
) -> Prepared | Refusal:
    """The rows of a settlement, and the answer that ``command.render`` makes of it."""
    decided = _decided(command, situation, reading, law)
    if isinstance(decided, Refusal):
        return decided
    state, outcome = decided
    effects = _effects(situation, settlement_id, now)
    if isinstance(effects, Refusal):
        return effects
    settled = _settled(command, situation, outcome, facts.SETTLEMENT, settlement_id, now, law)
    output = command.render(settled)
    visit = situation.visit
    number = visit.service_on.year
    year = reading.years.get(number, EMPTY)
    own_sums, chronic_sums = sums_of(outcome.waterfall)
    quota = chronic(situation.quota_key)
    if outcome.refusal is None:
        year = year.under_ceiling(visit.benefit, outcome.row.cells[layout.ROW_CEILING_YEAR_FEN])
        if situation.quota is not None:
            year = year.under_ceiling(quota, situation.quota.year_fen)
    year = year.adding(visit.benefit, own_sums).adding(quota, chronic_sums)
    drawn = dict(outcome.family_draws)
    offered = [member for member in situation.family if member.fen > 0] if visit.family_allowed else []
    fact = Fact(
        psn_no=command.psn_no,
        settlement_id=settlement_id,
        kind=facts.SETTLEMENT,
        original_id=None,
        year=number,
        seq=year.seq + 1,
        service_on=visit.service_on,
        received_at=facts.utc(command.received_at),
        settled_at=facts.utc(now),
        caller=command.caller,
        infno=command.infno,
        msgid=command.msgid,
        provider=situation.provider,
        place_kind=situation.place_kind,
        visit_id=situation.visit_id,
        group_id=situation.group_id,
        group_year=situation.group_year,
        group_version=reading.years.get(situation.group_year, EMPTY).version + 1,
        batch_no=situation.batch_no,
        med_type=situation.med_type,
        invoice_no=command.invoice_no,
        region=visit.region,
        benefit=visit.benefit,
        attributes=facts.attributes_text(visit.attributes),
        options=facts.options_of(visit, state, claim=situation.claim),
        line_texts=[
            text
            for line in outcome.lines
            for text in (line.key, line.item, line.name, line.kind, line.reason or "")
        ],
        lines=[
            number
            for line in outcome.lines
            for number in (line.amount_fen, line.standard_fen, line.treat, line.flags)
        ],
        splits=outcome.splits,
        waterfall=outcome.waterfall,
        acc_before=outcome.acc_before,
        acc_after=outcome.acc_after,
        own_fen=situation.own.fen,
        quota_key=situation.quota_key,
        quota_fen=outcome.wallet[layout.WALLET_CARVE_OUT_QUOTA_FEN],
        quota_ratio_bp=visit.chronic_bp,
        quota_windows=outcome.quota_windows,
        family=[member.psn_no for member in offered],
        family_offered=[member.fen for member in offered],
        family_drawn=[drawn.get(member.psn_no, 0) for member in offered],
        refusal=outcome.refusal.code if outcome.refusal else "",
        ratio_bp=outcome.ratio_bp,
        policy_digest=bytes.fromhex(law.digest),
        kernel_version=layout.KERNEL_VERSION,
        message_digest=facts.message_digest(
            command.caller, command.infno, command.msgid, command.request_hash, output
        ),
        prev_hash=year.head,
    )
    postings = postings_of(fact, {balance.psn_no: balance for balance in (situation.own, *situation.family)})
    return prepared(command, fact, output, year, reading, postings, effects)


def _effects(situation: Situation, settlement_id: int, now: datetime) -> Effects | Refusal:
    """What other rooms write with the settlement: its sale, what it takes of prescriptions, the packs it uses."""
    if not situation.retrievals and not situation.packs:
        return situation.effects
    taken: list[Advance] = []
    for retrieval in situation.retrievals:
        step = retrieval.taken(settlement_id, now)
        if isinstance(step, Refusal):
            return step
        taken.append(step)
    return msgspec.structs.replace(
        situation.effects,
        prescriptions=tuple(step.row() for step in taken),
        traces=tuple(
            msgspec.structs.replace(pack, settlement_id=settlement_id).row() for pack in situation.packs
        ),
    )


def _settled(
    command: SettleCommand,
    situation: Situation,
    outcome: Outcome,
    kind: int,
    settlement_id: int,
    now: datetime,
    law: Law,
) -> Settled:
    visit = situation.visit
    return Settled(
        kind=kind,
        settlement_id=settlement_id,
        original_id=None,
        caller=command.caller,
        infno=command.infno,
        msgid=command.msgid,
        psn_no=command.psn_no,
        visit_id=situation.visit_id,
        group_id=situation.group_id,
        batch_no=situation.batch_no,
        med_type=situation.med_type,
        invoice_no=command.invoice_no,
        provider=situation.provider,
        place_kind=situation.place_kind,
        region=visit.region,
        benefit=visit.benefit,
        service_on=visit.service_on,
        received_at=command.received_at,
        settled_at=now,
        attributes=visit.attributes,
        outcome=outcome,
        own_after_fen=situation.own.fen - outcome.waterfall[layout.W_ACCOUNT_FEN],
        person=situation.person,
        place=situation.place,
        policy_digest=law.digest,
        claim=situation.claim,
    )
