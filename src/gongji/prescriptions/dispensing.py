"""Handing out and taking back: the pharmacy's side after the review (7207, 7208).

Dispensed and settled are different facts; either may come first. The stock moves in the same transaction, with batch and
trace codes. Source: SX2022-27 第十三、十四条, 国家医保接口 7207、7208.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from gongji.base.hashing import sm3_hex
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.prescriptions import details as d
from gongji.prescriptions.advance import Step, step
from gongji.prescriptions.case import Case, Hold
from gongji.prescriptions.granting import pharmacy_today
from gongji.prescriptions.office import RxOffice, seal_event
from gongji.prescriptions.proxies import refuse_signature
from gongji.prescriptions.quantities import in_sheet_units
from gongji.prescriptions.settling import papers_of, parts_taken, sold_at
from gongji.prescriptions.values import Sale, SaleLine
from gongji.prescriptions.writing import change
from gongji.stock import services as stock
from gongji.stock.values import Paper
from gongji.stock.values import SaleLine as StockLine

__all__ = ["Dispensed", "dispense", "undispense"]

STOCK_ENFORCED: Final = "prescription.stock_enforced"
SPLIT_PACK: Final = "1"


class Dispensed(msgspec.Struct, frozen=True):
    """The sale is recorded."""

    sale_sn: int
    case: Case


async def dispense(
    conn: Connection,
    office: RxOffice,
    pharmacy: str,
    rx_no: str,
    review_sn: int,
    sale: Sale,
    *,
    insured: bool = True,
) -> Dispensed | Refusal:
    """Hand out what the review ``review_sn`` of this pharmacy has passed (7207).

    Uninsured, the items are used up and cannot be settled any more. OUT_OF_STOCK and other reasons of the stock undo everything.
    """
    place = pharmacy_today(office, pharmacy)
    if isinstance(place, Refusal):
        return place
    enforced = office.law.value(STOCK_ENFORCED, place.region, office.on)
    if isinstance(enforced, Refusal):
        return enforced
    sale_sn = office.ids.next()

    def decide(case: Case) -> Case | Refusal:
        return _sold(office, case, pharmacy, review_sn, sale_sn, sale, insured)

    async def beside(inner: Connection, after: Case) -> Refusal | None:
        return await _leave_stock(inner, office, after, pharmacy, sale_sn, sale, enforce=bool(enforced.raw))

    after = await change(conn, rx_no, office.at, decide, beside)
    return after if isinstance(after, Refusal) else Dispensed(sale_sn, after)


def _sold(
    office: RxOffice, case: Case, pharmacy: str, review_sn: int, sale_sn: int, sale: Sale, insured: bool
) -> Case | Refusal:
    review, proxy = _review(case, pharmacy, review_sn)
    wanted = [(line.item, in_sheet_units(office, case, line)) for line in sale.lines]
    parts = parts_taken(
        case, pharmacy, wanted, office.at, settling=False, split_reason=sale.split_reason, insured=insured
    )
    number = case.version + 1
    sealed = seal_event(office.vault, case, number, sale.signature) if sale.signature else None
    detail = d.Sold(
        sale_sn=sale_sn,
        insured=insured,
        parts=parts if not isinstance(parts, Refusal) else (),
        lines=sale.lines,
        dispenser=sale.dispenser,
        checker=sale.checker,
        cash_fen=sale.cash_fen,
        signature=sm3_hex(sale.signature) if sale.signature else "",
    )
    after = _stepped(office, case, "dispense", pharmacy, detail, reason=sale.split_reason, sealed=sealed)
    if isinstance(after, Refusal):
        return after
    if review is None or not _covers(case.hold, review, parts, pharmacy):
        return Refusal("RX_NOT_REVIEWED", str(review_sn))
    if isinstance(parts, Refusal):
        return parts
    return refuse_signature(proxy, sale.signature) or after


def _covers(
    hold: Hold | None, review: d.Reviewed, parts: tuple[d.Part, ...] | Refusal, pharmacy: str
) -> bool:
    """A review covers what was taken under it: new parts need the one of the present hold, known ones that of their fill."""
    if isinstance(parts, Refusal):
        return True
    present = hold is not None and hold.institution == pharmacy and hold.review is not None
    return all(
        part.fill == review.fill
        and (
            part.known
            or (present and hold is not None and hold.review is not None and hold.review.sn == review.sn)
        )
        for part in parts
    )


def _review(case: Case, pharmacy: str, review_sn: int) -> tuple[d.Reviewed | None, bool]:
    """The pharmacy's passed review with this number, and whether a proxy fetches what was taken under it."""
    proxy = False
    for event in case.events:
        if isinstance(event.detail, d.Accepted):
            proxy = event.detail.proxy
        elif (
            event.verb == "review_pass"
            and event.institution == pharmacy
            and isinstance(event.detail, d.Reviewed)
            and event.detail.sn == review_sn
        ):
            return event.detail, proxy
    return None, False


