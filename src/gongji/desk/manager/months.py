"""Monthly totals (月度合计): what the institution settled, by month and by who pays, after refunds; one month by its days; a period
by kinds of visits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpResponse

from gongji.base.codes import label
from gongji.base.times import add_months
from gongji.desk.manager.lists import Column, Facet, Row, Shown, exported, listing, taken, totalled
from gongji.settlement.sums import Sums, institution_sums_by_type, together
from gongji.web.pages import Page, page

__all__ = ["months"]

TWELVE: Final = 12
FIRST_YEAR, LAST_YEAR = 2000, 2999
ONE_DAY: Final = timedelta(days=1)
BY_TYPE: Final = "type"
SUMS: Final = (
    *totalled("number", settled="结算笔数", reversed="退费笔数"),
    *totalled(
        "money", charged_fen="结算金额（元）", refunded_fen="退费金额（元）", total_fen="净额（元）", fund_fen="统筹基金（元）",
        account_fen="个人账户（元）", mutual_fen="家庭共济（元）", cash_fen="现金（元）",
    ),
)  # fmt: skip


@page("desk.months")
async def months(page: Page) -> HttpResponse:
    """Twelve months up to the one asked for (``until``, this one at first), or the days of one (``month``)."""
    this = page.today.replace(day=1)
    month = _month(page.request.GET.get("month", ""))
    last = min(month or _month(page.request.GET.get("until", "")) or this, this)
    first = last if month is not None else add_months(last, 1 - TWELVE)
    until = add_months(last, 1) - ONE_DAY
    async with page.connection() as conn:
        found = await institution_sums_by_type(
            conn, page.visitor.institution, first, until, "day" if month is not None else "month"
        )
    by_day = together(found, lambda one: one.begins_on)
    each = [add_months(first, number) for number in range(TWELVE)] if month is None else []
    word, kind, rows = _rows(page.request.GET.get("by", ""), found, by_day, each)
    made = listing(
        page.request,
        f"{last:%Y-%m} 每日合计" if month is not None else "月度合计",
        (Column("first", word, kind), *SUMS),
        rows,
        facets=(
            Facet(
                "by", "按", ((BY_TYPE, "医疗类别"),), lambda row, wanted: True, "日期" if month else "月份"
            ),
        ),
        order="first",
        notes=(_name(page), f"{first} 至 {until}"),
    )
    whole = together(found, lambda one: None).get(None, Sums(first))
    context = {
        "list": made,
        "month": month,
        "bars": [(f"{on:%m}月", by_day.get(on, Sums(on)).total_fen) for on in each],
        "parts": [
            ("统筹基金", whole.fund_fen, "fund"),
            ("个人账户", whole.account_fen, "account"),
            ("家庭共济", whole.mutual_fen, "mutual"),
            ("现金", whole.cash_fen, "cash"),
        ],
        "whole": whole,
        "first": first,
        "until": until,
        "before": f"{add_months(last, -1 if month is not None else -TWELVE):%Y-%m}",
        "after": f"{add_months(last, 1 if month is not None else TWELVE):%Y-%m}" if last < this else "",
    }
    return exported(page.request, made) or await page.show("desk/manager/months.html", context)


def _rows(
    by: str, found: Iterable[Sums], by_day: dict[date, Sums], each: list[date]
) -> tuple[str, Any, list[Row]]:
    """Title and kind of the first column, and the rows: kinds of visits, the months of ``each``, or the days that there are."""
    if by == BY_TYPE:
        types = together(found, lambda one: one.med_type)
        return "医疗类别", "text", [
            {"first": Shown(label("med_type", code) or code, code=code)} | taken(SUMS, one)
            for code, one in types.items()
        ]  # fmt: skip
    if each:
        return "月份", "text", [
            {"first": Shown(f"{on:%Y-%m}", link=f"?month={on:%Y-%m}", sort=on)} | taken(SUMS, by_day.get(on, Sums(on)))
            for on in each
        ]  # fmt: skip
    return "日期", "day", [{"first": on} | taken(SUMS, one) for on, one in by_day.items()]


def _name(page: Page) -> str:
    place = page.platform.provider(page.visitor.institution)
    return place.name if place is not None else page.visitor.institution


def _month(text: str) -> date | None:
    """The first day of ``2026-11``; None for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
