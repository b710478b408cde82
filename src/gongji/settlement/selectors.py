"""Reads of settlements, by asyncpg. Every read names the person; whose it is to see is decided by who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.kernel import layout
from gongji.policy import Law
from gongji.settlement import facts, replay
from gongji.settlement.commands import Settled
from gongji.settlement.facts import Fact
from gongji.settlement.limits import Used
from gongji.settlement.replay import Opening, Past, Proposal
from gongji.settlement.restore import restore, visit_of
from gongji.settlement.state import fact_of_row, read_answer, read_years
from gongji.settlement.years import EMPTY, YearState

__all__ = [
    "ReplayProposals",
    "StoredSettlement",
    "answer",
    "facts_of_person",
    "replay_proposals",
    "settlement",
    "settlements",
    "used",
    "year",
]

PERSON_FACTS = sql("gongji.settlement", "person_facts")
READ_PERIODS = sql("gongji.settlement", "read_periods")

answer = read_answer
"""``answer(conn, caller, infno, msgid)``: what took effect under a caller's own number (5203, 2601, lost answers)."""


class StoredSettlement(msgspec.Struct, frozen=True):
    """A stored settlement as it was decided, and the reversal that undid it, if any."""

    settled: Settled
    reversed_by: int | None


class ReplayProposals(msgspec.Struct, frozen=True):
    """What a refund would change in later settlements (decision A15): proposals, nothing is posted."""

    reversal_id: int
    original_id: int
    proposals: tuple[Proposal, ...]


async def facts_of_person(conn: Connection, psn_no: str) -> list[Fact]:
    """Every fact of the person in the order of settlement."""
    return [fact_of_row(row) for row in await conn.fetch(PERSON_FACTS, psn_no)]


async def year(conn: Connection, psn_no: str, number: int) -> YearState:
    """Where the person's year stands (5206): sums by benefit."""
    return (await read_years(conn, [psn_no])).get(psn_no, {}).get(number, EMPTY)


async def used(conn: Connection, psn_no: str, benefit: str, on: date) -> Used:
    """What the person's settlements of the benefit use of the day, month and quarter of ``on``."""
    row = await conn.fetchrow(READ_PERIODS, [psn_no], [benefit], [on])
    return Used(**{name: row[name] for name in Used.__struct_fields__}) if row is not None else Used()


async def settlement(
    conn: Connection, psn_no: str, settlement_id: int, laws: Mapping[str, Law]
) -> StoredSettlement | None:
    """One settlement of the person; ``laws`` by digest give the articles behind its row where they are known."""
    found = await settlements(conn, psn_no, laws)
    return next((entry for entry in found if entry.settled.settlement_id == settlement_id), None)


async def settlements(
    conn: Connection,
    psn_no: str,
    laws: Mapping[str, Law],
    *,
    provider: str | None = None,
    visit_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[StoredSettlement]:
    """Settlements and reversals of a person, of one institution or visit, with service days from ``since`` to ``until``.

    A manual claim is the agency's, whatever institution the member went to: ``provider`` leaves it out.
    """
    everything = await facts_of_person(conn, psn_no)
    undone = {fact.original_id: fact.settlement_id for fact in everything if fact.original_id is not None}
    return [
        StoredSettlement(_settled(fact, laws), undone.get(fact.settlement_id))
        for fact in everything
        if fact.kind != facts.OPENING
        and (provider is None or (fact.provider == provider and not fact.is_claim))
        and visit_id in (None, fact.visit_id)
        and (since is None or since <= fact.service_on)
        and (until is None or fact.service_on <= until)
    ]


def _settled(fact: Fact, laws: Mapping[str, Law]) -> Settled:
    digest = fact.policy_digest.hex()
    return Settled(
        kind=fact.kind,
        settlement_id=fact.settlement_id,
        original_id=fact.original_id,
        caller=fact.caller,
        infno=fact.infno,
        msgid=fact.msgid,
        psn_no=fact.psn_no,
        visit_id=fact.visit_id,
        group_id=fact.group_id,
        batch_no=fact.batch_no,
        med_type=fact.med_type,
        invoice_no=fact.invoice_no,
        provider=fact.provider,
        place_kind=fact.place_kind,
        region=fact.region,
        benefit=fact.benefit,
        service_on=fact.service_on,
        received_at=fact.received_at,
        settled_at=fact.settled_at,
        attributes=facts.parse_attributes(fact.attributes),
        outcome=restore(fact, laws.get(digest)),
        own_after_fen=fact.own_fen - fact.waterfall[layout.W_ACCOUNT_FEN],
        policy_digest=digest,
        claim=fact.is_claim,
    )


async def replay_proposals(conn: Connection, law: Law, psn_no: str, number: int) -> list[ReplayProposals]:
    """For every refund of the person's year, the later settlements that would differ without the refunded one (A15)."""
    everything = await facts_of_person(conn, psn_no)
    refunds = [fact for fact in everything if fact.kind == facts.REVERSAL and fact.year == number]
    openings = [opening_of(fact) for fact in everything if fact.kind == facts.OPENING]
    pasts = pasts_of(everything)
    return [
        ReplayProposals(
            refund.settlement_id,
            refund.original_id or 0,
            replay.replay_proposals(law, pasts, openings, refund.original_id or 0),
        )
        for refund in refunds
    ]


def pasts_of(everything: Sequence[Fact]) -> list[Past]:
    """Settlements in their order, as the pure replay wants them; reversed ones are marked."""
    undone = {fact.original_id for fact in everything if fact.original_id is not None}
    return [_past(fact, fact.settlement_id in undone) for fact in everything if fact.kind == facts.SETTLEMENT]


def _past(fact: Fact, is_reversed: bool) -> Past:
    waterfall: Sequence[Any] = fact.waterfall
    return Past(
        key=fact.settlement_id,
        visit=visit_of(fact),
        group=str(fact.group_id),
        deductible_fen=waterfall[layout.W_DEDUCTIBLE_FEN],
        in_scope_fen=waterfall[layout.W_IN_SCOPE_FEN],
        fund_fen=waterfall[layout.W_POOL_PAY_FEN],
        chronic_fen=waterfall[layout.W_CHRONIC_PAY_FEN],
        quota_key=fact.quota_key,
        quota_before_fen=fact.quota_fen,
        quota_windows=tuple(fact.quota_windows),
        quota_drawn=bool(fact.options & facts.OPTION_QUOTA_DRAWN),
        reversed=is_reversed,
    )


def opening_of(fact: Fact) -> Opening:
    """An opening of accumulators as the pure replay wants it."""
    waterfall = fact.waterfall
    return Opening(
        fact.year,
        fact.benefit,
        waterfall[layout.W_DEDUCTIBLE_FEN],
        waterfall[layout.W_POOL_PAY_FEN],
        waterfall[layout.W_IN_SCOPE_FEN],
    )
