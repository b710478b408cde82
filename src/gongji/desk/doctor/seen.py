"""What the doctor found (2203): category of care, condition, diagnoses; and a visit that ends before it was one (2202)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.times import CHINA
from gongji.desk import drafts
from gongji.desk.doctor.allergies import LONGEST
from gongji.desk.doctor.benefits import kind_of
from gongji.desk.doctor.forms import SeenForm, diagnosis_of
from gongji.desk.doctor.orders import KIND, Orders
from gongji.desk.doctor.screen import NOT_HERE, OVER, back, render
from gongji.desk.doctor.stamp import EXPIRED, STAMP, made_at, number_of_form
from gongji.desk.doctor.visit import Treated, doctor_of, treated
from gongji.desk.doctor.writing import where
from gongji.encounters import selectors as encounters
from gongji.encounters.values import Diagnosis
from gongji.gateway.inside import Done, Refused
from gongji.web.pages import Page, page, url

__all__ = ["cancel", "kind_now", "noted", "seen"]

WESTERN_DIAGNOSIS: Final = "1"
OFTEN: Final = 20
MOST: Final = 10
"""Diagnoses of one visit that the screen takes."""
UNCLEAR: Final = "诊断请写成“编码 名称”，如 I10.x00x002 高血压；本院用过的可以只写名称，或从列表中选择"
NO_KIND: Final = "请从列表中选择就诊类型；慢特病只能选患者已经办理的病种"


@page("desk.doctor.seen")
async def seen(shown: Page, number: str) -> HttpResponse:
    """2203: category, condition and diagnoses as they stand after this form; the allergy history waits with the orders."""
    now = await treated(shown, number)
    if now is None:
        return await shown.no(404, *NOT_HERE)
    msgid, made = number_of_form(shown), made_at(shown)
    if shown.request.method != "POST":
        return back(number)
    if not msgid or made is None:
        return await shown.no(400, *EXPIRED)
    if not now.open:
        return await shown.no(409, *OVER)
    form = SeenForm(shown.request.POST)
    if not form.is_valid():
        wrong = f"病情不超过 500 字，过敏史不超过 {LONGEST} 字"
        return await render(shown, now, error=wrong, at="seen", status=422)
    kind = await _kind(shown, now, form.cleaned_data["kind"])
    found = await _diagnoses(shown, now)
    if kind is None:
        return await render(shown, now, error=NO_KIND, at="kind", status=422)
    if isinstance(found, str):
        return await render(shown, now, error=found, at="diagnosis", status=422)
    told = form.cleaned_data["allergies"]
    if told != now.allergies:
        await drafts.change(shown, KIND, number, Orders, lambda old: (old or Orders()).knowing(told))
    answer = await noted(shown, now, kind, form.cleaned_data["condition"], found, msgid, made)
    if isinstance(answer, Refused):
        return await render(shown, now, error=answer.text, at="seen", status=422)
    return back(number)


async def _kind(shown: Page, now: Treated, choice: str) -> dict[str, str] | None:
    """The kind of visit that is chosen; the one that it has is not asked for again."""
    return kind_now(now) if choice in ("", now.choice) else await kind_of(shown, now.visit.psn_no, choice)


def kind_now(now: Treated) -> dict[str, str]:
    """The kind of visit as it stands."""
    visit = now.visit
    return {"med_type": visit.med_type, "dise_codg": visit.disease_code, "dise_name": visit.disease_name}


async def noted(
    shown: Page,
    now: Treated,
    kind: dict[str, str],
    condition: str,
    found: Sequence[tuple[str, str]],
    msgid: str,
    made: datetime,
) -> Done | Refused:
    """2203 with the diagnoses ``found`` (code and name), the main one first, under the form's number and time."""
    at = made.strftime(STAMP)
    info = {
        "mdtrt_id": str(now.visit.visit_id),
        "psn_no": now.visit.psn_no,
        "begntime": at,
        "main_cond_dscr": condition,
        **kind,
    }
    rows = await _rows(shown, now, found, at)
    return await shown.trade("2203", {"mdtrtinfo": info, "diseinfo": rows}, msgid)


async def _diagnoses(shown: Page, now: Treated) -> list[tuple[str, str]] | str:
    """Code and name of what stands after the form: one added, one dropped, one made the main one; or what is wrong with it."""
    given = shown.request.POST
    found = [(one.code, one.name) for one in now.diagnoses if one.code != given.get("drop")]
    main = given.get("main", "")
    found.sort(key=lambda one: one[0] != main)
    text = given.get("diagnosis", "").strip()
    if not text:
        return found
    added = diagnosis_of(text) or await _known(shown, text)
    if added is None:
        return UNCLEAR
    if added[0] not in [code for code, _ in found]:
        found.append(added)
    return found if len(found) <= MOST else f"一次就诊最多 {MOST} 个诊断"


async def _known(shown: Page, text: str) -> tuple[str, str] | None:
    """The diagnosis that is typed by its name or code alone, where the institution has made exactly one such."""
    async with shown.connection() as conn:
        used = await encounters.diagnoses_used(conn, shown.visitor.institution, part=text, limit=OFTEN)
    same = [one for one in used if text in (one.name, one.code)] or used
    return (same[0].code, same[0].name) if len(same) == 1 else None


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
    if now.cancelled:
        return back(number)
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
