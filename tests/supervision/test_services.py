"""Complaints and reports through their life: who may do what, what is sealed, what a code opens."""

from __future__ import annotations

import itertools
import secrets
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.supervision import ANONYMOUS, Case, Complaint, Personal, selectors, services
from gongji.supervision.services import Taker
from tests.vaults import VAULT

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
_numbers = itertools.count(1_000)
MEMBER = Actor("member", "M1")
LI, WANG = Actor("agency", "li"), Actor("agency", "wang")


def by(actor: Actor) -> Taker:
    return Taker(actor, AT, VAULT)


def complaint(kind: str = "complaint", psn_no: str = "M1", **changes: Any) -> Complaint:
    topic = "charge" if kind == "complaint" else "false_invoice"
    values: dict[str, Any] = {"kind": kind, "topic": topic, "region": "140100", "psn_no": psn_no}
    return Complaint(**(values | changes))


WORDS = Personal("收了两次挂号费", "某医院", "13900000000")


def done(answer: Any) -> Any:
    assert not isinstance(answer, Refusal), answer
    return answer


async def received(conn: asyncpg.Connection, given: Complaint | None = None) -> Case:
    number = next(_numbers)
    done(await services.receive(conn, by(MEMBER), number, given or complaint(), WORDS))
    found = await selectors.case(conn, number)
    assert found is not None
    return found


async def walked(conn: asyncpg.Connection, case: Case, *steps: tuple[Actor, str]) -> Case:
    for actor, action in steps:
        case = done(await services.take(conn, by(actor), case, action, "说明"))
    return case


async def test_a_complaint_is_taken_answered_and_closed(conn: asyncpg.Connection) -> None:
    case = await walked(conn, await received(conn), (LI, "take"), (LI, "answer"), (MEMBER, "close"))
    assert case.state == "closed"
    read = await selectors.case(conn, case.complaint_id)
    assert read == case
    assert services.words_of(VAULT, case, case.steps[2]) == "说明"
    assert services.personal_of(VAULT, case) == WORDS


async def test_only_who_took_it_goes_on_with_it(conn: asyncpg.Connection) -> None:
    case = await walked(conn, await received(conn), (LI, "take"))
    refused = await services.take(conn, by(WANG), case, "answer", "答复")
    assert isinstance(refused, Refusal)
    assert refused.code == "COMPLAINT_OF_ANOTHER_OFFICER"


async def test_after_an_objection_another_officer_answers_and_there_is_no_second_objection(
    conn: asyncpg.Connection,
) -> None:
    case = await walked(conn, await received(conn), (LI, "take"), (LI, "answer"), (MEMBER, "object"))
    refused = await services.take(conn, by(LI), case, "take")
    assert isinstance(refused, Refusal)
    assert refused.code == "COMPLAINT_FOUR_EYES"
    case = await walked(conn, case, (WANG, "take"), (WANG, "answer"))
    again = await services.take(conn, by(MEMBER), case, "object", "还是不对")
    assert isinstance(again, Refusal)
    assert again.code == "COMPLAINT_STATE"


async def test_a_complaint_can_be_taken_back_a_report_of_fraud_cannot(conn: asyncpg.Connection) -> None:
    assert (await walked(conn, await received(conn), (MEMBER, "withdraw"))).state == "withdrawn"
    report = await received(conn, complaint("report"))
    refused = await services.take(conn, by(MEMBER), report, "withdraw")
    assert isinstance(refused, Refusal)
    assert "不能撤回" in refused.text


async def test_another_members_complaint_does_not_exist(conn: asyncpg.Connection) -> None:
    case = await received(conn)
    for stranger in (Actor("member", "M2"), ANONYMOUS):
        refused = await services.take(conn, by(stranger), case, "withdraw")
        assert isinstance(refused, Refusal)
        assert refused.code == "COMPLAINT_NOT_FOUND"


