"""What the till says to the platform: the nodes of a sale's trades. Pure; instants come in as texts, so that a message sent
again is the same message.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from gongji.base.money import format_scaled, format_yuan
from gongji.base.times import CHINA
from gongji.desk.cashier.read import Customer
from gongji.desk.till.line import Line
from gongji.desk.till.sale import Sale
from gongji.desk.till.sheet import Held, Offer, Proxy

__all__ = [
    "authorisation",
    "decoding",
    "dispensing",
    "download",
    "purchase",
    "release",
    "review",
    "shelf_returns",
    "shelf_sales",
    "stamp",
    "verification",
]

DEVICE: Final = {"devInfo": "收银台", "ipInfo": "127.0.0.1"}
IDENTITY_CARD: Final = "01"
EMPLOYEE: Final = "310"
PHARMACY_PURCHASE: Final = "41"
Nodes = dict[str, Any]


def stamp(at: datetime) -> str:
    """An instant as messages write it."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _operator(institution: str, code: str, name: str) -> dict[str, str]:
    return {"fixmedinsCode": institution, **DEVICE, "opter": code, "opterName": name, "optinsNo": institution}


def decoding(institution: str, operator: tuple[str, str], code: str) -> Nodes:
    """7203: the code that the member shows."""
    return {"data": {"epcQrcd": code, **_operator(institution, *operator)}}


def authorisation(institution: str, operator: tuple[str, str], who: Customer, register_no: str) -> Nodes:
    """7201: the member stands here; by e-voucher, or by the certificate that was looked at."""
    shown = {"ecToken": who.voucher_no} if who.voucher_type == "01" else {"regSn": register_no}
    return {
        "data": {
            "psnName": who.name,
            "psnCertType": who.cert_type,
            "certno": who.cert_no,
            "outFlag": "0",
            **shown,
            **_operator(institution, *operator),
        }
    }


def download(institution: str, operator: tuple[str, str], offer: Offer, proxy: Proxy) -> Nodes:
    """7204: the pharmacy takes the prescription over, for the member or for who was sent."""
    sent = {
        "agnterName": proxy.name,
        "agnterCertType": IDENTITY_CARD,
        "agnterCertno": proxy.cert_no,
        "agnterTel": proxy.phone,
        "agnterRlts": proxy.relation,
    }
    return {
        "data": {
            "epcToken": offer.token,
            "authRxno": offer.auth_no,
            **_operator(institution, *operator),
            **(sent if proxy.given else {}),
        }
    }


def verification(institution: str, held: Held, document: str) -> Nodes:
    """7205: is the signature genuine, is the file what was signed."""
    return {
        "data": {
            "hiRxno": held.rx_no,
            "fixmedinsCode": institution,
            "rxTraceCode": held.trace_code,
            "rxFile": document,
            "epcToken": held.token,
        }
    }


def review(
    institution: str,
    held: Held,
    pharmacist: tuple[str, str],
    proof: int,
    at: str,
    *,
    passed: bool,
    opinion: str,
) -> Nodes:
    """7206: the pharmacist's review."""
    return {
        "data": {
            "hiRxno": held.rx_no,
            "epcToken": held.token,
            "fixmedinsCode": institution,
            "pharCertType": "99",
            "pharCertno": pharmacist[0],
            "pharName": pharmacist[1],
            "pharCode": pharmacist[0],
            "rxChkOpnn": opinion,
            "rxChkStasCodg": "1" if passed else "0",
            "rxChkTime": at,
            "rxSignVerifySn": str(proof),
        }
    }


def release(institution: str, held: Held, reason: str) -> Nodes:
    """7291: the prescription is given free, with the reason."""
    return {
        "data": {
            "hiRxno": held.rx_no,
            "fixmedinsCode": institution,
            "epcToken": held.token,
            "releaFlag": "1",
            "splitRea": reason,
        }
    }


def purchase(sale: Sale, who: Customer, at: str, invoice: str = "") -> Nodes:
    """2101 and 2102: what is chosen, on the prescription or without one, with the trace codes of its packs."""
    lines = sale.chosen
    return {
        "druginfo": {
            "psn_no": who.psn_no,
            **who.voucher,
            "begntime": at,
            "med_type": PHARMACY_PURCHASE,
            "insutype": EMPLOYEE,
            "medfee_sumamt": format_yuan(sale.total_fen),
            "acct_used_flag": sale.account,
            "invono": invoice,
            **({"exp_content": {"RX_SPLIT_REA": sale.reason}} if sale.reason and sale.rx_no else {}),
        },
        "drugdetail": [_bought(line, sale.rx_no, at) for line in lines],
        "drug_trac_info": [
            {"feedetl_sn": line.key, "drug_trac_codg": code, "trdn_flag": "1" if line.split else "0"}
            for line in lines
            for code in line.codes
        ],
    }


