"""投诉举报: a member complains or reports, sees how far it is, adds to it, objects, takes it back or is content."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.areas import area_name
from gongji.base.reasons import Refusal
from gongji.claims.values import normal_text
from gongji.explain.questions.figures import rules
from gongji.explain.words import refusal_sentence
from gongji.gateway.visits import number_of
from gongji.members.selectors import standing
from gongji.portal.complaint_forms import ComplaintForm
from gongji.portal.words import place_name, said_by
from gongji.supervision import ACTIONS, KINDS, STATES, TOPICS, Case, selectors, services
from gongji.supervision.services import Taker
from gongji.supervision.states import transition
from gongji.supervision.values import Step
from gongji.web.pages import Page, page, url

__all__ = ["BADGES", "Spoken", "listing", "new", "one", "place_code", "shown", "step", "told_in"]

BADGES: Final = {
    "received": "wait",
    "asked": "bad",
    **dict.fromkeys(("taken", "dismissed", "withdrawn"), "info"),
    **dict.fromkeys(("answered", "closed"), "ok"),
}
TELLERS: Final = ("supplement", "object", "close", "withdraw")
"""What whoever complained may do afterwards."""
CLAUSES: Final = ("SX2021-103.s2.5.h", "SX2021-103.s2.5.i")
SALT: Final = "portal.complaint"
MOST_PLACES: Final = 300


class Spoken(msgspec.Struct, frozen=True):
    """A step with its words, for whoever may read it."""

    step: Step
    action: str
    who: str
    words: str


def told_in(page: Page, case: Case) -> tuple[Spoken, ...]:
    """Every step with its words, oldest first; officers are not named."""
    return tuple(
        Spoken(
            step, ACTIONS[step.action], _who(case, step), services.words_of(page.platform.vault, case, step)
        )
        for step in case.steps
    )


def _who(case: Case, step: Step) -> str:
    return "举报人" if case.anonymous and step.actor.startswith("system:") else said_by(step.actor)


def place_code(page: Page, name: str) -> str:
    """The code of the institution of the register that is named; empty when none is."""
    wanted = normal_text(name)
    fits = (
        one.code for one in page.platform.providers if wanted and wanted in (normal_text(one.name), one.code)
    )
    return next(fits, "")


def known_places(page: Page) -> list[str]:
    """Names to choose from."""
    return sorted(one.name for one in page.platform.providers)[:MOST_PLACES]


def shown(page: Page, case: Case) -> dict[str, Any]:
    """What the pages of a complaint show."""
    personal = services.personal_of(page.platform.vault, case)
    complaint = case.complaint
    return {
        "case": case,
        "kind": KINDS[complaint.kind],
        "topic": TOPICS[complaint.kind][complaint.topic],
        "state": STATES[case.state],
        "badge": BADGES[case.state],
        "place": place_name(page.platform, complaint.institution)
        if complaint.institution
        else personal.subject,
        "area": area_name(complaint.region),
        "personal": personal,
        "steps": told_in(page, case),
    }


@page("portal.complaints")
async def listing(page: Page) -> HttpResponse:
    """The member's complaints and reports, newest first."""
    async with page.connection() as conn:
        rows = await selectors.listed(conn, psn_no=page.visitor.psn_no)
    found = [
        (row, KINDS[row.kind], TOPICS[row.kind][row.topic], STATES[row.state], BADGES[row.state])
        for row in rows
    ]
    return await page.show("portal/complaints.html", {"complaints": found, "rules": _rules(page)})


def _rules(page: Page) -> Any:
    return rules(page.platform.law, CLAUSES)


async def _own(page: Page, number: str) -> Case | None:
    """The member's own complaint; of anybody else's there is none."""
    complaint_id = number_of(number)
    if complaint_id is None:
        return None
    async with page.connection() as conn:
        case = await selectors.case(conn, complaint_id)
    return case if case is not None and case.complaint.psn_no == page.visitor.psn_no else None


async def _missing(page: Page) -> HttpResponse:
    return await page.no(404, "没有这件投诉举报", "请从「投诉举报」中选择。")


def _taker(page: Page) -> Taker:
    return Taker(page.visitor.actor, page.at, page.platform.vault)


@page("portal.complaint_new")
async def new(page: Page) -> HttpResponse:
    """Complain, or report fraud under one's name. The number is in the form: sent twice, it is one complaint."""
    post = page.request.POST if page.request.method == "POST" else None
    kind = (post or page.request.GET).get("kind", "")
    if kind not in KINDS:
        return await page.show("portal/complaint_kinds.html", {"rules": _rules(page)})
    psn_no = page.visitor.psn_no
    async with page.connection() as conn:
        insured = await standing(conn, psn_no, page.today)
    home = insured.region[:4].ljust(6, "0") if insured is not None else ""
    form = (
        ComplaintForm(kind, page.today, page.platform.law, post, named=True)
        if post is not None
        else ComplaintForm(kind, page.today, page.platform.law, named=True, initial={"region": home})
    )
    complaint_id = _number(page, post.get("number", "")) if post is not None else None
    problems: list[str] = []
    if post is not None and complaint_id is not None and form.is_valid():
        complaint = form.complaint(psn_no, place_code(page, form.cleaned_data["place"]))
        async with page.connection() as conn:
            done = await services.receive(conn, _taker(page), complaint_id, complaint, form.personal)
        if not isinstance(done, Refusal):
            return HttpResponseRedirect(f"{url('portal.complaint', complaint_id)}?sent=1")
        problems = [refusal_sentence(done)]
    number = signing.dumps([psn_no, str(complaint_id or page.platform.ids.next())], salt=SALT)
    context = {
        "form": form,
        "kind": kind,
        "title": KINDS[kind],
        "problems": problems,
        "number": number,
        "places": known_places(page),
    }
    return await page.show("portal/complaint_new.html", context, 422 if problems or form.errors else 200)


def _number(page: Page, token: str) -> int | None:
    """The number that this site has put into the member's form."""
    try:
        psn_no, number = signing.loads(token, salt=SALT, max_age=86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return number_of(number) if psn_no == page.visitor.psn_no else None


@page("portal.complaint")
async def one(page: Page, number: str) -> HttpResponse:
    """One complaint: what was said, what was answered, what can be done now."""
    case = await _own(page, number)
    return (
        await _missing(page)
        if case is None
        else await page.show("portal/complaint.html", _context(page, case))
    )


def _context(page: Page, case: Case, problems: tuple[str, ...] = ()) -> dict[str, Any]:
    may = {
        action for action in TELLERS if not isinstance(transition(case, page.visitor.actor, action), Refusal)
    }
    return shown(page, case) | {"may": may, "problems": problems}


@page("portal.complaint_step")
async def step(page: Page, number: str) -> HttpResponse:
    """Add something, object to the answer, be content with it, or take the complaint back."""
    case = await _own(page, number)
    if case is None:
        return await _missing(page)
    if page.request.method != "POST":
        return HttpResponseRedirect(url("portal.complaint", case.complaint_id))
    action, words = page.request.POST.get("action", ""), page.request.POST.get("words", "")
    if action not in TELLERS:
        return await _missing(page)
    async with page.connection() as conn:
        done = await services.take(conn, _taker(page), case, action, words)
    if isinstance(done, Refusal):
        context = _context(page, case, (refusal_sentence(done),)) | {"words": words}
        return await page.show("portal/complaint.html", context, 409)
    return HttpResponseRedirect(url("portal.complaint", case.complaint_id))
