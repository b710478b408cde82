"""`gongji access`: accounts and roles at the command line, for the first officers of an empty platform and for emergencies.

It follows the rules of the pages: who makes an account does not give it roles. Passwords are typed or shown once, and never an
argument.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gongji.project.cli.desk import actor_option, at_desk, done
from gongji.project.cli.root import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from gongji.access.accounts import Officer
    from gongji.base.reasons import Refusal
    from gongji.project.cli.desk import Desk

__all__ = ["access"]

ACTOR = actor_option("谁在办理；建立账号和授予角色须是不同的人。")
USERNAME = click.argument("username", metavar="登录名")
REASON = click.option("--reason", required=True, metavar="文字", help="事由，审计员会看到。")
REASON_LENGTH = 200


@click.group(cls=ChineseGroup)
def access() -> None:
    """账号与权限：建立、授予和收回角色、锁定、重置、权限表。"""


def _officer(desk: Desk, actor: str, reason: str) -> Officer:
    from gongji.access.accounts import Officer
    from gongji.base.actors import Actor

    return Officer(Actor("agency", actor), desk.now(), "命令行", reason[:REASON_LENGTH])


def _changed(
    username: str, actor: str, reason: str, verb: Callable[[Desk, Officer, int], Awaitable[int | Refusal]]
) -> int:
    """Run a verb on the account of that name; answers the number of the event."""

    async def at(desk: Desk) -> int:
        from gongji.access.selectors import by_name

        account = await by_name(desk.conn, username)
        if account is None:
            raise click.ClickException(f"没有账号 {username}")
        return done(await verb(desk, _officer(desk, actor, reason), account.number))

    return at_desk(at)


def _typed_or_fresh(ask: bool) -> str:
    """An initial password: typed twice without being shown, or made here."""
    from gongji.access import passwords

    if not ask:
        return passwords.fresh()
    typed: str = click.prompt("初始密码", hide_input=True, confirmation_prompt="再输入一次")
    if fault := passwords.fault_of(typed):
        raise click.ClickException(fault)
    return typed


@access.command("create", cls=ChineseCommand)
@USERNAME
@click.option("--name", required=True, metavar="姓名", help="使用人的姓名。")
@click.option("--institution", default="", metavar="机构编号", help="医药机构的工作人员。")
@click.option("--staff-code", default="", metavar="人员编码", help="医生、药师的国家编码。")
@click.option("--area", default="", metavar="区划", help="经办机构的工作人员：2、4 或 6 位区划代码。")
@click.option("--ask", is_flag=True, help="输入初始密码（不显示）；否则由系统生成并显示一次。")
@REASON
@ACTOR
def create(username: str, name: str, ask: bool, reason: str, actor: str, **bound: str) -> None:
    """建立账号（没有角色）；机构和区划都不填是平台的管理员。"""
    password = _typed_or_fresh(ask)

    async def at(desk: Desk) -> int:
        from gongji.access import passwords
        from gongji.access.accounts import NewAccount
        from gongji.access.accounts import create as add
        from gongji.providers.selectors import load

        new = NewAccount(username, name.strip(), bound["institution"], bound["staff_code"], bound["area"])
        stored, book = await passwords.hashed(password), await load(desk.conn, desk.vault)
        return done(await add(desk.conn, desk.vault, _officer(desk, actor, reason), book, new, stored))

    number = at_desk(at)
    click.echo(f"已建立账号 {username}（编号 {number}），还没有角色。")
    if not ask:
        click.echo(f"初始密码 {password}（只显示这一次，首次登录须修改）")


@access.command("grant", cls=ChineseCommand)
@USERNAME
@click.argument("role", metavar="角色")
@REASON
@ACTOR
def grant(username: str, role: str, reason: str, actor: str) -> None:
    """授予角色；角色写中文名或代码，如 系统管理员、system_officer。"""

    async def verb(desk: Desk, officer: Officer, number: int) -> int | Refusal:
        from gongji.access.accounts import grant as give

        return await give(desk.conn, desk.vault, officer, number, _role(role))

    event = _changed(username, actor, reason, verb)
    click.echo(f"已授予 {username} 角色 {role}，记录编号 {event}。")


@access.command("withdraw", cls=ChineseCommand)
@USERNAME
@click.argument("role", metavar="角色")
@REASON
@ACTOR
def withdraw(username: str, role: str, reason: str, actor: str) -> None:
    """收回角色，从下一个请求起生效。"""

    async def verb(desk: Desk, officer: Officer, number: int) -> int | Refusal:
        from gongji.access.accounts import withdraw as take

        return await take(desk.conn, desk.vault, officer, number, _role(role))

    event = _changed(username, actor, reason, verb)
    click.echo(f"已收回 {username} 的角色 {role}，记录编号 {event}。")


@access.command("lock", cls=ChineseCommand)
@USERNAME
@REASON
@ACTOR
def lock(username: str, reason: str, actor: str) -> None:
    """锁定账号，正在使用的会话结束。"""
    click.echo(f"已锁定 {username}，记录编号 {_set_active(username, reason, actor, False)}。")


@access.command("unlock", cls=ChineseCommand)
@USERNAME
@REASON
@ACTOR
def unlock(username: str, reason: str, actor: str) -> None:
    """解锁账号，并清除登录失败次数。"""
    click.echo(f"已解锁 {username}，记录编号 {_set_active(username, reason, actor, True)}。")


def _set_active(username: str, reason: str, actor: str, active: bool) -> int:
    async def verb(desk: Desk, officer: Officer, number: int) -> int | Refusal:
        from gongji.access.accounts import set_active

        return await set_active(desk.conn, desk.vault, officer, number, active)

    return _changed(username, actor, reason, verb)


@access.command("reset", cls=ChineseCommand)
@USERNAME
@click.argument("what", metavar="密码|验证码", type=click.Choice(["密码", "验证码"]))
@click.option("--ask", is_flag=True, help="输入新的初始密码（不显示）；否则由系统生成并显示一次。")
@REASON
@ACTOR
def reset(username: str, what: str, ask: bool, reason: str, actor: str) -> None:
    """重置密码或动态验证码，正在使用的会话结束。"""
    password = _typed_or_fresh(ask) if what == "密码" else ""

    async def verb(desk: Desk, officer: Officer, number: int) -> int | Refusal:
        from gongji.access import accounts, passwords

        if not password:
            return await accounts.reset_factor(desk.conn, desk.vault, officer, number)
        stored = await passwords.hashed(password)
        return await accounts.reset_password(desk.conn, desk.vault, officer, number, stored)

    event = _changed(username, actor, reason, verb)
    click.echo(f"已重置 {username} 的{what}，记录编号 {event}。")
    if password and not ask:
        click.echo(f"初始密码 {password}（只显示这一次，首次登录须修改）")


@access.command("list", cls=ChineseCommand)
@click.option("--role", default="", metavar="角色", help="只列有这个角色的。")
@click.option("--locked", is_flag=True, help="只列已锁定的。")
def show(role: str, locked: bool) -> None:
    """列出工作人员的账号。"""

    async def at(desk: Desk) -> list[Any]:
        from gongji.access.selectors import AccountFilter, accounts

        found, after = [], ""
        while True:
            wanted = AccountFilter("", _role(role) if role else "", "locked" if locked else "", after)
            part = await accounts(desk.conn, wanted)
            found += part
            if len(part) < wanted.most:
                return found
            after = part[-1].username

    found = at_desk(at)
    for account in found:
        bound = account.institution or account.area or "平台"
        state = "" if account.active else "  已锁定"
        click.echo(f"{account.username}  {account.name}  {account.role_names or '没有角色'}  {bound}{state}")
    click.echo(f"共 {len(found)} 个账号。")


@access.command("matrix", cls=ChineseCommand)
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, writable=True, path_type=Path),
    metavar="文件",
    help="写进这个文件的标记之后，不在屏幕上显示。",
)
def matrix(into: Path | None) -> None:
    """权限表：每个操作由哪些角色办理、针对谁的数据。"""
    from gongji.access.page import MARK, matrix_text

    if into is None:
        click.echo(matrix_text(), nl=False)
        return
    head, mark, _ = into.read_text("utf-8").partition(MARK)
    if not mark:
        raise click.ClickException(f"{into} 中没有标记 {MARK}")
    into.write_text(f"{head}{MARK}\n\n{matrix_text()}", "utf-8")
    click.echo(f"已写入 {into}")


@access.command("code", cls=ChineseCommand)
@USERNAME
def code(username: str) -> None:
    """演示账号现在的动态验证码（人人可算；别人的账号只有本人的认证器知道）。"""
    from datetime import UTC, datetime

    from gongji.access import factor
    from gongji.demo_data import generate
    from gongji.demo_data.accounts import accounts

    if username not in {account.username for account in accounts(generate())}:
        raise click.ClickException(f"没有演示账号 {username}")
    click.echo(factor.code_at(factor.demonstration_secret(username), datetime.now(UTC)))


def _role(text: str) -> str:
    """The code of a role that is written as its code or its Chinese name."""
    from gongji.access import ROLES

    found = [code for code, role in ROLES.items() if text in (code, role.name)]
    if not found:
        names = "、".join(role.name for role in ROLES.values())
        raise click.ClickException(f"没有角色 {text}；可用的角色：{names}")
    return found[0]
