"""Chapters of the many: visits, sales and prescriptions of ordinary members at the institutions of one city, and their shelves."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Final

from gongji.project.history.hands import Place, own_code
from gongji.project.history.plot import Plot
from gongji.project.history.shelves import GOODS
from gongji.project.story.cast import Member

__all__ = ["add_crowd"]

VISITS: Final = {
    "演示街道社区卫生服务中心": 4, "演示省人民医院": 3, "演示区人民医院": 1, "演示内科诊所": 1,
}  # fmt: skip
"""Visits of a month in the middle of the year; the winter has more."""
SALES: Final = {"演示大药房总店": 4, "演示大药房社区店": 2, "演示康民药房": 1}
SHELVES: Final = tuple(SALES)
BASKETS: Final = (
    (("感冒清热颗粒", 1), ("板蓝根颗粒", 1)),
    (("苯磺酸氨氯地平片", 2),),
    (("常规心电图检查", 1), ("复方丹参滴丸", 1)),
    (("彩色多普勒超声常规检查", 1),),
    (("盐酸二甲双胍片", 2), ("阿卡波糖片", 1)),
    (("养血清脑颗粒", 1), ("阿托伐他汀钙片", 2)),
    (("数字化摄影（DR）", 1),),
    (("雾化吸入", 1), ("急支糖浆", 1)),
)
WITHOUT_PRESCRIPTION: Final = ("感冒清热颗粒", "板蓝根颗粒", "连花清瘟胶囊", "双黄连口服液", "复方丹参滴丸")
PRESCRIBED: Final = ("养血清脑颗粒", "阿托伐他汀钙片", "达格列净片")
CONSULTATION: Final = "普通门诊诊察费"
PEOPLE: Final = 36
MONTHS: Final = 12
WINTER: Final = frozenset({11, 12, 1, 2})


def add_crowd(plot: Plot) -> None:
    """People, shelves, twelve months, the last days."""
    people = _people(plot)
    _stock(plot)
    for month in plot.months[-MONTHS:]:
        _month(plot, month, people)
    _last_days(plot, people)


def _people(plot: Plot) -> list[Member]:
    """Members of the city with an e-voucher, drawn once."""
    tables = plot.hands.world.tables
    known = {row["psn_no"] for row in tables["members_credential"] if row["kind"] == "voucher"}
    known -= {row["psn_no"] for row in tables["members_nonbenefit"]}
    away = {row["psn_no"] for row in tables["members_filing"]}
    named = plot.hands.world.member("empty_account")
    found = sorted(
        str(row["psn_no"])
        for row in tables["members_relation"]
        if row["region"] == plot.region and row["psn_no"] in known - away and str(row["psn_no"]) > named
    )
    return [plot.hands.member(psn_no) for psn_no in plot.hands.chance.sample(found, PEOPLE)]


def _day_of(plot: Plot, month: date) -> date:
    return month.replace(day=plot.hands.chance.randint(1, 28))


def _month(plot: Plot, month: date, people: list[Member]) -> None:
    hands, chance = plot.hands, plot.hands.chance
    more = 2 if month.month in WINTER else 0
    for name, count in VISITS.items():
        for _ in range(count + more):
            basket, member = chance.choice(BASKETS), chance.choice(people)
            day, hour, minute = _day_of(plot, month), chance.randint(8, 17), chance.randint(0, 59)
            plot.on(
                day,
                hour,
                minute,
                partial(_visit, plot, hands.place(name), member, basket, chance.random() < 0.06),
            )
    for name, count in SALES.items():
        for _ in range(count + more):
            drug, member = chance.choice(WITHOUT_PRESCRIPTION), chance.choice(people)
            day, hour, minute = _day_of(plot, month), chance.randint(8, 19), chance.randint(0, 59)
            plot.on(
                day,
                hour,
                minute,
                partial(_sale, plot, hands.place(name), member, drug, chance.random() < 0.06),
            )
    member, drug = chance.choice(people), chance.choice(PRESCRIBED)
    plot.on(_day_of(plot, month), 10, chance.randint(0, 59), partial(_prescribed, plot, member, drug))


async def _visit(
    plot: Plot, place: Place, member: Member, basket: tuple[tuple[str, int], ...], back: bool
) -> None:
    goods = (plot.good(CONSULTATION), *(plot.good(name, count) for name, count in basket))
    visited = await plot.hands.visit(place, member, *goods)
    if back:
        await plot.hands.refund(visited)


async def _sale(plot: Plot, place: Place, member: Member, drug: str, back: bool) -> None:
    pack = plot.shelves.take(place, plot.good(drug))
    bought = await plot.hands.over_the_counter(place, member, pack)
    if back:
        await plot.hands.refund(bought)
        await plot.hands.brought_back(bought, pack)


async def _prescribed(plot: Plot, member: Member, drug: str) -> None:
    """From a hospital's doctor to the pharmacy's counter."""
    hands = plot.hands
    issued = await plot.rx.issued(hands.place("演示省人民医院"), member, drug)
    await plot.rx.fetched(hands.place("演示大药房总店"), issued, plot.good(drug))


def _stock(plot: Plot) -> None:
    """A full shelf at the beginning, deliveries each quarter, counts; a batch that ends soon and one that has ended."""
    hands, first = plot.hands, plot.begins_on
    for place in (hands.place(name) for name in SHELVES):
        plot.on(first, 7, 30, partial(plot.shelves.delivered, place, GOODS, 12))
        for month in plot.months[3::4]:
            plot.on(month.replace(day=1), 7, 45, partial(plot.shelves.delivered, place, GOODS, 10))
    shop, corner = hands.place(SHELVES[0]), hands.place(SHELVES[1])
    soon, over = plot.today + timedelta(days=24), plot.today - timedelta(days=9)
    plot.ago(200, 8, 10, partial(plot.shelves.delivered, shop, GOODS[5:7], 8, expires_on=soon, prefix="J"))
    plot.ago(210, 8, 10, partial(plot.shelves.delivered, shop, GOODS[1:2], 5, expires_on=over, prefix="G"))
    plot.ago(120, 16, 0, partial(plot.shelves.returned_to_supplier, shop, "瑞舒伐他汀钙片", 2))
    plot.ago(64, 18, 0, partial(plot.shelves.lost, shop, "双黄连口服液", 1))
    plot.ago(22, 19, 0, partial(plot.shelves.counted, shop, ("感冒清热颗粒", "连花清瘟胶囊"), short=1))
    plot.ago(22, 19, 30, partial(plot.shelves.counted, corner, ("板蓝根颗粒",)))
    for name in (*VISITS, *SHELVES):
        plot.on(first, 7, 0, partial(_mapped, plot, hands.place(name)))


async def _mapped(plot: Plot, place: Place) -> None:
    """3301: which national item each of the institution's own stands for."""
    rows = []
    for name in GOODS:
        item, good = plot.hands.world.item(name), plot.good(name)
        rows.append(
            {
                "fixmedins_hilist_id": own_code(good.code),
                "fixmedins_hilist_name": name,
                "list_type": item.list_type,
                "med_list_codg": item.code,
                "begndate": str(plot.begins_on),
                "spec": item.spec,
                "dosform": item.dosform,
                "prcunt": item.unit,
            }
        )
    await plot.hands.trade(place, "3301", {"data": rows})


def _last_days(plot: Plot, people: list[Member]) -> None:
    """Yesterday, the days before, and the last hours: what a day's lists show."""
    hands, chance = plot.hands, plot.hands.chance
    centre, shop = hands.place("演示街道社区卫生服务中心"), hands.place(SHELVES[0])
    for days in (5, 4, 3, 2, 1):
        for hour in (9, 14):
            member, basket = chance.choice(people), chance.choice(BASKETS)
            plot.ago(days, hour, chance.randint(0, 59), partial(_visit, plot, centre, member, basket, False))
        member, drug = chance.choice(people), chance.choice(WITHOUT_PRESCRIPTION)
        plot.ago(days, 16, chance.randint(0, 59), partial(_sale, plot, shop, member, drug, False))
    for minutes in (170, 140, 110, 80, 50):
        member, basket = chance.choice(people), chance.choice(BASKETS)
        plot.just(minutes, partial(_visit, plot, centre, member, basket, minutes == 110))
        member, drug = chance.choice(people), chance.choice(WITHOUT_PRESCRIPTION)
        plot.just(minutes - 10, partial(_sale, plot, shop, member, drug, False))
