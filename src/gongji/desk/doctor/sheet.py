"""Orders as the prescription centre reads them: the nodes of 7101, and the fields that are signed (7102) and uploaded (7103)."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from gongji.base.times import CHINA
from gongji.desk.doctor.orders import Order, Terms
from gongji.desk.doctor.stamp import STAMP
from gongji.desk.doctor.visit import Treated
from gongji.members.values import Person
from gongji.prescriptions.case import Case
from gongji.providers.register import StaffDay

__all__ = ["by_identity", "check_nodes", "encoded", "hospital_number", "signed_fields", "upload_fields"]

IDENTITY_CARD: Final = "02"
OUTPATIENT: Final = "1"
EMERGENCY: Final = ("13",)


def hospital_number(treated: Treated) -> str:
    """hospRxno of the next sheet: the visit's number and a running one, so that a sheet sent again is known again."""
    return f"CF{treated.visit.visit_id}-{treated.orders.sheet_no}"


def check_nodes(
    treated: Treated,
    doctor: StaffDay,
    department: tuple[str, str],
    rows: Sequence[Order],
    at: datetime,
    valid_days: int,
) -> dict[str, Any]:
    """7101 of these drugs. The voucher was shown when the visit was registered: here the certificate says who it is."""
    visit, terms = treated.visit, treated.orders.terms
    herbs = any(row.is_herb for row in rows)
    code, name = department
    main = treated.main
    when = at.astimezone(CHINA)
    return {
        "data": {
            "mdtrtCertType": IDENTITY_CARD,
            "mdtrtCertNo": treated.cert_no,
            "bizTypeCode": "01",
            "rxExraAttrCode": "02",
            "hospRxno": hospital_number(treated),
            "rxTypeCode": _sheet_type(treated, herbs=herbs),
            "prscTime": when.strftime(STAMP),
            "rxDrugCnt": rows[0].days if herbs and rows else len(rows),
            "valiDays": valid_days,
            "valiEndTime": (when + timedelta(days=valid_days)).strftime(STAMP),
            **(_herb_use(terms) if herbs else {}),
            **_length(terms),
        },
        "rxdrugdetail": [_drug(row) for row in rows],
        "mdtrtinfo": {
            "fixmedinsCode": visit.caller,
            "mdtrtId": str(visit.visit_id),
            "medType": visit.med_type,
            "iptOtpNo": visit.ipt_otp_no,
            "otpIptFlag": OUTPATIENT,
            "psnNo": visit.psn_no,
            "patnName": treated.person.name,
            "psnCertType": treated.person.cert_type,
            "certno": treated.cert_no,
            "patnAge": str(treated.age),
            "gend": treated.person.gender,
            "algsHis": treated.allergies,
            "prscDeptName": name,
            "prscDeptCode": code,
            "drCode": doctor.staff_code,
            "prscDrName": doctor.name,
            "drProfttlName": doctor.title,
            "drDeptCode": code,
            "drDeptName": name,
            "mdtrtTime": visit.begun_at.astimezone(CHINA).strftime(STAMP),
            "spDiseFlag": "1" if visit.disease_code else "0",
            **(
                {"diseCodg": visit.disease_code, "diseName": visit.disease_name} if visit.disease_code else {}
            ),
            "maindiagCode": main.code if main else "",
            "maindiagName": main.name if main else "",
        },
        "diseinfo": [
            {
                "diagType": one.diag_type,
                "maindiagFlag": "1" if one is main else "0",
                "diagSrtNo": one.sort_no,
                "diagCode": one.code,
                "diagName": one.name,
                "diagDept": one.dept,
                "diagDrNo": one.doctor_code,
                "diagDrName": one.doctor_name,
                "diagTime": one.diagnosed_at.astimezone(CHINA).strftime(STAMP),
            }
            for one in treated.diagnoses
        ],
    }


def _sheet_type(treated: Treated, *, herbs: bool) -> str:
    """rx_type_code of an ordinary or an emergency visit."""
    if treated.visit.med_type.startswith(EMERGENCY):
        return "4" if herbs else "3"
    return "2" if herbs else "1"


