"""A sale that is settled: its goods leave the shelf, and stay known until they have. Settled and handed out are different facts.

The settlement comes first (2102); then the drugs are handed out (7207 on a prescription, 3505 without one). What cannot be handed
out is said on the receipt's page, where it is done again or the sale is refunded.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from gongji.base.money import parse_yuan
from gongji.base.reasons import Refusal
from gongji.desk import drafts
from gongji.desk.cashier.split import Split, split_of
from gongji.desk.counter import Notice
from gongji.desk.day.sent import Sent, finished, lost, send, shown_by
from gongji.desk.till import messages
from gongji.desk.till.sale import KIND, Sale
from gongji.desk.till.sheet import HELD, Held
from gongji.gateway.inside import Done, Refused
from gongji.prescriptions import selectors as prescriptions
from gongji.settlement.listing import one_of_institution
from gongji.web.pages import Page

__all__ = ["SOLD", "Sold", "cash_of", "hand_out", "sell", "taken_up"]

SOLD: Final = "sold"
PURCHASE: Final = "2102"
UNANSWERED: Final = "这位参保人还有一笔结算没有回音，可能已经收费；请先按 F9 查清它，再结算这一笔"


class Sold(msgspec.Struct, frozen=True, kw_only=True):
    """A settled sale with what is left to do. ``dispensed``: number of the sale's leaving, "" while it has not left.
    ``unreturned``: why its goods did not come back to the shelf after a refund.
    """

    msgid: str
    sale: Sale
    split: Split
    sold_at: datetime
    received_fen: int | None = None
    dispensed: str = ""
    notice: Notice | None = None
    unreturned: Notice | None = None

    def __repr__(self) -> str:
        """Fit for a log: nobody's name."""
        return f"Sold({self.split.settlement_no!r})"

    @property
    def change_fen(self) -> int | None:
        return None if self.received_fen is None else self.received_fen - self.split.cash_fen


def cash_of(text: str, due_fen: int) -> int | Refusal | None:
    """The cash that was given, in fen; None where nobody wrote it down. Less than what is due is refused."""
    text = text.strip().replace(",", "").replace("，", "").removesuffix("元")
    if not text:
        return None
    try:
        given = parse_yuan(text)
    except ValueError:
        return Refusal("BAD_FIELD", "实收现金须写成数字，最多两位小数")
    if given < due_fen:
        return Refusal("AMOUNT_MISMATCH", "实收现金少于应收现金")
    return given if given < 10**9 else Refusal("AMOUNT_OUT_OF_RANGE", "实收现金")


async def sell(page: Page, sale: Sale, msgid: str, cash: str) -> Sold | Sale:
    """Settle what was pre-settled under this number, once; the sale with the reason when it was not."""
    prepared, who = sale.prepared, sale.customer
    if prepared is None or who is None or prepared.msgid != msgid:
        return sale.refused("PRESETTLE_CHANGED", "这笔预结算之后又有改动，请按 F4 重新预结算", "settle")
    given = cash_of(cash, prepared.split.cash_fen)
    if isinstance(given, Refusal):
        return msgspec.structs.replace(sale, notice=Notice(given.code, given.text, "cash"))
    if any(one.psn_no == who.psn_no and one.msgid != msgid for one in await lost(page)):
        return sale.refused("MESSAGE_IN_PROGRESS", UNANSWERED, "settle")
    sent = Sent(
        infno=PURCHASE,
        msgid=msgid,
        psn_no=who.psn_no,
        region=who.region,
        nodes=prepared.nodes,
        name=who.name,
        shown=shown_by(prepared.split),
        at=page.at,
        place=KIND,
        kept=msgspec.json.encode(sale).decode(),
        received_fen=given,
    )
    answer = await send(page, sent)
    if isinstance(answer, Refused):
        return msgspec.structs.replace(sale, notice=Notice(answer.code, answer.text, "settle"))
    return await taken_up(page, sent, answer)


