"""The chapters of the family story, in their order; each says what an officer, the family or the health centre does on a day."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Final

from gongji.accounts.cases_opening import open_transfer_out, open_withdrawal, receive_transfer
from gongji.accounts.casework import take_step
from gongji.accounts.interest import credit_interest
from gongji.accounts.limits import set_limit
from gongji.accounts.values import Limit, Payee
from gongji.base.actors import Actor
from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.claims import services as claims
from gongji.claims.office import Office as ClaimOffice
from gongji.claims.paying import pay
from gongji.claims.settling import settle
from gongji.claims.steps import Taker
from gongji.claims.values import Application, ClaimVisit, Personal, Place
from gongji.claims.values import Payee as ClaimPayee
from gongji.encounters.values import FeeLine
from gongji.members import entitlements, family, services
from gongji.members.family_rules import FamilyRequest
from gongji.members.import_report import RowError
from gongji.members.imports import import_contributions
from gongji.members.rows import FilingRow
from gongji.policy.calendar import working_calendar
from gongji.project.story.cast import Good
from gongji.project.story.family import CASHIER, CLERK, OPENING_FEN, REVIEWER, Household, refusal_of, stated
from gongji.project.story.household import DAUGHTER, HUSBAND, WIFE, register
from gongji.project.story.messages import decimal

__all__ = ["CHAPTERS"]

EMPLOYER: Final = "演示煤业公司"
HOME, AWAY, NEW_HOME = HUSBAND.region, WIFE.region, DAUGHTER.region
DIED_ON: Final = date(2025, 11, 18)
FILE_HEAD: Final = "证件号码,姓名,费款所属期,缴费基数,个人缴费,单位缴费,缴款期限,到账日期\n"


async def insure(home: Household) -> None:
    """参保登记: the family, their relations, e-vouchers and the account that the husband brings along."""
    on = home.turn(date(2025, 1, 2))
    stage = home.stage
    for role, person in (("husband", HUSBAND), ("wife", WIFE), ("daughter", DAUGHTER)):
        home.people[role] = await register(stage, home.act(CLERK, "参保登记"), person)
    relations = (
        ("husband", date(1990, 7, 1), "employee", HOME, EMPLOYER),
        ("wife", date(2021, 4, 1), "retired", AWAY, "演示中学"),
        ("daughter", date(2014, 7, 1), "employee", NEW_HOME, "演示软件公司"),
    )
    for role, from_on, category, region, employer in relations:
        member = home.people[role]
        begun = await services.begin_relation(
            stage.conn, home.act(CLERK, "参保登记"), stage.law, member.psn_no,
            from_on=from_on, category=category, region=region, employer=employer,
        )  # fmt: skip
        stated(begun)
        issued = await entitlements.issue_credential(
            stage.conn, home.act(CLERK, "激活"), member.psn_no, "voucher", member.token, date(2024, 1, 1)
        )
        stated(issued)
    await home.open_account(home.people["husband"], OPENING_FEN)
    await home.open_account(home.people["wife"], 0)
    home.say(
        on,
        f"参保登记：{HUSBAND.name}（在职，阳泉，账户 {format_yuan(OPENING_FEN)} 元）、"
        f"{WIFE.name}（退休，太原）、{DAUGHTER.name}（在职，晋城）",
    )


async def contribute(home: Household) -> None:
    """The employer's monthly files, one of them with a mistake, and the crediting runs of five months."""
    husband = home.people["husband"]
    broken = husband.cert_no[:-1] + ("1" if husband.cert_no[-1] != "1" else "2")
    on = home.turn(date(2025, 1, 20))
    refused = await _import(home, date(2025, 1, 1), (husband.cert_no, broken))
    home.say(on, f"{EMPLOYER} 一月缴费文件有错，整份不收：第 {refused[1][0].line_no} 行 {refused[1][0].text}")
    home.check("缴费文件有一行错误时，整份没有入账", refused[0] == "refused" and await _months(home) == 0)
    gained = []
    for month in (date(2025, number, 1) for number in range(1, 6)):
        home.turn(month.replace(day=21))
        state, _ = await _import(home, month, (husband.cert_no,))
        home.check(
            f"{month:%m月}缴费文件入账，重复导入不变", (state, await _again(home, month)) == ("taken", True)
        )
        home.turn(month.replace(day=28))
        gained.append(await home.credit(month, HOME))
    home.check("在职按缴费基数 6000.00 元的 2% 划入：每月 120.00 元", gained == [12_000] * 5)
    home.check("同一月份再跑一次不再划入", await home.credit(date(2025, 5, 1), HOME) == 0)


