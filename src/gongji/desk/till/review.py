"""The pharmacist's review (药师审方) of prescriptions that the pharmacy holds (7206). Who may review is what the register of staff
says; a prescription that was taken over by other software is reviewed there, because its token is there.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect

from gongji.desk import drafts
from gongji.desk.till import messages
from gongji.desk.till.sale import KIND, Sale
from gongji.desk.till.sheet import HELD, Held
from gongji.desk.till.views import is_pharmacy
from gongji.gateway.inside import Refused
from gongji.prescriptions import selectors as prescriptions
from gongji.prescriptions.case import Case
from gongji.web.pages import Page, page, url

__all__ = ["review", "reviews"]

PASSED, REFUSED = "pass", "refuse"
FITTING: Final = "用法用量适宜"
WAITING: Final = "held"
PASSED_ALREADY: Final = "approved"


@page("desk.till_reviews")
async def reviews(shown: Page) -> HttpResponse:
    """Prescriptions in hand that wait for a review; those that other software has taken over, which are reviewed there, last."""
    institution = shown.visitor.institution
    async with shown.connection() as conn:
        rows = await prescriptions.listed(conn, institution, WAITING)
        cases = [await prescriptions.case(conn, row.rx_no) for row in rows if row.holder == institution]
    waiting = [await _waiting(shown, case) for case in cases if case is not None]
    waiting.sort(key=lambda one: one["held"] is None)
    for one in waiting:
        await shown.look(one["case"].psn_no, ("rxDetlList", "rxOtpinfo"), f"审方 {one['case'].rx_no}")
    return await shown.show("desk/till/reviews.html", {"waiting": waiting, "msgid": shown.msgid()})


async def _waiting(shown: Page, case: Case) -> dict[str, Any]:
    return {"case": case, "held": await drafts.draft(shown, HELD, case.rx_no, Held), "hold": case.hold}


@page("desk.till_review")
async def review(shown: Page, rx_no: str) -> HttpResponse:
    """7206 of one prescription, passed or not; back to where the pharmacist came from."""
    form = shown.request.POST
    async with shown.connection() as conn:
        case = await prescriptions.case(conn, rx_no)
    mine = case is not None and case.holder == shown.visitor.institution
    if not is_pharmacy(shown) or case is None or not mine:
        return await shown.no(404, "没有这张处方", "本店没有接这张处方，或者接单已经到时。")
    back = url("desk.till") if form.get("from") == KIND else url("desk.till_reviews")
    if shown.request.method != "POST":
        return HttpResponseRedirect(back)
    if case.state == PASSED_ALREADY and form.get("verdict") == PASSED:  # pressed twice
        return HttpResponseRedirect(back)
    held = await drafts.draft(shown, HELD, rx_no, Held)
    if held is None:
        return await shown.no(
            409, "不能在这里审方", "这张处方由本店的其他软件接单，凭据不在收银台，请在接单的软件里审方。"
        )
    refused = await _send(shown, case, held, form.get("verdict", ""), form.get("opinion", "").strip()[:500])
    if refused is None:
        return HttpResponseRedirect(back)
    if form.get("from") == KIND:
        told = refused
        await drafts.change(
            shown, KIND, "", Sale, lambda sale: (sale or Sale()).refused(told.code, told.text, "review")
        )
        return HttpResponseRedirect(back)
    return await shown.show(
        "desk/till/reviews.html",
        {"waiting": [await _waiting(shown, case)], "msgid": shown.msgid(), "refused": refused},
        422,
    )


async def _send(shown: Page, case: Case, held: Held, verdict: str, opinion: str) -> Refused | None:
    who = shown.visitor
    passed = verdict == PASSED
    if not passed and verdict != REFUSED:
        return Refused("MISSING_FIELD", "请选择审核通过或不通过")
    if not passed and not opinion:
        return Refused("MISSING_FIELD", "审核不通过须写明意见，开方医师会看到")
    registered = shown.platform.providers.staff(who.institution, who.staff_code, shown.today)
    name = registered.name if registered is not None else who.name
    proof = case.hold.proof.sn if case.hold is not None and case.hold.proof is not None else 0
    nodes = messages.review(
        who.institution,
        held,
        (who.staff_code or who.username, name),
        proof,
        messages.stamp(shown.at),
        passed=passed,
        opinion=opinion or FITTING,
    )
    form_number = shown.request.POST.get("msgid", "")[:30] or shown.msgid()
    answer = await shown.trade("7206", nodes, form_number)
    return answer if isinstance(answer, Refused) else None
