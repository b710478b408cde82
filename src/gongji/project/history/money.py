"""Accounts and claims of the history: contributions, monthly credits, interest, a family's account, invoices that are claimed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from gongji.accounts.interest import credit_interest
from gongji.accounts.limits import set_limit
from gongji.accounts.monthly import credit_month
from gongji.accounts.selectors import account_state
from gongji.accounts.values import Limit
from gongji.accounts.values import Office as AccountOffice
from gongji.base.actors import Actor
from gongji.base.money import QUANTITY_UNIT
from gongji.base.reasons import Refusal
from gongji.claims import files, receiving
from gongji.claims import services as claims
from gongji.claims.office import Office as ClaimOffice
from gongji.claims.paying import pay
from gongji.claims.settling import settle
from gongji.claims.steps import Taker
from gongji.claims.values import Application, ClaimVisit, Payee, Personal, Place
from gongji.encounters.values import FeeLine
from gongji.members import family
from gongji.members.family_rules import FamilyRequest
from gongji.members.imports import import_contributions
from gongji.policy.calendar import working_calendar
from gongji.project.history.hands import CASHIER, CLERK, REVIEWER, Hands, HistoryBroken, stated
from gongji.project.history.papers import invoice
from gongji.project.story.cast import Good, Member

__all__ = ["ABROAD", "NEARBY", "Money"]

FILE_HEAD: Final = "证件号码,姓名,费款所属期,缴费基数,个人缴费,单位缴费,缴款期限,到账日期\n"
PERSONAL_PERCENT, EMPLOYER_PER_MILLE = 2, 65
"""What the made-up employer's file says was paid of a base: facts of the file, from which the law credits what it says."""
DUE_DAY, PAID_DAY = 25, 20
ABROAD: Final = Place(
    name="北京演示医院",
    region="110000",
    kind="hospital",
    level="3",
    fee_class="1",
    designated=True,
    pooled_agreement=True,
)
"""Of another province, and not connected."""
NEARBY: Final = Place(
    name="运城演示专科医院",
    region="140800",
    kind="hospital",
    level="2",
    fee_class="2",
    designated=True,
    pooled_agreement=True,
)
"""Where a member lives who has filed; not connected either."""


