"""7207-7210 and the extension 7291 药店侧: handing out, taking back, delivery, and giving a prescription free again.

7291 is this platform's own (处方释放与拆分登记): the national interface has no way to give a prescription back
and none to register why drugs are bought elsewhere (SX2022-27 第十四条).
"""

from gongji.base.codes import is_known
from gongji.base.money import MICRO_PER_FEN, div_round
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.gateway.calls import Call, Reply
from gongji.gateway.centre import answered, for_sellers, office_of, once_here, own
from gongji.gateway.filing import plain
from gongji.gateway.folding import as_text, data_of, extended, listed, rows_of
from gongji.gateway.messages import rxout, t72
from gongji.gateway.rxissue import texts
from gongji.gateway.visits import number_of
from gongji.prescriptions import services
from gongji.prescriptions.services import Delivery, Receipt
from gongji.prescriptions.values import Sale, SaleLine

COURIER = (
    "delverCertType", "delverCertno", "delverName", "delverTel", "delverLng", "delverLat", "delverGeoType", "delvEntpNo",
)  # fmt: skip
DELIVERED = ("delvAddr", "delvDtce", "delvConner", "delvConTel", *COURIER)
"""What of a delivery is kept sealed."""
UNINSURED = "0"
YES = "1"
LINE = (
    "drugProdname", "drugGenname", "drugSpec", "drugDosform", "prdrName", "aprvno", "drugstdcode", "drugProdBarc", "shelfLoc",
    "stooutNo",
)  # fmt: skip


async def dispense(call: Call) -> Reply:
    """7207: what leaves the counter, batch by batch with its trace codes; whether insurance pays for it is another fact."""
    asked = data_of(t72.SaleHead, call)
    if not isinstance(asked, Refusal):
        asked = extended(t72.SaleHead, asked, asked.extras, "data")
    if isinstance(asked, Refusal):
        return asked
    rows = rows_of(t72.SaleRow, call, "rxSaleDrugDetl")
    if isinstance(rows, Refusal):
        return rows
    wrong = for_sellers(call, asked.fixmedinsCode) or _sale_wrong(asked, rows)
    if wrong is not None:
        return wrong
    sale, insured = _sale(asked, rows), asked.hiFeesetlFlag != UNINSURED
    review_sn = number_of(asked.rxChkBizSn) or 0

    async def effect(connection: Connection) -> Reply:
        done = await services.dispense(
            connection, office_of(call), call.caller, asked.hiRxno, review_sn, sale, insured=insured
        )
        if isinstance(done, Refusal):
            return done
        return answered(rxout.Sold(flag=True, selStooutSn=str(done.sale_sn)))

    return await once_here(call, asked.hiRxno, effect)


def _sale_wrong(asked: t72.SaleHead, rows: list[t72.SaleRow]) -> Refusal | None:
    if asked.hiFeesetlFlag == UNINSURED and asked.psnCashPay is None:
        return Refusal("MISSING_FIELD", "data.psnCashPay（非医疗保险结算时必填）")
    for number, row in enumerate(rows, start=1):
        if row.drugTotlcnt <= 0:
            return Refusal("QUANTITY_INVALID", f"rxSaleDrugDetl[{number}].drugTotlcnt")
    return None


def _sale(asked: t72.SaleHead, rows: list[t72.SaleRow]) -> Sale:
    return Sale(
        lines=tuple(map(_line, rows)),
        dispenser=asked.dspeerName,
        checker=asked.rchkPharName,
        cash_fen=asked.psnCashPay,
        signature=as_text(asked.agnterSign),
        split_reason=plain(asked.splitRea),
    )


