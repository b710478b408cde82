"""Monthly totals (月度合计): what the institution settled, by month and by who pays, after refunds; one month by its days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpResponse

from gongji.base.times import add_months
from gongji.desk.manager_lists import Column, Shown, exported, listing
from gongji.settlement.sums import Sums, institution_sums
from gongji.web.pages import Page, page

__all__ = ["months"]

TWELVE: Final = 12
FIRST_YEAR, LAST_YEAR = 2000, 2999
ONE_DAY: Final = timedelta(days=1)
COLUMNS: Final = (
    Column("settled", "结算笔数", "number", total=True),
    Column("reversed", "退费笔数", "number", total=True),
    Column("charged", "结算金额（元）", "money", total=True),
    Column("refunded", "退费金额（元）", "money", total=True),
    Column("total", "净额（元）", "money", total=True),
    Column("fund", "统筹基金（元）", "money", total=True),
    Column("account", "个人账户（元）", "money", total=True),
    Column("mutual", "家庭共济（元）", "money", total=True),
    Column("cash", "现金（元）", "money", total=True),
)


def _row(first: Shown | date, one: Sums) -> dict[str, Any]:
    return {
        "first": first,
        "settled": one.settled,
        "reversed": one.reversed,
        "charged": one.charged_fen,
        "refunded": one.refunded_fen,
        "total": one.total_fen,
        "fund": one.fund_fen,
        "account": one.account_fen,
        "mutual": one.mutual_fen,
        "cash": one.cash_fen,
    }


@page("desk.months")
async def months(page: Page) -> HttpResponse:
    """Twelve months up to the one asked for (``until``, this one at first), or the days of one (``month``)."""
    this = page.today.replace(day=1)
    month = _month(page.request.GET.get("month", ""))
    last = min(month or _month(page.request.GET.get("until", "")) or this, this)
    first = last if month is not None else add_months(last, 1 - TWELVE)
    until = add_months(last, 1) - ONE_DAY
    async with page.connection() as conn:
        found = await institution_sums(
            conn, page.visitor.institution, first, until, "day" if month is not None else "month"
        )
    if month is not None:
        rows = [_row(one.begins_on, one) for one in found]
    else:
        by = {one.begins_on: one for one in found}
        each = [add_months(first, number) for number in range(TWELVE)]
        rows = [
            _row(Shown(f"{on:%Y-%m}", link=f"?month={on:%Y-%m}", sort=on), by.get(on, Sums(on)))
            for on in each
        ]
    made = listing(
        page.request,
        f"{last:%Y-%m} 每日合计" if month is not None else "月度合计",
        (
            Column("first", "日期" if month is not None else "月份", "day" if month is not None else "text"),
            *COLUMNS,
        ),
        rows,
        order="first",
        notes=(_name(page), f"{first} 至 {until}"),
    )
    parts = [
        ("统筹基金", sum(one.fund_fen for one in found), "fund"),
        ("个人账户", sum(one.account_fen for one in found), "account"),
        ("家庭共济", sum(one.mutual_fen for one in found), "mutual"),
        ("现金", sum(one.cash_fen for one in found), "cash"),
    ]
    context = {
        "list": made,
        "month": month,
        "bars": [(f"{row['first'].text[-2:]}月", row["total"]) for row in rows] if month is None else [],
        "parts": parts,
        "total": sum(one.total_fen for one in found),
        "count": sum(one.settled for one in found),
        "back": sum(one.reversed for one in found),
        "first": first,
        "until": until,
        "before": f"{add_months(last, -1 if month is not None else -TWELVE):%Y-%m}",
        "after": f"{add_months(last, 1 if month is not None else TWELVE):%Y-%m}" if last < this else "",
    }
    return exported(page.request, made) or await page.show("desk/manager/months.html", context)


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
