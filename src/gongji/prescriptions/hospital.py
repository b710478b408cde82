"""What the issuing hospital does with a prescription: check, sign, circulate, withdraw, confirm (7101–7104).

One function a verb, one transaction each; answered is the case after it, or a Refusal. Source: SX2022-27 第八至十一条.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.encounters import selectors as encounters
from gongji.encounters.values import Visit
from gongji.members import selectors as members
from gongji.members.rules import age_on
from gongji.prescriptions import details as d
from gongji.prescriptions import selectors
from gongji.prescriptions.advance import Advance, Step, step
from gongji.prescriptions.case import Case
from gongji.prescriptions.documents import Kept, keep, kept, refuse_document, sign_both, signatures_hold
from gongji.prescriptions.entitled import entitled, pharmacist, strange
from gongji.prescriptions.issuing import Situation, all_told, doctor_refusal, marked, problems
from gongji.prescriptions.limits import Limits, end_of_day, last_instant, number, read_limits, validity_days
from gongji.prescriptions.office import RxOffice, seal_private
from gongji.prescriptions.signed import Upload, read_content, refuse_content
from gongji.prescriptions.values import Issue, Prescription, Sheet
from gongji.prescriptions.writing import change, storable, write

__all__ = ["Signed", "check", "circulate", "confirm", "sign", "situation", "withdraw"]

WRITE = sql("gongji.prescriptions", "write_prescription")
WRITE_NUMBER = sql("gongji.prescriptions", "write_number")
TRACE_BYTES: Final = 10
"""20 hexadecimal digits: the length of rxTraceCode."""


class Signed(msgspec.Struct, frozen=True):
    """What 7102 answers: the file as it came, the signature over the information (base64), the certificate."""

    document: bytes
    signature: str
    serial: str
    subject: str
    case: Case


async def check(conn: Connection, office: RxOffice, issue: Issue) -> Case | Refusal:
    """Check a sheet and number it (7101). Every problem is told at once; the code is the first one's."""
    now = await situation(conn, office, issue)
    if isinstance(now, Refusal):
        return now
    refusal = all_told(problems(issue, now))
    if refusal is not None:
        return refusal
    assert now.visit is not None
    sheet = await _prescription(conn, office, issue, now.visit, now.limits)
    checked = step(
        Case(prescription=sheet),
        Step(
            verb="check",
            actor=office.actor,
            at=office.at,
            institution=issue.issuer,
            detail=marked(issue, now),
        ),
    )
    if isinstance(checked, Refusal):
        return checked
    async with conn.transaction():
        free = await conn.fetchval(WRITE_NUMBER, issue.issuer, issue.hosp_rx_no, issue.psn_no, sheet.rx_id)
        if free is None:
            return Refusal("RX_NUMBER_USED", issue.hosp_rx_no)
        sealed = seal_private(office.vault, sheet.psn_no, sheet.rx_id, issue.private)
        await conn.execute(
            WRITE, sheet.psn_no, sheet.rx_id, sheet.issuer, sheet.hosp_rx_no, sheet.visit_id, sheet.group_id,
            sheet.issued_at, msgspec.json.encode(sheet).decode(), sealed,
        )  # fmt: skip
        await write(conn, [Advance(checked, 0)])
    return msgspec.structs.replace(checked, sealed=sealed)


async def situation(conn: Connection, office: RxOffice, issue: Issue) -> Situation | Refusal:
    """Everything that the checks look at, on the day of issue."""
    provider = office.book.get(issue.issuer)
    if provider is None:
        return Refusal("UNKNOWN_INSTITUTION", issue.issuer)
    person = await members.find(conn, office.vault, psn_no=issue.psn_no)
    if person is None:
        return Refusal("UNKNOWN_MEMBER")
    if (refusal := storable(issue)) is not None:
        return refusal
    on = issue.issued_on
    place = provider.on(on)
    limits = read_limits(office.law, place.region, on, office.allow_draft)
    if isinstance(limits, Refusal):
        return limits
    key = (issue.psn_no, issue.visit_id)
    return Situation(
        place=place,
        visit=(await encounters.visits(conn, [key])).get(key),
        doctor=office.book.staff(issue.issuer, issue.doctor_code, on),
        items={drug.item: office.catalogue.get(drug.item, on, place.region) for drug in issue.drugs},
        limits=limits,
        at=office.at,
        sex=person.gender,
        age=age_on(person.born_on, on),
    )


async def _prescription(
    conn: Connection, office: RxOffice, issue: Issue, visit: Visit, limits: Limits
) -> Prescription:
    """The sheet with what the centre adds: number, trace code, visit group, last instants, the law's terms."""
    group = visit
    if visit.group_id != visit.visit_id:
        key = (visit.psn_no, visit.group_id)
        group = (await encounters.visits(conn, [key])).get(key, visit)
    days = validity_days(issue, limits)
    valid_until = last_instant(issue.issued_at, days, str(limits.validity_mode.raw))
    common: dict[str, Any] = {name: getattr(issue, name) for name in Sheet.__struct_fields__}
    common["valid_days"] = days
    if issue.fills > 1 and not issue.interval_days:
        common["interval_days"] = _interval(issue)
    return Prescription(
        **common,
        rx_id=office.ids.next(),
        trace_code=office.random(TRACE_BYTES).hex().upper(),
        group_id=visit.group_id,
        group_on=group.service_on,
        valid_until=valid_until,
        ends_at=max(valid_until, _end(issue, limits)) if issue.fills > 1 else valid_until,
        terms=limits.terms,
        law=office.law.digest,
        checked_at=office.at,
    )


