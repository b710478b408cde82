"""7201-7211 and the extension 7291: what a pharmacy sends to the prescription centre.

The tables ask for the terminal (ipInfo, devInfo) and the operating institution in most messages; they are read and not
needed. 7204 and 7207 take the proxy purchaser as extension fields, in ``data`` or in its ``extras``.
"""

import msgspec

from gongji.gateway.fields import (
    DateTime,
    Fen,
    Flag,
    Hundredths,
    PriceMicro,
    QuantityE4,
    Text3,
    Text6,
    Text20,
    Text30,
    Text50,
    Text100,
    Text200,
    Text500,
    Text1000,
    Text2000,
)
from gongji.gateway.messages.rx import (
    Address,
    CertNo,
    CheckWay,
    Count,
    Delivery,
    File,
    Hidden,
    Name,
    Phone,
    Review,
    Text40,
    Text64,
    Text255,
    Token,
)

Whole = Count


class Authorisation(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7201: ecToken or regSn, not both."""

    fixmedinsCode: Text20
    psnName: Name
    psnCertType: Text6
    certno: CertNo
    ecToken: Token = ""
    regSn: Text40 = ""
    ipInfo: Text64 = ""
    opter: Text20
    opterName: Name
    optinsNo: Text20 = ""
    outFlag: Flag = "0"
    outPoolareaNo: Text6 = ""
    insuPlcNo: Text6 = ""


class OnlineAuthorisation(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7202."""

    hiRxno: Text40
    fixmedinsCode: Text20
    authCircBizSn: Token
    epcChnlId: Text40 = ""
    ipInfo: Text64 = ""
    opter: Text20
    opterName: Name
    optinsNo: Text20 = ""


class ShownCode(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7203."""

    epcQrcd: Token
    fixmedinsCode: Text20
    devInfo: Text255 = ""
    ipInfo: Text64 = ""
    opter: Text20
    opterName: Name
    optinsNo: Text20 = ""


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7204. agnter… is who buys for the patient (代购人), an extension."""

    epcToken: Token
    authRxno: Text30
    fixmedinsCode: Text20
    devInfo: Text255 = ""
    ipInfo: Text64 = ""
    opter: Text20
    opterName: Name
    optinsNo: Text20 = ""
    agnterName: Name = ""
    agnterCertType: Text6 = ""
    agnterCertno: CertNo = ""
    agnterTel: Phone = ""
    agnterRlts: Text3 = ""
    extras: Hidden = None


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7205."""

    hiRxno: Text30
    fixmedinsCode: Text40
    rxTraceCode: Token
    rxFile: File
    epcToken: Token


class PharmacistReview(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7206 (node rx_chk_up_info in another copy). ecToken, the pharmacist's own e-voucher, is asked for by areas
    that have switched it on; here the register of staff says who may review."""

    hiRxno: Text30
    epcToken: Token
    ecToken: Token = ""
    fixmedinsCode: Text20
    fixmedinsName: Text200 = ""
    pharCertType: Text6
    pharCertno: CertNo
    pharName: Name
    pharCode: Text50
    rxChkOpnn: Text2000
    rxChkStasCodg: Review
    rxChkTime: DateTime
    rxSignVerifySn: Text40


class SaleHead(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7207. agnterSign and splitRea are extensions."""

    hiRxno: Text30
    fixmedinsCode: Text20
    fixmedinsName: Text200 = ""
    rchkPharCertType: Text6 = ""
    rchkPharCertno: CertNo = ""
    rchkPharName: Name = ""
    dspeerCertType: Text6 = ""
    dspeerCertno: CertNo = ""
    dspeerName: Name = ""
    rxChkBizSn: Text30
    hiFeesetlFlag: Flag = "1"
    psnCashPay: Fen | None = None
    agnterSign: File = ""
    splitRea: Text500 = ""
    extras: Hidden = None


class SaleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of rxSaleDrugDetl: one batch, and one trace code, of one drug."""

    rtalDocno: Text40
    stooutNo: Text40 = ""
    stooutTime: DateTime
    medListCodg: Text50
    medinsListCodg: Text50
    drugProdname: Text100 = ""
    drugGenname: Text100 = ""
    drugSpec: Text500 = ""
    drugDosform: Text50 = ""
    prdrName: Text1000 = ""
    aprvno: Text100 = ""
    manuLotnum: Text30 = ""
    bchno: Text30 = ""
    drugstdcode: Text50 = ""
    drugTraceCodg: Text100 = ""
    trdnFlag: Flag = "0"
    drugProdBarc: Text30 = ""
    shelfLoc: Text20 = ""
    drugTotlcnt: QuantityE4
    drugTotlcntEmp: Text40 = ""
    drugSumamt: PriceMicro | None = None


class SaleWithdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7208: without selStooutSn everything that is not settled."""

    hiRxno: Text30
    fixmedinsCode: Text20
    hiFeesetlFlag: Flag = "1"
    selStooutSn: Text30 = ""


class DeliveryState(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7209."""

    hiRxno: Text30
    delvNo: Text30
    delvAddr: Address
    delvDtce: Hundredths | None = None
    delvEntpNo: Text30 = ""
    delvEntpName: Text50
    delverCertType: Text3 = ""
    delverCertno: CertNo = ""
    delverName: Name = ""
    delverTel: Phone = ""
    delvStasCodg: Delivery
    delvStasName: Text20 = ""
    delvStasDscr: Text20 = ""
    delvStasTime: DateTime
    delverLng: Text30 = ""
    delverLat: Text30 = ""
    delverGeoType: Text3 = ""
    delvConner: Name
    delvConTel: Phone = ""
    fixmedinsCode: Text20
    fixmedinsName: Text200 = ""


class DeliveryReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7210; the table has no fixmedinsCode, the envelope says who sends."""

    hiRxno: Text30
    delvNo: Text30 = ""
    delvStasDscr: Text20 = ""
    delverCertType: Text3
    delverCertno: CertNo
    delverName: Name
    delverTel: Phone = ""
    delvStasTime: DateTime
    delverLng: Text30 = ""
    delverLat: Text30 = ""
    delverGeoType: Text3 = ""
    chkWayCodg: CheckWay = "3"
    delvEntpNo: Text30 = ""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7291 (extension): why drugs are bought elsewhere, and whether the hold is given up (releaFlag 1)."""

    hiRxno: Text30
    fixmedinsCode: Text20
    epcToken: Token = ""
    releaFlag: Flag = "0"
    splitRea: Text500 = ""
    medListCodgs: Hidden = None
