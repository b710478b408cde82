"""院内审方: the hospital's pharmacist reviews signed prescriptions before they circulate: accepts (signed anew with his name,
7103) or returns them with a reason. Nobody reviews what he has written himself (处方管理办法 第三十四、三十五条).
"""

from __future__ import annotations

from typing import Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.sqlfiles import Connection
from gongji.desk.doctor.forms import ReasonForm
from gongji.desk.doctor.papers import FIELDS, NO_RX, case_of, drug_rows, paper_of, said_of
from gongji.desk.doctor.rx import patient_of, sign
from gongji.desk.doctor.sheet import upload_fields
from gongji.desk.doctor.stamp import EXPIRED, made_at, number_of_form, stamp
from gongji.desk.doctor.visit import doctor_of
from gongji.desk.doctor.words import plain
from gongji.desk.reviews import remarks, returned, write_remark
from gongji.gateway.inside import Refused
from gongji.members import selectors as members
from gongji.members.identity import mask_name
from gongji.members.rules import age_on
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import open_private
from gongji.prescriptions.running import running
from gongji.prescriptions.states import STATES
from gongji.providers.values import PHARMACY
from gongji.web.pages import Page, page, url

__all__ = ["queue", "review_paper", "sheet", "waiting"]

MOVED_ON: Final = "处方刚被他人处理，请重新查看"
OWN: Final = "开方医师本人不能审核自己的处方，请由其他药师审核"
NOT_REGISTERED: Final = "您的账号没有对应的药师登记，不能审方；请机构管理员核对人员登记"


class Waiting(msgspec.Struct, frozen=True):
    """A prescription that waits for the review, as a row of the queue."""

    case: Case
    patient: str
    answered: bool


@page("desk.review")
async def queue(shown: Page) -> HttpResponse:
    """What waits for a review, the oldest first; what was returned waits for its doctor and is not here."""
    place = shown.platform.provider(shown.visitor.institution)
    async with shown.connection() as conn:
        rows = await waiting(shown, conn)
    context = {"rows": rows, "pharmacy": place is not None and place.kind == PHARMACY}
    return await shown.show("desk/doctor/queue.html", context)


async def waiting(shown: Page, conn: Connection) -> list[Waiting]:
    """Signed prescriptions of the house that nobody has reviewed yet, the oldest first."""
    who = shown.visitor
    listed = [
        row
        for row in await prescriptions.of_institution(conn, who.institution, "signed")
        if row.issuer == who.institution
    ]
    cases = await prescriptions.cases(conn, [(row.psn_no, row.rx_no) for row in listed])
    said = await remarks(conn, who.institution, [row.rx_id for row in listed])
    names = await members.names(conn, sorted({row.psn_no for row in listed}))
    live = [
        case for case in cases.values() if case.deadline >= shown.at and returned(said[case.rx_id]) is None
    ]
    return [
        Waiting(case, mask_name(names.get(case.psn_no, "")), bool(said[case.rx_id]))
        for case in sorted(live, key=lambda case: case.rx_id)
    ]


@page("desk.review.sheet")
async def sheet(shown: Page, rx_no: str) -> HttpResponse:
    """One prescription to review; sent, it is accepted or returned."""
    case = await case_of(shown, rx_no)
    if case is None:
        return await shown.no(404, *NO_RX)
    if shown.request.method != "POST":
        return await _shown(shown, case)
    msgid = number_of_form(shown)
    if not msgid or made_at(shown) is None:
        return await shown.no(400, *EXPIRED)
    given = shown.request.POST
    error = await (_return(shown, case) if given.get("verdict") == "return" else _accept(shown, case, msgid))
    if error:
        return await _shown(shown, case, error)
    return HttpResponseRedirect(url("desk.review.sheet", rx_no))


async def _shown(shown: Page, case: Case, error: str = "") -> HttpResponse:
    await shown.look(case.psn_no, FIELDS, f"审方 {case.rx_no}")
    found, said = await patient_of(shown, case), await said_of(shown, case)
    async with shown.connection() as conn:
        has = running(
            [one for one in await prescriptions.of_person(conn, case.psn_no) if one.rx_id != case.rx_id],
            shown.today,
        )
    substances = {_substance(shown, drug.item) for drug in case.prescription.drugs}
    context = {
        "case": case,
        "person": found[0] if found else None,
        "age": age_on(found[0].born_on, case.prescription.issued_on) if found else None,
        "private": (private := open_private(shown.platform.vault, case)),
        "allergies": dict(private.more).get("algsHis", ""),
        "rows": drug_rows(case),
        "state": STATES[case.state],
        "said": said,
        "waits": case.state == "signed" and returned(said) is None,
        "own": _own(shown, case),
        "twice": [one for one in has if _substance(shown, one.item) in substances],
        "error": plain(error),
        "msgid": shown.msgid(),
        "made": stamp(shown),
    }
    return await shown.show("desk/doctor/review.html", context, 422 if error else 200)


def _substance(shown: Page, code: str) -> str:
    """By which the same drug is known under another name or maker."""
    item = shown.platform.catalogue.get(code, shown.today)
    return (item.generic_name if item is not None else "") or code


def _own(shown: Page, case: Case) -> bool:
    return shown.visitor.staff_code == case.prescription.doctor_code


async def _accept(shown: Page, case: Case, msgid: str) -> str:
    """7102 with the pharmacist, then 7103; or why not."""
    reviewer = doctor_of(shown)
    if reviewer is None:
        return NOT_REGISTERED
    if _own(shown, case):
        return OWN
    if case.state != "signed" or returned(await said_of(shown, case)) is not None:
        return "" if case.state == "circulating" else MOVED_ON
    signed = await sign(shown, case.rx_no, msgid, reviewer, made_at(shown))
    if isinstance(signed, Refused):
        return signed.text
    fields, answer = signed
    data = upload_fields(fields, answer.output["data"])
    uploaded = await shown.trade("7103", {"data": data}, f"{msgid}U")
    return uploaded.text if isinstance(uploaded, Refused) else ""


async def _return(shown: Page, case: Case) -> str:
    """The reason goes to the doctor; or why not."""
    reviewer, form = doctor_of(shown), ReasonForm(shown.request.POST)
    if reviewer is None:
        return NOT_REGISTERED
    if _own(shown, case):
        return OWN
    if not form.is_valid():
        return "退回处方须写明理由（不超过 200 字）"
    said = await said_of(shown, case)
    if case.state != "signed" or returned(said) is not None:
        return MOVED_ON
    by = (reviewer.staff_code, reviewer.name)
    async with shown.connection() as conn:
        written = await write_remark(
            conn, case.issuer, case.rx_id, said, "return", by, form.cleaned_data["reason"], shown.at
        )
    return "" if written else MOVED_ON


@page("desk.review.paper")
async def review_paper(shown: Page, rx_no: str) -> HttpResponse:
    """The signed paper, for the pharmacist."""
    case = await case_of(shown, rx_no)
    return await shown.no(404, *NO_RX) if case is None else await paper_of(shown, case)
