"""The table of states: complete, closed, and nothing happens outside it."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from gongji.base.actors import SYSTEM
from gongji.base.reasons import Refusal
from gongji.prescriptions.advance import Step, step
from gongji.prescriptions.case import Case, Event, Taking
from gongji.prescriptions.details import DETAILS
from gongji.prescriptions.states import ROLES, STATES, TABLE, VERBS, Asked, transition
from tests.prescriptions.centre import AT, HOSPITAL, PHARMACY, SECOND, THIRD
from tests.prescriptions.sheets import hold, sheet

FINAL = {"withdrawn"}
ROWS = {(row.state, row.verb): row for row in TABLE}
OUTSIDE = [pair for pair in product(STATES, VERBS) if pair not in ROWS]


def case_in(state: str, **changes: object) -> Case:
    """A case that stands in a state, however it came there."""
    held = {"hold": hold(PHARMACY, proof=True)} if state in ("held", "approved") else {}
    event = Event(event_no=1, verb="check", state=state, at=AT, actor="x", institution=HOSPITAL)
    return Case(prescription=sheet(), state=state, events=(event,), **{**held, **changes})


def test_every_state_can_be_reached() -> None:
    reached = {""}
    for _ in TABLE:
        reached |= {state for row in TABLE if row.state in reached for state in row.next}
    assert reached == {"", *STATES}


def test_every_verb_has_a_row_a_name_and_a_detail() -> None:
    assert {row.verb for row in TABLE} == set(VERBS) == set(DETAILS)


def test_a_state_and_verb_have_one_row() -> None:
    assert len(ROWS) == len(TABLE)


def test_rows_name_known_states_and_roles() -> None:
    for row in TABLE:
        assert set(row.next) <= set(STATES)
        assert row.who
        assert set(row.who) <= set(ROLES)


def test_from_every_state_but_a_withdrawn_one_something_leads_on() -> None:
    assert {state for state in STATES if not any(row.state == state for row in TABLE)} == FINAL


@pytest.mark.parametrize(("state", "verb"), OUTSIDE)
def test_what_is_not_in_the_table_is_refused_to_everybody(state: str, verb: str) -> None:
    taken = (Taking(fill=1, item="X", quantity_e4=1, institution=THIRD, at=AT),)
    case = case_in(state, takings=taken)
    for institution in (HOSPITAL, PHARMACY, SECOND, THIRD, ""):
        assert isinstance(transition(Asked(case, institution, AT), verb), Refusal)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.state or 'new'}-{row.verb}")
def test_nobody_else_than_those_named_may(row: object) -> None:
    case = case_in(row.state)
    who = {"issuer": HOSPITAL, "holder": PHARMACY, "pharmacy": SECOND, "system": ""}
    for role, institution in who.items():
        if role in row.who or (role == "holder" and (case.hold is None or "pharmacy" in row.who)):
            continue
        answer = transition(Asked(case, institution, AT), row.verb)
        assert isinstance(answer, Refusal), (row, role)


def refused(case: Case, institution: str, verb: str, after: timedelta = timedelta()) -> str:
    answer = transition(Asked(case, institution, AT + after), verb)
    assert isinstance(answer, Refusal)
    return answer.code


def test_a_pharmacy_that_comes_second_is_told_who_holds_since_when() -> None:
    case = case_in("held")
    answer = transition(Asked(case, SECOND, AT), "accept")
    assert isinstance(answer, Refusal)
    assert answer.code == "RX_HELD"
    assert "某药房1 于 2024-08-15 10:00:00 接单" in answer.detail


def test_a_stranger_is_not_told_who_holds() -> None:
    answer = transition(Asked(case_in("held"), SECOND, AT), "release")
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.detail) == ("RX_NOT_HELD", "")


@pytest.mark.parametrize(
    ("state", "institution", "verb", "code"),
    [
        ("withdrawn", PHARMACY, "verify", "RX_REVOKED"),
        ("withdrawn", SECOND, "accept", "RX_REVOKED"),
        ("expired", SECOND, "accept", "RX_EXPIRED"),
        ("filled", SECOND, "accept", "RX_ALREADY_DISPENSED"),
        ("circulating", SECOND, "withdraw", "RX_NOT_FOUND"),
        ("circulating", SECOND, "review_pass", "RX_NOT_HELD"),
        ("checked", HOSPITAL, "circulate", "RX_STATE"),
        ("held", PHARMACY, "dispense", "RX_STATE"),
    ],
)
def test_who_is_too_late_or_not_concerned_is_told_why(
    state: str, institution: str, verb: str, code: str
) -> None:
    assert refused(case_in(state), institution, verb) == code


@pytest.mark.clause("SX2022-27.art11")
def test_nothing_is_accepted_after_the_last_instant() -> None:
    assert refused(case_in("circulating"), SECOND, "accept", timedelta(days=3)) == "RX_EXPIRED"


def test_a_prescription_does_not_expire_before_its_last_instant() -> None:
    assert refused(case_in("circulating"), "", "expire") == "RX_STATE"


def test_a_hold_does_not_lapse_before_its_time() -> None:
    assert refused(case_in("held"), "", "lapse") == "RX_STATE"


def test_a_hold_that_has_run_out_reviews_nothing() -> None:
    assert refused(case_in("held"), PHARMACY, "review_pass", timedelta(hours=3)) == "RX_NOT_HELD"


def test_a_review_needs_a_verified_signature() -> None:
    case = case_in("held", hold=hold(PHARMACY))
    assert refused(case, PHARMACY, "review_pass") == "RX_NOT_VERIFIED"


def test_a_prescription_of_which_something_is_taken_is_not_withdrawn() -> None:
    taken = (Taking(fill=1, item="X", quantity_e4=1, institution=PHARMACY, at=AT),)
    assert refused(case_in("circulating", takings=taken), HOSPITAL, "withdraw") == "RX_ALREADY_DISPENSED"


def test_a_withdrawal_ends_the_hold() -> None:
    after = step(case_in("held"), Step(verb="withdraw", actor=SYSTEM, at=AT, institution=HOSPITAL))
    assert isinstance(after, Case)
    assert (after.state, after.hold) == ("withdrawn", None)
