"""`gongji members chronic|fixed|arrears`: entitlements, chosen institutions, and days without benefits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from gongji.project.cli.members_desk import ACTOR, PERSON, REASON, fen, on_option, verb
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from gongji.members.writing import Act, Outcome
    from gongji.project.cli.desk import Desk

__all__ = ["arrears", "chronic", "fixed"]

FROM = on_option("--from", "开始日期。", required=True)


@click.group(cls=ChineseGroup)
def chronic() -> None:
    """门诊慢特病待遇：准入、退出。"""


@chronic.command("add")
@PERSON
@click.argument("code", metavar="病种编码")
@click.argument("name", metavar="病种名称")
@on_option("--from", "待遇开始日期（审批日期）。", required=True)
@on_option("--until", "待遇结束日期；不给时长期有效。")
@click.option(
    "--treatment",
    type=click.Choice(["chemo_radiotherapy", "dialysis", "anti_rejection", "leukaemia_chemo"]),
    help="参照住院的治疗：chemo_radiotherapy 放化疗，dialysis 透析，anti_rejection 抗排异，leukaemia_chemo 白血病化疗。",
)
@click.option("--month", "month_fen", callback=fen, metavar="元", help="月限额。")
@click.option("--quarter", "quarter_fen", callback=fen, metavar="元", help="季度限额。")
@click.option("--year", "year_fen", callback=fen, metavar="元", help="年度限额。")
@ACTOR
@REASON
def entitle(
    psn_no: str,
    code: str,
    name: str,
    from_on: date,
    until_on: date | None,
    treatment: str | None,
    month_fen: int | None,
    quarter_fen: int | None,
    year_fen: int | None,
    actor: str,
    reason: str,
) -> None:
    """准入；限额只在本地区为个人核定时给出。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services
        from gongji.members.rows import ChronicRow

        row = ChronicRow(
            from_on, until_on, code, name, treatment or "", None, month_fen, quarter_fen, year_fen
        )
        return await services.entitle_chronic(desk.conn, act, psn_no, row)

    verb(actor, reason, work)


@chronic.command("end")
@PERSON
@click.argument("code", metavar="病种编码")
@on_option("--last", "待遇的最后一天。", required=True)
@ACTOR
@REASON
def end_chronic(psn_no: str, code: str, last_on: date, actor: str, reason: str) -> None:
    """退出。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.end_chronic(desk.conn, act, psn_no, code, last_on)

    verb(actor, reason, work)


@click.group(cls=ChineseGroup)
def fixed() -> None:
    """人员定点：登记、取消。"""


BIZ_TYPE = click.option("--biz-type", required=True, metavar="代码", help="业务申请类型，如 03。")


@fixed.command("add")
@PERSON
@click.argument("code", metavar="机构编号")
@click.argument("name", metavar="机构名称")
@BIZ_TYPE
@click.option("--sort", "sort_no", default=1, show_default="1", help="定点排序号。")
@FROM
@on_option("--until", "结束日期；不给时长期有效。")
@ACTOR
@REASON
def fix(
    psn_no: str,
    code: str,
    name: str,
    biz_type: str,
    sort_no: int,
    from_on: date,
    until_on: date | None,
    actor: str,
    reason: str,
) -> None:
    """登记定点。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services
        from gongji.members.rows import FixedRow

        row = FixedRow(from_on, until_on, biz_type, sort_no, code, name)
        return await services.fix_institution(desk.conn, act, psn_no, row)

    verb(actor, reason, work)


@fixed.command("end")
@PERSON
@click.argument("code", metavar="机构编号")
@BIZ_TYPE
@on_option("--last", "定点的最后一天。", required=True)
@ACTOR
@REASON
def unfix(psn_no: str, code: str, biz_type: str, last_on: date, actor: str, reason: str) -> None:
    """取消定点。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.unfix_institution(desk.conn, act, psn_no, biz_type, code, last_on)

    verb(actor, reason, work)


@click.group(cls=ChineseGroup)
def arrears() -> None:
    """欠费和等待期：登记、解除。缴费导入后按月判定的欠费不用登记。"""


WAITING = click.option(
    "--waiting", "kind", flag_value="waiting", default="arrears", help="等待期（不给时为欠费）。"
)


@arrears.command("set")
@PERSON
@WAITING
@FROM
@on_option("--until", "最后一天；不给时到解除为止。")
@ACTOR
@REASON
def set_(psn_no: str, kind: str, from_on: date, until_on: date | None, actor: str, reason: str) -> None:
    """登记。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.set_nonbenefit(desk.conn, act, psn_no, kind, from_on, until_on)

    verb(actor, reason, work)


@arrears.command("lift")
@PERSON
@WAITING
@on_option("--last", "最后一天。", required=True)
@ACTOR
@REASON
def lift(psn_no: str, kind: str, last_on: date, actor: str, reason: str) -> None:
    """解除。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members import services

        return await services.lift_nonbenefit(desk.conn, act, psn_no, kind, last_on)

    verb(actor, reason, work)
