"""Pages of the day: the list with its search, the closing of the own day, the comparison with the platform, the paper."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.sqlfiles import sql
from gongji.desk.day_sent import lost, sent_on
from gongji.desk.day_sold import own_settlement
from gongji.desk.day_trades import Row, Sums, compared, fitting, rows_of, sums_of
from gongji.members.selectors import names
from gongji.settlement.listing import of_institution
from gongji.web import receipts
from gongji.web.pages import Page, page, url

__all__ = ["closing", "day", "paper", "reconcile"]

WRITE = sql("gongji.desk", "closing_write")
CLOSED = sql("gongji.desk", "closing_of_day")
NARROW: Final = "80"
KINDS: Final = (("", "全部"), ("settled", "结算"), ("refunded", "退费"))


class Closed(msgspec.Struct, frozen=True):
    """A closing as it was written."""

    closing_id: int
    operator: str
    closed_at: Any
    sums: Sums


def _day(shown: Page) -> date:
    """The day that is asked for; today where nothing sensible is."""
    try:
        return date.fromisoformat(shown.request.GET.get("on", ""))
    except ValueError:
        return shown.today


async def _rows(shown: Page, on: date) -> list[Row]:
    async with shown.connection() as conn:
        taken = await of_institution(conn, shown.visitor.institution, on, on)
        known = await names(conn, sorted({one.psn_no for one in taken}))
    return rows_of(taken, await sent_on(shown, on), known)


@page("desk.day")
async def day(shown: Page) -> HttpResponse:
    """The day's settlements and refunds: filters and search in the address, totals of what is shown."""
    on, asked = _day(shown), shown.request.GET
    own = asked.get("who", "") == "own"
    kind, text = asked.get("kind", ""), asked.get("q", "").strip()[:30]
    rows = fitting(
        await _rows(shown, on), account=shown.visitor.account if own else None, kind=kind, text=text
    )
    context = {
        "on": on,
        "rows": list(reversed(rows)),
        "sums": sums_of(rows),
        "own": own,
        "kind": kind,
        "kinds": KINDS,
        "text": text,
        "lost": await lost(shown),
    }
    return await shown.show("desk/day/day.html", context)


@page("desk.closing")
async def closing(shown: Page) -> HttpResponse:
    """The own day: sums by payer, cash in and out; a post writes the closing, once a day."""
    on = _day(shown)
    rows = fitting(await _rows(shown, on), account=shown.visitor.account)
    silent, closed = await lost(shown), await _closed(shown, on)
    refused = ""
    if shown.request.method == "POST" and closed is None:
        refused = "还有结算没有回音，请先查清（F9），再日结" if silent else ""
        if not refused and on > shown.today:
            refused = "不能日结以后的日子"
        if not refused:
            await _close(shown, on, sums_of(rows))
            return HttpResponseRedirect(f"{url('desk.closing')}?on={on}")
    context = {
        "on": on,
        "rows": rows,
        "sums": sums_of(rows),
        "closed": closed,
        "later": _later(rows, closed),
        "lost": silent,
        "refused": refused,
    }
    return await shown.show("desk/day/closing.html", context, 422 if refused else 200)


def _later(rows: list[Row], closed: Closed | None) -> list[Row]:
    """What was done after the closing: it belongs to nobody's till any more until it is looked at."""
    return [] if closed is None else [row for row in rows if row.taken.settled_at > closed.closed_at]


async def _close(shown: Page, on: date, sums: Sums) -> None:
    who = shown.visitor
    text = msgspec.json.encode(sums).decode()
    async with shown.connection() as conn:
        await conn.execute(
            WRITE, who.institution, shown.platform.ids.next(), who.account, who.name, on, shown.at, text
        )


async def _closed(shown: Page, on: date) -> Closed | None:
    async with shown.connection() as conn:
        row = await conn.fetchrow(CLOSED, shown.visitor.institution, shown.visitor.account, on)
    if row is None:
        return None
    sums = msgspec.json.decode(row["sums"], type=Sums)
    return Closed(row["closing_id"], row["operator"], row["closed_at"], sums)


@page("desk.reconcile")
async def reconcile(shown: Page) -> HttpResponse:
    """What the workstations sent beside what the platform has: counts, amounts, and every number that stands on one side only."""
    on = _day(shown)
    rows, senders = await _rows(shown, on), await sent_on(shown, on)
    result = compared(rows, senders, await lost(shown))
    context = {
        "on": on,
        "result": result,
        "both": sums_of(result.both),
        "elsewhere": sums_of(result.elsewhere),
        "all": sums_of(rows),
    }
    return await shown.show("desk/day/reconcile.html", context)


@page("desk.receipt")
async def paper(shown: Page, number: str) -> HttpResponse:
    """The 结算单 of the own settlement, A4 or 80 mm."""
    taken = await own_settlement(shown, number)
    if taken is None:
        return await shown.no(404, "没有这笔结算", "本机构没有这个编号的结算。请核对结算编号。")
    await shown.look(taken.psn_no, ("setlinfo", "feedetail"), f"结算单 {number}")
    async with shown.connection() as conn:
        found = await receipts.paper_of(shown.platform, conn, taken.psn_no, taken.settlement_id)
    if found is None:
        return await shown.no(404, "没有这张结算单", "请核对结算编号。")
    context = receipts.shown(found) | {
        "narrow": shown.request.GET.get("paper") == NARROW,
        "back": url("desk.sold", number),
    }
    return await shown.show("web/receipt.html", context)
