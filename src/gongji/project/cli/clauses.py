"""`gongji clauses`: which clause is carried out where; writes and checks ``docs/clauses.md``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from gongji.clauses import (
    Catalogue,
    Clause,
    Evidence,
    State,
    collect,
    find_root,
    load_catalogue,
    render,
    state_of,
)
from gongji.clauses.catalogue import KINDS
from gongji.clauses.evidence import GENERATED, Citation
from gongji.policy import LibraryError
from gongji.project.cli.root import ChineseGroup

__all__ = ["clauses"]

STATE_WORDS = {State.CLOSED: "已落实", State.HALF: "部分落实", State.OPEN: "待办"}
ROOT_HELP = "源码目录（默认从当前目录向上找）。"


@click.group(cls=ChineseGroup)
def clauses() -> None:
    """条文对照表：每一条规定由哪段代码、哪些测试、哪个页面落实。"""


@clauses.command()
@click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True), help=ROOT_HELP)
def write(root: Path | None) -> None:
    """重写 docs/clauses.md。"""
    folder = _root(root)
    catalogue = _catalogue()
    evidence = _collect(folder, catalogue)
    _refuse_unknown(evidence)
    (folder / GENERATED).write_text(render(catalogue, evidence), encoding="utf-8")
    click.echo(f"已写入 {GENERATED}：{_summary(catalogue, evidence)}")


@clauses.command()
@click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True), help=ROOT_HELP)
def check(root: Path | None) -> None:
    """检查：引用的条文都存在，docs/clauses.md 与代码一致。"""
    folder = _root(root)
    catalogue = _catalogue()
    evidence = _collect(folder, catalogue)
    _refuse_unknown(evidence)
    page = folder / GENERATED
    if not page.is_file() or page.read_text(encoding="utf-8") != render(catalogue, evidence):
        raise click.ClickException(f"{GENERATED} 已过时，请运行 make clauses。")
    click.echo(f"{GENERATED} 是最新的：{_summary(catalogue, evidence)}")


@clauses.command()
@click.argument("clause_id", metavar="条文编号")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True), help=ROOT_HELP)
def show(clause_id: str, root: Path | None) -> None:
    """显示一条条文：原文、类别、期限、落实之处。

    编号如 SX2022-27.art22；只写到条（如 SX2022-27.art20）则列出其中各项。
    """
    catalogue = _catalogue()
    chosen = [c for c in catalogue.clauses.values() if c.id == clause_id or c.id.startswith(f"{clause_id}.")]
    if not chosen:
        raise click.ClickException(f"没有条文 {clause_id}。编号见 docs/clauses.md。")
    folder = root or find_root(Path.cwd())
    evidence = _collect(folder, catalogue) if folder else None
    for number, clause in enumerate(chosen):
        if number:
            click.echo()
        _print_clause(catalogue, clause, evidence)


@clauses.command(name="open")
@click.option("--kind", type=click.Choice(KINDS), help="只看一类，如 settlement-rule。")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True), help=ROOT_HELP)
def open_clauses(kind: str | None, root: Path | None) -> None:
    """列出尚未完全落实的条文。"""
    catalogue = _catalogue()
    evidence = _collect(_root(root), catalogue)
    for clause in catalogue.clauses.values():
        state = state_of(clause, evidence)
        if state is not State.CLOSED and kind in (None, clause.kind):
            click.echo(
                f"{STATE_WORDS[state]}  {clause.id}  {clause.kind}  {catalogue.words.get(clause.id, '')[:40]}"
            )
    click.echo(_summary(catalogue, evidence))


def _catalogue() -> Catalogue:
    try:
        return load_catalogue()
    except LibraryError as error:
        raise click.ClickException(f"政策库有错误，请运行 gongji policy check：\n{error}") from error


def _collect(root: Path, catalogue: Catalogue) -> Evidence:
    try:
        return collect(root, catalogue)
    except SyntaxError as error:
        raise click.ClickException(f"{error.filename} 第 {error.lineno} 行有语法错误。") from error


def _root(chosen: Path | None) -> Path:
    root = find_root(chosen or Path.cwd())
    if root is None:
        raise click.ClickException(
            f"{chosen or '当前目录'} 不在源码目录内；请在源码目录运行，或用 --root 指定。"
        )
    return root


def _refuse_unknown(evidence: Evidence) -> None:
    if evidence.unknown:
        places = "\n".join(f"  {_place(place)}：{cited}" for cited, place in evidence.unknown)
        raise click.ClickException(f"引用了不存在的条文：\n{places}")


def _summary(catalogue: Catalogue, evidence: Evidence) -> str:
    states = [state_of(clause, evidence) for clause in catalogue.clauses.values()]
    counts = "，".join(f"{STATE_WORDS[state]} {states.count(state)}" for state in State)
    return f"共 {len(states)} 条，{counts}。"


def _print_clause(catalogue: Catalogue, clause: Clause, evidence: Evidence | None) -> None:
    document = catalogue.documents.get(clause.document)
    until = f"至 {clause.until_on}" if clause.until_on else "起"
    rows = [
        ("条文", clause.id),
        ("文件", f"{document.number} {document.title}" if document else clause.document),
        ("原文", catalogue.words.get(clause.id, "")),
        ("类别", f"{clause.kind}（{clause.actor}）"),
        ("期限", f"{clause.from_on} {until}"),
        ("后文", "、".join(clause.changed_by)),
        ("软件", clause.software),
    ]
    if evidence is not None:
        rows += [
            ("状态", STATE_WORDS[state_of(clause, evidence)]),
            ("代码", _places(evidence.code.get(clause.id, ()))),
            ("测试", _places(evidence.tests.get(clause.id, ()))),
            ("页面", _places(evidence.screens.get(clause.id, ()))),
            ("文档", _places(evidence.documents.get(clause.id, ()))),
        ]
    for label, value in rows:
        if value:
            click.echo(f"{label}  {value}")


def _places(places: Iterable[Citation]) -> str:
    return "\n      ".join(_place(place) for place in places)


def _place(place: Citation) -> str:
    return f"{place.file}  {place.name}".rstrip()
