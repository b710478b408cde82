"""这次要花多少钱: where, what, and then what the member would pay, by the same calculation as at the counter. Nothing is written.

Three questions on three pages; what was answered stands in the address, so that the way back is the browser's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect

from gongji.base.reasons import Refusal
from gongji.base.regions import is_within, pooling_area
from gongji.catalog.items import KINDS
from gongji.catalog.values import Item
from gongji.explain import Context, member
from gongji.kernel import layout
from gongji.members import selectors as members
from gongji.members.eligibility import said_of_person
from gongji.members.residences import home_of
from gongji.members.values import Standing
from gongji.policy import Law
from gongji.portal.asking import AMOUNTS, Good, Question, asked, lines_of, price_text
from gongji.portal.assuming import Counted, assumptions
from gongji.portal.comparing import Estimate, Place, estimates, place_of, saving
from gongji.portal.explaining import chapters, fee_lines
from gongji.portal.in_hand import goods_of, in_hand, misnamed, named_drugs
from gongji.portal.places import examples, place_kinds
from gongji.portal.ways import blocked
from gongji.prescriptions import Case
from gongji.providers.nearby import Near, nearby
from gongji.providers.register import Place as Point
from gongji.providers.values import Provider
from gongji.settlement.commands import Settled
from gongji.settlement.rules import merges_deductibles
from gongji.web.pages import Page, page, url

__all__ = ["goods", "result", "where"]

FOUND: Final = 12
NEAR: Final = 6
NEAR_M: Final = 5_000
EACH: Final = (layout.DEDUCTIBLE_VISIT, layout.DEDUCTIBLE_SETTLEMENT)
LEVELS: Final = {"01": "甲类", "02": "乙类", "03": "丙类（自费）"}


class Box(msgspec.Struct, frozen=True):
    """A field for a number: its id and name, its words, what was typed, and what is wrong with it."""

    id: str
    name: str
    label: str
    text: str
    unit: str
    hint: str
    error: str


class Row(msgspec.Struct, frozen=True):
    """A chosen item on the page: what was typed, and what the catalogue knows of it (None: nothing)."""

    good: Good
    item: Item | None
    level: str
    boxes: tuple[Box, Box]


@page("portal.estimate")
async def where(page: Page) -> HttpResponse:
    """The first question: which kind of place, or which institution."""
    question, name = asked(page.request.GET), page.request.GET.get("name", "")[:30].strip()
    async with page.connection() as conn:
        standing = await members.standing(conn, page.visitor.psn_no, page.today)
        home = await home_of(conn, page.visitor.psn_no, page.today)
    if standing is None or not standing.region:
        return await page.show("portal/estimate_none.html", {"blocked": blocked(Refusal("NOT_INSURED"))})
    law, book = page.platform.law, page.platform.providers
    kinds = place_kinds(law, standing.region, page.today)
    if not kinds:
        return await page.show("portal/estimate_none.html", {"blocked": blocked(Refusal("REGION_UNKNOWN"))})
    near = _near(page, Point(*home)) if home is not None else ()
    named = examples(law, book, standing.region, page.today, kinds)
    return await page.show(
        "portal/estimate.html",
        {
            "question": question,
            "kinds": [(kind, named[kind.code]) for kind in kinds],
            "near": near,
            "name": name,
            "found": _named(page, name, standing.region) if name else (),
            "kept": msgspec.structs.replace(question, where="").query(),
            "goods_at": url("portal.estimate_goods"),
        },
    )


def _near(page: Page, home: Point) -> Sequence[Near]:
    found = nearby(page.platform.providers, home, page.today, NEAR_M, limit=NEAR)
    return () if isinstance(found, Refusal) else found


def _named(page: Page, name: str, region: str) -> list[Provider]:
    """Institutions with these words in their name, those of the member's own area first."""
    area = pooling_area(region)
    found = page.platform.providers.search(name)
    return sorted(found, key=lambda one: not is_within(one.region, area))[:FOUND]


@page("portal.estimate_goods")
async def goods(page: Page) -> HttpResponse:
    """The second question: which items, how many, or which sums. Buttons of the one form add, drop, search and go on."""
    given = page.request.GET
    question = _changed(page, asked(given))
    if {"add", "drop"} & set(given):
        return HttpResponseRedirect(f"{url('portal.estimate_goods')}?{question.query()}")
    async with page.connection() as conn:
        standing = await members.standing(conn, page.visitor.psn_no, page.today)
        held = await in_hand(page, conn)
    place = place_of(page, standing, question) if standing is not None else None
    if standing is None or place is None:
        return HttpResponseRedirect(f"{url('portal.estimate')}?{question.query()}")
    sheets = held if place.is_pharmacy else {}
    wrong = misnamed(question, sheets)
    if question.empty and question.rx in sheets:
        question = msgspec.structs.replace(question, goods=goods_of(page, sheets[question.rx]))
    if wrong is not None:
        question = msgspec.structs.replace(question, rx="")
    faults = (wrong,) if wrong is not None and place.is_pharmacy else ()
    if given.get("go"):
        faults = (*faults, *lines_of(question, lambda code: _item(page, code))[1])
        if not faults and question.day(page.today):
            return HttpResponseRedirect(f"{url('portal.estimate_result')}?{question.query()}")
    context = _goods_context(page, question, standing, place, faults)
    context["sheets"] = [(number, named_drugs(page, case)) for number, case in sheets.items()]
    return await page.show("portal/estimate_goods.html", context)


