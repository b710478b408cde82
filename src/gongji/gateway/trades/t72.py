"""7201-7206 药店侧: the member's authorisation, the download that holds the prescription, its signature, the pharmacist's review.

Who may fill prescriptions is a designated institution with the pooled agreement in force today. A prescription that the member has
not shown to this institution does not exist here.
"""

from base64 import b64encode

from gongji.base.codes import is_known, label
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.gateway.calls import Call, Output, Reply, output
from gongji.gateway.centre import (
    SHEET_FIELDS,
    answered,
    for_sellers,
    office_of,
    once_here,
    record_shown,
    same_certificate,
    same_staff,
    today,
)
from gongji.gateway.folding import data_of, decoded, extended
from gongji.gateway.messages import rxout, t72
from gongji.gateway.persons import at_counter
from gongji.gateway.rxsheet import diagnoses, drugs, extra_name, patient
from gongji.gateway.sealed import once_sealed
from gongji.gateway.values import moment
from gongji.gateway.visits import number_of
from gongji.members.selectors import find
from gongji.members.values import Person
from gongji.prescriptions import services
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import open_private
from gongji.prescriptions.services import Grant
from gongji.prescriptions.values import Proxy

E_VOUCHER, IDENTITY_CARD = "01", "02"
YES = "1"
GRANTED = ("authRxno", "prscTime", "deptName", "diseName")
PDF, OFD = "pdf", "ofd"


