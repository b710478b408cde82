"""Purchases, sales and stock against each other (进销存平衡), with the differences named; and where a trace code has been."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse

from gongji.desk.manager_common import asked
from gongji.desk.manager_lists import Column, Facet, Shown, exported, listing
from gongji.desk.manager_stock import DAYS, KIND_NAMES, PERIOD_WORD, period, tabs
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


COLUMNS: Final = (
    Column("name", "药品或耗材"),
    Column("batch", "批次"),
    Column("opening", "期初", "quantity", total=True),
    Column("purchased", "采购", "quantity", total=True),
    Column("returned", "退货", "quantity", total=True),
    Column("sold", "销售", "quantity", total=True),
    Column("brought_back", "退回", "quantity", total=True),
    Column("changed", "变更", "quantity", total=True),
    Column("difference", "盘存差", "quantity", total=True),
    Column("closing", "期末", "quantity", total=True),
    Column("found", "差异", "state"),
)
SALES_COLUMNS: Final = (
    Column("name", "药品"),
    Column("settled", "医保结算", "quantity", total=True),
    Column("sold", "上报销售", "quantity", total=True),
    Column("sold_settled", "其中医保", "quantity", total=True),
    Column("uncoded", "结算未带追溯码", "quantity", total=True),
    Column("missing", "结算未见销售", "quantity", total=True),
    Column("found", "差异", "state"),
)


def _batch(one: BalanceRow) -> dict[str, Any]:
    named = one.discrepancies
    return {
        "name": Shown(one.local_name or one.item, code=one.local_item),
        "batch": one.batch,
        "opening": one.opening_e4,
        "purchased": one.purchased_e4,
        "returned": one.returned_e4,
        "sold": one.sold_e4,
        "brought_back": one.brought_back_e4,
        "changed": one.changed_e4,
        "difference": one.difference_e4,
        "moved": one.opening_e4 != one.closing_e4 or bool(one.purchased_e4 or one.sold_e4),
        "closing": one.closing_e4,
        "found": Shown("；".join(named) or "平衡", "bad" if named else "ok"),
        "differs": bool(named),
    }


def _sales(one: SalesRow) -> dict[str, Any]:
    named = one.discrepancies
    return {
        "name": Shown(one.name, code=one.item),
        "batch": "",
        "settled": one.settled_e4,
        "sold": one.sold_e4,
        "sold_settled": one.sold_settled_e4,
        "uncoded": one.uncoded_e4,
        "missing": one.missing_e4,
        "moved": True,
        "found": Shown("；".join(named) or "一致", "bad" if named else "ok"),
        "differs": bool(named),
    }


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
