"""`gongji claims`: manual claims (零星报销) at the agency's counter: take in, review twice, settle, pay, watch the terms."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongji.project.cli.claims_desk import (
    ACTOR,
    CLAIM,
    NOTE,
    OUT,
    calendar_of,
    office_of,
    run,
    taker_of,
    text_of,
    verb,
    verdicts_of,
)
from gongji.project.cli.claims_money import COMMANDS as MONEY
from gongji.project.cli.claims_text import print_case, print_rows, state_text
from gongji.project.cli.desk import Desk, at_desk, done
from gongji.project.cli.root import ChineseGroup

if TYPE_CHECKING:
    from gongji.claims import Office, Taker

__all__ = ["claims"]

SOON_DAYS = 7


@click.group(cls=ChineseGroup)
def claims() -> None:
    """零星报销：受理、退回补正、初审、复审、结算、支付、期限。

    节假日安排在政策库中；新公布年度的文件可用环境变量 GONGJI_CALENDAR 指定（多个用冒号分开）。
    """


@claims.command()
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@ACTOR
def receive(file: Path, actor: str) -> None:
    """受理一件申请（YAML 或 JSON 文件，见 docs/claims.md）。"""
    from gongji.claims import receiving
    from gongji.claims.filing import read_application
    from gongji.claims.rules import document_titles

    text = text_of(file)

    async def work(desk: Desk, office: Office, taker: Taker) -> None:
        application, personal = read_application(text, file.name, office.law, desk.today)
        taken = done(await receiving.receive(desk.conn, office, application, personal, taker))
        click.echo(f"报销编号 {taken.claim_id}：{state_text(taken.state)}")
        deadline = taken.deadline
        click.echo(f"办结期限 {deadline}" if isinstance(deadline, date) else f"办结期限待定：{deadline.text}")
        if taken.missing:
            click.echo(f"还缺材料：{'、'.join(document_titles(office.law, taken.missing))}")
        for number, refusal in taken.refused_visits:
            click.echo(f"第 {number} 次就诊不予支付：{refusal.text}")

    run(actor, work)


@claims.command("list")
@click.option("--state", type=str, help="只列这种状态，如 received。")
@click.option("--member", "psn_no", type=str, help="只列这位参保人的。")
@click.option("--limit", default=50, show_default="50", type=click.IntRange(1, 1_000), help="最多列多少件。")
def listing(state: str | None, psn_no: str | None, limit: int) -> None:
    """列出零星报销，最近受理的在前。"""
    from gongji.claims import STATES, selectors

    if state is not None and state not in STATES:
        raise click.ClickException(f"没有状态 {state}；可写 {'、'.join(STATES)}")

    async def work(desk: Desk) -> None:
        print_rows(await selectors.claims(desk.conn, state=state, psn_no=psn_no, limit=limit), desk.today)

    at_desk(work)


@claims.command()
@CLAIM
def show(claim_id: int) -> None:
    """一件零星报销的费用、材料和办理经过（不显示收款账户等个人信息）。"""
    from gongji.claims import selectors
    from gongji.claims.values import invoices_of

    async def work(desk: Desk) -> None:
        case = await selectors.case(desk.conn, claim_id)
        if case is None:
            raise click.ClickException(f"没有零星报销 {claim_id}")
        print_case(case, desk.law)
        for other in await selectors.holders(desk.conn, invoices_of(case.application)):
            if other.claim_id != claim_id:
                click.echo(
                    f"注意：票据 {other.invoice_no} 同号见于 {other.institution} 的报销 {other.claim_id}"
                )

    at_desk(work)


@claims.command("return")
@CLAIM
@ACTOR
@NOTE
def give_back(claim_id: int, actor: str, note: str) -> None:
    """退回补正：一次告知全部缺少的材料，只能退回一次。"""
    from gongji.claims import services
    from gongji.claims.rules import document_titles

    async def work(desk: Desk, office: Office, taker: Taker) -> None:
        case = done(await services.give_back(desk.conn, office, claim_id, taker, note))
        missing = case.steps[-1].content.documents
        click.echo(
            f"{state_text(case.state)}：{'、'.join((*document_titles(office.law, missing), *([note] if note else [])))}"
        )

    run(actor, work)


@claims.command()
@CLAIM
@ACTOR
@click.option(
    "--document", "given", multiple=True, metavar="材料", help="补交的材料（名称或代码）；可以给多个。"
)
@click.option("--payee", nargs=3, metavar="户名 开户行 账号", help="另一个收款账户（银行退回以后）。")
@NOTE
def supplement(
    claim_id: int, actor: str, given: tuple[str, ...], payee: tuple[str, str, str] | None, note: str
) -> None:
    """登记补交的材料，或新的收款账户。"""
    from gongji.claims import Payee, rules, services

    async def work(desk: Desk, office: Office, taker: Taker) -> None:
        codes = {name: code for code, name in rules.documents(office.law).items()}
        documents = [codes.get(one, one) for one in given]
        account = Payee(*payee) if payee else None
        case = await services.supplement(desk.conn, office, claim_id, taker, documents, account, note)
        click.echo(f"报销编号 {claim_id}：{state_text(done(case).state)}")

    run(actor, work)


@claims.command()
@CLAIM
@ACTOR
@OUT
@NOTE
def review(claim_id: int, actor: str, out: tuple[str, ...], note: str) -> None:
    """初审：材料齐全、待遇成立，剔除不予支付的费用。"""
    from gongji.claims import services

    verdicts = verdicts_of(out)
    verb(actor, lambda d, o, t: services.review(d.conn, o, claim_id, t, verdicts, note))


@claims.command()
@CLAIM
@ACTOR
@NOTE
def approve(claim_id: int, actor: str, note: str) -> None:
    """复审通过，由初审人以外的人办理。"""
    from gongji.claims import services

    verb(actor, lambda d, o, t: services.approve(d.conn, o, claim_id, t, note))


@claims.command("send-back")
@CLAIM
@ACTOR
@click.option("--note", required=True, metavar="文字", help="要初审人重看什么。")
def send_back(claim_id: int, actor: str, note: str) -> None:
    """复审不通过，退回初审。"""
    from gongji.claims import services

    verb(actor, lambda d, o, t: services.send_back(d.conn, o, claim_id, t, note))


@claims.command()
@CLAIM
@ACTOR
@click.option("--reason", metavar="原因", help="原因代码；不写时用政策给出的原因。")
@click.option("--clause", default="", metavar="条款", help="依据的条款，如 QY.art23.1。")
@NOTE
def refuse(claim_id: int, actor: str, reason: str | None, clause: str, note: str) -> None:
    """不予支付，须有原因和依据的条文。"""
    from gongji.base.reasons import REASONS, Refusal
    from gongji.claims import services

    if reason is not None and reason not in REASONS:
        raise click.ClickException(f"没有原因代码 {reason}")
    refusal = Refusal(reason, note, clause or None) if reason else None

    async def work(desk: Desk, office: Office, taker: Taker) -> None:
        case = done(await services.refuse(desk.conn, office, claim_id, taker, refusal))
        click.echo(f"{state_text(case.state)}：{case.steps[-1].content.refusal}")

    run(actor, work)


@claims.command()
@CLAIM
@ACTOR
@NOTE
def withdraw(claim_id: int, actor: str, note: str) -> None:
    """参保人撤回申请（结算以前）。"""
    from gongji.claims import services

    verb(actor, lambda d, o, t: services.withdraw(d.conn, o, claim_id, t, note))


@claims.command()
@click.option(
    "--days", default=SOON_DAYS, show_default="7", type=click.IntRange(0, 366), help="也列出几天内到期的。"
)
def overdue(days: int) -> None:
    """超期和即将到期、还没有办完的报销。"""
    from datetime import timedelta

    from gongji.claims import receiving, rules, selectors

    async def work(desk: Desk) -> None:
        office = await office_of(desk)
        await receiving.complete_deadlines(desk.conn, office, taker_of(desk, "system", "gongji"))
        print_rows(await selectors.due(desk.conn, None, desk.today + timedelta(days=days)), desk.today)
        for claim in await selectors.undated(desk.conn):
            why = rules.deadline(office.law, office.calendar, claim.region, claim.received_on)
            click.echo(f"{claim.claim_id}  受理 {claim.received_on}  期限待定：{why}")

    at_desk(work)


@claims.command()
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="受理日期从。")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="受理日期至。")
def statistics(since: datetime, until: datetime) -> None:
    """按参保地和状态统计件数、金额和超期件数。"""
    from gongji.base.money import format_yuan
    from gongji.claims import selectors

    if until < since:
        raise click.BadParameter("早于 --since", param_hint="--until")

    async def work(desk: Desk) -> None:
        for row in await selectors.statistics(desk.conn, since.date(), until.date(), desk.today):
            click.echo(
                f"{row.region}  {state_text(row.state)}  {row.claims:,} 件  费用 {format_yuan(row.total_fen)}  "
                f"基金 {format_yuan(row.fund_fen)}  已付 {format_yuan(row.paid_fen)}  超期 {row.late:,} 件"
            )

    at_desk(work)


@claims.command()
@click.argument("received", metavar="受理日期", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--days", default=30, show_default="30", type=click.IntRange(0, 1_000), help="工作日数。")
def calendar(received: datetime, days: int) -> None:
    """推算期限：受理次日起第几个工作日是哪一天（国务院放假安排，含调休上班）。"""
    table = calendar_of()
    due_on = done(table.add_working_days(received.date(), days))
    click.echo(
        f"{received.date()} 受理，{days} 个工作日，期限 {due_on}（{'一二三四五六日'[due_on.weekday()]}）"
    )
    for year in range(received.year, due_on.year + 1):
        click.echo(f"依据 {table.tables[year].notice} {table.tables[year].title}")


for command in MONEY:
    claims.add_command(command)
