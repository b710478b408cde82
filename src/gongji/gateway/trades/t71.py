"""7101-7104 医疗机构侧: a sheet is checked, signed, handed to circulation, and taken back.

The hospital speaks for its own visit of this person; whose the voucher is and what the certificate says must agree.
"""

from base64 import b64encode

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.gateway.calls import Call, Reply
from gongji.gateway.centre import answered, for_hospitals, office_of, same_certificate, same_staff, today
from gongji.gateway.folding import as_sent, data_of, decoded
from gongji.gateway.idempotency import once
from gongji.gateway.messages import t71
from gongji.gateway.persons import at_counter
from gongji.gateway.rxissue import Asked, issue_of, read_issue
from gongji.gateway.rxsheet import status
from gongji.gateway.sealed import once_sealed
from gongji.gateway.visits import hidden, own_visit
from gongji.prescriptions import services
from gongji.prescriptions.case import Case
from gongji.prescriptions.signed import Upload, fields_of

E_VOUCHER, IDENTITY_CARD, CARD = "01", "02", "03"
ONLINE = "02"


async def check(call: Call) -> Reply:
    """7101: the sheet is checked against visit, doctor, catalogue and limits; it gets its number and its trace code."""
    asked = read_issue(call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_hospitals(call, asked.visit.fixmedinsCode)
    if wrong is not None:
        return wrong
    issue = issue_of(call, asked)
    if isinstance(issue, Refusal):
        return issue

    async def effect(connection: Connection) -> Reply:
        refused = await _not_the_patient(connection, call, asked)
        if refused is not None:
            return refused
        case = await services.check(connection, office_of(call), issue)
        if isinstance(case, Refusal):
            return hidden(case)
        return answered(t71.Checked(rxTraceCode=case.prescription.trace_code, hiRxno=case.rx_no))

    return await once(call, effect)


async def _not_the_patient(connection: Connection, call: Call, asked: Asked) -> Refusal | None:
    """Why the voucher, the certificate and the visit are not one person's; nothing of them is named."""
    visit = asked.visit
    voucher = _voucher(asked)
    if isinstance(voucher, Refusal):
        return voucher
    kind, number = voucher
    identity = await at_counter(
        connection,
        call.platform.vault,
        today(call),
        kind,
        number,
        asked.sheet.cardSn if kind == CARD else "",
        psn_no=visit.psnNo,
        certno=visit.certno,
        psn_name=visit.patnName,
    )
    if isinstance(identity, Refusal):
        return identity
    wrong = same_certificate(identity.person, visit.psnCertType, "mdtrtinfo.psnCertType")
    if wrong is not None:
        return wrong
    found = await own_visit(connection, call.caller, visit.psnNo, visit.mdtrtId)
    return found if isinstance(found, Refusal) else None


def _voucher(asked: Asked) -> tuple[str, str] | Refusal:
    """Kind and number by which the patient is known. Online (authNo) the certificate identifies: the voucher was shown when the
    visit was registered."""
    sheet = asked.sheet
    number = sheet.mdtrtCertNo
    if sheet.mdtrtCertType == E_VOUCHER:
        number = sheet.ecToken or number
        if not number and sheet.bizTypeCode == ONLINE and sheet.authNo:
            return IDENTITY_CARD, asked.visit.certno
        if not number:
            return Refusal("MISSING_FIELD", "data.ecToken（使用医保电子凭证就诊时必填）")
    elif sheet.mdtrtCertType == IDENTITY_CARD:
        number = number or asked.visit.certno
    elif not number:
        return Refusal("MISSING_FIELD", "data.mdtrtCertNo（使用社会保障卡时必填）")
    return sheet.mdtrtCertType, number


async def sign(call: Call) -> Reply:
    """7102: content and file of the sheet are signed with the institution's certificate."""
    asked = data_of(t71.Signature, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_hospitals(call, asked.fixmedinsCode)
    if wrong is not None:
        return wrong
    content = decoded(asked.originalValue, "data.originalValue")
    if isinstance(content, Refusal):
        return content
    document = decoded(asked.originalRxFile, "data.originalRxFile")
    if isinstance(document, Refusal):
        return document

    async def effect(connection: Connection) -> Reply:
        signed = await services.sign(connection, office_of(call), call.caller, content, document)
        if isinstance(signed, Refusal):
            return hidden(signed)
        return answered(
            t71.SignedFile(
                rxFile=b64encode(signed.document).decode(),
                signDigest=signed.signature,
                signCertSn=signed.serial,
                signCertDn=signed.subject,
            )
        )

    return await once_sealed(call, effect)


async def circulate(call: Call) -> Reply:
    """7103: the signed sheet may be fetched from now on."""
    asked = data_of(t71.RxUpload, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_hospitals(call, asked.fixmedinsCode) or same_staff(
        call, asked.pharCode, asked.pharName, "data.pharName"
    )
    if wrong is not None:
        return wrong
    document = decoded(asked.rxFile, "data.rxFile")
    if isinstance(document, Refusal):
        return document

    upload = Upload(
        fields=fields_of(as_sent(t71.RxUpload, call)), document=document, signature=asked.signDigest
    )

    async def effect(connection: Connection) -> Reply:
        case = await services.circulate(connection, office_of(call), upload)
        return hidden(case) if isinstance(case, Refusal) else _standing(call, case)

    return await once(call, effect)


async def withdraw(call: Call) -> Reply:
    """7104: a doctor takes the sheet back before anything was taken."""
    asked = data_of(t71.Undo, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_hospitals(call, asked.fixmedinsCode) or same_staff(
        call, asked.drCode, asked.undoDrName, "data.undoDrName"
    )
    if wrong is not None:
        return wrong

    async def effect(connection: Connection) -> Reply:
        office = office_of(call)
        case = await services.withdraw(
            connection, office, call.caller, asked.hiRxno, asked.drCode, asked.undoRea
        )
        return hidden(case) if isinstance(case, Refusal) else _standing(call, case)

    return await once(call, effect)


async def confirm(call: Call) -> Reply:
    """7191 (extension): the doctor stands by a sheet that a pharmacist has sent back; it may be fetched again."""
    asked = data_of(t71.Confirmation, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_hospitals(call, asked.fixmedinsCode) or same_staff(
        call, asked.drCode, asked.prscDrName, "data.prscDrName"
    )
    if wrong is not None:
        return wrong

    async def effect(connection: Connection) -> Reply:
        case = await services.confirm(connection, office_of(call), call.caller, asked.hiRxno, asked.drCode)
        return hidden(case) if isinstance(case, Refusal) else _standing(call, case)

    return await once(call, effect)


def _standing(call: Call, case: Case) -> Reply:
    stands = status(case, call.received_at)
    return answered(t71.Standing(hiRxno=case.rx_no, rxStasCodg=stands.code, rxStasName=stands.name))
