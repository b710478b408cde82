"""投诉举报办理: the inspector's list, and one complaint with what he may do with it. Who complains is shown on demand and recorded.

A visitor sees complaints of his area and below; of others there are none.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.areas import area_name
from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, is_within, normalise_region
from gongji.explain.words import refusal_sentence
from gongji.gateway.visits import number_of
from gongji.members.selectors import find
from gongji.supervision import ACTIONS, KINDS, STATES, TOPICS, Case, selectors, services
from gongji.supervision.services import Taker
from gongji.supervision.states import transition
from gongji.web.pages import Page, page, url

__all__ = ["listing", "one"]

BADGES: Final = {
    **dict.fromkeys(("received", "asked"), "wait"),
    **dict.fromkeys(("taken", "dismissed", "withdrawn"), "info"),
    **dict.fromkeys(("answered", "closed"), "ok"),
}
OFFICER: Final = ("take", "dismiss", "ask", "answer", "close")
ROWS: Final = 200


def _prefix(page: Page) -> str:
    """What codes of the visitor's area begin with."""
    area = normalise_region(page.visitor.area)
    return "" if area == NATION else area


@page("console.complaints")
async def listing(page: Page) -> HttpResponse:
    """Complaints of the area; by state and kind in the address."""
    state, kind = page.request.GET.get("state", ""), page.request.GET.get("kind", "")
    async with page.connection() as conn:
        counts = await selectors.counts(conn, _prefix(page))
        rows = await selectors.listed(
            conn,
            area=_prefix(page),
            kind=kind if kind in KINDS else None,
            state=state if state in STATES else None,
            limit=ROWS,
        )
    shown = [
        {
            "row": row,
            "kind": KINDS[row.kind],
            "topic": TOPICS[row.kind][row.topic],
            "state": STATES[row.state],
            "badge": BADGES[row.state],
            "area": area_name(row.region),
            "place": _place(page, row.institution),
            "unnamed": not row.psn_no,
        }
        for row in rows
    ]
    context = {
        "complaints": shown,
        "states": [(code, name, counts.get(code, 0)) for code, name in STATES.items()],
        "kinds": KINDS.items(),
        "state": state,
        "kind": kind,
        "total": sum(counts.values()),
    }
    return await page.show("console/complaints.html", context)


def _place(page: Page, code: str) -> str:
    found = page.platform.provider(code) if code else None
    return found.name if found is not None else ""


async def _in_area(page: Page, number: str) -> Case | None:
    complaint_id = number_of(number)
    if complaint_id is None:
        return None
    async with page.connection() as conn:
        case = await selectors.case(conn, complaint_id)
    if case is None or not is_within(case.complaint.region, page.visitor.area):
        return None
    return case


@page("console.complaint")
async def one(page: Page, number: str) -> HttpResponse:
    """One complaint: its words, its steps, and the forms of what may be done now."""
    case = await _in_area(page, number)
    if case is None:
        return await page.no(404, "没有这件投诉举报", "它不在您的区域，或编号不对。")
    problems: tuple[str, ...] = ()
    post = page.request.POST if page.request.method == "POST" else None
    action = post.get("action", "") if post is not None else ""
    if post is not None and action in OFFICER:
        taker = Taker(page.visitor.actor, page.at, page.platform.vault)
        async with page.connection() as conn:
            done = await services.take(conn, taker, case, action, post.get("words", ""))
        if not isinstance(done, Refusal):
            return HttpResponseRedirect(url("console.complaint", case.complaint_id))
        problems = (refusal_sentence(done),)
    context = await _context(page, case, reveal=action == "reveal")
    context |= {"problems": problems, "words": post.get("words", "") if post is not None else ""}
    return await page.show("console/complaint.html", context, 409 if problems else 200)


async def _context(page: Page, case: Case, *, reveal: bool) -> dict[str, Any]:
    """The words are shown to whoever opens the page, which is recorded where a person is known; name and telephone on demand."""
    complaint, vault = case.complaint, page.platform.vault
    person = None
    if complaint.psn_no:
        fields = ("complaint", "psn_name", "phone") if reveal else ("complaint",)
        await page.look(complaint.psn_no, fields, str(case.complaint_id))
    if reveal and complaint.psn_no:
        async with page.connection() as conn:
            person = await find(conn, vault, psn_no=complaint.psn_no)
    personal = services.personal_of(vault, case)
    allowed = [
        action for action in OFFICER if not isinstance(transition(case, page.visitor.actor, action), Refusal)
    ]
    return {
        "case": case,
        "kind": KINDS[complaint.kind],
        "topic": TOPICS[complaint.kind][complaint.topic],
        "state": STATES[case.state],
        "badge": BADGES[case.state],
        "area": area_name(complaint.region),
        "place": _place(page, complaint.institution),
        "subject": personal.subject,
        "text": personal.text,
        "person": person,
        "phone": personal.phone if reveal else "",
        "steps": [
            (step, ACTIONS[step.action], _who(case, step.actor), services.words_of(vault, case, step))
            for step in case.steps
        ],
        "allowed": [(action, ACTIONS[action]) for action in allowed],
        "mine": case.handler == str(page.visitor.actor),
    }


def _who(case: Case, actor: str) -> str:
    """Officers by name, whoever complained by the side."""
    kind, _, name = actor.partition(":")
    return name if kind == "agency" else "举报人" if case.complaint.kind == "report" else "投诉人"
