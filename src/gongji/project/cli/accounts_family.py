"""`gongji accounts bind|approve|refuse|bindings|revoke|order|limit`: family mutual aid (家庭共济) at the counter."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import click

from gongji.project.cli.accounts_desk import ACTOR, DAY, YUAN, at_office, day_of
from gongji.project.cli.desk import RECORD_NO, Desk, at_desk, done
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from gongji.accounts.values import Office

__all__ = ["COMMANDS"]

OWNER = click.argument("owner", metavar="账户所有人编号")
USER = click.argument("user", metavar="使用人编号")
APPLICATION = click.argument("declaration_id", metavar="申请编号", type=RECORD_NO)
FROM = click.option("--from", "from_on", type=DAY, metavar="日期", help="从哪一天起，不写为今天。")
KINSHIP: Final = ("spouse", "parent", "child", "sibling", "grandparent", "grandchild")
PROOFS: Final = (
    "marriage_certificate",
    "household_register",
    "birth_certificate",
    "notarial_certificate",
    "promise",
)
STATES: Final = {"submitted": "待复核", "approved": "已同意", "refused": "不同意", "cancelled": "已撤回"}


@click.command(cls=ChineseCommand)
@OWNER
@USER
@click.option(
    "--relation", required=True, type=click.Choice(KINSHIP),
    help="使用人是所有人的：spouse 配偶，parent 父母，child 子女，sibling 兄弟姐妹，grandparent 祖父母，grandchild 孙子女。",
)  # fmt: skip
@click.option(
    "--proof", required=True, type=click.Choice(PROOFS),
    help="证明：marriage_certificate 结婚证，household_register 户口簿，birth_certificate 出生证，"
    "notarial_certificate 公证书，promise 承诺书。",
)  # fmt: skip
@click.option("--declared", is_flag=True, help="账户所有人已签字声明关系属实。")
@FROM
@click.option("--until", "until_on", type=DAY, metavar="日期", help="到哪一天（含），不写为长期。")
@click.option("--backdated", is_flag=True, help="允许早于今天的起始日期。")
@ACTOR
def bind(
    owner: str,
    user: str,
    relation: str,
    proof: str,
    declared: bool,
    from_on: datetime | None,
    until_on: datetime | None,
    backdated: bool,
    actor: str,
) -> None:
    """受理家庭共济申请；由另一人复核后生效。"""

    async def work(desk: Desk, office: Office) -> int:
        from gongji.accounts.family import apply_binding
        from gongji.members.family import FamilyRequest

        last = until_on.date() if until_on else None
        request = FamilyRequest(owner, user, relation, proof, declared, day_of(from_on, office.on), last)
        return done(await apply_binding(desk.conn, office, request, backdated=backdated))

    click.echo(f"申请编号 {at_office(actor, work)}：待复核")


def _decide(owner: str, declaration_id: int, actor: str, *, approve: bool, reason: str) -> None:
    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.family import decide_binding

        done(await decide_binding(desk.conn, office, owner, declaration_id, approve=approve, reason=reason))

    at_office(actor, work)
    click.echo("已同意，绑定生效。" if approve else "已退回。")


@click.command(cls=ChineseCommand)
@OWNER
@APPLICATION
@ACTOR
def approve(owner: str, declaration_id: int, actor: str) -> None:
    """复核同意一项家庭共济申请（不能是受理人）。"""
    _decide(owner, declaration_id, actor, approve=True, reason="")


@click.command(cls=ChineseCommand)
@OWNER
@APPLICATION
@click.option("--reason", required=True, metavar="原因", help="不同意的原因。")
@ACTOR
def refuse(owner: str, declaration_id: int, reason: str, actor: str) -> None:
    """复核不同意一项家庭共济申请。"""
    _decide(owner, declaration_id, actor, approve=False, reason=reason)


@click.command(cls=ChineseCommand)
@OWNER
def bindings(owner: str) -> None:
    """列出账户所有人的绑定和申请。"""

    async def work(desk: Desk) -> None:
        from gongji.accounts.statement import mask_number
        from gongji.members.family import RELATIONS, applications, bindings_of_owner

        bound, asked_for = await bindings_of_owner(desk.conn, owner), await applications(desk.conn, owner)
        if not bound and not asked_for:
            click.echo(f"{owner} 没有绑定和申请。")
        for one in bound:
            days = f"{one.from_on} 至 {one.until_on or '长期'}"
            who = f"{mask_number(one.user)}  {RELATIONS[one.relation]}"
            click.echo(f"{who}  {days}  支付顺序 {one.spell_no}")
        for item in asked_for:
            asked = item.request
            reason = f"：{item.reason}" if item.reason else ""
            click.echo(
                f"申请 {item.declaration_id}  {mask_number(asked.user)}  {RELATIONS[asked.relation]}  {STATES[item.state]}{reason}"
            )

    at_desk(work)


@click.command(cls=ChineseCommand)
@OWNER
@USER
@FROM
@ACTOR
def revoke(owner: str, user: str, from_on: datetime | None, actor: str) -> None:
    """解除家庭共济；已经支付的不变。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.family import revoke_binding

        done(await revoke_binding(desk.conn, office, owner, user, day_of(from_on, office.on)))

    at_office(actor, work)
    click.echo("已解除。")


@click.command(cls=ChineseCommand)
@USER
@click.argument("owners", metavar="账户所有人编号…", nargs=-1, required=True)
@FROM
@ACTOR
def order(user: str, owners: tuple[str, ...], from_on: datetime | None, actor: str) -> None:
    """使用人的共济账户按所列顺序支付。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.family import reorder_accounts

        done(await reorder_accounts(desk.conn, office, user, owners, day_of(from_on, office.on)))

    at_office(actor, work)
    click.echo("已变更支付顺序。")


@click.command(cls=ChineseCommand)
@OWNER
@click.option("--user", default="*", metavar="编号", help="只限这位使用人；不写为全部使用人合计。")
@click.option("--per-settlement", type=YUAN, help="每次结算最多。")
@click.option("--per-month", type=YUAN, help="每月最多。")
@click.option("--per-year", type=YUAN, help="每年最多。")
@FROM
@ACTOR
def limit(
    owner: str,
    user: str,
    per_settlement: int | None,
    per_month: int | None,
    per_year: int | None,
    from_on: datetime | None,
    actor: str,
) -> None:
    """设定共济限额；三项都不写就是取消限额。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.limits import set_limit
        from gongji.accounts.values import Limit

        asked = Limit(owner, user, per_settlement, per_month, per_year, day_of(from_on, office.on))
        done(await set_limit(desk.conn, office, asked))

    at_office(actor, work)
    lifted = per_settlement is None and per_month is None and per_year is None
    click.echo("已取消限额。" if lifted else "已设定限额。")


COMMANDS: Final[tuple[click.Command, ...]] = (bind, approve, refuse, bindings, revoke, order, limit)
