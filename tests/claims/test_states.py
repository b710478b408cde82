"""The table of states: every state is reached and left as it says, and nobody takes a step that is not his."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongji.base.actors import SYSTEM, Actor
from gongji.base.lifecycle import Transition
from gongji.base.reasons import Refusal
from gongji.claims.case import Case
from gongji.claims.states import ACTIONS, STATES, TABLE, Asked, transition
from gongji.claims.values import Payment, Payout, Step, StepContent
from gongji.policy import compile_law, load_library
from gongji.policy.calendar import working_calendar
from tests.claims.office import AT, RECEIVED_ON, application, refused, visit

OFFICER, OTHER = Actor("agency", "li"), Actor("agency", "zhao")
PAYOUT = Payout(1, 7, 60_000, 15_000, 60_000, 30_000)


def case(*taken: tuple[str, str, str], fund_fen: int = 0, paid_fen: int = 0) -> Case:
    """A claim after these (action, state, actor), with that much settled and paid."""
    steps = [Step(1, "receive", "received", "agency:wang", AT, 0, 0, StepContent())]
    for number, (action, state, actor) in enumerate(taken, start=2):
        content = StepContent(
            payouts=(PAYOUT,) if action == "settle" else (),
            payment=Payment(9, 15_000, "B1", RECEIVED_ON) if action == "pay" else None,
        )
        fund = fund_fen if action == "settle" else 0
        paid = paid_fen if action == "pay" else 0
        steps.append(Step(number, action, state, actor, AT, fund, paid, content))
    return Case(
        claim_id=1,
        region="6210",
        received_at=AT,
        received_by="agency:wang",
        application=application("P1", visit(60_000)),
        due_on=None,
        sealed=b"",
        steps=tuple(steps),
    )


REVIEWED = (("review", "reviewed", str(OFFICER)),)
APPROVED = (*REVIEWED, ("approve", "approved", str(OTHER)))
SETTLING = (*APPROVED, ("begin", "settling", str(SYSTEM)))
SETTLED = (*SETTLING, ("settle", "settled", str(SYSTEM)))
PAID = (*SETTLED, ("pay", "paid", "agency:sun"))


LAW = compile_law(load_library())


def ask(claim: Case, action: str, actor: Actor = OFFICER, days: int = 0) -> Transition | Refusal:
    asked = Asked(claim, actor, RECEIVED_ON + timedelta(days=days), LAW, working_calendar())
    return transition(asked, action)


def leads_to(answer: Transition | Refusal) -> str:
    assert isinstance(answer, Transition), answer
    return answer.next


def test_every_state_can_be_reached_and_every_word_is_explained() -> None:
    assert {row.next for row in TABLE} == set(STATES)
    assert {row.state for row in TABLE if row.state} == set(STATES) - {"refused", "withdrawn"}
    assert {row.action for row in TABLE} == set(ACTIONS)


def test_a_state_and_an_action_have_one_row() -> None:
    keys = [(row.state, row.action) for row in TABLE]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("state", sorted(STATES))
def test_what_the_table_does_not_list_cannot_be_done(state: str) -> None:
    claim = case(("x", state, "agency:x"))
    listed = {row.action for row in TABLE if row.state == state}
    for action in set(ACTIONS) - listed:
        assert refused(ask(claim, action)) == "CLAIM_STATE"


@pytest.mark.clause("SX2021-103.s2.5.c")
def test_the_second_review_is_not_the_first_reviewers() -> None:
    assert refused(ask(case(*REVIEWED), "approve", OFFICER)) == "CLAIM_FOUR_EYES"
    assert leads_to(ask(case(*REVIEWED), "approve", OTHER)) == "approved"


@pytest.mark.parametrize("actor", [OFFICER, OTHER])
def test_neither_reviewer_pays(actor: Actor) -> None:
    claim = case(*SETTLED, fund_fen=15_000)
    assert refused(ask(claim, "pay", actor)) == "CLAIM_FOUR_EYES"
    assert leads_to(ask(claim, "pay", Actor("agency", "sun"))) == "paid"


def test_nothing_is_paid_where_nothing_is_owed() -> None:
    assert refused(ask(case(*SETTLED), "pay", Actor("agency", "sun"))) == "CLAIM_NOTHING_DUE"
    assert leads_to(ask(case(*SETTLED), "close")) == "closed"


def test_a_claim_with_money_open_is_not_closed() -> None:
    assert refused(ask(case(*SETTLED, fund_fen=15_000), "close")) == "CLAIM_STATE"
    assert leads_to(ask(case(*PAID, fund_fen=15_000, paid_fen=15_000), "close")) == "closed"


def test_too_much_paid_is_taken_back_not_paid_again() -> None:
    claim = case(*PAID, ("correct", "reviewed", "agency:li"), ("settle", "settled", "s"), paid_fen=15_000)
    assert claim.open_fen == -15_000
    assert refused(ask(claim, "pay", Actor("agency", "sun"))) == "CLAIM_NOTHING_DUE"
    assert leads_to(ask(claim, "recover", Actor("agency", "sun"))) == "paid"


def test_a_claim_is_returned_once_and_within_five_working_days() -> None:
    assert leads_to(ask(case(), "return", days=7)) == "returned"
    assert refused(ask(case(), "return", days=8)) == "CLAIM_RETURN_TOO_LATE"
    again = case(("return", "returned", "agency:li"), ("supplement", "received", "member:P1"))
    assert refused(ask(again, "return", days=1)) == "CLAIM_RETURNED_BEFORE"


def test_a_member_withdraws_his_own_claim_before_it_is_settled() -> None:
    own = Actor("member", "P1")
    assert leads_to(ask(case(), "withdraw", own)) == "withdrawn"
    assert leads_to(ask(case(*APPROVED), "withdraw", own)) == "withdrawn"
    assert refused(ask(case(*SETTLING), "withdraw", own)) == "CLAIM_STATE"
    assert refused(ask(case(*SETTLED), "withdraw", own)) == "CLAIM_STATE"


def test_somebody_elses_claim_does_not_exist_for_a_member() -> None:
    assert refused(ask(case(), "withdraw", Actor("member", "P2"))) == "CLAIM_NOT_FOUND"


@pytest.mark.parametrize("kind", ["member", "institution", "system"])
def test_only_the_agency_reviews(kind: str) -> None:
    assert refused(ask(case(), "review", Actor(kind, "P1"))) == "FORBIDDEN"  # type: ignore[arg-type]


def test_a_correction_can_neither_be_refused_nor_withdrawn_while_money_is_out() -> None:
    corrected = case(*PAID, ("correct", "reviewed", str(OFFICER)), fund_fen=15_000, paid_fen=15_000)
    assert refused(ask(corrected, "refuse", OTHER)) == "CLAIM_STATE"
    assert refused(ask(corrected, "withdraw", OTHER)) == "CLAIM_STATE"
    assert refused(ask(corrected, "drop", OFFICER)) == "CLAIM_FOUR_EYES"
    assert leads_to(ask(corrected, "drop", OTHER)) == "settled"


def test_a_dropped_correction_does_not_count_as_a_review() -> None:
    kept = case(*PAID, ("correct", "reviewed", "agency:zhou"), ("drop", "settled", "agency:wu"))
    assert kept.reviewer == str(OFFICER)
    assert kept.reviewers >= {"agency:li", "agency:zhao", "agency:zhou"}


def test_only_a_payment_that_went_out_comes_back_from_the_bank() -> None:
    assert leads_to(ask(case(*PAID, fund_fen=15_000, paid_fen=15_000), "bounce")) == "bounced"
    closed = case(*SETTLED, ("close", "closed", "agency:li"))
    assert refused(ask(closed, "bounce")) == "CLAIM_NOTHING_DUE"
