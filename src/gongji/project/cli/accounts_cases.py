"""`gongji accounts transfer-out|transfer-in|withdraw|reopen|case|cases`: balances that leave, or come with a member."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gongji.project.cli.accounts_desk import ACTOR, DAY, PERSON, YUAN, at_office, day_of, payees_in
from gongji.project.cli.desk import RECORD_NO, Desk, actor_text, at_desk, done
from gongji.project.cli.root import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from gongji.accounts.values import Case, Office

__all__ = ["COMMANDS"]

CASE = click.argument("case_id", metavar="业务编号", type=RECORD_NO)
AGENCY = click.option("--agency", required=True, metavar="名称", help="对方经办机构。")
REFERENCE = click.option("--reference", required=True, metavar="号码", help="对方的业务号。")
DOCUMENT = click.option(
    "--document", "documents", multiple=True, metavar="代码", help="已提交的材料，可以给多个。"
)
NOTE = click.option("--note", default="", metavar="说明", help="记入办理经过。")
PAYEES = click.option(
    "--payees", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件",
    help="收款人（YAML 或 JSON）：name、cert_no、relation、bank、bank_account、share（1/2 或 50%）。",
)  # fmt: skip


@click.command("transfer-out", cls=ChineseCommand)
@PERSON
@click.option("--to", "to_region", required=True, metavar="区划", help="转往哪里（统筹区）。")
@AGENCY
@REFERENCE
@DOCUMENT
@click.option("--left", "left_on", type=DAY, metavar="日期", help="在本地参保的最后一天，不写为今天。")
@ACTOR
def transfer_out(
    psn_no: str,
    to_region: str,
    agency: str,
    reference: str,
    documents: tuple[str, ...],
    left_on: datetime | None,
    actor: str,
) -> None:
    """受理转出：冻结账户，复核后把余额划给对方经办机构。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.cases_opening import open_transfer_out

        last = day_of(left_on, office.on)
        case = await open_transfer_out(
            desk.conn, office, psn_no, to_region, agency, reference, documents, left_on=last
        )
        _say(done(case))

    at_office(actor, work)


@click.command("transfer-in", cls=ChineseCommand)
@PERSON
@click.option("--from", "from_region", required=True, metavar="区划", help="从哪里转来（统筹区）。")
@AGENCY
@REFERENCE
@click.option("--amount", required=True, type=YUAN, help="对方划来的金额。")
@ACTOR
def transfer_in(psn_no: str, from_region: str, agency: str, reference: str, amount: int, actor: str) -> None:
    """登记转入并记入个人账户；同一业务号只记一次。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.cases_opening import receive_transfer

        case = await receive_transfer(desk.conn, office, psn_no, from_region, agency, reference, amount)
        _say(done(case))

    at_office(actor, work)


@click.command(cls=ChineseCommand)
@PERSON
@ACTOR
def reopen(psn_no: str, actor: str) -> None:
    """受理恢复已注销的账户（参保人重新参保）；由另一人复核。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.cases_opening import open_reopening

        _say(done(await open_reopening(desk.conn, office, psn_no)))

    at_office(actor, work)


@click.command(cls=ChineseCommand)
@PERSON
@click.option(
    "--ground", required=True, metavar="原因", help="death 死亡，leaving 终止参保；其他原因不得提取现金。"
)
@click.option(
    "--on", "event_on", required=True, type=DAY, metavar="日期", help="死亡日期，或参保的最后一天。"
)
@PAYEES
@DOCUMENT
@click.option("--by-agent", is_flag=True, help="由受托人代办（另须委托书）。")
@ACTOR
def withdraw(
    psn_no: str,
    ground: str,
    event_on: datetime,
    payees: Path | None,
    documents: tuple[str, ...],
    by_agent: bool,
    actor: str,
) -> None:
    """受理支取：冻结账户；缺少的材料一次列出。"""
    people = payees_in(payees)

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.cases_opening import open_withdrawal

        case = await open_withdrawal(
            desk.conn, office, psn_no, ground, event_on.date(), people, documents, by_agent=by_agent
        )
        _say(done(case))

    at_office(actor, work)


@click.group("case", cls=ChineseGroup)
def step() -> None:
    """转出、支取和恢复账户的下一步：复核、支付、登记银行退回、重新支付。"""


def _take(action: str, words: str) -> click.Command:
    @click.command(action, cls=ChineseCommand, help=words, short_help=words)
    @PERSON
    @CASE
    @NOTE
    @ACTOR
    def command(psn_no: str, case_id: int, note: str, actor: str) -> None:
        async def work(desk: Desk, office: Office) -> None:
            from gongji.accounts.casework import take_step

            _say(done(await take_step(desk.conn, office, psn_no, case_id, action, note=note)))

        at_office(actor, work)

    return command


