"""A prescription as the centre answers it: its status in national codes, its drugs, the patient, the diagnoses.

``more`` of a sheet holds what the hospital wrote beyond what rules read, by national name: it is answered as it came.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from gongji.base.codes import label
from gongji.gateway.messages import rxout
from gongji.gateway.values import JsonNumber, age, flag, moment, quantity, scaled
from gongji.members.values import Person
from gongji.prescriptions.case import Case, Taking
from gongji.prescriptions.details import Circulated
from gongji.prescriptions.values import Diagnosis, Drug, Prescription, Private

__all__ = [
    "Status",
    "diagnoses",
    "drugs",
    "extra_name",
    "fetched",
    "patient",
    "patient_of_issuer",
    "sheet",
    "status",
]

VALID, EXPIRED, WITHDRAWN = "1", "2", "3"
UNUSED, USED = "1", "2"
OPEN = ("checked", "signed", "circulating", "returned")
LAPSED = {"expired": EXPIRED, "withdrawn": WITHDRAWN}
Texts = Iterable[tuple[str, str]]


class Status(msgspec.Struct, frozen=True):
    """rxStasCodg and rxUsedStasCodg with their names."""

    code: str
    name: str
    used_code: str
    used_name: str


def status(case: Case, at: datetime) -> Status:
    """A prescription is used when everything on it is taken; partly taken it is still valid and unused. One that is overdue has
    lapsed, whether that has been written down or not."""
    overdue = case.state in OPEN and at > case.deadline
    code = EXPIRED if overdue else LAPSED.get(case.state, VALID)
    used = USED if case.state == "filled" else UNUSED
    return Status(code, label("rx_stas_codg", code) or "", used, label("rx_used_stas_codg", used) or "")


def extra_name(code: str) -> str | None:
    return label("rxExraAttrCode", code)


def sheet(case: Case, issuer_name: str, at: datetime) -> rxout.Sheet:
    """data of 7105."""
    rx, stands = case.prescription, status(case, at)
    more = dict(rx.more)
    in_fills = rx.fills > 1
    return rxout.Sheet(
        hiRxno=case.rx_no,
        fixmedinsCode=rx.issuer,
        fixmedinsName=issuer_name,
        rxStasCodg=stands.code,
        rxStasName=stands.name,
        rxUsedStasCodg=stands.used_code,
        rxUsedStasName=stands.used_name,
        prscTime=moment(rx.issued_at),
        rxDrugCnt=_number(more, "rxDrugCnt"),
        rxUsedWayCodg=more.get("rxUsedWayCodg"),
        rxUsedWayName=more.get("rxUsedWayName"),
        rxFrquCodg=more.get("rxFrquCodg"),
        rxFrquName=more.get("rxFrquName"),
        rxDosunt=more.get("rxDosunt"),
        rxDoscnt=_number(more, "rxDoscnt"),
        rxDrordDscr=more.get("rxDrordDscr"),
        valiDays=rx.valid_days,
        valiEndTime=moment(case.deadline),
        reptFlag=flag(in_fills),
        maxReptCnt=rx.fills if in_fills else None,
        reptdCnt=case.begun_fill if in_fills else None,
        minInrvDays=rx.interval_days if in_fills else None,
        rxTypeCode=rx.rx_type,
        rxTypeName=label("rx_type_code", rx.rx_type),
        longRxFlag=flag(rx.long),
        bizTypeCode=rx.biz_type,
        bizTypeName=label("bizTypeCode", rx.biz_type),
        rxExraAttrCode=rx.extra_kind,
        rxExraAttrName=extra_name(rx.extra_kind),
    )


def drugs(case: Case, fill: int | None = None) -> tuple[rxout.Detail, ...]:
    """rxDetlList: the whole sheet, or what belongs to one fill of it."""
    rx = case.prescription
    return tuple(_drug(case, drug, fill) for drug in rx.drugs if fill is None or rx.share_e4(drug.item, fill))


def _drug(case: Case, drug: Drug, fill: int | None) -> rxout.Detail:
    rx, more = case.prescription, dict(drug.more)
    fills = range(1, rx.fills + 1) if fill is None else (fill,)
    open_fills = [
        one for one in fills if rx.share_e4(drug.item, one) and not fetched(case.taken(one, drug.item))
    ]
    units = drug.quantity_e4 if fill is None else rx.share_e4(drug.item, fill)
    return rxout.Detail(
        medListCodg=drug.item,
        fixmedinsHilistId=drug.local_item or None,
        hospPrepFlag=more.get("hospPrepFlag"),
        rxItemTypeCode=drug.item_type,
        rxItemTypeName=more.get("rxItemTypeName") or label("rx_item_type_code", drug.item_type),
        tcmdrugTypeName=more.get("tcmdrugTypeName"),
        tcmdrugTypeCode=more.get("tcmdrugTypeCode"),
        tcmherbFoote=drug.herb_note or None,
        mednTypeCode=more.get("mednTypeCode"),
        mednTypeName=more.get("mednTypeName"),
        mainMedcFlag=more.get("mainMedcFlag"),
        urgtFlag=more.get("urgtFlag"),
        basMednFlag=more.get("basMednFlag"),
        impDrugFlag=more.get("impDrugFlag"),
        otcFlag=more.get("otcFlag"),
        drugProdname=more.get("drugProdname"),
        drugGenname=drug.name,
        drugDosform=drug.dosform,
        drugSpec=drug.spec,
        prdrName=more.get("prdrName"),
        medcWayCodg=more.get("medcWayCodg") or dict(rx.more).get("rxUsedWayCodg"),
        medcWayDscr=more.get("medcWayDscr") or drug.way,
        medcBegntime=more.get("medcBegntime"),
        medcEndtime=more.get("medcEndtime"),
        medcDays=scaled(drug.days_e2, 2),
        drugCnt=quantity(units),
        drugDosunt=drug.unit,
        sinDoscnt=_decimal(drug.dose),
        sinDosunt=drug.dose_unit or None,
        usedFrquCodg=more.get("usedFrquCodg") or dict(rx.more).get("rxFrquCodg"),
        usedFrquName=more.get("usedFrquName") or drug.frequency,
        hospApprFlag=drug.approval,
        takeDrugFlag=flag(not open_fills),
        selfPayRea=more.get("selfPayRea"),
        realDscr=more.get("realDscr"),
        drugTotlcnt=str(-(-units // 10_000)),
        drugTotlcntEmp=drug.unit,
    )


def fetched(taking: Taking | None) -> bool:
    """Whether an item has been fetched for good: settled, or sold without insurance."""
    return taking is not None and bool(taking.settlement_id or (taking.sale_sn and not taking.insured))


def patient(rx: Prescription, private: Private, person: Person) -> rxout.Patient:
    """rxOtpinfo of 7204."""
    return rxout.Patient(**_patient(rx, private, person))


def patient_of_issuer(case: Case, private: Private, person: Person, insutype: str) -> rxout.PatientOfIssuer:
    """rxOtpinfo of 7105."""
    rx, more, words = case.prescription, dict(case.prescription.more), dict(private.more)
    circulated = (event.detail for event in reversed(case.events))
    hospital = next((found for found in circulated if isinstance(found, Circulated)), None)
    return rxout.PatientOfIssuer(
        **_patient(rx, private, person),
        iptOpNo=more.get("iptOtpNo"),
        suckPrdFag=words.get("suckPrdFlag"),
        insutype=insutype,
        prscDeptName=rx.dept_name,
        prscDrName=rx.doctor_name,
        pharName=hospital.pharmacist_name if hospital else None,
        pharChkTime=hospital.reviewed_at if hospital else None,
        mdtrtTime=more.get("mdtrtTime"),
        spDiseFlag=words.get("spDiseFlag"),
        fstdiagFlag=more.get("fstdiagFlag"),
    )


def _patient(rx: Prescription, private: Private, person: Person) -> dict[str, Any]:
    words = dict(private.more)
    main = next((one for one in private.diagnoses if one.main), None)
    return {
        "medType": rx.med_type,
        "otpIptFlag": dict(rx.more).get("otpIptFlag"),
        "patnName": person.name,
        "patnAge": age(person.born_on, rx.issued_on),
        "patnHgt": _number(words, "patnHgt"),
        "patnWt": _number(words, "patnWt"),
        "gend": person.gender,
        "gesoVal": _number(words, "gesoVal"),
        "nwbFlag": words.get("nwbFlag"),
        "nwbAge": words.get("nwbAge"),
        "suckPrdFlag": words.get("suckPrdFlag"),
        "algsHis": words.get("algsHis"),
        "maindiagCode": words.get("maindiagCode") or (main.code if main else None),
        "maindiagName": words.get("maindiagName") or (main.name if main else None),
        "diseCondDscr": words.get("diseCondDscr"),
        "diseCodg": words.get("diseCodg"),
        "diseName": words.get("diseName"),
    }


def diagnoses(private: Private) -> tuple[rxout.Diagnosis, ...]:
    """rxDiseList."""
    return tuple(map(_diagnosis, private.diagnoses))


def _diagnosis(one: Diagnosis) -> rxout.Diagnosis:
    more = dict(one.more)
    return rxout.Diagnosis(
        diagType=one.diag_type,
        maindiagFlag=flag(one.main),
        diagSrtNo=one.sort_no,
        diagCode=one.code,
        diagName=one.name,
        diagDept=more.get("diagDept"),
        diagDeptCode=more.get("diagDeptCode"),
        diagDrNo=more.get("diagDrNo"),
        diagDrName=more.get("diagDrName"),
        diagTime=more.get("diagTime"),
        tcmDiseCode=more.get("tcmDiseCode"),
        tcmDiseName=more.get("tcmDiseName"),
        tcmsympCode=more.get("tcmsympCode"),
        tcmsymp=more.get("tcmsymp"),
    )


def _number(texts: dict[str, str], name: str) -> JsonNumber | None:
    return _decimal(texts.get(name, ""))


def _decimal(text: str) -> JsonNumber | None:
    """A number that was kept as text, as a JSON number."""
    try:
        return msgspec.Raw(f"{Decimal(text):f}".encode()) if text else None
    except InvalidOperation:
        return None
