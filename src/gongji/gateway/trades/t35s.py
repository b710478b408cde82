"""3508-3513 queries of the institution's own uploads.

Names and certificate numbers of buyers are shown where the member's number says whose they are, and the look is recorded; what was
uploaded about somebody who is not named by number stays sealed.
"""

from collections.abc import Iterable
from typing import Any

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.gateway.accesses import shown
from gongji.gateway.calls import Call, Reply, output
from gongji.gateway.funds import six_digits
from gongji.gateway.messages import t35s
from gongji.gateway.nodes import read_one
from gongji.gateway.stockrows import number_of
from gongji.gateway.values import day, flag, moment, price, quantity
from gongji.members.personal import cert_index
from gongji.stock.personal import open_personal
from gongji.stock.selectors import MAX_ROWS, Asked, Recorded, movements

__all__ = ["changes", "codes_in", "codes_sold", "counts", "purchases", "sales"]

BUYER = ("psn_name", "certno")
"""Fields of the buyer that 3511 and 3513 show."""
Query = t35s.StockQuery | t35s.CodeQuery | t35s.SoldCodeQuery


async def counts(call: Call) -> Reply:
    """3508: counts that were uploaded."""
    found = await _stock(call, ("inventory",), "medins_prod_inv_no")
    if isinstance(found, Refusal):
        return found
    rows = [
        t35s.CountRow(
            **_common(call, one),
            medinsProdInvNo=str(one.movement_id),
            invdate=day_in_china(one.occurred_at).isoformat(),
            invCnt=quantity(one.counted_e4 or 0),
        )
        for one in found
    ]
    return output(t35s.Rows(tuple(rows)))


async def changes(call: Call) -> Reply:
    """3509: changes that were uploaded."""
    found = await _stock(call, ("adjust",), "medins_prod_inv_chg_no")
    if isinstance(found, Refusal):
        return found
    rows = [
        t35s.ChangeRow(
            **_common(call, one),
            medinsProdInvChgNo=str(one.movement_id),
            invChgType=one.change_type,
            invChgTime=_at(one),
            invChgOpterName=one.detail.get("inv_chg_opter_name"),
            cnt=quantity(abs(one.quantity_e4)),
            pric=_price(one),
        )
        for one in found
    ]
    return output(t35s.Rows(tuple(rows)))


async def purchases(call: Call) -> Reply:
    """3510: purchases and what was sent back."""
    found = await _stock(call, ("purchase", "purchase_return"), "medins_prod_purc_no")
    if isinstance(found, Refusal):
        return found
    rows = [
        t35s.PurchaseRow(
            **_common(call, one),
            medinsProdPurcNo=str(one.movement_id),
            prodRetnFlag=flag(one.kind == "purchase_return"),
            prodGeayFlag=one.detail.get("prod_geay_flag"),
            prodentpName=one.detail.get("prodentp_name"),
            aprvno=one.detail.get("aprvno"),
            splerName=one.counterpart,
            splerPmtno=one.detail.get("spler_pmtno"),
            purcInvoCodg=one.detail.get("purc_invo_codg"),
            purcInvoNo=one.detail.get("purc_invo_no"),
            dyntNo=one.detail.get("dynt_no"),
            purcRetnCnt=quantity(abs(one.quantity_e4)),
            finlTrnsPric=_price(one),
            purcRetnStoinTime=_at(one),
            purcRetnOpterName=one.detail.get("purc_retn_opter_name"),
        )
        for one in found
    ]
    return output(t35s.Rows(tuple(rows)))


async def sales(call: Call) -> Reply:
    """3511: sales and what was brought back, of dispensed prescriptions too."""
    found = await _stock(call, ("sale", "sale_return"), "medins_prod_sel_no")
    if isinstance(found, Refusal):
        return found
    await _looked(call, found)
    return output(t35s.Rows(tuple(_sale_row(call, one) for one in found)))


def _sale_row(call: Call, one: Recorded) -> t35s.SaleRow:
    personal = _personal(call, one)
    return t35s.SaleRow(
        **_common(call, one),
        medinsProdSelNo=str(one.movement_id),
        selRetnCnt=quantity(-one.quantity_e4),
        finlTrnsPric=_price(one),
        selRetnTime=_at(one),
        selRetnOpterName=one.detail.get("sel_retn_opter_name"),
        hiFeesetlType=one.detail.get("hi_feesetl_type"),
        setlId=one.settlement_no or None,
        psnNo=one.psn_no or None,
        psnCertType=personal.get("psn_cert_type"),
        certno=personal.get("certno"),
        psnName=personal.get("psn_name"),
        bilgDrName=one.detail.get("prsc_dr_name"),
        prscDrCertType=personal.get("prsc_dr_cert_type"),
        prscDrCertno=personal.get("prsc_dr_certno"),
        pharName=one.detail.get("phar_name"),
        pharCertType=personal.get("phar_cert_type"),
        pharCertno=personal.get("phar_certno"),
        pharPracCertNo=one.detail.get("phar_prac_cert_no"),
    )


