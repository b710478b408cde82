"""Premiums paid from an account: once, whole or not at all, and only where the law has opened them."""

from __future__ import annotations

import asyncio
from datetime import date

import asyncpg
import msgspec
import pytest

from gongji.accounts.family import apply_binding, decide_binding
from gongji.accounts.premiums import check_order, forbidden_use, pay_premium, refund_premium
from gongji.accounts.values import Premium, PremiumOrder
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.members.family import FamilyRequest
from gongji.policy import Value
from tests.accounts.people import (
    LI,
    ON,
    QINGYANG,
    SHANXI,
    add_member,
    assert_books,
    balance,
    by,
    member,
    new_person,
    office,
)

PAYEE = "国家税务总局运城市税务局"


def order(owner: str, insured: str | None = None, fen: int = 38_000, **given: object) -> PremiumOrder:
    whole = PremiumOrder(
        owner,
        insured or owner,
        "resident_insurance",
        2024,
        "国家税务总局运城市税务局",
        fen,
        "counter",
        new_person(),
    )
    return msgspec.structs.replace(whole, **given)


async def bind(conn: asyncpg.Connection, owner: str, user: str, relation: str = "parent") -> None:
    number = await apply_binding(
        conn, office(), FamilyRequest(owner, user, relation, "household_register", True, ON)
    )
    assert isinstance(number, int)
    assert await decide_binding(conn, by(LI), owner, number, approve=True) is None


@pytest.mark.clause("SX2021-103.s2.4.d")
async def test_a_parents_premium_of_380_leaves_120_of_500(conn):
    owner, parent = await add_member(conn, 50_000), await add_member(conn)
    await bind(conn, owner, parent)
    paid = await pay_premium(conn, member(owner), order(owner, parent))
    assert isinstance(paid, Premium)
    assert (paid.balance_fen, paid.repeated) == (12_000, False)
    assert await balance(conn, owner) == 12_000
    await assert_books(conn, owner)


async def test_the_books_name_the_payee_of_a_premium(conn):
    owner = await add_member(conn, 50_000)
    paid = await pay_premium(conn, member(owner), order(owner))
    legs = await conn.fetchrow(
        "SELECT accounts, parties, amounts FROM ledger_journal WHERE psn_no = $1 AND journal_id = $2",
        owner,
        paid.premium_id,
    )
    assert tuple(legs) == ([5221, 1002], [owner, PAYEE], [38_000, -38_000])


async def test_a_premium_that_the_balance_cannot_pay_whole_is_not_paid(conn):
    owner = await add_member(conn, 37_999)
    refused = await pay_premium(conn, member(owner), order(owner))
    assert refused == Refusal("BALANCE_INSUFFICIENT", "余额 379.99，保费 380.00")
    assert await balance(conn, owner) == 37_999


@pytest.mark.clause("QY.art7.c")
def test_qingyang_has_not_opened_premiums_and_says_by_which_article():
    refused = check_order(office(), order("X"), QINGYANG, "self")
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.clause) == ("PREMIUM_NOT_OPEN", "QY.art7.c")
    assert "第七条" in refused.text


@pytest.mark.clause("SX2021-103.s2.4.e")
@pytest.mark.clause("QY.art7.d")
@pytest.mark.parametrize(("region", "clause"), [(SHANXI, "SX2021-103.s2.4.e"), (QINGYANG, "QY.art7.d")])
@pytest.mark.parametrize("use", ["public_health", "fitness", "wellness"])
def test_wellness_fitness_and_public_health_are_never_paid(region: str, clause: str, use: str):
    for refused in (
        forbidden_use(office(), use, region),
        check_order(office(), order("X", product=use), region, "self"),
    ):
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.clause) == ("ACCOUNT_USE_FORBIDDEN", clause)


@pytest.mark.parametrize("product", ["resident_insurance", "large_amount", "long_term_care"])
def test_shanxi_opens_three_premiums(product: str):
    law = check_order(office(), order("X", product=product), SHANXI, "self")
    assert isinstance(law, Value)
    assert law.clause == "SX2021-103.s2.4.d"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"amount_fen": 0}, "AMOUNT_OUT_OF_RANGE"),
        ({"amount_fen": -1}, "AMOUNT_OUT_OF_RANGE"),
        ({"product": "car_insurance"}, "UNKNOWN_CODE"),
        ({"year": 2023}, "BAD_FIELD"),
        ({"year": 2026}, "BAD_FIELD"),
        ({"payee": ""}, "MISSING_FIELD"),
    ],
)
def test_an_order_that_is_not_sound_is_refused(given: dict[str, object], code: str):
    refused = check_order(office(), order("X", **given), SHANXI, "self")
    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_a_draft_decides_nothing_outside_demonstrations():
    refused = check_order(office(allow_draft=False), order("X"), QINGYANG, "self")
    assert isinstance(refused, Refusal)
    assert refused.code == "LAW_DRAFT"


@pytest.mark.parametrize("actor", [Actor("member", "somebody else"), Actor("institution", "H1")])
def test_nobody_pays_from_another_persons_account(actor: Actor):
    refused = check_order(office(actor), order("X"), SHANXI, "self")
    assert isinstance(refused, Refusal)
    assert refused.code == "FORBIDDEN"


