"""From what was read to what will be written: the rows of one settlement or reversal. Pure; nothing here waits.

A command is decided on the state that was read under the versions in ``Reading``; the database writes the result only
if those versions still hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law
from gongji.settlement import facts
from gongji.settlement.commands import ReverseCommand, SettleCommand, Settled
from gongji.settlement.facts import Fact
from gongji.settlement.replay import reverse
from gongji.settlement.restore import restore
from gongji.settlement.rules import Outcome, PersonState, VisitInput, decide
from gongji.settlement.years import EMPTY, YearState, chronic, sums_of

__all__ = [
    "Balance",
    "Posting",
    "Prepared",
    "Reading",
    "Situation",
    "Windows",
    "prepare_reversal",
    "prepare_settlement",
    "preview",
]


class Balance(msgspec.Struct, frozen=True):
    """A personal account as read: owner, fen, version (None: the person has no account)."""

    psn_no: str
    fen: int
    version: int | None


class Windows(msgspec.Struct, frozen=True):
    """What the facts say about the visit's windows: deductible charged in (group, day, month), fund in
    (group, day, month, quarter), in fen, and whether the batch is settled already."""

    charged: tuple[int, int, int] = (0, 0, 0)
    fund: tuple[int, int, int, int] = (0, 0, 0, 0)
    batch_settled: bool = False


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What the other rooms know about a settlement that is asked for.

    ``quota_fen``: the chronic quota of the year (NONE: no chronic benefit) for the disease ``quota_key``; what the year has
    used of it is taken off here.
    ``effects``: rows that other rooms write in the same transaction (a pharmacy purchase's visit and fee lines).
    """

    visit: VisitInput
    visit_id: int
    group_id: int
    group_year: int
    batch_no: str
    med_type: str
    provider: str
    place_kind: str
    own: Balance
    family: tuple[Balance, ...] = ()
    quota_key: str = ""
    quota_fen: int = layout.NONE
    total_fen: int
    person: object = None
    place: object = None
    effects: tuple[Any, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """State of the person under which a command is decided: years by number, windows of the visit."""

    years: Mapping[int, YearState]
    windows: Windows = Windows()


class Posting(msgspec.Struct, frozen=True):
    """One movement of a personal account."""

    psn_no: str
    version: int | None
    amount_fen: int
    kind: str
    counterpart: str | None


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one command writes, and what its caller is told."""

    settlement_id: int
    output: bytes
    years: tuple[tuple[Any, ...], ...]
    message: tuple[Any, ...]
    fact: tuple[Any, ...]
    journal: tuple[Any, ...]
    postings: tuple[Posting, ...]
    effects: tuple[Any, ...] = ()

    @property
    def touches_others(self) -> bool:
        """Whether another person's account moves: then it is written alone (single path)."""
        return any(posting.psn_no != self.fact[0] for posting in self.postings)


def _decided(
    command: SettleCommand, situation: Situation, reading: Reading, law: Law
) -> Outcome | Refusal:
    """The outcome of the visit in the person's present state."""
    if situation.visit.lines and command.stated_total_fen is not None:
        if command.stated_total_fen != situation.total_fen:
            return Refusal("TOTAL_MISMATCH", f"报文 {format_yuan(command.stated_total_fen)}，明细 {format_yuan(situation.total_fen)}")
    if reading.windows.batch_settled:
        return Refusal("BATCH_SETTLED", situation.batch_no)
    visit, windows = situation.visit, reading.windows
    year = reading.years.get(visit.service_on.year, EMPTY)
    deductible, in_scope, fund = year.sums(visit.benefit)
    acc = (0, deductible, in_scope, *windows.fund, fund)
    quota = situation.quota_fen
    if quota != layout.NONE:
        quota = max(0, quota - year.sums(chronic(situation.quota_key))[2])
    state = PersonState(
        acc=acc,
        own_fen=situation.own.fen,
        family=tuple((member.psn_no, member.fen) for member in situation.family if member.fen > 0),
        quota_fen=quota,
        charged=windows.charged,
    )
    return decide(law, visit, state)


def preview(
    command: SettleCommand, situation: Situation, reading: Reading, law: Law, now: datetime
) -> Settled | Refusal:
    """What ``prepare_settlement`` would settle now (2206, 2101)."""
    outcome = _decided(command, situation, reading, law)
    if isinstance(outcome, Refusal):
        return outcome
    return _settled(command, situation, outcome, 2, 0, now, law)


def prepare_settlement(
    command: SettleCommand,
    situation: Situation,
    reading: Reading,
    law: Law,
    settlement_id: int,
    now: datetime,
) -> Prepared | Refusal:
    """The rows of a settlement, and the answer that ``command.render`` makes of it."""
    outcome = _decided(command, situation, reading, law)
    if isinstance(outcome, Refusal):
        return outcome
    settled = _settled(command, situation, outcome, facts.SETTLEMENT, settlement_id, now, law)
    output = command.render(settled)
    visit = situation.visit
    number = visit.service_on.year
    year = reading.years.get(number, EMPTY)
    own_sums, chronic_sums = sums_of(outcome.waterfall)
    if outcome.refusal is None:
        ceiling = outcome.row.cells[layout.ROW_CEILING_YEAR_FEN]
        year = year.under_ceiling(visit.benefit, ceiling)
    year = year.adding(visit.benefit, own_sums).adding(chronic(situation.quota_key), chronic_sums)
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
        options=facts.options_of(visit),
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
    postings = _postings(fact, {balance.psn_no: balance for balance in (situation.own, *situation.family)})
    return _prepared(command, fact, output, year, reading, postings, situation.effects)


def prepare_reversal(
    command: ReverseCommand,
    original: Fact,
    reading: Reading,
    balances: Mapping[str, Balance],
    law: Law | None,
    settlement_id: int,
    now: datetime,
) -> Prepared:
    """The rows of the reversal of ``original`` (decision A14): amounts negated, its own year restored, each source its own
    money. Whether it may be reversed at all is decided before; ``law`` is the law of the original's digest if it is known."""
    year = reading.years.get(original.year, EMPTY)
    mirror = reverse(original.waterfall, original.splits, original.draws)
    waterfall = mirror.waterfall
    own_sums, chronic_sums = sums_of(waterfall)
    deductible, in_scope, fund = year.sums(original.benefit)
    year = year.adding(original.benefit, own_sums).adding(chronic(original.quota_key), chronic_sums)
    before = (0, deductible, in_scope, 0, 0, 0, 0, fund)
    after = (0, *year.sums(original.benefit)[:2], 0, 0, 0, 0, year.sums(original.benefit)[2])
    own = balances.get(original.psn_no, Balance(original.psn_no, 0, None))
    settled = _settled_reversal(
        command, original, restore(original, law, mirror), own, settlement_id, now
    )
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
    return _prepared(command, fact, output, year, reading, _postings(fact, balances), ())


def _prepared(
    command: SettleCommand | ReverseCommand,
    fact: Fact,
    output: bytes,
    year: YearState,
    reading: Reading,
    postings: tuple[Posting, ...],
    effects: tuple[Any, ...],
) -> Prepared:
    row = fact.row()
    years = [_year_row(fact.psn_no, fact.year, year.with_fact(row[-1]))]
    if fact.group_year != fact.year:
        # Two settlements of one visit group in different years meet in the year where the group began, so that they can
        # never both charge its deductible.
        anchor = reading.years.get(fact.group_year, EMPTY).touched()
        years.append(_year_row(fact.psn_no, fact.group_year, anchor))
    entry = facts.entry_of(fact)
    return Prepared(
        settlement_id=fact.settlement_id,
        output=output,
        years=tuple(years),
        message=(
            fact.psn_no,
            fact.caller,
            fact.infno,
            fact.msgid,
            command.request_hash,
            fact.settlement_id,
            output,
            fact.received_at,
        ),
        fact=row,
        journal=(
            fact.psn_no,
            fact.settlement_id,
            "settlement",
            fact.settled_at.astimezone(facts.CHINA).date(),
            fact.settled_at,
            entry.accounts,
            entry.parties,
            entry.amounts,
        ),
        postings=postings,
        effects=effects,
    )


def _year_row(psn_no: str, number: int, year: YearState) -> tuple[Any, ...]:
    return (
        psn_no,
        number,
        year.version,
        year.seq,
        year.head,
        year.benefits,
        year.acc,
        year.ceilings,
    )


def _postings(fact: Fact, balances: Mapping[str, Balance]) -> tuple[Posting, ...]:
    """Movements of the own account and of relatives' accounts; money paid leaves an account (negative)."""
    own_kind, family_kind = ("pay", "mutual") if fact.kind == facts.SETTLEMENT else ("refund", "mutual_refund")
    moves = [(fact.psn_no, fact.waterfall[layout.W_ACCOUNT_FEN], own_kind, None)]
    moves += [(owner, drawn, family_kind, fact.psn_no) for owner, drawn in fact.draws]
    return tuple(
        Posting(psn_no, balances[psn_no].version if psn_no in balances else None, -paid, kind, counterpart)
        for psn_no, paid, kind, counterpart in moves
        if paid
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
        own_before_fen=situation.own.fen,
        own_after_fen=situation.own.fen - outcome.waterfall[layout.W_ACCOUNT_FEN],
        person=situation.person,
        place=situation.place,
        policy_digest=law.digest,
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
        own_before_fen=own.fen,
        own_after_fen=own.fen - outcome.waterfall[layout.W_ACCOUNT_FEN],
        policy_digest=original.policy_digest.hex(),
    )
