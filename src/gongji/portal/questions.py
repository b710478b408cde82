"""常见问题: questions answered for this member and today from the law library; what else is looked for goes on to the law."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.http import HttpResponse

from gongji.base.areas import area_name
from gongji.base.reasons import Refusal
from gongji.explain.questions import QUESTIONS, Asker, Question
from gongji.explain.words import refusal_sentence
from gongji.members.eligibility import ORDINARY
from gongji.members.selectors import records
from gongji.members.terms import FILING_KIND, RELATION_STATUS
from gongji.portal.myself import Myself, myself
from gongji.portal.sheet import WAITING, seen_at
from gongji.prescriptions import selectors as prescriptions
from gongji.providers.values import Provider
from gongji.web.pages import Page, page

__all__ = ["asker_of", "listing", "one"]

FOUND: Final = 10
MAX_WORDS: Final = 40
PLACE: Final = "place"
"""The question under which an institution can be looked up."""


class Stands(msgspec.Struct, frozen=True):
    """An institution and whether one can be reimbursed there today: ``kind`` is a badge's."""

    provider: Provider
    area: str
    kind: str
    word: str
    why: str


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
    status = me.standing.status or ""
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
        waiting=sum(seen_at(case, page.at).state in WAITING for case in cases),
    )


@page("portal.questions")
async def listing(page: Page) -> HttpResponse:
    """The questions, or those that fit the words looked for."""
    asker, law = await asker_of(page), page.platform.law
    words = page.request.GET.get("q", "").strip()[:MAX_WORDS]
    found = [(one.code, one.asked(law, asker)) for one in QUESTIONS.values() if _fits(one, words)]
    return await page.show("portal/questions.html", {"questions": found, "words": words})


def _fits(question: Question, words: str) -> bool:
    """Whether the question is about the words: one of them is in it, or one of its own words is in them."""
    if not words:
        return True
    text = f"{question.general} {question.words}"
    return any(word in text for word in words.split()) or any(
        word in words for word in question.words.split()
    )


@page("portal.question")
async def one(page: Page, code: str) -> HttpResponse:
    """One question, answered for the member."""
    question = QUESTIONS.get(code)
    if question is None:
        return await page.no(404, "没有这个问题", "请从「常见问题」中选择，或在政策问答里查找。")
    asker, law = await asker_of(page), page.platform.law
    context: dict[str, Any] = {
        "title": question.asked(law, asker),
        "answer": question.answer(law, asker),
        "asker": asker,
        "region": area_name(asker.region) if asker.region else "",
        "others": [(other.code, other.general) for other in QUESTIONS.values() if other is not question],
    }
    if code == PLACE:
        words = page.request.GET.get("name", "").strip()[:MAX_WORDS]
        context |= {"looks": True, "words": words, "found": _places(page, words) if words else []}
    return await page.show("portal/question.html", context)


def _places(page: Page, words: str) -> list[Stands]:
    """Institutions of that name, and how they stand today."""
    found = []
    for provider in page.platform.providers.search(words)[:FOUND]:
        day = provider.on(page.today)
        if day.pooled_agreement:
            kind, word, why = "ok", "可以报销", "门诊统筹定点机构"
        elif day.designated:
            kind, word, why = "wait", "只能用个人账户", "是医保定点，没有开通门诊统筹"
        else:
            kind, word, why = "bad", "不能报销", "今天不是医保定点"
        if day.lost:
            why = refusal_sentence(Refusal(day.lost))
        found.append(Stands(provider, area_name(provider.region), kind, word, why))
    return found
