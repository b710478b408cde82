"""The day at the counter: the list of its settlements with its search, and the paper of one of them."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect

from gongji.desk.day.sent import lost, sent_as
from gongji.desk.day.sold import own_settlement
from gongji.desk.day.trades import Row, fitting, rows_of, sums_of
from gongji.members.selectors import names
from gongji.settlement.listing import of_institution
from gongji.web import receipts
from gongji.web.pages import Page, page, url

__all__ = ["asked_day", "day", "paper", "rows_on"]

NARROW: Final = "80"
EARLIEST: Final = date(2000, 1, 1)
"""No counter took anything before; the calendar's first and last days have no instant in every zone."""
KINDS: Final = (("", "全部"), ("settled", "结算"), ("refunded", "退费"))


def asked_day(shown: Page) -> date:
    """The day that is asked for; today where nothing sensible is."""
    try:
        on = date.fromisoformat(shown.request.GET.get("on", ""))
    except ValueError:
        return shown.today
    return on if EARLIEST <= on <= shown.today else shown.today


async def rows_on(shown: Page, on: date) -> list[Row]:
    """What was settled and refunded on the day, through whose hands."""
    async with shown.connection() as conn:
        taken = await of_institution(conn, shown.visitor.institution, on, on)
        known = await names(conn, sorted({one.psn_no for one in taken}))
    return rows_of(taken, await sent_as(shown, [(one.infno, one.msgid) for one in taken]), known)


@page("desk.day")
async def day(shown: Page) -> HttpResponse:
    """The day's settlements and refunds: filters and search in the address, totals of what is shown."""
    on, asked = asked_day(shown), shown.request.GET
    own = asked.get("who", "") == "own"
    kind, text = asked.get("kind", ""), asked.get("q", "").strip()[:30]
    if text and await own_settlement(shown, text) is not None:  # a number says by itself of which day it is
        return HttpResponseRedirect(url("desk.sold", text))
    rows = fitting(
        await rows_on(shown, on), account=shown.visitor.account if own else None, kind=kind, text=text
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
