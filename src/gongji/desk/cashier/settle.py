"""The settlement of a bill (2207): what was pre-settled, once; the cash that was given is kept for the receipt's page."""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.desk import drafts
from gongji.desk.cashier.bill import KIND, Bill
from gongji.desk.cashier.split import split_of
from gongji.desk.counter import Notice
from gongji.desk.day.sent import Sent, finished, send, shown_by
from gongji.desk.till.sold import cash_of
from gongji.gateway.inside import Done, Refused
from gongji.web.pages import Page

__all__ = ["CASH", "Cash", "pay", "taken_up"]

CASH: Final = "cash"
SETTLEMENT: Final = "2207"


class Cash(msgspec.Struct, frozen=True):
    """What was given at the counter for one settlement; ``change_fen`` went back."""

    received_fen: int
    due_fen: int

    @property
    def change_fen(self) -> int:
        return self.received_fen - self.due_fen


async def pay(page: Page, bill: Bill, msgid: str, cash: str, name: str) -> str | Bill:
    """Settle what was pre-settled under this number; the settlement's number, or the bill with why not."""
    prepared = bill.prepared
    if prepared is None or prepared.msgid != msgid:
        return bill.refused("PRESETTLE_CHANGED", "这笔预结算之后又有改动，请按 F4 重新预结算", "settle")
    given = cash_of(cash, prepared.split.cash_fen)
    if isinstance(given, Refusal):
        return msgspec.structs.replace(bill, notice=Notice(given.code, given.text, "cash"))
    sent = Sent(
        infno=SETTLEMENT,
        msgid=msgid,
        psn_no=prepared.nodes["data"]["psn_no"],
        region=bill.customer.region if bill.customer is not None else "",
        nodes=prepared.nodes,
        name=name,
        shown=shown_by(prepared.split),
        at=page.at,
        place=KIND,
        received_fen=given,
    )
    answer = await send(page, sent)
    if isinstance(answer, Refused):
        return msgspec.structs.replace(bill, notice=Notice(answer.code, answer.text, "settle"))
    return await taken_up(page, sent, answer)


async def taken_up(page: Page, sent: Sent, answer: Done) -> str:
    """Take up the answer of 2207: the cash is kept, the screen shows what is left of the visit; the settlement's number."""
    split = split_of(answer.output)
    if sent.received_fen is not None:
        await drafts.keep(page, CASH, split.settlement_no, Cash(sent.received_fen, split.cash_fen))
    shown = await drafts.draft(page, KIND, "", Bill)
    if shown is not None and shown.prepared is not None and shown.prepared.msgid == sent.msgid:
        await drafts.keep(page, KIND, "", Bill())
    await finished(page, sent, split.settlement_no)
    return split.settlement_no
