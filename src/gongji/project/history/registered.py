"""What the register of institutions has lived through: a doctor suspended by two officers, changes reported and confirmed, an
application that was given back for what it lacks."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.policy.calendar import working_calendar
from gongji.project.history.hands import CLERK, REVIEWER, stated
from gongji.project.history.plot import Plot
from gongji.providers import applying, changing, staff, standing
from gongji.providers.changing import Change
from gongji.providers.dossier import Application, Personal, Profile
from gongji.providers.office import Office, Taker
from gongji.providers.writing import Act

__all__ = ["add_register"]

CENTRE: Final = "演示街道社区卫生服务中心"
SHOP: Final = "演示大药房总店"
DENTIST: Final = "演示口腔诊所"
"""Designated, without 门诊统筹."""


def add_register(plot: Plot) -> None:
    """A suspension that is in force now; an address that was changed, and a scope that waits for the agency; an application."""
    plot.ago(20, 15, 0, partial(_suspended, plot))
    plot.ago(
        95, 9, 0, partial(_changed, plot, CENTRE, "address", "演示市演示街道健康路 18 号", confirmed=True)
    )
    plot.ago(95, 9, 20, partial(_changed, plot, SHOP, "address", "演示市演示街道解放路 6 号", confirmed=True))
    plot.ago(
        3,
        9,
        0,
        partial(_changed, plot, SHOP, "scope", "处方药、非处方药、中药饮片、医疗器械", confirmed=False),
    )
    plot.ago(6, 10, 0, partial(_applied, plot))


async def _suspended(plot: Plot) -> None:
    """Two officers suspend the centre's last doctor for a while."""
    hands = plot.hands
    place = hands.place(CENTRE)
    first, last = hands.today + timedelta(days=1), plot.today + timedelta(days=40)
    act = Act(CLERK, hands.clock.now(), "超量开药")
    proposed = stated(
        await staff.propose_suspension(
            hands.conn, act, place.code, place.doctors[-1].code, first, last, "多次超量开药", everywhere=False
        )
    )
    second = Act(REVIEWER, hands.clock.now(), "复核")
    number = proposed.changes[0].spell_no
    stated(await staff.second(hands.conn, second, place.code, number, confirmed=True))


async def _applied(plot: Plot) -> None:
    """A clinic applies for 门诊统筹 without its papers; the agency gives the application back and names them."""
    hands = plot.hands
    place = hands.platform.provider(hands.world.institution(DENTIST).code)
    assert place is not None
    day = place.on(hands.today)
    profile = Profile(
        code=place.code, name=place.name, uscc=place.uscc, kind=place.kind, region=place.region, hosp_lv=place.hosp_lv,
        opened_on=plot.begins_on.replace(year=plot.begins_on.year - 4), level=day.level,
        fee_class=day.fee_class, class_document="演示价字〔2022〕7 号",
    )  # fmt: skip
    application = Application(layer="pooled", profile=profile, received_on=hands.today)
    by = Taker(Actor("institution", place.code), hands.clock.now())
    office = _office(plot)
    dossier = stated(await applying.apply(hands.conn, office, application, Personal(), by))
    agency = Taker(CLERK, hands.clock.now())
    given_back = await applying.give_back(hands.conn, office, dossier.dossier_id, agency)
    if not isinstance(given_back, Refusal) or given_back.code != "CALENDAR_YEAR_MISSING":
        stated(given_back)  # without a notice of holidays nobody can say by when, and the application waits


def _office(plot: Plot) -> Office:
    platform = plot.hands.platform
    return Office(platform.law, working_calendar(), platform.vault, platform.ids)


async def _changed(plot: Plot, name: str, field: str, value: str, *, confirmed: bool) -> None:
    """The institution reports a change; an officer confirms it, or has not come to it yet."""
    hands, office = plot.hands, _office(plot)
    code = hands.place(name).code
    change = Change(
        field=field,
        from_on=hands.today,
        document="行政审批〔演示〕1 号",
        approved_on=hands.today,
        value=value,
    )
    by = Taker(Actor("institution", code), hands.clock.now())
    dossier = stated(await changing.report(hands.conn, office, code, change, by))
    if confirmed:
        stated(
            await standing.confirm(hands.conn, office, dossier.dossier_id, Taker(REVIEWER, hands.clock.now()))
        )
