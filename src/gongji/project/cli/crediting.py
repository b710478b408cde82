"""`gongji accounts credit|interest|runs|pending`: monthly crediting and yearly interest of personal accounts."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from gongji.project.cli.accounts_desk import at_office
from gongji.project.cli.desk import Desk, actor_option, actor_text, at_desk, done
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gongji.accounts.runs import RunReport
    from gongji.accounts.values import Office
    from gongji.base.reasons import Refusal
    from gongji.base.sqlfiles import Connection

    Start = Callable[[Desk, Office, Connection], Awaitable[RunReport | Refusal]]

__all__ = ["COMMANDS"]

FIRST_YEAR = 2000
KINDS = {"credit": "月度划入", "interest": "年度计息"}
ACTOR = actor_option("谁在办理。")
REGION = click.option(
    "--region", default="CN", metavar="区划", help="只办这个统筹区（如 14、1408）；不写为全部。"
)


@click.command(cls=ChineseCommand)
@click.option(
    "--month", required=True, type=click.DateTime(["%Y-%m"]), metavar="年-月", help="所属月份，如 2024-05。"
)
@REGION
@ACTOR
def credit(month: datetime, region: str, actor: str) -> None:
    """月度划入：按缴费和政策给每人计入当月个人账户。

    中断后再办会接着做完；已办的月份再办只补差额（迟到或更正的缴费、退休、死亡、终止参保）。
    """

    if month.year < FIRST_YEAR:
        raise click.BadParameter(f"须为 {FIRST_YEAR} 年以后的月份", param_hint="--month")

    async def start(desk: Desk, office: Office, reader: Connection) -> RunReport | Refusal:
        from gongji.accounts.monthly import credit_month

        return await credit_month(
            desk.conn, office, month.date(), region=_region(region), progress=_progress, reader=reader
        )

    _run(actor, start)


@click.command(cls=ChineseCommand)
@click.option("--year", required=True, type=click.IntRange(FIRST_YEAR, 2999), help="计息年度，须已结束。")
@REGION
@ACTOR
def interest(year: int, region: str, actor: str) -> None:
    """年度计息：按日余额和当日利率计一年的利息，每个账户只计一次。"""

    async def start(desk: Desk, office: Office, reader: Connection) -> RunReport | Refusal:
        from gongji.accounts.interest import credit_interest

        return await credit_interest(
            desk.conn, office, year, region=_region(region), progress=_progress, reader=reader
        )

    _run(actor, start)


@click.command(cls=ChineseCommand)
@click.option("--limit", default=20, show_default="20", type=click.IntRange(1, 1_000), help="最多列多少批。")
def runs(limit: int) -> None:
    """列出划入和计息的批次，最近的在前。"""

    async def work(desk: Desk) -> list[RunReport]:
        from gongji.accounts.runs import reports

        return await reports(desk.conn, limit=limit)

    found = at_desk(work)
    for report in found:
        _print(report)
    if not found:
        click.echo("还没有办过。")


@click.command(cls=ChineseCommand)
def pending() -> None:
    """列出须补办的月份：上次划入以后又登记了缴费、参保关系变动或死亡。"""

    async def work(desk: Desk) -> list[Any]:
        from gongji.accounts.monthly import pending_months

        return await pending_months(desk.conn)

    found = at_desk(work)
    for one in found:
        click.echo(
            f"{one.month:%Y-%m}  统筹区 {_region_text(one.region)}  {one.persons:,} 人有变动，请再办一次 credit"
        )
    if not found:
        click.echo("没有须补办的月份。")


COMMANDS: Final[tuple[click.Command, ...]] = (credit, interest, runs, pending)


def _run(actor: str, start: Start) -> None:
    async def work(desk: Desk, office: Office) -> None:
        import asyncpg

        reader = await asyncpg.connect(desk.dsn)
        try:
            report = done(await start(desk, office, reader))
        finally:
            await reader.close()
        if sys.stderr.isatty():
            click.echo("\r", nl=False, err=True)
        _print(report)

    at_office(actor, work)


def _region(text: str) -> str:
    from gongji.base.regions import normalise_region

    try:
        return normalise_region(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--region") from None


def _progress(finished: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r已办 {finished:,} / {total:,} 人", nl=False, err=True)


def _print(report: RunReport) -> None:
    from gongji.base.money import format_yuan
    from gongji.base.times import CHINA

    tally = report.tally
    state = "已完成" if report.finished else "未完成，再办会接着做"
    click.echo(
        f"批次 {report.run_id}  {KINDS[report.kind]} {_period(report.kind, report.period)}  统筹区 {_region_text(report.region)}  "
        f"{actor_text(report.actor)}  {report.started_at.astimezone(CHINA):%Y-%m-%d %H:%M}  {state}"
    )
    click.echo(
        f"  逐一核对全库 {tally.persons:,} 人，新计入 {tally.credited:,} 人，更正 {tally.corrected:,} 人；"
        f"计入 {format_yuan(tally.given_fen)} 元，追回 {format_yuan(tally.taken_fen)} 元，"
        f"应收 {format_yuan(tally.receivable_fen)} 元"
    )
    if report.kind == "credit":
        click.echo(
            f"  当月应计入：在职 {format_yuan(tally.active_fen)} 元，退休 {format_yuan(tally.retired_fen)} 元；"
            f"单位缴费划入统筹基金 {format_yuan(tally.pool_fen)} 元"
        )
    for text, count in sorted(tally.reasons.items()):
        click.echo(f"  未计入 {count:,} 人：{text}")


def _period(kind: str, period: date) -> str:
    return f"{period:%Y-%m}" if kind == "credit" else f"{period:%Y} 年"


def _region_text(region: str) -> str:
    from gongji.base.regions import NATION

    return "全部" if region == NATION else region