async def codes_in(call: Call) -> Reply:
    """3512: trace codes that came in."""
    asked = read_one(t35s.CodeQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    given = (asked.medins_list_codg, asked.fixmedins_bchno, asked.med_list_codg)
    found = await _found(call, asked, ("inventory", "purchase", "adjust"), given, code=asked.drug_trac_codg)
    if isinstance(found, Refusal):
        return found
    rows = [
        t35s.CodeRow(**_common(call, one), **_code(call, code))
        for one in found
        if one.brings_codes
        for code in one.traces
        if asked.drug_trac_codg in ("", code)
    ]
    return output(t35s.Rows(tuple(rows)))


async def codes_sold(call: Call) -> Reply:
    """3513: trace codes that were sold, and to whom."""
    asked = read_one(t35s.SoldCodeQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    given = (
        asked.medins_list_codg, asked.fixmedins_bchno, asked.med_list_codg, asked.mdtrt_id, asked.psn_no, asked.certno,
        asked.drug_trac_codg,
    )  # fmt: skip
    found = await _found(
        call, asked, ("sale",), given, code=asked.drug_trac_codg, visit_no=asked.mdtrt_id,
        psn_no=asked.psn_no, cert_index=_index(call, asked.certno),
    )  # fmt: skip
    if isinstance(found, Refusal):
        return found
    coded = [one for one in found if one.traces]
    await _looked(call, coded)
    rows = [
        _sold_code(call, one, code)
        for one in coded
        for code in one.traces
        if asked.drug_trac_codg in ("", code)
    ]
    return output(t35s.Rows(tuple(rows)))


def _sold_code(call: Call, one: Recorded, code: str) -> t35s.SoldCodeRow:
    personal = _personal(call, one)
    return t35s.SoldCodeRow(
        **_common(call, one),
        **_code(call, code),
        mdtrtId=one.visit_no or None,
        mdtrtSetlType=one.detail.get("MDTRT_SETL_TYPE"),
        bkkpSn=None,
        psnNo=one.psn_no or None,
        psnCertType=personal.get("psn_cert_type"),
        certno=personal.get("certno"),
        psnName=personal.get("psn_name"),
    )


async def _stock(call: Call, kinds: tuple[str, ...], number: str) -> list[Recorded] | Refusal:
    """What 3508-3511 ask for."""
    asked = read_one(t35s.StockQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    wanted = number_of(getattr(asked, number))
    if wanted is None:
        return Refusal("BAD_FIELD", f"data.{number}")
    found = await _found(
        call, asked, kinds, (asked.medins_list_codg, asked.fixmedins_bchno), number=wanted or None,
        psn_no=asked.psn_no, cert_index=_index(call, asked.certno),
    )  # fmt: skip
    if isinstance(found, Refusal):
        return found
    return [
        one
        for one in found
        if asked.manu_lotnum in ("", one.lot_no) and asked.inv_chg_type in ("", one.change_type)
    ]


async def _found(
    call: Call, asked: Query, kinds: tuple[str, ...], given: Iterable[str], **more: Any
) -> list[Recorded] | Refusal:
    """The institution's movements that fit, unless the query is not one that it may ask."""
    if asked.fixmedins_code != call.caller:
        return Refusal("FORBIDDEN", "fixmedins_code 须为本机构")
    if not any(given):
        return Refusal("MISSING_FIELD", "data 医药机构目录编码、定点医药机构批次流水号等须传其中一个")
    if asked.begndate and asked.enddate and asked.enddate < asked.begndate:
        return Refusal("DATE_ORDER", f"{asked.begndate} 至 {asked.enddate}")
    wanted = Asked(
        kinds=kinds,
        from_on=asked.begndate,
        until_on=asked.enddate,
        local_item=asked.medins_list_codg,
        batch=asked.fixmedins_bchno,
        item=asked.med_list_codg,
        **more,
    )
    async with call.platform.pool.acquire() as connection:
        found = await movements(connection, call.caller, wanted)
    if len(found) > MAX_ROWS:
        return Refusal("QUERY_TOO_WIDE", f"最多 {MAX_ROWS:,} 条，请缩小日期范围")
    return found


def _index(call: Call, certno: str) -> bytes | None:
    return cert_index(call.platform.vault, certno) if certno else None


async def _looked(call: Call, found: Iterable[Recorded]) -> None:
    """Record whose data are about to be shown."""
    for psn_no in sorted({one.psn_no for one in found if one.psn_no}):
        await shown(call, psn_no, BUYER)


def _personal(call: Call, one: Recorded) -> dict[str, str]:
    """What was sealed with the row, for a row that says by number whose it is."""
    if not one.psn_no:
        return {}
    return open_personal(call.platform.vault, call.caller, one.movement_id, one.sealed)


def _at(one: Recorded) -> str:
    return moment(one.occurred_at) or ""


def _price(one: Recorded) -> Any:
    return None if one.price_micro is None else price(one.price_micro)


def _code(call: Call, code: str) -> dict[str, Any]:
    return {"drugTracCodg": code, "fixBlngAdmdvs": six_digits(call.provider.region)}


def _common(call: Call, one: Recorded) -> dict[str, Any]:
    recorded = moment(one.recorded_at) or ""
    return {
        "fixmedinsCode": call.caller,
        "medListCodg": one.item,
        "medinsListCodg": one.local_item,
        "medinsListName": one.local_name,
        "fixmedinsBchno": one.batch,
        "valiFlag": flag(one.valid),
        "rid": str(one.movement_id),
        "memo": one.detail.get("memo"),
        "rxFlag": one.detail.get("rx_flag"),
        "trdnFlag": flag(one.split),
        "manuLotnum": one.lot_no,
        "manuDate": day(one.made_on),
        "expyEnd": day(one.expires_on),
        "crteTime": recorded,
        "updtTime": moment(one.deleted_at) or recorded,
        "optTime": recorded,
        "poolareaNo": six_digits(call.provider.region),
        "crteOptinsNo": call.caller,
        "optinsNo": call.caller,
    }