async def test_an_unnamed_report_is_found_by_number_and_code_together_only(conn: asyncpg.Connection) -> None:
    number, code = next(_numbers), services.new_code(secrets.token_bytes)
    done(await services.receive(conn, by(ANONYMOUS), number, complaint("report", ""), WORDS, code))
    found = await selectors.by_code(conn, VAULT, number, code.lower().replace("-", " "))
    assert found is not None
    assert await selectors.by_code(conn, VAULT, number + 1, code) is None
    assert await selectors.by_code(conn, VAULT, number, services.new_code(secrets.token_bytes)) is None
    rows = await conn.fetch("SELECT * FROM supervision_complaint WHERE complaint_id = $1", number)
    assert code not in str(rows)
    assert (await walked(conn, found, (LI, "take"), (LI, "ask"), (ANONYMOUS, "supplement"))).state == "taken"


@pytest.mark.parametrize(
    ("actor", "given", "code"),
    [
        (ANONYMOUS, complaint("complaint", ""), "ABCD"),
        (ANONYMOUS, complaint("report", ""), ""),
        (ANONYMOUS, complaint("report", "M1"), "ABCD"),
        (Actor("member", "M2"), complaint(), ""),
        (LI, complaint(), ""),
    ],
)
async def test_who_may_not_complain_is_refused(
    conn: asyncpg.Connection, actor: Actor, given: Complaint, code: str
) -> None:
    refused = await services.receive(conn, by(actor), next(_numbers), given, WORDS, code)
    assert isinstance(refused, Refusal)
    assert refused.code == "FORBIDDEN"


async def test_the_same_form_sent_twice_is_one_complaint(conn: asyncpg.Connection) -> None:
    number = next(_numbers)
    first = done(await services.receive(conn, by(MEMBER), number, complaint(), WORDS))
    second = done(await services.receive(conn, by(MEMBER), number, complaint(), WORDS))
    assert (first.first, second.first) == (True, False)
    foreign = await services.receive(conn, by(Actor("member", "M2")), number, complaint(psn_no="M2"), WORDS)
    assert isinstance(foreign, Refusal)


async def test_of_two_officers_at_once_one_takes_it(conn: asyncpg.Connection) -> None:
    case = await received(conn)
    done(await services.take(conn, by(LI), case, "take"))
    late = await services.take(conn, by(WANG), case, "take")
    assert isinstance(late, Refusal)
    assert late.code == "COMPLAINT_MOVED_ON"


async def test_a_step_that_says_something_needs_words(conn: asyncpg.Connection) -> None:
    case = await walked(conn, await received(conn), (LI, "take"))
    for words in ("", "  "):
        refused = await services.take(conn, by(LI), case, "answer", words)
        assert isinstance(refused, Refusal)
        assert refused.code == "MISSING_FIELD"
    assert isinstance(await services.take(conn, by(LI), case, "answer", "长" * 2_001), Refusal)


async def test_what_was_said_is_neither_changed_nor_deleted_nor_readable_in_the_database(
    conn: asyncpg.Connection,
) -> None:
    case = await received(conn, complaint(happened_on=date(2026, 3, 1)))
    for statement in (
        "UPDATE supervision_complaint SET topic = 'other' WHERE complaint_id = $1",
        "DELETE FROM supervision_step WHERE complaint_id = $1",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await conn.execute(statement, case.complaint_id)
    row = await conn.fetchrow(
        "SELECT sealed FROM supervision_complaint WHERE complaint_id = $1", case.complaint_id
    )
    assert "挂号费".encode() not in row["sealed"]


async def test_verification_finds_steps_that_the_table_does_not_allow(conn: asyncpg.Connection) -> None:
    case = await walked(conn, await received(conn), (LI, "take"))
    assert case.complaint_id not in {one.complaint_id for one in await selectors.differences(conn)}
    await conn.execute(
        "INSERT INTO supervision_step VALUES ($1, 3, 'close', 'closed', 'agency:li', now(), NULL)",
        case.complaint_id,
    )
    found = {one.complaint_id: one for one in await selectors.differences(conn)}
    assert found[case.complaint_id].stored == "taken close closed"


async def test_lists_are_cut_to_the_area_and_the_state(conn: asyncpg.Connection) -> None:
    here = await received(conn, complaint(region="140830"))
    away = await received(conn, complaint(region="621000"))
    numbers = {row.complaint_id for row in await selectors.listed(conn, area="1408")}
    assert here.complaint_id in numbers
    assert away.complaint_id not in numbers
    assert (await selectors.counts(conn, "6210")) == {"received": 1}
