"""An agency for the tests of agreements: its law, calendar, keys and numbers; institutions that apply, on days of 2024."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import asyncpg

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.policy.calendar import working_calendar
from gongji.providers import applying, evaluating, rules, standing
from gongji.providers.dossier import (
    Application,
    Bank,
    Dossier,
    Evidence,
    Panelist,
    Personal,
    Profile,
    Representative,
    Score,
)
from gongji.providers.evaluating import Signature
from gongji.providers.office import Office, Taker
from tests.pg import world
from tests.vaults import VAULT

REGION = "140800"
START = date(2024, 3, 4)
"""A Monday."""
OFFICE = Office(world.law(), working_calendar(), VAULT, world._ids)
_numbers = itertools.count(1)
PANEL = (
    Panelist("甲", "市医保中心", ("insurance",)),
    Panelist("乙", "市人民医院", ("medicine",)),
    Panelist("丙", "会计师事务所", ("finance", "information")),
)


def at(on: date) -> datetime:
    """Noon in China."""
    return datetime.combine(on, time(4), UTC)


def taker(name: str, on: date = START, kind: str = "agency") -> Taker:
    return Taker(Actor(kind, name), at(on))  # type: ignore[arg-type]


def later(days: int, on: date = START) -> date:
    return on + timedelta(days=days)


def new_profile(kind: str = "pharmacy", **changes: Any) -> Profile:
    number = next(_numbers)
    letter = "P" if kind == "pharmacy" else "H"
    values: dict[str, Any] = {
        "code": f"{letter}1408{number:07d}",
        "name": f"某医药机构{number}",
        "uscc": f"91140800MA{number:08d}",
        "kind": kind,
        "region": REGION,
        "opened_on": date(2020, 1, 1),
        "address": "某街 1 号",
        "level": "" if kind == "pharmacy" else "1",
        "fee_class": "" if kind == "pharmacy" else "3",
        "class_document": "" if kind == "pharmacy" else "发改价〔2020〕1号",
    }
    return Profile(**(values | changes))


def personal(cert_no: str = "") -> Personal:
    number = cert_no or f"14080019700101{next(_numbers):04d}"
    return Personal(
        Representative("李四", number, "13900000001"),
        Bank("某大药房", "某银行运城分行", "6222020000007654321"),
    )


def proofs(layer: str, profile: Profile, on: date = START) -> tuple[Evidence, ...]:
    """Every condition of the layer proved."""
    wanted = rules.conditions(OFFICE.law, layer, profile.kind, profile.region, on)
    assert not isinstance(wanted, Refusal), wanted
    return tuple(Evidence(one.code, f"证明 {one.title}") for one in wanted)


def papers(layer: str, profile: Profile, on: date = START) -> tuple[Evidence, ...]:
    wanted = rules.documents(OFFICE.law, layer, profile.kind, profile.region, on)
    assert not isinstance(wanted, Refusal), wanted
    return tuple(Evidence(one.code, one.title) for one in wanted)


def application(profile: Profile, layer: str = "base", on: date = START, **changes: Any) -> Application:
    """A complete application."""
    values: dict[str, Any] = {
        "layer": layer,
        "profile": profile,
        "received_on": on,
        "conditions": proofs(layer, profile, on),
        "documents": papers(layer, profile, on),
    }
    return Application(**(values | changes))


def scores(points: int = 85, panel: tuple[Panelist, ...] = PANEL) -> tuple[Score, ...]:
    return tuple(Score(one.name, criterion, points) for one in panel for criterion in rules.CRITERIA)


def done(answer: Any) -> Any:
    assert not isinstance(answer, Refusal), answer
    return answer


def refused(answer: Any) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


async def applied(
    conn: asyncpg.Connection, profile: Profile, layer: str = "base", on: date = START, **changes: Any
) -> Dossier:
    owner = changes.pop("personal", None) or personal()
    return done(
        await applying.apply(
            conn, OFFICE, application(profile, layer, on, **changes), owner, taker("wang", on)
        )
    )


async def negotiated(
    conn: asyncpg.Connection, profile: Profile, layer: str = "base", on: date = START, **changes: Any
) -> Dossier:
    """An application that was accepted, evaluated and agreed on, all on one day."""
    number = (await applied(conn, profile, layer, on, **changes)).dossier_id
    li = taker("li", on)
    done(await applying.accept(conn, OFFICE, number, taker("wang", on)))
    done(await evaluating.convene(conn, OFFICE, number, li, PANEL))
    done(await evaluating.evaluate(conn, OFFICE, number, li, scores()))
    done(await evaluating.negotiate(conn, OFFICE, number, li, "第一轮：文本无异议"))
    return done(await evaluating.agree(conn, OFFICE, number, li))


def signature(from_on: date = START, until_on: date | None = None, **changes: Any) -> Signature:
    return Signature(from_on, "2024 版", "李四", "经办负责人", until_on, **changes)


async def designated(
    conn: asyncpg.Connection,
    profile: Profile,
    layer: str = "base",
    on: date = START,
    until_on: date | None = None,
    **changes: Any,
) -> Dossier:
    """An agreement in force from the day on."""
    number = (await negotiated(conn, profile, layer, on, **changes)).dossier_id
    done(await evaluating.sign(conn, OFFICE, number, taker("li", on), signature(on, until_on)))
    return done(await standing.confirm(conn, OFFICE, number, taker("zhao", on)))
