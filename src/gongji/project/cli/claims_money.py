"""The second half of `gongji claims`: settle, correct, pay, take back, close."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from gongji.project.cli.claims_desk import ACTOR, CLAIM, NOTE, OUT, run, verb, verdicts_of
from gongji.project.cli.claims_text import state_text
from gongji.project.cli.desk import Desk, done
from gongji.project.cli.root import ChineseCommand

if TYPE_CHECKING:
    from gongji.claims import Office, Taker

__all__ = ["COMMANDS"]

Move = Callable[..., Awaitable[Any]]
SLIP = click.option("--reference", required=True, metavar="流水号", help="银行流水号。")
PAID_ON = click.option("--on", "paid_on", type=click.DateTime(["%Y-%m-%d"]), help="银行记账日期，默认今天。")


@click.command(cls=ChineseCommand)
@CLAIM
@ACTOR
def settle(claim_id: int, actor: str) -> None:
    """结算：每次就诊按当日政策计算，与其他结算共用起付和限额累计；中断后再次执行即可继续。"""
    from gongji.base.money import format_yuan
    from gongji.claims import settling
    from gongji.settlement.engine import Engine

    async def work(desk: Desk, office: Office, taker: Taker) -> None:
        engine = await Engine.open(desk.dsn, desk.law, 0, ids=desk.ids, vault=desk.vault)
        try:
            case = done(await settling.settle(desk.conn, office, engine, claim_id, taker))
        finally:
            await engine.close()
        for payout in case.payouts:
            click.echo(
                f"第 {payout.visit_no} 次就诊：费用 {format_yuan(payout.total_fen)}，"
                f"政策范围内 {format_yuan(payout.in_scope_fen)}，起付 {format_yuan(payout.deductible_fen)}，"
                f"基金支付 {format_yuan(payout.fund_fen)}（结算ID {payout.settlement_id}）"
            )
        click.echo(f"{state_text(case.state)}：应付 {format_yuan(case.open_fen)} 元")

    run(actor, work)


@click.command(cls=ChineseCommand)
@CLAIM
@ACTOR
def payee(claim_id: int, actor: str) -> None:
    """显示收款账户，留有访问记录。"""
    from gongji.claims import paying

    async def work(desk: Desk, office: Office, taker: Taker) -> None:
        account = done(await paying.payee(desk.conn, office, claim_id, taker))
        click.echo(f"收款人 {account.holder}，{account.bank}，{account.account_no}")

    run(actor, work)


@click.command(cls=ChineseCommand)
@CLAIM
@ACTOR
@SLIP
@PAID_ON
def pay(claim_id: int, actor: str, reference: str, paid_on: datetime | None) -> None:
    """登记支付，由审核人以外的人办理。"""
    from gongji.claims import paying

    _money(paying.pay, claim_id, actor, reference, paid_on)


@click.command(cls=ChineseCommand)
@CLAIM
@ACTOR
@SLIP
@PAID_ON
def recover(claim_id: int, actor: str, reference: str, paid_on: datetime | None) -> None:
    """登记参保人退回的多付款（更正以后）。"""
    from gongji.claims import paying

    _money(paying.recover, claim_id, actor, reference, paid_on)


@click.command(cls=ChineseCommand)
@CLAIM
@ACTOR
@SLIP
@PAID_ON
def bounce(claim_id: int, actor: str, reference: str, paid_on: datetime | None) -> None:
    """登记银行退回的支付，以后可以重付。"""
    from gongji.claims import paying

    _money(paying.bounce, claim_id, actor, reference, paid_on)


@click.command(cls=ChineseCommand)
@CLAIM
@ACTOR
@NOTE
def close(claim_id: int, actor: str, note: str) -> None:
    """办结。"""
    from gongji.claims import paying

    verb(actor, lambda d, o, t: paying.close(d.conn, o, claim_id, t, note))


@click.command(cls=ChineseCommand)
@CLAIM
@ACTOR
@OUT
@click.option("--note", required=True, metavar="文字", help="更正的理由。")
def correct(claim_id: int, actor: str, out: tuple[str, ...], note: str) -> None:
    """更正已结算的报销：给出全部新的剔除，经复审后冲正、重新结算，差额补付或追回。"""
    from gongji.claims import services

    verdicts = verdicts_of(out)
    verb(actor, lambda d, o, t: services.correct(d.conn, o, claim_id, t, verdicts, note))


@click.command(cls=ChineseCommand)
@CLAIM
@ACTOR
@click.option("--note", required=True, metavar="文字", help="不更正的理由。")
def drop(claim_id: int, actor: str, note: str) -> None:
    """复审不同意更正，维持原结算。"""
    from gongji.claims import services

    verb(actor, lambda d, o, t: services.drop(d.conn, o, claim_id, t, note))


def _money(move: Move, claim_id: int, actor: str, reference: str, paid_on: datetime | None) -> None:
    from gongji.base.money import format_yuan

    async def work(desk: Desk, office: Office, taker: Taker) -> None:
        on = paid_on.date() if paid_on else desk.today
        case = done(await move(desk.conn, office, claim_id, taker, reference, on))
        payment = case.last_payment
        click.echo(
            f"{state_text(case.state)}：{format_yuan(payment.amount_fen)} 元，银行流水号 {payment.reference}"
        )

    run(actor, work)


COMMANDS = (settle, payee, pay, recover, bounce, close, correct, drop)
"""In the order of the help."""
