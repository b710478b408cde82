"""`gongji accounts`: personal accounts at the agency's counter: statements, family, premiums, cases, crediting, reports."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongji.project.cli.accounts_cases import COMMANDS as CASES
from gongji.project.cli.accounts_desk import DAY, OUT, PERSON, at_office, show
from gongji.project.cli.accounts_family import COMMANDS as FAMILY
from gongji.project.cli.accounts_premium import COMMANDS as PREMIUM
from gongji.project.cli.crediting import COMMANDS as CREDITING
from gongji.project.cli.desk import Desk, at_desk, done, officer_name
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gongji.accounts.values import Office
    from gongji.sheets import Table

__all__ = ["accounts"]

CLEAR = click.option(
    "--full-for",
    "officer",
    callback=officer_name,
    metavar="姓名",
    help="显示完整姓名和编号给这位经办人，并记入访问记录。",
)


@click.group(cls=ChineseGroup)
def accounts() -> None:
    """个人账户：对账单、家庭共济、代缴保费、转移、支取、划入和统计。"""


for _command in (*CREDITING, *FAMILY, *PREMIUM, *CASES):
    accounts.add_command(_command)


@accounts.command()
@PERSON
@click.option(
    "--month", required=True, type=click.DateTime(["%Y-%m"]), metavar="年-月", help="哪个月，如 2024-08。"
)
@CLEAR
@OUT
def statement(psn_no: str, month: datetime, officer: str | None, out: Path | None) -> None:
    """一个月的对账单：期初、每一笔、期末。"""

    async def table(desk: Desk) -> Table:
        from gongji.accounts.printing import statement_table
        from gongji.accounts.statement import month_statement

        return statement_table(
            done(await month_statement(desk.conn, psn_no, month.date(), masked=officer is None))
        )

    show(_shown(psn_no, officer, table), out)


@accounts.command()
@PERSON
@click.option("--from", "from_on", required=True, type=DAY, metavar="日期", help="从哪一天，如 2024-08-01。")
@click.option("--until", "until_on", required=True, type=DAY, metavar="日期", help="到哪一天（含）。")
@CLEAR
@OUT
def family(psn_no: str, from_on: datetime, until_on: datetime, officer: str | None, out: Path | None) -> None:
    """账户所有人的共济使用明细：谁、何时、在哪里、用了多少、限额还剩多少。"""
    first, last = _days(from_on, until_on)

    async def table(desk: Desk) -> Table:
        from gongji.accounts.printing import family_table
        from gongji.accounts.statement import family_statement

        return family_table(
            done(await family_statement(desk.conn, psn_no, first, last, masked=officer is None))
        )

    show(_shown(psn_no, officer, table), out)


@accounts.command()
@click.option("--from", "from_on", required=True, type=DAY, metavar="日期", help="从哪一天。")
@click.option("--until", "until_on", required=True, type=DAY, metavar="日期", help="到哪一天（含）。")
@click.option("--region", default="CN", metavar="区划", help="只统计这个地区（如 14、1408）；不写为全部。")
@OUT
def report(from_on: datetime, until_on: datetime, region: str, out: Path | None) -> None:
    """收支统计：按参保地和种类，并与账簿核对；不平时退出状态为 1。"""
    first, last = _days(from_on, until_on)

    async def work(desk: Desk) -> tuple[Table, bool]:
        from gongji.accounts.printing import report_table
        from gongji.accounts.statistics import income_and_expense

        try:
            found = await income_and_expense(desk.conn, first, last, region)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--region") from None
        return report_table(found), not any(row.difference_fen for row in found.reconciliation)

    table, balanced = at_desk(work)
    show(table, out)
    if not balanced:
        raise click.ClickException("流水与账簿不平，请运行 gongji verify 查明。")


@accounts.command()
@click.option("--from", "from_on", required=True, type=DAY, metavar="日期", help="从哪一天。")
@click.option("--until", "until_on", required=True, type=DAY, metavar="日期", help="到哪一天（含）。")
@click.option("--at-least", required=True, type=click.IntRange(2, 1_000), help="一天至少支付多少次才列出。")
def frequent(from_on: datetime, until_on: datetime, at_least: int) -> None:
    """列出一天内支付次数异常多的账户，供审核。"""
    first, last = _days(from_on, until_on)

    async def work(desk: Desk) -> list[tuple[str, date, int, int]]:
        from gongji.accounts.selectors import busy_accounts

        return await busy_accounts(desk.conn, first, last, at_least)

    from gongji.base.money import format_yuan

    found = at_desk(work)
    for psn_no, on, count, fen in found:
        click.echo(f"{on}  {psn_no}  {count} 次  {format_yuan(fen)} 元")
    if not found:
        click.echo("没有。")


def _days(from_on: datetime, until_on: datetime) -> tuple[date, date]:
    if until_on < from_on:
        raise click.BadParameter("早于 --from", param_hint="--until")
    return from_on.date(), until_on.date()


def _shown(psn_no: str, officer: str | None, table: Callable[[Desk], Awaitable[Table]]) -> Table:
    """The table; when names are shown in clear, the access is on record."""
    if officer is None:
        return at_desk(table)

    async def work(desk: Desk, office: Office) -> Table:
        from gongji.members import access

        found = await table(desk)
        await access.record(
            desk.conn, psn_no, access_id=desk.ids.next(), at=office.at, actor=office.actor,
            purpose="gongji accounts", fields=("name", "psn_no", "family.name"),
        )  # fmt: skip
        return found

    return at_office(officer, work)
