"""What must hold of one person's facts: chain, replay, fold, message, journal. Pure; yields what does not.

A difference names person, settlement, field, what is stored and what comes out when it is computed again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law
from gongji.settlement import facts, replay
from gongji.settlement.facts import Fact
from gongji.settlement.quota import quota_left, quota_windows
from gongji.settlement.restore import state_of, visit_of
from gongji.settlement.rules import basis, decide
from gongji.settlement.years import EMPTY, YearState, chronic, sums_of

__all__ = ["Difference", "Evidence", "check_person"]


class Difference(msgspec.Struct, frozen=True):
    """Something stored that does not follow from the rest."""

    psn_no: str
    settlement_id: int | None
    field: str
    stored: str
    recomputed: str

    @property
    def person(self) -> str:
        """The person's number, masked but for its end."""
        shown = min(4, len(self.psn_no) // 3)
        return "*" * (len(self.psn_no) - shown) + self.psn_no[len(self.psn_no) - shown :]


class Evidence(msgspec.Struct, frozen=True):
    """A fact with its stored hash, and the rows of other tables that belong to it (None: missing)."""

    fact: Fact
    hash: bytes
    request_hash: bytes | None
    answer: bytes | None
    journal: tuple[Sequence[int], Sequence[str], Sequence[int]] | None


def check_person(
    evidence: Sequence[Evidence], years: Mapping[int, YearState], laws: Mapping[str, Law]
) -> Iterator[Difference]:
    """Differences among one person's facts, given by year and number in the chain, and the stored years."""
    by_id = {entry.fact.settlement_id: entry.fact for entry in evidence}
    by_year: dict[int, list[Evidence]] = {}
    for entry in evidence:
        by_year.setdefault(entry.fact.year, []).append(entry)
    for entry in evidence:
        yield from _check_alone(entry, by_id, laws)
    yield from _check_windows([entry.fact for entry in evidence], laws)
    for number, chain in by_year.items():
        yield from _check_chain(chain, years.get(number, EMPTY))


def _check_alone(entry: Evidence, by_id: Mapping[int, Fact], laws: Mapping[str, Law]) -> Iterator[Difference]:
    fact = entry.fact
    yield from _compare(fact, "hash", entry.hash.hex(), facts.fact_hash(fact).hex())
    if fact.kind == facts.OPENING:
        return
    if entry.request_hash is None or entry.answer is None:
        yield _difference(fact, "message", "无", f"{fact.infno} {fact.msgid}")
    else:
        digest = facts.message_digest(fact.caller, fact.infno, fact.msgid, entry.request_hash, entry.answer)
        yield from _compare(fact, "message_digest", fact.message_digest.hex(), digest.hex())
    wanted = facts.entry_of(fact)
    if entry.journal is None:
        yield _difference(fact, "journal", "无", str(wanted.amounts))
    else:
        accounts, parties, amounts = entry.journal
        yield from _compare(fact, "journal.accounts", list(accounts), wanted.accounts)
        yield from _compare(fact, "journal.parties", list(parties), wanted.parties)
        yield from _compare(fact, "journal.amounts", list(amounts), wanted.amounts)
    if fact.kind == facts.REVERSAL:
        yield from _check_reversal(fact, by_id.get(fact.original_id or 0))
    else:
        yield from _check_replay(fact, laws)


def _check_replay(fact: Fact, laws: Mapping[str, Law]) -> Iterator[Difference]:
    law = laws.get(fact.policy_digest.hex())
    if law is None:
        yield _difference(fact, "policy_digest", fact.policy_digest.hex(), "没有这一版本的政策库，不能重算")
        return
    if fact.kernel_version != layout.KERNEL_VERSION:
        yield _difference(fact, "kernel_version", str(fact.kernel_version), str(layout.KERNEL_VERSION))
        return
    outcome = decide(law, visit_of(fact), state_of(fact))
    if isinstance(outcome, Refusal):
        yield _difference(fact, "outcome", "已结算", outcome.text)
        return
    yield from _compare(fact, "waterfall", list(fact.waterfall), list(outcome.waterfall))
    yield from _compare(fact, "splits", list(fact.splits), list(outcome.splits))
    yield from _compare(fact, "acc_after", list(fact.acc_after), list(outcome.acc_after))
    yield from _compare(fact, "refusal", fact.refusal, outcome.refusal.code if outcome.refusal else "")
    yield from _compare(fact, "ratio_bp", fact.ratio_bp, outcome.ratio_bp)
    yield from _compare(fact, "family_drawn", fact.draws, list(outcome.family_draws))


def _check_reversal(fact: Fact, original: Fact | None) -> Iterator[Difference]:
    if original is None:
        yield _difference(fact, "original_id", str(fact.original_id), "无")
        return
    mirror = replay.reverse(original.waterfall, original.splits, original.draws)
    yield from _compare(fact, "waterfall", list(fact.waterfall), list(mirror.waterfall))
    yield from _compare(fact, "splits", list(fact.splits), list(mirror.splits))
    yield from _compare(fact, "family_drawn", fact.draws, list(mirror.family_draws))


def _check_chain(chain: Sequence[Evidence], stored: YearState) -> Iterator[Difference]:
    """The year's facts in order: numbers without a gap, each hash on the one before, sums folded again."""
    state, paid = EMPTY, Counter[tuple[str, str, int]]()
    for number, entry in enumerate(chain, start=1):
        fact = entry.fact
        yield from _compare(fact, "seq", fact.seq, number)
        yield from _compare(fact, "prev_hash", fact.prev_hash.hex(), state.head.hex())
        if fact.kind != facts.OPENING:
            yield from _compare(fact, "acc_before", _year_part(fact.acc_before), state.sums(fact.benefit))
        if fact.kind == facts.SETTLEMENT and fact.quota_windows:
            used = (*(paid[period] for period in _periods(fact)), state.sums(chronic(fact.quota_key))[2])
            windows = quota_windows(fact.quota_windows[::2], used)
            yield from _compare(fact, "quota_windows", list(fact.quota_windows), list(windows))
            yield from _compare(fact, "quota_fen", fact.quota_fen, quota_left(windows))
        for period in _periods(fact):
            paid[period] += fact.waterfall[layout.W_CHRONIC_PAY_FEN]
        own, quota = sums_of(fact.waterfall)
        state = state.adding(fact.benefit, own).adding(chronic(fact.quota_key), quota)
        state = msgspec.structs.replace(state, seq=number, head=entry.hash)
    last = chain[-1].fact
    yield from _compare(last, "person_year.seq", stored.seq, state.seq)
    yield from _compare(last, "person_year.head", stored.head.hex(), state.head.hex())
    for benefit in dict.fromkeys((*stored.benefits, *state.benefits)):
        yield from _compare(last, f"person_year.{benefit}", stored.sums(benefit), state.sums(benefit))


def _periods(fact: Fact) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
    """Month and quarter in which the fact uses its chronic quota; its year is the chain's."""
    on = fact.service_on
    return (fact.quota_key, "month", on.month), (fact.quota_key, "quarter", replay.quarter(on))


def _check_windows(everything: Sequence[Fact], laws: Mapping[str, Law]) -> Iterator[Difference]:
    """The merged deductible (A10): what a visit group had been charged before each settlement, folded again."""
    groups: dict[tuple[int, str], list[Fact]] = {}
    for fact in everything:
        if fact.kind != facts.OPENING:
            groups.setdefault((fact.group_id, fact.benefit), []).append(fact)
    for group in groups.values():
        charged = 0
        for fact in sorted(group, key=lambda fact: fact.group_version):
            if fact.kind == facts.SETTLEMENT and _is_per_visit(fact, laws):
                stored = fact.acc_before[layout.ACC_DEDUCTIBLE_WINDOW_FEN]
                yield from _compare(fact, "acc_before.window", stored, charged)
            charged += fact.waterfall[layout.W_DEDUCTIBLE_FEN]


def _is_per_visit(fact: Fact, laws: Mapping[str, Law]) -> bool:
    law = laws.get(fact.policy_digest.hex())
    ground = basis(visit_of(fact), law) if law is not None else None
    if ground is None or isinstance(ground, Refusal):
        return False
    return ground.row.cells[layout.ROW_DEDUCTIBLE_KIND] == layout.DEDUCTIBLE_VISIT


def _year_part(acc: Sequence[int]) -> tuple[int, int, int]:
    return (
        acc[layout.ACC_DEDUCTIBLE_YEAR_FEN],
        acc[layout.ACC_IN_SCOPE_YEAR_FEN],
        acc[layout.ACC_FUND_YEAR_FEN],
    )


def _compare(fact: Fact, field: str, stored: Any, recomputed: Any) -> Iterable[Difference]:
    return () if stored == recomputed else (_difference(fact, field, str(stored), str(recomputed)),)


def _difference(fact: Fact, field: str, stored: str, recomputed: str) -> Difference:
    return Difference(fact.psn_no, fact.settlement_id, field, stored, recomputed)