def _line(row: t72.SaleRow) -> SaleLine:
    amount = row.drugSumamt
    return SaleLine(
        item=row.medListCodg,
        quantity_e4=row.drugTotlcnt,
        local_item=row.medinsListCodg,
        unit=row.drugTotlcntEmp,
        batch=row.bchno,
        lot=row.manuLotnum,
        document=row.rtalDocno,
        sold_at=row.stooutTime,
        amount_fen=None if amount is None else div_round(amount, MICRO_PER_FEN),
        traces=((row.drugTraceCodg, row.trdnFlag),) if row.drugTraceCodg else (),
        more=texts(row, LINE),
    )


async def take_back(call: Call) -> Reply:
    """7208: sales that are not settled are taken back; after a refund by insurance this has been done already."""
    asked = data_of(t72.SaleWithdrawal, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = own(call, asked.fixmedinsCode)
    if wrong is not None:
        return wrong
    sale_sn = number_of(asked.selStooutSn) if asked.selStooutSn else None
    if asked.selStooutSn and sale_sn is None:
        return Refusal("RX_SALE_NOT_FOUND")

    async def effect(connection: Connection) -> Reply:
        done = await services.undispense(connection, office_of(call), call.caller, asked.hiRxno, sale_sn)
        return _done(done)

    return await once_here(call, asked.hiRxno, effect)


async def deliver(call: Call) -> Reply:
    """7209: where a delivery is. Address and persons are sealed with the event."""
    asked = data_of(t72.DeliveryState, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = own(call, asked.fixmedinsCode) or _unknown_certificate(asked.delverCertType)
    if wrong is not None:
        return wrong
    delivery = Delivery(
        delivery_no=asked.delvNo,
        status=asked.delvStasCodg,
        status_at=asked.delvStasTime,
        carrier=plain(asked.delvEntpName),
        note=plain(asked.delvStasDscr),
        private=texts(asked, DELIVERED),
    )

    async def effect(connection: Connection) -> Reply:
        return _done(await services.deliver(connection, office_of(call), call.caller, asked.hiRxno, delivery))

    return await once_here(call, asked.hiRxno, effect)


async def sign_for(call: Call) -> Reply:
    """7210: the member has the drugs in hand."""
    asked = data_of(t72.DeliveryReceipt, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = _unknown_certificate(asked.delverCertType)
    if wrong is not None:
        return wrong
    receipt = Receipt(
        received_at=asked.delvStasTime,
        delivery_no=asked.delvNo,
        way=asked.chkWayCodg,
        note=plain(asked.delvStasDscr),
        private=texts(asked, COURIER),
    )

    async def effect(connection: Connection) -> Reply:
        return _done(await services.sign_for(connection, office_of(call), call.caller, asked.hiRxno, receipt))

    return await once_here(call, asked.hiRxno, effect)


def _unknown_certificate(cert_type: str) -> Refusal | None:
    if not cert_type or is_known("psn_cert_type", cert_type.zfill(2)):
        return None
    return Refusal("UNKNOWN_CODE", "data.delverCertType")


async def release(call: Call) -> Reply:
    """7291: why drugs are bought elsewhere is registered, and the hold is given up when releaFlag says so."""
    asked = data_of(t72.Release, call)
    if isinstance(asked, Refusal):
        return asked
    items = listed(asked.medListCodgs, "data.medListCodgs")
    if isinstance(items, Refusal):
        return items
    wrong = own(call, asked.fixmedinsCode)
    if wrong is not None:
        return wrong
    reason, gives_up = plain(asked.splitRea), asked.releaFlag == YES
    if not reason and not gives_up:
        return Refusal("MISSING_FIELD", "data.splitRea（不释放处方时必填）")

    async def effect(connection: Connection) -> Reply:
        office = office_of(call)
        done = None
        if reason:
            done = await services.split(connection, office, call.caller, asked.hiRxno, reason, items)
        if gives_up and not isinstance(done, Refusal):
            done = await services.release(connection, office, call.caller, asked.hiRxno, reason)
        return _done(done)

    return await once_here(call, asked.hiRxno, effect)


def _done(done: object) -> Reply:
    return done if isinstance(done, Refusal) else answered(rxout.Done())
