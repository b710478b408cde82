"""Limits of an owner on the family's use of the account."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from gongji.accounts.family import apply_binding, decide_binding
from gongji.accounts.limits import set_limit
from gongji.accounts.selectors import family_room, limits
from gongji.accounts.values import Limit
from gongji.base.reasons import Refusal
from gongji.members.family import FamilyRequest
from tests.accounts.people import AT, LI, ON, add_member, by, member, office, pay


async def family(conn: asyncpg.Connection[Any], users: int = 1, fen: int = 100_000) -> tuple[str, ...]:
    """An owner and relatives bound to the account."""
    owner = await add_member(conn, fen)
    found = [owner]
    for _ in range(users):
        user = await add_member(conn)
        number = await apply_binding(conn, office(), FamilyRequest(owner, user, "child", "promise", True, ON))
        assert await decide_binding(conn, by(LI), owner, number, approve=True) is None
        found.append(user)
    return tuple(found)


async def limit(
    conn: asyncpg.Connection[Any],
    owner: str,
    user: str = "*",
    settlement: int | None = None,
    month: int | None = None,
    year: int | None = None,
    from_on: date = ON,
    at: datetime = AT,
) -> int | Refusal:
    return await set_limit(conn, member(owner, at), Limit(owner, user, settlement, month, year, from_on))


async def room(conn: asyncpg.Connection[Any], owner: str, user: str, on: date = ON) -> int | None:
    return (await family_room(conn, [(owner, user)], on))[owner, user]


async def test_without_a_limit_there_is_no_limit(conn):
    owner, user = await family(conn)
    assert await family_room(conn, [(owner, user)], ON) == {(owner, user): None}
    assert await family_room(conn, [], ON) == {}


async def test_a_limit_per_settlement_is_the_same_after_each(conn):
    owner, user = await family(conn)
    await limit(conn, owner, settlement=5_000)
    await pay(conn, user, 5_000, owner=owner)
    assert await room(conn, owner, user) == 5_000


async def test_a_monthly_limit_is_used_up_and_new_next_month(conn):
    owner, user = await family(conn)
    await limit(conn, owner, user, month=10_000)
    await pay(conn, user, 7_000, owner=owner)
    assert await room(conn, owner, user) == 3_000
    await pay(conn, user, 3_000, owner=owner)
    assert await room(conn, owner, user) == 0
    assert await room(conn, owner, user, date(2024, 9, 1)) == 10_000


async def test_months_and_years_begin_at_midnight_in_china(conn):
    owner, user = await family(conn)
    early = datetime(2024, 8, 1, 1, 0, tzinfo=UTC)
    await limit(conn, owner, user, month=10_000, year=50_000, from_on=date(2024, 8, 1), at=early)
    await pay(conn, user, 1_000, owner=owner, at=datetime(2024, 8, 31, 15, 59, tzinfo=UTC))
    await pay(conn, user, 200, owner=owner, at=datetime(2024, 8, 31, 16, 0, tzinfo=UTC))
    await pay(conn, user, 30_000, owner=owner, at=datetime(2024, 12, 31, 16, 0, tzinfo=UTC))
    assert await room(conn, owner, user, date(2024, 8, 31)) == 9_000
    assert await room(conn, owner, user, date(2024, 9, 1)) == 9_800
    assert await room(conn, owner, user, date(2024, 12, 31)) == 10_000
    assert await room(conn, owner, user, date(2025, 1, 1)) == 0


async def test_what_is_given_back_may_be_taken_again_but_never_more_than_the_limit(conn):
    owner, user = await family(conn)
    await limit(conn, owner, user, month=10_000)
    await pay(conn, user, 8_000, owner=owner)
    await pay(conn, user, -8_000, owner=owner)
    assert await room(conn, owner, user) == 10_000
    await pay(conn, user, -500, owner=owner)
    assert await room(conn, owner, user) == 10_000


async def test_a_limit_on_all_users_counts_what_they_take_together(conn):
    owner, son, daughter = await family(conn, 2)
    await limit(conn, owner, year=10_000)
    await pay(conn, son, 6_000, owner=owner)
    assert await family_room(conn, [(owner, son), (owner, daughter)], ON) == {
        (owner, son): 4_000,
        (owner, daughter): 4_000,
    }


async def test_a_limit_on_one_user_counts_only_that_one_and_both_hold(conn):
    owner, son, daughter = await family(conn, 2)
    await limit(conn, owner, year=10_000)
    await limit(conn, owner, son, month=3_000)
    await pay(conn, daughter, 8_000, owner=owner)
    assert await room(conn, owner, son) == 2_000
    await pay(conn, daughter, -8_000, owner=owner)
    assert await room(conn, owner, son) == 3_000


async def test_the_owners_own_payments_use_up_nothing(conn):
    owner, user = await family(conn)
    await limit(conn, owner, month=1_000)
    await pay(conn, owner, 50_000)
    assert await room(conn, owner, user) == 1_000


async def test_the_last_limit_counts_from_its_day_and_three_nones_lift_it(conn):
    owner, user = await family(conn)
    later = ON + timedelta(days=20)
    await limit(conn, owner, user, settlement=1_000)
    await limit(conn, owner, user, settlement=2_000, from_on=later, at=AT + timedelta(seconds=1))
    assert await room(conn, owner, user, later - timedelta(days=1)) == 1_000
    assert await room(conn, owner, user, later) == 2_000
    await limit(conn, owner, user, at=AT + timedelta(seconds=2))
    assert await room(conn, owner, user) is None
    (held,) = await limits(conn, owner, ON)
    assert (held.per_settlement_fen, held.per_month_fen, held.per_year_fen) == (None, None, None)


async def test_a_limit_below_what_was_used_leaves_nothing_not_less(conn):
    owner, user = await family(conn)
    await pay(conn, user, 9_000, owner=owner)
    await limit(conn, owner, user, month=5_000)
    assert await room(conn, owner, user) == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"from_on": ON - timedelta(days=1)}, "FAMILY_BACKDATED"),
        ({"settlement": -1}, "AMOUNT_OUT_OF_RANGE"),
        ({"settlement": 10**23}, "AMOUNT_OUT_OF_RANGE"),
        ({"user": "somebody"}, "FAMILY_NOT_BOUND"),
    ],
)
async def test_a_limit_that_is_not_sound_is_not_recorded(conn, given: dict[str, Any], code: str):
    owner, _ = await family(conn)
    refused = await limit(conn, owner, **given)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert await limits(conn, owner, ON) == ()


async def test_only_the_owner_or_the_agency_sets_limits(conn):
    owner, user = await family(conn)
    asked = Limit(owner, user, 0, None, None, ON)
    refused = await set_limit(conn, member(user), asked)
    assert isinstance(refused, Refusal)
    assert refused.code == "FORBIDDEN"
    assert isinstance(await set_limit(conn, office(), asked), int)
