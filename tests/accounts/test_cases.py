"""Which step of a case may follow which, and who may take it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gongji.accounts.cases import (
    ACTIONS,
    CASE_KINDS,
    FINAL_STATES,
    PAYMENT_KINDS,
    STATES,
    TRANSITIONS,
    Transition,
    next_step,
)
from gongji.accounts.values import Step
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal

AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
A, B, C = (Actor("agency", name) for name in "abc")


def steps(*taken: tuple[str, str, Actor]) -> list[Step]:
    return [
        Step(number, action, state, "", {}, "", str(actor), AT)
        for number, (action, state, actor) in enumerate(taken, start=1)
    ]


def code(answer: Transition | Refusal) -> str:
    return answer.code if isinstance(answer, Refusal) else answer.after


OPENED = ("open", "opened", A)
APPROVED = ("approve", "approved", B)
PAID = ("pay", "paid", C)


@pytest.mark.parametrize("kind", PAYMENT_KINDS)
def test_a_payment_is_applied_for_reviewed_and_paid_by_different_people(kind: str):
    assert code(next_step(kind, (), "open", A, "M")) == "opened"
    assert code(next_step(kind, steps(OPENED), "approve", A, "M")) == "SECOND_PERSON_REQUIRED"
    assert code(next_step(kind, steps(OPENED), "approve", B, "M")) == "approved"
    assert code(next_step(kind, steps(OPENED, APPROVED), "pay", B, "M")) == "SECOND_PERSON_REQUIRED"
    assert code(next_step(kind, steps(OPENED, APPROVED), "pay", C, "M")) == "paid"


@pytest.mark.parametrize("kind", PAYMENT_KINDS)
@pytest.mark.parametrize(
    ("done", "allowed"),
    [
        ((), {"open"}),
        ((OPENED,), {"approve", "reject", "cancel"}),
        ((OPENED, APPROVED), {"pay", "reject"}),
        ((OPENED, ("reject", "rejected", B)), set()),
        ((OPENED, ("cancel", "cancelled", A)), set()),
        ((OPENED, APPROVED, PAID), {"return"}),
        ((OPENED, APPROVED, PAID, ("return", "returned", A)), {"return", "repay"}),
    ],
)
def test_every_other_step_is_refused(kind: str, done: tuple[tuple[str, str, Actor], ...], allowed: set[str]):
    stranger = Actor("agency", "stranger")
    answers = {action: next_step(kind, steps(*done), action, stranger, "M") for action in ACTIONS}
    assert {action for action, answer in answers.items() if isinstance(answer, Transition)} == allowed
    refused = {answer.code for answer in answers.values() if isinstance(answer, Refusal)}
    assert refused <= {"CASE_STEP_NOT_ALLOWED"}


def test_a_member_applies_and_takes_back_but_does_no_more():
    member, another = Actor("member", "M"), Actor("member", "N")
    mine = steps(("open", "opened", member))
    assert code(next_step("leaving", (), "open", member, "M")) == "opened"
    assert code(next_step("leaving", mine, "cancel", member, "M")) == "cancelled"
    assert code(next_step("leaving", mine, "approve", member, "M")) == "FORBIDDEN"
    assert code(next_step("leaving", mine, "cancel", another, "M")) == "FORBIDDEN"
    assert code(next_step("reopening", (), "open", member, "M")) == "FORBIDDEN"


def test_what_came_back_is_paid_again_by_another_than_who_registered_it():
    returned = steps(OPENED, APPROVED, PAID, ("return", "returned", A))
    assert code(next_step("death", returned, "repay", A, "M")) == "SECOND_PERSON_REQUIRED"
    assert code(next_step("death", returned, "repay", B, "M")) == "paid"


def test_the_table_names_only_what_has_chinese_words():
    for move in TRANSITIONS:
        assert move.action in ACTIONS
        assert move.after in STATES
        assert set(move.kinds) <= set(CASE_KINDS)
        assert set(move.not_of) <= set(ACTIONS)


def test_a_transition_is_listed_once():
    keys = [(kind, move.before, move.action) for move in TRANSITIONS for kind in move.kinds]
    assert len(keys) == len(set(keys))


def test_every_state_that_is_not_final_can_be_left():
    for kind in CASE_KINDS:
        reached = {move.after for move in TRANSITIONS if kind in move.kinds}
        left = {move.before for move in TRANSITIONS if kind in move.kinds}
        assert reached - FINAL_STATES <= left


def test_an_unknown_action_is_a_refusal_too():
    assert code(next_step("death", steps(OPENED), "burn", B, "M")) == "CASE_STEP_NOT_ALLOWED"
