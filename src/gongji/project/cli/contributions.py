"""`gongji members import-contributions` and `gongji members contribution`: employers' files, and single contribution months."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongji.project.cli.members_desk import ACTOR, PERSON, fen
from gongji.project.cli.root import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gongji.base.actors import Actor
    from gongji.base.reasons import Refusal
    from gongji.members.contributions import Contribution
    from gongji.members.import_report import ImportReport, Mode
    from gongji.project.cli.desk import Desk
    from gongji.sheets import RowError

__all__ = ["contribution", "import_contributions"]

SHOWN = 20
KINDS = {"normal": "正常", "back_payment": "补缴", "correction": "更正"}


def _month(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    from gongji.members.import_rows import month_of

    if value is not None and month_of(value) is None:
        raise click.BadParameter("须写成 202405 或 2024-05", ctx, param)
    return None if value is None else month_of(value)


DAY = click.DateTime(["%Y-%m-%d"])
EMPLOYER = click.option(
    "--employer",
    default="灵活就业人员",
    metavar="单位",
    help="单位名称，与参保登记一致；不给时为灵活就业人员自缴。",
)
MONTH = click.argument("month", metavar="月份", callback=_month)


@click.command("import-contributions", cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@ACTOR
@click.option("--employer", metavar="单位", help="单位名称；文件有“单位名称”列时可以不给。")
@click.option("--month", callback=_month, metavar="月份", help="费款所属期；文件有“费款所属期”列时可以不给。")
@click.option("--keep-good", is_flag=True, help="有错误时仍导入正确的行；不给时一行有错就整个文件不导入。")
@click.option("--sheet", default="", metavar="名称", help="Excel 文件有几个工作表时，导入哪一个。")
@click.option(
    "--errors",
    metavar="文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把全部错误写成表格（.csv 或 .xlsx），可以退给单位。",
)
def import_contributions(
    file: Path,
    actor: str,
    employer: str | None,
    month: date | None,
    keep_good: bool,
    sheet: str,
    errors: Path | None,
) -> None:
    """导入单位的月度缴费文件（CSV 或 Excel）。

    同一文件可以重复导入，不会重复记账。文件没有导入时退出状态为 1。
    """
    from gongji.base.reasons import Refusal
    from gongji.members.import_report import import_errors
    from gongji.project.cli.desk import at_desk, done
    from gongji.sheets import write_errors

    _refuse_errors_file(errors)
    mode: Mode = "keep_good" if keep_good else "all_or_nothing"

    async def work(desk: Desk) -> tuple[ImportReport | Refusal, tuple[RowError, ...]]:
        from gongji.members import imports

        with file.open("rb") as opened:
            report = await imports.import_contributions(
                desk.conn,
                desk.vault,
                opened,
                file.name,
                mode=mode,
                actor=_agency(actor),
                at=desk.now(),
                ids=desk.ids,
                employer=employer,
                month=month,
                sheet_name=sheet,
                progress=_progress,
            )
        if errors is None or isinstance(report, Refusal):
            return report, ()
        return report, await import_errors(desk.conn, report.import_id)

    answer, found = at_desk(work)
    report = done(answer)
    if errors is not None:
        write_errors(errors, found)
    _print(report, errors)
    if report.state == "refused":
        sys.exit(1)


def _refuse_errors_file(path: Path | None) -> None:
    """A table that cannot be written is refused before the file is imported."""
    if path is None:
        return
    if path.suffix.lower() not in {".csv", ".xlsx"}:
        raise click.BadParameter("文件名须以 .csv 或 .xlsx 结尾", param_hint="--errors")
    if not os.access(path.parent, os.W_OK):
        raise click.BadParameter(f"不能写入目录 {path.parent}", param_hint="--errors")


def _agency(name: str) -> Actor:
    from gongji.base.actors import Actor

    return Actor("agency", name)


def _progress(done: int, total: int | None) -> None:
    if sys.stderr.isatty():
        share = f"{done:,} / {total:,} 行" if total else f"{done:,} 行"
        click.echo(f"\r{share}", nl=done == total, err=True)


def _print(report: ImportReport, errors: Path | None) -> None:
    state = "已导入" if report.state == "taken" else "没有导入"
    click.echo(f"{report.file_name}（{report.form}）")
    click.echo(f"{report.employer}  {report.month:%Y-%m}  {state}  编号 {report.import_id}")
    if report.repeated:
        click.echo(
            f"这个文件此前已经处理过（{report.recorded_at:%Y-%m-%d}），以下是当时的结果，本次没有改动。"
        )
    click.echo(
        f"共 {report.row_count:,} 行：新增 {report.added:,}，与已有记录相同 {report.unchanged:,}，有错误 {report.rejected:,}"
    )
    for error in report.errors[:SHOWN]:
        click.echo(f"第 {error.line_no} 行  {error.text}")
    if errors is not None:
        click.echo(f"全部 {report.error_count:,} 处错误已写入 {errors}")
    elif report.error_count > SHOWN:
        click.echo(f"……共 {report.error_count:,} 处错误，用 --errors 文件 写成表格。")


@click.group(cls=ChineseGroup)
def contribution() -> None:
    """一个人的缴费月：查看、登记到账、更正。"""


@contribution.command("list")
@PERSON
@ACTOR
def list_months(psn_no: str, actor: str) -> None:
    """列出各月缴费和欠费；查看会留下访问记录。"""
    from gongji.project.cli.desk import at_desk

    async def work(desk: Desk) -> tuple[Sequence[Contribution], set[tuple[date, str]]]:
        from gongji.members import access
        from gongji.members.contributions import arrears_months, months_of

        async with desk.conn.transaction():
            months = await months_of(desk.conn, psn_no)
            late = await arrears_months(desk.conn, psn_no, desk.today)
            if months:
                await access.record(
                    desk.conn,
                    psn_no,
                    access_id=desk.ids.next(),
                    at=desk.now(),
                    actor=_agency(actor),
                    purpose="members contribution list",
                    fields=("contributions",),
                )
        return months, {(m.month, m.employer) for m in late}

    months, late = at_desk(work)
    if not months:
        click.echo(f"{psn_no} 没有缴费记录。")
    for month in months:
        click.echo(_line(month) + ("  欠费" if (month.month, month.employer) in late else ""))


@contribution.command()
@PERSON
@MONTH
@EMPLOYER
@click.option("--paid-on", required=True, type=DAY, metavar="日期", help="到账日期，如 2024-05-20。")
@ACTOR
def pay(psn_no: str, month: date, employer: str, paid_on: datetime, actor: str) -> None:
    """登记一个月的缴费已经到账。"""
    from gongji.project.cli.desk import at_desk, done

    async def work(desk: Desk) -> Contribution | Refusal:
        from gongji.members.contributions import pay_contribution

        return await pay_contribution(
            desk.conn, psn_no, month, employer, paid_on.date(), at=desk.now(), actor=_agency(actor)
        )

    click.echo(_line(done(at_desk(work))))


@contribution.command()
@PERSON
@MONTH
@EMPLOYER
@click.option("--base", "base_fen", callback=fen, metavar="元", help="缴费基数。")
@click.option("--personal", "personal_fen", callback=fen, metavar="元", help="个人缴费。")
@click.option("--employer-part", "employer_fen", callback=fen, metavar="元", help="单位缴费。")
@click.option("--due-on", type=DAY, metavar="日期", help="缴款期限。")
@click.option("--paid-on", type=DAY, metavar="日期", help="到账日期。")
@ACTOR
def correct(
    psn_no: str,
    month: date,
    employer: str,
    base_fen: int | None,
    personal_fen: int | None,
    employer_fen: int | None,
    due_on: datetime | None,
    paid_on: datetime | None,
    actor: str,
) -> None:
    """更正一个月的缴费；没有给出的内容不变，原来的记录保留。"""
    from gongji.project.cli.desk import at_desk, done

    async def work(desk: Desk) -> Contribution | Refusal:
        from gongji.members.contributions import correct_contribution

        return await correct_contribution(
            desk.conn,
            psn_no,
            month,
            employer,
            at=desk.now(),
            actor=_agency(actor),
            base_fen=base_fen,
            personal_fen=personal_fen,
            employer_fen=employer_fen,
            due_on=due_on.date() if due_on else None,
            paid_on=paid_on.date() if paid_on else None,
        )

    click.echo(_line(done(at_desk(work))))


def _line(month: Contribution) -> str:
    from gongji.base.money import format_yuan

    figures = month.figures
    paid = f"到账 {figures.paid_on}" if figures.paid_on else f"未到账（期限 {figures.due_on}）"
    return (
        f"{month.month:%Y-%m}  {month.employer}  基数 {format_yuan(figures.base_fen)}"
        f"  个人 {format_yuan(figures.personal_fen)}  单位 {format_yuan(figures.employer_fen)}"
        f"  {paid}  {KINDS[figures.kind]}  第 {month.revision} 版"
    )
