"""`gongji cases run FILE…`: run case files, show what differs, or print everything computed as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from gongji.cases.document import document
from gongji.cases.form import CaseError
from gongji.cases.loader import load
from gongji.cases.runner import FileResult, run_file
from gongji.project.cli.overlay import OVERLAY_HELP, overlay_texts
from gongji.project.cli.root import ChineseGroup


@click.group(cls=ChineseGroup)
def cases() -> None:
    """案例：官方能读懂的测试文件（YAML），逐步计算并与预期逐项比较。"""


@cases.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件…")
@click.option(
    "--json", "as_json", is_flag=True, help="输出一份 JSON：每一步算出的全部金额、原因、条文和步骤。"
)
@click.option("--case", "wanted", multiple=True, metavar="编号", help="只运行这个案例，可以写多次。")
@click.option("--quiet", is_flag=True, help="只显示不通过的案例和合计。")
@click.option("--overlay", metavar="文件|demo", help=OVERLAY_HELP)
def run(
    files: tuple[Path, ...], as_json: bool, wanted: tuple[str, ...], quiet: bool, overlay: str | None
) -> None:
    """运行案例文件。

    全部通过时退出状态为 0，有不通过的为 1，文件不能使用的为 2。
    """
    results: list[FileResult] = []
    failures: list[tuple[str, str]] = []
    extra = overlay_texts(overlay)
    for path in files:
        try:
            results.append(run_file(load(path, frozenset(wanted)), extra))
        except CaseError as error:
            failures.append((str(path), str(error)))
    missing = set(wanted) - {result.case.id for file in results for result in file.cases}
    if missing and not failures:
        failures.append(("", f"没有案例 {'、'.join(sorted(missing))}"))
    if as_json:
        click.echo(json.dumps(document(results, failures), ensure_ascii=False))
    else:
        for file in results:
            _show(file, quiet=quiet)
        _totals(results)
    for _, text in failures:
        click.echo(f"错误：{text}", err=True)
    if failures:
        sys.exit(2)
    sys.exit(0 if all(result.passed for file in results for result in file.cases) else 1)


def _show(file: FileResult, *, quiet: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for name, texts in file.overrides.items():
        console.print(Text(f"注意：{file.path} 的 parameters 与政策库不同，{name} 按文件的规定计算："))
        for text in texts:
            console.print(Text(f"  {text}"))
    shown = [result for result in file.cases if not quiet or not result.passed]
    if shown:
        console.print(Text(file.path))
        table = Table()
        for heading in ("案例", "标题", "政策", "步骤", "结果"):
            table.add_column(heading, overflow="fold")
        for result in shown:
            table.add_row(
                Text(result.case.id),
                Text(result.case.title),
                Text(result.case.policy),
                str(len(result.steps)),
                "通过" if result.passed else "不通过",
            )
        console.print(table)
    _differences(file)


def _differences(file: FileResult) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    for result in file.cases:
        for step in result.steps:
            if not step.differences:
                continue
            when = f"第 {step.step.index} 步（{step.step.op} {step.step.on or ''}）"
            console.print(Text(f"{result.case.id} {result.case.title}：{when}"))
            table = Table()
            for heading in ("项目", "预期", "算出"):
                table.add_column(heading, overflow="fold")
            for item in step.differences:
                table.add_row(Text(item.name), Text(item.expected), Text(item.computed))
            console.print(table)
            text = getattr(step.booked, "text", None)
            if text:
                console.print(Text(f"  {text}"))
            if step.step.working:
                console.print(Text(f"  演算：{step.step.working}"))


def _totals(results: list[FileResult]) -> None:
    found = [result for file in results for result in file.cases]
    failed = [result.case.id for result in found if not result.passed]
    steps = sum(len(result.steps) for result in found)
    verdict = f"不通过 {len(failed)} 个：{'、'.join(failed)}" if failed else "全部通过"
    click.echo(f"{len(found)} 个案例，{steps} 步：{verdict}" if found else "没有运行任何案例")
