"""上一笔没有回音: what became of a settlement whose answer never came, by the own number; taken up again, or undone."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.desk import drafts
from gongji.desk.cashier.bill import KIND as BILL
from gongji.desk.cashier.bill import Bill
from gongji.desk.cashier.settle import taken_up as visit_taken_up
from gongji.desk.day.refund import back_to_shelf, refunded
from gongji.desk.day.sent import Sent, forget, lost, lost_one, record, resend, senders_of
from gongji.desk.till.sale import KIND, Sale
from gongji.desk.till.sold import taken_up
from gongji.gateway.inside import Done, Refused
from gongji.settlement.selectors import answer
from gongji.web.pages import Page, page, url

__all__ = ["lost_page"]

SETTLING: Final = ("2102", "2207")
NUMBERED: Final = ("2102", "2103", "2207", "2208", "2601")
NAMES: Final = {
    "2102": "药店结算",
    "2103": "药店退费",
    "2207": "门诊结算",
    "2208": "门诊退费",
    "2601": "冲正",
}
NEVER_CAME: Final = "MESSAGE_NOT_FOUND"


class Fate(msgspec.Struct, frozen=True):
    """What the platform knows of a number: the settlement that it made, or nothing."""

    infno: str
    name: str
    msgid: str
    settlement_id: int
    sent: Sent | None = None
    operator: str = ""

    @property
    def may_undo(self) -> bool:
        return self.infno in SETTLING


@page("desk.lost")
async def lost_page(shown: Page) -> HttpResponse:
    """Own messages without an answer, and any number of this institution; a post takes one up again or undoes it."""
    if shown.request.method == "POST":
        return await _act(shown)
    return await _show(shown, None)


async def _show(shown: Page, refused: Refused | None, told: str = "") -> HttpResponse:
    number = shown.request.GET.get("number", "").strip()[:30]
    mine = [await _fate(shown, sent.infno, sent.msgid, sent) for sent in await lost(shown)]
    for fate in mine:
        assert fate.sent is not None
        await shown.look(fate.sent.psn_no, ("psn_name", "setlinfo"), f"没有回音 {fate.msgid}")
    asked = await _asked(shown, number) if number else []
    context: dict[str, Any] = {
        "mine": mine,
        "asked": asked,
        "number": number,
        "refused": refused,
        "told": told,
        "msgid": shown.msgid(),
    }
    return await shown.show("desk/day/lost.html", context, 422 if refused else 200)


async def _fate(shown: Page, infno: str, msgid: str, sent: Sent | None = None) -> Fate:
    async with shown.connection() as conn:
        found = await answer(conn, shown.visitor.institution, infno, msgid)
    return Fate(infno, NAMES.get(infno, infno), msgid, found.settlement_id if found is not None else 0, sent)


async def _asked(shown: Page, number: str) -> list[Fate]:
    """What took effect under a number, in whichever trade, and who sent it."""
    senders = {one.infno: one.operator for one in await senders_of(shown, number)}
    fates = [await _fate(shown, infno, number) for infno in NUMBERED]
    return [
        msgspec.structs.replace(fate, operator=senders.get(fate.infno, ""))
        for fate in fates
        if fate.settlement_id or fate.infno in senders
    ]


async def _act(shown: Page) -> HttpResponse:
    form = shown.request.POST
    sent = await lost_one(shown, form.get("number", "")[:30])
    if sent is None:
        return await _show(shown, None, "这笔结算已经有了回音，或者不是您等着的，不用再查")
    if form.get("do") == "undo":
        return await _undo(shown, sent, form.get("msgid", "")[:30] or shown.msgid())
    done = await resend(shown, sent)
    if isinstance(done, Refused):
        return await _show(shown, done)
    return HttpResponseRedirect(url("desk.sold", await _take_up(shown, sent, done)))


async def _take_up(shown: Page, sent: Sent, done: Done) -> str:
    """Go on where the lost answer would have led; the number of the settlement or refund."""
    if sent.place == KIND:
        return (await taken_up(shown, sent, done)).split.settlement_no
    if sent.place.startswith("refund/"):
        return await refunded(shown, sent, done)
    return await visit_taken_up(shown, sent, done)


async def _undo(shown: Page, sent: Sent, msgid: str) -> HttpResponse:
    """2601: what took effect is reversed; what never arrived is made void, so that it cannot arrive any more."""
    if sent.infno not in SETTLING:
        return await _show(shown, Refused("REVERSAL_NOT_ALLOWED", "退费没有冲正：请再取一次结果"))
    before = await _fate(shown, sent.infno, sent.msgid)
    nodes = {"data": {"psn_no": sent.psn_no, "omsgid": sent.msgid, "oinfno": sent.infno}}
    await record(shown, "2601", msgid, sent.psn_no, -sent.shown)
    undone = await shown.trade("2601", nodes, msgid, insured_region=sent.region)
    if isinstance(undone, Refused) and undone.code not in (NEVER_CAME, "ALREADY_REVERSED"):
        return await _show(shown, undone)
    if before.settlement_id:  # the drugs may have left, though nobody heard of it
        await back_to_shelf(shown, str(before.settlement_id), msgid, shown.at)
    await forget(shown, sent.msgid)
    await _unprepare(shown, sent.msgid)
    if before.settlement_id:
        return HttpResponseRedirect(url("desk.sold", before.settlement_id))
    return await _show(
        shown, None, "平台没有收到这笔结算，编号已作废，迟到也不会生效；没有收费，可以重新结算"
    )


async def _unprepare(shown: Page, msgid: str) -> None:
    """What is still on the screen under a number that is void now has to be pre-settled anew."""
    sale = await drafts.draft(shown, KIND, "", Sale)
    if sale is not None and sale.prepared is not None and sale.prepared.msgid == msgid:
        await drafts.keep(shown, KIND, "", sale.changed())
    bill = await drafts.draft(shown, BILL, "", Bill)
    if bill is not None and bill.prepared is not None and bill.prepared.msgid == msgid:
        await drafts.keep(shown, BILL, "", bill.changed())
