"""The law for everybody (政策问答): search, documents, a clause with what it sets and replaced, standards of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

import msgspec
from django.http import HttpResponse

from gongji.base.reasons import Refusal
from gongji.base.region_names import region_name
from gongji.explain.questions import QUESTIONS, Asker, matching
from gongji.policy import CONFIDENCE_WORDS, Law
from gongji.policy.inspect import Entry, Setting, show, story
from gongji.policy.model import Document
from gongji.web.lawsearch import LIMIT, Hit, Piece, like, pieces, search, words_of
from gongji.web.pages import Page, page

__all__ = ["clause", "document", "home", "question", "standards"]

STATES: Final = {
    "in-force": ("现行", "ok"),
    "draft": ("征求意见稿", "wait"),
    "referenced": ("仅被引用", "info"),
    "operator": ("补充参数", "info"),
}
EXAMPLES: Final = ("起付标准", "年度最高支付限额", "退休 支付比例", "家庭成员", "定点零售药店", "异地")
MAX_QUESTION: Final = 60


class Shown(msgspec.Struct, frozen=True):
    """A search result as the page shows it."""

    clause: str
    citation: str
    title: str
    text: tuple[Piece, ...]
    values: tuple[str, ...]
    state: tuple[str, str]


class Rule(msgspec.Struct, frozen=True):
    """Values of one parameter: its title, its name in the library, and the cases."""

    title: str
    name: str
    cases: tuple[Setting | Entry, ...]


@page("law.home")
async def home(page: Page) -> HttpResponse:
    """Search, and the list of documents by region."""
    law = page.platform.law
    question = page.request.GET.get("q", "").strip()[:MAX_QUESTION]
    words = words_of(question)
    found = search(law, question)
    context = {
        "question": question,
        "found": _shown(found, words),
        "alike": [] if found else _shown(like(law, question), ()),
        "questions": matching(QUESTIONS.values(), question),
        "limit": LIMIT,
        "examples": EXAMPLES,
        "regions": _documents(law),
        "count": len(law.library.provisions),
    }
    return await page.show("web/law/_found.html" if page.partial else "web/law/home.html", context)


def _shown(hits: Sequence[Hit], words: tuple[str, ...]) -> list[Shown]:
    return [
        Shown(
            hit.provision.clause,
            hit.provision.citation,
            hit.provision.title,
            pieces(hit.provision.text, words),
            hit.values[:4],
            STATES[hit.provision.status],
        )
        for hit in hits
    ]


@page("law.question")
async def question(page: Page, code: str) -> HttpResponse:
    """A common question, answered for anybody insured in a region; members get their own answer in the portal."""
    asked = QUESTIONS.get(code)
    if asked is None:
        return await page.no(404, "没有这个问题", "请从政策问答里选择，或按词查找条文。")
    law = page.platform.law
    regions = _regions(law)
    region = page.request.GET.get("region", "")
    if region not in regions:
        region = regions[0]
    context = {
        "question": asked,
        "answer": asked.answer(law, Asker(on=page.today, region=region)),
        "region": region_name(region),
        "here": region,
        "regions": [(each, region_name(each)) for each in regions],
        "others": [other for other in QUESTIONS.values() if other is not asked],
    }
    return await page.show("web/law/question.html", context)


def _regions(law: Law) -> list[str]:
    """The regions with documents of their own, the widest first."""
    return sorted({document.region for document in law.library.documents.values()} - {"CN"})


def _documents(law: Law) -> list[tuple[str, list[Document]]]:
    """The documents by region, the nation's first, newest first."""
    ordered = sorted(law.library.documents.values(), key=lambda each: (each.region != "CN", each.region))
    return [
        (region_name(region), sorted(group, key=lambda each: each.starts_on, reverse=True))
        for region, group in groupby(ordered, key=lambda each: each.region)
    ]


@page("law.document")
async def document(page: Page, document: str) -> HttpResponse:
    """One document: its clauses in order."""
    library = page.platform.law.library
    found = library.documents.get(document)
    if found is None:
        return await page.no(404, "没有这份文件", "政策库里没有这份文件。请从政策问答里查找。")
    context = {
        "document": found,
        "region": region_name(found.region),
        "state": STATES[found.status],
        "articles": [
            (article, list(group))
            for article, group in groupby(found.provisions, key=lambda each: each.article)
        ],
        "supersedes": [
            (library.documents[each.document], each.where)
            for each in found.supersedes
            if each.document in library.documents
        ],
    }
    return await page.show("web/law/document.html", context)


@page("law.clause")
async def clause(page: Page, clause: str) -> HttpResponse:
    """One clause: its words, the document, since when, what it sets, what stood before, and how the project reads it."""
    law = page.platform.law
    found = story(law, clause)
    if found is None:
        return await page.no(404, "没有这一条", "政策库里没有这一条。请从政策问答里查找。")
    provision = found.provision
    context = {
        "provision": provision,
        "document": law.library.documents[provision.document],
        "region": region_name(provision.region),
        "state": STATES[provision.status],
        "confidence": CONFIDENCE_WORDS[provision.confidence],
        "rules": _rules(found.settings),
        "refusals": [text.partition("〔")[0] + text.partition("〕")[2] for text in found.refusals],
        "decisions": found.decisions,
    }
    return await page.show("web/law/clause.html", context)


def _rules(values: tuple[Setting, ...] | tuple[Entry, ...]) -> list[Rule]:
    """Values grouped by parameter: the title for people, the library's name for those who need it."""
    grouped: dict[str, list[Setting | Entry]] = {}
    for value in values:
        grouped.setdefault(value.title, []).append(value)
    rules = []
    for title, cases in grouped.items():
        words, _, name = title.rpartition("（")
        rules.append(Rule(words or title, name.rstrip("）") if words else "", tuple(cases)))
    return rules


@page("law.standards")
async def standards(page: Page) -> HttpResponse:
    """Everything in force in a region on a day."""
    law = page.platform.law
    regions = sorted({document.region for document in law.library.documents.values()})
    region = page.request.GET.get("region") or next((each for each in regions if each != "CN"), "CN")
    asked = page.request.GET.get("on", "")
    day, wrong = _day(asked, page.today)
    entries = show(law, region, day) if region in regions else Refusal("REGION_UNKNOWN", region)
    context = {
        "regions": [(each, region_name(each)) for each in regions],
        "region": region,
        "region_name": region_name(region),
        "day": day,
        "wrong": wrong,
        "rules": [] if isinstance(entries, Refusal) else _rules(entries),
        "unknown": isinstance(entries, Refusal),
    }
    return await page.show("web/law/standards.html", context)


def _day(text: str, today: date) -> tuple[date, str]:
    """The day asked for, or today with a word on what is wrong with it."""
    if not text:
        return today, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return today, "日期请写成 2024-07-01 这样；下面是今天的标准。"
