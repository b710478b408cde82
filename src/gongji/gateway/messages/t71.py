"""7101-7104 and the queries 7105-7107: what a hospital sends to the prescription centre.

Fields and names are those of the field tables; of the fields that the tables mark required those stay optional here that the
centre neither needs nor keeps (names of institutions, times of use that follow from the days). ``extras`` may carry
extension fields: ``longRxRea`` why a long prescription, ``longRxAsesFlag`` 1 the patient was assessed and agreed,
``overDaysRea`` why more than the usual days; ``lmtCnfmDscr`` in a drug row, the doctor's words for a restriction.
"""

import msgspec

from gongji.gateway.fields import (
    Date,
    DateTime,
    Fen,
    Flag,
    Hundredths,
    PriceMicro,
    QuantityE4,
    Text3,
    Text6,
    Text10,
    Text20,
    Text30,
    Text50,
    Text100,
    Text200,
    Text500,
    Text1000,
    VoucherType,
)
from gongji.gateway.messages.rx import (
    AmountE2,
    Approval,
    BizType,
    CertNo,
    Count,
    Days,
    DaysE2,
    DrugKind,
    ExtraKind,
    File,
    Hidden,
    Medical,
    Name,
    Number30,
    Signed,
    Tenths,
    Text40,
    Text255,
    Text300,
    Text400,
    Token,
)


