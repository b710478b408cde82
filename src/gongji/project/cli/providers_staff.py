"""`gongji providers staff`: doctors and pharmacists of an institution, and the suspension of their right to serve the insured."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import click

from gongji.project.cli.desk import RECORD_NO, actor_text, at_desk
from gongji.project.cli.members_desk import on_option
from gongji.project.cli.providers_register_desk import ACTOR, CODE, REASON, act_of, verb
from gongji.project.cli.root import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import Any

    from gongji.project.cli.desk import Desk
    from gongji.providers.register import StaffDay
    from gongji.providers.staff_rules import StaffGiven
    from gongji.providers.writing import Entries

__all__ = ["staff"]

KIND_WORDS = {"医师": "doctor", "药师": "pharmacist", "药士": "technician", "护士": "nurse"}
RIGHT_WORDS = {"开方": "prescribe", "调配": "dispense", "审方": "review"}
STATE_WORDS = {
    "proposed": "待复核",
    "in_force": "已生效",
    "refused": "未通过",
    "end_proposed": "已生效，解除待复核",
}
LISTED = 20
STAFF_CODE = click.argument("staff_code", metavar="医务人员编码")


@click.group(cls=ChineseGroup)
def staff() -> None:
    """医务人员登记：医师、药师的执业日期和开方、调配、审方权限，暂停医保服务资格。"""


def _given(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that state a person."""
    options = (
        click.option("--name", required=True, metavar="姓名", help="姓名。"),
        click.option(
            "--kind", required=True, type=click.Choice(list(KIND_WORDS)), metavar="类别", help="类别。"
        ),
        on_option("--from", "从哪一天起。", required=True),
        on_option("--until", "到哪一天止。"),
        click.option("--title", default="", metavar="文字", help="职称。"),
        click.option("--department", default="", metavar="文字", help="科室。"),
        click.option(
            "--right",
            "rights",
            multiple=True,
            type=click.Choice(list(RIGHT_WORDS)),
            metavar="权限",
            help="权限，可以给多个。",
        ),
        click.option("--cert-no", default="", metavar="号码", help="居民身份证号码，加密保存。"),
        click.option("--phone", default="", metavar="号码", help="电话，加密保存。"),
        click.option("--qualification-no", default="", metavar="编码", help="资格证书编码。"),
        click.option("--licence-no", default="", metavar="编号", help="执业证书编号。"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _statement(staff_code: str, kind: str, rights: tuple[str, ...], given: dict[str, Any]) -> StaffGiven:
    from gongji.providers.staff_rules import StaffGiven

    return StaffGiven(
        staff_code=staff_code,
        kind=KIND_WORDS[kind],
        rights=frozenset(RIGHT_WORDS[right] for right in rights),
        **given,
    )


@staff.command("add", cls=ChineseCommand)
@CODE
@STAFF_CODE
@_given
@REASON
@ACTOR
def add(
    code: str, staff_code: str, kind: str, rights: tuple[str, ...], reason: str, actor: str, **given: Any
) -> None:
    """登记一名医务人员。"""
    from gongji.providers.staff import enter

    stated = _statement(staff_code, kind, rights, given)
    verb(actor, reason, lambda desk, act: enter(desk.conn, act, desk.vault, code, stated))


@staff.command("change", cls=ChineseCommand)
@CODE
@STAFF_CODE
@_given
@REASON
@ACTOR
def change(
    code: str, staff_code: str, kind: str, rights: tuple[str, ...], reason: str, actor: str, **given: Any
) -> None:
    """变更：从 --from 起按给出的内容登记，此前的登记保留。"""
    from gongji.providers.staff import change_entry

    stated = _statement(staff_code, kind, rights, given)
    verb(actor, reason, lambda desk, act: change_entry(desk.conn, act, desk.vault, code, stated))


@staff.command("leave", cls=ChineseCommand)
@CODE
@STAFF_CODE
@on_option("--last", "在本机构的最后一天。", required=True)
@REASON
@ACTOR
def leave(code: str, staff_code: str, last_on: date, reason: str, actor: str) -> None:
    """离开机构。"""
    from gongji.providers.staff import leave as left

    verb(actor, reason, lambda desk, act: left(desk.conn, act, code, staff_code, last_on))


@staff.command("import", cls=ChineseCommand)
@CODE
@click.argument("file", metavar="文件", type=click.File("rb"))
@click.option("--sheet", default="", metavar="名称", help="工作表，有几个时须指明。")
@REASON
@ACTOR
def import_file(code: str, file: BinaryIO, sheet: str, reason: str, actor: str) -> None:
    """从 Excel 或 CSV 登记：有一行不对就一条也不登记。"""
    from gongji.base.reasons import Refusal
    from gongji.providers.staff_import import Imported, RowFault, import_staff

    async def work(desk: Desk) -> Imported | tuple[RowFault, ...] | Refusal:
        return await import_staff(desk.conn, act_of(desk, actor, reason), desk.vault, code, file, sheet)

    answer = at_desk(work)
    if isinstance(answer, Refusal):
        raise click.ClickException(answer.text)
    if isinstance(answer, Imported):
        known = f"，原已登记 {answer.known:,} 人" if answer.known else ""
        click.echo(f"新登记 {answer.entered:,} 人{known}")
        return
    for fault in answer[:LISTED]:
        click.echo(fault.text, err=True)
    raise click.ClickException(f"文件有 {len(answer):,} 处错误，一条也没有登记。")


@staff.command("list", cls=ChineseCommand)
@CODE
@on_option("--on", "哪一天，默认今天。")
def list_staff(code: str, on: date | None) -> None:
    """某日在岗的医务人员和暂停决定。"""
    from gongji.providers.rows import StaffRow
    from gongji.providers.selectors import load
    from gongji.providers.writing import read

    async def work(desk: Desk) -> tuple[list[StaffDay], Entries]:
        book, entries = await load(desk.conn, desk.vault), await read(desk.conn, code, "staff", "suspension")
        codes = sorted({entry.row.staff_code for entry in entries.of(StaffRow)})
        found = [book.staff(code, staff_code, on or desk.today) for staff_code in codes]
        return [one for one in found if one is not None], entries

    found, entries = at_desk(work)
    for one in found:
        _print_person(one)
    if not found:
        click.echo("没有登记。")
    _print_suspensions(entries)


def _print_person(one: StaffDay) -> None:
    from gongji.providers.register import RIGHTS
    from gongji.providers.staff_rules import KINDS

    rights = "、".join(RIGHTS[right] for right in sorted(one.rights))
    parts = (one.staff_code, one.name, KINDS[one.kind], one.title, one.department, rights)
    click.echo("  ".join(filter(None, parts)) + ("  已暂停医保服务资格" if one.suspended else ""))


def _print_suspensions(entries: Entries) -> None:
    from gongji.providers.rows import SuspensionRow

    for entry in entries.of(SuspensionRow):
        row = entry.row
        spell = f"{row.from_on} 至 {row.until_on or '今'}"
        where = "全部机构" if row.everywhere else "本机构"
        click.echo(
            f"暂停 {entry.spell_no}：{row.staff_code}  {spell}  {where}  {STATE_WORDS[row.state]}  {row.cause}"
            f"（提出 {actor_text(row.proposed_by)}）"
        )


@staff.command("suspend", cls=ChineseCommand)
@CODE
@STAFF_CODE
@on_option("--from", "从哪一天起暂停。", required=True)
@on_option("--until", "到哪一天止；不给时直到另行解除。")
@click.option("--cause", required=True, metavar="文字", help="原因。")
@click.option("--here", is_flag=True, help="只暂停在本机构的资格；不给时在所有机构暂停。")
@ACTOR
def suspend(
    code: str, staff_code: str, from_on: date, until_on: date | None, cause: str, here: bool, actor: str
) -> None:
    """提出暂停医保服务资格；由另一人复核后生效。"""
    from gongji.providers.staff import propose_suspension

    verb(
        actor,
        cause,
        lambda desk, act: propose_suspension(
            desk.conn, act, code, staff_code, from_on, until_on, cause, everywhere=not here
        ),
        "已提出，待另一人复核",
    )


@staff.command("lift", cls=ChineseCommand)
@CODE
@click.argument("number", metavar="登记号", type=RECORD_NO)
@on_option("--last", "暂停的最后一天。", required=True)
@REASON
@ACTOR
def lift(code: str, number: int, last_on: date, reason: str, actor: str) -> None:
    """提出解除暂停；由另一人复核后生效。"""
    from gongji.providers.staff import propose_end

    verb(
        actor,
        reason,
        lambda desk, act: propose_end(desk.conn, act, code, number, last_on),
        "已提出，待另一人复核",
    )


@staff.command("decide", cls=ChineseCommand)
@CODE
@click.argument("number", metavar="登记号", type=RECORD_NO)
@click.option("--refuse", is_flag=True, help="不同意。")
@REASON
@ACTOR
def decide(code: str, number: int, refuse: bool, reason: str, actor: str) -> None:
    """复核暂停或解除（不能是提出的人）。"""
    from gongji.providers.staff import second

    verb(
        actor,
        reason,
        lambda desk, act: second(desk.conn, act, code, number, confirmed=not refuse),
        "未同意" if refuse else "已生效",
    )


@staff.command("history", cls=ChineseCommand)
@CODE
def show_history(code: str) -> None:
    """变更历史：谁在何时因何变更了什么。"""
    from gongji.base.times import CHINA
    from gongji.providers.rows import StaffRow, SuspensionRow
    from gongji.providers.writing import HistoryLine, history

    async def work(desk: Desk) -> list[HistoryLine]:
        return await history(desk.conn, code, "staff", "suspension")

    for line in at_desk(work):
        row = line.row
        what = "撤回"
        if isinstance(row, StaffRow):
            what = f"医务人员 {row.staff_code} {row.name} {row.from_on} 至 {row.until_on or '今'}"
        elif isinstance(row, SuspensionRow):
            what = f"暂停 {row.staff_code} {row.from_on} 至 {row.until_on or '今'} {STATE_WORDS[row.state]}"
        at = line.recorded_at.astimezone(CHINA)
        click.echo(f"{at:%Y-%m-%d %H:%M:%S}  {actor_text(line.actor)}  {what}  {line.reason}".rstrip())
