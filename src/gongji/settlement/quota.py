"""What a chronic disease (门诊慢特病) may still be paid: quotas of month, quarter and year, all at once. Pure.

The quota left is the smallest room among the windows that are stated (decisions A17, A38; 晋医保办发〔2022〕27号 第二十五条:
限额病种在月、季或年度限额用完之后). The person's own quota of a window comes before the area's of the same window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from gongji.base.money import MAX_FEN
from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.members.values import ChronicEntitlement
from gongji.policy import Law

__all__ = ["WINDOWS", "Quota", "quota_left", "quota_of", "quota_windows"]

WINDOWS: Final = ("month", "quarter", "year")
"""Calendar periods of the day of service that a quota may be stated for, shortest first."""
SILENT: Final = frozenset({"PARAMETER_UNKNOWN", "PARAMETER_UNSPECIFIED", "NO_ACTIVE_PARAMETER_VERSION"})


class Quota(msgspec.Struct, frozen=True):
    """The quotas of one disease on one day, in fen by window (NONE: the window limits nothing), and the person's own ratio."""

    disease: str
    month_fen: int = layout.NONE
    quarter_fen: int = layout.NONE
    year_fen: int = layout.NONE
    ratio_bp: int | None = None

    @property
    def limits(self) -> tuple[int, int, int]:
        return (self.month_fen, self.quarter_fen, self.year_fen)

    @property
    def periodic(self) -> bool:
        """Whether the use within the month or quarter has to be known."""
        return self.month_fen != layout.NONE or self.quarter_fen != layout.NONE


def quota_of(
    law: Law, region: str, on: date, entitlement: ChronicEntitlement, attributes: Mapping[str, str]
) -> Quota | Refusal:
    """The quotas that hold for ``entitlement`` on ``on``.

    A window that no document speaks of limits nothing; one that a document names without an amount is refused, unless the
    person has a quota of their own for it. A disease for which no window is stated at all is refused with the year's reason.
    """
    facts = {**attributes, "disease": entitlement.disease_code}
    own = (entitlement.quota_month_fen, entitlement.quota_quarter_fen, entitlement.quota_fen)
    limits: list[int] = []
    silent: list[Refusal] = []
    for window, own_fen in zip(WINDOWS, own, strict=True):
        limit = _areas_quota(law, region, on, window, facts) if own_fen is None else own_fen
        if not isinstance(limit, Refusal):
            limits.append(limit)
        elif _is_silent(limit):
            silent.append(limit)
            limits.append(layout.NONE)
        else:
            return limit
    if len(silent) == len(WINDOWS):
        return silent[-1]
    month, quarter, year = limits
    return Quota(entitlement.disease_code, month, quarter, year, entitlement.ratio_bp)


def _areas_quota(law: Law, region: str, on: date, window: str, facts: Mapping[str, str]) -> int | Refusal:
    value = law.value(f"chronic.quota.per_{window}", region, on, facts)
    if isinstance(value, Refusal):
        return value
    assert isinstance(value.raw, int), "the vocabulary says that a quota is money"
    return value.raw


def _is_silent(answer: Refusal) -> bool:
    """Whether the law says nothing about the window that day: 未规定 with an article is something said."""
    return answer.code in SILENT and (answer.code != "PARAMETER_UNSPECIFIED" or answer.clause is None)


def quota_windows(limits: Sequence[int], used: Sequence[int]) -> tuple[int, ...]:
    """Limit and use of month, quarter and year, as a fact keeps them: (limit, used) three times, 0 used where nothing limits."""
    return tuple(
        number
        for limit, use in zip(limits, used, strict=True)
        for number in (limit, use if limit != layout.NONE else 0)
    )


def quota_left(windows: Sequence[int]) -> int:
    """The smallest room among the windows of ``quota_windows``; MAX_FEN when none of them limits anything."""
    rooms = [
        max(0, windows[at] - windows[at + 1])
        for at in range(0, len(windows), 2)
        if windows[at] != layout.NONE
    ]
    return min(rooms, default=MAX_FEN)
