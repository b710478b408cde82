"""Steps of an account's cases: withdrawal on death or leaving, transfer to and from another city, reviewed by a second person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import msgspec

from gongji.accounts.cases import FINAL_STATES, Transition, next_step
from gongji.accounts.cases_opening import DOCUMENTS
from gongji.accounts.cases_rules import check_ground, check_payees, check_transfer, missing_documents, split
from gongji.accounts.monthly import difference
from gongji.accounts.recovery import REASON
from gongji.accounts.values import Case, Office, Payee, Step
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.cases.insured.accounting import held, interest_until, post_credit
from gongji.cases.insured.form import InsuredStep
from gongji.cases.insured.world import World
from gongji.members.identity import check_character
from gongji.policy.calendar import working_calendar

DAY: Final = timedelta(days=1)
BODY: Final = "1401021980010100"
"""Identity number of an heir whose own a case does not give, but for the last digit and the check character."""


def actor_of(world: World, name: str) -> Actor:
    """A person of the case acts as a member, anybody else as an officer of the agency."""
    return Actor("member", name) if name in world.humans else Actor("agency", name)


class Casebook:
    """The cases of a case's people."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cases: dict[str, Case] = {}
        self.paid: dict[str, tuple[int, ...]] = {}

    def withdraw(self, step: InsuredStep) -> dict[str, Any] | Refusal:
        """An application for the balance of who died or left."""
        assert step.on is not None
        given, world = step.given, self.world
        office = world.office(step.on, actor_of(world, given.get("by", "经办甲")))
        standing = world.humans[step.who].standing(step.on)
        ground = given["ground"]
        law = check_ground(office, ground, standing, given.get("event") or step.on)
        if isinstance(law, Refusal):
            return law
        asked = (*DOCUMENTS[ground], *(DOCUMENTS["agent"] if given.get("agent") else ()))
        payees = _payees(given)
        refusal = missing_documents(
            office, asked, standing.region, given.get("documents", ())
        ) or check_payees(payees)
        if refusal is not None:
            return refusal
        shares = tuple(payee.share for payee in payees)
        return self._open(step, office, ground, standing.region, law.clause, shares)

    def transfer_out(self, step: InsuredStep) -> dict[str, Any] | Refusal:
        """An application to send the balance after the member to another city."""
        assert step.on is not None
        given, world = step.given, self.world
        office = world.office(step.on, actor_of(world, given.get("by", "经办甲")))
        region = world.humans[step.who].standing(given.get("event") or step.on).region
        law = check_transfer(office, region, given["region"])
        if isinstance(law, Refusal):
            return law
        refusal = missing_documents(office, DOCUMENTS["transfer_out"], region, given.get("documents", ()))
        if refusal is not None:
            return refusal
        return self._open(step, office, "transfer_out", region, law.clause, ((1, 1),))

    def transfer_in(self, step: InsuredStep) -> dict[str, Any] | Refusal:
        """What another city sent with the member."""
        assert step.on is not None
        given, world = step.given, self.world
        office = world.office(step.on, actor_of(world, given.get("by", "经办甲")))
        standing = world.humans[step.who].standing(step.on)
        law = check_transfer(office, standing.region, given["region"])
        if isinstance(law, Refusal):
            return law
        if not standing.insured:
            return Refusal("NOT_INSURED", step.who)
        if given["amount"] <= 0:
            return Refusal("AMOUNT_OUT_OF_RANGE")
        move = next_step("transfer_in", (), "open", office.actor, step.who)
        if isinstance(move, Refusal):
            return move
        wallet = world.wallet(step.who, step.on)
        wallet.move(step.on, "transfer_in", given["amount"])
        wallet.state = _state_after(wallet.state, move, "")
        return {**held(world, step.who), "clause": law.clause, "state": move.after}

    def _open(
        self,
        step: InsuredStep,
        office: Office,
        kind: str,
        region: str,
        clause: str,
        shares: tuple[tuple[int, int], ...],
    ) -> dict[str, Any] | Refusal:
        wallet, earlier = self.world.wallets.get(step.who), self.cases.get(step.who)
        if wallet is None:
            return Refusal("NO_PERSONAL_ACCOUNT", step.who)
        if earlier is not None and earlier.state not in FINAL_STATES:
            return Refusal("CASE_IN_PROGRESS")
        if wallet.state != "open":
            return Refusal("ACCOUNT_NOT_OPEN", step.who)
        move = next_step(kind, (), "open", office.actor, step.who)
        if isinstance(move, Refusal):
            return move
        term = office.value("account.transfer.working_days", region) if kind == "transfer_out" else None
        due_on = None
        if term is not None and not isinstance(term, Refusal) and isinstance(term.raw, int):
            due = working_calendar().add_working_days(office.on, term.raw)
            due_on = None if isinstance(due, Refusal) else due
        case = Case(
            step.who, office.ids.next(), kind, region, step.given.get("event") or office.on, "", "", due_on,
            tuple(step.given.get("documents", ())), wallet.state, shares, str(office.actor), office.at,
        )  # fmt: skip
        self.cases[step.who] = self._stepped(case, move, office, "open")
        return {**held(self.world, step.who), "clause": clause, "state": move.after, "due": due_on}

    def _stepped(self, case: Case, move: Transition, office: Office, action: str) -> Case:
        wallet = self.world.wallets[case.psn_no]
        before, wallet.state = wallet.state, _state_after(wallet.state, move, case.account_before)
        wanted = "" if wallet.state == before else wallet.state
        step = Step(len(case.steps) + 1, action, move.after, wanted, {}, "", str(office.actor), office.at)
        return msgspec.structs.replace(case, steps=(*case.steps, step))

    def take(self, step: InsuredStep) -> dict[str, Any] | Refusal:
        """A step on the case under way: review, pay, register what the bank sent back, pay again."""
        assert step.on is not None
        case = self.cases.get(step.who)
        if case is None:
            return Refusal("CASE_NOT_FOUND")
        office = self.world.office(step.on, actor_of(self.world, step.given["by"]))
        move = next_step(case.kind, case.steps, step.given["action"], office.actor, step.who)
        if isinstance(move, Refusal):
            return move
        done: dict[str, Any] | Refusal = {}
        if move.effect == "pay":
            done = self._pay(case, office.on)
        elif move.effect:
            done = self._again(
                case, office.on, back=move.effect == "give_back", number=step.given.get("payee", 1)
            )
        if isinstance(done, Refusal):
            return done
        self.cases[step.who] = self._stepped(case, move, office, step.given["action"])
        return {**held(self.world, step.who), **done, "state": move.after}

    def _pay(self, case: Case, on: date) -> dict[str, Any] | Refusal:
        """Over-credits first, then interest until the day before, then everything to the payees."""
        world, wallet = self.world, self.world.wallets[case.psn_no]
        before = wallet.balance_fen
        if (refusal := self._take_back(case, on)) is not None:
            return refusal
        recovered = before - wallet.balance_fen
        earned, last = 0, on - DAY
        for through_on in (date(last.year - 1, 12, 31), last):
            found = interest_until(world, case.psn_no, through_on)
            if isinstance(found, Refusal):
                return found
            earned += found[0]
        set_off = min(wallet.balance_fen, wallet.receivable_fen)
        wallet.move(on, "recovery", -set_off)
        wallet.receivable_fen -= set_off
        total = wallet.balance_fen
        parts = tuple(split(total, case.shares))
        kind = "transfer_out" if case.kind == "transfer_out" else "withdrawal"
        for fen in parts:
            wallet.move(on, kind, -fen)
        self.paid[case.psn_no] = parts
        return {
            "paid": total,
            "payments": parts,
            "recovered": recovered + set_off,
            "owed": wallet.receivable_fen,
            "interest": earned,
        }

    def _take_back(self, case: Case, on: date) -> Refusal | None:
        """Credits for months after that of the event (庆阳 第十条)."""
        world, wallet = self.world, self.world.wallets[case.psn_no]
        after = case.event_on.replace(day=1)
        over = {month: one for month, one in wallet.posted.items() if month > after and one.fen}
        if not over:
            return None
        law = world.office(on).value("account.overcredit_recovered", case.region)
        if isinstance(law, Refusal):
            return law
        for month, posted in sorted(over.items()) if law.raw else ():
            row = difference(case.psn_no, Refusal(REASON, clause=law.clause), posted, world.ids)
            if row is not None:
                post_credit(wallet, month, row, on)
        return None

    def _again(self, case: Case, on: date, *, back: bool, number: int) -> dict[str, Any] | Refusal:
        """What the bank sent back is in the account again, or leaves it once more."""
        parts = self.paid[case.psn_no]
        if not 1 <= number <= len(parts):
            return Refusal("CASE_STEP_NOT_ALLOWED", "没有支付给该收款人的款项可以退回")
        fen = parts[number - 1]
        kind = "transfer_out" if case.kind == "transfer_out" else "withdrawal"
        self.world.wallets[case.psn_no].move(on, kind, fen if back else -fen)
        return {"paid": -fen if back else fen}


def _state_after(state: str, move: Transition, before: str) -> str:
    """What a transition makes of the account (``accounts.casework.change_state``)."""
    wanted = {"before": before, "hold": "frozen", "release": "open"}.get(move.account, move.account)
    only_from = {"hold": "open", "release": "frozen"}.get(move.account, state)
    return wanted if wanted and state == only_from else state


def _payees(given: dict[str, Any]) -> list[Payee]:
    """Heirs with equal shares unless the case says ``shares``; documents and bank accounts are made up."""
    names = given.get("payees") or ("本人",)
    shares = given.get("shares") or tuple(f"1/{len(names)}" for _ in names)
    certs = given.get("certs") or tuple(_cert(number) for number, _ in enumerate(names))
    return [
        Payee(name, cert, name, "银行", "6222000000000000", _fraction(share))
        for name, cert, share in zip(names, certs, shares, strict=True)
    ]


def _cert(number: int) -> str:
    body = f"{BODY}{number}"
    return body + check_character(body)


def _fraction(text: str) -> tuple[int, int]:
    numerator, _, denominator = text.partition("/")
    return int(numerator), int(denominator or 1)
