"""常见问题: questions answered for this member and today from the law library; what else is looked for goes on to the law."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.http import HttpResponse

from gongji.base.areas import area_name
from gongji.base.reasons import Refusal
from gongji.explain.questions import QUESTIONS, Answer, Asker, matching
from gongji.explain.words import refusal_sentence
from gongji.members.eligibility import ORDINARY, eligibility
from gongji.members.rules import age_on
from gongji.members.selectors import records
from gongji.members.terms import FILING_KIND, RELATION_STATUS
from gongji.portal.myself import Myself, facts_at, myself
from gongji.portal.sheet import WAITING, seen_at
from gongji.portal.ways import blocked
from gongji.prescriptions import selectors as prescriptions
from gongji.providers.values import Provider
from gongji.web.pages import Page, page

__all__ = ["asker_of", "listing", "one"]

FOUND: Final = 10
MAX_WORDS: Final = 40
ACCOUNT_ONLY: Final = frozenset({"NOT_POOLED_PROVIDER", "OFFSITE_TEMPORARY", "PROVIDER_SUSPENDED"})
"""Why the pool does not pay at a place where the account still may."""
PLACE: Final = "place"
"""The question under which an institution can be looked up."""


class Stands(msgspec.Struct, frozen=True):
    """An institution and whether one can be reimbursed there today: ``kind`` is a badge's."""

    provider: Provider
    area: str
    kind: str
    word: str
    why: str
    clause: str | None


async def asker_of(page: Page) -> Asker:
    """What answers need to know of the visitor today."""
    psn_no = page.visitor.psn_no
    async with page.connection() as conn:
        me: Myself | None = await myself(page, conn)
        found = (await records(conn, [psn_no])).get(psn_no)
        cases = await prescriptions.of_person(conn, psn_no, WAITING)
    if me is None or found is None:
        return Asker(on=page.today)
    deductible_fen, _, fund_fen = me.year.sums(ORDINARY)
    filings = [
        f"{FILING_KIND[one.kind]}（{area_name(one.region)}）"
        for one in found.filings
        if one.from_on <= page.today and (one.until_on is None or page.today <= one.until_on)
    ]
    status, law = me.standing.status or "", page.platform.law
    born_on = me.standing.person.born_on
    age = {"age": str(age_on(born_on, page.today))} if "age" in law.numbers(me.standing.region) else {}
    return Asker(
        on=page.today,
        region=me.standing.region,
        status=status,
        status_name=RELATION_STATUS.get(status, ""),
        deductible_fen=deductible_fen,
        pool_fen=fund_fen,
        own_fen=me.balance_fen,
        refusal=me.ordinary.refusal,
        filings=tuple(filings),
        known=law.derive(me.standing.region, page.today, age),
        waiting=sum(seen_at(case, page.at).state in WAITING for case in cases),
    )


@page("portal.questions")
async def listing(page: Page) -> HttpResponse:
    """The questions, or those that fit the words looked for."""
    asker, law = await asker_of(page), page.platform.law
    words = page.request.GET.get("q", "").strip()[:MAX_WORDS]
    found = [(one.code, one.asked(law, asker)) for one in matching(QUESTIONS.values(), words)]
    return await page.show("portal/questions.html", {"questions": found, "words": words})


@page("portal.question")
async def one(page: Page, code: str) -> HttpResponse:
    """One question, answered for the member."""
    question = QUESTIONS.get(code)
    if question is None:
        return await page.no(404, "没有这个问题", "请从「常见问题」中选择，或在政策问答里查找。")
    asker, law = await asker_of(page), page.platform.law
    answer, unknown = question.answer(law, asker), law.home(asker.region)
    if asker.region and isinstance(unknown, Refusal):
        nothing = blocked(unknown)
        answer = Answer(lead=f"{nothing.title}。{nothing.way_out}", facts=answer.facts)
    context: dict[str, Any] = {
        "title": question.asked(law, asker),
        "answer": answer,
        "asker": asker,
        "region": area_name(asker.region) if asker.region else "",
        "others": [(other.code, other.general) for other in QUESTIONS.values() if other is not question],
    }
    if code == PLACE:
        words = page.request.GET.get("name", "").strip()[:MAX_WORDS]
        context |= {"looks": True, "words": words, "found": await _places(page, words) if words else []}
    return await page.show("portal/question.html", context)


async def _places(page: Page, words: str) -> list[Stands]:
    """Institutions of that name, and what the pool would pay this member there today, with a voucher and a valid prescription."""
    async with page.connection() as conn:
        me = await myself(page, conn)
    if me is None:
        return []
    found = []
    for provider in page.platform.providers.search(words)[:FOUND]:
        day = provider.on(page.today)
        facts = facts_at(page, me.standing, day)
        law, allow = page.platform.law, page.platform.allow_draft
        answer = eligibility(law, me.standing, page.today, facts, allow_draft=allow).answer(ORDINARY)
        refusal = answer.refusal if answer is not None else None
        kind, word = ("ok", "可以报销") if refusal is None else ("bad", "不能报销")
        if refusal is not None and day.designated and refusal.code in ACCOUNT_ONLY:
            kind, word = "wait", "只能用个人账户"
        why = refusal_sentence(refusal) if refusal is not None else "门诊统筹定点机构"
        found.append(
            Stands(provider, area_name(provider.region), kind, word, why, refusal.clause if refusal else None)
        )
    return found
