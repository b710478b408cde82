"""`gongji providers`: the public list, dossiers, what is overdue, how far the pool has been opened."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from gongji.project.cli.desk import actor_text, at_desk, done
from gongji.project.cli.providers_desk import NUMBER, day_option, office_of, said
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from gongji.project.cli.desk import Desk
    from gongji.providers.dossier import Decision
    from gongji.providers.listing import Public

__all__ = ["COMMANDS"]

WHAT = {
    "accept": "受理或退回",
    "evaluate": "评估",
    "renew": "续签",
    "expire": "到期办结",
    "resume": "中止期满",
}


@click.command("list", cls=ChineseCommand)
@click.option("--public", is_flag=True, help="公示名单：当日定点的机构。")
@day_option("--on", "哪一天，默认今天（公示名单）。")
@click.option("--area", default="", metavar="区划", help="只列这个地区的（公示名单）。")
@click.option(
    "--kind", default="", metavar="类型", help="只列 hospital、clinic、pharmacy、internet 之一（公示名单）。"
)
@click.option(
    "--service",
    default="",
    metavar="服务",
    help="只列提供 pooled、express、long_rx 等服务的（公示名单）。",
)
@click.option("--name", default="", metavar="文字", help="名称中的文字（公示名单）。")
@click.option("--code", metavar="机构编号", help="只列这家机构的办理事项。")
@click.option("--state", metavar="状态", help="只列这种状态的办理事项，如 received。")
@click.option("--limit", default=50, show_default="50", type=click.IntRange(1, 500), help="一页多少条。")
@click.option("--offset", default=0, show_default="0", type=click.IntRange(0, 2**31 - 1), help="跳过多少条。")
def listing(
    *,
    public: bool,
    on: date | None,
    area: str,
    kind: str,
    service: str,
    name: str,
    code: str | None,
    state: str | None,
    limit: int,
    offset: int,
) -> None:
    """列出办理中的申请和协议；--public 列出公示名单。"""
    from gongji.providers import listing as lists
    from gongji.providers.dossier import LAYERS
    from gongji.providers.states import STATES

    if state is not None and state not in STATES:
        raise click.ClickException(f"没有状态 {state}；可写 {'、'.join(STATES)}")

    async def work(desk: Desk) -> None:
        if public:
            given = {"area": area, "kind": kind, "service": service, "name": name}
            found = await lists.public_list(desk.conn, on or desk.today, limit=limit, offset=offset, **given)
            page = done(found)
            for row in page.rows:
                click.echo(_public_text(row))
            click.echo(f"共 {page.total:,} 家")
            return
        for one in await lists.list_dossiers(desk.conn, code=code, state=state, limit=limit, offset=offset):
            click.echo(
                f"{one.dossier_id}  {one.code}  {LAYERS[one.layer]}  收到 {one.received_on}  {STATES[one.state]}"
            )

    at_desk(work)


def _public_text(row: Public) -> str:
    from gongji.providers.register import OFFERS

    until = row.designated_until or "长期"
    services = ["门诊统筹"] if row.pooled else []
    services += [OFFERS[offer] for offer in row.offers]
    return (
        f"{row.code}  {row.name}  {row.address}  类别 {row.fee_class or '—'}  级别 {row.level or '—'}"
        f"  定点 {row.designated_from} 至 {until}  {'、'.join(services) or '—'}"
    )


def _days_text(decision: Decision, grounds: dict[str, str]) -> str:
    """From when until when a decision holds, and on which ground of the law."""
    until = decision.barred_until if decision.kind == "bar" else decision.until_on
    ground = f"  {grounds.get(decision.ground, decision.ground)}" if decision.ground else ""
    return f"  {decision.from_on} 至 {until or '—'}{ground}"


@click.command(cls=ChineseCommand)
@NUMBER
def show(number: int) -> None:
    """一件申请或协议的全部经过（不显示法定代表人证件和银行账户）。"""
    from gongji.providers import files
    from gongji.providers.rules import grounds_of
    from gongji.providers.states import ACTIONS, STATES

    async def work(desk: Desk) -> None:
        dossier = await files.dossier(desk.conn, number)
        if dossier is None:
            raise click.ClickException(f"没有办理编号 {number}")
        click.echo(said(dossier))
        if dossier.application is not None:
            one = dossier.application.profile
            click.echo(
                f"{one.name}  {one.uscc}  {one.address}  开业 {one.opened_on}  收到 {dossier.received_on}"
            )
        for step in dossier.steps:
            decision = step.content.decision
            days = _days_text(decision, grounds_of(desk.law)) if decision else ""
            note = step.content.note or (decision.note if decision else "")
            click.echo(
                f"  {step.step_no}  {ACTIONS[step.action]} → {STATES[step.state]}  {actor_text(step.actor)}{days}  {note}".rstrip()
            )

    at_desk(work)


@click.command(cls=ChineseCommand)
def overdue() -> None:
    """超期的受理和评估、三个月内到期的协议、已到最后一天的中止。"""
    from gongji.providers import listing as lists

    async def work(desk: Desk) -> None:
        for one in await lists.overdue(desk.conn, office_of(desk), desk.today):
            mark = "超期" if one.overdue else "待办"
            click.echo(
                f"{mark}  {one.dossier_id}  {one.code}  {WHAT[one.what]}  期限 {one.due_on or '待定'}"
                + (
                    f"  已 {one.working_days} 个工作日"
                    if one.what == "accept" and one.working_days is not None
                    else ""
                )
            )

    at_desk(work)


@click.command(cls=ChineseCommand)
@day_option("--on", "哪一天，默认今天。")
@click.option("--codes", is_flag=True, help="列出没有开通的机构。")
def openings(*, on: date | None, codes: bool) -> None:
    """门诊统筹开通进度：按统筹地区和机构类型，列出应开未开的。"""
    from gongji.providers import listing as lists

    async def work(desk: Desk) -> None:
        kinds = dict(desk.law.library.vocabulary.attributes["kind"].values)
        for one in await lists.openings(desk.conn, on or desk.today):
            click.echo(
                f"{one.area}  {kinds[one.kind]}  定点 {one.designated:,}  已开通 {one.opened:,}"
                f"  评估合格未开通 {one.qualified:,}  办理中 {one.under_way:,}  未开通 {len(one.not_opened):,}"
            )
            if codes and one.not_opened:
                click.echo("  " + "、".join(one.not_opened))

    at_desk(work)


@click.command(cls=ChineseCommand)
@click.argument("code", metavar="机构编号")
@click.argument("layer", metavar="协议", type=click.Choice(["base", "pooled", "internet"]))
def agreement(code: str, layer: str) -> None:
    """机构现行协议的办理编号（其他系统转入的机构先转入协议）。"""
    from gongji.base.actors import SYSTEM
    from gongji.providers import standing
    from gongji.providers.office import Taker

    async def work(desk: Desk) -> None:
        number = await standing.adopted(desk.conn, office_of(desk), Taker(SYSTEM, desk.now()), code, layer)
        click.echo(f"办理编号 {done(number)}")

    at_desk(work)


COMMANDS = (listing, show, overdue, openings, agreement)