async def authorise(call: Call) -> Reply:
    """7201: the member stands here; the prescriptions that wait for him, each with a token of its own."""
    asked = data_of(t72.Authorisation, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_sellers(call, asked.fixmedinsCode) or _authorisation_wrong(call, asked)
    if wrong is not None:
        return wrong

    async def effect(connection: Connection) -> Reply:
        person = await _present(connection, call, asked)
        if isinstance(person, Refusal):
            return person
        evidence = "ecToken" if asked.ecToken else f"regSn {asked.regSn}"
        grants = await services.authorise(connection, office_of(call), call.caller, person.psn_no, evidence)
        if isinstance(grants, Refusal):
            return grants
        await record_shown(connection, call, person.psn_no, GRANTED)
        return answered(tuple(_grant_row(call, grant) for grant in grants))

    return await once_sealed(call, effect)


def _authorisation_wrong(call: Call, asked: t72.Authorisation) -> Refusal | None:
    if bool(asked.ecToken) == bool(asked.regSn):
        return Refusal("BAD_FIELD", "data.ecToken、data.regSn 须填写且只填写其中一项")
    if asked.outFlag != YES:
        return None
    if not asked.outPoolareaNo:
        return Refusal("MISSING_FIELD", "data.outPoolareaNo（outFlag 为 1 时必填）")
    if asked.outPoolareaNo[:2] != call.platform.settings.admdvs[:2]:
        return Refusal("FORBIDDEN", "data.outPoolareaNo 不在本平台范围，请向该省的电子处方中心查询")
    return None


async def _present(connection: Connection, call: Call, asked: t72.Authorisation) -> Person | Refusal:
    """The member: by the e-voucher, or by the certificate that somebody at the counter has looked at (regSn)."""
    identity = await at_counter(
        connection,
        call.platform.vault,
        today(call),
        E_VOUCHER if asked.ecToken else IDENTITY_CARD,
        asked.ecToken or asked.certno,
        certno=asked.certno,
        psn_name=asked.psnName,
    )
    if isinstance(identity, Refusal):
        return identity
    return same_certificate(identity.person, asked.psnCertType, "data.psnCertType") or identity.person


def _grant_row(call: Call, grant: Grant) -> rxout.GrantRow:
    rx = grant.case.prescription
    words = dict(open_private(call.platform.vault, grant.case).more)
    return rxout.GrantRow(
        authRxno=grant.auth_no,
        epcToken=grant.token,
        expiresIn=moment(grant.until),
        fixmedinsCode=rx.issuer,
        fixmedinsName=_name(call, rx.issuer),
        prscTime=moment(rx.issued_at),
        deptName=rx.dept_name,
        diseCodg=words.get("diseCodg"),
        diseName=words.get("diseName"),
        valiEndTime=moment(grant.case.deadline),
        rxExraAttrCode=rx.extra_kind,
        rxExraAttrName=extra_name(rx.extra_kind),
    )


async def query_online(call: Call) -> Reply:
    """7202: the member has authorised this institution from his telephone."""
    asked = data_of(t72.OnlineAuthorisation, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_sellers(call, asked.fixmedinsCode)
    if wrong is not None:
        return wrong

    async def effect(connection: Connection) -> Reply:
        grant = await services.authorise_online(
            connection, office_of(call), call.caller, asked.hiRxno, asked.authCircBizSn
        )
        return grant if isinstance(grant, Refusal) else _granted(grant)

    return await once_sealed(call, effect)


async def decode(call: Call) -> Reply:
    """7203: the member shows the code of one prescription."""
    asked = data_of(t72.ShownCode, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_sellers(call, asked.fixmedinsCode)
    if wrong is not None:
        return wrong

    async def effect(connection: Connection) -> Reply:
        grant = await services.decode(connection, office_of(call), call.caller, asked.epcQrcd)
        return grant if isinstance(grant, Refusal) else _granted(grant)

    return await once_sealed(call, effect)


def _granted(grant: Grant) -> Output:
    return answered(
        rxout.Granted(authRxno=grant.auth_no, epcToken=grant.token, expiresIn=moment(grant.until))
    )


async def download(call: Call) -> Reply:
    """7204: the institution takes the prescription on: it holds it for a while, nobody else may fill it meanwhile."""
    asked = data_of(t72.Download, call)
    if not isinstance(asked, Refusal):
        asked = extended(t72.Download, asked, asked.extras, "data")
    if isinstance(asked, Refusal):
        return asked
    proxy = _proxy(asked)
    if isinstance(proxy, Refusal):
        return proxy
    wrong = for_sellers(call, asked.fixmedinsCode)
    if wrong is not None:
        return wrong
    operator = f"{asked.opter} {asked.opterName}"

    async def effect(connection: Connection) -> Reply:
        done = await services.accept(
            connection, office_of(call), call.caller, asked.epcToken, asked.authRxno, operator, proxy
        )
        if isinstance(done, Refusal):
            return done
        person = await find(connection, call.platform.vault, psn_no=done.case.psn_no)
        if person is None:
            return Refusal("UNKNOWN_MEMBER")
        await record_shown(connection, call, person.psn_no, SHEET_FIELDS)
        return output(_downloaded(call, done.case, done.document, person))

    return await once_sealed(call, effect)


def _proxy(asked: t72.Download) -> Proxy | Refusal | None:
    """Who fetches the drugs for the member: shown by name and certificate (SX2022-27 第十二条)."""
    given = (asked.agnterName, asked.agnterCertType, asked.agnterCertno, asked.agnterTel, asked.agnterRlts)
    if not any(given):
        return None
    for name, value in zip(("agnterName", "agnterCertType", "agnterCertno"), given, strict=False):
        if not value:
            return Refusal("MISSING_FIELD", f"data.{name}（委托他人代购药品的，须登记代购人身份）")
    if not is_known("psn_cert_type", asked.agnterCertType):
        return Refusal("UNKNOWN_CODE", "data.agnterCertType")
    if asked.agnterRlts and not is_known("agnter_rlts", asked.agnterRlts):
        return Refusal("UNKNOWN_CODE", "data.agnterRlts")
    return Proxy(
        name=asked.agnterName,
        cert_type=asked.agnterCertType,
        cert_no=asked.agnterCertno,
        phone=asked.agnterTel,
        relation=asked.agnterRlts,
    )


def _downloaded(call: Call, case: Case, document: bytes, person: Person) -> rxout.Taken:
    rx = case.prescription
    private = open_private(call.platform.vault, case)
    return rxout.Taken(
        data=rxout.Downloaded(
            hiRxno=case.rx_no,
            rxTraceCode=rx.trace_code,
            fixmedinsCode=rx.issuer,
            fixmedinsName=_name(call, rx.issuer),
            prscTime=moment(rx.issued_at),
            prscDeptName=rx.dept_name,
            valiEndTime=moment(case.deadline),
            rxTypeCode=rx.rx_type,
            rxTypeName=label("rx_type_code", rx.rx_type),
            longRxFlag=YES if rx.long else "0",
            rxFile=b64encode(document).decode(),
            fileSuffix=PDF if document.startswith(b"%PDF") else OFD,
        ),
        rxDetlList=drugs(case, case.fill),
        rxOtpinfo=patient(rx, private, person),
        rxDiseList=diagnoses(private),
    )


def _name(call: Call, code: str) -> str:
    found = call.platform.provider(code)
    return found.name if found else code


async def verify(call: Call) -> Reply:
    """7205: the hospital's signature holds and the file is the one that was signed."""
    asked = data_of(t72.Verification, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_sellers(call, asked.fixmedinsCode)
    if wrong is not None:
        return wrong
    document = decoded(asked.rxFile, "data.rxFile")
    if isinstance(document, Refusal):
        return document

    async def effect(connection: Connection) -> Reply:
        verified = await services.verify(
            connection,
            office_of(call),
            call.caller,
            asked.hiRxno,
            asked.rxTraceCode,
            asked.epcToken,
            document,
        )
        if isinstance(verified, Refusal):
            return verified
        return answered(
            rxout.Verified(
                flag=True,
                rxSignVerifySn=str(verified.sn),
                signCertSn=verified.serial,
                signCertDn=verified.subject,
            )
        )

    return await once_here(call, asked.hiRxno, effect)


async def review(call: Call) -> Reply:
    """7206: the institution's pharmacist passes or refuses the prescription."""
    asked = data_of(t72.PharmacistReview, call)
    if isinstance(asked, Refusal):
        return asked
    wrong = for_sellers(call, asked.fixmedinsCode) or same_staff(
        call, asked.pharCode, asked.pharName, "data.pharName"
    )
    if wrong is not None:
        return wrong

    async def effect(connection: Connection) -> Reply:
        reviewed = await services.review(
            connection,
            office_of(call),
            call.caller,
            asked.hiRxno,
            asked.epcToken,
            reviewer_code=asked.pharCode,
            passed=asked.rxChkStasCodg == YES,
            opinion=asked.rxChkOpnn,
            verify_sn=number_of(asked.rxSignVerifySn) or 0,
            reviewed_at=asked.rxChkTime,
        )
        if isinstance(reviewed, Refusal):
            return reviewed
        return answered(rxout.Reviewed(flag=True, rxChkBizSn=str(reviewed.sn)))

    return await once_here(call, asked.hiRxno, effect)
