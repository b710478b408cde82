"""What settled visits add up to, and which later visits would come out differently after a refund
(decisions A14, A15).

Everything is derived by folding facts, never kept beside them: a reversed visit simply no longer counts.
Pure; the engine and the in-memory book use the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law
from gongji.settlement.quota import quota_left, quota_windows
from gongji.settlement.rules import Outcome, PersonState, VisitInput, decide


class Past(msgspec.Struct, frozen=True):
    """One settled visit as later ones see it. ``group``: visit group (就诊及其处方流转购药, A10).

    ``quota_key`` names the chronic quota it drew on ("" for none), ``quota_before_fen`` what that held and
    ``quota_windows`` why (``quota``; empty where the quota is a plain amount); ``quota_drawn``: its group had drawn on it.
    """

    key: int
    visit: VisitInput
    group: str
    deductible_fen: int
    in_scope_fen: int
    fund_fen: int
    chronic_fen: int = 0
    quota_key: str = ""
    quota_before_fen: int = layout.NONE
    quota_windows: tuple[int, ...] = ()
    quota_drawn: bool = False
    reversed: bool = False


class Opening(msgspec.Struct, frozen=True):
    """What a year already held when the record begins (taken over from another system); counts for the year
    only."""

    year: int
    benefit: str
    deductible_fen: int = 0
    fund_fen: int = 0
    in_scope_fen: int = 0


class Proposal(msgspec.Struct, frozen=True):
    """A later settlement that would come out differently; a proposal for an official, nothing is posted
    (A15)."""

    key: int
    deductible_delta_fen: int
    pool_delta_fen: int


class Mirror(msgspec.Struct, frozen=True):
    """Amounts of a reversal: the settlement's own with the opposite sign, source by source (A14)."""

    waterfall: tuple[int, ...]
    splits: tuple[int, ...]
    family_draws: tuple[tuple[str, int], ...]


NOT_MONEY_MOVED = frozenset(
    {
        layout.W_DEDUCTIBLE_DUE_FEN,
        layout.W_CAP_ROOM_FEN,
        layout.W_RULE_DEDUCTIBLE,
        layout.W_RULE_CAP,
        layout.W_BAND_FIRST,
        layout.W_BAND_LAST,
    }
)
"""Waterfall positions that describe the calculation and stay as they are in a reversal."""


def reverse(
    waterfall: Sequence[int], splits: Sequence[int], family_draws: Iterable[tuple[str, int]]
) -> Mirror:
    """The reversing (negative) settlement of a whole settlement: each payment source gets back its own
    amount (A14; SX2024-11.s3.e)."""
    return Mirror(
        waterfall=tuple(
            number if position in NOT_MONEY_MOVED else -number for position, number in enumerate(waterfall)
        ),
        splits=tuple(-number for number in splits),
        family_draws=tuple((owner, -fen) for owner, fen in family_draws),
    )


def quarter(on: date) -> int:
    """Quarter of the year of ``on``, 0–3."""
    return (on.month - 1) // 3


def state_before(
    pasts: Iterable[Past], openings: Iterable[Opening], on: date, group: str, benefit: str
) -> tuple[tuple[int, ...], tuple[int, int, int]]:
    """Accumulators (ACC_SIZE) and the deductible charged in (visit group, day, month) before a visit on
    ``on``.

    Years are calendar years (A06, A25); the visit group outlives them, so that a prescription of December
    is not charged a second deductible in January. ACC_DEDUCTIBLE_WINDOW_FEN is left 0:
    ``PersonState.charged`` fills it.
    """
    acc = [0] * layout.ACC_SIZE
    charged = [0, 0, 0]
    for opening in openings:
        if opening.year == on.year and opening.benefit == benefit:
            acc[layout.ACC_DEDUCTIBLE_YEAR_FEN] += opening.deductible_fen
            acc[layout.ACC_IN_SCOPE_YEAR_FEN] += opening.in_scope_fen
            acc[layout.ACC_FUND_YEAR_FEN] += opening.fund_fen
    for past in pasts:
        if past.reversed or past.visit.benefit != benefit:
            continue
        then = past.visit.service_on
        if past.group == group:
            charged[0] += past.deductible_fen
            acc[layout.ACC_FUND_VISIT_FEN] += past.fund_fen
        if then.year != on.year:
            continue
        acc[layout.ACC_DEDUCTIBLE_YEAR_FEN] += past.deductible_fen
        acc[layout.ACC_IN_SCOPE_YEAR_FEN] += past.in_scope_fen
        acc[layout.ACC_FUND_YEAR_FEN] += past.fund_fen
        if quarter(then) == quarter(on):
            acc[layout.ACC_FUND_QUARTER_FEN] += past.fund_fen
        if then.month == on.month:
            charged[2] += past.deductible_fen
            acc[layout.ACC_FUND_MONTH_FEN] += past.fund_fen
        if then == on:
            charged[1] += past.deductible_fen
            acc[layout.ACC_FUND_DAY_FEN] += past.fund_fen
    return tuple(acc), (charged[0], charged[1], charged[2])


