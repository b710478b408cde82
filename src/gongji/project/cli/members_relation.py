"""`gongji members relation`: a person's insurance relations begin, change, pause and end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import click

from gongji.project.cli.members_desk import ACTOR, PERSON, REASON, on_option, verb
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from gongji.members.writing import Act, Outcome
    from gongji.project.cli.desk import Desk

__all__ = ["relation"]

CATEGORIES: Final = ("employee", "flexible", "retired", "bankrupt_retiree", "hardship_retiree")
CATEGORY_HELP: Final = (
    "参保身份：employee 单位职工，flexible 灵活就业，retired 退休，"
    "bankrupt_retiree 关闭破产企业退休，hardship_retiree 困难企业退休。"
)
INSUTYPE = click.option("--insutype", default="310", show_default="310", metavar="代码", help="险种类型。")


@click.group(cls=ChineseGroup)
def relation() -> None:
    """参保关系：新参保、变更、退休、暂停、恢复、终止。"""


@relation.command()
@PERSON
@on_option("--from", "开始日期。", required=True)
@click.option("--category", type=click.Choice(CATEGORIES), required=True, help=CATEGORY_HELP)
@click.option("--region", required=True, metavar="区划", help="参保地医保区划，6 位。")
@click.option("--employer", default="", metavar="单位", help="单位名称。")
@on_option("--until", "结束日期；不给时长期有效。")
@click.option("--civil-servant", is_flag=True, help="公务员。")
@click.option("--no-account", is_flag=True, help="不建个人账户（单建统筹）。")
@INSUTYPE
@ACTOR
@REASON
def begin(
    psn_no: str,
    from_on: date,
    category: str,
    region: str,
    employer: str,
    until_on: date | None,
    civil_servant: bool,
    no_account: bool,
    insutype: str,
    actor: str,
    reason: str,
) -> None:
    """新参保或续保；同一险种的日期不得重叠。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.begin_relation(
            desk.conn,
            act,
            desk.law,
            psn_no,
            from_on=from_on,
            until_on=until_on,
            category=category,
            region=region,
            employer=employer,
            civil_servant=civil_servant,
            has_account=not no_account,
            insutype=insutype,
        )

    verb(actor, reason, work)


@relation.command()
@PERSON
@on_option("--on", "从哪一天起变更。", required=True)
@click.option("--employer", metavar="单位", help="新的单位名称。")
@click.option("--region", metavar="区划", help="新的参保地医保区划。")
@click.option("--category", type=click.Choice(CATEGORIES), help=CATEGORY_HELP)
@click.option("--account/--no-account", "has_account", default=None, help="是否建个人账户。")
@click.option("--civil-servant/--no-civil-servant", "civil_servant", default=None, help="是否公务员。")
@INSUTYPE
@ACTOR
@REASON
def change(
    psn_no: str,
    on: date,
    employer: str | None,
    region: str | None,
    category: str | None,
    has_account: bool | None,
    civil_servant: bool | None,
    insutype: str,
    actor: str,
    reason: str,
) -> None:
    """变更单位、参保地或身份；此前的日子不变。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services
        from gongji.members.verbs_relation import Alteration

        alteration = Alteration(
            region=region,
            employer=employer,
            category=category,
            has_account=has_account,
            civil_servant=civil_servant,
        )
        return await services.change_relation(desk.conn, act, desk.law, psn_no, on, alteration, insutype)

    verb(actor, reason, work)


@relation.command()
@PERSON
@on_option("--approved", "退休审批日期；从次月 1 日起按退休人员。", required=True)
@on_option("--from", "参保系统给出的起始日期；给出时以它为准。")
@click.option(
    "--category",
    type=click.Choice(["retired", "bankrupt_retiree", "hardship_retiree"]),
    default="retired",
    help="退休身份。",
)
@INSUTYPE
@ACTOR
@REASON
def retire(
    psn_no: str,
    approved_on: date,
    from_on: date | None,
    category: str,
    insutype: str,
    actor: str,
    reason: str,
) -> None:
    """在职转退休。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.retire(
            desk.conn,
            act,
            desk.law,
            psn_no,
            approved_on,
            from_on=from_on,
            category=category,
            insutype=insutype,
        )

    verb(actor, reason, work)


@relation.command()
@PERSON
@on_option("--last", "参保的最后一天。", required=True)
@click.option(
    "--why",
    type=click.Choice(["leaving", "transfer_out"]),
    required=True,
    help="终止原因：leaving 终止参保，transfer_out 转出。死亡用 gongji members death。",
)
@click.option(
    "--reported-by",
    type=click.Choice(["employer", "relative", "member", "agency"]),
    default="employer",
    help="申报人：employer 用人单位，relative 亲属，member 本人，agency 经办机构。",
)
@on_option("--reported-on", "申报日期；不给时为今天。")
@INSUTYPE
@ACTOR
@REASON
def end(
    psn_no: str,
    last_on: date,
    why: str,
    reported_by: str,
    reported_on: date | None,
    insutype: str,
    actor: str,
    reason: str,
) -> None:
    """终止参保或转出。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services
        from gongji.project.cli.claims_desk import calendar_of

        return await services.end_relation(
            desk.conn,
            act,
            desk.law,
            calendar_of(),
            psn_no,
            last_on,
            why,
            reported_by=reported_by,
            reported_on=reported_on,
            insutype=insutype,
        )

    verb(actor, reason, work)


@relation.command()
@PERSON
@on_option("--last", "暂停前的最后一天。", required=True)
@INSUTYPE
@ACTOR
@REASON
def suspend(psn_no: str, last_on: date, insutype: str, actor: str, reason: str) -> None:
    """暂停参保。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services
        from gongji.project.cli.claims_desk import calendar_of

        return await services.suspend_relation(
            desk.conn, act, desk.law, calendar_of(), psn_no, last_on, insutype
        )

    verb(actor, reason, work)


@relation.command()
@PERSON
@on_option("--on", "恢复的第一天。", required=True)
@INSUTYPE
@ACTOR
@REASON
def resume(psn_no: str, on: date, insutype: str, actor: str, reason: str) -> None:
    """恢复参保，内容与暂停前相同。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.resume_relation(desk.conn, act, psn_no, on, insutype)

    verb(actor, reason, work)
