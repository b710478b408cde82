"""`gongji explain`: a stored settlement or refund, amount by amount, with the articles behind it."""

from __future__ import annotations

import asyncio
from typing import Final

import click

from gongji.project.cli.root import ChineseCommand

__all__ = ["explain"]

READERS: Final = ("member", "agency", "machine")


@click.command(cls=ChineseCommand)
@click.argument("psn_no", metavar="人员编号")
@click.argument("setl_id", metavar="结算ID")
@click.option(
    "--for",
    "reader",
    type=click.Choice(READERS),
    default="agency",
    show_default=True,
    help="给谁看：member 参保人（最多八行），agency 经办（逐项），machine 程序（JSON）。",
)
def explain(psn_no: str, setl_id: str, reader: str) -> None:
    """说明一笔已存的结算或退费：每个金额的公式、数字和条文。

    人员编号和结算ID 见【2207】【2102】【2208】的回答。
    """
    from gongji.project.embedded import EmbeddedError, ensure

    if not setl_id.isascii() or not setl_id.isdigit():
        raise click.ClickException(f"结算ID 是一串数字，不是 {setl_id!r}")
    try:
        with ensure() as server:
            text = asyncio.run(_run(server.dsn, psn_no, int(setl_id), reader))
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error
    if text is None:
        raise click.ClickException(f"没有查到参保人 {psn_no} 的结算 {setl_id}")
    click.echo(text)


async def _run(dsn: str, psn_no: str, settlement_id: int, reader: str) -> str | None:
    import asyncpg

    from gongji.project.laws import known_laws
    from gongji.project.statement import UnknownLaw, statement
    from gongji.settlement.engine import connect

    conn = await connect(dsn)
    try:
        return await statement(conn, await known_laws(conn), psn_no, settlement_id, reader)
    except asyncpg.UndefinedTableError:
        raise click.ClickException("数据库里还没有表，请先运行 gongji migrate。") from None
    except UnknownLaw as unknown:
        raise click.ClickException(f"这笔结算所用的政策库版本 {unknown} 不在本程序中") from None
    finally:
        await conn.close()
