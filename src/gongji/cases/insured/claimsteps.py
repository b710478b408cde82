"""Steps of a claim after it was taken in: returned, reviewed by two persons, settled, paid by a third (``claims.states``)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any, Final

import msgspec

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.cases.insured.casework import actor_of
from gongji.cases.insured.claiming import application_of, claim, due_on
from gongji.cases.insured.counter import Counter
from gongji.cases.insured.form import InsuredStep
from gongji.claims.case import Case
from gongji.claims.states import Asked, transition
from gongji.claims.values import Payment, Payout, Step, StepContent
from gongji.policy.calendar import working_calendar

NOON: Final = time(4, tzinfo=UTC)
MOVING: Final = frozenset({"pay", "recover", "bounce"})


class ClaimDesk:
    """The claims of a case, by the step that brought them."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.claims: dict[int, Case] = {}
        self.fund: dict[int, int] = {}

    def claim(self, step: InsuredStep) -> dict[str, Any] | Refusal:
        """A claim, judged and calculated; when nothing speaks against its form, it is received."""
        taken = claim(self.counter, step)
        self.fund[step.index] = taken.get("paid") or 0 if isinstance(taken, dict) else 0
        world = self.counter.world
        assert step.on is not None
        assert step.visit is not None
        region = world.humans[step.who].standing(step.on).region
        at = datetime.combine(step.given["received"], NOON)
        self.claims[step.index] = Case(
            claim_id=step.index,
            region=region,
            received_at=at,
            received_by=str(Actor("agency", "经办甲")),
            application=application_of(step, step.visit, region),
            due_on=due_on(world, step, region),
            sealed=b"",
            steps=(Step(1, "receive", "received", "agency:经办甲", at, 0, 0, StepContent()),),
        )
        return taken

    def take(self, step: InsuredStep) -> dict[str, Any] | Refusal:
        """One step; to settle is the program's beginning and its end in one."""
        assert step.on is not None
        case = self.claims.get(step.ref or 0)
        if case is None:
            return Refusal("CLAIM_NOT_FOUND", str(step.ref))
        actions = ("begin", "settle") if step.given["action"] == "settle" else (step.given["action"],)
        for action in actions:
            moved = self._take(case, step, action)
            if isinstance(moved, Refusal):
                return moved
            case = moved
        self.claims[step.ref or 0] = case
        return {"state": case.state, "open": case.open_fen, "paid": case.paid_fen}

    def _take(self, case: Case, step: InsuredStep, action: str) -> Case | Refusal:
        assert step.on is not None
        world = self.counter.world
        asked = Asked(case, actor_of(world, step.given["by"]), step.on, world.law, working_calendar())
        row = transition(asked, action)
        if isinstance(row, Refusal):
            return row
        fund, paid, content = self._content(case, step, action)
        at = datetime.combine(step.on, NOON)
        done = Step(len(case.steps) + 1, action, row.next, str(asked.actor), at, fund, paid, content)
        return msgspec.structs.replace(case, steps=(*case.steps, done))

    def _content(self, case: Case, step: InsuredStep, action: str) -> tuple[int, int, StepContent]:
        """What the step does to the fund's part and to what was paid, and what it says."""
        assert step.on is not None
        if action == "settle":
            fen = self.fund[case.claim_id]
            total = case.application.total_fen
            return fen - case.fund_fen, 0, StepContent(payouts=(Payout(1, 1, total, fen, total, 0),))
        if action in MOVING:
            fen = -case.last_payment.amount_fen if action == "bounce" and case.last_payment else case.open_fen
            return 0, fen, StepContent(payment=Payment(len(case.steps), fen, "银行流水", step.on))
        return 0, 0, StepContent()
