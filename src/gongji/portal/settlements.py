"""The member's settlements (结算记录): by month with sums, and each one explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.utils.http import urlencode

from gongji.base.sqlfiles import Connection
from gongji.claims.selectors import ClaimedVisit, claimed_visits
from gongji.explain import Context, member, reversal_for_member
from gongji.explain.words import value_title
from gongji.members import selectors as members
from gongji.members.family import bindings_of_user
from gongji.members.identity import mask_name
from gongji.policy import Law
from gongji.portal.explaining import chapters, fee_lines
from gongji.portal.kin import OTHER_WAY
from gongji.portal.settled import KINDS, Settlement, Sums, law_of, months, of_member, row
from gongji.portal.ways import blocked
from gongji.prescriptions import selectors as prescriptions
from gongji.settlement import selectors as settlement
from gongji.settlement.commands import Settled
from gongji.settlement.selectors import StoredSettlement
from gongji.web import receipts
from gongji.web.pages import Page, page, url

__all__ = ["one", "receipt", "settlements"]

MEMBERS_COPY: Final = "参保人联"
PAGE: Final = 20
REFUNDS: Final = "refund"
CUTS: Final = {**KINDS, REFUNDS: "退费"}


@page("portal.settlements")
async def settlements(page: Page) -> HttpResponse:
    """Everything that was settled, newest month first; ``year``, ``kind`` and ``page`` stand in the address."""
    async with page.connection() as conn:
        found = await of_member(page, conn, page.visitor.psn_no)
    given = page.request.GET
    year, kind = _number(given.get("year", "")), given.get("kind", "")
    kind = kind if kind in CUTS else ""
    rows = [one for one in found if year in (0, one.on.year) and _fits(one, kind)]
    pages = max(1, -(-len(rows) // PAGE))
    number = min(max(1, _number(given.get("page", "1"))), pages)
    shown = rows[(number - 1) * PAGE : number * PAGE]
    whole = {month.first: month.sums for month in months(rows)}
    return await page.show(
        "portal/settlements.html",
        {
            "months": [(month, whole[month.first]) for month in months(shown)],
            "sums": sum((one.sums for one in rows), Sums()),
            "count": len(rows),
            "any": bool(found),
            "years": _chips(
                "year", [(str(each), f"{each} 年") for each in _years(found)], str(year or ""), kind=kind
            ),
            "kinds": _chips("kind", list(CUTS.items()), kind, year=str(year or "")),
            "page_number": number,
            "pages": pages,
            "before": _query(year=str(year or ""), kind=kind, page=str(number - 1)),
            "after": _query(year=str(year or ""), kind=kind, page=str(number + 1)),
        },
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _fits(one: Settlement, kind: str) -> bool:
    if kind == REFUNDS:
        return one.is_refund or one.reversed_by is not None
    return kind in ("", one.kind)


def _years(found: list[Settlement]) -> list[int]:
    return sorted({one.on.year for one in found}, reverse=True)


def _chips(name: str, values: list[tuple[str, str]], chosen: str, **others: str) -> list[dict[str, Any]]:
    """Links that cut the list one way and keep the other cuts; the first lifts this cut."""
    return [
        {"word": word, "query": _query(**others, **{name: value}), "here": value == chosen}
        for value, word in [("", "全部"), *values]
    ]


def _query(**given: str) -> str:
    """The part of an address after ``?``, without what is empty or the first page."""
    kept = {key: value for key, value in given.items() if value and (key, value) != ("page", "1")}
    return f"?{urlencode(kept)}" if kept else "?"


@page("portal.settlement")
async def one(page: Page, number: int) -> HttpResponse:
    """One settlement or refund: who paid, why so, line by line (``?open=1``: all of it unfolded, to print); another member's is
    unknown here."""
    psn_no = page.visitor.psn_no
    async with page.connection() as conn:
        found = await settlement.settlements(conn, psn_no, {})
        bare = next((each for each in found if each.settled.settlement_id == number), None)
        if bare is None:
            return await page.no(404, "没有这笔结算", "请从结算记录里打开。")
        law = await law_of(page, conn, bare.settled.policy_digest)
        laws = {law.digest: law} if law is not None else {}
        stored = await settlement.settlement(conn, psn_no, number, laws)
        assert stored is not None, "it was there a moment ago, and facts stay"
        key = (psn_no, bare.settled.original_id or number)
        rx = (await prescriptions.cases_of_settlements(conn, [key])).get(key, ())
        draws = await _draws(conn, stored.settled)
        claimed = await claimed_visits(conn, psn_no) if stored.settled.claim else {}
    context = _context(page, stored, law, claimed)
    return await page.show(
        "portal/settlement.html", {**context, "prescriptions": [case.rx_no for case in rx], "draws": draws}
    )


@page("portal.receipt")
async def receipt(page: Page, number: int) -> HttpResponse:
    """The member's copy of the paper, to print; ``?paper=80`` for a narrow printer."""
    async with page.connection() as conn:
        try:
            paper = await receipts.paper_of(page.platform, conn, page.visitor.psn_no, number)
        except receipts.UnknownLaw:
            return await page.no(
                409, "不能打印结算单", "结算时用的规定版本没有保存在这里，请到结算的机构打印。"
            )
    if paper is None:
        return await page.no(404, "没有这笔结算", "请从结算记录里打开。")
    narrow = page.request.GET.get("paper") == "80"
    shown = receipts.shown(paper, (MEMBERS_COPY,), explained=True)
    return await page.show(
        "web/receipt.html", {**shown, "narrow": narrow, "back": url("portal.settlement", number)}
    )


