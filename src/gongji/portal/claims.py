"""零星报销: the member's claims and how far each is, what came of it, and what is asked of the member on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.claims import STATES, Case, Payee, Taker, files, rules, selectors, services
from gongji.claims.office import judge, open_personal
from gongji.claims.photos import MAX_FILES
from gongji.explain.words import refusal_sentence
from gongji.gateway.visits import number_of
from gongji.portal.claim_words import history, stages, told
from gongji.web.claiming import claim_office, lines, on_paper, picture, place_of, term
from gongji.web.pages import Page, page, url

__all__ = [
    "asked_next",
    "file",
    "listing",
    "one",
    "own_claim",
    "supplement",
    "taker",
    "uploads",
    "withdraw",
]

ASKED: Final = ("received", "returned", "bounced")
"""States in which the member may hand something in."""
BEFORE_SETTLEMENT: Final = ("received", "returned", "reviewed", "approved")


def taker(page: Page) -> Taker:
    """The member acts."""
    return Taker(page.visitor.actor, page.at)


async def own_claim(page: Page, number: str) -> Case | None:
    """The member's own claim; of anybody else's there is none."""
    claim_id = number_of(number)
    if claim_id is None:
        return None
    async with page.connection() as conn:
        return await selectors.case(conn, claim_id, page.visitor.psn_no)


async def _missing(page: Page) -> HttpResponse:
    return await page.no(404, "没有这件报销", "请从「零星报销」中选择。")


@page("portal.claims")
async def listing(page: Page) -> HttpResponse:
    """The member's claims, newest first."""
    async with page.connection() as conn:
        rows = await selectors.claims(conn, psn_no=page.visitor.psn_no)
        cases = [await selectors.case(conn, row.claim_id, row.psn_no) for row in rows]
    shown = [
        {
            "case": case,
            "told": told(case),
            "state": STATES[case.state],
            "place": place_of(page.platform, case),
        }
        for case in cases
        if case is not None
    ]
    return await page.show("portal/claims.html", {"claims": shown})


@page("portal.claim")
async def one(page: Page, number: str) -> HttpResponse:
    """One claim: progress, term, money, what is missing, files, what happened."""
    case = await own_claim(page, number)
    if case is None:
        return await _missing(page)
    return await page.show("portal/claim.html", await _context(page, case))


async def _context(page: Page, case: Case) -> dict[str, object]:
    desk, law = claim_office(page.platform), page.platform.law
    async with page.connection() as conn:
        handed = await files.of_claim(conn, case.psn_no, case.claim_id)
        judged = await judge(conn, desk, case.application, page.today) if case.state in ASKED else None
    required = judged.required if judged is not None and not isinstance(judged, Refusal) else ()
    missing = rules.missing_documents(required, case.documents)
    names = rules.documents(law)
    refusal = next((step.content.refusal for step in reversed(case.steps) if step.content.refusal), None)
    return {
        "case": case,
        "state": STATES[case.state],
        "told": told(case),
        "stages": stages(case),
        "term": term(case.state, case.due_on, desk.calendar, page.today),
        "place": place_of(page.platform, case),
        "lines": lines(case, partial(_item_name, page)),
        "history": history(case),
        "payee": open_personal(page.platform.vault, case).payee,
        "files": [(one, names.get(one.document, one.document)) for one in handed],
        "on_paper": rules.document_titles(law, on_paper(case, handed)),
        "missing": rules.document_titles(law, missing),
        "refusal": refusal if case.state == "refused" else None,
        "why_not": refusal_sentence(refusal) if refusal is not None and case.state == "refused" else "",
        "refused_visits": [
            (
                visit,
                refusal_sentence(case.refused_visits[visit.visit_no]),
                case.refused_visits[visit.visit_no].clause,
            )
            for visit in case.application.visits
            if visit.visit_no in case.refused_visits
        ],
        "asked": case.state in ASKED,
        "may_withdraw": case.state in BEFORE_SETTLEMENT and not case.payouts and not case.paid_fen,
        "payments": [step for step in case.steps if step.content.payment is not None],
        "term_clause": _clause(page, case),
    }


def _item_name(page: Page, code: str) -> str:
    item = page.platform.catalogue.get(code, page.today)
    return item.name if item is not None else code


def _clause(page: Page, case: Case) -> str:
    value = page.platform.law.value("claim.working_days", case.region, case.application.received_on)
    return "" if isinstance(value, Refusal) else value.clause


