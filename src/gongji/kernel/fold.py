"""A person's accumulators from visit to visit: what a settlement adds, what a new period empties.

Plain integer functions like ``kernel.visit``; the ``_in_place`` forms are what the compiled batch uses.
"""

from collections.abc import MutableSequence, Sequence

from gongji.kernel.layout import (
    ACC_DEDUCTIBLE_WINDOW_FEN,
    ACC_DEDUCTIBLE_YEAR_FEN,
    ACC_FUND_VISIT_FEN,
    ACC_FUND_YEAR_FEN,
    ACC_IN_SCOPE_YEAR_FEN,
    DEDUCTIBLE_DAY,
    DEDUCTIBLE_MONTH,
    DEDUCTIBLE_SETTLEMENT,
    DEDUCTIBLE_VISIT,
    DEDUCTIBLE_YEAR,
    NONE,
    W_ACCOUNT_FEN,
    W_CHRONIC_PAY_FEN,
    W_DEDUCTIBLE_FEN,
    W_IN_SCOPE_FEN,
    W_MUTUAL_FEN,
    W_POOL_PAY_FEN,
    WALLET_CARVE_OUT_QUOTA_FEN,
    WALLET_FAMILY_FEN,
    WALLET_OWN_FEN,
)

NEW_VISIT = 1
"""The visit opens a new visit group (就诊及其处方流转购药)."""
NEW_DAY = 2
NEW_MONTH = 4
NEW_QUARTER = 8
NEW_YEAR = 16
"""The visit is the first of its calendar year: the sums of the year start from zero."""
NEW_ALL = NEW_VISIT + NEW_DAY + NEW_MONTH + NEW_QUARTER + NEW_YEAR
"""Bits follow the order of the fund accumulators, from ACC_FUND_VISIT_FEN on."""


def deductible_bit(kind: int) -> int:
    """Period bit that empties the deductible window of a ROW_DEDUCTIBLE_KIND; 0 for kinds without a window.

    Per settlement there is nothing to carry over and per year the kernel reads the year's sum.
    """
    if kind == DEDUCTIBLE_VISIT:
        return NEW_VISIT
    if kind == DEDUCTIBLE_DAY:
        return NEW_DAY
    if kind == DEDUCTIBLE_MONTH:
        return NEW_MONTH
    if kind == DEDUCTIBLE_YEAR:
        return NEW_YEAR
    return 0


def restart_in_place(acc: MutableSequence[int], kind: int, periods: int) -> None:
    """Empty the accumulators of the ``periods`` (bits NEW_*) that begin with the next visit, under its deductible kind.

    A longer period's beginning is a shorter one's too: the caller sets all bits that apply. A person whose deductible
    kind changes starts a new window with the change only if the caller says so.
    """
    for period in range(ACC_FUND_YEAR_FEN - ACC_FUND_VISIT_FEN + 1):
        if periods & (1 << period):
            acc[ACC_FUND_VISIT_FEN + period] = 0
    if kind == DEDUCTIBLE_SETTLEMENT or periods & deductible_bit(kind):
        acc[ACC_DEDUCTIBLE_WINDOW_FEN] = 0
    if periods & NEW_YEAR:
        acc[ACC_DEDUCTIBLE_YEAR_FEN] = 0
        acc[ACC_IN_SCOPE_YEAR_FEN] = 0


def resume_in_place(
    acc: MutableSequence[int],
    kind: int,
    previous: int,
    previous_of_visit: Sequence[int],
    waterfalls: Sequence[Sequence[int]],
) -> None:
    """Add to the emptied visit-group sums what the group's earlier visits were charged and paid (decision A10).

    ``previous`` is the latest of them, ``previous_of_visit`` leads back from each to the one before, NONE ends; other
    visits of the person may stand between them.
    """
    while previous != NONE:
        acc[ACC_FUND_VISIT_FEN] += waterfalls[previous][W_POOL_PAY_FEN]
        if kind == DEDUCTIBLE_VISIT:
            acc[ACC_DEDUCTIBLE_WINDOW_FEN] += waterfalls[previous][W_DEDUCTIBLE_FEN]
        previous = previous_of_visit[previous]


def advance_in_place(acc: MutableSequence[int], waterfall: Sequence[int]) -> None:
    """Add a settled visit to the accumulators (decisions A02, A06, A08: they run through every change of status or law)."""
    acc[ACC_DEDUCTIBLE_WINDOW_FEN] += waterfall[W_DEDUCTIBLE_FEN]
    acc[ACC_DEDUCTIBLE_YEAR_FEN] += waterfall[W_DEDUCTIBLE_FEN]
    acc[ACC_IN_SCOPE_YEAR_FEN] += waterfall[W_IN_SCOPE_FEN]
    for position in range(ACC_FUND_VISIT_FEN, ACC_FUND_YEAR_FEN + 1):
        acc[position] += waterfall[W_POOL_PAY_FEN]


def spend_in_place(wallet: MutableSequence[int], waterfall: Sequence[int]) -> None:
    """Take what a settled visit used from the chronic quota and the balances (WALLET_SIZE fen)."""
    if wallet[WALLET_CARVE_OUT_QUOTA_FEN] != NONE:
        wallet[WALLET_CARVE_OUT_QUOTA_FEN] -= waterfall[W_CHRONIC_PAY_FEN]
    wallet[WALLET_OWN_FEN] -= waterfall[W_ACCOUNT_FEN]
    wallet[WALLET_FAMILY_FEN] -= waterfall[W_MUTUAL_FEN]


def restart(acc: Sequence[int], kind: int, periods: int) -> tuple[int, ...]:
    """Accumulators with which a visit begins that opens ``periods``; see ``restart_in_place``."""
    opened = list(acc)
    restart_in_place(opened, kind, periods)
    return tuple(opened)


def advance(acc: Sequence[int], waterfall: Sequence[int]) -> tuple[int, ...]:
    """Accumulators after a settled visit (ACC_SIZE fen)."""
    after = list(acc)
    advance_in_place(after, waterfall)
    return tuple(after)
