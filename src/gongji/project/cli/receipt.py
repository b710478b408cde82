"""`gongji receipt`: the 结算单 of a stored settlement, on the screen or as a page to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongji.base.actors import Actor
from gongji.project.cli.desk import Desk, actor_option, at_desk
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from gongji.explain.receipt import Receipt

__all__ = ["receipt"]

LARGEST = 2**63 - 1
"""No settlement has a larger number."""


@click.command(cls=ChineseCommand)
@click.argument("psn_no", metavar="人员编号")
@click.argument("setl_id", metavar="结算ID")
@click.option(
    "--html",
    "to",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="写成可打印的网页（两联：参保人联、机构留存联）。",
)
@actor_option("打印人姓名，记入访问记录。")
def receipt(psn_no: str, setl_id: str, to: Path | None, actor: str) -> None:
    """打印一笔结算或退费的结算单。

    人员编号和结算ID 见【2207】【2102】【2208】的回答。
    """
    from gongji.explain.receipt import receipt_text

    if not setl_id.isascii() or not setl_id.isdigit():
        raise click.ClickException(f"结算ID 是一串数字，不是 {setl_id!r}")

    async def work(desk: Desk) -> Receipt | None:
        from gongji.members.access import Access, record_all
        from gongji.project.laws import known_laws
        from gongji.web.receipts import UnknownLaw, stored_receipt

        try:
            paper = await stored_receipt(
                desk.conn, desk.vault, await known_laws(desk.conn), psn_no, int(setl_id)
            )
        except UnknownLaw as unknown:
            raise click.ClickException(f"这笔结算所用的政策库版本 {unknown} 不在本程序中") from None
        if paper is not None:
            look = Access(
                psn_no, desk.ids.next(), desk.now(), Actor("agency", actor), "receipt", ("psn_name",)
            )
            await record_all(desk.conn, [look])
        return paper

    paper = at_desk(work) if len(setl_id) <= len(str(LARGEST)) and int(setl_id) <= LARGEST else None
    if paper is None:
        raise click.ClickException(f"没有查到参保人 {psn_no} 的结算 {setl_id[:20]}")
    if to is None:
        click.echo(receipt_text(paper))
        return
    from gongji.web.receipts import file_page

    to.write_text(file_page(paper), encoding="utf-8")
    click.echo(f"结算单已写入 {to}")