def _herb_use(terms: Terms) -> dict[str, str]:
    return {
        "rxUsedWayName": terms.herb_way,
        "rxFrquName": terms.herb_frequency,
        "rxDosunt": "剂",
        "rxDoscnt": "1",
    }


def _length(terms: Terms) -> dict[str, Any]:
    if not terms.long:
        return (
            {"longRxFlag": "0", "extras": {"overDaysRea": terms.reason}}
            if terms.reason
            else {"longRxFlag": "0"}
        )
    parts = (
        {"reptFlag": "1", "maxReptCnt": terms.fills, "minInrvDays": terms.interval} if terms.fills > 1 else {}
    )
    extras = {"longRxRea": terms.reason, "longRxAsesFlag": "1" if terms.assessed else "0"}
    return {"longRxFlag": "1", **parts, "extras": extras}


def _drug(row: Order) -> dict[str, Any]:
    common = {
        "medListCodg": row.item,
        "fixmedinsHilistId": row.item,
        "rxItemTypeCode": row.item_type,
        "drugGenname": row.name,
        "drugDosform": row.dosform or "—",
        "drugSpec": row.spec or "—",
        "medcDays": row.days,
        "drugDosunt": row.unit or "盒",
        "drugCnt": row.quantity,
        "hospApprFlag": row.approval,
        **({"realDscr": row.confirmation or "患者同意自费"} if row.approval == "2" else {}),
        **({"extras": {"lmtCnfmDscr": row.confirmation}} if row.approval == "1" else {}),
    }
    if row.is_herb:
        return {**common, "tcmherbFoote": row.note}
    return {
        **common,
        "sinDoscnt": row.dose,
        "sinDosunt": row.dose_unit,
        "medcWayCodg": row.way,
        "medcWayDscr": row.way_word,
        "usedFrquCodg": row.frequency,
        "usedFrquName": row.frequency_word,
    }


def signed_fields(
    case: Case,
    person: Person,
    cert_no: str,
    issuer_name: str,
    pharmacist: StaffDay | None,
    reviewed_at: datetime | None,
) -> dict[str, Any]:
    """Fields 1 to 20 of 7103. The doctor signs before the hospital's pharmacist has looked: those fields are empty then, and the
    sheet is signed once more with them."""
    sheet = case.prescription
    reviewed = reviewed_at.astimezone(CHINA).strftime(STAMP) if reviewed_at is not None else ""
    return {
        "rxTraceCode": sheet.trace_code,
        "hiRxno": case.rx_no,
        "mdtrtId": str(sheet.visit_id),
        "patnName": person.name,
        "psnCertType": person.cert_type,
        "certno": cert_no,
        "fixmedinsName": issuer_name,
        "fixmedinsCode": sheet.issuer,
        "drCode": sheet.doctor_code,
        "prscDrName": sheet.doctor_name,
        "pharDeptName": pharmacist.department if pharmacist else "",
        "pharDeptCode": "",
        "pharProfttlCodg": "",
        "pharProfttlName": pharmacist.title if pharmacist else "",
        "pharCode": pharmacist.staff_code if pharmacist else "",
        "pharCertType": "",
        "pharCertno": "",
        "pharName": pharmacist.name if pharmacist else "",
        "pharPracCertNo": "",
        "pharChkTime": reviewed,
    }


def encoded(fields: dict[str, Any]) -> str:
    """originalValue of 7102: base64 of the JSON."""
    return base64.b64encode(json.dumps(fields, ensure_ascii=False).encode()).decode()


def upload_fields(fields: dict[str, Any], signed: dict[str, Any]) -> dict[str, Any]:
    """Data of 7103: what was signed, the file as 7102 gave it back, and the signature."""
    return {**fields, "rxFile": signed["rxFile"], "signDigest": signed["signDigest"]}


def by_identity(person: Person, cert_no: str) -> dict[str, str]:
    """How 7105 to 7107 name the patient."""
    return {"psnName": person.name, "psnCertType": person.cert_type, "certno": cert_no}