@dataclass(frozen=True)
class Money:
    """What the agency does in the history."""

    hands: Hands
    region: str

    def office(self, actor: Actor) -> AccountOffice:
        platform = self.hands.platform
        return AccountOffice(platform.law, platform.ids, platform.vault, actor, self.hands.clock.now())

    async def contributed(self, employer: str, month: date, bases: Sequence[tuple[Member, int]]) -> None:
        """An employer's file of one month, with a base in yuan for each of its members."""
        hands = self.hands
        rows = [
            f"{member.cert_no},{member.name},{month:%Y-%m},{base}.00,{base * PERSONAL_PERCENT // 100}.00,"
            f"{base * EMPLOYER_PER_MILLE // 1_000}.00,{month:%Y-%m}-{DUE_DAY},{month:%Y-%m}-{PAID_DAY}\n"
            for member, base in bases
        ]
        report = stated(
            await import_contributions(
                hands.conn,
                hands.platform.vault,
                io.BytesIO((FILE_HEAD + "".join(rows)).encode("gbk")),
                f"{employer}{month:%Y%m}.csv",
                mode="keep_good",
                actor=CLERK,
                at=hands.clock.now(),
                ids=hands.platform.ids,
                employer=employer,
                month=month,
            )
        )
        if report.errors:
            raise HistoryBroken(f"{employer} {month:%Y-%m}：{report.errors[0].text}")

    async def credited(self, month: date) -> None:
        """The monthly run of the region."""
        stated(await credit_month(self.hands.conn, self.office(CLERK), month, region=self.region))

    async def interest(self, year: int) -> None:
        """The yearly run of interest."""
        stated(await credit_interest(self.hands.conn, self.office(CLERK), year, region=self.region))

    async def asked(self, owner: Member, user: Member, relation: str, proof: str) -> int:
        """The owner applies to let the user draw on the account; answers the number of the application."""
        hands = self.hands
        on, platform = hands.today, hands.platform
        request = FamilyRequest(owner.psn_no, user.psn_no, relation, proof, True, on)
        number = platform.ids.next()
        state = await account_state(hands.conn, owner.psn_no)
        stated(
            await family.apply(
                hands.conn, platform.law, request, account_state=state, declaration_id=number,
                actor=Actor("member", owner.psn_no), at=hands.clock.now(), on=on,
            )
        )  # fmt: skip
        return number

    async def bound(
        self, owner: Member, user: Member, relation: str, proof: str, monthly_fen: int | None = None
    ) -> None:
        """The owner lets the user draw on the account: applied for, and decided by an officer."""
        hands = self.hands
        on, platform = hands.today, hands.platform
        number = await self.asked(owner, user, relation, proof)
        state = await account_state(hands.conn, owner.psn_no)
        stated(
            await family.decide(
                hands.conn, platform.law, owner.psn_no, number, approve=True, reason="材料齐全", account_state=state,
                change_id=platform.ids.next(), actor=REVIEWER, at=hands.clock.now(), on=on,
            )
        )  # fmt: skip
        if monthly_fen is not None:
            limit = Limit(owner.psn_no, user.psn_no, None, monthly_fen, None, on)
            stated(await set_limit(hands.conn, self.office(Actor("member", owner.psn_no)), limit))

    async def claimed(
        self, member: Member, place: Place, served_on: date, goods: Sequence[Good], *steps: str
    ) -> None:
        """An invoice is claimed on the clock's day; the steps (return, review, approve, settle, pay) follow hour by hour."""
        hands = self.hands
        platform = hands.platform
        office = ClaimOffice(
            platform.law, working_calendar(), platform.providers, platform.vault, platform.ids
        )
        lines = tuple(_line(hands, number, good) for number, good in enumerate(goods, start=1))
        documents = () if "return" in steps else self._documents(member.region)
        visit = ClaimVisit(
            visit_no=1, service_on=served_on, invoice_no=f"FP{hands.number():010d}", lines=lines,
            diagnosis="高血压", voucher_type="01",
        )  # fmt: skip
        application = Application(
            psn_no=member.psn_no, received_on=hands.today, place=place, visits=(visit,),
            total_fen=sum(line.amount_fen for line in lines), documents=documents,
        )  # fmt: skip
        personal = Personal(Payee(member.name, "演示银行太原分行", f"62220000{hands.number():011d}"))

        def by(actor: Actor) -> Taker:
            return Taker(actor, hands.clock.now())

        number = platform.ids.next()
        if documents:
            paper = invoice(visit.invoice_no, [line.amount_fen for line in lines])
            at = hands.clock.now()
            stated(await files.add(hands.conn, office, member.psn_no, number, "invoice", paper, at))
        stated(await receiving.receive(hands.conn, office, application, personal, by(CLERK), number))
        for step in steps:
            hands.clock.turn(hands.clock.now() + timedelta(hours=1))
            if step == "return" and isinstance(office.calendar.is_working_day(hands.today), Refusal):
                break  # no notice of holidays for this year: nobody can say by when a claim has to be given back
            if step == "return":
                stated(await claims.give_back(hands.conn, office, number, by(CLERK), "请补充门诊病历"))
            elif step == "review":
                stated(await claims.review(hands.conn, office, number, by(CLERK)))
            elif step == "approve":
                stated(await claims.approve(hands.conn, office, number, by(REVIEWER)))
            elif step == "settle":
                stated(await settle(hands.conn, office, platform.engine, number, by(REVIEWER)))
            elif step == "pay":
                stated(await pay(hands.conn, office, number, by(CASHIER), f"YH{number}", hands.today))

    def _documents(self, region: str) -> tuple[str, ...]:
        value = stated(self.hands.platform.law.value("claim.documents", region, self.hands.today))
        assert isinstance(value.raw, tuple)
        return tuple(str(code) for code in value.raw)


def _line(hands: Hands, number: int, good: Good) -> FeeLine:
    return FeeLine(
        key=str(number), item=good.code, amount_fen=good.amount_fen, price_micro=good.price_micro,
        quantity_e4=good.quantity * QUANTITY_UNIT, occurred_at=hands.clock.now(),
    )  # fmt: skip