async def test_a_stranger_who_knows_a_number_is_not_told_what_was_paid(conn):
    owner, stranger = await add_member(conn, 50_000), await add_member(conn)
    known = order(owner)
    await pay_premium(conn, member(owner), known)
    answer = await pay_premium(conn, member(stranger), known)
    assert isinstance(answer, Refusal)
    assert answer.code == "FORBIDDEN"


async def test_only_who_is_bound_is_paid_for(conn):
    owner, stranger = await add_member(conn, 50_000), await add_member(conn)
    refused = await pay_premium(conn, member(owner), order(owner, stranger))
    assert refused.code == "PREMIUM_NOT_FOR_THIS_PERSON"


async def test_the_same_order_again_is_answered_and_not_paid(conn):
    owner = await add_member(conn, 100_000)
    first = order(owner)
    once = await pay_premium(conn, member(owner), first)
    again = await pay_premium(conn, member(owner), first)
    other_number = await pay_premium(conn, member(owner), order(owner))
    assert once.premium_id == again.premium_id == other_number.premium_id
    assert (again.repeated, other_number.repeated, again.balance_fen) == (True, True, 62_000)
    assert await balance(conn, owner) == 62_000


async def test_a_callers_number_with_another_content_is_refused(conn):
    owner = await add_member(conn, 100_000)
    first = order(owner)
    await pay_premium(conn, member(owner), first)
    refused = await pay_premium(conn, member(owner), msgspec.structs.replace(first, amount_fen=39_000))
    assert refused.code == "MESSAGE_REUSED"


async def test_two_children_cannot_both_pay_one_parents_premium(conn):
    parent, son, daughter = (
        await add_member(conn),
        await add_member(conn, 50_000),
        await add_member(conn, 50_000),
    )
    await bind(conn, son, parent)
    await bind(conn, daughter, parent)
    assert isinstance(await pay_premium(conn, member(son), order(son, parent)), Premium)
    refused = await pay_premium(conn, member(daughter), order(daughter, parent))
    assert refused.code == "PREMIUM_ALREADY_PAID"


async def test_a_refunded_premium_is_back_once_and_may_be_paid_again(conn):
    owner = await add_member(conn, 50_000)
    paid = await pay_premium(conn, member(owner), order(owner))
    back = await refund_premium(conn, office(), owner, paid.premium_id, "重复参保")
    assert (back.refunded, back.balance_fen) == (True, 50_000)
    assert (await refund_premium(conn, office(), owner, paid.premium_id, "")).code == "PREMIUM_REFUNDED"
    again = await pay_premium(conn, member(owner), order(owner))
    assert (again.attempt, again.repeated, again.balance_fen) == (2, False, 12_000)
    await assert_books(conn, owner)


async def test_a_member_cannot_refund(conn):
    owner = await add_member(conn, 50_000)
    paid = await pay_premium(conn, member(owner), order(owner))
    assert (await refund_premium(conn, member(owner), owner, paid.premium_id, "")).code == "FORBIDDEN"


async def test_nothing_is_paid_for_who_has_died(conn):
    owner = await add_member(conn, 50_000, died_on=date(2024, 8, 1))
    assert (await pay_premium(conn, office(), order(owner))).code == "MEMBER_DECEASED"
    child, parent = await add_member(conn, 50_000), await add_member(conn, died_on=date(2024, 8, 1))
    assert (await pay_premium(conn, office(), order(child, parent))).code == "MEMBER_DECEASED"
    assert (await pay_premium(conn, office(), order(child, "nobody"))).code == "UNKNOWN_MEMBER"


async def test_without_an_account_nothing_is_paid(conn):
    owner = await add_member(conn)
    assert (await pay_premium(conn, office(), order(owner))).code == "NO_PERSONAL_ACCOUNT"


@pytest.mark.clause("SX2021-103.s2.5.g")
async def test_of_two_payments_of_80_at_once_on_100_exactly_one_succeeds(conn, pg_url):
    for _ in range(10):
        owner = await add_member(conn, 10_000)
        orders = [
            order(owner, fen=8_000, product=product) for product in ("resident_insurance", "large_amount")
        ]

        async def pay(one: PremiumOrder, owner: str = owner) -> Premium | Refusal:
            other = await asyncpg.connect(pg_url)
            try:
                return await pay_premium(other, member(owner), one)
            finally:
                await other.close()

        done = await asyncio.gather(*map(pay, orders))
        assert sorted(type(one).__name__ for one in done) == ["Premium", "Refusal"]
        assert await balance(conn, owner) == 2_000
        await assert_books(conn, owner)


async def test_one_premium_sent_ten_times_at_once_is_paid_once(conn, pg_url):
    owner = await add_member(conn, 100_000)
    one = order(owner)

    async def pay() -> Premium | Refusal:
        other = await asyncpg.connect(pg_url)
        try:
            return await pay_premium(other, member(owner), one)
        finally:
            await other.close()

    done = await asyncio.gather(*(pay() for _ in range(10)))
    assert len({paid.premium_id for paid in done}) == 1
    assert sorted(paid.repeated for paid in done) == [False] + [True] * 9
    assert await balance(conn, owner) == 62_000
