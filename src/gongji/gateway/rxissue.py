"""The message of 7101 as the sheet that the prescription centre checks: what rules read by name, everything else as it came.

Fields that no rule reads travel in ``more``, by their national names, so that 7105 and 7204 answer what the hospital wrote;
those that say something about the patient's health go where they are kept sealed.

Clauses: SX2022-27.art19.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from gongji.base.codes import is_known
from gongji.base.money import format_scaled
from gongji.base.reasons import Refusal
from gongji.gateway.calls import Call
from gongji.gateway.fields import Number
from gongji.gateway.folding import data_of, extended, row_of, rows_of
from gongji.gateway.messages import t71
from gongji.gateway.messages.rx import DrugWords, SheetWords
from gongji.gateway.nodes import plans
from gongji.gateway.values import moment
from gongji.gateway.visits import number_of
from gongji.prescriptions.values import HERBS, Diagnosis, Drug, Issue, Private

__all__ = ["Asked", "issue_of", "read_issue", "texts"]

EMERGENCY_SHEETS = frozenset({"3", "4"})
"""rx_type_code: 3 急诊西药, 4 急诊中药饮片."""
EMERGENCY_CARE = ("13",)
"""med_type of emergencies, with its longer codes."""
SELF_PAY = "2"
YES = "1"
OTHER_CODES = ("03", "99")

SHEET = (
    "rxDrugCnt", "rxUsedWayCodg", "rxUsedWayName", "rxFrquCodg", "rxFrquName", "rxDosunt", "rxDoscnt", "rxDrordDscr",
    "reptFlag", "rxCotnFlag",
)  # fmt: skip
VISIT = (
    "iptOtpNo",
    "otpIptFlag",
    "drDeptCode",
    "drDeptName",
    "caty",
    "mdtrtTime",
    "hiFeesetlType",
    "fstdiagFlag",
)
PATIENT = (
    "patnHgt", "patnWt", "gesoVal", "nwbFlag", "nwbAge", "suckPrdFlag", "algsHis", "diseCodg", "diseName", "spDiseFlag",
    "maindiagCode", "maindiagName", "diseCondDscr", "birctrlType", "birctrlMatnDate", "matnType",
)  # fmt: skip
DRUG = (
    "hospPrepFlag", "rxItemTypeName", "tcmdrugTypeCode", "tcmdrugTypeName", "mednTypeCode", "mednTypeName", "mainMedcFlag",
    "urgtFlag", "basMednFlag", "impDrugFlag", "otcFlag", "drugProdname", "prdrName", "medcWayCodg", "medcWayDscr",
    "medcBegntime", "medcEndtime", "usedFrquCodg", "usedFrquName", "selfPayRea", "realDscr",
)  # fmt: skip
DIAGNOSIS = (
    "diagDept", "diagDeptCode", "diagDrNo", "diagDrName", "diagTime", "tcmDiseCode", "tcmDiseName", "tcmsympCode",
    "tcmsymp",
)  # fmt: skip


class Asked(msgspec.Struct, frozen=True):
    """The nodes of one 7101."""

    sheet: t71.RxData
    drugs: tuple[t71.RxDrug, ...]
    visit: t71.RxVisit
    diagnoses: tuple[t71.RxDiagnosis, ...]


def read_issue(call: Call) -> Asked | Refusal:
    """The nodes of the message, each field by its rule, and what a message must say to be one."""
    sheet = data_of(t71.RxData, call)
    if isinstance(sheet, Refusal):
        return sheet
    drugs = rows_of(t71.RxDrug, call, "rxdrugdetail")
    if isinstance(drugs, Refusal):
        return drugs
    visit = row_of(t71.RxVisit, call, "mdtrtinfo")
    if isinstance(visit, Refusal):
        return visit
    diagnoses = rows_of(t71.RxDiagnosis, call, "diseinfo")
    if isinstance(diagnoses, Refusal):
        return diagnoses
    asked = Asked(sheet, tuple(drugs), visit, tuple(diagnoses))
    return _wrong(asked) or asked


def _wrong(asked: Asked) -> Refusal | None:
    """The first field that contradicts another one or no dictionary has."""
    sheet, visit = asked.sheet, asked.visit
    for name, field, value in (
        ("rx_type_code", "data.rxTypeCode", sheet.rxTypeCode),
        ("med_type", "mdtrtinfo.medType", visit.medType),
        *(
            ("diag_type", f"diseinfo[{number}].diagType", row.diagType)
            for number, row in enumerate(asked.diagnoses, start=1)
        ),
    ):
        if not is_known(name, value):
            return Refusal("UNKNOWN_CODE", field)
    if sheet.valiEndTime <= sheet.prscTime:
        return Refusal("BAD_FIELD", "data.valiEndTime 须晚于 data.prscTime")
    if sheet.reptFlag == YES and not sheet.maxReptCnt:
        return Refusal("MISSING_FIELD", "data.maxReptCnt（分次取药时必填）")
    herbs = [row.rxItemTypeCode == HERBS for row in asked.drugs]
    if any(herbs):
        missing = [name for name in ("rxUsedWayName", "rxFrquName", "rxDosunt") if not getattr(sheet, name)]
        if missing:
            return Refusal("MISSING_FIELD", f"data.{missing[0]}（中药饮片处方必填）")
    elif sheet.rxDrugCnt != len(asked.drugs) * 10_000:
        return Refusal("BAD_FIELD", f"data.rxDrugCnt 与药品明细的类目数 {len(asked.drugs)} 不一致")
    return next(filter(None, map(_wrong_drug, asked.drugs, range(1, len(asked.drugs) + 1))), None)


def _wrong_drug(row: t71.RxDrug, number: int) -> Refusal | None:
    where = f"rxdrugdetail[{number}]"
    if row.drugCnt <= 0 or row.medcDays <= 0:
        return Refusal("QUANTITY_INVALID", f"{where}.{'drugCnt' if row.drugCnt <= 0 else 'medcDays'}")
    if row.tcmdrugTypeCode and not is_known("tcmdrug_type_code", row.tcmdrugTypeCode):
        return Refusal("UNKNOWN_CODE", f"{where}.tcmdrugTypeCode")
    if row.hospApprFlag == SELF_PAY and not (row.selfPayRea or row.realDscr):
        return Refusal("MISSING_FIELD", f"{where}.selfPayRea（按自费处理时必填）")
    if row.rxItemTypeCode == HERBS:
        return None
    given = {
        "medcWayCodg": row.medcWayCodg or row.medcWayDscr,
        "sinDoscnt": row.sinDoscnt,
        "sinDosunt": row.sinDosunt,
        "usedFrquCodg": row.usedFrquCodg or row.usedFrquName,
    }
    missing = next((name for name, value in given.items() if not value), None)
    return Refusal("MISSING_FIELD", f"{where}.{missing}（西药、中成药必填）") if missing else None


def issue_of(call: Call, asked: Asked) -> Issue | Refusal:
    """The sheet; the visit's number is read, whose it is stays to be looked up."""
    sheet, visit = asked.sheet, asked.visit
    words = _words(asked)
    if isinstance(words, Refusal):
        return words
    drugs = _drugs(asked)
    if isinstance(drugs, Refusal):
        return drugs
    visit_id = number_of(visit.mdtrtId)
    if visit_id is None:
        return Refusal("UNKNOWN_VISIT")
    refilled = sheet.reptFlag == YES
    return Issue(
        psn_no=visit.psnNo,
        visit_id=visit_id,
        issuer=call.caller,
        hosp_rx_no=sheet.hospRxno,
        rx_type=sheet.rxTypeCode,
        biz_type=sheet.bizTypeCode,
        extra_kind="99" if sheet.rxExraAttrCode in OTHER_CODES else sheet.rxExraAttrCode,
        voucher=sheet.mdtrtCertType,
        med_type=visit.medType,
        issued_at=sheet.prscTime,
        doctor_code=visit.drCode,
        doctor_name=visit.prscDrName,
        doctor_title=visit.drProfttlCodg,
        doctor_title_name=visit.drProfttlName,
        dept_code=visit.prscDeptCode,
        dept_name=visit.prscDeptName,
        drugs=drugs,
        valid_days=sheet.valiDays,
        emergency=sheet.rxTypeCode in EMERGENCY_SHEETS or visit.medType.startswith(EMERGENCY_CARE),
        quantity_reason=words.overDaysRea,
        long=sheet.longRxFlag == YES,
        long_reason=words.longRxRea,
        long_confirmed=words.longRxAsesFlag == YES,
        fills=sheet.maxReptCnt or 1 if refilled else 1,
        interval_days=sheet.minInrvDays or 0 if refilled else 0,
        original_rx_no=sheet.initRxno,
        more=(*texts(sheet, SHEET), *texts(visit, VISIT)),
        private=Private(
            patient=visit.patnName,
            diagnoses=tuple(map(_diagnosis, asked.diagnoses)),
            more=texts(visit, PATIENT),
        ),
    )


