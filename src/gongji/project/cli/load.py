"""`gongji load law|demo|openings`: put the law's version, the demonstration data or accumulators of another system into the
database.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from gongji.project.cli.overlay import DEMO, OVERLAY_HELP, overlay_path
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from gongji.base.sealing import Vault
    from gongji.base.sqlfiles import Connection

__all__ = ["load"]

T = TypeVar("T")
LISTED = 100
"""Errors that are shown line by line; further ones are only counted."""


@click.group(cls=ChineseGroup)
def load() -> None:
    """装入政策库、演示数据和其他系统移交的年度累计。重复执行不会改变已有的数据。"""


@load.command()
@click.option("--overlay", metavar="文件|demo", help=OVERLAY_HELP)
def law(overlay: str | None) -> None:
    """检查政策库，登记它的版本，以便日后按同一版本重算。

    政策库有错误时逐条列出，退出状态为 1。
    """
    from gongji.lawbook import services
    from gongji.policy import LibraryError, compile_law, load_library

    try:
        library = load_library(overlay=overlay_path(overlay))
    except LibraryError as error:
        for problem in error.problems:
            click.echo(f"错误：{problem}", err=True)
        raise click.ClickException(f"政策库有 {len(error.problems)} 处错误，没有登记。") from None
    compile_law(library)
    source = "演示参数" if overlay == DEMO else (overlay or "内置政策库")
    at = datetime.now(UTC)
    new = _with_database(lambda conn: services.record(conn, library, source=source, at=at))
    words = "已登记" if new else "此前已登记"
    click.echo(f"政策库{words}：{len(library.documents)} 份文件，版本 {library.digest}")


@load.command()
@click.option("--seed", default=1, show_default="1", help="随机种子：相同的种子得到相同的数据。")
@click.option(
    "--members", default=1_000, show_default="1000", type=click.IntRange(1, 100_000), help="参保人数。"
)
def demo(seed: int, members: int) -> None:
    """装入演示数据：编造的参保人、医药机构、目录和账户余额。"""
    from gongji.demo_data import generate
    from gongji.demo_data import load as load_world
    from gongji.demo_data.load import summary

    world = generate(seed, members)
    click.echo(summary(_with_database(lambda conn: load_world(conn, world, _vault()))))


@load.command()
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def openings(file: Path) -> None:
    """登记其他系统移交的年度累计：要么全部登记，要么一条也不登记。

    文件是 CSV 或 Excel 表，第一行是列名：psn_no 人员编号、year 年度、benefit 待遇类型（ordinary、as_inpatient、dual_channel，
    慢特病写 chronic:病种编码）、deductible 起付、in_scope 政策范围内费用、fund 基金支付（元）、source 来源。
    """
    from gongji.base.reasons import Refusal
    from gongji.project.cli.desk import Desk, at_desk
    from gongji.settlement.takeover import LineError, TakenOver, read_openings, take_over
    from gongji.sheets import open_sheet

    async def work(desk: Desk) -> TakenOver | tuple[LineError, ...] | Refusal:
        with file.open("rb") as opened:
            sheet = open_sheet(opened)
            if isinstance(sheet, Refusal):
                return sheet
            rows, errors = read_openings(sheet, desk.law.library.vocabulary.benefits.__contains__)
        return errors or await take_over(desk.conn, rows, desk.ids, desk.now())

    answer = at_desk(work)
    if isinstance(answer, Refusal):
        raise click.ClickException(answer.text)
    if not isinstance(answer, TakenOver):
        for error in answer[:LISTED]:
            click.echo(f"第 {error.line_no} 行：{error.text}", err=True)
        raise click.ClickException(f"文件有 {len(answer):,} 处错误，一条也没有登记。")
    click.echo(
        f"登记年度累计 {answer.recorded:,} 条" + (f"，此前已登记 {answer.known:,} 条" if answer.known else "")
    )


def _vault() -> Vault:
    """The keys of personal data; called inside ``_with_database``, when their folder is there."""
    from gongji.project.vault import KeysMissing, data_vault

    try:
        return data_vault(os.environ, Path.cwd())
    except KeysMissing as error:
        raise click.ClickException(str(error)) from error


def _with_database(work: Callable[[Connection], Awaitable[T]]) -> T:
    """Run ``work`` on the project's database; says what to do when its tables are missing."""
    import asyncpg

    from gongji.project.embedded import EmbeddedError, ensure

    async def run(dsn: str) -> T:
        conn = await asyncpg.connect(dsn)
        try:
            return await work(conn)
        finally:
            await conn.close()

    try:
        with ensure() as server:
            return asyncio.run(run(server.dsn))
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error
