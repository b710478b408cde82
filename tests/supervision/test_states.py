"""The table of a complaint's life."""

from gongji.supervision.states import ACTIONS, STATES, TABLE


def test_every_state_and_action_of_the_table_has_a_name_and_can_be_reached() -> None:
    assert {row.action for row in TABLE} == ACTIONS.keys()
    assert {row.next for row in TABLE} == STATES.keys()
    assert {row.state for row in TABLE} <= {"", *STATES}


def test_no_step_of_a_state_is_listed_twice() -> None:
    keys = [(row.state, row.action) for row in TABLE]
    assert len(keys) == len(set(keys))


def test_what_is_over_stays_over() -> None:
    assert not [row for row in TABLE if row.state in ("closed", "dismissed", "withdrawn")]