async def _import(home: Household, month: date, numbers: Sequence[str]) -> tuple[str, tuple[RowError, ...]]:
    """One employer's file for one month; answers its state and errors."""
    rows = [
        f"{number},{HUSBAND.name},{month:%Y-%m},6000.00,120.00,390.00,{month:%Y-%m}-25,{month:%Y-%m}-20\n"
        for number in numbers
    ]
    stage = home.stage
    report = stated(
        await import_contributions(
            stage.conn,
            stage.vault,
            io.BytesIO((FILE_HEAD + "".join(rows)).encode("gbk")),
            f"{EMPLOYER}{month:%Y%m}.csv",
            mode="all_or_nothing",
            actor=CLERK,
            at=stage.clock.now(),
            ids=stage.ids,
            employer=EMPLOYER,
            month=month,
        )
    )
    return report.state, report.errors


async def _again(home: Household, month: date) -> bool:
    """Whether the same file changes nothing the second time."""
    before = await _months(home)
    await _import(home, month, (home.people["husband"].cert_no,))
    return await _months(home) == before


async def _months(home: Household) -> int:
    psn_no = home.people["husband"].psn_no
    count = await home.stage.conn.fetchval(
        "SELECT count(*) FROM members_contribution WHERE psn_no = $1", psn_no
    )
    return int(count)


async def retire(home: Household) -> None:
    """Retirement approved in the middle of June: June as active, July as retired."""
    on = home.turn(date(2025, 6, 16))
    stage = home.stage
    husband = home.people["husband"]
    stated(await services.retire(stage.conn, home.act(CLERK, "退休审批"), stage.law, husband.psn_no, on))
    home.say(on, f"{husband.name} 批准退休，次月起按退休人员")
    home.turn(date(2025, 6, 21))
    await _import(home, date(2025, 6, 1), (husband.cert_no,))
    home.turn(date(2025, 6, 28))
    june = await home.credit(date(2025, 6, 1), HOME)
    home.turn(date(2025, 7, 5))
    july = await home.credit(date(2025, 7, 1), HOME)
    home.check("退休当月仍按在职划入 120.00 元，次月起按退休定额 70.00 元", (june, july) == (12_000, 7_000))


async def bind(home: Household) -> None:
    """The husband lets his wife use his account, within a limit; two officers are needed."""
    on = home.turn(date(2025, 7, 10))
    stage = home.stage
    husband, wife = home.people["husband"], home.people["wife"]
    owner = Actor("member", husband.psn_no)
    request = FamilyRequest(husband.psn_no, wife.psn_no, "spouse", "marriage_certificate", True, on)
    number = stage.ids.next()
    stated(
        await family.apply(
            stage.conn,
            stage.law,
            request,
            account_state="open",
            declaration_id=number,
            actor=CLERK,
            at=stage.clock.now(),
            on=on,
        )
    )

    async def decide(actor: Actor) -> object:
        return await family.decide(
            stage.conn, stage.law, husband.psn_no, number, approve=True, reason="材料齐全",
            account_state="open", change_id=stage.ids.next(), actor=actor, at=stage.clock.now(), on=on,
        )  # fmt: skip

    alone = await decide(CLERK)
    stated(await decide(REVIEWER))
    home.say(on, f"{husband.name} 申请与配偶 {wife.name} 家庭共济，凭结婚证，经复核生效")
    home.check("受理人不能复核自己受理的申请", refusal_of(alone) == "SECOND_PERSON_REQUIRED")
    limit = Limit(husband.psn_no, wife.psn_no, None, 6_000, None, on)
    stated(await set_limit(stage.conn, home.office(owner), limit))
    home.say(on, "账户所有人设定：配偶每月最多使用 60.00 元")
    goods = (home.places.consultation, home.places.drug)
    home.turn(date(2025, 7, 15))
    first = await home.visit(wife, goods)
    home.turn(date(2025, 7, 17))
    second = await home.visit(wife, goods)
    used = [decimal(info["acct_mulaid_pay"]) for info in (first, second)]
    home.check("两次合计使用共济账户 60.00 元，不超过所有人设定的月限额", sum(used) == 60)
    home.check("超过限额的部分由本人现金支付", decimal(second["psn_cash_pay"]) > 0)


