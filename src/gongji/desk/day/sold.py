"""What was settled or refunded at this institution, by its number: the receipt's page, with what is left to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from gongji.desk import drafts
from gongji.desk.cashier.settle import CASH, Cash
from gongji.desk.till.sold import SOLD, Sold, hand_out
from gongji.desk.till.views import is_pharmacy
from gongji.members.selectors import find
from gongji.settlement.listing import Taken, one_of_institution
from gongji.web.charts import Part, who_pays
from gongji.web.pages import Page, page, url

__all__ = ["again", "own_settlement", "parts_of", "sold"]


async def own_settlement(shown: Page, number: str) -> Taken | None:
    """The settlement or refund with this number, made at the visitor's institution."""
    if not (number.isascii() and number.isdecimal()) or len(number) > 19:
        return None
    async with shown.connection() as conn:
        return await one_of_institution(conn, shown.visitor.institution, int(number))


def parts_of(taken: Taken) -> list[Part]:
    """Who paid, for the stacked bar; of a refund, who gets back what."""
    sign = taken.kind
    amounts = (taken.fund_fen, taken.account_fen, taken.mutual_fen, taken.cash_fen)
    return who_pays(*(sign * amount for amount in amounts))


@page("desk.sold")
async def sold(shown: Page, number: str) -> HttpResponse:
    """After a settlement or refund: its number, who pays what, change, whether the drugs are handed out, the paper to print."""
    taken = await own_settlement(shown, number)
    if taken is None:
        return await shown.no(404, "没有这笔结算", "本机构没有这个编号的结算。请核对结算编号。")
    await shown.look(taken.psn_no, ("setlinfo",), f"结算 {number}")
    return await shown.show("desk/day/sold.html", await _context(shown, taken))


async def _context(shown: Page, taken: Taken) -> dict[str, Any]:
    async with shown.connection() as conn:
        person = await find(conn, shown.platform.vault, psn_no=taken.psn_no)
    kept = await drafts.draft(shown, SOLD, str(taken.settlement_id), Sold)
    before = await drafts.draft(shown, SOLD, str(taken.original_id), Sold) if taken.original_id else None
    goods = before or kept
    given = await drafts.draft(shown, CASH, str(taken.settlement_id), Cash)
    return {
        "taken": taken,
        "parts": parts_of(taken),
        "name": person.name if person is not None else "",
        "kept": kept,
        "cash": kept if kept is not None and kept.received_fen is not None else given,
        "pharmacy": is_pharmacy(shown),
        "refund": taken.kind == -1,
        "unreturned": goods.unreturned if goods is not None else None,
        "restorable": before is not None and not before.sale.rx_no,
        "msgid": shown.msgid(),
    }


@page("desk.sold_again")
async def again(shown: Page, number: str) -> HttpResponse:
    """Hand out once more what did not leave the shelf."""
    taken = await own_settlement(shown, number)
    kept = await drafts.draft(shown, SOLD, number, Sold) if taken is not None else None
    if kept is None:
        return await shown.no(404, "没有要发的药", "这笔结算不是在收银台做的，或者药品已经发出。")
    if shown.request.method == "POST":
        await hand_out(shown, kept)
    return HttpResponseRedirect(url("desk.sold", number))
