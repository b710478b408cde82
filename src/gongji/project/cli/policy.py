"""``gongji policy``: check, show, compare and explain the law library."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click
import msgspec

from gongji.base.reasons import Refusal
from gongji.policy import (
    CONFIDENCE_WORDS,
    DEMO_OVERLAY,
    Law,
    LibraryError,
    compile_law,
    library_files,
    load_library,
)
from gongji.policy import check as checking
from gongji.policy import inspect as inspecting
from gongji.project.cli.overlay import OverlayFile
from gongji.project.cli.root import ChineseGroup

_LEVELS = {"error": "错误", "warning": "警告", "notice": "提示"}
_STATUSES = {
    "in-force": "现行",
    "draft": "征求意见稿",
    "referenced": "仅被引用，文本未收录",
    "operator": "补充",
}


def _day(text: str) -> date:
    """A day on the command line. Raises click.BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text} 不是日期，请写成 2024-07-01") from error


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _library_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which every sub-command chooses its library."""
    options = (
        click.option("--json", "as_json", is_flag=True, help="输出 JSON。"),
        click.option("--published-on", type=_day, metavar="日期", help="按这一天已经公布的政策库。"),
        click.option("--demo", is_flag=True, help="加上演示参数（编造的数值，不是政策）。"),
        click.option(
            "--overlay", type=OverlayFile(), envvar="GONGJI_OVERLAY", help="补充参数文件，或 demo。"
        ),
        click.option("--file", "files", multiple=True, type=_FILE, help="另加的政策文件，可重复。"),
    )
    for option in options:
        command = option(command)
    return command


def _law(files: tuple[Path, ...], overlay: Path | None, demo: bool, published_on: date | None) -> Law:
    chosen = overlay or (DEMO_OVERLAY if demo else None)
    paths = [*library_files(), *files] if files else None
    return compile_law(load_library(paths, chosen, published_on))


def _law_or_exit(files: tuple[Path, ...], overlay: Path | None, demo: bool, published_on: date | None) -> Law:
    """The law, or a list of everything that is wrong with the files and exit status 1."""
    try:
        return _law(files, overlay, demo, published_on)
    except LibraryError as error:
        for problem in error.problems:
            click.echo(f"错误：{problem}", err=True)
        raise click.exceptions.Exit(1) from error


@click.group(cls=ChineseGroup)
def policy() -> None:
    """政策库：检查、查看、比较、解释。"""


@policy.command("check")
@_library_options
@click.option("--today", type=_day, metavar="日期", help="以这一天为今天，默认系统日期。")
def check_command(
    files: tuple[Path, ...],
    overlay: Path | None,
    demo: bool,
    published_on: date | None,
    as_json: bool,
    today: date | None,
) -> None:
    """检查缺口、重叠、不合要求、未规定、未确认和到期的标准；有错误时退出码为 1。"""
    try:
        law = _law(files, overlay, demo, published_on)
    except LibraryError as error:
        findings = tuple(checking.Finding("error", "library", "", str(problem)) for problem in error.problems)
        digest, until = "", None
    else:
        findings = checking.check(law, today or date.today())  # noqa: DTZ011 - the law knows days, not zones
        digest, until = law.digest, checking.last_known_day(law)
    errors = sum(finding.level == "error" for finding in findings)
    if as_json:
        _echo_json({"digest": digest, "from": checking.FIRST_DAY, "until": until, "findings": findings})
    else:
        for finding in findings:
            region = f"[{finding.region}] " if finding.region else ""
            click.echo(f"{_LEVELS[finding.level]}：{region}{finding.text}")
        click.echo(_summary(findings, digest, until))
    raise click.exceptions.Exit(1 if errors else 0)


def _summary(findings: tuple[checking.Finding, ...], digest: str, until: date | None) -> str:
    counts = "，".join(
        f"{words} {sum(finding.level == level for finding in findings)} 条"
        for level, words in _LEVELS.items()
    )
    if not digest:
        return f"政策库不能使用：{counts}"
    return f"已检查 {checking.FIRST_DAY} 至 {until} 每一天：{counts}。政策库 {digest[:16]}"


@policy.command("show")
@click.argument("region", metavar="地区")
@click.option("--on", type=_day, metavar="日期", required=True, help="哪一天。")
@_library_options
def show_command(
    region: str,
    on: date,
    files: tuple[Path, ...],
    overlay: Path | None,
    demo: bool,
    published_on: date | None,
    as_json: bool,
) -> None:
    """查看一个地区某一天有效的全部标准及其依据。地区写医保区划，如 14、1408、6210。"""
    law = _law_or_exit(files, overlay, demo, published_on)
    entries = inspecting.show(law, region, on)
    if isinstance(entries, Refusal):
        raise click.ClickException(entries.text)
    if as_json:
        _echo_json({"region": region, "on": on, "digest": law.digest, "entries": entries})
        return
    title = None
    for entry in entries:
        if entry.title != title:
            title = entry.title
            click.echo(title)
        click.echo(f"  {_entry_line(entry)}")


def _entry_line(entry: inspecting.Entry) -> str:
    case = f"{entry.case}：" if entry.case else ""
    until = f"至 {entry.until}" if entry.until else "起"
    flags = [] if entry.confidence in ("seed", "inferred") else [CONFIDENCE_WORDS[entry.confidence]]
    flags += ["草案"] if entry.status == "draft" else []
    note = f"  ［{'、'.join(flags)}］" if flags else ""
    return f"{case}{entry.value}  （{entry.citation}〔{entry.clause}〕，{entry.since} {until}）{note}"


@policy.command("diff")
@click.argument("region", metavar="[地区]", required=False)
@click.option("--from", "first", type=_day, metavar="日期", required=True, help="前一天。")
@click.option("--to", "second", type=_day, metavar="日期", required=True, help="后一天。")
@_library_options
def diff_command(
    region: str | None,
    first: date,
    second: date,
    files: tuple[Path, ...],
    overlay: Path | None,
    demo: bool,
    published_on: date | None,
    as_json: bool,
) -> None:
    """比较两天之间变化的标准；不写地区就比较全部地区。"""
    law = _law_or_exit(files, overlay, demo, published_on)
    changes = inspecting.diff(law, first, second, region)
    if isinstance(changes, Refusal):
        raise click.ClickException(changes.text)
    if as_json:
        _echo_json({"from": first, "to": second, "digest": law.digest, "changes": changes})
        return
    for change in changes:
        case = f" {change.case}" if change.case else ""
        click.echo(f"[{change.region}] {change.title}{case}：{_side(change.before)} → {_side(change.after)}")
    click.echo(f"{first} 与 {second} 之间共 {len(changes)} 处变化。")


def _side(entry: inspecting.Entry | None) -> str:
    return f"{entry.value}（{entry.citation}）" if entry else "没有规定"


@policy.command("explain")
@click.argument("clause", metavar="条款")
@_library_options
def explain_command(
    clause: str,
    files: tuple[Path, ...],
    overlay: Path | None,
    demo: bool,
    published_on: date | None,
    as_json: bool,
) -> None:
    """解释一个条款：原文、所在文件、定了什么、从何时起、此前是什么、哪些决定涉及它。"""
    law = _law_or_exit(files, overlay, demo, published_on)
    story = inspecting.story(law, clause)
    if story is None:
        raise click.ClickException(f"没有条款 {clause}{_nearby(clause, law.library.provisions)}")
    if as_json:
        _echo_json(story)
        return
    for line in _story_lines(story):
        click.echo(line)


def _nearby(clause: str, known: Iterable[str]) -> str:
    document = clause.partition(".")[0]
    near = [other for other in known if other.startswith(document)][:8]
    return f"；同一文件的条款有 {'、'.join(near)} …" if near else ""


def _story_lines(story: inspecting.Story) -> list[str]:
    provision = story.provision
    until = f"至 {provision.ends_on}" if provision.ends_on else "起"
    lines = [
        f"{provision.clause}  {provision.citation}",
        f"《{provision.title}》（{_STATUSES[provision.status]}，地区 {provision.region}）",
        f"原文：{provision.text}",
        f"施行：{provision.starts_on} {until}；依据程度：{CONFIDENCE_WORDS[provision.confidence]}",
    ]
    lines += [f"说明：{provision.note}"] if provision.note else []
    lines += [f"规定：{_setting_line(setting)}" for setting in story.settings]
    lines += [f"不予支付：{text}" for text in story.refusals]
    lines += [f"决定 {decision.id}：{decision.question}。{decision.decision}" for decision in story.decisions]
    return lines


def _setting_line(setting: inspecting.Setting) -> str:
    case = f" {setting.case}" if setting.case else ""
    if setting.since is None:
        return f"{setting.title}{case} = {setting.value}（现由其他条文规定）"
    until = f"至 {setting.until}" if setting.until else "起"
    before = f"，此前 {setting.before}" if setting.before else ""
    return f"{setting.title}{case} = {setting.value}，{setting.since} {until}{before}"


def _echo_json(value: object) -> None:
    click.echo(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2))