def _bought(line: Line, rx_no: str, at: str) -> dict[str, str]:
    prescribed = {"rxno": rx_no, "rx_circ_flag": "1"} if rx_no and line.prescribed_e4 else {}
    return {
        "feedetl_sn": line.key,
        **prescribed,
        "fee_ocur_time": at,
        "med_list_codg": line.item,
        "medins_list_codg": line.local_item,
        "det_item_fee_sumamt": format_yuan(line.amount_fen),
        "cnt": line.quantity,
        "pric": format_scaled(line.price_micro, 6),
    }


def dispensing(
    institution: str, sale: Sale, review_sn: str, document: str, at: str, checker: str, dispenser: str
) -> Nodes:
    """7207: what leaves the shelf of the prescription, batch by batch and pack by pack."""
    data = {
        "hiRxno": sale.rx_no,
        "fixmedinsCode": institution,
        "rxChkBizSn": review_sn,
        "hiFeesetlFlag": "1",
        "rchkPharName": checker,
        "dspeerName": dispenser,
    }
    if sale.reason:
        data["splitRea"] = sale.reason
    if sale.proxy.given and sale.proxy.signed:
        words = f"代购人 {sale.proxy.name} 已于 {at} 在收银台签字确认"
        data["agnterSign"] = base64.b64encode(words.encode()).decode()
    lines = [line for line in sale.chosen if line.prescribed_e4]
    return {"data": data, "rxSaleDrugDetl": [row for line in lines for row in _leaving(line, document, at)]}


def _leaving(line: Line, document: str, at: str) -> Iterator[dict[str, str]]:
    codes: Sequence[str] = line.codes or ("",)
    each, rest = divmod(line.quantity_e4, len(codes))
    lot = next((one.lot_no for one in line.shelf if one.batch == line.batch), "")
    for number, code in enumerate(codes, start=1):
        yield {
            "rtalDocno": document,
            "stooutTime": at,
            "medListCodg": line.item,
            "medinsListCodg": line.local_item,
            "drugGenname": line.name,
            "drugSpec": line.spec,
            "bchno": line.batch,
            "manuLotnum": lot,
            "drugTraceCodg": code,
            "trdnFlag": "1" if line.split else "0",
            "drugTotlcnt": format_scaled(each + (rest if number == len(codes) else 0), 4),
            "drugTotlcntEmp": line.unit or "盒",
        }


def shelf_sales(
    sale: Sale, who: Customer, settlement_no: str, visit_no: str, document: str, at: str
) -> Nodes:
    """3505: what leaves the shelf without a prescription."""
    return {
        "selinfo": [
            _shelf_row(line, at)
            | {
                "rtal_docno": document,
                "setl_id": settlement_no,
                "mdtrt_sn": visit_no,
                "psn_no": who.psn_no,
                "finl_trns_pric": format_scaled(line.price_micro, 6),
                "drugtracinfo": [{"drug_trac_codg": code} for code in line.codes],
            }
            for line in sale.chosen
            if not (sale.rx_no and line.prescribed_e4)
        ]
    }


def shelf_returns(sale: Sale, settlement_no: str, at: str) -> Nodes:
    """3506: what comes back to the shelf after the refund of a sale without a prescription."""
    return {
        "selinfo": [
            _shelf_row(line, at)
            | {"setl_id": settlement_no, "drugtracinfo": [{"drug_trac_codg": code} for code in line.codes]}
            for line in sale.chosen
            if not (sale.rx_no and line.prescribed_e4)
        ]
    }


def _shelf_row(line: Line, at: str) -> dict[str, Any]:
    return {
        "med_list_codg": line.item,
        "fixmedins_hilist_id": line.local_item,
        "fixmedins_hilist_name": line.name,
        "fixmedins_bchno": line.batch or next((one.batch for one in line.shelf), "0"),
        "sel_retn_cnt": line.quantity,
        "sel_retn_time": at,
        "trdn_flag": "1" if line.split else "0",
    }
