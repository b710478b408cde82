"""A refund (退费): what will happen is shown in full, then 2208 or 2103 does it, and the goods come back to the shelf (3506)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.desk import drafts
from gongji.desk.counter import Notice
from gongji.desk.day.sent import SILENT, Amounts, Sent, finished, send
from gongji.desk.day.sold import own_settlement, parts_of
from gongji.desk.till import messages
from gongji.desk.till.sold import SOLD, Sold
from gongji.desk.till.views import is_pharmacy
from gongji.gateway.inside import Done, Refused
from gongji.members.selectors import find
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.states import STATES
from gongji.settlement.listing import Taken
from gongji.web.pages import Page, page, url

__all__ = ["REFUNDS", "back_to_shelf", "refund", "refunded"]

REFUNDS: Final = {True: "2103", False: "2208"}
"""By whether the institution is a pharmacy."""


@page("desk.refund")
async def refund(shown: Page, number: str) -> HttpResponse:
    """What a refund of the settlement does; a post does it, once."""
    taken = await own_settlement(shown, number)
    if taken is None or taken.kind != 1:
        return await shown.no(
            404, "没有这笔结算", "本机构没有这个编号的结算，或者它本身就是退费。请核对结算编号。"
        )
    if shown.request.method != "POST":
        return await _ask(shown, taken, None)
    msgid = shown.request.POST.get("msgid", "")[:30]
    if not msgid:
        return HttpResponseRedirect(url("desk.refund", number))
    async with shown.connection() as conn:
        person = await find(conn, shown.platform.vault, psn_no=taken.psn_no)
    sent = Sent(
        infno=REFUNDS[is_pharmacy(shown)],
        msgid=msgid,
        psn_no=taken.psn_no,
        region=taken.region,
        nodes={
            "data": {
                "setl_id": str(taken.settlement_id),
                "mdtrt_id": str(taken.visit_id),
                "psn_no": taken.psn_no,
            }
        },
        name=person.name if person is not None else "",
        shown=Amounts(
            -taken.total_fen, -taken.fund_fen, -taken.account_fen - taken.mutual_fen, -taken.cash_fen
        ),
        at=shown.at,
        place=f"refund/{number}",
    )
    answer = await send(shown, sent)
    if isinstance(answer, Refused):
        return await _ask(shown, taken, answer)
    return HttpResponseRedirect(url("desk.sold", await refunded(shown, sent, answer)))


async def refunded(shown: Page, sent: Sent, answer: Done) -> str:
    """Take up the answer of a refund: the goods come back to the shelf; the refund's number. As long as nobody knows whether the
    goods have, the refund stays among what has no answer, and is taken up again.
    """
    done = str(answer.output["setlinfo"]["setl_id"])
    wrong = await back_to_shelf(shown, sent.nodes["data"]["setl_id"], sent.msgid, sent.at)
    if wrong is None or wrong.code not in SILENT:
        await finished(shown, sent, done)
    return done


async def back_to_shelf(shown: Page, number: str, msgid: str, at: datetime) -> Notice | None:
    """3506 of what nobody had prescribed of the settlement ``number``, once under ``msgid``; what was prescribed has come back with
    the refund itself.
    """
    kept = await drafts.draft(shown, SOLD, number, Sold)
    if kept is None or not kept.dispensed:
        return None
    nodes = messages.shelf_returns(kept.sale, number, messages.stamp(at))
    if not nodes["selinfo"]:
        return None
    back = await shown.trade("3506", nodes, f"{msgid}r")
    wrong = Notice(back.code, back.text) if isinstance(back, Refused) else None
    if wrong != kept.unreturned:
        await drafts.keep(shown, SOLD, number, msgspec.structs.replace(kept, unreturned=wrong))
    return wrong


async def _ask(shown: Page, taken: Taken, refused: Refused | None) -> HttpResponse:
    """The page that shows what will happen."""
    await shown.look(taken.psn_no, ("setlinfo",), f"退费 {taken.settlement_id}")
    key = (taken.psn_no, taken.settlement_id)
    async with shown.connection() as conn:
        person = await find(conn, shown.platform.vault, psn_no=taken.psn_no)
        cases = (await prescriptions.cases_of_settlements(conn, [key])).get(key, ())
    kept = await drafts.draft(shown, SOLD, str(taken.settlement_id), Sold)
    context: dict[str, Any] = {
        "taken": taken,
        "parts": parts_of(taken),
        "name": person.name if person is not None else "",
        "kept": kept,
        "sheets": [(case.rx_no, STATES.get(case.state, "")) for case in cases],
        "pharmacy": is_pharmacy(shown),
        "refused": refused or _already(taken),
        "done": taken.reversed_by is not None,
        "msgid": shown.msgid(),
    }
    return await shown.show("desk/day/refund.html", context, 422 if refused else 200)


def _already(taken: Taken) -> Refused | None:
    """What stands against a refund before it is asked for."""
    if taken.reversed_by is None:
        return None
    known = Refusal("ALREADY_REVERSED", f"退费结算ID {taken.reversed_by}")
    return Refused(known.code, known.text)
