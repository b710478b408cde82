"""Chapters of the family story: registration, contributions and credits, retirement, mutual aid of the family."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Final

from gongji.accounts.limits import set_limit
from gongji.accounts.values import Limit
from gongji.base.actors import Actor
from gongji.base.money import format_yuan
from gongji.members import entitlements, family, services
from gongji.members.family_rules import FamilyRequest
from gongji.members.imports import import_contributions
from gongji.project.story.family import OPENING_FEN, Household
from gongji.project.story.household import DAUGHTER, HUSBAND, WIFE, register
from gongji.project.story.messages import decimal
from gongji.project.story.telling import CLERK, REVIEWER, refusal_of, stated
from gongji.sheets import RowError

__all__ = ["bind", "contribute", "insure", "retire"]

EMPLOYER: Final = "演示煤业公司"
HOME, AWAY, NEW_HOME = HUSBAND.region, WIFE.region, DAUGHTER.region
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
