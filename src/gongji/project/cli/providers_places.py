"""`gongji providers place|offer|nearby|circle|residence`: where institutions are, what they offer, and who reaches one on foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gongji.project.cli.desk import at_desk, done
from gongji.project.cli.members_desk import on_option
from gongji.project.cli.providers_register_desk import (
    ACTOR,
    CODE,
    OFFER,
    OFFER_WORDS,
    REASON,
    degrees,
    name_of_offer,
    verb,
)
from gongji.project.cli.root import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from datetime import date

    from gongji.base.reasons import Refusal
    from gongji.members.writing import Outcome
    from gongji.project.cli.desk import Desk
    from gongji.providers.circle import AreaReach
    from gongji.providers.nearby import Near

__all__ = ["circle", "nearby", "offers", "place", "residence"]

KIND_WORDS = {"医院": "hospital", "诊所": "clinic", "药店": "pharmacy", "互联网医院": "internet"}
LAT = click.argument("lat_e6", metavar="纬度", callback=degrees)
LNG = click.argument("lng_e6", metavar="经度", callback=degrees)
FARTHEST_M = 100_000


@click.command(cls=ChineseCommand)
@CODE
@LAT
@LNG
@REASON
@ACTOR
def place(code: str, lat_e6: int, lng_e6: int, reason: str, actor: str) -> None:
    """登记机构的位置（先纬度后经度，单位为度）。"""
    from gongji.providers.places import set_place

    verb(actor, reason, lambda desk, act: set_place(desk.conn, act, code, lat_e6, lng_e6))


@click.group("offer", cls=ChineseGroup)
def offers() -> None:
    """机构提供的服务：专用通道、长期处方、配送、便民门诊。"""


@offers.command("add", cls=ChineseCommand)
@CODE
@OFFER
@on_option("--from", "从哪一天起。", required=True)
@on_option("--until", "到哪一天止。")
@REASON
@ACTOR
def add_offer(code: str, offer: str, from_on: date, until_on: date | None, reason: str, actor: str) -> None:
    """开始提供一项服务。"""
    from gongji.providers.places import offer as offered

    service = OFFER_WORDS[offer]
    verb(actor, reason, lambda desk, act: offered(desk.conn, act, code, service, from_on, until_on))


@offers.command("end", cls=ChineseCommand)
@CODE
@OFFER
@on_option("--last", "最后一天。", required=True)
@REASON
@ACTOR
def end_offer(code: str, offer: str, last_on: date, reason: str, actor: str) -> None:
    """不再提供一项服务。"""
    from gongji.providers.places import end_offer as ended

    service = OFFER_WORDS[offer]
    verb(actor, reason, lambda desk, act: ended(desk.conn, act, code, service, last_on))


@click.command(cls=ChineseCommand)
@LAT
@LNG
@click.option(
    "--within",
    "within_m",
    default=1_200,
    show_default=True,
    type=click.IntRange(1, FARTHEST_M),
    metavar="米",
    help="多少米以内。",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(list(KIND_WORDS)),
    metavar="类型",
    help="机构类型，可以给多个。",
)
@click.option("--pooled", is_flag=True, help="只找已开通门诊统筹的。")
@click.option(
    "--offer",
    "wanted",
    multiple=True,
    type=click.Choice(list(OFFER_WORDS)),
    metavar="服务",
    help="须提供的服务，可以给多个。",
)
@click.option("--name", default="", metavar="文字", help="名称中的文字。")
@on_option("--on", "哪一天，默认今天。")
def nearby(
    lat_e6: int,
    lng_e6: int,
    within_m: int,
    kinds: tuple[str, ...],
    pooled: bool,
    wanted: tuple[str, ...],
    name: str,
    on: date | None,
) -> None:
    """附近的定点医药机构，由近到远。"""

    async def work(desk: Desk) -> tuple[Near, ...] | Refusal:
        from gongji.providers.nearby import nearby as search
        from gongji.providers.register import Place
        from gongji.providers.selectors import load

        return search(
            await load(desk.conn, desk.vault),
            Place(lat_e6, lng_e6),
            on or desk.today,
            within_m,
            kinds=[KIND_WORDS[kind] for kind in kinds],
            pooled=pooled,
            offers=[OFFER_WORDS[word] for word in wanted],
            name=name,
        )

    found = done(at_desk(work))
    for near in found:
        day = near.provider
        words = "、".join(name_of_offer(offer) for offer in sorted(day.offers))
        pooled_text = "门诊统筹" if day.pooled_agreement else "未开通门诊统筹"
        click.echo("  ".join(filter(None, (f"{near.metres:>6,} 米", day.code, day.name, pooled_text, words))))
    if not found:
        click.echo("附近没有定点医药机构。")


@click.command(cls=ChineseCommand)
@click.argument("region", metavar="医保区划")
@click.option("--pooled/--all", default=True, help="只算已开通门诊统筹的机构（默认），或算全部定点机构。")
@on_option("--on", "哪一天，默认今天。")
def circle(region: str, pooled: bool, on: date | None) -> None:
    """15 分钟医保便民服务圈：各参保地有定点机构可达的参保人比例。"""

    async def work(desk: Desk) -> tuple[int, tuple[AreaReach, ...]] | Refusal:
        from gongji.base.reasons import Refusal
        from gongji.base.regions import normalise_region
        from gongji.members.residences import cells
        from gongji.members.validation import region as region_refusal
        from gongji.providers.circle import Inhabited, reached
        from gongji.providers.nearby import reach_metres
        from gongji.providers.selectors import load

        day = on or desk.today
        unfit = region_refusal(region)
        metres = reach_metres(desk.law, region, day) if unfit is None else unfit
        if isinstance(metres, Refusal):
            return metres
        counted = await cells(desk.conn, day, normalise_region(region))
        book = await load(desk.conn, desk.vault)
        places = [
            one.place
            for one in book
            if one.place is not None and (one.on(day).pooled_agreement if pooled else one.on(day).designated)
        ]
        inhabited = (Inhabited(c.region, c.lat_e3, c.lng_e3, c.members) for c in counted)
        return metres, reached(inhabited, places, metres)

    metres, areas = done(at_desk(work))
    click.echo(f"步行 {metres:,} 米以内有定点医药机构：")
    for area in areas:
        share = area.share_bp
        told = "居住地均未登记" if share is None else f"{share // 100}.{share % 100:02d}%"
        click.echo(
            f"{area.area}  可达 {area.within:,} 人  不可达 {area.beyond:,} 人  {told}  居住地未登记 {area.unknown:,} 人"
        )


@click.command(cls=ChineseCommand)
@click.argument("psn_no", metavar="人员编号")
@LAT
@LNG
@on_option("--from", "从哪一天起，默认今天。")
@REASON
@ACTOR
def residence(psn_no: str, lat_e6: int, lng_e6: int, from_on: date | None, reason: str, actor: str) -> None:
    """登记参保人大致的居住地（只保存约 100 米的网格，不保存地址）。"""

    async def work(desk: Desk) -> Outcome:
        from gongji.members.residences import resides
        from gongji.project.cli.members_desk import act_of

        act = act_of(desk, actor, reason)
        return await resides(desk.conn, act, psn_no, lat_e6, lng_e6, from_on or act.today)

    written = done(at_desk(work))
    click.echo(f"已登记：人员 {written.psn_no} 的居住地网格")
