"""Purchases, sales and stock against each other (进销存平衡), with the differences named; and where a trace code has been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponse

from gongji.desk.manager.common import asked
from gongji.desk.manager.lists import Column, Facet, Row, Shown, exported, listing, taken, totalled
from gongji.desk.manager.stock import DAYS, KIND_NAMES, PERIOD_WORD, period, tabs
from gongji.stock.balance import BalanceRow, SalesRow, balance, sales_against_settlements
from gongji.stock.selectors import Asked, movements, sights, trace_uses
from gongji.web.pages import Page, page

__all__ = ["balanced", "trace"]

BY_SALES: Final = "sales"


@page("desk.stock.balance")
async def balanced(page: Page) -> HttpResponse:
    """By batch: what there was, came, went and is left; by drug: what was settled against what was sold."""
    first, last = period(page.request.GET, page.today)
    institution, by = page.visitor.institution, page.request.GET.get("by", "")
    async with page.connection() as conn:
        if by == BY_SALES:
            sales = await sales_against_settlements(conn, institution, first, last)
            rows = [_sales(one) for one in sales]
        else:
            rows = [_batch(one) for one in await balance(conn, institution, first, last)]
    made = listing(
        page.request,
        "结算与销售" if by == BY_SALES else "进销存平衡",
        SALES_COLUMNS if by == BY_SALES else COLUMNS,
        rows,
        facets=(
            Facet("days", "期间", DAYS, lambda row, wanted: True, PERIOD_WORD),
            Facet("by", "按", ((BY_SALES, "结算与销售核对"),), lambda row, wanted: True, "批次"),
            Facet("differs", "只看", (("1", "有差异"), ("moved", "有变动")), _chosen),
        ),
        searched=("name", "batch"),
        notes=(f"{first} 至 {last}",),
    )
    differing = sum(row["differs"] for row in rows)
    return exported(page.request, made) or await page.show(
        "desk/manager/stock_balance.html",
        {"list": made, "first": first, "last": last, "differing": differing, "by": by, "tabs": tabs(page)},
    )


def _chosen(row: dict[str, Any], wanted: str) -> bool:
    return bool(row["differs"] if wanted == "1" else row["moved"])


MOVED: Final = totalled(
    "quantity", opening_e4="期初", purchased_e4="采购", returned_e4="退货", sold_e4="销售", brought_back_e4="退回",
    changed_e4="变更", difference_e4="盘存差", closing_e4="期末",
)  # fmt: skip
COLUMNS: Final = (
    Column("name", "药品或耗材"),
    Column("batch", "批次"),
    *MOVED,
    Column("found", "差异", "state"),
)
SOLD: Final = totalled(
    "quantity", settled_e4="医保结算", sold_e4="上报销售", sold_settled_e4="其中医保", uncoded_e4="结算未带追溯码",
    missing_e4="结算未见销售",
)  # fmt: skip
SALES_COLUMNS: Final = (Column("name", "药品"), *SOLD, Column("found", "差异", "state"))


def _batch(one: BalanceRow) -> Row:
    return taken(MOVED, one) | {
        "name": Shown(one.local_name or one.item, code=one.local_item),
        "batch": one.batch,
        "moved": one.opening_e4 != one.closing_e4 or bool(one.purchased_e4 or one.sold_e4),
        **_differences(one.discrepancies, "平衡"),
    }


def _sales(one: SalesRow) -> Row:
    return taken(SOLD, one) | {
        "name": Shown(one.name, code=one.item),
        "moved": True,
        **_differences(one.discrepancies, "一致"),
    }


def _differences(named: Sequence[str], none: str) -> Row:
    return {"found": Shown("；".join(named) or none, "bad" if named else "ok"), "differs": bool(named)}


@page("desk.stock.trace")
async def trace(page: Page) -> HttpResponse:
    """One code: the institution's own movements with it, and whether it was seen or settled elsewhere; not where, not for whom."""
    code = asked(page, "code", 100).strip()
    context: dict[str, Any] = {"code": code, "tabs": tabs(page)}
    if code:
        institution = page.visitor.institution
        async with page.connection() as conn:
            own = await movements(conn, institution, Asked(code=code))
            seen, uses = await sights(conn, code), await trace_uses(conn, [code])
        context |= {
            "own": [{"at": one.occurred_at, "kind": KIND_NAMES[one.kind], "name": one.local_name or one.item, "batch": one.batch,
                     "deleted": one.deleted_at is not None} for one in own],
            "elsewhere": any(one.institution != institution for one in seen),
            "settled": [use for use in uses if use.institution == institution],
            "settled_elsewhere": any(use.institution != institution and not use.freed for use in uses),
        }  # fmt: skip
    return await page.show("desk/manager/stock_trace.html", context)