def _interval(issue: Issue) -> int:
    """Days between two fills where the doctor has set none: the days of use in equal parts."""
    days = max(drug.days_e2 for drug in issue.drugs) // 100
    return max(days // issue.fills, 1)


def _end(issue: Issue, limits: Limits) -> datetime:
    """The last instant of the last fill (A28)."""
    return end_of_day(issue.issued_on + timedelta(days=number(limits.long_days)))


async def sign(
    conn: Connection, office: RxOffice, issuer: str, content: bytes, document: bytes
) -> Signed | Refusal:
    """Sign the information and the file with the institution's certificate (7102).

    ``content`` must be the information of a prescription that this institution had checked, and name its patient and its doctor
    (RX_SIGNED_CONTENT, RX_TRACE_CODE); institution and doctor must be entitled now, whatever day the sheet says.
    """
    fields = read_content(content)
    if isinstance(fields, Refusal):
        return fields
    refusal = refuse_document(document)
    if refusal is not None:
        return refusal
    case = await own_case(conn, issuer, fields.rx_no)
    if isinstance(case, Refusal):
        return case
    refusal = (
        refuse_content(case, fields) or entitled(office, case) or await strange(conn, office, case, fields)
    )
    if refusal is not None:
        return refusal
    signed = await sign_both(office, issuer, content, document)
    if isinstance(signed, Refusal):
        return signed

    async def beside(inner: Connection, after: Case) -> None:
        await keep(inner, office, after, Kept(content, document))

    after = await change(
        conn,
        case.rx_no,
        office.at,
        lambda now: _stepped(office, now, "sign", issuer, detail=signed),
        beside,
        known=case,
    )
    if isinstance(after, Refusal):
        return after
    return Signed(document, signed.signature, signed.serial, signed.subject, after)


async def circulate(conn: Connection, office: RxOffice, upload: Upload) -> Case | Refusal:
    """Put a signed prescription into circulation (7103): it is what was checked, what was signed, and untouched since."""
    fields = upload.fields
    case = await own_case(conn, fields.issuer, fields.rx_no)
    if isinstance(case, Refusal):
        return case
    refusal = refuse_content(case, fields) or pharmacist(office, fields.issuer, fields.pharmacist_code)
    if refusal is not None:
        return refusal
    original = await kept(conn, office, case)
    if original is None or case.signed is None:
        return Refusal("RX_STATE", "处方尚未签名")
    if read_content(original.content) != fields:
        return Refusal("RX_SIGNED_CONTENT", "上传的处方信息与签名的不一致")
    if upload.document != original.document:
        return Refusal("RX_DOCUMENT_CHANGED", case.rx_no)
    genuine = upload.signature == case.signed.signature and await signatures_hold(
        office, case.signed, original
    )
    if not genuine:
        return Refusal("RX_SIGNATURE_INVALID", case.rx_no)
    number = case.version
    detail = d.Circulated(fields.pharmacist_code, fields.pharmacist_name, fields.reviewed_at)

    def decide(now: Case) -> Case | Refusal:
        if now.version != number:
            return Refusal("RX_MOVED_ON", now.rx_no)
        return _stepped(office, now, "circulate", fields.issuer, detail=detail)

    return await change(conn, case.rx_no, office.at, decide, known=case)


async def withdraw(
    conn: Connection, office: RxOffice, issuer: str, rx_no: str, doctor_code: str, reason: str
) -> Case | Refusal:
    """Withdraw a prescription of which nothing is taken (7104); a pharmacy that holds it is told RX_REVOKED at its next step."""
    if not reason:
        return Refusal("MISSING_FIELD", "撤销原因")
    return await _by_doctor(conn, office, issuer, rx_no, doctor_code, "withdraw", reason)


async def confirm(
    conn: Connection, office: RxOffice, issuer: str, rx_no: str, doctor_code: str
) -> Case | Refusal:
    """The doctor stands by a prescription that a pharmacy's review has sent back: it circulates again."""
    return await _by_doctor(conn, office, issuer, rx_no, doctor_code, "confirm", "")


async def _by_doctor(
    conn: Connection, office: RxOffice, issuer: str, rx_no: str, doctor_code: str, verb: str, reason: str
) -> Case | Refusal:
    case = await own_case(conn, issuer, rx_no)
    if isinstance(case, Refusal):
        return case
    doctor = office.book.staff(issuer, doctor_code, office.on)
    refusal = doctor_refusal(doctor, doctor_code, "prescribe")
    if refusal is not None:
        return refusal
    detail = d.Doctor(doctor_code)
    return await change(
        conn,
        rx_no,
        office.at,
        lambda now: _stepped(office, now, verb, issuer, reason=reason, detail=detail),
        known=case,
    )


def _stepped(
    office: RxOffice, case: Case, verb: str, issuer: str, *, detail: d.Detail, reason: str = ""
) -> Case | Refusal:
    wanted = Step(
        verb=verb, actor=office.actor, at=office.at, institution=issuer, reason=reason, detail=detail
    )
    return step(case, wanted)


async def own_case(conn: Connection, issuer: str, rx_no: str) -> Case | Refusal:
    """A prescription that the institution has issued; others' are not found."""
    case = await selectors.case(conn, rx_no)
    if case is None or case.issuer != issuer:
        return Refusal("RX_NOT_FOUND", rx_no[:40])
    return case
