"""What the law leaves a member this year (起付、限额), and what it pays where: every number with the clause that fixes it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from gongji.base.money import format_percent, format_yuan
from gongji.base.reasons import Refusal
from gongji.explain.fund import WINDOWS
from gongji.kernel import layout
from gongji.members.values import Standing
from gongji.policy import Law, Row
from gongji.portal.places import PlaceKind
from gongji.settlement.benefits import ORDINARY
from gongji.settlement.limits import (
    Limit,
    Used,
    chronic_limits,
    periodic_limits,
    yearly_ceiling,
    yearly_deductible,
)
from gongji.settlement.years import YearState

__all__ = ["Limits", "Terms", "limits_of"]

CEILINGS: Final = (
    layout.ROW_CEILING_DAY_FEN,
    layout.ROW_CEILING_MONTH_FEN,
    layout.ROW_CEILING_QUARTER_FEN,
    layout.ROW_CEILING_YEAR_FEN,
)
"""Cells of the ceilings that are used up in time."""


BASES: Final = {
    layout.BASIS_YEAR_IN_SCOPE: "今年政策范围内费用累计 ",
    layout.BASIS_YEAR_FUND: "今年基金已付 ",
    layout.BASIS_VISIT: "这次费用 ",
}
"""What bands of rates run over."""
NOTHING_USED: Final = Used()


class Terms(msgspec.Struct, frozen=True):
    """What holds at one kind of place: the deductible, and the pool's rate, in words; ``refusal``: the pool pays nothing there."""

    place: PlaceKind
    deductible: str = ""
    deductible_clause: str | None = None
    rate: str = ""
    rate_clause: str | None = None
    refusal: Refusal | None = None


class Limits(msgspec.Struct, frozen=True):
    """``deductible`` is the yearly stop or the yearly deductible, None where the law has neither: then ``terms`` say what it has.
    ``periods``: what the day, month or quarter has. ``said``: sentences with their clause about what has no bar: no deductible, a
    deductible of each visit, a ceiling of each visit, no ceiling at all. ``draft``: the law is a 征求意见稿.
    """

    deductible: Limit | None
    ceiling: Limit | None
    periods: tuple[Limit, ...]
    said: tuple[tuple[str, str | None], ...]
    chronic: tuple[Limit, ...]
    terms: tuple[Terms, ...]
    draft: bool


def limits_of(
    law: Law,
    standing: Standing,
    year: YearState,
    on: date,
    places: Sequence[PlaceKind],
    facts: Mapping[str, Mapping[str, str]],
    used: Used = NOTHING_USED,
) -> Limits | Refusal:
    """The member's limits on the day; ``facts`` are the member's at each kind of place. A Refusal where the law has no row."""
    rows = [(place, law.row(standing.region, on, facts[place.code])) for place in places]
    known = next((row for _, row in rows if isinstance(row, Row)), None)
    if known is None:
        refusals = [row for _, row in rows if isinstance(row, Refusal)]
        return refusals[0] if refusals else Refusal("REGION_UNKNOWN", standing.region)
    used_fen, _, fund_fen = year.sums(ORDINARY)
    return Limits(
        deductible=yearly_deductible(known, used_fen),
        ceiling=yearly_ceiling(known, fund_fen),
        periods=periodic_limits(known, used),
        said=tuple(_said([row for _, row in rows if isinstance(row, Row)])),
        chronic=chronic_limits(law, standing, year, on, facts[places[0].code]),
        terms=tuple(
            _terms(law, standing.region, on, place, row, facts[place.code])
            for place, row in rows
            if isinstance(row, Row)
        ),
        draft=known.draft,
    )


def _said(rows: Sequence[Row]) -> Iterator[tuple[str, str | None]]:
    """What is true of deductible and ceilings and has no bar."""
    first = rows[0]
    at = layout.ROW_DEDUCTIBLE_FEN
    kinds = {row.cells[layout.ROW_DEDUCTIBLE_KIND]: row.sources[at] for row in rows}
    alone = next(
        (kind for kind in (layout.DEDUCTIBLE_VISIT, layout.DEDUCTIBLE_SETTLEMENT) if kind in kinds), None
    )
    if set(kinds) == {layout.DEDUCTIBLE_NONE}:
        yield "不设起付标准。", kinds[layout.DEDUCTIBLE_NONE]
    elif alone is not None and first.cells[layout.ROW_DEDUCTIBLE_STOP_FEN] < 0:
        yield f"这里的规定没有年度起付累计，{WINDOWS[alone]}单独计算起付，见下面各类机构的标准。", None
    visit = first.cells[layout.ROW_CEILING_VISIT_FEN]
    if visit >= 0:
        yield f"每次就诊最多报销 {format_yuan(visit)} 元。", first.sources[layout.ROW_CEILING_VISIT_FEN]
    elif all(first.cells[cell] < 0 for cell in CEILINGS):
        yield "不设最高支付限额。", first.sources[layout.ROW_CEILING_YEAR_FEN]


def _terms(law: Law, region: str, on: date, place: PlaceKind, row: Row, facts: Mapping[str, str]) -> Terms:
    refusal = law.pool_refusal(region, on, facts)
    if refusal is not None:
        return Terms(place, refusal=refusal)
    kind, fen = row.cells[layout.ROW_DEDUCTIBLE_KIND], row.cells[layout.ROW_DEDUCTIBLE_FEN]
    return Terms(
        place=place,
        deductible="不设" if kind == layout.DEDUCTIBLE_NONE else f"{WINDOWS[kind]} {format_yuan(fen)} 元",
        deductible_clause=row.sources[layout.ROW_DEDUCTIBLE_FEN],
        rate=_rate(row),
        rate_clause=row.sources[layout.ROW_BAND_BP],
    )


def _rate(row: Row) -> str:
    """One rate, or the rates of its bands and what they run over."""
    count = row.cells[layout.ROW_BAND_COUNT]
    parts = []
    for band in range(count):
        edge = row.cells[layout.ROW_BAND_UP_TO_FEN + band]
        rate = format_percent(row.cells[layout.ROW_BAND_BP + band])
        words = "以上" if edge < 0 else f"{format_yuan(edge)} 元以内"
        parts.append(rate if count == 1 else f"{words} {rate}")
    return BASES.get(row.cells[layout.ROW_BAND_BASIS], "") + "，".join(parts)
