"""The life of an agreement is one table."""

from __future__ import annotations

import msgspec
import pytest

from gongji.base.actors import Actor
from gongji.base.lifecycle import Transition
from gongji.base.reasons import Refusal
from gongji.providers import guards
from gongji.providers.dossier import Content, Decision, Dossier, Head, Step
from gongji.providers.guards import Asked
from gongji.providers.states import ACTIONS, BACK, PENDING, STATES, TABLE, transition
from tests.providers import agency
from tests.providers.agency import OFFICE, START

LI, ZHAO = Actor("agency", "li"), Actor("agency", "zhao")
DECISION = Decision(kind="suspend", from_on=START, until_on=agency.later(30), ground="risk", note="风险")


def dossier(*states: tuple[str, str, str]) -> Dossier:
    """A dossier whose steps are (action, state, actor)."""
    profile = agency.new_profile()
    steps = tuple(
        Step(number, action, state, actor, agency.at(START), Content(decision=DECISION))
        for number, (action, state, actor) in enumerate(states, start=1)
    )
    return Dossier(
        code=profile.code,
        dossier_id=1,
        layer="base",
        kind=profile.kind,
        region=profile.region,
        uscc=profile.uscc,
        received_on=START,
        head=Head(application=agency.application(profile)),
        steps=steps,
    )


def ask(one: Dossier, action: str, actor: Actor = LI, content: Content | None = None) -> Transition | Refusal:
    content = content or Content(note="理由", decision=DECISION)
    return transition(Asked(one, actor, START, OFFICE.law, OFFICE.calendar, content), action)


def code_of(answer: Transition | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_every_state_can_be_reached_and_every_word_is_explained() -> None:
    assert {row.next for row in TABLE} - {BACK} == set(STATES)
    assert {row.action for row in TABLE} == set(ACTIONS)
    assert {row.state for row in TABLE} <= {"", *STATES}
    assert {guard for row in TABLE for guard in row.guards} == set(guards.WORDS)


def test_a_state_and_an_action_have_one_row() -> None:
    keys = [(row.state, row.action) for row in TABLE]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("state", sorted(STATES))
def test_what_the_table_does_not_list_cannot_be_done(state: str) -> None:
    listed = {row.action for row in TABLE if row.state == state}
    for action in set(ACTIONS) - listed:
        assert code_of(ask(dossier(("x", state, "agency:x")), action)) == "AGREEMENT_STATE"


@pytest.mark.parametrize("state", PENDING)
def test_whoever_proposed_a_decision_neither_confirms_nor_rejects_it(state: str) -> None:
    waiting = dossier(("sign", "active", "agency:wang"), ("x", state, str(LI)))
    for action in ("confirm", "reject"):
        assert code_of(ask(waiting, action)) == "SECOND_PERSON_REQUIRED"
        assert isinstance(ask(waiting, action, ZHAO), Transition)


@pytest.mark.parametrize("before", ["active", "suspended"])
def test_a_rejected_termination_leaves_the_agreement_as_it_was(before: str) -> None:
    waiting = dossier(("x", before, "agency:wang"), ("terminate", "terminating", str(LI)))
    answer = ask(waiting, "reject", ZHAO)
    assert isinstance(answer, Transition)
    assert answer.next == before


def test_an_institution_has_no_part_in_decisions_and_sees_its_own_dossiers_only() -> None:
    one = dossier(("apply", "received", "agency:wang"))
    assert code_of(ask(one, "accept", Actor("institution", one.code))) == "FORBIDDEN"
    assert code_of(ask(one, "withdraw", Actor("institution", "P00000000000"))) == "AGREEMENT_NOT_FOUND"
    assert isinstance(ask(one, "withdraw", Actor("institution", one.code)), Transition)


def test_a_decision_whose_day_passed_while_it_waited_is_proposed_anew() -> None:
    past = msgspec.structs.replace(DECISION, from_on=agency.later(-1))
    waiting = dossier(("sign", "active", "agency:wang"), ("suspend", "suspending", str(LI)))
    step = msgspec.structs.replace(waiting.last, content=Content(decision=past))
    waiting = msgspec.structs.replace(waiting, steps=(waiting.steps[0], step))
    assert code_of(ask(waiting, "confirm", ZHAO)) == "DECISION_BACKDATED"
    said = msgspec.structs.replace(past, retroactive="法院裁定")
    step = msgspec.structs.replace(step, content=Content(decision=said))
    waiting = msgspec.structs.replace(waiting, steps=(waiting.steps[0], step))
    assert isinstance(ask(waiting, "confirm", ZHAO), Transition)