class RxData(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7101: the sheet."""

    mdtrtCertType: VoucherType
    mdtrtCertNo: Token = ""
    cardSn: Token = ""
    bizTypeCode: BizType
    rxExraAttrCode: ExtraKind = "02"
    ecToken: Token = ""
    authNo: Text100 = ""
    insuPlcNo: Text6 = ""
    mdtrtareaNo: Text6 = ""
    hospRxno: Text40
    initRxno: Text40 = ""
    rxTypeCode: Text3
    prscTime: DateTime
    rxDrugCnt: QuantityE4
    rxUsedWayCodg: Text20 = ""
    rxUsedWayName: Text40 = ""
    rxFrquCodg: Text20 = ""
    rxFrquName: Text40 = ""
    rxDosunt: Text20 = ""
    rxDoscnt: AmountE2 | None = None
    rxDrordDscr: Text400 = ""
    valiDays: Days
    valiEndTime: DateTime
    reptFlag: Flag = "0"
    maxReptCnt: Count | None = None
    minInrvDays: Count | None = None
    rxCotnFlag: Flag = "0"
    longRxFlag: Flag = "0"
    extras: Hidden = None


class RxDrug(msgspec.Struct, frozen=True, kw_only=True):
    """A row of rxdrugdetail. Way and frequency of a herb stand at the sheet (rxUsedWayCodg …)."""

    medListCodg: Text50
    fixmedinsHilistId: Text30 = ""
    hospPrepFlag: Flag = "0"
    rxItemTypeCode: DrugKind
    rxItemTypeName: Text100 = ""
    tcmdrugTypeCode: Text30 = ""
    tcmdrugTypeName: Text20 = ""
    tcmherbFoote: Text200 = ""
    mednTypeCode: Text100 = ""
    mednTypeName: Text100 = ""
    mainMedcFlag: Flag = "0"
    urgtFlag: Flag = "0"
    basMednFlag: Flag = "0"
    impDrugFlag: Flag = "0"
    otcFlag: Flag = "0"
    drugGenname: Text100
    drugDosform: Text30
    drugSpec: Text40
    drugProdname: Text255 = ""
    prdrName: Text100 = ""
    medcWayCodg: Text10 = ""
    medcWayDscr: Text100 = ""
    medcBegntime: DateTime | None = None
    medcEndtime: DateTime | None = None
    medcDays: DaysE2
    sinDosunt: Text20 = ""
    sinDoscnt: QuantityE4 | None = None
    usedFrquCodg: Text10 = ""
    usedFrquName: Text30 = ""
    drugDosunt: Text20
    drugCnt: QuantityE4
    drugPric: PriceMicro | None = None
    drugSumamt: Fen | None = None
    hospApprFlag: Approval
    selfPayRea: Text6 = ""
    realDscr: Text1000 = ""
    extras: Hidden = None


class RxVisit(msgspec.Struct, frozen=True, kw_only=True):
    """mdtrtinfo of 7101: the visit, the patient, the doctor."""

    fixmedinsName: Text200 = ""
    fixmedinsCode: Text20
    mdtrtId: Text30
    medType: Text6
    iptOtpNo: Text30
    otpIptFlag: Text3 = "1"
    psnNo: Number30
    patnName: Name
    psnCertType: Text6
    certno: CertNo
    patnAge: Tenths | None = None
    patnHgt: Hundredths | None = None
    patnWt: Hundredths | None = None
    gend: Text6 = ""
    birctrlType: Text6 = ""
    birctrlMatnDate: Date | None = None
    matnType: Text6 = ""
    gesoVal: Count | None = None
    nwbFlag: Flag = "0"
    nwbAge: Text20 = ""
    suckPrdFlag: Flag = "0"
    algsHis: Medical = ""
    prscDeptName: Text50
    prscDeptCode: Text30
    drCode: Text20
    prscDrName: Name
    prscDrCertType: Text6 = ""
    prscDrCertno: CertNo = ""
    drProfttlCodg: Text20 = ""
    drProfttlName: Text20 = ""
    drDeptCode: Text30 = ""
    drDeptName: Text50 = ""
    caty: Text6 = ""
    mdtrtTime: DateTime | None = None
    diseCodg: Text30 = ""
    diseName: Text500 = ""
    spDiseFlag: Flag = "0"
    maindiagCode: Text30
    maindiagName: Text100
    diseCondDscr: Medical = ""
    hiFeesetlType: Text6 = ""
    hiFeesetlName: Text20 = ""
    rgstFee: Fen | None = None
    medfeeSumamt: Fen | None = None
    fstdiagFlag: Flag = "0"
    extras: Hidden = None


class RxDiagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """A row of diseinfo."""

    diagType: Text3
    maindiagFlag: Flag
    diagSrtNo: Count
    diagCode: Text30
    diagName: Text100
    diagDept: Text50 = ""
    diagDeptCode: Text20 = ""
    diagDrNo: Text30 = ""
    diagDrName: Name = ""
    diagTime: DateTime | None = None
    tcmDiseCode: Text30 = ""
    tcmDiseName: Text300 = ""
    tcmsympCode: Text30 = ""
    tcmsymp: Text300 = ""


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7102. originalValue is base64 of the JSON of 7103's fields 1-20."""

    fixmedinsCode: Text20
    originalValue: Signed
    originalRxFile: File
    extras: Hidden = None


class RxUpload(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7103: fields 1-20 are what was signed."""

    rxTraceCode: Token
    hiRxno: Text30
    mdtrtId: Text30
    patnName: Name
    psnCertType: Text6
    certno: CertNo
    fixmedinsName: Text200 = ""
    fixmedinsCode: Text20
    drCode: Text20
    prscDrName: Name
    pharDeptName: Text50 = ""
    pharDeptCode: Text30 = ""
    pharProfttlCodg: Text20 = ""
    pharProfttlName: Text20 = ""
    pharCode: Text20
    pharCertType: Text6 = ""
    pharCertno: CertNo = ""
    pharName: Name
    pharPracCertNo: CertNo = ""
    pharChkTime: DateTime
    rxFile: File
    signDigest: Signed
    extras: Hidden = None


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7104. The table types undoRea as a number of 200; clients send words."""

    hiRxno: Text30
    fixmedinsCode: Text20
    drCode: Text20
    undoDrName: Name
    undoDrCertType: Text6
    undoDrCertno: CertNo
    undoRea: Text200
    undoTime: DateTime


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7191 (extension): the doctor confirms what a pharmacist has sent back."""

    hiRxno: Text30
    fixmedinsCode: Text20
    drCode: Text20
    prscDrName: Name


class RxQuery(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7105, 7106 and 7107."""

    hiRxno: Text30
    fixmedinsCode: Text20
    mdtrtId: Text30
    psnName: Name
    psnCertType: Text6
    certno: CertNo


class Checked(msgspec.Struct, frozen=True):
    """data answered by 7101."""

    rxTraceCode: str
    hiRxno: str


class SignedFile(msgspec.Struct, frozen=True):
    """data answered by 7102."""

    rxFile: str
    signDigest: str
    signCertSn: str
    signCertDn: str


class Standing(msgspec.Struct, frozen=True):
    """data answered by 7103 and 7104."""

    hiRxno: str
    rxStasCodg: str
    rxStasName: str
