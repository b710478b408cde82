"""Chapters of the members whose vouchers a demonstration names: at work with a family, retired, treated for high blood pressure,
living in another city, paid for by relatives.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Final

from gongji.project.history.hands import Visited
from gongji.project.history.money import ABROAD, NEARBY
from gongji.project.history.plot import Play, Plot
from gongji.project.history.prescribed import Issued
from gongji.project.story.cast import Good, Member
from gongji.project.story.sheets import Dose

__all__ = ["add_members"]

HOSPITAL, CENTRE, CLINIC = "演示省人民医院", "演示街道社区卫生服务中心", "演示内科诊所"
SHOP, CORNER = "演示大药房总店", "演示大药房社区店"
AWAY_HOSPITAL, AWAY_CLINIC = "演示市运城中心医院", "演示中医诊所"
CONSULTATION: Final = "普通门诊诊察费"
FAMILY_MONTH_FEN: Final = 20_000
BASE_YUAN: Final = 7_200


def add_members(plot: Plot) -> None:
    """All of them."""
    world, hands = plot.hands.world, plot.hands
    _at_work(plot, hands.member(world.member("active")))
    _retired(plot, hands.member(world.member("chronic")))
    _away(plot, hands.member(world.member("filed_in_province")))
    _pensioner(plot, hands.member(world.member("retired")))
    _relative(plot, hands.member(world.member("family_user")))


def _goods(plot: Plot, *names: str | tuple[str, int]) -> tuple[Good, ...]:
    return tuple(plot.good(name) if isinstance(name, str) else plot.good(*name) for name in names)


def _visit(
    plot: Plot, place: str, member: Member, *names: str | tuple[str, int], chronic: bool = False
) -> Play:
    """A play: one whole visit."""
    goods = _goods(plot, CONSULTATION, *names)
    return partial(_visited, plot, place, member, goods, chronic)


async def _visited(plot: Plot, place: str, member: Member, goods: tuple[Good, ...], chronic: bool) -> Visited:
    return await plot.hands.visit(plot.hands.place(place), member, *goods, chronic=chronic)


# at work, with a family


def _at_work(plot: Plot, member: Member) -> None:
    """Contributions, a family of three accounts and an application, visits, a refund, prescriptions in every state, two claims."""
    spouse = plot.hands.member(plot.hands.world.member("empty_account"))
    mother = plot.hands.member(plot.hands.world.member("retired"))
    first = plot.begins_on
    visits: tuple[tuple[date, str, tuple[str | tuple[str, int], ...]], ...] = (
        (first + timedelta(days=40), CENTRE, ("常规心电图检查", ("感冒清热颗粒", 2))),
        (first + timedelta(days=130), HOSPITAL, ("彩色多普勒超声常规检查", ("养血清脑颗粒", 1))),
        (first + timedelta(days=228), CLINIC, (("连花清瘟胶囊", 2), "板蓝根颗粒")),
        (first + timedelta(days=310), CENTRE, (("阿托伐他汀钙片", 2), "常规心电图检查")),
        (plot.today - timedelta(days=301), HOSPITAL, ("磁共振平扫（1.5T）", "电子胃镜检查", "动态心电图")),
        (plot.today - timedelta(days=222), CENTRE, (("连花清瘟胶囊", 2), ("双黄连口服液", 1))),
        (plot.today - timedelta(days=160), CLINIC, ("雾化吸入", ("急支糖浆", 1))),
        (plot.today - timedelta(days=83), CENTRE, ("常规心电图检查", ("复方丹参滴丸", 2))),
        (plot.today - timedelta(days=24), HOSPITAL, ("电子结肠镜检查", "X线计算机体层（CT）平扫")),
        (plot.today - timedelta(days=6), CENTRE, (("养血清脑颗粒", 1), ("阿托伐他汀钙片", 1))),
    )
    for day, place, names in visits:
        plot.on(day, 9, 20, _visit(plot, place, member, *names))
    plot.ago(250, 10, 0, partial(plot.money.bound, member, spouse, "spouse", "marriage_certificate"))
    plot.ago(
        249, 10, 0, partial(plot.money.bound, mother, member, "child", "household_register", FAMILY_MONTH_FEN)
    )
    plot.ago(1, 20, 30, partial(plot.money.asked, member, mother, "parent", "household_register"))
    for days, place, names in (
        (214, CENTRE, (("连花清瘟胶囊", 1), "常规心电图检查")),
        (99, CLINIC, ("雾化吸入",)),
        (18, CENTRE, ("数字化摄影（DR）",)),
    ):
        plot.ago(days, 15, 30, _visit(plot, place, spouse, *names))
    plot.ago(60, 15, 0, partial(_regretted, plot, member))
    _prescriptions(plot, member)
    goods = _goods(plot, CONSULTATION, "彩色多普勒超声常规检查")
    plot.ago(44, 9, 0, partial(plot.money.claimed, member, ABROAD, plot.today - timedelta(days=52), goods))
    for month in plot.months:
        plot.on(
            month.replace(day=21),
            9,
            0,
            partial(plot.money.contributed, "演示软件公司", month, [(member, BASE_YUAN)]),
        )
        plot.on(month.replace(day=26), 9, 0, partial(plot.money.credited, month))
    plot.on(date(plot.today.year, 1, 12), 9, 0, partial(plot.money.interest, plot.today.year - 1))


async def _regretted(plot: Plot, member: Member) -> None:
    """An examination that is not made after all."""
    place = plot.hands.place(CENTRE)
    visited = await plot.hands.visit(place, member, *_goods(plot, "常规心电图检查"))
    await plot.hands.refund(visited)


def _prescriptions(plot: Plot, member: Member) -> None:
    rx, hands = plot.rx, plot.hands

    async def filled() -> None:
        issued = await rx.issued(hands.place(CENTRE), member, "阿托伐他汀钙片", "养血清脑颗粒")
        await rx.fetched(hands.place(SHOP), issued, *_goods(plot, "阿托伐他汀钙片", "养血清脑颗粒"))

    async def filled_and_returned() -> None:
        issued = await rx.issued(hands.place(CENTRE), member, "养血清脑颗粒")
        bought, _ = await rx.fetched(hands.place(SHOP), issued, plot.good("养血清脑颗粒"))
        await hands.refund(bought)

    async def expired() -> None:
        await rx.issued(hands.place(HOSPITAL), member, "瑞舒伐他汀钙片")

    async def withdrawn() -> None:
        issued = await rx.issued(hands.place(CLINIC), member, "苯磺酸氨氯地平片")
        await rx.withdrawn(issued, "患者要求改用其他药品")

    async def partly() -> None:
        issued = await rx.issued(hands.place(HOSPITAL), member, "阿托伐他汀钙片", "阿司匹林肠溶片")
        await rx.fetched(hands.place(SHOP), issued, plot.good("阿托伐他汀钙片"), reason="药房缺药")

    async def circulating() -> None:
        await rx.issued(hands.place(CENTRE), member, "养血清脑颗粒", "复方丹参滴丸")

    async def unsigned() -> None:
        dose = Dose(plot.good("缬沙坦胶囊"), 7)
        await rx.checked(hands.place(CENTRE), member, dose)

    plot.ago(190, 9, 30, filled)
    plot.ago(96, 9, 30, filled)
    plot.ago(75, 9, 30, filled_and_returned)
    plot.ago(50, 10, 0, withdrawn)
    plot.ago(20, 10, 30, expired)
    plot.ago(15, 8, 0, rx.swept)
    plot.ago(1, 9, 0, partly)
    plot.just(150, circulating)
    plot.just(20, unsigned)


# retired, with high blood pressure


def _retired(plot: Plot, member: Member) -> None:
    """Monthly care of the chronic disease, long prescriptions in parts, one that a pharmacy holds."""
    rx, hands = plot.rx, plot.hands
    drugs = (("苯磺酸氨氯地平片", 2), ("缬沙坦胶囊", 4))
    for month in plot.months:
        day = month.replace(day=5 + plot.hands.chance.randrange(8))
        plot.on(day, 8, 40, _visit(plot, CENTRE, member, *drugs, chronic=True))

    parts: dict[int, Issued] = {}

    async def written(key: int, fills: int) -> None:
        parts[key] = await rx.long(hands.place(CENTRE), member, "恩格列净片", fills)

    async def part(key: int) -> None:
        await rx.fetched(hands.place(SHOP), parts[key], plot.good("恩格列净片"))

    for key, start, fills, fetched in ((1, 200, 3, 3), (2, 62, 3, 2)):
        plot.ago(start, 9, 10, partial(written, key, fills))
        for number in range(fetched):
            plot.ago(start - 28 * number - 1, 10, 10, partial(part, key))

    async def held() -> None:
        issued = await rx.issued(hands.place(CENTRE), member, "阿司匹林肠溶片", "瑞舒伐他汀钙片")
        await rx.held(hands.place(CORNER), issued)

    plot.just(30, held)
    for days, place in ((270, HOSPITAL), (141, CENTRE), (33, HOSPITAL)):
        plot.ago(days, 14, 0, _visit(plot, place, member, "动态血压监测", "常规心电图检查"))


# away from home


def _away(plot: Plot, member: Member) -> None:
    """Care where the member lives, and claims for where it could not be settled at once."""
    for days in (560, 470, 388, 300, 236, 180, 128, 77, 41, 12):
        place = plot.hands.chance.choice((AWAY_HOSPITAL, AWAY_HOSPITAL, AWAY_CLINIC))
        names = plot.hands.chance.choice(
            (("常规心电图检查", ("复方丹参滴丸", 2)), (("养血清脑颗粒", 2),), ("彩色多普勒超声常规检查",))
        )
        plot.ago(days, 10, 40, _visit(plot, place, member, *names))
    far = ("review", "approve", "settle", "pay")
    goods = _goods(plot, CONSULTATION, "彩色多普勒超声常规检查", ("复方丹参滴丸", 2))
    for days, steps in ((118, far), (70, far), (30, far[:3]), (16, far[:1]), (8, ("return",)), (2, ())):
        served_on = plot.today - timedelta(days=days + 5)
        plot.ago(days, 9, 5, partial(plot.money.claimed, member, NEARBY, served_on, goods, *steps))


# retired, without anything chronic; and somebody whose relatives pay


def _pensioner(plot: Plot, member: Member) -> None:
    """Visits through the year, a prescription fetched, one that can be fetched now, and one that the hospital has to review."""
    rx, hands = plot.rx, plot.hands
    for days, place, names in (
        (410, CENTRE, ("常规心电图检查",)),
        (290, HOSPITAL, ("彩色多普勒超声常规检查", ("复方丹参滴丸", 2))),
        (199, CENTRE, (("苯磺酸氨氯地平片", 2), ("阿司匹林肠溶片", 1))),
        (110, CENTRE, ("常规心电图检查", ("养血清脑颗粒", 2))),
        (37, HOSPITAL, ("心脏彩色多普勒超声", "动态心电图")),
        (9, CENTRE, (("苯磺酸氨氯地平片", 2),)),
    ):
        plot.ago(days, 8, 50, _visit(plot, place, member, *names))

    async def filled() -> None:
        issued = await rx.issued(hands.place(CENTRE), member, "硝苯地平控释片")
        await rx.fetched(hands.place(CORNER), issued, plot.good("硝苯地平控释片"))

    async def circulating() -> None:
        await rx.issued(hands.place(HOSPITAL), member, "阿托伐他汀钙片")

    async def unreviewed() -> None:
        await rx.unreviewed(hands.place(CENTRE), member, "苯磺酸氨氯地平片")

    plot.ago(70, 9, 40, filled)
    plot.just(130, circulating)
    plot.just(45, unreviewed)


def _relative(plot: Plot, member: Member) -> None:
    """Visits that the accounts of the family pay for, and a prescription that a pharmacist has to review."""
    rx, hands = plot.rx, plot.hands
    for days, place, names in (
        (330, CENTRE, ("常规心电图检查", ("连花清瘟胶囊", 1))),
        (170, CLINIC, ("雾化吸入",)),
        (58, CENTRE, ("数字化摄影（DR）",)),
    ):
        plot.ago(days, 14, 20, _visit(plot, place, member, *names))

    async def in_hand() -> None:
        issued = await rx.issued(hands.place(CENTRE), member, "硝苯地平控释片")
        await rx.in_hand(hands.place(SHOP), issued)

    plot.just(25, in_hand)