async def taken_up(page: Page, sent: Sent, answer: Done) -> Sold:
    """Take up the answer of 2102: keep the sale for handing out, empty the screen, and hand the goods out."""
    split = split_of(answer.output)
    sale = msgspec.json.decode(sent.kept, type=Sale)
    known = await drafts.draft(page, SOLD, split.settlement_no, Sold)
    if known is None:
        known = Sold(
            msgid=sent.msgid,
            sale=msgspec.structs.replace(sale, prepared=None, notice=None),
            split=split,
            sold_at=sent.at,
            received_fen=sent.received_fen,
        )
        await drafts.keep(page, SOLD, split.settlement_no, known)
    await drafts.change(page, KIND, "", Sale, lambda shown: _cleared(shown or Sale(), sale.number))
    known = await hand_out(page, known)
    await finished(page, sent, split.settlement_no)
    return known


def _cleared(shown: Sale, number: str) -> Sale:
    """An empty screen, unless another sale than the settled one is on it."""
    return Sale() if shown.number == number else shown


async def hand_out(page: Page, sold: Sold) -> Sold:
    """Let the goods leave the shelf, once; again is nothing new. What has been refunded stays on the shelf."""
    if sold.dispensed:
        return sold
    async with page.connection() as conn:
        taken = await one_of_institution(conn, page.visitor.institution, int(sold.split.settlement_no))
    if taken is not None and taken.reversed_by is not None:
        return sold
    notice, numbers = None, []
    if sold.sale.rx_no:
        done = await _dispense(page, sold)
        notice = done if isinstance(done, Notice) else None
        numbers += [done] if isinstance(done, str) else []
    if notice is None and any(not _prescribed(sold.sale, key) for key in _keys(sold.sale)):
        done = await _leave_shelf(page, sold)
        notice = done if isinstance(done, Notice) else None
        numbers += [done] if isinstance(done, str) else []
    if notice is None and sold.sale.rx_no and sold.sale.partial:
        await _let_go(page, sold)
    after = msgspec.structs.replace(sold, dispensed="" if notice else "、".join(numbers), notice=notice)
    await drafts.keep(page, SOLD, sold.split.settlement_no, after)
    return after


def _keys(sale: Sale) -> list[str]:
    return [line.key for line in sale.chosen]


def _prescribed(sale: Sale, key: str) -> bool:
    line = sale.line(key)
    return bool(sale.rx_no and line is not None and line.prescribed_e4)


async def _dispense(page: Page, sold: Sold) -> str | Notice:
    """7207 under the review of the present hold."""
    async with page.connection() as conn:
        case = await prescriptions.case(conn, sold.sale.rx_no)
    reviews = [
        event.detail
        for event in (case.events if case is not None else ())
        if event.verb == "review_pass" and event.institution == page.visitor.institution
    ]
    review = reviews[-1] if reviews else None
    nodes = messages.dispensing(
        page.visitor.institution,
        sold.sale,
        str(getattr(review, "sn", "")),
        f"LS{sold.split.settlement_no}",
        messages.stamp(sold.sold_at),
        getattr(review, "reviewer_name", ""),
        page.visitor.name,
    )
    answer = await page.trade("7207", nodes, f"{sold.msgid}x")
    if isinstance(answer, Refused):
        return Notice(answer.code, answer.text, "dispense")
    return str(answer.output["data"]["selStooutSn"])


async def _let_go(page: Page, sold: Sold) -> None:
    """7291: what is not bought here is free for other pharmacies at once; refused, it is free when the hold runs out."""
    held = await drafts.draft(page, HELD, sold.sale.rx_no, Held)
    if held is not None:
        nodes = messages.release(page.visitor.institution, held, sold.sale.reason)
        await page.trade("7291", nodes, f"{sold.msgid}z")
        await drafts.drop(page, HELD, sold.sale.rx_no)


async def _leave_shelf(page: Page, sold: Sold) -> str | Notice:
    """3505 of what nobody has prescribed."""
    assert sold.sale.customer is not None
    document = f"LS{sold.split.settlement_no}"
    nodes = messages.shelf_sales(
        sold.sale,
        sold.sale.customer,
        sold.split.settlement_no,
        sold.split.visit_no,
        document,
        messages.stamp(sold.sold_at),
    )
    answer = await page.trade("3505", nodes, f"{sold.msgid}y")
    return Notice(answer.code, answer.text, "dispense") if isinstance(answer, Refused) else document
