"""`gongji demo`: one member's story through HTTP, the explained statement, and whether the books agree."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING

import click

from gongji.project.cli.root import ChineseCommand
from gongji.project.story.service import DEFAULT_URL, ServiceFailed, service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gongji.project.story.play import Check, Told
    from gongji.project.verification import Verification

__all__ = ["demo"]


@click.command(cls=ChineseCommand)
@click.option(
    "--story",
    type=click.Choice(["visit", "family", "prescription"]),
    default="visit",
    show_default=True,
    help="visit 一次就诊；family 一个家庭的个人账户：缴费、退休、共济、异地、报销、转移、继承；"
    "prescription 处方流转：开方、拆分、代购、过期、长期处方、退药。",
)
@click.option("--url", help=f"已运行的服务地址；不给则先找 {DEFAULT_URL}，没有就自行启动一个。")
def demo(story: str, url: str | None) -> None:
    """演示：一位参保人经国家接口挂号、结算、凭处方购药、退药，一次丢失的回答被找回；一个家庭的十三个月；或处方流转。

    最后打印逐条说明的结算单或对账单，并核验全部账目。每一项都成立时退出状态为 0。
    """
    from gongji.project.embedded import EmbeddedError

    started = time.monotonic()
    try:
        checks, report = _visit(url) if story == "visit" else _on_stage(story, url)
    except (EmbeddedError, ServiceFailed) as error:
        raise click.ClickException(str(error)) from error
    click.secho("\n核验（gongji verify）", bold=True)
    click.echo(
        f"  {report.persons} 人，结算 {report.settlements} 笔，撤销 {report.reversals} 笔："
        + ("累计、余额、凭证、哈希链全部一致" if report.clean else f"{report.count} 处不一致")
    )
    held = all(check.held for check in checks) and report.clean
    click.secho(
        f"\n{'全部成立' if held else '有不成立的项目'}：核对 {len(checks)} 项，用时 {time.monotonic() - started:.1f} 秒。",
        fg="green" if held else "red",
        bold=True,
    )
    if not held:
        sys.exit(1)


def _visit(url: str | None) -> tuple[Sequence[Check], Verification]:
    from gongji.project.embedded import ensure

    with ensure() as server, service(url, click.echo) as base_url:
        told = _play(base_url)
        statement, report = asyncio.run(_read_back(server.dsn, told))
    click.secho("\n结算单说明（参保人）", bold=True)
    click.echo(statement)
    click.echo(f"  逐项说明：gongji explain {told.psn_no} {told.setl_id}")
    return told.checks, report


def _on_stage(story: str, url: str | None) -> tuple[Sequence[Check], Verification]:
    from gongji.project.cli import demo_family, demo_prescription

    if url is not None:
        raise click.ClickException("这个故事历时数月，自带时钟和服务，不使用已运行的服务；请去掉 --url。")
    if story == "family":
        home, report = demo_family.tell()
        return home.checks, report
    play, report = demo_prescription.tell()
    return play.checks, report


def _play(base_url: str) -> Told:
    from gongji.demo_data import generate
    from gongji.project.story.cast import cast_of
    from gongji.project.story.client import AnswerLost, Caller, CallFailed, Institution
    from gongji.project.story.play import Story

    def dial(institution: Institution) -> Caller:
        return Caller(base_url, institution, datetime.now)

    def say(infno: str, text: str) -> None:
        click.echo(f"  {infno:<6}{text}")

    click.secho("一位参保人的一次就诊", bold=True)
    try:
        return Story(cast_of(generate(), _deductible_fen()), dial, say).play()
    except CallFailed as failed:
        raise click.ClickException(f"【{failed.infno}】未成功：{failed.message}") from failed
    except AnswerLost as lost:
        raise click.ClickException(f"没有收到回答：{lost}") from lost


def _deductible_fen() -> int:
    """Today's deductible of a visit at the story's hospital, from the law."""
    from gongji.base.reasons import Refusal
    from gongji.base.times import CHINA
    from gongji.kernel.layout import ROW_DEDUCTIBLE_FEN
    from gongji.policy import compile_law, load_library

    row = compile_law(load_library()).row(
        "140100", datetime.now(CHINA).date(), {"status": "active", "place": "class3"}
    )
    if isinstance(row, Refusal):
        raise click.ClickException(row.text)
    return row.cells[ROW_DEDUCTIBLE_FEN]


async def _read_back(dsn: str, told: Told) -> tuple[str, Verification]:
    """The visit's settlement explained from the stored fact, and the check of everything stored."""
    import asyncpg

    from gongji.project.laws import known_laws
    from gongji.project.statement import statement
    from gongji.project.verification import verify
    from gongji.settlement.engine import connect

    conn = await connect(dsn)
    try:
        known = await known_laws(conn)
        text = await statement(conn, known, told.psn_no, int(told.setl_id), "member")
        if text is None:
            raise click.ClickException(
                "这个服务使用另一个数据库，无法读回结算单；请在同一目录下运行 gongji demo。"
            )
        return "\n".join(f"  {line}" for line in text.splitlines()), await verify(conn, known)
    except asyncpg.UndefinedTableError:
        raise click.ClickException("数据库里还没有表，请先运行 gongji migrate。") from None
    finally:
        await conn.close()
