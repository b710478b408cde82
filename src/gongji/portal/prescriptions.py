"""我的处方: what waits to be fetched and until when, one in full, and its code, which is shown for minutes and on demand."""

from __future__ import annotations

from typing import Final

import segno
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe

from gongji.base.reasons import Refusal
from gongji.gateway.centre import office_at
from gongji.portal.sheet import history, sheet_of
from gongji.portal.words import clock, left
from gongji.prescriptions import Case, selectors, services
from gongji.prescriptions.office import RxOffice, open_private
from gongji.web.pages import Page, page

__all__ = ["code", "listing", "office", "one", "own_case"]

PAGE: Final = 100
GROUPS: Final = (("waiting", "待取药"), ("begun", "医院处理中"), ("over", "已结束"))
QUIET: Final = 4
"""Modules of white around a QR code."""
PROXY_CLAUSES: Final = ("SX2022-27.art12.d", "SX2022-27.art13.d")
"""What is asked of somebody who fetches drugs for a member."""


def office(page: Page) -> RxOffice:
    """The prescription centre at the member's service."""
    return office_at(page.platform, page.visitor.actor, page.at)


@page("portal.prescriptions")
async def listing(page: Page) -> HttpResponse:
    """The member's prescriptions: those that wait first, the most urgent on top."""
    async with page.connection() as conn:
        cases = await selectors.of_person(conn, page.visitor.psn_no, limit=PAGE)
    sheets = [sheet_of(page.platform, case, page.at) for case in cases]
    waiting = sorted((one for one in sheets if one.group == "waiting"), key=lambda one: one.deadline)
    groups = [
        (title, waiting if group == "waiting" else [one for one in sheets if one.group == group])
        for group, title in GROUPS
    ]
    return await page.show("portal/prescriptions.html", {"groups": groups, "any": bool(sheets)})


async def own_case(page: Page, rx_no: str) -> Case | None:
    """The member's own prescription with this number; of anybody else's there is none."""
    async with page.connection() as conn:
        case = await selectors.case(conn, rx_no)
    return case if case is not None and case.psn_no == page.visitor.psn_no else None


async def _missing(page: Page) -> HttpResponse:
    return await page.no(404, "没有这张处方", "请从「我的处方」中选择。")


@page("portal.prescription")
async def one(page: Page, rx_no: str) -> HttpResponse:
    """One prescription: drugs, what is open, who has it, what happened."""
    case = await own_case(page, rx_no)
    if case is None:
        return await _missing(page)
    return await page.show("portal/prescription.html", _context(page, case))


def _context(page: Page, case: Case) -> dict[str, object]:
    law = page.platform.law
    private = open_private(page.platform.vault, case)
    return {
        "sheet": sheet_of(page.platform, case, page.at),
        "history": history(page.platform, case),
        "diagnoses": [one.name for one in private.diagnoses if one.name],
        "proxy_words": [
            law.provision(clause) for clause in PROXY_CLAUSES if clause in law.library.provisions
        ],
    }


@page("portal.prescription_code")
async def code(page: Page, rx_no: str) -> HttpResponse:
    """A new code on the screen, for whichever pharmacy reads it or for one that the member chose. Only its digest is kept, so it is
    shown in this answer and never again."""
    case = await own_case(page, rx_no)
    if case is None:
        return await _missing(page)
    if page.request.method != "POST":
        return await page.show("portal/prescription.html", _context(page, case))
    chosen = page.request.POST.get("pharmacy", "")[:12]
    place = page.platform.provider(chosen) if chosen else None
    if chosen and place is None:
        return await page.no(404, "没有这家药店", "请从「到哪里取药」中选择。")
    async with page.connection() as conn:
        shown = await services.show_code(conn, office(page), page.visitor.psn_no, rx_no, pharmacy=chosen)
    if isinstance(shown, Refusal):
        return await page.show("portal/prescription.html", {**_context(page, case), "refusal": shown}, 409)
    context = {
        "sheet": sheet_of(page.platform, case, page.at),
        "qr": _drawn(shown.text),
        "text": shown.text,
        "until": clock(shown.until),
        "left": left(shown.until, page.at),
        "place": place,
    }
    return await page.show("portal/prescription_code.html", context)


def _drawn(text: str) -> SafeString:
    """A QR code as SVG, dark on white whatever the page's colours are."""
    svg = segno.make(text, error="m", micro=False).svg_inline(
        scale=8, border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(svg)  # noqa: S308 - drawn by segno from squares; the text is not in it
