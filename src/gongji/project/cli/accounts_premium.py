"""`gongji accounts premium` and `repay`: premiums paid from an account and given back, over-credits that a member pays back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from gongji.project.cli.accounts_desk import ACTOR, PERSON, YUAN, at_office
from gongji.project.cli.desk import RECORD_NO, Desk, done
from gongji.project.cli.root import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from gongji.accounts.values import Office

__all__ = ["COMMANDS"]


@click.group(cls=ChineseGroup)
def premium() -> None:
    """代缴保费：缴纳和退回。"""


@premium.command()
@click.argument("owner", metavar="账户所有人编号")
@click.option("--insured", metavar="编号", help="为谁缴纳，须是本人或已绑定的亲属；不写为本人。")
@click.option(
    "--product", required=True, metavar="险种",
    help="resident_insurance 城乡居民医保，large_amount 职工大额，long_term_care 长期护理保险。",
)  # fmt: skip
@click.option("--year", required=True, type=click.IntRange(2000, 2999), help="缴费年度。")
@click.option("--amount", required=True, type=YUAN, help="金额。")
@click.option("--payee", required=True, metavar="名称", help="收款方。")
@click.option("--number", required=True, metavar="号码", help="本机构的业务号；同号重办不会重复扣款。")
@ACTOR
def pay(
    owner: str, insured: str | None, product: str, year: int, amount: int, payee: str, number: str, actor: str
) -> None:
    """从个人账户缴纳一笔保费；余额不足时整笔不缴。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.premiums import pay_premium
        from gongji.accounts.values import PremiumOrder
        from gongji.base.money import format_yuan

        order = PremiumOrder(owner, insured or owner, product, year, payee, amount, "counter", number)
        paid = done(await pay_premium(desk.conn, office, order))
        words = "此前已缴纳" if paid.repeated else "已缴纳"
        click.echo(f"{words}，缴费编号 {paid.premium_id}，账户余额 {format_yuan(paid.balance_fen)} 元")

    at_office(actor, work)


@premium.command()
@click.argument("owner", metavar="账户所有人编号")
@click.argument("premium_id", metavar="缴费编号", type=RECORD_NO)
@click.option("--reason", required=True, metavar="原因", help="退回的原因。")
@ACTOR
def refund(owner: str, premium_id: int, reason: str, actor: str) -> None:
    """退回一笔保费到个人账户。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.premiums import refund_premium
        from gongji.base.money import format_yuan

        back = done(await refund_premium(desk.conn, office, owner, premium_id, reason))
        click.echo(f"已退回，账户余额 {format_yuan(back.balance_fen)} 元")

    at_office(actor, work)


@click.command(cls=ChineseCommand)
@PERSON
@click.option("--amount", required=True, type=YUAN, help="归还的金额，不能多于尚欠的。")
@click.option("--receipt", required=True, metavar="号码", help="收据号；同一收据只登记一次。")
@ACTOR
def repay(psn_no: str, amount: int, receipt: str, actor: str) -> None:
    """登记参保人或其家属以现金归还的多计入款项（应收）；账户余额不变。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.repayment import repay_debt
        from gongji.base.money import format_yuan

        paid = done(await repay_debt(desk.conn, office, psn_no, amount, receipt))
        words = "此前已登记" if paid.repeated else "已登记"
        click.echo(f"{words}，归还编号 {paid.repayment_id}，尚欠 {format_yuan(paid.owed_fen)} 元")

    at_office(actor, work)


COMMANDS: Final[tuple[click.Command, ...]] = (premium, repay)