@page("portal.claim_withdraw")
async def withdraw(page: Page, number: str) -> HttpResponse:
    """Take the application back, before it is settled: first what that means, then the act."""
    case = await own_claim(page, number)
    if case is None:
        return await _missing(page)
    refusal: Refusal | None = None
    if page.request.method == "POST":
        async with page.connection() as conn:
            done = await services.withdraw(conn, claim_office(page.platform), case.claim_id, taker(page))
        if not isinstance(done, Refusal):
            return HttpResponseRedirect(url("portal.claim", case.claim_id))
        refusal = done
    context = {"case": case, "place": place_of(page.platform, case), "refusal": refusal}
    return await page.show("portal/claim_withdraw.html", context, 409 if refusal else 200)


@page("portal.claim_supplement")
async def supplement(page: Page, number: str) -> HttpResponse:
    """Hand in what is missing, or another account after the bank has returned the money."""
    case = await own_claim(page, number)
    if case is None:
        return await _missing(page)
    problems: list[str] = []
    given = {
        name: page.request.POST.get(name, "").strip()[:100]
        for name in ("holder", "bank", "account_no", "note")
    }
    if page.request.method == "POST":
        problems = await uploads(page, case.claim_id)
        if not problems and "send" in page.request.POST:
            problems = await _supplemented(page, case, given)
            if not problems:
                return HttpResponseRedirect(url("portal.claim", case.claim_id))
    async with page.connection() as conn:
        waiting = await files.drafted(conn, case.psn_no, case.claim_id)
    names = rules.documents(page.platform.law)
    context = await _context(page, case) | {
        "problems": problems,
        "given": given,
        "waiting": [(one, names.get(one.document, one.document)) for one in waiting],
        "choices": names.items(),
        "chosen": asked_next(page, names, waiting, problems),
    }
    return await page.show("portal/claim_supplement.html", context, 422 if problems else 200)


async def _supplemented(page: Page, case: Case, given: dict[str, str]) -> list[str]:
    payee = None
    if any(given[name] for name in ("holder", "bank", "account_no")):
        if not all(given[name] for name in ("holder", "bank", "account_no")):
            return ["收款账户的户名、开户银行和账号都要填写"]
        payee = Payee(given["holder"], given["bank"], "".join(given["account_no"].split()))
    async with page.connection() as conn:
        waiting = await files.drafted(conn, case.psn_no, case.claim_id)
        if not waiting and payee is None:
            return ["请先上传材料，或填写新的收款账户"]
        documents = sorted({one.document for one in waiting})
        done = await services.supplement(
            conn, claim_office(page.platform), case.claim_id, taker(page), documents, payee, given["note"]
        )
    return [refusal_sentence(done)] if isinstance(done, Refusal) else []


def asked_next(
    page: Page, names: Mapping[str, str], kept: Iterable[files.Kept], problems: Sequence[str]
) -> str:
    """The document that the form offers first: what was chosen where something was wrong, else one that is not there yet."""
    there = {one.document for one in kept}
    chosen = page.request.POST.get("document", "")
    return chosen if problems else next((code for code in names if code not in there), chosen)


async def uploads(page: Page, claim_id: int) -> list[str]:
    """Keep the files of this request with the draft; take out the one whose button was pressed. Answers what is wrong with them."""
    psn_no, problems = page.visitor.psn_no, []
    document = page.request.POST.get("document", "")
    async with page.connection() as conn:
        gone = number_of(page.request.POST.get("remove", ""))
        if gone is not None and gone < 2**15:
            await files.remove(conn, psn_no, claim_id, gone)
        sent = page.request.FILES.getlist("files")
        if len(sent) > MAX_FILES:
            problems.append(f"一次最多选 {MAX_FILES} 个文件，多出的没有上传")
        for upload in sent[:MAX_FILES]:
            kept = await files.add(
                conn, claim_office(page.platform), psn_no, claim_id, document, upload.read(), page.at
            )
            if isinstance(kept, Refusal):
                problems.append(f"{(upload.name or '文件')[:60]}：{refusal_sentence(kept)}")
        await files.forget(conn, page.at)
    return problems


@page("portal.claim_file")
async def file(page: Page, number: str, file_no: str) -> HttpResponse:
    """A file of the member's own claim."""
    case, place = await own_claim(page, number), number_of(file_no)
    if case is None or place is None or place >= 2**15:
        return await _missing(page)
    async with page.connection() as conn:
        found = await files.opened(conn, page.platform.vault, case.psn_no, case.claim_id, place)
    return await _missing(page) if found is None else picture(found)
