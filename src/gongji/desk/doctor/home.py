"""The doctor's day: who is to be seen, who is at the desk now, what waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.base.region_names import region_name
from gongji.base.regions import normalise_region
from gongji.desk.cashier.read import Customer, read_member
from gongji.desk.doctor.benefits import benefits_of, chronic_of, kind_of
from gongji.desk.doctor.stamp import EXPIRED, STAMP, made_at, number_of_form, stamp
from gongji.desk.doctor.visit import department_of, doctor_of
from gongji.desk.doctor.words import plain
from gongji.desk.reviews import Remark, remarks, returned
from gongji.encounters import selectors as encounters
from gongji.gateway.inside import Done, Refused
from gongji.members import selectors as members
from gongji.members.identity import mask_name
from gongji.members.rules import is_local
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.case import Case
from gongji.prescriptions.issuing import doctor_refusal
from gongji.web.pages import Page, page, url

__all__ = ["home", "identify", "open_visit", "tasks"]

LATELY: Final = timedelta(days=30)
MOST: Final = 200
EARLIER: Final = 20
"""So many earlier visits stand under those of today."""
WAITING: Final = ("returned", "checked", "signed")


class Task(msgspec.Struct, frozen=True):
    """A prescription of the doctor's that waits for him: what it is and what he is to do."""

    case: Case
    words: str
    kind: str


@page("desk.doctor")
async def home(shown: Page) -> HttpResponse:
    """Today's visits of this doctor, prescriptions that wait for him, and the field for the next patient."""
    return await _home(shown)


async def _home(shown: Page, error: str = "", code: str = "", status: int = 200) -> HttpResponse:
    who = shown.visitor
    doctor = doctor_of(shown)
    async with shown.connection() as conn:
        visits = await encounters.visits_between(
            conn, who.institution, shown.today - LATELY, shown.today, who.staff_code, MOST
        )
        names = await members.names(conn, sorted({visit.psn_no for visit in visits}))
    rows = [(visit, mask_name(names.get(visit.psn_no, ""))) for visit in visits]
    context = {
        "rows": [row for row in rows if row[0].service_on == shown.today],
        "earlier": [row for row in rows if row[0].service_on != shown.today][:EARLIER],
        "tasks": await tasks(shown),
        "barred": doctor_refusal(doctor, who.staff_code or who.username, "prescribe"),
        "doctor": doctor,
        "error": plain(error),
        "code": code,
        "msgid": shown.msgid(),
    }
    return await shown.show("desk/doctor/home.html", context, status)


async def tasks(shown: Page) -> list[Task]:
    who = shown.visitor
    async with shown.connection() as conn:
        listed = [
            row
            for state in WAITING
            for row in await prescriptions.of_institution(conn, who.institution, state)
            if row.issuer == who.institution
        ]
        cases = (await prescriptions.cases(conn, [(row.psn_no, row.rx_no) for row in listed])).values()
        own = [case for case in cases if case.prescription.doctor_code == who.staff_code]
        said = await remarks(conn, who.institution, [case.rx_id for case in own])
    found = [_task(shown, case, said[case.rx_id]) for case in own]
    return [task for task in found if task is not None]


def _task(shown: Page, case: Case, said: Sequence[Remark]) -> Task | None:
    """What the doctor is to do about a prescription that nobody can fetch now; None: nothing, or it is too late."""
    if case.deadline < shown.at:
        return None
    if case.state == "returned":
        return Task(case, f"药店药师退回：{case.events[-1].reason or '请核对用法用量'}", "bad")
    back = returned(said)
    if back is not None:
        return Task(case, f"本院药师 {back.name} 退回：{back.reason}", "bad")
    return Task(case, "尚未签名", "wait") if case.state == "checked" else Task(case, "待本院药师审方", "info")


@page("desk.doctor.identify")
async def identify(shown: Page) -> HttpResponse:
    """1101, 2001 and 5301: who is at the desk, how insured, what is paid for here, for which chronic diseases."""
    code = " ".join(shown.request.POST.get("code", "").split())[:50]
    number = number_of_form(shown)
    if shown.request.method != "POST" or not number:
        return HttpResponseRedirect(url("desk.doctor"))
    if not code:
        return await _home(shown, "请扫描医保电子凭证、社会保障卡，或输入身份证号码", status=422)
    found = await read_member(shown, code, number)
    if isinstance(found, Refused):
        return await _home(shown, found.text, code, status=422)
    return await _identified(shown, found)


async def _identified(shown: Page, found: Customer, error: str = "") -> HttpResponse:
    place = shown.platform.provider(shown.visitor.institution)
    here, home_region = (
        (place.region if place else ""),
        normalise_region(found.region) if found.region else "",
    )
    context = {
        "person": found,
        "benefits": await benefits_of(shown, found.psn_no),
        "chronic": await chronic_of(shown, found.psn_no),
        "away": bool(home_region and here) and not is_local(here, home_region),
        "region": region_name(home_region) if home_region else "",
        "error": plain(error),
        "msgid": shown.msgid(),
        "made": stamp(shown),
    }
    return await shown.show("desk/doctor/identified.html", context, 422 if error else 200)


@page("desk.doctor.open")
async def open_visit(shown: Page) -> HttpResponse:
    """2201 and 2203: the visit of who is at the desk begins, under the category that was chosen."""
    given = shown.request.POST
    number, made = number_of_form(shown), made_at(shown)
    if shown.request.method != "POST":
        return HttpResponseRedirect(url("desk.doctor"))
    if not number or made is None:
        return await shown.no(400, *EXPIRED)
    chosen = await kind_of(shown, given.get("psn_no", ""), given.get("benefit", ""))
    if chosen is None:
        return await _home(shown, "请选择就诊类型", status=422)
    opened = await _registered(shown, number, made.strftime(STAMP))
    if isinstance(opened, Refused):
        return await _home(shown, opened.text, status=422)
    visit_no = str(opened.output["data"]["mdtrt_id"])
    info = {
        "mdtrt_id": visit_no,
        "psn_no": given.get("psn_no", ""),
        "begntime": made.strftime(STAMP),
        **chosen,
    }
    noted = await shown.trade("2203", {"mdtrtinfo": info, "diseinfo": []}, f"{number}I")
    if isinstance(noted, Refused):
        return await _home(shown, noted.text, status=422)
    return HttpResponseRedirect(url("desk.doctor.visit", visit_no))


async def _registered(shown: Page, number: str, at: str) -> Done | Refused:
    doctor = doctor_of(shown)
    if doctor is None:
        refusal = Refusal("DOCTOR_NOT_REGISTERED", shown.visitor.staff_code or shown.visitor.username)
        return Refused(refusal.code, refusal.text)
    department = await department_of(shown, doctor)
    given = shown.request.POST
    data = {
        "psn_no": given.get("psn_no", ""),
        "insutype": "310",
        "begntime": at,
        "mdtrt_cert_type": given.get("voucher_type", ""),
        "mdtrt_cert_no": given.get("voucher_no", ""),
        "ipt_otp_no": f"MZ{number[1:]}",
        "atddr_no": doctor.staff_code,
        "dr_name": doctor.name,
        "dept_code": department.dept_code if department else "",
        "dept_name": department.name if department else doctor.department,
        "caty": department.caty if department else "",
    }
    return await shown.trade("2201", {"data": data}, number)
