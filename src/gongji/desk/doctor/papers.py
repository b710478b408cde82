"""A prescription after it was issued: where it stands and what happened to it in words, the signed paper, and what its doctor may
do: sign it again, withdraw it (7104), stand by what a pharmacist has sent back (7191, or the answer to the house's own)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.money import format_scaled
from gongji.desk.doctor.again import order_sheet
from gongji.desk.doctor.forms import ReasonForm
from gongji.desk.doctor.rx import patient_of, sign
from gongji.desk.doctor.screen import back
from gongji.desk.doctor.stamp import EXPIRED, STAMP, made_at, number_of_form, stamp
from gongji.desk.doctor.visit import treats
from gongji.desk.doctor.words import plain
from gongji.desk.reviews import Remark, remarks, returned, write_remark
from gongji.gateway.accesses import IDENTITY
from gongji.gateway.centre import office_at
from gongji.gateway.inside import Done, Refused
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.case import Case, Event
from gongji.prescriptions.documents import kept
from gongji.prescriptions.office import open_private
from gongji.prescriptions.states import STATES, VERBS
from gongji.prescriptions.values import Drug
from gongji.web.pages import Page, page, url

__all__ = ["answer", "case_of", "confirm", "document", "paper_of", "prescription", "sign_again", "withdraw"]

FIELDS: Final = (*IDENTITY, "rxDetlList", "rxDiseList", "rxOtpinfo")
NO_RX: Final = ("没有这张处方", "本机构没有开具过这个编号的处方。")
KINDS: Final = {
    "checked": "wait", "signed": "wait", "circulating": "info", "held": "info", "approved": "info", "returned": "bad",
    "filled": "ok", "expired": "bad", "withdrawn": "bad",
}  # fmt: skip
MAY_WITHDRAW: Final = ("checked", "signed", "circulating", "held", "approved", "returned")
NOT_YOURS: Final = ("不是您开具的处方", "撤销和确认由开方医师本人办理。")


class Told(msgspec.Struct, frozen=True):
    """One thing that happened, as a line of the history."""

    words: str
    at: Any
    where: str
    reason: str


async def case_of(shown: Page, rx_no: str) -> Case | None:
    """A prescription that this institution has issued; None for any other."""
    async with shown.connection() as conn:
        case = await prescriptions.case(conn, rx_no)
    return case if case is not None and case.issuer == shown.visitor.institution else None


async def patients_case(shown: Page, rx_no: str) -> Case | None:
    """A prescription that the doctor has written, or a colleague of the house for a patient of the doctor's; None for any other."""
    case = await case_of(shown, rx_no)
    if case is None or case.prescription.doctor_code == shown.visitor.staff_code:
        return case
    async with shown.connection() as conn:
        return case if await treats(conn, shown, case.psn_no) else None


class DrugRow(msgspec.Struct, frozen=True):
    """A drug of a prescription as a page shows it."""

    drug: Drug
    quantity: str
    days: int


