"""What people of the history have complained of and reported, and what the inspector has done with it (投诉举报)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from gongji.base.actors import Actor
from gongji.project.history.hands import stated
from gongji.project.history.plot import Plot
from gongji.supervision import ANONYMOUS, Complaint, Personal, selectors, services
from gongji.supervision.services import Taker

__all__ = ["add_complaints"]

INSPECTOR: Final = Actor("agency", "jihe")
"""The demonstration's account with this role."""
PHONE: Final = "13900000000"


def add_complaints(plot: Plot) -> None:
    """Four of them, one in each state that asks for something or is over."""
    world = plot.hands.world
    at_work, retired = (Actor("member", world.member(kind)) for kind in ("active", "chronic"))
    clinic, shop = (world.institution(name).code for name in ("演示内科诊所", "演示康民药房"))
    day = plot.today
    charge = Complaint(
        kind="complaint", topic="charge", region=plot.region, psn_no=at_work.id, institution=clinic,
        happened_on=day - timedelta(days=41),
    )  # fmt: skip
    plot.ago(40, 10, 0, partial(_told, plot, at_work, charge, "雾化吸入一次收了两次的钱，有收费票据为证。", (
        ("take", INSPECTOR, ""), ("answer", INSPECTOR, "经核实属重复收费，诊所已退费，退费单号已发短信。"), ("close", at_work, ""),
    )))  # fmt: skip
    refused = Complaint(
        kind="complaint", topic="voucher_refused", region=plot.region, psn_no=retired.id, institution=shop,
        happened_on=day - timedelta(days=9),
    )  # fmt: skip
    plot.ago(8, 15, 20, partial(_told, plot, retired, refused, "店员说系统忙，不让用医保电子凭证，只收现金。", (
        ("take", INSPECTOR, ""), ("ask", INSPECTOR, "请说明大概的时间，有没有购药小票。"),
    )))  # fmt: skip
    waiting = Complaint(kind="complaint", topic="prescription", region=plot.region, psn_no=at_work.id)
    plot.ago(
        3, 20, 5, partial(_told, plot, at_work, waiting, "处方在两家药店都说没有货，平台上却显示有。", ())
    )
    report = Complaint(kind="report", topic="swapped", region=plot.region, institution=shop)
    plot.ago(5, 9, 40, partial(_told, plot, ANONYMOUS, report, "把牙膏、洗发水开成药品用医保结算。", (
        ("take", INSPECTOR, ""),
    )))  # fmt: skip


async def _told(
    plot: Plot, who: Actor, complaint: Complaint, words: str, steps: tuple[tuple[str, Actor, str], ...]
) -> None:
    """Said at the clock's time; the steps follow day by day of the same hour."""
    hands = plot.hands
    vault, number = hands.platform.vault, hands.platform.ids.next()
    code = services.new_code(hands.chance.randbytes) if who == ANONYMOUS else ""
    phone = "" if who == ANONYMOUS else PHONE
    taker = Taker(who, hands.clock.now(), vault)
    stated(await services.receive(hands.conn, taker, number, complaint, Personal(words, "", phone), code))
    case = await selectors.case(hands.conn, number)
    assert case is not None
    for hours, (action, actor, said) in enumerate(steps, start=1):
        taker = Taker(actor, hands.clock.now() + timedelta(hours=hours), vault)
        case = stated(await services.take(hands.conn, taker, case, action, said))
