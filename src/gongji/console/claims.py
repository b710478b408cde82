"""零星报销办理: what waits in the visitor's area, the most urgent first; one claim with its files; the first and the second review.

Whose claim it is and what was handed in is shown to whoever handles it, and every look is recorded. That first review, second
review and payment are three persons' is the claims room's affair; money is moved at the finance desk.
Source: 庆阳 第五条 (QY.art5.b).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.areas import area_name
from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, is_within, normalise_region
from gongji.claims import STATES, Case, Taker, files, rules, selectors, services
from gongji.claims.office import judge, open_personal
from gongji.claims.states import ACTIONS
from gongji.claims.steps import may
from gongji.claims.values import Step, invoices_of
from gongji.console.claim_forms import NOTE_MAX, RefusalForm, ReviewForm
from gongji.explain.words import refusal_sentence
from gongji.gateway.visits import number_of
from gongji.members import selectors as members
from gongji.members.identity import mask_name
from gongji.web.claiming import claim_office, lines, on_paper, picture, place_of, term
from gongji.web.pages import Page, page, url

__all__ = ["file", "first", "listing", "one", "second"]

BADGES: Final = {
    **dict.fromkeys(("received", "reviewed", "approved", "settling", "settled"), "wait"),
    **dict.fromkeys(("returned", "withdrawn"), "info"),
    **dict.fromkeys(("refused", "bounced"), "bad"),
    **dict.fromkeys(("paid", "closed"), "ok"),
}
ROWS: Final = 200
FIRST: Final = ("review", "return", "refuse")
SECOND: Final = ("approve", "send_back", "refuse")
DESKS: Final = {"received": FIRST, "returned": FIRST, "reviewed": SECOND, "approved": SECOND}
"""At which of the two reviews a claim is, by state."""
ROLES: Final = {FIRST: "first_review", SECOND: "second_review"}
SIDES: Final = {"member": "本人", "system": "系统"}


def _prefix(page: Page) -> str:
    """What codes of the visitor's area begin with."""
    area = normalise_region(page.visitor.area)
    return "" if area == NATION else area


@page("console.claims")
async def listing(page: Page) -> HttpResponse:
    """Claims of the area that are not finished, or those in one state (``?state=``)."""
    state = page.request.GET.get("state", "")
    office = claim_office(page.platform)
    async with page.connection() as conn:
        counts = await selectors.counts(conn, _prefix(page))
        found = await selectors.queue(conn, _prefix(page), state if state in STATES else None, ROWS)
        names = await members.names(conn, [row.psn_no for row in found])
    rows = [
        {
            "row": row,
            "name": mask_name(names.get(row.psn_no, "")),
            "place": _named(page, row.institution),
            "area": area_name(row.region),
            "state": STATES[row.state],
            "badge": BADGES[row.state],
            "term": term(row.state, row.due_on, office.calendar, page.today),
            "late": not row.finished and row.due_on is not None and row.due_on < page.today,
        }
        for row in found
    ]
    states = [(code, name, counts[code]) for code, name in STATES.items() if counts.get(code)]
    return await page.show("console/claims.html", {"rows": rows, "states": states, "state": state})


def _named(page: Page, place: str) -> str:
    known = page.platform.provider(place)
    return known.name if known is not None else place


async def _in_area(page: Page, number: str) -> Case | None:
    """The claim, if the visitor's area bears it; of others there is none."""
    claim_id = number_of(number)
    if claim_id is None:
        return None
    async with page.connection() as conn:
        case = await selectors.case(conn, claim_id)
    return case if case is not None and is_within(case.region, page.visitor.area) else None


async def _missing(page: Page) -> HttpResponse:
    return await page.no(404, "没有这件报销", "它不在您的区域，或编号不对。")


@page("console.claim")
async def one(page: Page, number: str) -> HttpResponse:
    """One claim: what is applied for, what was handed in, what the law says, what happened, what the visitor may do."""
    case = await _in_area(page, number)
    return await _missing(page) if case is None else await _shown(page, case)


async def _shown(
    page: Page,
    case: Case,
    problems: Sequence[str] = (),
    review: ReviewForm | None = None,
    refusal: RefusalForm | None = None,
) -> HttpResponse:
    await page.look(case.psn_no, ("psn_name", "claim"), str(case.claim_id))
    office = claim_office(page.platform)
    fees = lines(case, partial(_item_name, page))
    async with page.connection() as conn:
        person = await members.find(conn, page.platform.vault, psn_no=case.psn_no)
        handed = await files.of_claim(conn, case.psn_no, case.claim_id)
        judged = await judge(conn, office, case.application, page.today)
        twins = await selectors.holders(conn, invoices_of(case.application))
    required = () if isinstance(judged, Refusal) else judged.required
    titles = rules.documents(page.platform.law)
    note = page.request.POST.get("note", "").strip()[:NOTE_MAX]
    personal = open_personal(page.platform.vault, case)
    context: dict[str, Any] = {
        "case": case,
        "person": person,
        "place": place_of(page.platform, case),
        "area": area_name(case.region),
        "state": STATES[case.state],
        "badge": BADGES[case.state],
        "term": term(case.state, case.due_on, office.calendar, page.today),
        "payee": personal.payee,
        "fees": fees,
        "files": [(one, titles.get(one.document, one.document)) for one in handed],
        "on_paper": rules.document_titles(page.platform.law, on_paper(case, handed)),
        "missing": rules.document_titles(
            page.platform.law, rules.missing_documents(required, case.documents)
        ),
        "law_says": _law_says(case, judged),
        "twins": [one for one in twins if one.claim_id != case.claim_id],
        "steps": [
            (step, ACTIONS[step.action], _who(step), _said(page, step)) for step in reversed(case.steps)
        ],
        "may": _may(page, case),
        "second": DESKS.get(case.state) is SECOND,
        "note": note,
        "review": review or ReviewForm(fees, initial={"note": note}),
        "refusal": refusal or RefusalForm(page.platform.law),
        "problems": problems,
        "note_max": NOTE_MAX,
    }
    failed = problems or (review and review.errors) or (refusal and refusal.errors)
    return await page.show("console/claim.html", context, 409 if problems else 422 if failed else 200)


