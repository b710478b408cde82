"""A prescription is issued: checked and numbered (7101), put on paper, signed (7102); the house's pharmacist reviews it next."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.base.times import CHINA
from gongji.catalog.restrictions import SEXES
from gongji.desk import drafts
from gongji.desk.doctor.checks import said, valid_days
from gongji.desk.doctor.estimate import estimated
from gongji.desk.doctor.orders import KIND, Orders, herb_part
from gongji.desk.doctor.screen import NOT_HERE
from gongji.desk.doctor.sheet import check_nodes, encoded, hospital_number, signed_fields
from gongji.desk.doctor.stamp import EXPIRED, made_at, number_of_form, stamp
from gongji.desk.doctor.visit import LOOKED_AT, Treated, doctor_of, treated
from gongji.desk.doctor.words import plain
from gongji.desk.doctor.writing import where
from gongji.desk.paper import Paper, pdf
from gongji.gateway.inside import Done, Refused
from gongji.members import selectors as members
from gongji.members.personal import cert_no
from gongji.members.rules import age_on
from gongji.members.values import Person
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import open_private
from gongji.providers.register import StaffDay
from gongji.web.pages import Page, page, url

__all__ = ["issue", "patient_of", "sign"]


@page("desk.doctor.issue")
async def issue(shown: Page, number: str) -> HttpResponse:
    """What the sheet says in full and what it costs; sent, it is checked, numbered and signed."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    herbs = (shown.request.POST.get("kind") or shown.request.GET.get("kind")) == "herbs"
    if not herb_part(now.orders.away, herbs=herbs):
        return HttpResponseRedirect(url("desk.doctor.visit", number))
    if shown.request.method != "POST":
        return await _confirm(shown, now, herbs=herbs)
    msgid, made = number_of_form(shown), made_at(shown)
    if not msgid or made is None:
        return await shown.no(400, *EXPIRED)
    checked = await _checked(shown, now, msgid, made, herbs=herbs)
    if isinstance(checked, Refused):
        return await _confirm(shown, now, herbs=herbs, error=checked.text)
    rx_no = str(checked.output["data"]["hiRxno"])
    gone = [row.no for row in herb_part(now.orders.away, herbs=herbs)]
    sheet_no = now.orders.sheet_no
    await drafts.change(
        shown, KIND, str(now.visit.visit_id), Orders, lambda old: (old or Orders()).issued(sheet_no, gone)
    )
    await sign(shown, rx_no, msgid)
    return HttpResponseRedirect(url("desk.doctor.rx", rx_no))


async def _checked(shown: Page, now: Treated, msgid: str, made: datetime, *, herbs: bool) -> Done | Refused:
    """7101, in the name of the doctor whom the register knows."""
    doctor, days = doctor_of(shown), valid_days(shown)
    if doctor is None:
        who = shown.visitor
        days = Refusal("DOCTOR_NOT_REGISTERED", who.staff_code or who.username)
    if doctor is None or isinstance(days, Refusal):
        return _refused(days)
    rows = herb_part(now.orders.away, herbs=herbs)
    return await shown.trade("7101", check_nodes(now, doctor, await where(shown), rows, made, days), msgid)


def _refused(why: Refusal | int) -> Refused:
    assert isinstance(why, Refusal)
    return Refused(why.code, why.text)


async def _confirm(shown: Page, now: Treated, *, herbs: bool, error: str = "") -> HttpResponse:
    await shown.look(now.visit.psn_no, LOOKED_AT, f"开具处方 {now.visit.visit_id}")
    rows = herb_part(now.orders.away, herbs=herbs)
    place = shown.platform.provider(shown.visitor.institution)
    context = {
        "now": now,
        "rows": rows,
        "herbs": herbs,
        "sheet": await said(shown, now, doctor_of(shown), await where(shown), rows),
        "estimate": await estimated(shown, now),
        "days": valid_days(shown),
        "place": place.name if place else "",
        "doctor": doctor_of(shown),
        "department": (await where(shown))[1],
        "number": hospital_number(now),
        "error": plain(error),
        "msgid": shown.msgid(),
        "made": stamp(shown),
        "on": shown.today,
    }
    return await shown.show("desk/doctor/issue.html", context, 422 if error else 200)


async def patient_of(shown: Page, case: Case) -> tuple[Person, str] | None:
    """Whose the prescription is, with the certificate's number."""
    async with shown.connection() as conn:
        person = await members.find(conn, shown.platform.vault, psn_no=case.psn_no)
    return None if person is None else (person, cert_no(shown.platform.vault, person))


async def sign(
    shown: Page,
    rx_no: str,
    msgid: str,
    pharmacist: StaffDay | None = None,
    reviewed_at: datetime | None = None,
) -> tuple[dict[str, Any], Done] | Refused:
    """7102: information and paper are signed with the institution's certificate; again with the pharmacist once he has reviewed it.
    Answers the signed fields and the answer."""
    async with shown.connection() as conn:
        case = await prescriptions.case(conn, rx_no)
    if case is None or case.issuer != shown.visitor.institution:
        return Refused("RX_NOT_FOUND", Refusal("RX_NOT_FOUND").text)
    found = await patient_of(shown, case)
    if found is None:
        return Refused("UNKNOWN_MEMBER", Refusal("UNKNOWN_MEMBER").text)
    person, number = found
    place = shown.platform.provider(case.issuer)
    name = place.name if place else case.issuer
    fields = signed_fields(case, person, number, name, pharmacist, reviewed_at)
    paper = Paper(
        sheet=case.prescription,
        private=open_private(shown.platform.vault, case),
        institution=name,
        patient=person.name,
        sex=SEXES.get(person.gender, ""),
        age=age_on(person.born_on, case.prescription.issued_at.astimezone(CHINA).date()),
        reviewer=f"{pharmacist.name}（{pharmacist.staff_code}）" if pharmacist else "",
    )
    answer = await shown.trade(
        "7102",
        {
            "data": {
                "fixmedinsCode": case.issuer,
                "originalValue": encoded(fields),
                "originalRxFile": base64.b64encode(pdf(paper)).decode(),
            }
        },
        f"{msgid}S",
    )
    return answer if isinstance(answer, Refused) else (fields, answer)
