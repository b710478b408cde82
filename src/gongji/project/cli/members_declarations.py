"""`gongji members declarations`: applications that wait, approved or refused by somebody other than who made them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click
import msgspec

from gongji.project.cli.desk import RECORD_NO
from gongji.project.cli.members_desk import ACTOR, PERSON, act_of, fen, verb
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from gongji.base.reasons import Refusal
    from gongji.members.applications import Private
    from gongji.members.declarations import Listed
    from gongji.members.writing import Act, Outcome
    from gongji.project.cli.desk import Desk

__all__ = ["declarations"]

KINDS: Final = {
    "transfer": "转院备案",
    "chronic": "门诊慢特病",
    "fixed": "人员定点",
    "family": "家庭共济",
    "offsite": "异地备案",
}
PRIVATE: Final = {
    "phone": "电话",
    "address": "地址",
    "condition": "病情",
    "agent_name": "代办人",
    "agent_cert_no": "代办人证件号码",
    "agent_phone": "代办人电话",
    "agent_address": "代办人地址",
    "agent_relation": "代办人关系",
}
NUMBER = click.argument("number", metavar="申请编号", type=RECORD_NO)


@click.group(cls=ChineseGroup)
def declarations() -> None:
    """待遇申报：列出待办的申请，通过或不予通过。申请人不能自己办理。"""


@declarations.command("list")
@click.option("--kind", type=click.Choice(list(KINDS)), help="只列这一种申请。")
@click.option("--region", metavar="区划", help="只列参保地以此开头的，如 1401。")
def listing(kind: str | None, region: str | None) -> None:
    """列出待办的申请，最早的在前。"""
    from gongji.project.cli.desk import at_desk

    async def work(desk: Desk) -> tuple[Listed, ...]:
        from gongji.members.declarations import open_declarations

        return await open_declarations(desk.conn, kind, region)

    found = at_desk(work)
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("没有待办的申请。")


def _line(one: Listed) -> str:
    from gongji.base.times import CHINA

    at = one.submitted_at.astimezone(CHINA)
    return (
        f"{one.declaration_id}  {one.psn_no}  {KINDS[one.kind]}  {at:%Y-%m-%d %H:%M}  {one.submitted_by} 提交"
    )


@declarations.command()
@PERSON
@NUMBER
@click.option("--clear", is_flag=True, help="显示联系方式和代办人；留下访问记录。")
@ACTOR
def show(psn_no: str, number: int, clear: bool, actor: str) -> None:
    """显示一项申请的内容。"""
    from gongji.base.reasons import Refusal
    from gongji.project.cli.desk import at_desk, done

    async def work(desk: Desk) -> tuple[Listed, Private | None] | Refusal:
        from gongji.members import access
        from gongji.members.declarations import declarations_of, private_of

        async with desk.conn.transaction():
            found = [one for one in await declarations_of(desk.conn, psn_no) if one.declaration_id == number]
            if not found:
                return Refusal("DECLARATION_NOT_FOUND", str(number))
            if not clear:
                return found[0], None
            act = act_of(desk, actor, "")
            await access.record(
                desk.conn,
                psn_no,
                access_id=act.ids.next(),
                at=act.at,
                actor=act.actor,
                purpose=f"members declarations show {number}",
                fields=("declaration",),
            )
            return found[0], private_of(desk.vault, found[0])

    one, private = done(at_desk(work))
    click.echo(_line(one))
    for name, value in msgspec.json.decode(one.content).items():
        if value not in (None, ""):
            click.echo(f"  {name}：{value}")
    for name, label in PRIVATE.items():
        if private is not None and getattr(private, name):
            click.echo(f"  {label}：{getattr(private, name)}")


@declarations.command()
@PERSON
@NUMBER
@click.option("--month", "month_fen", callback=fen, metavar="元", help="慢特病：为个人核定的月限额。")
@click.option("--quarter", "quarter_fen", callback=fen, metavar="元", help="慢特病：季度限额。")
@click.option("--year", "year_fen", callback=fen, metavar="元", help="慢特病：年度限额。")
@click.option("--reason", default="", metavar="文字", help="办理意见。")
@ACTOR
def approve(
    psn_no: str,
    number: int,
    month_fen: int | None,
    quarter_fen: int | None,
    year_fen: int | None,
    reason: str,
    actor: str,
) -> None:
    """通过一项申请，同时办理备案、待遇或定点。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members.applications import ChronicTerms
        from gongji.members.declarations import decide

        terms = ChronicTerms(quota_month_fen=month_fen, quota_quarter_fen=quarter_fen, quota_fen=year_fen)
        return await decide(desk.conn, act, desk.law, psn_no, number, approve=True, terms=terms)

    verb(actor, reason, work)


@declarations.command()
@PERSON
@NUMBER
@click.option("--reason", required=True, metavar="文字", help="不予通过的原因。")
@ACTOR
def refuse(psn_no: str, number: int, reason: str, actor: str) -> None:
    """不予通过。"""

    async def work(desk: Desk, act: Act) -> Outcome:
        from gongji.members.declarations import decide

        return await decide(desk.conn, act, desk.law, psn_no, number, approve=False)

    verb(actor, reason, work)
