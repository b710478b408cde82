"""What the prescription centre answers: a prescription with its drugs, patient and diagnoses; nodes and names as in the tables.

A drug's row, the patient and a diagnosis are the same in 7105 and 7204 but for a few fields; what the centre does not know is
null.
"""

import msgspec

from gongji.gateway.values import JsonNumber


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """A row of rxDetlList (7105, 7204). takeDrugFlag: 1 dispensed and settled."""

    medListCodg: str
    fixmedinsHilistId: str | None = None
    hospPrepFlag: str | None = None
    rxItemTypeCode: str | None = None
    rxItemTypeName: str | None = None
    tcmdrugTypeName: str | None = None
    tcmdrugTypeCode: str | None = None
    tcmherbFoote: str | None = None
    mednTypeCode: str | None = None
    mednTypeName: str | None = None
    mainMedcFlag: str | None = None
    urgtFlag: str | None = None
    basMednFlag: str | None = None
    impDrugFlag: str | None = None
    otcFlag: str | None = None
    drugProdname: str | None = None
    drugGenname: str | None = None
    drugDosform: str | None = None
    drugSpec: str | None = None
    prdrName: str | None = None
    medcWayCodg: str | None = None
    medcWayDscr: str | None = None
    medcBegntime: str | None = None
    medcEndtime: str | None = None
    medcDays: JsonNumber | None = None
    drugCnt: JsonNumber
    drugDosunt: str | None = None
    sinDoscnt: JsonNumber | None = None
    sinDosunt: str | None = None
    usedFrquCodg: str | None = None
    usedFrquName: str | None = None
    hospApprFlag: str | None = None
    takeDrugFlag: str
    selfPayRea: str | None = None
    realDscr: str | None = None
    drugTotlcnt: str | None = None
    drugTotlcntEmp: str | None = None


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """rxOtpinfo of 7204."""

    medType: str
    otpIptFlag: str | None = None
    patnName: str
    patnAge: JsonNumber
    patnHgt: JsonNumber | None = None
    patnWt: JsonNumber | None = None
    gend: str
    gesoVal: JsonNumber | None = None
    nwbFlag: str | None = None
    nwbAge: str | None = None
    suckPrdFlag: str | None = None
    algsHis: str | None = None
    maindiagCode: str | None = None
    maindiagName: str | None = None
    diseCondDscr: str | None = None
    diseCodg: str | None = None
    diseName: str | None = None


class PatientOfIssuer(Patient, frozen=True, kw_only=True):
    """rxOtpinfo of 7105. iptOpNo and suckPrdFag are spelled as the table spells them."""

    iptOpNo: str | None = None
    suckPrdFag: str | None = None
    insutype: str | None = None
    prscDeptName: str | None = None
    prscDrName: str | None = None
    pharName: str | None = None
    pharChkTime: str | None = None
    mdtrtTime: str | None = None
    spDiseFlag: str | None = None
    fstdiagFlag: str | None = None


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """A row of rxDiseList."""

    diagType: str
    maindiagFlag: str
    diagSrtNo: int
    diagCode: str
    diagName: str
    diagDept: str | None = None
    diagDeptCode: str | None = None
    diagDrNo: str | None = None
    diagDrName: str | None = None
    diagTime: str | None = None
    tcmDiseCode: str | None = None
    tcmDiseName: str | None = None
    tcmsympCode: str | None = None
    tcmsymp: str | None = None


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7105. maxReptCnt: the fills of a long prescription, reptdCnt: those that were taken."""

    hiRxno: str
    fixmedinsCode: str
    fixmedinsName: str
    rxStasCodg: str
    rxStasName: str
    rxUsedStasCodg: str
    rxUsedStasName: str
    prscTime: str | None
    rxDrugCnt: JsonNumber | None = None
    rxUsedWayCodg: str | None = None
    rxUsedWayName: str | None = None
    rxFrquCodg: str | None = None
    rxFrquName: str | None = None
    rxDosunt: str | None = None
    rxDoscnt: JsonNumber | None = None
    rxDrordDscr: str | None = None
    valiDays: int
    valiEndTime: str | None
    reptFlag: str
    maxReptCnt: int | None = None
    reptdCnt: int | None = None
    minInrvDays: int | None = None
    rxTypeCode: str
    rxTypeName: str | None = None
    longRxFlag: str
    bizTypeCode: str
    bizTypeName: str | None = None
    rxExraAttrCode: str | None = None
    rxExraAttrName: str | None = None
    rxCircLimitFlag: str = "0"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Output of 7105."""

    data: Sheet
    rxDetlList: tuple[Detail, ...]
    rxOtpinfo: PatientOfIssuer
    rxDiseList: tuple[Diagnosis, ...]


class Downloaded(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7204."""

    hiRxno: str
    rxTraceCode: str
    fixmedinsCode: str
    fixmedinsName: str
    prscTime: str | None
    prscDeptName: str
    valiEndTime: str | None
    rxTypeCode: str
    rxTypeName: str | None
    longRxFlag: str
    rxFile: str
    fileSuffix: str


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Output of 7204."""

    data: Downloaded
    rxDetlList: tuple[Detail, ...]
    rxOtpinfo: Patient
    rxDiseList: tuple[Diagnosis, ...]


class ReviewFound(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7106."""

    hiRxno: str
    pharName: str | None
    pharCode: str | None
    rxChkStasCodg: str | None
    rxChkOpnn: str | None
    rxChkTime: str | None
    rxStasCodg: str
    rxStasName: str
    rxChkStasName: str | None


class TakenDrug(msgspec.Struct, frozen=True, kw_only=True):
    """A row of seltdelts (7107)."""

    medListCodg: str
    drugGenname: str
    drugProdname: str | None = None
    drugDosform: str
    drugSpec: str
    cnt: JsonNumber
    aprvno: str | None = None
    bchno: str | None = None
    manuLotnum: str | None = None
    prdrName: str | None = None
    takeDrugFlag: str


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7107."""

    hiRxno: str
    setlTime: str | None
    rxStasCodg: str
    rxStasName: str
    rxUsedStasCodg: str
    rxUsedStasName: str


class CollectionFound(msgspec.Struct, frozen=True, kw_only=True):
    """Output of 7107."""

    data: Collection
    seltdelts: tuple[TakenDrug, ...]


class GrantRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of data of 7201."""

    authRxno: str
    epcToken: str
    expiresIn: str | None
    fixmedinsCode: str
    fixmedinsName: str
    prscTime: str | None
    deptName: str
    diseCodg: str | None = None
    diseName: str | None = None
    valiEndTime: str | None
    rxExraAttrCode: str | None
    rxExraAttrName: str | None


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7202 and 7203."""

    authRxno: str
    epcToken: str
    expiresIn: str | None


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7205."""

    flag: bool
    rxSignVerifySn: str
    signCertSn: str
    signCertDn: str


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7206."""

    flag: bool
    rxChkBizSn: str


class Sold(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7207."""

    flag: bool
    selStooutSn: str


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7208-7210 and 7291."""

    flag: bool = True
