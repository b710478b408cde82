"""`gongji prescriptions`: the e-prescription centre at the agency's desk: look, list, a member's code, what has run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gongji.project.cli.desk import Desk, at_desk, done
from gongji.project.cli.prescriptions_notify import notify
from gongji.project.cli.prescriptions_text import print_case, print_rows
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from gongji.base.actors import Actor
    from gongji.prescriptions.office import RxOffice

__all__ = ["prescriptions"]

RX_NO = click.argument("rx_no", metavar="处方编号")
PAGE = 100
SWEEP = 500


@click.group(cls=ChineseGroup)
def prescriptions() -> None:
    """电子处方中心：查看、列表、二维码、到时处理、通知。"""


prescriptions.add_command(notify)


@prescriptions.command()
def states() -> None:
    """打印处方状态表：每个状态下谁能办什么（docs/prescriptions.md 中的表）。"""
    from gongji.prescriptions.chart import chart

    click.echo(chart())


@prescriptions.command()
@RX_NO
def show(rx_no: str) -> None:
    """查看一张处方：药品、状态、谁接单、取药情况、全部事项。不显示患者姓名和诊断。"""

    async def work(desk: Desk) -> None:
        from gongji.base.reasons import Refusal
        from gongji.prescriptions import selectors

        case = await selectors.case(desk.conn, rx_no)
        print_case(done(case if case is not None else Refusal("RX_NOT_FOUND", rx_no[:40])))

    at_desk(work)


@prescriptions.command("list")
@click.option("--institution", metavar="机构编号", help="开具或接单的机构。")
@click.option("--person", metavar="人员编号", help="参保人。")
@click.option("--state", metavar="状态", help="如 circulating、held、expired；见 states。")
@click.option(
    "--page", type=click.IntRange(1, 10_000), default=1, metavar="页", help="每页 100 张，默认第 1 页。"
)
def list_(institution: str | None, person: str | None, state: str | None, page: int) -> None:
    """列出处方，新的在前。"""

    async def work(desk: Desk) -> None:
        from gongji.prescriptions import selectors
        from gongji.prescriptions.states import STATES

        if state is not None and state not in STATES:
            raise click.ClickException(f"没有状态 {state}，可用 {'、'.join(STATES)}。")
        skipped = (page - 1) * PAGE
        print_rows(
            await selectors.listed(desk.conn, institution, state, person=person, limit=PAGE, offset=skipped)
        )

    at_desk(work)


@prescriptions.command()
@RX_NO
@click.argument("person", metavar="人员编号")
@click.option("--pharmacy", default="", metavar="机构编号", help="改为给这家药店的线上授权号。")
def code(rx_no: str, person: str, pharmacy: str) -> None:
    """给参保人出示用的处方二维码内容：限时，只能用一次。"""

    async def work(desk: Desk) -> None:
        from gongji.base.actors import Actor
        from gongji.prescriptions import services
        from gongji.prescriptions.states import clock_text

        office = await _office(desk, Actor("member", person))
        shown = done(await services.show_code(desk.conn, office, person, rx_no, pharmacy=pharmacy))
        click.echo(shown.text)
        click.echo(f"有效至 {clock_text(shown.until)}", err=True)

    at_desk(work)


@prescriptions.command()
def expire() -> None:
    """登记已到时的接单和已过有效期的处方；服务运行时会自动进行。"""

    async def work(desk: Desk) -> None:
        from gongji.base.actors import SYSTEM
        from gongji.prescriptions import services

        office, total = await _office(desk, SYSTEM), 0
        while number := await services.expire(desk.conn, office, SWEEP):
            total += number
        click.echo(f"已处理 {total} 张。")

    at_desk(work)


async def _office(desk: Desk, actor: Actor) -> RxOffice:
    """The centre at a desk."""
    from gongji.catalog import selectors as catalog
    from gongji.gateway.epc.signer import register_signer
    from gongji.prescriptions.office import RxOffice
    from gongji.providers import selectors as providers

    book = await providers.load(desk.conn, desk.vault)
    return RxOffice(
        law=desk.law,
        catalogue=await catalog.load(desk.conn),
        book=book,
        vault=desk.vault,
        ids=desk.ids,
        signer=register_signer(lambda: book),
        actor=actor,
        at=desk.now(),
    )