async def abroad(home: Household) -> None:
    """Away from home without a filing the pool does not pay; with one it does, as at home."""
    husband = home.people["husband"]
    goods = (home.places.consultation, home.places.drug)
    home.turn(date(2025, 7, 22))
    before = await home.visit(husband, goods)
    home.check(
        "未备案在异地就医：统筹不付，个人账户仍可用",
        decimal(before["hifp_pay"]) == decimal(before["psn_cash_pay"]) == 0,
    )
    on = home.turn(date(2025, 8, 1))
    stage = home.stage
    row = FilingRow(on, None, "LONG_TERM_IN_PROVINCE", "resettled_retiree", AWAY, on)
    stated(
        await entitlements.file_offsite(
            stage.conn, home.act(CLERK, "异地安置"), stage.law, husband.psn_no, row
        )
    )
    home.say(on, f"{husband.name} 办理省内异地安置备案：太原")
    home.turn(date(2025, 8, 5))
    after = await home.visit(husband, goods)
    home.check("备案后在太原就医，按参保地待遇直接结算", decimal(after["hifp_pay"]) > 0)


async def claim(home: Household) -> None:
    """A visit that could not be settled because the system failed: claimed, reviewed by two, paid by a third."""
    stage, husband = home.stage, home.people["husband"]
    on = home.turn(date(2025, 9, 8))
    served_on = date(2025, 9, 3)
    goods = (home.places.consultation, home.places.drug, home.places.examination)
    lines = tuple(_fee_line(home, number, good) for number, good in enumerate(goods, start=1))
    amount = sum(line.amount_fen for line in lines)
    visit = ClaimVisit(
        visit_no=1, service_on=served_on, invoice_no=f"FP{stage.ids.next()}", lines=lines, diagnosis="I10.x00x002",
        voucher_type="01",
    )  # fmt: skip
    application = Application(
        psn_no=husband.psn_no, received_on=on, place=Place(code=home.places.centre.code), visits=(visit,),
        total_fen=amount,
        documents=(*_asked_for(home, "claim.documents"), *_asked_for(home, "claim.failure_documents")), system_failure=True,
    )  # fmt: skip
    office = ClaimOffice(stage.law, working_calendar(), stage.platform.providers, stage.vault, stage.ids)
    personal = Personal(ClaimPayee(husband.name, "演示银行太原分行", "6222000000000000001"))

    def by(actor: Actor) -> Taker:
        return Taker(actor, stage.clock.now())

    received = stated(await claims.receive(stage.conn, office, application, personal, by(CLERK)))
    again = await claims.receive(stage.conn, office, application, personal, by(CLERK))
    home.say(
        on,
        f"零星报销受理：发票 {format_yuan(amount)} 元（系统故障未能直接结算），办结期限 {received.deadline}",
    )
    home.check("同一张发票不能再报一次", refusal_of(again) == "INVOICE_CLAIMED")
    number = received.claim_id
    home.turn(date(2025, 9, 10))
    stated(await claims.review(stage.conn, office, number, by(CLERK)))
    alone = await claims.approve(stage.conn, office, number, by(CLERK))
    stated(await claims.approve(stage.conn, office, number, by(REVIEWER)))
    home.check("初审人不能复审", isinstance(alone, Refusal))
    settled = stated(await settle(stage.conn, office, stage.platform.engine, number, by(REVIEWER)))
    on = home.turn(date(2025, 9, 12))
    done = stated(await pay(stage.conn, office, number, by(CASHIER), f"YH{number}", on))
    home.say(on, f"初审、复审、结算后支付 {format_yuan(settled.fund_fen)} 元到本人银行账户")
    home.check("手工报销由同一结算规则计算，支付等于统筹应付", done.open_fen == 0 and settled.fund_fen > 0)