async def _leave_stock(
    conn: Connection, office: RxOffice, case: Case, pharmacy: str, sale_sn: int, sale: Sale, *, enforce: bool
) -> Refusal | None:
    """Take the lines out of the pharmacy's stock, paper by paper (零售单据号)."""
    papers: dict[str, list[SaleLine]] = {}
    for line in sale.lines:
        papers.setdefault(line.document or str(sale_sn), []).append(line)
    for document, lines in papers.items():
        refusal = await stock.sell(
            conn,
            pharmacy,
            [_stock_line(line) for line in lines],
            document=document,
            at=sold_at(lines, office.at),
            ids=office.ids,
            enforce=enforce,
            received_at=office.at,
            rx_no=case.rx_no,
            psn_no=case.psn_no,
        )
        if refusal is not None:
            return refusal
    return None


def _stock_line(line: SaleLine) -> StockLine:
    return StockLine(
        item=line.item,
        local_item=line.local_item,
        quantity_e4=line.quantity_e4,
        batch=line.batch,
        lot_no=line.lot,
        split=any(flag == SPLIT_PACK for _, flag in line.traces),
        traces=tuple(code for code, _ in line.traces),
    )


async def undispense(
    conn: Connection, office: RxOffice, pharmacy: str, rx_no: str, sale_sn: int | None = None
) -> Case | Refusal:
    """Take back a sale, or every one of this pharmacy that is not settled (7208); the drugs return to the stock.

    RX_SETTLED: the settlement is to be reversed first, and takes the sale back itself.
    """
    returned: list[Paper] = []

    def decide(case: Case) -> Case | Refusal:
        sales = _unsettled(case, pharmacy, sale_sn)
        if isinstance(sales, Refusal):
            allowed = _stepped(office, case, "undispense", pharmacy, d.Unsold(()))
            return allowed if isinstance(allowed, Refusal) else sales
        after = _stepped(office, case, "undispense", pharmacy, d.Unsold(sales))
        if isinstance(after, Refusal):
            return after
        returned[:] = papers_of(case, sales)
        return after

    async def beside(inner: Connection, _after: Case) -> Refusal | None:
        return await _back_to_stock(inner, office, pharmacy, rx_no, returned)

    return await change(conn, rx_no, office.at, decide, beside)


def _unsettled(case: Case, pharmacy: str, sale_sn: int | None) -> tuple[int, ...] | Refusal:
    mine = [t for t in case.takings if t.institution == pharmacy and t.sale_sn]
    settled = {taking.sale_sn for taking in mine if taking.settlement_id}
    if sale_sn is not None:
        if sale_sn in settled:
            return Refusal("RX_SETTLED", str(sale_sn))
        mine = [taking for taking in mine if taking.sale_sn == sale_sn]
    sales = tuple(sorted({taking.sale_sn for taking in mine} - settled))
    if not sales and settled:
        return Refusal("RX_SETTLED", case.rx_no)
    return sales or Refusal("RX_SALE_NOT_FOUND", case.rx_no)


async def _back_to_stock(
    conn: Connection, office: RxOffice, pharmacy: str, rx_no: str, papers: Iterable[Paper]
) -> Refusal | None:
    for paper in papers:
        refusal = await stock.sale_returned(
            conn, pharmacy, paper, at=office.at, ids=office.ids, rx_no=rx_no, reason="撤销发药"
        )
        if refusal is not None:
            return refusal
    return None


def _stepped(
    office: RxOffice,
    case: Case,
    verb: str,
    pharmacy: str,
    detail: d.Detail,
    *,
    reason: str = "",
    sealed: bytes | None = None,
) -> Case | Refusal:
    wanted = Step(
        verb=verb,
        actor=office.actor,
        at=office.at,
        institution=pharmacy,
        reason=reason,
        detail=detail,
        sealed=sealed,
    )
    return step(case, wanted)
