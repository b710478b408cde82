"""One table of a case's life."""

import pytest

from gongji.base.lifecycle import Lifecycle, Transition
from gongji.base.reasons import Refusal

STATES = {"open": "办理中", "closed": "已办结"}
ACTIONS = {"receive": "受理", "close": "办结"}


def even(asked: int) -> Refusal | None:
    return None if asked % 2 == 0 else Refusal("CLAIM_NOTHING_DUE", "单数")


TABLE = (
    Transition[int]("", "receive", ("agency", "member"), "open"),
    Transition[int]("open", "close", ("agency",), "closed", (even,)),
)
LIFE = Lifecycle(TABLE, states=STATES, actions=ACTIONS, refused="CLAIM_STATE", before="尚未申请")


def test_a_step_that_the_table_has_is_its_row() -> None:
    assert LIFE.row(2, "open", "close", "agency") == TABLE[1]


def test_a_step_that_the_state_does_not_know_says_the_state_in_words() -> None:
    assert LIFE.row(2, "closed", "close", "agency") == Refusal("CLAIM_STATE", "已办结，不能办结")
    assert LIFE.row(2, "", "close", "agency") == Refusal("CLAIM_STATE", "尚未申请，不能办结")


def test_somebody_who_may_not_is_told_so_before_any_guard_is_asked() -> None:
    assert LIFE.row(1, "open", "close", "member") == Refusal("FORBIDDEN", "办结")


def test_the_first_guard_that_refuses_decides() -> None:
    assert LIFE.row(1, "open", "close", "agency") == Refusal("CLAIM_NOTHING_DUE", "单数")


def test_two_rows_for_one_step_are_a_mistake_of_the_table() -> None:
    with pytest.raises(ValueError, match="two rows"):
        Lifecycle((*TABLE, TABLE[0]), states=STATES, actions=ACTIONS, refused="CLAIM_STATE")