for _action, _words in (
    ("approve", "复核同意（不能是受理人）。"),
    ("reject", "退回申请，账户恢复原状（不能是受理人）。"),
    ("cancel", "撤回申请，账户恢复原状。"),
    ("pay", "支付：先追回多计入的，再计息，然后付清并注销账户（不能是复核人）。"),
):
    step.add_command(_take(_action, _words))


@step.command("return")
@PERSON
@CASE
@click.option(
    "--payee",
    "returned",
    multiple=True,
    type=click.IntRange(1),
    help="第几位收款人的款退回，可以给多个；不写为第一位。",
)
@NOTE
@ACTOR
def came_back(psn_no: str, case_id: int, returned: tuple[int, ...], note: str, actor: str) -> None:
    """登记银行退回的款项。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.casework import take_step

        given = returned or (1,)
        _say(done(await take_step(desk.conn, office, psn_no, case_id, "return", note=note, returned=given)))

    at_office(actor, work)


@step.command()
@PERSON
@CASE
@PAYEES
@NOTE
@ACTOR
def repay(psn_no: str, case_id: int, payees: Path | None, note: str, actor: str) -> None:
    """重新支付退回的款项；银行账户有变时用 --payees 给出（不能是登记退回的人）。"""
    people = payees_in(payees)

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.casework import take_step

        _say(done(await take_step(desk.conn, office, psn_no, case_id, "repay", note=note, payees=people)))

    at_office(actor, work)


@step.command()
@PERSON
@CASE
@ACTOR
def orders(psn_no: str, case_id: int, actor: str) -> None:
    """付款指令：收款人、银行账户和金额的明文（记入访问记录）。"""

    async def work(desk: Desk, office: Office) -> None:
        from gongji.accounts.casework import payment_orders
        from gongji.base.money import format_yuan

        found = done(await payment_orders(desk.conn, office, psn_no, case_id))
        if not found:
            click.echo("没有写明收款人的付款（转出的款项划给对方经办机构）。")
        for one in found:
            payee = one.payee
            click.echo(
                f"{one.number}  {payee.name}  {payee.bank}  {payee.bank_account}  {format_yuan(one.amount_fen)} 元"
            )

    at_office(actor, work)


@click.command(cls=ChineseCommand)
@click.option("--person", "psn_no", metavar="人员编号", help="这位参保人的全部业务和办理经过。")
@click.option("--overdue", is_flag=True, help="只列超过期限的。")
def cases(psn_no: str | None, overdue: bool) -> None:
    """列出待办的转移和支取，期限近的在前。"""

    async def work(desk: Desk) -> None:
        from gongji.accounts.casefile import cases_of, steps_to_do
        from gongji.accounts.cases import ACTIONS, CASE_KINDS, STATES
        from gongji.base.times import CHINA

        if psn_no is not None:
            for case in await cases_of(desk.conn, psn_no):
                _say(case)
                for one in case.steps:
                    note = f"  {one.note}" if one.note else ""
                    click.echo(
                        f"  {one.at.astimezone(CHINA):%Y-%m-%d %H:%M}  {ACTIONS[one.action]}  {actor_text(one.actor)}{note}"
                    )
            return
        for waiting in await steps_to_do(desk.conn, desk.today if overdue else None):
            term = f"  期限 {waiting.due_on}" if waiting.due_on else ""
            click.echo(
                f"{waiting.psn_no}  {waiting.case_id}  {CASE_KINDS[waiting.kind]}  {STATES[waiting.state]}{term}"
            )

    at_desk(work)


def _say(case: Case) -> None:
    """One line about a case, and what was paid when it was."""
    from gongji.accounts.cases import CASE_KINDS, STATES
    from gongji.base.money import format_yuan

    term = f"，期限 {case.due_on}" if case.due_on else ""
    click.echo(f"业务编号 {case.case_id}  {CASE_KINDS[case.kind]}：{STATES[case.state]}{term}")
    content = case.steps[-1].content
    words = {
        "recovered_fen": "追回多计入",
        "interest_fen": "计息",
        "paid_fen": "支付",
        "owed_fen": "尚欠",
        "amount_fen": "记入",
    }
    said = [f"{word} {format_yuan(int(content[key]))} 元" for key, word in words.items() if content.get(key)]
    if said:
        click.echo("  " + "，".join(said))


COMMANDS: Final[tuple[click.Command, ...]] = (
    transfer_out,
    transfer_in,
    withdraw,
    reopen,
    step,
    cases,
)