def drug_rows(case: Case) -> list[DrugRow]:
    """The drugs of a prescription with what is counted written out."""
    return [
        DrugRow(drug, f"{format_scaled(drug.quantity_e4, 4)}{drug.unit}", drug.days_e2 // 100)
        for drug in case.prescription.drugs
    ]


async def said_of(shown: Page, case: Case) -> tuple[Remark, ...]:
    async with shown.connection() as conn:
        return (await remarks(conn, case.issuer, [case.rx_id]))[case.rx_id]


@page("desk.doctor.rx")
async def prescription(shown: Page, rx_no: str) -> HttpResponse:
    """The prescription with where it stands, its history and what may be done."""
    case = await patients_case(shown, rx_no)
    return await shown.no(404, *NO_RX) if case is None else await shown_case(shown, case)


async def shown_case(shown: Page, case: Case, error: str = "") -> HttpResponse:
    """The page of a prescription, with an error of what was tried."""
    await shown.look(case.psn_no, FIELDS, f"处方 {case.rx_no}")
    found, said = await patient_of(shown, case), await said_of(shown, case)
    own = case.prescription.doctor_code == shown.visitor.staff_code
    context = {
        "case": case,
        "person": found[0] if found else None,
        "private": (private := open_private(shown.platform.vault, case)),
        "allergies": dict(private.more).get("algsHis", ""),
        "rows": drug_rows(case),
        "state": STATES[case.state],
        "kind": KINDS[case.state],
        "history": _history(shown, case, said),
        "back": returned(said) if case.state == "signed" else None,
        "sent_back": _told(shown, case.events[-1]) if case.state == "returned" else None,
        "own": own,
        "may_withdraw": own and case.state in MAY_WITHDRAW and not case.takings,
        "reviewed": any(event.verb == "circulate" for event in case.events),
        "error": plain(error),
        "msgid": shown.msgid(),
        "made": stamp(shown),
    }
    return await shown.show("desk/doctor/rx.html", context, 422 if error else 200)


def _history(shown: Page, case: Case, said: Sequence[Remark]) -> list[Told]:
    """Events of the centre and remarks of the house, in their order."""
    told = [_told(shown, event) for event in case.events]
    told += [
        Told(
            f"本院药师 {one.name} 退回" if one.verdict == "return" else f"医师 {one.name} 说明",
            one.at,
            "",
            one.reason,
        )
        for one in said
    ]
    return sorted(told, key=lambda one: one.at)


def _told(shown: Page, event: Event) -> Told:
    place = shown.platform.provider(event.institution)
    return Told(VERBS[event.verb], event.at, place.name if place else "", event.reason)


@page("desk.doctor.paper")
async def document(shown: Page, rx_no: str) -> HttpResponse:
    """The paper that was signed last, byte by byte as it was signed."""
    case = await patients_case(shown, rx_no)
    return await shown.no(404, *NO_RX) if case is None else await paper_of(shown, case)


async def paper_of(shown: Page, case: Case) -> HttpResponse:
    """The signed file of a prescription, after the look is recorded."""
    await shown.look(case.psn_no, FIELDS, f"处方笺 {case.rx_no}")
    office = office_at(shown.platform, shown.visitor.actor, shown.at)
    async with shown.connection() as conn:
        original = await kept(conn, office, case)
    if original is None:
        return await shown.no(404, "还没有处方笺", "处方签名后才有处方笺。")
    answer = HttpResponse(original.document, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="rx-{case.rx_no}.pdf"'
    return answer


@page("desk.doctor.sign")
async def sign_again(shown: Page, rx_no: str) -> HttpResponse:
    """7102 for a prescription that was checked and could not be signed then."""
    case = await patients_case(shown, rx_no)
    if case is None:
        return await shown.no(404, *NO_RX)
    msgid = number_of_form(shown)
    if shown.request.method == "POST" and msgid and case.state == "checked":
        signed = await sign(shown, rx_no, msgid)
        if isinstance(signed, Refused):
            return await shown_case(shown, case, signed.text)
    return HttpResponseRedirect(url("desk.doctor.rx", rx_no))


@page("desk.doctor.withdraw")
async def withdraw(shown: Page, rx_no: str) -> HttpResponse:
    """What withdrawing does, in full; then 7104. The drugs may be ordered anew."""
    case = await patients_case(shown, rx_no)
    if case is None:
        return await shown.no(404, *NO_RX)
    if case.prescription.doctor_code != shown.visitor.staff_code:
        return await shown.no(403, *NOT_YOURS)
    form = ReasonForm(shown.request.POST if shown.request.method == "POST" else None)
    if shown.request.method != "POST" or not form.is_valid():
        return await _ask_withdraw(shown, case, form)
    msgid, made = number_of_form(shown), made_at(shown)
    if not msgid or made is None:
        return await shown.no(400, *EXPIRED)
    done = await _withdrawn(shown, case, form.cleaned_data["reason"], msgid, made.strftime(STAMP))
    if isinstance(done, Refused):
        return await _ask_withdraw(shown, case, form, done.text)
    if shown.request.POST.get("again"):
        await order_sheet(shown, case, msgid)
        return back(str(case.prescription.visit_id))
    return HttpResponseRedirect(url("desk.doctor.rx", rx_no))


async def _ask_withdraw(shown: Page, case: Case, form: ReasonForm, error: str = "") -> HttpResponse:
    await shown.look(case.psn_no, FIELDS, f"撤销处方 {case.rx_no}")
    context = {
        "case": case, "form": form, "error": plain(error), "state": STATES[case.state], "kind": KINDS[case.state],
        "possible": case.state in MAY_WITHDRAW and not case.takings, "msgid": shown.msgid(), "made": stamp(shown),
    }  # fmt: skip
    return await shown.show("desk/doctor/withdraw.html", context, 422 if error or form.errors else 200)


async def _withdrawn(shown: Page, case: Case, reason: str, msgid: str, at: str) -> Done | Refused:
    """7104, with the doctor's certificate as the register has it (5102)."""
    sheet = case.prescription
    staff = await shown.trade(
        "5102",
        {"data": {"prac_psn_type": "1", "prac_psn_code": sheet.doctor_code, "fixmedins_code": case.issuer}},
        shown.msgid(),
    )
    rows = staff.output.get("feedetail") or () if isinstance(staff, Done) else ()
    known: dict[str, Any] = next((row for row in rows if row["prac_psn_code"] == sheet.doctor_code), {})
    data = {
        "hiRxno": case.rx_no,
        "fixmedinsCode": case.issuer,
        "drCode": sheet.doctor_code,
        "undoDrName": sheet.doctor_name,
        "undoDrCertType": known.get("psn_cert_type") or "01",
        "undoDrCertno": known.get("certno") or "",
        "undoRea": reason,
        "undoTime": at,
    }
    return await shown.trade("7104", {"data": data}, msgid)


@page("desk.doctor.confirm")
async def confirm(shown: Page, rx_no: str) -> HttpResponse:
    """7191: the doctor stands by what a pharmacy's pharmacist has sent back; it circulates again."""
    case = await patients_case(shown, rx_no)
    if case is None:
        return await shown.no(404, *NO_RX)
    msgid, sheet = number_of_form(shown), case.prescription
    if sheet.doctor_code != shown.visitor.staff_code:
        return await shown.no(403, *NOT_YOURS)
    if shown.request.method == "POST" and msgid:
        data = {
            "hiRxno": rx_no, "fixmedinsCode": case.issuer, "drCode": sheet.doctor_code, "prscDrName": sheet.doctor_name,
        }  # fmt: skip
        done = await shown.trade("7191", {"data": data}, msgid)
        if isinstance(done, Refused):
            return await shown_case(shown, case, done.text)
    return HttpResponseRedirect(url("desk.doctor.rx", rx_no))


@page("desk.doctor.answer")
async def answer(shown: Page, rx_no: str) -> HttpResponse:
    """The doctor answers the house's pharmacist, with the reason: the sheet goes back to the review."""
    case = await patients_case(shown, rx_no)
    if case is None:
        return await shown.no(404, *NO_RX)
    if case.prescription.doctor_code != shown.visitor.staff_code:
        return await shown.no(403, *NOT_YOURS)
    form, said = ReasonForm(shown.request.POST), await said_of(shown, case)
    if shown.request.method == "POST" and returned(said) is not None:
        if not form.is_valid():
            return await shown_case(shown, case, "请写明坚持原处方的理由")
        by = (shown.visitor.staff_code, case.prescription.doctor_name)
        async with shown.connection() as conn:
            await write_remark(
                conn, case.issuer, case.rx_id, said, "answer", by, form.cleaned_data["reason"], shown.at
            )
    return HttpResponseRedirect(url("desk.doctor.rx", rx_no))
