"""Family mutual aid: who may be bound, by whom, until when, in which order."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import count
from time import time_ns
from typing import Any

import asyncpg
import msgspec
import pytest

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.members import family
from gongji.members.family import FamilyRequest, bindings_of_owner, bindings_of_user, check_request
from gongji.members.family_rules import Binding
from gongji.members.selectors import family_owners
from gongji.members.values import Person, Standing
from gongji.members.writing import read
from gongji.policy import Law, compile_law, load_library
from tests.members.people import add_person, add_relation, cert_no

SHANXI, QINGYANG = "140800", "621000"
ON = date(2024, 8, 15)
AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
OFFICER, SECOND = Actor("agency", "zhang"), Actor("agency", "li")
_ids = IdSource(1021, lambda: time_ns() // 1_000_000)
_numbers = count(1)


@pytest.fixture(scope="module")
def law() -> Law:
    return compile_law(load_library())


def person(psn_no: str, died_on: date | None = None) -> Person:
    return Person(psn_no, "测试", "01", b"", "1", "01", date(1980, 1, 1), died_on)


def standing(psn_no: str, region: str = SHANXI, died_on: date | None = None) -> Standing:
    return Standing(
        person(psn_no, died_on), True, "active", "11", "310", region, "", "employee", "employer", False, True, False, False,
        None, None, "none", "", {},
    )  # fmt: skip


def request(
    relation: str = "spouse", from_on: date = ON, until_on: date | None = None, **given: Any
) -> FamilyRequest:
    return msgspec.structs.replace(
        FamilyRequest("owner", "user", relation, "household_register", True, from_on, until_on), **given
    )


def bound(
    user: str, owner: str, relation: str = "child", from_on: date = ON, until_on: date | None = None
) -> Binding:
    return Binding(user, 1, from_on, until_on, owner, relation, 1, 1)


def check(
    law: Law, asked: FamilyRequest, *bindings: Binding, region: str = SHANXI, **given: Any
) -> Refusal | None:
    facts: dict[str, Any] = {
        "owner": standing(asked.owner, region), "user": standing(asked.user), "account_state": "open", "bindings": bindings,
        "on": ON,
    }  # fmt: skip
    return check_request(law, asked, **(facts | given))


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal is not None else ""


@pytest.mark.clause("SX2021-103.s2.4.b")
@pytest.mark.parametrize("relation", ["spouse", "parent", "child"])
@pytest.mark.parametrize("day", [date(2023, 1, 1), ON])
def test_spouse_parents_and_children_may_always_be_bound(law: Law, relation: str, day: date):
    assert check(law, request(relation, day), on=day) is None


@pytest.mark.clause("QY.art7.b")
@pytest.mark.parametrize("relation", ["spouse", "parent", "child"])
def test_qingyang_lets_the_same_relatives_use_an_account(law: Law, relation: str):
    day = date(2023, 6, 1)
    assert check(law, request(relation, day), region=QINGYANG, on=day) is None


@pytest.mark.parametrize("relation", ["sibling", "grandparent", "grandchild"])
def test_other_near_relatives_only_since_26_july_2024(law: Law, relation: str):
    before, since = date(2024, 7, 25), date(2024, 7, 26)
    refused = check(law, request(relation, before), on=before)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.clause) == ("FAMILY_RELATION_NOT_ALLOWED", "SX2021-103.s2.4.b")
    assert check(law, request(relation, since), on=since) is None


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (request("cousin"), "FAMILY_RELATION_NOT_ALLOWED"),
        (request(user="owner"), "FAMILY_SELF"),
        (request(until_on=ON - timedelta(days=1)), "DATES_CONTRADICT"),
        (request(from_on=ON - timedelta(days=1)), "FAMILY_BACKDATED"),
        (request(proof=""), "FAMILY_PROOF_MISSING"),
        (request(declared=False), "FAMILY_PROOF_MISSING"),
    ],
)
def test_a_request_that_is_not_sound_is_refused(law: Law, asked: FamilyRequest, expected: str):
    assert code(check(law, asked)) == expected


def test_a_binding_may_be_for_one_day(law: Law):
    assert check(law, request(until_on=ON)) is None


def test_bindings_that_share_only_one_day_clash(law: Law):
    first_half = bound("user", "owner", from_on=date(2024, 1, 1), until_on=ON)
    assert code(check(law, request("child"), first_half)) == "FAMILY_OVERLAP"
    later = bound("user", "owner", from_on=ON + timedelta(days=9))
    assert code(check(law, request("child", until_on=ON + timedelta(days=9)), later)) == "FAMILY_OVERLAP"
    assert check(law, request("child", until_on=ON + timedelta(days=8)), later) is None


def test_an_officer_may_let_it_begin_earlier(law: Law):
    assert check(law, request(from_on=ON - timedelta(days=30)), backdated=True) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"owner": None}, "UNKNOWN_MEMBER"),
        ({"user": None}, "UNKNOWN_MEMBER"),
        ({"account_state": None}, "NO_PERSONAL_ACCOUNT"),
        ({"account_state": "frozen"}, "ACCOUNT_NOT_OPEN"),
        ({"owner": standing("owner", died_on=ON)}, "MEMBER_DECEASED"),
        ({"user": standing("user", died_on=ON)}, "MEMBER_DECEASED"),
    ],
)
def test_owner_and_user_must_be_known_living_and_the_account_open(
    law: Law, given: dict[str, Any], expected: str
):
    assert code(check(law, request(), **given)) == expected


def test_it_is_said_who_is_unknown(law: Law):
    for missing in ("owner", "user"):
        refused = check(law, request(), **{missing: None})
        assert isinstance(refused, Refusal)
        assert refused.detail == missing


def test_nobody_is_bound_twice_over_the_same_days(law: Law):
    assert code(check(law, request("child"), bound("user", "owner"))) == "FAMILY_OVERLAP"
    ended = bound("user", "owner", from_on=date(2024, 1, 1), until_on=ON - timedelta(days=1))
    assert check(law, request("child"), ended) is None


def test_nobody_has_two_spouses_at_once_on_either_side(law: Law):
    assert code(check(law, request(), bound("another", "owner", "spouse"))) == "FAMILY_TWO_SPOUSES"
    assert code(check(law, request(), bound("user", "another", "spouse"))) == "FAMILY_TWO_SPOUSES"
    assert (
        check(law, request(), bound("another", "owner", "spouse", date(2024, 1, 1), ON - timedelta(days=1)))
        is None
    )


def test_spouses_may_share_their_accounts_with_each_other(law: Law):
    assert check(law, request(), bound("owner", "user", "spouse")) is None


# ── in the database ──────────────────────────────────────────────────────────────────────────────────────────


async def add(conn: asyncpg.Connection[Any], died_on: date | None = None) -> str:
    psn_no = f"77{next(_numbers):08d}"
    await add_person(conn, psn_no, died_on=died_on, number=cert_no(int(psn_no) % 1000, "19700101"))
    await add_relation(conn, psn_no, region=SHANXI)
    return psn_no


async def apply(
    conn: asyncpg.Connection[Any], law: Law, asked: FamilyRequest, actor: Actor | None = None
) -> int | Refusal:
    number = _ids.next()
    refusal = await family.apply(
        conn, law, asked, account_state="open", declaration_id=number,
        actor=actor or Actor("member", asked.owner), at=AT, on=ON,
    )  # fmt: skip
    return number if refusal is None else refusal


async def decide(
    conn: asyncpg.Connection[Any],
    law: Law,
    owner: str,
    number: int,
    actor: Actor = OFFICER,
    *,
    approve: bool = True,
    account_state: str = "open",
) -> Refusal | None:
    return await family.decide(
        conn, law, owner, number, approve=approve, reason="", account_state=account_state, change_id=_ids.next(),
        actor=actor, at=AT, on=ON,
    )  # fmt: skip


async def bind(
    conn: asyncpg.Connection[Any],
    law: Law,
    owner: str,
    user: str,
    relation: str = "child",
    from_on: date = ON,
) -> None:
    number = await apply(conn, law, request(relation, from_on, owner=owner, user=user))
    assert isinstance(number, int)
    assert await decide(conn, law, owner, number) is None


async def test_an_approved_application_binds_from_its_day(conn, law):
    owner, user = await add(conn), await add(conn)
    await bind(conn, law, owner, user, "spouse")
    (binding,) = await bindings_of_owner(conn, owner)
    assert (binding.user, binding.relation, binding.from_on, binding.until_on) == (user, "spouse", ON, None)
    assert await family_owners(conn, [user], ON) == {user: (owner,)}
    assert await family_owners(conn, [user], ON - timedelta(days=1)) == {}


async def test_every_binding_is_in_the_history_of_the_user_with_who_approved_it(conn, law):
    owner, user = await add(conn), await add(conn)
    await bind(conn, law, owner, user)
    change = await conn.fetchrow(
        "SELECT part, actor, content->>'owner' AS owner FROM members_change WHERE psn_no = $1 AND part = 'family'",
        user,
    )
    assert tuple(change) == ("family", str(OFFICER), owner)


async def test_a_refused_application_binds_nobody(conn, law):
    owner, user = await add(conn), await add(conn)
    number = await apply(conn, law, request(owner=owner, user=user))
    assert await decide(conn, law, owner, number, approve=False) is None
    assert await bindings_of_owner(conn, owner) == ()
    (seen,) = await family.applications(conn, owner)
    assert (seen.state, seen.decided_by) == ("refused", str(OFFICER))


async def test_who_applied_at_the_counter_does_not_approve(conn, law):
    owner, user = await add(conn), await add(conn)
    number = await apply(conn, law, request(owner=owner, user=user), OFFICER)
    assert code(await decide(conn, law, owner, number, OFFICER)) == "SECOND_PERSON_REQUIRED"
    assert await decide(conn, law, owner, number, SECOND) is None


async def test_only_the_owner_applies_and_only_the_agency_decides(conn, law):
    owner, user = await add(conn), await add(conn)
    asked = request(owner=owner, user=user)
    assert code(await apply(conn, law, asked, Actor("member", user))) == "FORBIDDEN"
    number = await apply(conn, law, asked)
    assert code(await decide(conn, law, owner, number, Actor("member", owner))) == "FORBIDDEN"


async def test_the_first_decision_stands(conn, law):
    owner, user = await add(conn), await add(conn)
    number = await apply(conn, law, request(owner=owner, user=user))
    assert await decide(conn, law, owner, number, approve=False) is None
    assert code(await decide(conn, law, owner, number, SECOND)) == "DECLARATION_DECIDED"
    assert code(await decide(conn, law, owner, 1)) == "DECLARATION_NOT_FOUND"


async def test_of_two_decisions_at_once_one_counts(conn, law, pg_url):
    for _ in range(10):
        owner, user = await add(conn), await add(conn)
        number = await apply(conn, law, request("child", owner=owner, user=user))

        async def one(actor: Actor, owner: str = owner, number: int = number) -> Refusal | None:
            other = await asyncpg.connect(pg_url)
            try:
                return await decide(other, law, owner, number, actor)
            finally:
                await other.close()

        answers = await asyncio.gather(one(OFFICER), one(SECOND))
        assert sorted(map(code, answers)) == ["", "DECLARATION_DECIDED"]
        assert len(await bindings_of_owner(conn, owner)) == 1


async def test_two_spouses_approved_at_once_are_one(conn, law, pg_url):
    for _ in range(10):
        owner, wives = await add(conn), [await add(conn), await add(conn)]
        numbers = [await apply(conn, law, request("spouse", owner=owner, user=wife)) for wife in wives]

        async def one(number: int, owner: str = owner) -> Refusal | None:
            other = await asyncpg.connect(pg_url)
            try:
                return await decide(other, law, owner, number)
            finally:
                await other.close()

        answers = await asyncio.gather(*map(one, numbers))
        assert sorted(map(code, answers)) == ["", "FAMILY_TWO_SPOUSES"]


async def test_of_two_applications_for_the_same_user_at_once_one_counts(conn, law, pg_url):
    owner, user = await add(conn), await add(conn)
    asked = request("child", owner=owner, user=user)

    async def one() -> int | Refusal:
        other = await asyncpg.connect(pg_url)
        try:
            return await apply(other, law, asked)
        finally:
            await other.close()

    first, second = await asyncio.gather(one(), one())
    numbers = [one for one in (first, second) if isinstance(one, int)]
    refused = [one for one in (first, second) if isinstance(one, Refusal)]
    assert [one.code for one in refused] == ["DECLARATION_PENDING"]
    assert refused[0].detail == str(numbers[0])
    await decide(conn, law, owner, numbers[0], approve=False)
    assert isinstance(await apply(conn, law, asked), int)


async def test_who_applied_may_take_it_back_until_it_is_decided(conn, law):
    owner, user = await add(conn), await add(conn)
    number = await apply(conn, law, request("child", owner=owner, user=user))
    assert isinstance(number, int)
    assert code(await family.withdraw(conn, owner, number, actor=OFFICER, at=AT)) == "DECLARATION_OF_ANOTHER"
    member = Actor("member", owner)
    assert code(await family.withdraw(conn, owner, 1, actor=member, at=AT)) == "DECLARATION_NOT_FOUND"
    assert await family.withdraw(conn, owner, number, actor=member, at=AT) is None
    assert code(await decide(conn, law, owner, number)) == "DECLARATION_DECIDED"
    assert code(await family.withdraw(conn, owner, number, actor=member, at=AT)) == "DECLARATION_DECIDED"
    assert await bindings_of_owner(conn, owner) == ()


async def test_after_the_owners_death_nothing_is_approved(conn, law):
    owner, user = await add(conn), await add(conn)
    number = await apply(conn, law, request("child", owner=owner, user=user))
    content = await conn.fetchval(
        "SELECT content::text FROM members_change WHERE psn_no = $1 AND part = 'person' ORDER BY revision DESC LIMIT 1",
        owner,
    )
    died = msgspec.json.encode(msgspec.json.decode(content) | {"died_on": str(ON)}).decode()
    await conn.execute(
        "SELECT members_write($1, ARRAY[$2::bigint], ARRAY['person'], ARRAY[0::bigint], ARRAY[1], ARRAY[$3], $4, 'agency:x', '')",
        owner, _ids.next(), died, AT,
    )  # fmt: skip
    assert code(await decide(conn, law, owner, number)) == "MEMBER_DECEASED"
    assert code(await apply(conn, law, request("child", owner=owner, user=user))) == "MEMBER_DECEASED"


async def test_a_closed_account_is_bound_to_nobody(conn, law):
    owner, user = await add(conn), await add(conn)
    number = await apply(conn, law, request(owner=owner, user=user))
    assert code(await decide(conn, law, owner, number, account_state="closed")) == "ACCOUNT_NOT_OPEN"


async def test_the_owner_revokes_from_a_day_on(conn, law):
    owner, user = await add(conn), await add(conn)
    await bind(conn, law, owner, user)
    end = ON + timedelta(days=10)
    args: dict[str, Any] = {"new_id": _ids.next, "at": AT, "on": ON}
    assert (
        code(await family.revoke(conn, owner, user, end, actor=Actor("member", user), **args)) == "FORBIDDEN"
    )
    assert await family.revoke(conn, owner, user, end, actor=Actor("member", owner), **args) is None
    assert await family_owners(conn, [user], end - timedelta(days=1)) == {user: (owner,)}
    assert await family_owners(conn, [user], end) == {}
    assert code(await family.revoke(conn, owner, user, end, actor=OFFICER, **args)) == "FAMILY_NOT_BOUND"


async def test_a_revocation_does_not_reach_back(conn, law):
    owner, user = await add(conn), await add(conn)
    await bind(conn, law, owner, user)
    yesterday = ON - timedelta(days=1)
    refused = await family.revoke(conn, owner, user, yesterday, new_id=_ids.next, actor=OFFICER, at=AT, on=ON)
    assert code(refused) == "FAMILY_BACKDATED"


async def test_a_binding_revoked_on_its_first_day_never_was_and_may_be_made_again(conn, law):
    owner, user = await add(conn), await add(conn)
    await bind(conn, law, owner, user)
    assert await family.revoke(conn, owner, user, ON, new_id=_ids.next, actor=OFFICER, at=AT, on=ON) is None
    assert await bindings_of_user(conn, user) == ()
    await bind(conn, law, owner, user)
    assert len(await bindings_of_user(conn, user)) == 1


async def test_accounts_are_used_in_the_order_of_binding_until_another_order_is_set(conn, law):
    user, first, second = await add(conn), await add(conn), await add(conn)
    await bind(conn, law, first, user, "parent")
    await bind(conn, law, second, user, "parent")
    assert await family_owners(conn, [user], ON) == {user: (first, second)}
    day = ON + timedelta(days=5)
    args: dict[str, Any] = {"new_id": _ids.next, "actor": Actor("member", user), "at": AT, "on": ON}
    assert code(await family.reorder(conn, user, [second], day, **args)) == "FAMILY_ORDER_INVALID"
    assert await family.reorder(conn, user, [second, first], day, **args) is None
    assert await family_owners(conn, [user], day) == {user: (second, first)}
    assert await family_owners(conn, [user], day - timedelta(days=1)) == {user: (first, second)}


async def test_revoking_after_a_change_of_order_ends_the_use_too(conn, law):
    user, first, second = await add(conn), await add(conn), await add(conn)
    await bind(conn, law, first, user, "parent")
    await bind(conn, law, second, user, "parent")
    args: dict[str, Any] = {"new_id": _ids.next, "actor": OFFICER, "at": AT, "on": ON}
    assert await family.reorder(conn, user, [second, first], ON, **args) is None
    assert await family.revoke(conn, second, user, ON + timedelta(days=1), **args) is None
    assert await family_owners(conn, [user], ON) == {user: (second, first)}
    assert await family_owners(conn, [user], ON + timedelta(days=1)) == {user: (first,)}


async def test_the_history_knows_a_binding_as_the_table_does(conn, law):
    owner, user = await add(conn), await add(conn)
    await bind(conn, law, owner, user, "spouse")
    known = await read(conn, user)
    assert known is not None
    (entry,) = known.family
    assert (entry.row.owner, entry.row.relation, entry.row.from_on, entry.row.until_on) == (
        owner,
        "spouse",
        ON,
        None,
    )
