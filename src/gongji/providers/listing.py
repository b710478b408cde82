"""Lists about institutions: the public one, how far the pool has been opened, what is overdue, dossiers by state.

The public list shows no personal and no bank data: there are none in the tables that it reads. Source: 国家医疗保障局令第2号、第3号
(向社会公布), 晋医保办发〔2023〕2号 一, 晋医保发〔2024〕11号 二, 运医保发〔2024〕16号 一 (应纳尽纳):
SX2023-2.s1.a, SX2024-11.s2.a, SX2024-11.s2.b, YC2024-16.s1.a; elapsed days and terms: NHSA2023-4.s2.e.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, normalise_region
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import add_months, day_in_china
from gongji.providers import files, rules
from gongji.providers.dossier import Dossier
from gongji.providers.office import Office
from gongji.providers.register import OFFERS
from gongji.providers.spells import canonical
from gongji.providers.values import ProviderState

__all__ = [
    "Due",
    "Listed",
    "Opening",
    "Page",
    "Public",
    "list_dossiers",
    "openings",
    "overdue",
    "public_list",
]

_ROOM: Final = "gongji.providers"
PUBLIC_LIST = sql(_ROOM, "public_list")
OPENINGS = sql(_ROOM, "openings")
LIST_DOSSIERS = sql(_ROOM, "list_dossiers")
PAGE_MAX: Final = 500
SERVICES: Final = ("", "pooled", *OFFERS)
QUALIFIED: Final = ("qualified", "negotiating", "agreed", "signed")
UNDER_WAY: Final = ("received", "returned", "accepted", "evaluating", "failed")
WATCHED: Final = ("received", "accepted", "evaluating", "active", "suspended")
DAY: Final = timedelta(days=1)


class Public(msgspec.Struct, frozen=True):
    """An institution as everybody may see it; the days are those of the unbroken spell around the day asked for."""

    code: str
    name: str
    kind: str
    hosp_lv: str
    region: str
    address: str
    fee_class: str
    level: str
    pooled: bool
    host: str
    offers: tuple[str, ...]
    designated_from: date
    designated_until: date | None
    pooled_from: date | None
    pooled_until: date | None


class Page(msgspec.Struct, frozen=True):
    """Some rows of a list that has ``total``."""

    rows: tuple[Public, ...]
    total: int


class Opening(msgspec.Struct, frozen=True):
    """An area's institutions of a kind: designated, opened for the pool, qualified or on the way but not opened; ``not_opened``
    names all that are designated and have no pooled agreement."""

    area: str
    kind: str
    designated: int
    opened: int
    qualified: int
    under_way: int
    not_opened: tuple[str, ...]


class Due(msgspec.Struct, frozen=True):
    """Something that has to be done by a day. ``what``: accept, evaluate, renew, expire, resume; ``due_on`` None: the holidays of
    the year are not published. ``working_days`` since the application was received (None: the same)."""

    what: str
    code: str
    dossier_id: int
    layer: str
    due_on: date | None
    overdue: bool
    working_days: int | None


class Listed(msgspec.Struct, frozen=True):
    """A dossier in a list."""

    code: str
    dossier_id: int
    layer: str
    state: str
    received_on: date
    actor: str
    changed_at: datetime


async def public_list(
    conn: Connection,
    on: date,
    *,
    area: str = "",
    kind: str = "",
    service: str = "",
    name: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Page | Refusal:
    """Institutions that are designated on the day, by code. BAD_FIELD for a page that is none, REGION_UNKNOWN, UNKNOWN_CODE."""
    if "\0" in f"{kind}{name}":
        return Refusal("BAD_FIELD", "名称或类型")
    if not 1 <= limit <= PAGE_MAX or not 0 <= offset < 2**31:
        return Refusal("BAD_FIELD", f"每页 1 至 {PAGE_MAX} 家")
    if service not in SERVICES:
        return Refusal("UNKNOWN_CODE", f"服务 {service[:20]}，可用 {'、'.join(SERVICES[1:])}")
    try:
        within = normalise_region(area) if area else NATION
    except ValueError as error:
        return Refusal("REGION_UNKNOWN", str(error))
    prefix = "" if within == NATION else within
    found = await conn.fetch(PUBLIC_LIST, on, prefix, kind, service, name, limit, offset)
    states = await files.all_states(conn, [row["code"] for row in found])
    rows = tuple(_public(row, canonical(states[row["code"]]), on) for row in found)
    return Page(rows, found[0]["total"] if found else 0)


def _public(row: msgspec.Struct, states: Sequence[ProviderState], on: date) -> Public:
    given = dict(row)  # type: ignore[call-overload]
    designated = _run([s for s in states if s.designated], on)
    assert designated is not None
    pooled = _run([s for s in states if s.pooled_agreement], on)
    given["pooled"], given["offers"] = given.pop("pooled_agreement"), tuple(given["offers"])
    del given["total"]
    return Public(
        **given,
        designated_from=designated[0],
        designated_until=designated[1],
        pooled_from=pooled[0] if pooled else None,
        pooled_until=pooled[1] if pooled else None,
    )


def _run(states: Sequence[ProviderState], on: date) -> tuple[date, date | None] | None:
    """First and last day of the neighbouring rows around the day."""
    runs: list[tuple[date, date | None]] = []
    for row in states:
        last = runs[-1][1] if runs else None
        if last is not None and last + DAY == row.from_on:
            runs[-1] = (runs[-1][0], row.until_on)
        else:
            runs.append((row.from_on, row.until_on))
    return next((run for run in runs if run[0] <= on and (run[1] is None or on <= run[1])), None)


async def openings(conn: Connection, on: date) -> tuple[Opening, ...]:
    """How far the pool has been opened, by area and kind."""
    rows = await conn.fetch(OPENINGS, on, list(QUALIFIED), list(UNDER_WAY))
    return tuple(Opening(**{**dict(row), "not_opened": tuple(row["not_opened"])}) for row in rows)


async def overdue(
    conn: Connection, office: Office, on: date, codes: Sequence[str] | None = None
) -> tuple[Due, ...]:
    """Applications and evaluations that wait (``overdue``: past their term), agreements that end within the months in which
    their renewal is to be asked for, suspensions that have come to their last day; the most urgent first. ``codes``: of these
    institutions only.
    """
    found = []
    for dossier in await files.dossiers(conn, codes):
        due = _due(office, dossier, on) if dossier.state in WATCHED else None
        if due is not None:
            found.append(due)
    return tuple(sorted(found, key=lambda one: (one.due_on or date.max, one.dossier_id)))


def _due(office: Office, dossier: Dossier, on: date) -> Due | None:
    match dossier.state:
        case "received":
            return _named(
                office, "accept", dossier, rules.return_due(office.law, office.calendar, dossier), on
            )
        case "accepted" | "evaluating":
            since = day_in_china(dossier.steps_of("accept", "rectify")[-1].at)
            return _named(office, "evaluate", dossier, rules.evaluation_due(office.law, dossier, since), on)
        case "suspended":
            last = [one.until_on for one in dossier.effective if one.kind == "suspend"]
            ended = last and last[-1] is not None and last[-1] <= on
            return _named(office, "resume", dossier, last[-1], on) if ended and last[-1] else None
        case _:
            return _ending(office, dossier, on)


def _ending(office: Office, dossier: Dossier, on: date) -> Due | None:
    term = dossier.term_until_on
    if term is None:
        return None
    if term < on:
        return _named(office, "expire", dossier, term, on)
    months = rules.count(office.law, "provider.renewal_months", dossier.kind, dossier.region, on)
    if isinstance(months, Refusal) or on < add_months(term, -months):
        return None
    return _named(office, "renew", dossier, term, on)


def _named(office: Office, what: str, dossier: Dossier, due_on: date | Refusal, on: date) -> Due:
    known = None if isinstance(due_on, Refusal) else due_on
    late = known is not None and known < on
    waited = office.calendar.working_days_between(dossier.received_on, on)
    days = None if isinstance(waited, Refusal) else waited
    return Due(what, dossier.code, dossier.dossier_id, dossier.layer, known, late, days)


async def list_dossiers(
    conn: Connection,
    *,
    code: str | None = None,
    layer: str | None = None,
    state: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[Listed, ...]:
    """Dossiers with where they stand, newest first."""
    rows = await conn.fetch(LIST_DOSSIERS, code, layer, state, limit, offset)
    return tuple(Listed(*row.values()) for row in rows)
