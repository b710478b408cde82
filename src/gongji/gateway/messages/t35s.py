"""3508-3513 进销存 queries: what the institution itself uploaded, as it was recorded. Answers are in camel case, as specified."""

import msgspec

from gongji.gateway.fields import Date, PersonNumber, Private, Text6, Text30, Text50, Text100, Text150
from gongji.gateway.values import JsonNumber


class StockQuery(msgspec.Struct, frozen=True, kw_only=True):
    """data of 3508-3511; one of medins_list_codg and fixmedins_bchno must be given."""

    fixmedins_code: Text30
    begndate: Date
    enddate: Date
    medins_list_codg: Text150 = ""
    fixmedins_bchno: Text30 = ""
    med_list_codg: Text50 = ""
    manu_lotnum: Text30 = ""
    inv_chg_type: Text6 = ""
    psn_no: PersonNumber = ""
    certno: Private = ""
    medins_prod_inv_no: Text30 = ""
    medins_prod_inv_chg_no: Text30 = ""
    medins_prod_purc_no: Text30 = ""
    medins_prod_sel_no: Text30 = ""


class CodeQuery(msgspec.Struct, frozen=True, kw_only=True):
    """data of 3512; one of the three codes of what came in must be given."""

    fixmedins_code: Text30
    begndate: Date
    enddate: Date
    medins_list_codg: Text150 = ""
    fixmedins_bchno: Text30 = ""
    med_list_codg: Text50 = ""
    drug_trac_codg: Text100 = ""


class SoldCodeQuery(msgspec.Struct, frozen=True, kw_only=True):
    """data of 3513; the days may be left out."""

    fixmedins_code: Text30
    begndate: Date | None = None
    enddate: Date | None = None
    medins_list_codg: Text150 = ""
    fixmedins_bchno: Text30 = ""
    med_list_codg: Text50 = ""
    mdtrt_id: Text30 = ""
    psn_no: PersonNumber = ""
    certno: Private = ""
    drug_trac_codg: Text100 = ""


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """What every row answers; the fields that this system does not keep are null."""

    fixmedinsCode: str
    medListCodg: str
    medinsListCodg: str
    medinsListName: str
    fixmedinsBchno: str
    valiFlag: str
    rid: str
    memo: str | None
    rxFlag: str | None
    trdnFlag: str
    manuLotnum: str
    manuDate: str | None
    expyEnd: str | None
    crteTime: str
    updtTime: str
    optTime: str
    poolareaNo: str
    crteOptinsNo: str
    optinsNo: str
    opterId: str | None = None
    opterName: str | None = None
    crterId: str | None = None
    crterName: str | None = None
    listSpItemFlag: str | None = None


class CountRow(Common, frozen=True, kw_only=True):
    """output of 3508."""

    medinsProdInvNo: str
    invdate: str
    invCnt: JsonNumber


class ChangeRow(Common, frozen=True, kw_only=True):
    """output of 3509."""

    medinsProdInvChgNo: str
    invChgType: str
    invChgTime: str
    invChgOpterName: str | None
    cnt: JsonNumber
    pric: JsonNumber | None


class PurchaseRow(Common, frozen=True, kw_only=True):
    """output of 3510."""

    medinsProdPurcNo: str
    prodRetnFlag: str
    prodGeayFlag: str | None
    prodentpName: str | None
    aprvno: str | None
    splerName: str
    splerPmtno: str | None
    purcInvoCodg: str | None
    purcInvoNo: str | None
    dyntNo: str | None
    purcRetnCnt: JsonNumber
    finlTrnsPric: JsonNumber | None
    purcRetnStoinTime: str
    purcRetnOpterName: str | None


class SaleRow(Common, frozen=True, kw_only=True):
    """output of 3511."""

    medinsProdSelNo: str
    selRetnCnt: JsonNumber
    finlTrnsPric: JsonNumber | None
    selRetnTime: str
    selRetnOpterName: str | None
    hiFeesetlType: str | None
    setlId: str | None
    psnNo: str | None
    psnCertType: str | None
    certno: str | None
    psnName: str | None
    bilgDrName: str | None
    prscDrCertType: str | None
    prscDrCertno: str | None
    pharName: str | None
    pharCertType: str | None
    pharCertno: str | None
    pharPracCertNo: str | None
    elecSupnCodg: str | None = None


class CodeRow(Common, frozen=True, kw_only=True):
    """output of 3512: a code that came in."""

    drugTracCodg: str
    fixBlngAdmdvs: str


class SoldCodeRow(CodeRow, frozen=True, kw_only=True):
    """output of 3513: a code that was sold."""

    mdtrtId: str | None
    mdtrtSetlType: str | None
    bkkpSn: str | None
    psnNo: str | None
    psnCertType: str | None
    certno: str | None
    psnName: str | None


class Rows(msgspec.Struct, frozen=True):
    output: tuple[Common, ...]
