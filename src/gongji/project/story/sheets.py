"""What the prescription story says to the prescription centre: the data of 7101 to 7207, as institutions' software writes them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gongji.base.money import format_scaled, format_yuan
from gongji.project.story.cast import Good, Member
from gongji.project.story.client import Institution

__all__ = [
    "Dose",
    "Pack",
    "Person",
    "Sheet",
    "purchase",
    "review",
    "sale",
    "sheet_data",
    "signed_fields",
]

STAMP = "%Y-%m-%d %H:%M:%S"
DIAGNOSIS = ("I10.x00x002", "高血压")


@dataclass(frozen=True)
class Person:
    """A doctor or pharmacist as the register of staff knows them."""

    code: str
    name: str
    cert_no: str = "110101199001010015"


@dataclass(frozen=True)
class Dose:
    """One prescribed drug: so many packs for so many days."""

    good: Good
    days: int
    approval: str = "0"
    confirmation: str = ""


@dataclass(frozen=True)
class Pack:
    """What a pharmacy hands out of one drug: its batch and the trace codes of the packs."""

    good: Good
    batch: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A prescription before it is one. ``fills`` > 1: a long prescription, fetched every ``interval`` days."""

    hospital: Institution
    doctor: Person
    member: Member
    mdtrt_id: str
    number: str
    at: datetime
    doses: tuple[Dose, ...]
    valid_days: int = 3
    fills: int = 1
    interval: int = 0
    reason: str = ""

    def with_doses(self, *doses: Dose) -> Sheet:
        return replace(self, doses=doses)


def sheet_data(sheet: Sheet) -> dict[str, Any]:
    """7101."""
    long = sheet.fills > 1
    code, name = DIAGNOSIS
    end = (sheet.at + timedelta(days=sheet.valid_days)).strftime(STAMP)
    extras = {"longRxRea": sheet.reason, "longRxAsesFlag": "1"} if long else {"overDaysRea": sheet.reason}
    return {
        "data": {
            "mdtrtCertType": "01",
            "mdtrtCertNo": sheet.member.token,
            "ecToken": sheet.member.token,
            "bizTypeCode": "01",
            "rxExraAttrCode": "02",
            "hospRxno": sheet.number,
            "rxTypeCode": "1",
            "prscTime": sheet.at.strftime(STAMP),
            "rxDrugCnt": len(sheet.doses),
            "valiDays": sheet.valid_days,
            "valiEndTime": end,
            "longRxFlag": "1" if long else "0",
            "reptFlag": "1" if long else "0",
            **({"maxReptCnt": sheet.fills, "minInrvDays": sheet.interval} if long else {}),
            **({"extras": extras} if sheet.reason else {}),
        },
        "rxdrugdetail": [_drug(dose) for dose in sheet.doses],
        "mdtrtinfo": {
            "fixmedinsName": sheet.hospital.name,
            "fixmedinsCode": sheet.hospital.code,
            "mdtrtId": sheet.mdtrt_id,
            "medType": "11",
            "iptOtpNo": sheet.number,
            "otpIptFlag": "1",
            "psnNo": sheet.member.psn_no,
            "patnName": sheet.member.name,
            "psnCertType": "01",
            "certno": sheet.member.cert_no,
            "patnAge": "60",
            "gend": "1",
            "prscDeptName": "全科",
            "prscDeptCode": "0301",
            "drCode": sheet.doctor.code,
            "prscDrName": sheet.doctor.name,
            "drProfttlCodg": "234",
            "drProfttlName": "医师",
            "drDeptCode": "0301",
            "drDeptName": "全科",
            "mdtrtTime": sheet.at.strftime(STAMP),
            "spDiseFlag": "0",
            "maindiagCode": code,
            "maindiagName": name,
        },
        "diseinfo": [
            {
                "diagType": "1",
                "maindiagFlag": "1",
                "diagSrtNo": 1,
                "diagCode": code,
                "diagName": name,
                "diagDept": "全科",
                "diagDrNo": sheet.doctor.code,
                "diagDrName": sheet.doctor.name,
                "diagTime": sheet.at.strftime(STAMP),
            }
        ],
    }


def _drug(dose: Dose) -> dict[str, Any]:
    good = dose.good
    kind = "12" if good.code.startswith("Z") else "11"
    return {
        "medListCodg": good.code,
        "rxItemTypeCode": kind,
        "drugGenname": good.name,
        "drugDosform": "片剂",
        "drugSpec": "标准装",
        "medcWayCodg": "1",
        "medcWayDscr": "口服",
        "medcDays": dose.days,
        "sinDosunt": "片",
        "sinDoscnt": 1,
        "usedFrquCodg": "11",
        "usedFrquName": "每天一次",
        "drugDosunt": "盒",
        "drugCnt": good.quantity,
        "hospApprFlag": dose.approval,
        **({"extras": {"lmtCnfmDscr": dose.confirmation}} if dose.confirmation else {}),
    }


