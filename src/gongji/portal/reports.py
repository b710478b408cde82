"""匿名举报: somebody who does not say who he is reports fraud, gets a number and a code, and looks it up again with both.

Nothing of the sender is kept: no account, no address, no telephone; how much one address sends is counted for an hour without
naming it (``supervision.limits``). The code is shown once; only its keyed digest is stored.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

from django.core import signing
from django.http import HttpResponse

from gongji.base.reasons import Refusal
from gongji.explain.questions.figures import rules
from gongji.explain.words import refusal_sentence
from gongji.gateway.visits import number_of
from gongji.portal.complaint_forms import ComplaintForm, LookupForm
from gongji.portal.complaints import CLAUSES, known_places, place_code, shown
from gongji.supervision import ANONYMOUS, Case, Complaint, Personal, limits, selectors, services
from gongji.supervision.services import Taker
from gongji.supervision.states import transition
from gongji.web.pages import Page, page
from gongji.web.signin import TRY_LATER
from gongji.web.visits import address_of

__all__ = ["report", "status"]

SALT: Final = "portal.report"
STEPS: Final = ("supplement", "object")


def _taker(page: Page) -> Taker:
    return Taker(ANONYMOUS, page.at, page.platform.vault)


@page("portal.report")
async def report(page: Page) -> HttpResponse:
    """Report fraud without a name. The receipt with number and code is the answer to the form and is not shown again."""
    post = page.request.POST if page.request.method == "POST" else None
    form = (
        ComplaintForm("report", page.today, page.platform.law, post, named=False)
        if post is not None
        else ComplaintForm("report", page.today, page.platform.law, named=False)
    )
    drafted = _drafted(post.get("draft", "")) if post is not None else None
    problems: list[str] = []
    status = 422
    if post is not None and drafted is not None and form.is_valid():
        complaint_id, code = drafted
        complaint = form.complaint("", place_code(page, form.cleaned_data["place"]))
        done = await _sent(page, complaint_id, code, complaint, form.personal)
        if done is None:
            return await page.show("portal/report_done.html", {"number": complaint_id, "code": code})
        problems, status = [refusal_sentence(done)], _status(done, 422)
    elif post is not None and drafted is None:
        problems = ["页面已经过期，请核对后再提交一次。"]
    complaint_id, code = drafted or (page.platform.ids.next(), services.new_code(secrets.token_bytes))
    context = {
        "form": form,
        "problems": problems,
        "draft": signing.dumps([str(complaint_id), code], salt=SALT),
        "places": known_places(page),
        "rules": rules(page.platform.law, CLAUSES),
    }
    return await page.show("portal/report.html", context, status if problems or form.errors else 200)


async def _sent(
    page: Page, complaint_id: int, code: str, complaint: Complaint, personal: Personal
) -> Refusal | None:
    """None when the report is with us, from this form or from the same one before."""
    vault = page.platform.vault
    async with page.connection() as conn:
        if await selectors.by_code(conn, vault, complaint_id, code) is not None:
            return None
        limited = await limits.counted(conn, vault, address_of(page.request), page.at)
        if limited is not None:
            return limited
        done = await services.receive(conn, _taker(page), complaint_id, complaint, personal, code)
        known = await selectors.by_code(conn, vault, complaint_id, code)
    return done if isinstance(done, Refusal) and known is None else None


def _status(refusal: Refusal, usual: int) -> int:
    return TRY_LATER if refusal.code == "REPORT_TOO_MANY" else usual


def _drafted(token: str) -> tuple[int, str] | None:
    """Number and code that this site has put into the form: so that a form sent twice is one report."""
    try:
        number, code = signing.loads(token, salt=SALT, max_age=86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = number_of(number)
    return (found, code) if found is not None and isinstance(code, str) else None


@page("portal.report_status")
async def status(page: Page) -> HttpResponse:
    """Look a report up by number and code, and add to it. Both stay out of the address."""
    post = page.request.POST if page.request.method == "POST" else None
    form = LookupForm(post) if post is not None else LookupForm()
    if post is None or not form.is_valid():
        return await page.show("portal/report_status.html", {"form": form}, 422 if form.errors else 200)
    case = await _found(page, form)
    if case is None:
        form.add_error(None, "没有找到。请核对举报编号和查询码。")
        return await page.show("portal/report_status.html", {"form": form}, 404)
    problems: tuple[str, ...] = ()
    answered = 200
    action = post.get("action", "")
    if action in STEPS:
        async with page.connection() as conn:
            limited = await limits.counted(conn, page.platform.vault, address_of(page.request), page.at)
            done = limited or await services.take(conn, _taker(page), case, action, post.get("words", ""))
        if isinstance(done, Refusal):
            problems, answered = (refusal_sentence(done),), _status(done, 409)
        else:
            case = done
    may = {one for one in STEPS if not isinstance(transition(case, ANONYMOUS, one), Refusal)}
    context: dict[str, Any] = shown(page, case) | {
        "may": may,
        "problems": problems,
        "number": form.cleaned_data["number"],
        "code": form.cleaned_data["code"],
    }
    return await page.show("portal/report_found.html", context, answered)


async def _found(page: Page, form: LookupForm) -> Case | None:
    number = number_of(form.cleaned_data["number"].strip())
    if number is None:
        return None
    async with page.connection() as conn:
        return await selectors.by_code(conn, page.platform.vault, number, form.cleaned_data["code"])
