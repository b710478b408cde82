"""Stock (库存): what stands on the shelves by batch, with what ends soon; and every movement that was stated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpResponse

from gongji.access import permitted
from gongji.desk.manager.common import asked
from gongji.desk.manager.lists import Column, Facet, Shown, exported, listing
from gongji.stock.rules import CHANGES, MARKS
from gongji.stock.selectors import KINDS, MAX_ROWS, Asked, Recorded, batches_of, movements
from gongji.stock.values import Batch
from gongji.web.pages import Page, page, url

__all__ = ["KIND_NAMES", "moves", "period", "shelf", "soon_on", "state_of", "tabs"]

SOON: Final = timedelta(days=90)
"""From when on a batch is shown as ending soon: a habit of the trade (近效期), no rule of the insurance."""
KIND_NAMES: Final = dict(
    zip(KINDS, ("盘存", "库存变更", "采购入库", "采购退货", "销售出库", "销售退回"), strict=True)
)
STATES: Final = (
    ("over", "已过有效期"),
    ("soon", "近效期"),
    ("good", "可售"),
    ("below", "小于零"),
    ("none", "没有库存"),
)
COLOURS: Final = {"over": "bad", "soon": "wait", "good": "ok", "below": "bad", "none": "info"}
PERIOD: Final = "90"
PERIOD_WORD: Final = "90 天"
DAYS: Final = (("30", "30 天"), ("365", "一年"))
LONGEST: Final = timedelta(days=3_660)


TABS: Final = (
    ("desk.stock", "现有库存", ""),
    ("desk.stock.moves", "流水", ""),
    ("desk.stock.balance", "进销存平衡", ""),
    ("desk.stock.trace", "追溯码", ""),
    ("desk.stock.add", "登记", "F2"),
    ("desk.stock.import", "导入", ""),
)


def tabs(page: Page) -> list[dict[str, object]]:
    """The pages of stock that the visitor may open."""
    return [
        {"address": url(code), "word": word, "key": key, "here": code == page.operation.code}
        for code, word, key in TABS
        if permitted(page.visitor.roles, code)
    ]


def soon_on(today: date) -> date:
    """Up to this day a batch ends soon."""
    return today + SOON


def state_of(batch: Batch, today: date) -> str:
    """A batch's state as the list names it (``STATES``)."""
    if batch.quantity_e4 <= 0:
        return "below" if batch.quantity_e4 else "none"
    if batch.expired(today):
        return "over"
    return "soon" if batch.expires_on is not None and batch.expires_on <= soon_on(today) else "good"


@page("desk.stock")
async def shelf(page: Page) -> HttpResponse:
    """What is on hand, by batch."""
    async with page.connection() as conn:
        batches = await batches_of(conn, page.visitor.institution)
    made = listing(
        page.request,
        "现有库存",
        (
            Column("name", "药品或耗材"),
            Column("local", "本院编码"),
            Column("batch", "批次"),
            Column("expires", "有效期至", "day"),
            Column("state", "状态", "state"),
            Column("quantity", "数量", "quantity", total=True),
            Column("moved", "最近变动", "minute"),
        ),
        [_batch(one, page.today) for one in batches],
        facets=(
            Facet("state", "状态", STATES, lambda row, wanted: row["state_code"] == wanted),
            Facet(
                "coded",
                "追溯码",
                (("1", "按码入库"), ("0", "没有码")),
                lambda row, wanted: row["coded"] == (wanted == "1"),
            ),
        ),
        searched=("name", "local", "batch", "lot"),
        order="expires",
    )
    counts = {code: sum(state_of(one, page.today) == code for one in batches) for code in COLOURS}
    return exported(page.request, made) or await page.show(
        "desk/manager/stock.html",
        {"list": made, "counts": counts, "soon_days": SOON.days, "tabs": tabs(page)},
    )


