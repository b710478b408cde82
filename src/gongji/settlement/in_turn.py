"""Estimates of one person's day one after the other: what comes first has used deductible, ceilings and accounts for the next.

Pure. What a settlement would leave behind is added to what was read; nothing is written. The same sums that a settlement adds to
the year (``years.sums_of``) are added to the windows.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gongji.kernel import layout
from gongji.settlement.commands import Settled
from gongji.settlement.situation import Balance, Reading, Situation, Windows
from gongji.settlement.years import EMPTY, chronic, sums_of

__all__ = ["after"]

Before = Sequence[tuple[Situation, Settled]]


def after(situation: Situation, reading: Reading, before: Before) -> tuple[Situation, Reading]:
    """What ``situation`` finds once all of ``before`` (same person, same day) has been settled."""
    for earlier, settled in before:
        reading = _read(situation, reading, earlier, settled)
        situation = msgspec.structs.replace(
            situation,
            own=_drawn(situation.own, settled),
            family=tuple(_drawn(balance, settled) for balance in situation.family),
        )
    return situation, reading


def _read(situation: Situation, reading: Reading, earlier: Situation, settled: Settled) -> Reading:
    own, special = sums_of(settled.outcome.waterfall)
    number = earlier.visit.service_on.year
    year = reading.years.get(number, EMPTY).adding(earlier.visit.benefit, own)
    year = year.adding(chronic(earlier.quota_key), special)
    windows = reading.windows
    if earlier.visit.benefit == situation.visit.benefit:
        windows = _windows(windows, own[0], own[2], same_group=earlier.group_id == situation.group_id)
    if earlier.quota_key and earlier.quota_key == situation.quota_key:
        windows = _quota(windows, special[2], same_group=earlier.group_id == situation.group_id)
    return Reading({**reading.years, number: year}, windows)


def _windows(windows: Windows, deductible_fen: int, fund_fen: int, *, same_group: bool) -> Windows:
    (charged, *charged_later), (fund, *fund_later) = windows.charged, windows.fund
    day, month = (amount + deductible_fen for amount in charged_later)
    fund_day, fund_month, fund_quarter = (amount + fund_fen for amount in fund_later)
    return msgspec.structs.replace(
        windows,
        charged=(charged + deductible_fen * same_group, day, month),
        fund=(fund + fund_fen * same_group, fund_day, fund_month, fund_quarter),
    )


def _quota(windows: Windows, paid_fen: int, *, same_group: bool) -> Windows:
    group, month, quarter = windows.chronic
    return msgspec.structs.replace(
        windows, chronic=(group + paid_fen * same_group, month + paid_fen, quarter + paid_fen)
    )


def _drawn(balance: Balance, settled: Settled) -> Balance:
    """The account after what the earlier settlement would have drawn on it."""
    draws = dict(settled.outcome.family_draws)
    drawn = draws.get(balance.psn_no, 0)
    if balance.psn_no == settled.psn_no:
        drawn += settled.outcome.waterfall[layout.W_ACCOUNT_FEN]
    return msgspec.structs.replace(balance, fen=balance.fen - drawn)
