"""`gongji verify`: replay every settlement, refold every sum, check the chain and the books, name what differs."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongji.project.cli.overlay import OverlayFile
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from datetime import date

    from gongji.project.verification import Verification

__all__ = ["verify"]

NAMES = {
    "pool": "统筹基金",
    "dual_channel": "双通道谈判药品",
    "as_inpatient": "参照住院的门诊治疗",
    "chronic": "门诊慢特病",
    "account": "个人账户",
    "mutual": "家庭共济",
    "cash": "现金",
    "provider": "应付机构",
    "claim": "应付零星报销",
    "credit": "个人账户划入",
    "interest": "个人账户利息",
    "receivable": "应收多计入",
}
SHOWN = 20


@click.command(cls=ChineseCommand)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="只核验从这一天起有结算的参保人；总账总是全部核对。"
)
@click.option(
    "--overlay",
    "overlays",
    multiple=True,
    envvar="GONGJI_OVERLAY",
    type=OverlayFile(),
    help="结算时使用过的补充参数文件，可以给多个。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def verify(since: datetime | None, overlays: tuple[Path, ...], as_json: bool) -> None:
    """核验：按当时的政策重算每一笔结算和划入，重建累计和余额，检查哈希链、账簿、参保变更历史和零星报销。

    有任何不一致时退出状态为 1。
    """
    import msgspec

    from gongji.project.embedded import ensure

    with ensure() as server:
        report = asyncio.run(_run(server.dsn, since.date() if since else None, overlays, quiet=as_json))
    if as_json:
        click.echo(msgspec.json.encode(report))
    else:
        _print(report)
    if not report.clean:
        sys.exit(1)


async def _run(dsn: str, since: date | None, overlays: tuple[Path, ...], *, quiet: bool) -> Verification:
    from gongji.project.laws import known_laws
    from gongji.project.verification import verify as check
    from gongji.settlement.engine import connect

    def progress(done: int) -> None:
        if not quiet and sys.stderr.isatty():
            click.echo(f"\r已核验 {done:,} 笔", nl=False, err=True)

    conn = await connect(dsn)
    try:
        report = await check(conn, await known_laws(conn, overlays), since=since, progress=progress)
    finally:
        await conn.close()
    if not quiet and sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    return report


def _print(report: Verification) -> None:
    from gongji.base.money import format_yuan

    click.echo(
        f"核验 {report.persons:,} 人：结算 {report.settlements:,} 笔，撤销 {report.reversals:,} 笔，期初 {report.openings:,} 笔"
        + (f"，作废报文编号 {report.voids:,} 个" if report.voids else "")
    )
    click.echo(
        f"政策库版本 {len(report.digests)} 个："
        + "、".join(f"{d[:12]}…（{n:,} 笔）" for d, n in report.digests.items())
    )
    for row in report.trial:
        derived = "" if row.derived_fen is None else f"  累计 {format_yuan(row.derived_fen)}"
        mark = "平" if row.balanced else "不平"
        click.echo(
            f"  {mark}  {NAMES[row.name]}：结算 {format_yuan(row.settlements_fen)}"
            f"  凭证 {format_yuan(row.journal_fen)}{derived}"
        )
    for difference in report.listed[:SHOWN]:
        click.echo(
            f"不一致  参保人 {difference.person}  结算 {difference.settlement_id or '—'}  {difference.field}："
            f"存 {difference.stored}，重算 {difference.recomputed}"
        )
    if report.count > SHOWN:
        click.echo(f"……共 {report.count:,} 处不一致（--json 列出前 {len(report.listed):,} 处）")
    click.echo("全部一致。" if report.clean else f"发现 {report.count:,} 处不一致。")
