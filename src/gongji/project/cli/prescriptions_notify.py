"""`gongji prescriptions notify`: send hospitals the notices that are due, and list what did not get through."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import click

from gongji.project.cli.desk import at_desk
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from gongji.gateway.epc.notices import Waiting
    from gongji.gateway.epc.sender import Tally
    from gongji.project.cli.desk import Desk

__all__ = ["notify"]

LISTED = 100


@click.command(cls=ChineseCommand)
@click.option("--again", is_flag=True, help="已停发的重新发送，再试一天。")
@click.option("--institution", default="", metavar="机构编号", help="与 --again 一起用：只重发给这家机构的。")
@click.option("--list", "only_list", is_flag=True, help="只列出没有送达的，不发送。")
def notify(again: bool, institution: str, only_list: bool) -> None:
    """把审方结果和取药结果通知开方机构（7108、7109），并列出没有送达的。

    服务运行时会自动发送；本命令补齐最近两天的通知，立即发送到期的。不成功的逐次延后重试，满一天停发。
    """

    async def work(desk: Desk) -> None:
        from gongji.gateway.epc import notices

        if again:
            click.echo(f"重新发送 {await notices.again(desk.conn, desk.now(), institution)} 条。")
        if not only_list:
            tally = await _send(desk)
            click.echo(f"新通知 {tally.made} 条，送达 {tally.sent} 条，未送达 {tally.failed} 条。")
        for one in await notices.waiting(desk.conn, LISTED):
            click.echo(_line(one))

    at_desk(work)


async def _send(desk: Desk) -> Tally:
    """Round after round until nothing is due."""
    import asyncpg

    from gongji.gateway.epc.sender import Sender, Tally, threads
    from gongji.gateway.epc.signer import centre_signing, register_signer
    from gongji.gateway.journal import configure
    from gongji.providers import selectors as providers

    configure(BytesIO())  # a server's log lines; here the sums and the list say what became of each notice
    book = await providers.load(desk.conn, desk.vault)
    signer = register_signer(lambda: book)
    if centre_signing(book, signer, desk.now()) is None:
        raise click.ClickException("没有可用的平台证书（EPC），不能签名，通知没有发送")
    async with asyncpg.create_pool(desk.dsn, min_size=1, max_size=4) as pool, threads() as executor:
        sender = Sender(
            pool.acquire,
            lambda: book,
            lambda: centre_signing(book, signer, desk.now()),
            desk.ids,
            desk.now,
            executor,
        )
        total = Tally()
        while (tally := await sender.round()) != Tally():
            total = Tally(total.made + tally.made, total.sent + tally.sent, total.failed + tally.failed)
        return total


def _line(one: Waiting) -> str:
    from gongji.base.times import CHINA

    event_at = f"{one.event_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if one.given_up_at is not None:
        fate = f"已停发（{one.remark}）"
    elif one.remark and one.due_at is not None:
        fate = f"{one.due_at.astimezone(CHINA):%m-%d %H:%M} 重试（{one.remark}）"
    else:
        fate = "待发送"
    return (
        f"{one.infno} 处方 {one.rx_id} → {one.institution}，事项时间 {event_at}，已发 {one.tries} 次，{fate}"
    )
