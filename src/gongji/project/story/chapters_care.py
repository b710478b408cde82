"""Chapters of the family story: care away from home, without and with a filing, and an invoice that is claimed."""

from __future__ import annotations

from datetime import date

from gongji.base.actors import Actor
from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.claims import receiving
from gongji.claims import services as claims
from gongji.claims.office import Office as ClaimOffice
from gongji.claims.paying import pay
from gongji.claims.settling import settle
from gongji.claims.steps import Taker
from gongji.claims.values import Application, ClaimVisit, Personal, Place
from gongji.claims.values import Payee as ClaimPayee
from gongji.encounters.values import FeeLine
from gongji.members import entitlements
from gongji.members.rows import FilingRow
from gongji.policy.calendar import working_calendar
from gongji.project.story.cast import Good
from gongji.project.story.family import Household, documents_asked
from gongji.project.story.household import HUSBAND, WIFE
from gongji.project.story.messages import decimal
from gongji.project.story.telling import CASHIER, CLERK, REVIEWER, refusal_of, stated

__all__ = ["abroad", "claim"]

HOME, AWAY = HUSBAND.region, WIFE.region


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
    documents = (
        *documents_asked(home, "claim.documents", HOME),
        *documents_asked(home, "claim.failure_documents", HOME),
    )
    amount = sum(line.amount_fen for line in lines)
    visit = ClaimVisit(
        visit_no=1, service_on=served_on, invoice_no=f"FP{stage.ids.next()}", lines=lines, diagnosis="I10.x00x002",
        voucher_type="01",
    )  # fmt: skip
    application = Application(
        psn_no=husband.psn_no, received_on=on, place=Place(code=home.places.centre.code), visits=(visit,),
        total_fen=amount,
        documents=documents, system_failure=True,
    )  # fmt: skip
    office = ClaimOffice(stage.law, working_calendar(), stage.platform.providers, stage.vault, stage.ids)
    personal = Personal(ClaimPayee(husband.name, "演示银行太原分行", "6222000000000000001"))

    def by(actor: Actor) -> Taker:
        return Taker(actor, stage.clock.now())

    received = stated(await receiving.receive(stage.conn, office, application, personal, by(CLERK)))
    again = await receiving.receive(stage.conn, office, application, personal, by(CLERK))
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
