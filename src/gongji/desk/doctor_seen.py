"""What the doctor found (2203): category of care, condition, diagnoses; and a visit that ends before it was one (2202)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.times import CHINA
from gongji.desk import drafts
from gongji.desk.doctor_forms import SeenForm, diagnosis_of
from gongji.desk.doctor_orders import KIND
from gongji.desk.doctor_screen import NOT_HERE, back, render
from gongji.desk.doctor_stamp import EXPIRED, STAMP, made_at, number_of_form
from gongji.desk.doctor_visit import Treated, doctor_of, treated
from gongji.desk.doctor_writing import where
from gongji.encounters.values import Diagnosis
from gongji.gateway.inside import Refused
from gongji.web.pages import Page, page, url

__all__ = ["cancel", "seen"]

WESTERN_DIAGNOSIS: Final = "1"
CHRONIC: Final = "14"
MOST: Final = 10
"""Diagnoses of one visit that the screen takes."""
UNCLEAR: Final = "诊断请写成“编码 名称”，如 I10.x00x002 高血压，或从列表中选择"


@page("desk.doctor.seen")
async def seen(shown: Page, number: str) -> HttpResponse:
    """2203: category, condition and diagnoses as they stand after this form."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    msgid, made = number_of_form(shown), made_at(shown)
    if shown.request.method != "POST":
        return back(number)
    if not msgid or made is None:
        return await shown.no(400, *EXPIRED)
    form = SeenForm(shown.request.POST)
    if not form.is_valid():
        return await render(shown, now, error="请检查就诊类型和病情（不超过 500 字）", at="seen", status=422)
    found = _diagnoses(shown, now)
    if isinstance(found, str):
        return await render(shown, now, error=found, at="seen", status=422)
    at = made.strftime(STAMP)
    info = {
        "mdtrt_id": str(now.visit.visit_id),
        "psn_no": now.visit.psn_no,
        "med_type": form.cleaned_data["med_type"],
        "begntime": at,
        "main_cond_dscr": form.cleaned_data["condition"],
        **_disease(now, form),
    }
    rows = await _rows(shown, now, found, at)
    answer = await shown.trade("2203", {"mdtrtinfo": info, "diseinfo": rows}, msgid)
    if isinstance(answer, Refused):
        return await render(shown, now, error=answer.text, at="seen", status=422)
    return back(number)


def _disease(now: Treated, form: SeenForm) -> dict[str, str]:
    """The chronic disease that the visit is for; it stays what it was where the form does not say."""
    if form.cleaned_data["med_type"] != CHRONIC:
        return {"dise_codg": "", "dise_name": ""}
    code, _, name = form.cleaned_data["disease"].partition(" ")
    return (
        {"dise_codg": code, "dise_name": name}
        if code
        else {"dise_codg": now.visit.disease_code, "dise_name": now.visit.disease_name}
    )


def _diagnoses(shown: Page, now: Treated) -> list[tuple[str, str]] | str:
    """Code and name of what stands after the form: one added, one dropped, one made the main one; or what is wrong with it."""
    given = shown.request.POST
    found = [(one.code, one.name) for one in now.diagnoses if one.code != given.get("drop")]
    main = given.get("main", "")
    found.sort(key=lambda one: one[0] != main)
    text = given.get("diagnosis", "").strip()
    if not text:
        return found
    added = diagnosis_of(text)
    if added is None:
        return UNCLEAR
    if added[0] not in [code for code, _ in found]:
        found.append(added)
    return found if len(found) <= MOST else f"一次就诊最多 {MOST} 个诊断"


async def _rows(shown: Page, now: Treated, found: Sequence[tuple[str, str]], at: str) -> list[dict[str, Any]]:
    """diseinfo: the diagnoses in their new order; numbers that nothing stands under any more are voided."""
    doctor, (_, department) = doctor_of(shown), await where(shown)
    known = {one.code: one for one in now.diagnoses}
    rows = [
        _row(
            number,
            code,
            name,
            known.get(code),
            department,
            doctor.staff_code if doctor else "",
            doctor.name if doctor else "",
            at,
        )
        for number, (code, name) in enumerate(found, start=1)
    ]
    left = [one for one in now.diagnoses if one.diag_type != WESTERN_DIAGNOSIS or one.sort_no > len(found)]
    return [*rows, *(_void(one) for one in left)]


def _row(
    number: int,
    code: str,
    name: str,
    known: Diagnosis | None,
    dept: str,
    doctor: str,
    doctor_name: str,
    at: str,
) -> dict[str, Any]:
    return {
        "diag_type": WESTERN_DIAGNOSIS,
        "diag_srt_no": number,
        "diag_code": code,
        "diag_name": name,
        "diag_dept": known.dept if known else dept,
        "dise_dor_no": known.doctor_code if known else doctor,
        "dise_dor_name": known.doctor_name if known else doctor_name,
        "diag_time": known.diagnosed_at.astimezone(CHINA).strftime(STAMP) if known else at,
        "vali_flag": "1",
    }


def _void(one: Diagnosis) -> dict[str, Any]:
    return {
        "diag_type": one.diag_type,
        "diag_srt_no": one.sort_no,
        "diag_code": one.code,
        "diag_name": one.name,
        "diag_dept": one.dept,
        "dise_dor_no": one.doctor_code,
        "dise_dor_name": one.doctor_name,
        "diag_time": one.diagnosed_at.astimezone(CHINA).strftime(STAMP),
        "vali_flag": "0",
    }


@page("desk.doctor.cancel")
async def cancel(shown: Page, number: str) -> HttpResponse:
    """2202: a visit of which nothing is settled is taken back, with its fees."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    msgid = number_of_form(shown)
    if shown.request.method != "POST":
        return await shown.show("desk/doctor/cancel.html", {"now": now, "msgid": shown.msgid()})
    if not msgid:
        return await shown.no(400, *EXPIRED)
    data = {
        "psn_no": now.visit.psn_no,
        "mdtrt_id": str(now.visit.visit_id),
        "ipt_otp_no": now.visit.ipt_otp_no,
    }
    answer = await shown.trade("2202", {"data": data}, msgid)
    if isinstance(answer, Refused):
        return await render(shown, now, error=answer.text, at="seen", status=422)
    await drafts.drop(shown, KIND, str(now.visit.visit_id))
    return HttpResponseRedirect(url("desk.doctor"))