def _goods_context(
    page: Page, question: Question, standing: Standing, place: Place, faults: Sequence[Any]
) -> dict[str, Any]:
    words = page.request.GET.get("q", "")[:30].strip()
    chosen = {good.code for good in question.goods}
    found = (
        page.platform.catalogue.search(words, page.today, limit=FOUND, region=standing.region)
        if words
        else []
    )
    errors = {fault.field: fault.text for fault in faults}
    day = question.day(page.today)
    return {
        "question": question,
        "place": place,
        "rows": [_row(page, number, good, errors) for number, good in enumerate(question.goods)],
        "amounts": [
            Box(one.name, one.name, one.title, question.amounts.get(one.name, ""), "元", one.hint, errors.get(one.name, ""))
            for one in AMOUNTS
        ],
        "words": words,
        "found": [(item, KINDS.get(item.kind, ""), LEVELS.get(item.chrgitm_lv, ""), price_text(item))
                  for item in found if item.code not in chosen],
        "faults": faults,
        "count": len(faults) + (day is None),
        "day_wrong": day is None,
        "rx_wrong": errors.get("rx", ""),
        "diseases": list(standing.chronic.values()),
        "back": f"{url('portal.estimate')}?{question.query()}",
    }  # fmt: skip


def _row(page: Page, number: int, good: Good, errors: Mapping[str, str]) -> Row:
    item = _item(page, good.code)
    one, other = f"quantity-{number}", f"price-{number}"
    boxes = (
        Box(one, "quantity", "数量", good.quantity, item.unit if item else "", "", errors.get(one, "")),
        Box(other, "price", "单价", good.price, "元", "", errors.get(other, "")),
    )
    return Row(good, item, LEVELS.get(item.chrgitm_lv, "") if item else "", boxes)


def _changed(page: Page, question: Question) -> Question:
    """The question after the button that was pressed: one item more, or one less."""
    given = page.request.GET
    add, drop = given.get("add", "")[:50], given.get("drop", "")
    kept = [good for number, good in enumerate(question.goods) if str(number) != drop]
    item = _item(page, add) if add else None
    if item is not None and add not in {good.code for good in kept}:
        kept.append(Good(add, "1", price_text(item)))
    return msgspec.structs.replace(question, goods=tuple(kept))


def _item(page: Page, code: str) -> Item | None:
    return page.platform.catalogue.get(code, page.today)


@page("portal.estimate_result")
async def result(page: Page) -> HttpResponse:
    """The answer: what the member would pay there, why, and what it would be elsewhere."""
    question, law = asked(page.request.GET), page.platform.law
    lines, faults = lines_of(question, lambda code: _item(page, code))
    day = question.day(page.today)
    async with page.connection() as conn:
        standing = await members.standing(conn, page.visitor.psn_no, page.today)
        place = place_of(page, standing, question) if standing is not None else None
        held = await in_hand(page, conn)
        faults = (*faults, *filter(None, [misnamed(question, held)]))
        if faults or day is None or standing is None or place is None:
            return HttpResponseRedirect(f"{url('portal.estimate_goods')}?{question.query(go='1')}")
        kinds = place_kinds(law, standing.region, day)
        found, others = await estimates(page, conn, question, place, kinds, lines, day)
    change = f"{url('portal.estimate_goods')}?{question.query()}"
    elsewhere = f"{url('portal.estimate')}?{question.query()}"
    common = {"question": question, "place": place, "day": day, "change": change, "elsewhere": elsewhere}
    if isinstance(found.decided, Refusal):
        return await page.show("portal/estimate_refused.html", {**common, "blocked": blocked(found.decided)})
    return await page.show(
        "portal/estimate_result.html",
        {
            **common,
            **_told(law, found, place, others, standing),
            "assumed": _assumed(page, question, place, day, held, found.decided),
            "others": others,
            "saving": saving(found, others, kinds),
        },
    )


def _assumed(
    page: Page, question: Question, place: Place, day: date, held: Mapping[str, Case], decided: Settled
) -> tuple[str, ...]:
    found = [_item(page, good.code) for good in question.goods]
    drugs = named_drugs(page, held[question.rx]) if question.rx in held and place.is_pharmacy else ""
    row = decided.outcome.row
    counted = Counted(
        row.cells[layout.ROW_DEDUCTIBLE_KIND] in EACH,
        merges_deductibles(page.platform.law, row.region, decided.service_on),
    )
    items = [item for item in found if item is not None]
    return assumptions(question, place, items, day, page.today, drugs, counted)


def _told(
    law: Law, found: Estimate, place: Place, others: Sequence[Estimate], standing: Standing
) -> dict[str, Any]:
    settled = found.decided
    assert not isinstance(settled, Refusal)
    outcome = settled.outcome
    context = Context(
        service_on=settled.service_on,
        place=settled.attributes.get("place", ""),
        status=settled.attributes.get("status", ""),
        institution=place.title,
    )
    return {
        "one": found,
        "words": member(law, outcome, context)[1:],
        "chapters": chapters(law, outcome, settled.service_on, settled.attributes),
        "lines": fee_lines(law, outcome),
        "refused": blocked(said_of_person(standing, settled.service_on, outcome.refusal))
        if outcome.refusal is not None
        else None,
        "draft": outcome.row.draft,
        "most_fen": max([one.personal_fen for one in (*others, found)], default=0),
    }
