"""What the law leaves a member this year: yearly deductible, yearly ceiling, quotas of chronic diseases, each with the clause that
fixes it; for members at home and for those who treat them. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.members.quota import quota_of
from gongji.members.values import Standing
from gongji.policy import Law, Row
from gongji.settlement.years import YearState, chronic

__all__ = ["Limit", "Used", "chronic_limits", "periodic_limits", "yearly_ceiling", "yearly_deductible"]


class Limit(msgspec.Struct, frozen=True):
    """Something of which ``used_fen`` of ``total_fen`` is gone."""

    label: str
    used_fen: int
    total_fen: int
    clause: str | None

    @property
    def left_fen(self) -> int:
        return max(0, self.total_fen - self.used_fen)


class Used(msgspec.Struct, frozen=True):
    """What ordinary care has used of the day, month and quarter around a day: deductible borne, fund paid."""

    charged_day_fen: int = 0
    charged_month_fen: int = 0
    fund_day_fen: int = 0
    fund_month_fen: int = 0
    fund_quarter_fen: int = 0


def periodic_limits(row: Row, used: Used) -> tuple[Limit, ...]:
    """Deductible and ceilings of a day, month or quarter, where the law has any."""
    deductibles = {
        layout.DEDUCTIBLE_DAY: ("今日起付标准", used.charged_day_fen),
        layout.DEDUCTIBLE_MONTH: ("本月起付标准", used.charged_month_fen),
    }
    ceilings = (
        (layout.ROW_CEILING_DAY_FEN, "今日统筹报销额度", used.fund_day_fen),
        (layout.ROW_CEILING_MONTH_FEN, "本月统筹报销额度", used.fund_month_fen),
        (layout.ROW_CEILING_QUARTER_FEN, "本季度统筹报销额度", used.fund_quarter_fen),
    )
    found = [(layout.ROW_DEDUCTIBLE_FEN, *deductibles[kind])] if (kind := _kind(row)) in deductibles else []
    return tuple(
        Limit(label, used_fen, row.cells[at], row.sources[at])
        for at, label, used_fen in (*found, *ceilings)
        if row.cells[at] >= 0
    )


def _kind(row: Row) -> int:
    return row.cells[layout.ROW_DEDUCTIBLE_KIND]


def yearly_deductible(row: Row, used_fen: int) -> Limit | None:
    """What of the yearly stop, or of a yearly deductible, is borne; None where the law has neither."""
    stop = row.cells[layout.ROW_DEDUCTIBLE_STOP_FEN]
    if stop >= 0:
        return Limit("今年累计起付", used_fen, stop, row.sources[layout.ROW_DEDUCTIBLE_STOP_FEN])
    if _kind(row) == layout.DEDUCTIBLE_YEAR:
        standard = row.cells[layout.ROW_DEDUCTIBLE_FEN]
        return Limit("今年起付标准", used_fen, standard, row.sources[layout.ROW_DEDUCTIBLE_FEN])
    return None


def yearly_ceiling(row: Row, fund_fen: int) -> Limit | None:
    """What of the pool's yearly ceiling is paid; None where the law has none."""
    ceiling = row.cells[layout.ROW_CEILING_YEAR_FEN]
    if ceiling < 0:
        return None
    return Limit("今年统筹报销额度", fund_fen, ceiling, row.sources[layout.ROW_CEILING_YEAR_FEN])


def chronic_limits(
    law: Law, standing: Standing, year: YearState, on: date, facts: Mapping[str, str]
) -> tuple[Limit, ...]:
    """The yearly quota of each chronic disease that has one."""
    found = []
    for code, entitlement in standing.chronic.items():
        quota = quota_of(law, standing.region, on, entitlement, facts)
        if not isinstance(quota, Refusal) and quota.year_fen >= 0:
            value = law.value("chronic.quota.per_year", standing.region, on, {**facts, "disease": code})
            own = entitlement.quota_fen is not None or isinstance(value, Refusal)
            clause = None if own or isinstance(value, Refusal) else value.clause
            used_fen = year.sums(chronic(code))[2]
            found.append(
                Limit(f"{entitlement.disease_name}（慢特病）年度限额", used_fen, quota.year_fen, clause)
            )
    return tuple(found)