def signed_fields(
    sheet: Sheet, checked: dict[str, Any], pharmacist: Person, reviewed_at: datetime
) -> dict[str, Any]:
    """Fields 1 to 20 of 7103: what the hospital signs and then sends."""
    return {
        "rxTraceCode": checked["rxTraceCode"],
        "hiRxno": checked["hiRxno"],
        "mdtrtId": sheet.mdtrt_id,
        "patnName": sheet.member.name,
        "psnCertType": "01",
        "certno": sheet.member.cert_no,
        "fixmedinsName": sheet.hospital.name,
        "fixmedinsCode": sheet.hospital.code,
        "drCode": sheet.doctor.code,
        "prscDrName": sheet.doctor.name,
        "pharDeptName": "药学部",
        "pharDeptCode": "3001",
        "pharProfttlCodg": "2",
        "pharProfttlName": "药师",
        "pharCode": pharmacist.code,
        "pharCertType": "01",
        "pharCertno": pharmacist.cert_no,
        "pharName": pharmacist.name,
        "pharPracCertNo": "",
        "pharChkTime": reviewed_at.strftime(STAMP),
    }


def encoded(fields: dict[str, Any]) -> str:
    """originalValue of 7102: base64 of the JSON."""
    return base64.b64encode(json.dumps(fields, ensure_ascii=False).encode()).decode()


def review(
    place: Institution, pharmacist: Person, held: dict[str, Any], verified: dict[str, Any], at: datetime, *,
    passed: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """7206: the pharmacist's review of the sheet that the pharmacy holds."""
    return {
        "hiRxno": held["hiRxno"],
        "epcToken": held["epcToken"],
        "fixmedinsCode": place.code,
        "fixmedinsName": place.name,
        "pharCertType": "01",
        "pharCertno": pharmacist.cert_no,
        "pharName": pharmacist.name,
        "pharCode": pharmacist.code,
        "rxChkOpnn": "用法用量适宜" if passed else "用法用量不适宜，请开方医师确认",
        "rxChkStasCodg": "1" if passed else "0",
        "rxChkTime": at.strftime(STAMP),
        "rxSignVerifySn": verified["rxSignVerifySn"],
    }


def sale(
    place: Institution, rx_no: str, review_sn: str, packs: Sequence[Pack], at: datetime, document: str, *,
    reason: str = "", signature: bytes = b"",
) -> dict[str, Any]:  # fmt: skip
    """7207: what is handed out, pack by pack."""
    rows = [
        {
            "rtalDocno": document,
            "stooutTime": at.strftime(STAMP),
            "medListCodg": pack.good.code,
            "medinsListCodg": pack.good.code,
            "drugGenname": pack.good.name,
            "drugSpec": "标准装",
            "bchno": pack.batch,
            "manuLotnum": pack.batch,
            "drugTraceCodg": code,
            "drugTotlcnt": format_scaled(pack.good.quantity * 10_000 // len(pack.codes), 4),
            "drugTotlcntEmp": "盒",
        }
        for pack in packs
        for code in pack.codes
    ]
    return {
        "data": {
            "hiRxno": rx_no,
            "fixmedinsCode": place.code,
            "fixmedinsName": place.name,
            "rxChkBizSn": review_sn,
            "hiFeesetlFlag": "1",
            **({"splitRea": reason} if reason else {}),
            **({"agnterSign": base64.b64encode(signature).decode()} if signature else {}),
        },
        "rxSaleDrugDetl": rows,
    }


def purchase(
    member: Member, rx_no: str, packs: Sequence[Pack], at: datetime, *, reason: str = "", account: str = "1"
) -> dict[str, Any]:
    """2102: the sale, settled on the prescription, with the trace codes of the packs."""
    stamp = at.strftime(STAMP)
    goods = tuple(pack.good for pack in packs)
    return {
        "druginfo": {
            "psn_no": member.psn_no,
            "mdtrt_cert_type": "01",
            "mdtrt_cert_no": member.token,
            "begntime": stamp,
            "med_type": "41",
            "insutype": "310",
            "medfee_sumamt": format_yuan(sum(good.amount_fen for good in goods)),
            "acct_used_flag": account,
            **({"exp_content": json.dumps({"RX_SPLIT_REA": reason}, ensure_ascii=False)} if reason else {}),
        },
        "drugdetail": [
            {
                "feedetl_sn": f"D{number}",
                "rxno": rx_no,
                "rx_circ_flag": "1",
                "fee_ocur_time": stamp,
                "med_list_codg": pack.good.code,
                "medins_list_codg": pack.good.code,
                "det_item_fee_sumamt": format_yuan(pack.good.amount_fen),
                "cnt": pack.good.quantity,
                "pric": str(Decimal(pack.good.price_micro) / 1_000_000),
            }
            for number, pack in enumerate(packs, start=1)
        ],
        "drug_trac_info": [
            {"feedetl_sn": f"D{number}", "drug_trac_codg": code, "trdn_flag": "0"}
            for number, pack in enumerate(packs, start=1)
            for code in pack.codes
        ],
    }
