"""The rows that one settlement or reversal writes: message, fact, journal entry, years, movements of accounts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from gongji.base.times import day_in_china
from gongji.kernel import layout
from gongji.settlement import facts
from gongji.settlement.commands import ReverseCommand, SettleCommand
from gongji.settlement.effects import NONE, Effects
from gongji.settlement.facts import Fact
from gongji.settlement.situation import Balance, Reading
from gongji.settlement.years import EMPTY, YearState
from gongji.stock.values import Paper

__all__ = ["Posting", "Prepared", "Returned", "postings_of", "prepared", "year_row"]


class Posting(msgspec.Struct, frozen=True):
    """One movement of a personal account."""

    psn_no: str
    version: int | None
    amount_fen: int
    kind: str
    counterpart: str | None


class Returned(msgspec.Struct, frozen=True):
    """A sale whose drugs come back into stock with a refund: receipt and prescription."""

    institution: str
    paper: Paper
    rx_no: str


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one command writes, and what its caller is told."""

    settlement_id: int
    output: bytes
    years: tuple[tuple[Any, ...], ...]
    message: tuple[Any, ...]
    fact: tuple[Any, ...]
    journal: tuple[Any, ...]
    postings: tuple[Posting, ...]
    effects: Effects = NONE
    returned: tuple[Returned, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether another person's account moves, or stock comes back: then it is written alone (single path)."""
        return bool(self.returned) or any(posting.psn_no != self.fact[0] for posting in self.postings)


def prepared(
    command: SettleCommand | ReverseCommand,
    fact: Fact,
    output: bytes,
    year: YearState,
    reading: Reading,
    postings: tuple[Posting, ...],
    effects: Effects,
) -> Prepared:
    row = fact.row()
    years = [year_row(fact.psn_no, fact.year, year.with_fact(row[-1]))]
    if fact.group_year != fact.year:
        # Two settlements of one visit group in different years meet in the year where the group began, so that they can
        # never both charge its deductible.
        anchor = reading.years.get(fact.group_year, EMPTY).touched()
        years.append(year_row(fact.psn_no, fact.group_year, anchor))
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
            day_in_china(fact.settled_at),
            fact.settled_at,
            entry.accounts,
            entry.parties,
            entry.amounts,
        ),
        postings=postings,
        effects=effects,
    )


def year_row(psn_no: str, number: int, year: YearState) -> tuple[Any, ...]:
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


def postings_of(fact: Fact, balances: Mapping[str, Balance]) -> tuple[Posting, ...]:
    """Movements of the own account and of relatives' accounts; money paid leaves an account (negative)."""
    own_kind, family_kind = (
        ("pay", "mutual") if fact.kind == facts.SETTLEMENT else ("refund", "mutual_refund")
    )
    moves: list[tuple[str, int, str, str | None]] = [
        (fact.psn_no, fact.waterfall[layout.W_ACCOUNT_FEN], own_kind, None)
    ]
    moves += [(owner, drawn, family_kind, fact.psn_no) for owner, drawn in fact.draws]
    return tuple(
        Posting(psn_no, balances[psn_no].version if psn_no in balances else None, -paid, kind, counterpart)
        for psn_no, paid, kind, counterpart in moves
        if paid
    )