def _words(asked: Asked) -> SheetWords | Refusal:
    """Extension fields of the sheet, from ``extras`` of data or of the visit."""
    words: SheetWords | Refusal = SheetWords()
    for extras, where in ((asked.sheet.extras, "data"), (asked.visit.extras, "mdtrtinfo")):
        if isinstance(words, Refusal):
            return words
        words = extended(SheetWords, words, extras, where)
    return words


def _drugs(asked: Asked) -> tuple[Drug, ...] | Refusal:
    drugs: list[Drug] = []
    for number, row in enumerate(asked.drugs, start=1):
        words = extended(DrugWords, DrugWords(), row.extras, f"rxdrugdetail[{number}]")
        if isinstance(words, Refusal):
            return words
        drugs.append(_drug(asked.sheet, row, number, words.lmtCnfmDscr))
    return tuple(drugs)


def _drug(sheet: t71.RxData, row: t71.RxDrug, number: int, confirmation: str) -> Drug:
    herb = row.rxItemTypeCode == HERBS
    dose = sheet.rxDoscnt if herb else row.sinDoscnt
    return Drug(
        item_no=number,
        item=row.medListCodg,
        name=row.drugGenname,
        spec=row.drugSpec,
        dosform=row.drugDosform,
        quantity_e4=row.drugCnt,
        unit=row.drugDosunt,
        days_e2=row.medcDays,
        dose="" if dose is None else format_scaled(dose, 2 if herb else 4),
        dose_unit=sheet.rxDosunt if herb else row.sinDosunt,
        frequency=sheet.rxFrquName if herb else row.usedFrquName or row.usedFrquCodg,
        way=sheet.rxUsedWayName if herb else row.medcWayDscr or row.medcWayCodg,
        approval=row.hospApprFlag,
        confirmation=confirmation,
        local_item=row.fixmedinsHilistId,
        item_type=row.rxItemTypeCode,
        herb_note=row.tcmherbFoote,
        more=texts(row, DRUG),
    )


def _diagnosis(row: t71.RxDiagnosis) -> Diagnosis:
    return Diagnosis(
        sort_no=row.diagSrtNo,
        code=row.diagCode,
        name=row.diagName,
        diag_type=row.diagType,
        main=row.maindiagFlag == YES,
        more=texts(row, DIAGNOSIS),
    )


def texts(row: msgspec.Struct, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The fields that say something, written as the interface writes them."""
    scales = {plan.name: plan.rule.scale for plan in plans(type(row)) if isinstance(plan.rule, Number)}
    return tuple(_given(row, names, scales))


def _given(row: msgspec.Struct, names: Iterable[str], scales: dict[str, int]) -> Iterable[tuple[str, str]]:
    for name in names:
        value = getattr(row, name)
        if value is None or value == "":
            continue
        if isinstance(value, datetime):
            yield name, moment(value) or ""
        elif isinstance(value, date):
            yield name, value.isoformat()
        elif isinstance(value, int):
            yield name, format_scaled(value, scales[name])
        else:
            yield name, value
