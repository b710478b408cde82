"""`gongji catalog`: search and show items; import lists, compare, approve or refuse them, and see the versions."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gongji.project.cli.catalog_text import (
    batch_line,
    batch_lines,
    change_lines,
    item_line,
    item_lines,
)
from gongji.project.cli.desk import RECORD_NO, actor_option, at_desk, done
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gongji.base.actors import Actor
    from gongji.base.reasons import Refusal
    from gongji.catalog import Catalogue
    from gongji.catalog.batches import Batch
    from gongji.catalog.columns import PartName
    from gongji.catalog.differences import Change
    from gongji.catalog.importing import Proposal
    from gongji.project.cli.desk import Desk

__all__ = ["catalog"]

SHOWN = 50
PART_NAMES = ("drugs", "herbs", "services", "consumables", "prices", "ceilings")
STATE_NAMES = {"待批准": "open", "已批准": "approved", "未批准": "refused", "已被代替": "superseded"}
ACTOR = actor_option("谁在办理；提交和批准须是不同的人。")
BATCH = click.argument("batch_id", metavar="批次编号", type=RECORD_NO)
PART = click.option(
    "--kind",
    "part",
    required=True,
    type=click.Choice(PART_NAMES),
    help="drugs 西药中成药、herbs 中药饮片、services 服务项目、consumables 耗材、prices 支付标准、ceilings 最高限价。",
)
LIMIT = click.option(
    "--limit",
    default=SHOWN,
    type=click.IntRange(1, 1_000_000),
    metavar="行数",
    help="最多列出多少项。",
)
ON = click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="看哪一天；不给时为今天。"
)
REGION = click.option("--region", default="CN", metavar="区划", help="在哪个统筹地区；支付标准和限价按它取。")


@click.group(cls=ChineseGroup)
def catalog() -> None:
    """医保目录：查询，导入、比对、批准，版本。"""


@catalog.command()
@click.argument("text", metavar="编码、名称或拼音首字母")
@ON
@REGION
@click.option("--limit", default=20, type=click.IntRange(1, 1000), metavar="行数", help="最多列出多少项。")
def search(text: str, on: datetime | None, region: str, limit: int) -> None:
    """按编码开头、名称的一部分或拼音首字母查找项目。"""
    catalogue, day = _catalogue(on)
    found = catalogue.search(text, day, limit=limit, region=_region(region))
    for item in found:
        click.echo(item_line(item))
    if not found:
        click.echo(f"{day} 的目录中没有找到“{text}”。")


@catalog.command()
@click.argument("code", metavar="编码")
@ON
@REGION
@click.option("--fee-class", default="", metavar="类别", help="医疗机构的收费类别；最高限价按它取。")
def show(code: str, on: datetime | None, region: str, fee_class: str) -> None:
    """一个项目的全部内容，以及可以优先使用的同类药品。"""
    from gongji.catalog.alternatives import REASONS

    catalogue, day = _catalogue(on)
    area = _region(region)
    item = catalogue.get(code, day, area, fee_class)
    if item is None:
        raise click.ClickException(f"{day} 的目录中没有编码 {code}")
    for line in item_lines(item):
        click.echo(line)
    for other in catalogue.alternatives(item, day, area):
        why = "、".join(REASONS[reason] for reason in other.because)
        click.echo(f"  可优先：{item_line(other.item)}（{why}）")


@catalog.command()
@PART
@click.argument("file", metavar="文件", type=click.Path(dir_okay=False, path_type=Path))
def template(part: PartName, file: Path) -> None:
    """写出空白的导入模板（.xlsx）。"""
    from gongji.catalog.template import template as content

    if file.suffix.lower() != ".xlsx":
        raise click.BadParameter("文件名须以 .xlsx 结尾", param_hint="文件")
    file.write_bytes(content(part))
    click.echo(f"模板已写入 {file}")


@catalog.command("import")
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PART
@click.option(
    "--effective-on",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="日期",
    help="从哪一天起生效。",
)
@ACTOR
@click.option("--whole", is_flag=True, help="文件是这一类的完整目录：文件中没有的项目停用。")
@click.option("--retroactive", "reason", default="", metavar="原因", help="生效日期早于今天时，为什么追溯。")
@click.option("--supersedes", type=RECORD_NO, metavar="批次编号", help="代替一个尚未批准的批次。")
@click.option("--sheet", default="", metavar="名称", help="Excel 文件有几个工作表时，导入哪一个。")
@click.option(
    "--errors",
    metavar="文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把全部错误写成表格（.csv 或 .xlsx）。",
)
def import_file(
    file: Path,
    part: PartName,
    effective_on: datetime,
    actor: str,
    whole: bool,
    reason: str,
    supersedes: int | None,
    sheet: str,
    errors: Path | None,
) -> None:
    """读入目录文件（Excel 或 CSV），与现行目录比对，成为待批准的批次。

    有一行不对就不成批次；同一文件可以重复导入。文件没有成为批次时退出状态为 1。
    """
    from gongji.sheets import RowError, write_errors

    async def work(desk: Desk) -> Proposal | Refusal:
        from gongji.catalog.importing import propose

        with file.open("rb") as opened:
            return await propose(
                desk.conn,
                opened,
                file.name,
                part,
                effective_on.date(),
                actor=_agency(actor),
                at=desk.now(),
                ids=desk.ids,
                whole=whole,
                retroactive_reason=reason,
                supersedes=supersedes,
                sheet_name=sheet,
            )

    answer = done(at_desk(work))
    if answer.faults:
        _faults(answer, file)
        if errors is not None:
            write_errors(
                errors, (RowError(f.line_no, f.refusal.code, f.refusal.detail) for f in answer.faults)
            )
            click.echo(f"全部错误已写入 {errors}")
        sys.exit(1)
    if answer.batch is None:
        click.echo(f"{file.name}（{answer.form}）：{answer.row_count:,} 行，与目录相同，没有需要变更的内容。")
        return
    if answer.repeated:
        click.echo("这个文件已经提交，正在等待批准。")
    for line in batch_lines(answer.batch):
        click.echo(line)
    if not answer.repeated:
        click.echo(f"请另一人查看 gongji catalog diff {answer.batch.batch_id} 后批准。")


@catalog.command()
@BATCH
@LIMIT
def diff(batch_id: int, limit: int) -> None:
    """一个批次与目录的差异：新增、逐项变更、停用。"""

    async def work(desk: Desk) -> tuple[Batch | Refusal, Sequence[Change]]:
        from gongji.base.reasons import Refusal
        from gongji.catalog.batches import batch, changes_of

        found = await batch(desk.conn, batch_id)
        if found is None:
            return Refusal("CATALOG_BATCH_NOT_FOUND", str(batch_id)), ()
        return found, await changes_of(desk.conn, found, most=limit)

    _differing(work)


@catalog.command()
@BATCH
@LIMIT
@ACTOR
def compare(batch_id: int, limit: int, actor: str) -> None:
    """提交以后目录有变动时，把批次与现行目录重新比对。"""

    async def work(desk: Desk) -> tuple[Batch | Refusal, Sequence[Change]]:
        from gongji.base.reasons import Refusal
        from gongji.catalog.batches import changes_of
        from gongji.catalog.importing import compare_anew

        found = await compare_anew(desk.conn, batch_id, actor=_agency(actor), at=desk.now())
        return found, () if isinstance(found, Refusal) else await changes_of(desk.conn, found, most=limit)

    _differing(work)


@catalog.command()
@BATCH
@ACTOR
@click.option("--note", default="", metavar="文字", help="批准的说明。")
def approve(batch_id: int, actor: str, note: str) -> None:
    """批准一个批次，从它的生效日期起成为目录的新版本；须由另一人办理。"""

    async def work(desk: Desk) -> Batch | Refusal:
        from gongji.catalog import importing

        return await importing.approve(desk.conn, batch_id, actor=_agency(actor), at=desk.now(), note=note)

    _decided(work)


@catalog.command()
@BATCH
@ACTOR
@click.option("--note", required=True, metavar="原因", help="不批准的原因。")
def refuse(batch_id: int, actor: str, note: str) -> None:
    """不批准一个批次；批次和原因保留。"""

    async def work(desk: Desk) -> Batch | Refusal:
        from gongji.catalog import importing

        return await importing.refuse(desk.conn, batch_id, actor=_agency(actor), at=desk.now(), note=note)

    _decided(work)


@catalog.command()
@click.option("--state", type=click.Choice([*STATE_NAMES]), help="只列出这种状态的批次；不给时为全部。")
@click.option("--limit", default=SHOWN, type=click.IntRange(1, 1000), metavar="行数", help="最多列出多少个。")
def versions(state: str | None, limit: int) -> None:
    """目录的批次和版本，新的在前。"""

    async def work(desk: Desk) -> tuple[Batch, ...]:
        from gongji.catalog.batches import batches

        chosen: Any = STATE_NAMES[state] if state else None
        return await batches(desk.conn, state=chosen, most=limit)

    found = at_desk(work)
    for given in found:
        click.echo(batch_line(given))
    if not found:
        click.echo("没有目录批次。")


def _decided(work: Callable[[Desk], Awaitable[Batch | Refusal]]) -> None:
    for line in batch_lines(done(at_desk(work))):
        click.echo(line)


def _differing(work: Callable[[Desk], Awaitable[tuple[Batch | Refusal, Sequence[Change]]]]) -> None:
    answer, changes = at_desk(work)
    found = done(answer)
    for line in (*batch_lines(found), *change_lines(changes)):
        click.echo(line)
    if (rest := found.added + found.changed + found.ended - len(changes)) > 0:
        click.echo(f"……还有 {rest:,} 项，用 --limit 列出更多。")


def _faults(answer: Proposal, file: Path) -> None:
    click.echo(f"{file.name}（{answer.form}）：没有导入，{len(answer.faults):,} 处错误")
    for fault in answer.faults[:SHOWN]:
        click.echo(f"第 {fault.line_no} 行  {fault.refusal.text}")
    if len(answer.faults) > SHOWN:
        click.echo("……用 --errors 文件 写成表格。")


def _catalogue(on: datetime | None) -> tuple[Catalogue, date]:
    async def work(desk: Desk) -> tuple[Catalogue, date]:
        from gongji.catalog.selectors import load

        return await load(desk.conn), on.date() if on else desk.today

    return at_desk(work)


def _region(code: str) -> str:
    from gongji.base.regions import normalise_region

    try:
        return normalise_region(code)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--region") from None


def _agency(name: str) -> Actor:
    from gongji.base.actors import Actor

    return Actor("agency", name)