def _fee_line(home: Household, number: int, good: Good) -> FeeLine:
    return FeeLine(
        key=str(number), item=good.code, amount_fen=good.amount_fen, price_micro=good.price_micro,
        quantity_e4=good.quantity * 10_000, occurred_at=home.stage.clock.now(),
    )  # fmt: skip


async def move(home: Household) -> None:
    """The relation goes to another city, and the money of the account with it."""
    stage, husband = home.stage, home.people["husband"]
    on = home.turn(date(2025, 10, 9))
    documents = _asked_for(home, "account.transfer.documents")
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
    for action, actor in (("approve", REVIEWER), ("pay", CASHIER)):
        stated(await take_step(stage.conn, home.office(actor), husband.psn_no, opened.case_id, action))
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
            f"YQ{opened.case_id}",
            held,
        )
    )
    home.say(on, f"关系由阳泉转到晋城，账户余额 {format_yuan(held)} 元随同转移")
    home.check("转出与转入相等，余额不变", await home.balance_fen(husband) == held)
    gained = []
    for month in (10, 11):
        home.turn(date(2025, month, 20 if month == 10 else 17))
        gained.append(await home.credit(date(2025, month, 1), NEW_HOME))
    home.check("转入地按退休定额划入", gained == [7_000, 7_000])


def _asked_for(home: Household, name: str) -> tuple[str, ...]:
    """Documents that the law asks for on the day."""
    value = stated(home.stage.law.value(name, NEW_HOME, home.stage.clock.now().date()))
    assert isinstance(value.raw, tuple)
    return tuple(str(code) for code in value.raw)


async def die(home: Household) -> None:
    """A death that nobody reports for two months, in which the account goes on being credited."""
    stage, husband = home.stage, home.people["husband"]
    for month in (date(2025, 12, 1), date(2026, 1, 1)):
        home.turn(month.replace(day=8))
        await home.credit(month, NEW_HOME)
    on = home.turn(date(2026, 1, 12))
    report = stated(await credit_interest(stage.conn, home.office(CLERK), 2025, region=NEW_HOME))
    home.say(on, f"2025 年度结息（演示年利率 0%）：{report.tally.persons} 人，余额全额结转下年")
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
    documents = _asked_for(home, "account.withdrawal.death_documents")
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
        f"配偶 {format_yuan(parts[0])} 元，女儿 {format_yuan(parts[1])} 元，账户注销",
    )
    home.check("死亡次月起多计入的两个月共 140.00 元先行追回", step["recovered_fen"] == 14_000)
    home.check("追回与继承合计等于余额，一分不差", sum(parts) + int(step["recovered_fen"]) == held)
    home.check("两份相差不超过一分", abs(parts[0] - parts[1]) <= 1)
    home.check("账户余额为零", await home.balance_fen(husband) == 0)


Chapter = tuple[str, Callable[[Household], Awaitable[None]]]

CHAPTERS: Final[tuple[Chapter, ...]] = (
    ("参保", insure),
    ("缴费和划入", contribute),
    ("年中退休", retire),
    ("家庭共济", bind),
    ("异地就医", abroad),
    ("零星报销", claim),
    ("转移接续", move),
    ("去世", die),
    ("继承", inherit),
)
"""Title and telling of every chapter."""
