"""Statements: months that join without a gap, names that are masked, and who of the family used what."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from gongji.accounts.limits import set_limit
from gongji.accounts.premiums import pay_premium
from gongji.accounts.statement import KINDS, family_statement, mask_number, month_statement
from gongji.accounts.values import Limit, Statement
from gongji.base.reasons import Refusal
from gongji.members.identity import mask_name
from tests.accounts.people import AT, ON, PHARMACY, ZHANG, add_member, add_places, by, member, office, pay
from tests.accounts.test_limits import family
from tests.accounts.test_premiums import order


async def test_a_month_shows_opening_every_movement_and_closing(conn):
    await add_places(conn)
    psn_no = await add_member(conn, 50_000)
    await pay(conn, psn_no, 5_450)
    await pay(conn, psn_no, 1_000, provider=PHARMACY, at=AT.replace(day=16))
    august = await month_statement(conn, psn_no, ON)
    assert isinstance(august, Statement)
    assert (august.opening_fen, august.closing_fen) == (50_000, 43_550)
    assert [(line.kind, line.amount_fen, line.balance_fen, line.place) for line in august.lines] == [
        ("pay", -5_450, 44_550, "某社区卫生服务中心"),
        ("pay", -1_000, 43_550, "某大药房"),
    ]


@pytest.mark.clause("QY.art8.a")
async def test_a_months_opening_is_the_closing_of_the_one_before_through_new_year(conn):
    psn_no = await add_member(conn, 100_000)
    for month in range(10, 13):
        await pay(conn, psn_no, 1_000 * month, at=datetime(2024, month, 28, 2, 0, tzinfo=UTC))
    months = [date(2024, 9, 1), date(2024, 10, 1), date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1)]
    statements = [await month_statement(conn, psn_no, month) for month in months]
    assert all(isinstance(one, Statement) for one in statements)
    for before, after in pairwise(statements):
        assert after.opening_fen == before.closing_fen
    for one in statements:
        assert one.opening_fen + sum(line.amount_fen for line in one.lines) == one.closing_fen
    assert statements[-1].closing_fen == 67_000


async def test_the_last_second_of_a_month_in_china_is_in_it(conn):
    psn_no = await add_member(conn, 50_000)
    await pay(conn, psn_no, 100, at=datetime(2024, 8, 31, 15, 59, 59, tzinfo=UTC))
    await pay(conn, psn_no, 10, at=datetime(2024, 8, 31, 16, 0, 0, tzinfo=UTC))
    august, september = [await month_statement(conn, psn_no, date(2024, month, 5)) for month in (8, 9)]
    assert [line.amount_fen for line in august.lines] == [-100]
    assert [line.amount_fen for line in september.lines] == [-10]


async def test_an_account_that_nobody_has_has_no_statement(conn):
    refused = await month_statement(conn, "nobody", ON)
    assert isinstance(refused, Refusal)
    assert refused.code == "NO_PERSONAL_ACCOUNT"
    assert (await family_statement(conn, "nobody", ON, ON)).code == "NO_PERSONAL_ACCOUNT"


def test_names_and_numbers_are_masked():
    assert (mask_name("张三丰"), mask_name("李四"), mask_name("")) == ("张**", "李*", "")
    assert mask_number("1400000123") == "******0123"


async def test_a_statement_is_masked_unless_asked_otherwise(conn):
    owner, user = await family(conn)
    await pay(conn, user, 100, owner=owner)
    masked, clear = [await month_statement(conn, owner, ON, masked=flag) for flag in (True, False)]
    assert (masked.name, masked.lines[-1].person) == ("张**", "张**")
    assert masked.psn_no == mask_number(owner)
    assert (clear.psn_no, clear.name, clear.lines[-1].person) == (owner, "张三丰", "张三丰")


async def test_a_relatives_premium_names_the_relative_and_the_year(conn):
    owner, user = await family(conn)
    await pay_premium(conn, member(owner), order(owner, user))
    line = (await month_statement(conn, owner, ON)).lines[-1]
    assert (line.kind, line.amount_fen, line.person, line.period) == (
        "premium",
        -38_000,
        "张**",
        date(2024, 1, 1),
    )


@pytest.mark.clause("SX2021-103.s2.4.b")
@pytest.mark.clause("SX2022-27.art23.b")
async def test_the_owner_sees_who_used_what_where_and_what_is_left(conn):
    await add_places(conn)
    owner, son, daughter = await family(conn, 2)
    await set_limit(conn, member(owner), Limit(owner, son, None, 10_000, None, ON))
    await pay(conn, son, 3_000, owner=owner)
    await pay(conn, daughter, 2_000, owner=owner, provider=PHARMACY)
    await pay(conn, son, -1_000, owner=owner)
    seen = await family_statement(conn, owner, ON, ON, masked=False)
    assert [(user.user, user.used_fen, user.room_fen) for user in seen.users] == [
        (son, 2_000, 8_000),
        (daughter, 2_000, None),
    ]
    assert [(draw.user, draw.place, draw.place_kind, draw.amount_fen) for draw in seen.draws] == [
        (son, "某社区卫生服务中心", "hospital", 3_000),
        (daughter, "某大药房", "pharmacy", 2_000),
        (son, "某社区卫生服务中心", "hospital", -1_000),
    ]
    assert (seen.used_fen, seen.draws[0].relation) == (4_000, "child")


async def test_the_family_statement_is_of_its_days_only(conn):
    owner, user = await family(conn)
    await pay(conn, user, 3_000, owner=owner)
    later = await family_statement(conn, owner, date(2024, 8, 16), date(2024, 8, 31))
    assert (later.used_fen, later.draws) == (0, ())
    assert later.users[0].user == mask_number(user)


async def test_every_kind_of_entry_has_a_chinese_name(conn):
    await pay_premium(conn, office(), order(await add_member(conn, 50_000)))
    kinds = {row[0] for row in await conn.fetch("SELECT DISTINCT kind FROM accounts_entry")}
    assert kinds <= set(KINDS)
    assert by(ZHANG).on == ON