def _batch(one: Batch, today: date) -> dict[str, Any]:
    code = state_of(one, today)
    word = dict(STATES)[code]
    if code == "soon" and one.expires_on is not None:
        word = f"还有 {(one.expires_on - today).days} 天到期"
    return {
        "name": Shown(one.local_name or one.item, code=one.item),
        "local": one.local_item,
        "batch": Shown(one.batch, link=f"{url('desk.stock.moves')}?batch={one.batch}&days=365"),
        "lot": one.lot_no,
        "expires": one.expires_on,
        "state": Shown(word, COLOURS[code], sort=list(COLOURS).index(code)),
        "state_code": code,
        "coded": one.coded,
        "quantity": one.quantity_e4,
        "moved": one.moved_at,
    }


def period(given: Any, today: date) -> tuple[date, date]:
    """First and last day that the address asks for (``from``, ``until``), the last ``days`` when it names none."""
    try:
        first, last = date.fromisoformat(given.get("from", "")), date.fromisoformat(given.get("until", ""))
    except ValueError:
        days = given.get("days", PERIOD)
        first, last = today - timedelta(days=int(days) if days in dict(DAYS) else int(PERIOD)), today
    last = min(max(first, last), first + LONGEST)
    return first, last


@page("desk.stock.moves")
async def moves(page: Page) -> HttpResponse:
    """Every movement that was stated, of a period, a batch or a trace code."""
    first, last = period(page.request.GET, page.today)
    wanted = Asked(
        from_on=first, until_on=last, batch=asked(page, "batch", 30), code=asked(page, "code", 100)
    )
    async with page.connection() as conn:
        found = await movements(conn, page.visitor.institution, wanted)
    made = listing(
        page.request,
        "库存流水",
        (
            Column("at", "发生时间", "minute"),
            Column("kind", "类别"),
            Column("name", "药品或耗材"),
            Column("batch", "批次"),
            Column("quantity", "数量", "quantity", total=True),
            Column("price", "单价（元）", "price"),
            Column("document", "单据"),
            Column("marks", "提示", "state"),
        ),
        [_movement(one) for one in found[:MAX_ROWS]],
        facets=(
            Facet("days", "期间", DAYS, lambda row, wanted: True, PERIOD_WORD),
            Facet("kind", "类别", tuple(KIND_NAMES.items()), lambda row, wanted: row["kind_code"] == wanted),
            Facet("marked", "提示", (("1", "有提示"), ("deleted", "已删除")), _marked),
        ),
        searched=("name", "batch", "document"),
        order="-at",
        notes=(f"{first} 至 {last}",),
    )
    context = {
        "list": made,
        "first": first,
        "last": last,
        "batch": wanted.batch,
        "cut": len(found) > MAX_ROWS,
        "most": MAX_ROWS,
        "tabs": tabs(page),
        "done": asked(page, "done", 30),
    }
    return exported(page.request, made) or await page.show("desk/manager/stock_moves.html", context)


def _marked(row: dict[str, Any], wanted: str) -> bool:
    return bool(row["deleted"]) if wanted == "deleted" else bool(row["marked"])


def _movement(one: Recorded) -> dict[str, Any]:
    words = [MARKS[mark] for mark in one.marks if mark in MARKS]
    if one.deleted_at is not None:
        words.insert(0, "已删除")
    change = CHANGES.get(one.change_type)
    return {
        "at": one.occurred_at,
        "kind": f"{KIND_NAMES[one.kind]}（{change[0]}）" if change else KIND_NAMES[one.kind],
        "kind_code": one.kind,
        "name": Shown(one.local_name or one.item, code=one.local_item),
        "batch": one.batch,
        "quantity": one.quantity_e4,
        "price": one.price_micro,
        "document": one.document,
        "marks": Shown("；".join(words), ("info" if one.deleted_at else "wait") if words else ""),
        "marked": bool(one.marks),
        "deleted": one.deleted_at is not None,
    }
