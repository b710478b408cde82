"""What the register of institutions has lived through: a doctor suspended by two officers, changes reported and confirmed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from gongji.base.actors import Actor
from gongji.policy.calendar import working_calendar
from gongji.project.history.hands import CLERK, REVIEWER, stated
from gongji.project.history.plot import Plot
from gongji.providers import changing, staff, standing
from gongji.providers.changing import Change
from gongji.providers.office import Office, Taker
from gongji.providers.writing import Act

__all__ = ["add_register"]

CENTRE: Final = "演示街道社区卫生服务中心"
SHOP: Final = "演示大药房总店"


def add_register(plot: Plot) -> None:
    """A suspension that is in force now; an address that was changed, and a scope that waits for the agency."""
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


async def _changed(plot: Plot, name: str, field: str, value: str, *, confirmed: bool) -> None:
    """The institution reports a change; an officer confirms it, or has not come to it yet."""
    hands, platform = plot.hands, plot.hands.platform
    office = Office(platform.law, working_calendar(), platform.vault, platform.ids)
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