def _item_name(page: Page, code: str) -> str:
    item = page.platform.catalogue.get(code, page.today)
    return item.name if item is not None else code


def _may(page: Page, case: Case) -> frozenset[str]:
    """The steps of the review at which the claim is that may be taken now by this very person."""
    desk, office, taker = DESKS.get(case.state), claim_office(page.platform), _taker(page)
    if desk is None or ROLES[desk] not in page.visitor.roles:
        return frozenset()
    return frozenset(one for one in desk if not isinstance(may(office, case, one, taker), Refusal))


def _law_says(case: Case, judged: Any) -> list[tuple[str, str | None]]:
    """Why the pool does not pay a visit, by today's knowledge."""
    if isinstance(judged, Refusal):
        return [(refusal_sentence(judged), judged.clause)]
    return [
        (f"{visit.service_on} 的就诊：{refusal_sentence(refusal)}", refusal.clause)
        for visit in case.application.visits
        if (refusal := judged.refused.get(visit.visit_no)) is not None
    ]


def _who(step: Step) -> str:
    """Officers by name, everybody else by the side."""
    kind, _, name = step.actor.partition(":")
    return SIDES.get(kind, name)


def _said(page: Page, step: Step) -> str:
    content = step.content
    wanted = rules.document_titles(page.platform.law, content.documents)
    refusal = refusal_sentence(content.refusal) if content.refusal is not None else ""
    out = f"剔除 {len(content.verdicts)} 项" if content.verdicts else ""
    return "；".join(text for text in (out, "、".join(wanted), content.note, refusal) if text)


def _taker(page: Page) -> Taker:
    return Taker(page.visitor.actor, page.at)


@page("console.claim_file")
async def file(page: Page, number: str, file_no: str) -> HttpResponse:
    """A photograph or PDF that was handed in with the claim."""
    case, place = await _in_area(page, number), number_of(file_no)
    if case is None or place is None or place >= 2**15:
        return await _missing(page)
    async with page.connection() as conn:
        kept = {one.file_no for one in await files.of_claim(conn, case.psn_no, case.claim_id)}
    if place not in kept:
        return await _missing(page)
    await page.look(case.psn_no, ("claim_file",), f"{case.claim_id}/{place}")
    async with page.connection() as conn:
        found = await files.opened(conn, page.platform.vault, case.psn_no, case.claim_id, place)
    return await _missing(page) if found is None else picture(found)


@page("console.claim_first")
async def first(page: Page, number: str) -> HttpResponse:
    """The first review (初审): accept it with what is taken out, return it once for what is missing, or do not pay."""
    return await _step(page, number, FIRST)


@page("console.claim_second")
async def second(page: Page, number: str) -> HttpResponse:
    """The second review (复审), by another person: approve, send it back, or do not pay."""
    return await _step(page, number, SECOND)


async def _step(page: Page, number: str, allowed: Sequence[str]) -> HttpResponse:
    case, post = await _in_area(page, number), page.request.POST
    action = post.get("action", "")
    if case is None or (page.request.method == "POST" and action not in allowed):
        return await _missing(page)
    if page.request.method != "POST":
        return HttpResponseRedirect(url("console.claim", case.claim_id))
    if DESKS.get(case.state) is not allowed:
        return await _shown(page, case, (refusal_sentence(Refusal("CLAIM_STATE", STATES[case.state])),))
    review = ReviewForm(lines(case, partial(_item_name, page)), post) if action == "review" else None
    refusal = RefusalForm(page.platform.law, post) if action == "refuse" else None
    if any(form is not None and not form.is_valid() for form in (review, refusal)):
        return await _shown(page, case, (), review, refusal)
    done = await _take(page, case, action, review, refusal)
    if isinstance(done, Refusal):
        return await _shown(page, case, (refusal_sentence(done),), review, refusal)
    return HttpResponseRedirect(url("console.claim", case.claim_id))


async def _take(
    page: Page, case: Case, action: str, review: ReviewForm | None, refusal: RefusalForm | None
) -> Case | Refusal:
    office, taker, claim_id = claim_office(page.platform), _taker(page), case.claim_id
    note = page.request.POST.get("note", "").strip()[:NOTE_MAX]
    async with page.connection() as conn:
        if review is not None:
            return await services.review(conn, office, claim_id, taker, review.verdicts, note)
        if refusal is not None:
            return await services.refuse(conn, office, claim_id, taker, refusal.refusal)
        if action == "return":
            return await services.give_back(conn, office, claim_id, taker, note)
        if action == "send_back":
            if not note:
                return Refusal("MISSING_FIELD", "要初审人重看什么")
            return await services.send_back(conn, office, claim_id, taker, note)
        return await services.approve(conn, office, claim_id, taker, note)
