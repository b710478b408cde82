"""Chapters of the family story: the move to another city, a death that is reported late, the heirs."""

from __future__ import annotations

from datetime import date
from typing import Final

from gongji.accounts.cases_opening import open_transfer_out, open_withdrawal, receive_transfer
from gongji.accounts.casework import take_step
from gongji.accounts.interest import credit_interest
from gongji.accounts.values import Payee
from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.members import services
from gongji.policy.calendar import working_calendar
from gongji.project.story.family import Household, documents_asked
from gongji.project.story.household import DAUGHTER, HUSBAND
from gongji.project.story.telling import CASHIER, CLERK, REVIEWER, stated

__all__ = ["die", "inherit", "move"]

HOME, NEW_HOME = HUSBAND.region, DAUGHTER.region
DIED_ON: Final = date(2025, 11, 18)


async def move(home: Household) -> None:
    """The relation goes to another city, and the money of the account with it."""
    stage, husband = home.stage, home.people["husband"]
    on = home.turn(date(2025, 10, 9))
    documents = documents_asked(home, "account.transfer.documents", NEW_HOME)
    held = await home.balance_fen(husband)
    opened = stated(
        await open_transfer_out(
            stage.conn,
            home.office(CLERK),
            husband.psn_no,
            NEW_HOME,
            "晋城市医疗保障局",
            "JC20251009",
            documents,
            left_on=date(2025, 9, 30),
        )
    )
    home.check("转移受理后账户冻结，不能支付", await home.balance_fen(husband) == 0)
    psn_no, case_id = husband.psn_no, opened.case_id
    stated(await take_step(stage.conn, home.office(REVIEWER), psn_no, case_id, "approve"))
    sent = stated(await take_step(stage.conn, home.office(CASHIER), psn_no, case_id, "pay")).steps[-1].content
    paid_fen, interest_fen = int(sent["paid_fen"]), int(sent["interest_fen"])
    home.check("转出的是余额和到转出日的利息", paid_fen == held + interest_fen)
    stated(
        await services.end_relation(
            stage.conn,
            home.act(CLERK, "转出"),
            stage.law,
            working_calendar(),
            husband.psn_no,
            date(2025, 9, 30),
            "transfer_out",
        )
    )
    stated(
        await services.begin_relation(
            stage.conn,
            home.act(CLERK, "转入"),
            stage.law,
            husband.psn_no,
            from_on=date(2025, 10, 1),
            category="retired",
            region=NEW_HOME,
            employer="",
        )
    )
    home.turn(date(2025, 10, 16))
    stated(
        await receive_transfer(
            stage.conn,
            home.office(CLERK),
            husband.psn_no,
            HOME,
            "阳泉市医疗保障局",
            f"YQ{case_id}",
            paid_fen,
        )
    )
    home.say(
        on,
        f"关系由阳泉转到晋城，账户余额 {format_yuan(held)} 元和利息 {format_yuan(interest_fen)} 元随同转移",
    )
    home.check("转入与转出相等，一分不差", await home.balance_fen(husband) == paid_fen)
    gained = []
    for month in (10, 11):
        home.turn(date(2025, month, 20 if month == 10 else 17))
        gained.append(await home.credit(date(2025, month, 1), NEW_HOME))
    home.check("转入地按退休定额划入", gained == [7_000, 7_000])


async def die(home: Household) -> None:
    """A death that nobody reports for two months, in which the account goes on being credited."""
    stage, husband = home.stage, home.people["husband"]
    for month in (date(2025, 12, 1), date(2026, 1, 1)):
        home.turn(month.replace(day=8))
        await home.credit(month, NEW_HOME)
    on = home.turn(date(2026, 1, 12))
    report = stated(await credit_interest(stage.conn, home.office(CLERK), 2025, region=NEW_HOME))
    home.say(
        on, f"2025 年度结息（演示年利率 0.35%）：{report.tally.credited} 人有利息，余额连同利息全额结转下年"
    )
    recorded = stated(
        await services.record_death(
            stage.conn,
            home.act(CLERK, "死亡登记"),
            stage.law,
            working_calendar(),
            husband.psn_no,
            DIED_ON,
            reported_by="relative",
        )
    )
    home.say(on, f"亲属报告：{husband.name} 已于 {DIED_ON} 去世。{'；'.join(recorded.notes)}")
    late = await home.call("1101", {"data": _who(home)})
    home.check("死亡登记后参保状态为终止", late["insuinfo"][0]["psn_insu_stas"] == "4")


def _who(home: Household) -> dict[str, str]:
    husband = home.people["husband"]
    return {
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": husband.cert_no,
        "psn_cert_type": "01",
        "certno": husband.cert_no,
        "psn_name": husband.name,
    }


async def inherit(home: Household) -> None:
    """What was credited too much is taken back first; the rest goes to the heirs in equal parts."""
    stage, husband = home.stage, home.people["husband"]
    on = home.turn(date(2026, 1, 20))
    held = await home.balance_fen(husband)
    heirs = tuple(
        Payee(
            home.people[role].name,
            home.people[role].cert_no,
            relation,
            "演示银行",
            f"62220000000000{order:05d}",
            (1, 2),
        )
        for order, (role, relation) in enumerate((("wife", "spouse"), ("daughter", "child")), start=10)
    )
    documents = documents_asked(home, "account.withdrawal.death_documents", NEW_HOME)
    lacking = await open_withdrawal(
        stage.conn, home.office(CLERK), husband.psn_no, "death", DIED_ON, heirs, documents[:2]
    )
    assert isinstance(lacking, Refusal)
    home.say(on, f"继承人申请支取，材料不全：{lacking.text}")
    opened = stated(
        await open_withdrawal(
            stage.conn, home.office(CLERK), husband.psn_no, "death", DIED_ON, heirs, documents
        )
    )
    stated(await take_step(stage.conn, home.office(REVIEWER), husband.psn_no, opened.case_id, "approve"))
    done = stated(await take_step(stage.conn, home.office(CASHIER), husband.psn_no, opened.case_id, "pay"))
    step = done.steps[-1].content
    parts = [int(step[f"payee:{number}"]) for number in (1, 2)]
    home.say(
        on,
        f"账户 {format_yuan(held)} 元：追回死亡后多计入 {format_yuan(int(step['recovered_fen']))} 元，"
        f"加利息 {format_yuan(int(step['interest_fen']))} 元，"
        f"配偶 {format_yuan(parts[0])} 元，女儿 {format_yuan(parts[1])} 元，账户注销",
    )
    home.check("死亡次月起多计入的两个月共 140.00 元先行追回", step["recovered_fen"] == 14_000)
    whole = held + int(step["interest_fen"])
    home.check("追回与继承合计等于余额加利息，一分不差", sum(parts) + int(step["recovered_fen"]) == whole)
    home.check("两份相差不超过一分", abs(parts[0] - parts[1]) <= 1)
    home.check("账户余额为零", await home.balance_fen(husband) == 0)
