"""A manual claim (零星报销) on the web, as member and agency see it alike: the counter behind it, its term in words, its lines, its
files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

import msgspec
from django.http import HttpResponse

from gongji.base.reasons import REASONS, Refusal
from gongji.claims import Case, Office
from gongji.claims.files import Kept
from gongji.claims.photos import PDF, Plain
from gongji.gateway.platform import Platform
from gongji.policy.calendar import Calendar, calendar_of

__all__ = ["Line", "claim_office", "lines", "on_paper", "picture", "place_of", "term"]

OVER: Final = ("paid", "closed", "refused", "withdrawn")


class Line(msgspec.Struct, frozen=True):
    """A fee line, and what the review took out of it."""

    key: str
    name: str
    item: str
    amount_fen: int
    out_fen: int
    why: str


def claim_office(platform: Platform) -> Office:
    """What the claims room works with, at this worker's platform."""
    calendar = calendar_of(os.environ.get("GONGJI_CALENDAR", ""))
    return Office(platform.law, calendar, platform.providers, platform.vault, platform.ids)


def place_of(platform: Platform, case: Case) -> str:
    """Where the care was given, by name."""
    place = case.application.place
    found = platform.provider(place.code) if place.code else None
    return found.name if found is not None else place.name or place.code


def term(state: str, due_on: date | None, calendar: Calendar, today: date) -> str:
    """When a claim has to be finished, and how many working days are left; empty when it is finished."""
    if state in OVER:
        return ""
    if due_on is None:
        return "办结期限待定：下一年度的放假安排还没有公布"
    days = calendar.working_days_between(today, due_on)
    if isinstance(days, Refusal):
        return f"{due_on} 前办结"
    if days < 0:
        return f"应在 {due_on} 前办结，已超过 {-days} 个工作日"
    return f"{due_on} 前办结，还有 {days} 个工作日"


def lines(case: Case, name_of: Callable[[str], str]) -> tuple[Line, ...]:
    """Every fee line with what the review says of it; ``name_of`` knows the catalogue's name of an item."""
    out = {verdict.key: verdict for verdict in case.verdicts}
    found = []
    for visit in case.application.visits:
        for line in visit.lines:
            verdict = out.get(line.key)
            why = "" if verdict is None else verdict.note or REASONS[verdict.reason].text
            out_fen = 0 if verdict is None else verdict.out_fen
            name = line.local_item or name_of(line.item)
            found.append(Line(line.key, name, line.item, line.amount_fen, out_fen, why))
    return tuple(found)


def on_paper(case: Case, handed: Iterable[Kept]) -> list[str]:
    """Documents that were handed in without a file, as codes."""
    return sorted(case.documents - {one.document for one in handed})


def picture(found: Plain) -> HttpResponse:
    """A file as an answer: a photograph to be shown, a PDF to be saved; neither may do anything in a browser. The style that is
    allowed is the browser's own, in which it shows a picture."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'attachment; filename="material.pdf"' if found.media == PDF else "inline",
    }
    return HttpResponse(found.data, content_type=found.media, headers=headers)