def _context(
    page: Page, stored: StoredSettlement, law: Law | None, claimed: Mapping[int, ClaimedVisit]
) -> dict[str, Any]:
    settled, shown = stored.settled, row(page, stored, claimed)
    outcome, context = settled.outcome, _context_of(settled, shown.place)
    refund, known = shown.is_refund, law is not None
    words: tuple[str, ...] = ()
    if refund:
        words = reversal_for_member(outcome)
    elif law is not None:
        words = member(law, outcome, context)[1:]
    told = (
        chapters(law, outcome, settled.service_on, settled.attributes)
        if law is not None and not refund
        else ()
    )
    return {
        "one": shown,
        "claim": settled.claim,
        "known": known,
        "words": words,
        "chapters": told,
        "opened": page.request.GET.get("open") == "1",
        "lines": fee_lines(law, outcome),
        "refused": blocked(outcome.refusal) if outcome.refusal is not None and not refund else None,
        "place_kind": value_title(law, "place", settled.attributes.get("place", ""), settled.region)
        if law
        else "",
        "home": url("portal.settlements"),
        "settled_at": settled.settled_at,
        "invoice_no": settled.invoice_no,
    }


def _context_of(settled: Settled, institution: str) -> Context:
    return Context(
        service_on=settled.service_on,
        place=settled.attributes.get("place", ""),
        status=settled.attributes.get("status", ""),
        institution=institution,
        settlement=str(settled.settlement_id),
        claim=settled.claim,
    )


async def _draws(conn: Connection, settled: Settled) -> list[tuple[str, int]]:
    """Whose accounts paid, by masked name and what they are to the member, with what each paid."""
    draws = settled.outcome.family_draws
    if not draws:
        return []
    bound = {one.owner: one.relation for one in await bindings_of_user(conn, settled.psn_no)}
    names = await members.names(conn, [owner for owner, _ in draws])
    return [(_called(names.get(owner, ""), bound.get(owner, "")), abs(fen)) for owner, fen in draws]


def _called(name: str, relation: str) -> str:
    """``王**（我的配偶）``: what the owner is to the member; nothing of a binding that is unknown."""
    words = OTHER_WAY.get(relation, "")
    return f"{mask_name(name) or '家人'}{f'（我的{words}）' if words else ''}"