def past_of(
    key: int,
    visit: VisitInput,
    group: str,
    outcome: Outcome,
    quota_key: str = "",
    quota_before_fen: int = layout.NONE,
    quota_drawn: bool = False,
) -> Past:
    """What later visits need to know of a settled one."""
    waterfall = outcome.waterfall
    return Past(
        key=key,
        visit=visit,
        group=group,
        deductible_fen=waterfall[layout.W_DEDUCTIBLE_FEN],
        in_scope_fen=waterfall[layout.W_IN_SCOPE_FEN],
        fund_fen=waterfall[layout.W_POOL_PAY_FEN],
        chronic_fen=waterfall[layout.W_CHRONIC_PAY_FEN],
        quota_key=quota_key,
        quota_before_fen=quota_before_fen,
        quota_windows=outcome.quota_windows,
        quota_drawn=quota_drawn,
    )


def replay_proposals(
    law: Law, pasts: Sequence[Past], openings: Sequence[Opening], refunded_key: int
) -> tuple[Proposal, ...]:
    """Later settlements of the refunded one's year and benefit that would differ had it never been (A15).

    ``pasts`` is in order of settlement, the refunded one marked reversed. What was settled before the
    refunded visit stands; each later one is decided again on top of the others as they would have been, so
    that one freed amount is proposed once. Accounts are left out: only deductible and pool are compared. A
    visit that can no longer be decided proposes nothing.
    """
    at = next(index for index, past in enumerate(pasts) if past.key == refunded_key)
    refunded = pasts[at]
    replayed = [past for past in pasts[:at] if not past.reversed]
    freed = [(refunded.visit.service_on, refunded.chronic_fen)]
    proposals: list[Proposal] = []
    for past in pasts[at + 1 :]:
        visit = past.visit
        concerned = visit.benefit == refunded.visit.benefit
        if past.reversed or not concerned or visit.service_on.year != refunded.visit.service_on.year:
            replayed.append(past)
            continue
        same_quota = past.quota_key != "" and past.quota_key == refunded.quota_key
        windows, quota = _quota_with(past, freed if same_quota else ())
        again = _decide_again(law, past, replayed, openings, windows, quota)
        if isinstance(again, Refusal):
            replayed.append(past)
            continue
        fresh = past_of(past.key, visit, past.group, again, past.quota_key, quota, past.quota_drawn)
        if same_quota:
            freed.append((visit.service_on, past.chronic_fen - fresh.chronic_fen))
        replayed.append(fresh)
        deductible = fresh.deductible_fen - past.deductible_fen
        pool = fresh.fund_fen - past.fund_fen
        if deductible or pool:
            proposals.append(Proposal(past.key, deductible, pool))
    return tuple(proposals)


def _quota_with(past: Past, freed: Iterable[tuple[date, int]]) -> tuple[tuple[int, ...], int]:
    """The quota of ``past`` as it would have been with what is freed on other days of its month, quarter and year."""
    on = past.visit.service_on
    of_year = list(freed)
    if not past.quota_windows:
        return (), past.quota_before_fen + sum(fen for _, fen in of_year)
    of_quarter = [(day, fen) for day, fen in of_year if quarter(day) == quarter(on)]
    of_month = [(day, fen) for day, fen in of_quarter if day.month == on.month]
    used = [
        before - sum(fen for _, fen in period)
        for before, period in zip(past.quota_windows[1::2], (of_month, of_quarter, of_year), strict=True)
    ]
    windows = quota_windows(past.quota_windows[::2], used)
    return windows, quota_left(windows)


def _decide_again(
    law: Law,
    past: Past,
    before: Sequence[Past],
    openings: Sequence[Opening],
    windows: tuple[int, ...],
    quota_fen: int,
) -> Outcome | Refusal:
    visit = past.visit
    acc, charged = state_before(before, openings, visit.service_on, past.group, visit.benefit)
    state = PersonState(
        acc=acc,
        quota_fen=quota_fen,
        charged=charged,
        quota_drawn=past.quota_drawn,
        quota_windows=windows,
    )
    return decide(law, visit, state)
