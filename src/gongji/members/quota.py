"""Which quotas a chronic disease (门诊慢特病) has for a person: of month, quarter and year, all at once. Pure.

The person's own quota of a window comes before the area's of the same window (decisions A17, A38; 晋医保办发〔2022〕27号
第二十五条: 限额病种在月、季或年度限额用完之后).

Clauses: SX2021-103.s2.2.a, SX2021-103.s2.2.b.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.members.values import ChronicEntitlement
from gongji.policy import Law

__all__ = ["WINDOWS", "Quota", "quota_of"]

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
