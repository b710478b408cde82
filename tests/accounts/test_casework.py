"""Cases from application to payment, on a real database: money, state of the account, journal, seals."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from gongji.accounts.casefile import cases_of, payees_of, steps_to_do
from gongji.accounts.cases_opening import open_reopening, open_transfer_out, open_withdrawal, receive_transfer
from gongji.accounts.casework import payment_orders, take_step
from gongji.accounts.recovery import take_back
from gongji.accounts.selectors import balances
from gongji.accounts.values import Case, Payee
from gongji.accounts.verify import findings
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.ledger import Entry, Leg
from tests.accounts.people import (
    AT,
    HEIR,
    LI,
    ON,
    QINGYANG,
    WANG,
    ZHANG,
    _ids,
    add_member,
    assert_books,
    balance,
    by,
    heirs,
    journal,
    member,
    office,
    pay,
    state,
)

DIED = date(2024, 8, 1)
DEATH = ("death_certificate", "heir_identity", "relation_proof", "heirs_agreement", "bank_account")
LEAVING = ("application", "identity", "bank_account")
TRANSFER = ("application", "identity", "certificate")
HALVES = heirs((1, 2), (1, 2))


async def died(conn: asyncpg.Connection[Any], fen: int = 81_234) -> str:
    return await add_member(conn, fen, region=QINGYANG, died_on=DIED)


async def left(conn: asyncpg.Connection[Any], fen: int = 50_000) -> str:
    return await add_member(conn, fen, region=QINGYANG, until_on=date(2024, 7, 31))


async def apply(conn: asyncpg.Connection[Any], psn_no: str, payees: list[Payee] | None = None) -> Case:
    case = await open_withdrawal(conn, by(ZHANG), psn_no, "death", DIED, payees or HALVES, DEATH)
    assert isinstance(case, Case)
    return case


async def pay_out(conn: asyncpg.Connection[Any], psn_no: str, case_id: int) -> Case:
    approved = await take_step(conn, by(LI), psn_no, case_id, "approve")
    assert isinstance(approved, Case)
    paid = await take_step(conn, by(WANG), psn_no, case_id, "pay")
    assert isinstance(paid, Case)
    return paid


def code(answer: object) -> str:
    assert isinstance(answer, Refusal)
    return answer.code


async def withdrawals(conn: asyncpg.Connection[Any], psn_no: str) -> list[tuple[str, int]]:
    rows = await conn.fetch(
        "SELECT counterpart, amount_fen FROM accounts_entry WHERE psn_no = $1 AND kind = 'withdrawal' ORDER BY version, entry_id",
        psn_no,
    )
    return [tuple(row) for row in rows]


# ── death ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clause("QY.art9.a")
@pytest.mark.clause("QY.art9.b")
@pytest.mark.clause("QY.art8.a")
async def test_a_balance_of_812_34_goes_to_two_heirs_in_halves_and_the_account_is_closed(conn):
    psn_no = await died(conn)
    case = await apply(conn, psn_no)
    assert await state(conn, psn_no) == "frozen"
    paid = await pay_out(conn, psn_no, case.case_id)
    assert paid.state == "paid"
    assert await withdrawals(conn, psn_no) == [("payee:1", -40_617), ("payee:2", -40_617)]
    assert (await balance(conn, psn_no), await state(conn, psn_no)) == (0, "closed")
    await assert_books(conn, psn_no)


async def test_each_heir_has_an_entry_of_the_books(conn):
    psn_no = await died(conn, 101)
    await pay_out(conn, psn_no, (await apply(conn, psn_no)).case_id)
    legs = await conn.fetch(
        "SELECT accounts, amounts FROM ledger_journal WHERE psn_no = $1 AND source = 'withdrawal' ORDER BY journal_id",
        psn_no,
    )
    assert [tuple(row) for row in legs] == [([5222, 1002], [51, -51]), ([5222, 1002], [50, -50])]


async def test_nothing_can_be_paid_with_an_account_whose_withdrawal_is_applied_for(conn):
    psn_no = await died(conn)
    await apply(conn, psn_no)
    assert (await balances(conn, [psn_no]))[psn_no][0] == 0
    with pytest.raises(AssertionError):
        await pay(conn, psn_no, 100)


async def test_missing_documents_and_wrong_heirs_freeze_nothing(conn):
    psn_no = await died(conn)
    lacking = await open_withdrawal(conn, by(ZHANG), psn_no, "death", DIED, HALVES, DEATH[:2])
    assert code(lacking) == "DOCUMENTS_MISSING"
    third = await open_withdrawal(conn, by(ZHANG), psn_no, "death", DIED, heirs((1, 3), (1, 3)), DEATH)
    assert code(third) == "SHARES_NOT_WHOLE"
    assert (await state(conn, psn_no), await cases_of(conn, psn_no)) == ("open", ())


async def test_a_rejected_application_gives_the_account_back(conn):
    psn_no = await died(conn)
    case = await apply(conn, psn_no)
    assert code(await take_step(conn, by(ZHANG), psn_no, case.case_id, "reject")) == "SECOND_PERSON_REQUIRED"
    rejected = await take_step(conn, by(LI), psn_no, case.case_id, "reject", note="份额协议没有签字")
    assert (rejected.state, rejected.steps[-1].note) == ("rejected", "份额协议没有签字")
    assert (await state(conn, psn_no), await balance(conn, psn_no)) == ("open", 81_234)
    assert isinstance(await apply(conn, psn_no), Case)


async def test_one_case_at_a_time(conn):
    psn_no = await died(conn)
    await apply(conn, psn_no)
    assert (
        code(await open_withdrawal(conn, by(LI), psn_no, "death", DIED, HALVES, DEATH)) == "CASE_IN_PROGRESS"
    )


async def test_a_closed_account_has_nothing_to_withdraw(conn):
    psn_no = await died(conn)
    await pay_out(conn, psn_no, (await apply(conn, psn_no)).case_id)
    assert (
        code(await open_withdrawal(conn, by(LI), psn_no, "death", DIED, HALVES, DEATH)) == "ACCOUNT_NOT_OPEN"
    )


async def test_a_case_is_paid_once_however_many_pay_at_once(conn, pg_url):
    psn_no = await died(conn)
    case = await apply(conn, psn_no)
    await take_step(conn, by(LI), psn_no, case.case_id, "approve")

    async def one() -> Case | Refusal:
        other = await asyncpg.connect(pg_url)
        try:
            return await take_step(other, by(WANG), psn_no, case.case_id, "pay")
        finally:
            await other.close()

    answers = await asyncio.gather(*(one() for _ in range(5)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Case"] + ["Refusal"] * 4
    assert len(await withdrawals(conn, psn_no)) == 2


@pytest.mark.clause("QY.art10.b")
async def test_credits_after_the_death_are_taken_back_before_the_heirs_are_paid(conn):
    psn_no = await add_member(conn, 38_734, region=QINGYANG, died_on=date(2023, 3, 20))
    for month in (4, 5, 6):
        await _credit(conn, psn_no, date(2023, month, 1), 7_500)
    assert await balance(conn, psn_no) == 61_234
    case = await open_withdrawal(conn, by(ZHANG), psn_no, "death", date(2023, 3, 20), heirs((1, 1)), DEATH)
    paid = await pay_out(conn, psn_no, case.case_id)
    content = paid.steps[-1].content
    assert (content["recovered_fen"], content["paid_fen"], content["owed_fen"]) == (22_500, 38_734, 0)
    assert await withdrawals(conn, psn_no) == [("payee:1", -38_734)]
    await assert_books(conn, psn_no)


@pytest.mark.clause("QY.art10.b")
async def test_what_the_dead_member_owes_is_kept_back_from_the_heirs(conn):
    died_on = date(2023, 3, 20)
    psn_no = await add_member(conn, 0, region=QINGYANG, died_on=died_on)
    await _credit(conn, psn_no, date(2023, 4, 1), 7_500)
    await pay(conn, psn_no, 7_500)
    async with conn.transaction():
        await take_back(conn, by(ZHANG), psn_no, died_on, 1)
    await pay(conn, psn_no, -10_000)
    case = await open_withdrawal(conn, by(ZHANG), psn_no, "death", died_on, heirs((1, 1)), DEATH)
    paid = await pay_out(conn, psn_no, case.case_id)
    content = paid.steps[-1].content
    assert (content["paid_fen"], content["recovered_fen"], content["owed_fen"]) == (2_500, 7_500, 0)
    assert (await balance(conn, psn_no), await state(conn, psn_no)) == (0, "closed")
    assert await conn.fetchval("SELECT receivable_fen FROM accounts_balance WHERE psn_no = $1", psn_no) == 0
    mine = [one.field async for one in findings(conn, {}) if one.psn_no == psn_no]
    assert set(mine) <= {"policy_digest", "credit_entry"}  # the test's own credit, of no run and no law
    await assert_books(conn, psn_no)


async def _credit(conn: asyncpg.Connection[Any], psn_no: str, month: date, fen: int) -> None:
    entry_id, at = _ids.next(), datetime(month.year, month.month, 20, 2, 0, tzinfo=UTC)
    await conn.execute(
        "INSERT INTO accounts_credit VALUES ($1, $2, 1, 'retired', '', 0, 0, $3, $3, 0, $4, 'QY.art6.c', '\\x00', 1, $5, NULL)",
        psn_no, month, fen, QINGYANG, entry_id,
    )  # fmt: skip
    await conn.fetchval(
        "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8)",
        [psn_no], [None], [fen], ["credit"], [None], [None], [entry_id], at,
    )  # fmt: skip
    await journal(
        conn, psn_no, entry_id, "credit", Entry((Leg(5302, psn_no, fen), Leg(2201, psn_no, -fen))), at
    )


# ── a bank transfer that comes back ──────────────────────────────────────────────────────────────────────────


async def test_what_the_bank_sends_back_is_paid_again_to_the_new_account(conn):
    psn_no = await died(conn)
    case = await apply(conn, psn_no)
    await pay_out(conn, psn_no, case.case_id)
    back = await take_step(conn, by(ZHANG), psn_no, case.case_id, "return", returned=(2,), note="户名不符")
    assert back.state == "returned"
    assert (await balance(conn, psn_no), await state(conn, psn_no)) == (40_617, "closed")
    await assert_books(conn, psn_no)
    moved = msgspec.structs.replace(HALVES[1], bank="另一银行", bank_account="6217000011112222")
    assert (
        code(await take_step(conn, by(ZHANG), psn_no, case.case_id, "repay", payees=[moved]))
        == "SECOND_PERSON_REQUIRED"
    )
    again = await take_step(conn, by(LI), psn_no, case.case_id, "repay", payees=[moved])
    assert again.state == "paid"
    assert await withdrawals(conn, psn_no) == [
        ("payee:1", -40_617), ("payee:2", -40_617), ("payee:2", 40_617), ("payee:2", -40_617),
    ]  # fmt: skip
    orders = await payment_orders(conn, by(LI), psn_no, case.case_id)
    assert [(one.payee.bank_account, one.amount_fen) for one in orders] == [
        (HEIR.bank_account, 40_617),
        ("6217000011112222", 40_617),
    ]
    await assert_books(conn, psn_no)


async def test_money_that_comes_back_late_is_kept_for_whom_it_belongs_to(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    case = await transfer(conn, psn_no)
    await pay_out(conn, psn_no, case.case_id)
    await receive_transfer(conn, by(LI), psn_no, "140800", "运城市医疗保险中心", f"LATE-{psn_no}", 500)
    assert await state(conn, psn_no) == "open"
    back = await take_step(conn, by(ZHANG), psn_no, case.case_id, "return")
    assert back.steps[-1].account_state == "frozen"
    assert (await balances(conn, [psn_no]))[psn_no][0] == 0
    again = await take_step(conn, by(LI), psn_no, case.case_id, "repay")
    assert again.steps[-1].account_state == "open"
    assert (await balances(conn, [psn_no]))[psn_no][0] == 500
    await assert_books(conn, psn_no)


async def test_money_received_while_a_payment_waits_does_not_open_the_account(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    case = await transfer(conn, psn_no)
    await pay_out(conn, psn_no, case.case_id)
    await take_step(conn, by(ZHANG), psn_no, case.case_id, "return")
    received = await receive_transfer(
        conn, by(LI), psn_no, "140800", "运城市医疗保险中心", f"WAIT-{psn_no}", 500
    )
    assert (received.steps[0].account_state, await state(conn, psn_no)) == ("", "closed")
    await take_step(conn, by(LI), psn_no, case.case_id, "repay")
    assert await balance(conn, psn_no) == 500


async def test_what_comes_back_waits_until_the_next_case_is_finished(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    case = await transfer(conn, psn_no)
    await pay_out(conn, psn_no, case.case_id)
    await receive_transfer(conn, by(LI), psn_no, "140800", "运城市医疗保险中心", f"NEXT-{psn_no}", 500)
    assert isinstance(await transfer(conn, psn_no), Case)
    assert code(await take_step(conn, by(ZHANG), psn_no, case.case_id, "return")) == "CASE_IN_PROGRESS"


async def test_only_what_was_paid_can_come_back_and_once(conn):
    psn_no = await died(conn)
    case = await apply(conn, psn_no)
    await pay_out(conn, psn_no, case.case_id)
    assert isinstance(await take_step(conn, by(ZHANG), psn_no, case.case_id, "return", returned=(1,)), Case)
    for payee in (1, 3):
        answer = await take_step(conn, by(ZHANG), psn_no, case.case_id, "return", returned=(payee,))
        assert code(answer) == "CASE_STEP_NOT_ALLOWED"


async def test_a_transfer_that_comes_back_comes_back_once_whatever_payees_are_named(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    case = await transfer(conn, psn_no)
    await pay_out(conn, psn_no, case.case_id)
    for returned in ((1, 2), (2,), (0,)):
        answer = await take_step(conn, by(ZHANG), psn_no, case.case_id, "return", returned=returned)
        assert code(answer) == "CASE_STEP_NOT_ALLOWED"
    assert await balance(conn, psn_no) == 0
    back = await take_step(conn, by(ZHANG), psn_no, case.case_id, "return", returned=(1, 1))
    assert back.steps[-1].content == {"payee:1": -70_000}
    assert await balance(conn, psn_no) == 70_000


async def test_heirs_are_not_paid_when_the_death_is_withdrawn_or_dated_otherwise_meanwhile(conn):
    for died_on in (None, DIED + timedelta(days=31)):
        psn_no = await died(conn)
        case = await apply(conn, psn_no)
        await take_step(conn, by(LI), psn_no, case.case_id, "approve")
        await conn.execute("UPDATE members_person SET died_on = $2 WHERE psn_no = $1", psn_no, died_on)
        answer = await take_step(conn, by(WANG), psn_no, case.case_id, "pay")
        assert code(answer) == "WITHDRAWAL_NOT_ALLOWED"
        assert (await balance(conn, psn_no), await state(conn, psn_no)) == (81_234, "frozen")
        assert isinstance(await take_step(conn, by(LI), psn_no, case.case_id, "reject"), Case)
        assert await state(conn, psn_no) == "open"


async def test_who_left_and_is_insured_again_or_dead_is_not_paid_out(conn):
    for column, code_of in (("until_on = NULL", "WITHDRAWAL_NOT_ALLOWED"), (None, "MEMBER_DECEASED")):
        psn_no = await left(conn)
        case = await open_withdrawal(
            conn, by(ZHANG), psn_no, "leaving", date(2024, 7, 31), heirs((1, 1)), LEAVING
        )
        await take_step(conn, by(LI), psn_no, case.case_id, "approve")
        if column:
            await conn.execute(f"UPDATE members_relation SET {column} WHERE psn_no = $1", psn_no)
        else:
            await conn.execute("UPDATE members_person SET died_on = $2 WHERE psn_no = $1", psn_no, ON)
        assert code(await take_step(conn, by(WANG), psn_no, case.case_id, "pay")) == code_of
        assert await balance(conn, psn_no) == 50_000


async def test_an_officer_is_not_a_second_person_by_a_space_in_the_name(conn):
    psn_no = await died(conn)
    case = await apply(conn, psn_no)
    for name in ("zhang ", " zhang", "\u3000zhang"):
        answer = await take_step(conn, by(Actor("agency", name)), psn_no, case.case_id, "approve")
        assert code(answer) == "SECOND_PERSON_REQUIRED"


async def test_a_stranger_cannot_be_put_in_an_heirs_place(conn):
    psn_no = await died(conn)
    case = await apply(conn, psn_no)
    await pay_out(conn, psn_no, case.case_id)
    await take_step(conn, by(ZHANG), psn_no, case.case_id, "return", returned=(1,))
    stranger = heirs((1, 3), (1, 3), (1, 3))[2]
    assert (
        code(await take_step(conn, by(LI), psn_no, case.case_id, "repay", payees=[stranger]))
        == "HEIR_INVALID"
    )


# ── personal data ────────────────────────────────────────────────────────────────────────────────────────────


async def test_heirs_are_sealed_and_whoever_opens_them_is_recorded(conn):
    psn_no = await died(conn)
    case = await apply(conn, psn_no)
    stored = await conn.fetchval(
        "SELECT sealed || content::text::bytea FROM accounts_case WHERE psn_no = $1", psn_no
    )
    for secret in (HEIR.name, HEIR.cert_no, HEIR.bank_account):
        assert secret.encode() not in stored
    assert await payees_of(conn, by(LI), case, "复核") == tuple(HALVES)
    seen = await conn.fetchrow("SELECT actor, purpose, fields FROM members_access WHERE psn_no = $1", psn_no)
    assert (seen["actor"], seen["purpose"]) == (str(LI), "复核")
    assert "heirs.cert_no" in seen["fields"]


async def test_a_member_is_not_shown_who_inherits(conn):
    psn_no = await died(conn)
    case = await apply(conn, psn_no)
    assert code(await payment_orders(conn, member(psn_no), psn_no, case.case_id)) == "FORBIDDEN"


FACTS = "accounts_case accounts_case_step accounts_limit accounts_premium accounts_premium_refund"


@pytest.mark.parametrize("table", FACTS.split())
async def test_facts_of_this_room_can_be_added_but_not_changed(conn, table: str):
    granted = "SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = 'gongji_app' AND table_name = $1"
    assert {row[0] for row in await conn.fetch(granted, table)} == {"SELECT", "INSERT"}


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clause("QY.art9.c")
@pytest.mark.clause("QY.art10.a")
async def test_who_left_the_scheme_gets_the_balance_of_500(conn):
    psn_no = await left(conn)
    payee = heirs((1, 1))
    case = await open_withdrawal(conn, member(psn_no), psn_no, "leaving", date(2024, 7, 31), payee, LEAVING)
    await pay_out(conn, psn_no, case.case_id)
    assert await withdrawals(conn, psn_no) == [("payee:1", -50_000)]
    assert await state(conn, psn_no) == "closed"


async def test_an_agent_needs_the_power_of_attorney(conn):
    psn_no = await left(conn)
    args = (psn_no, "leaving", date(2024, 7, 31), heirs((1, 1)))
    assert code(await open_withdrawal(conn, by(ZHANG), *args, LEAVING, by_agent=True)) == "DOCUMENTS_MISSING"
    documents = (*LEAVING, "power_of_attorney", "agent_identity")
    assert isinstance(await open_withdrawal(conn, by(ZHANG), *args, documents, by_agent=True), Case)


@pytest.mark.clause("QY.art8.d")
async def test_who_is_insured_gets_no_cash(conn):
    psn_no = await add_member(conn, 10_000, region=QINGYANG)
    answer = await open_withdrawal(conn, by(ZHANG), psn_no, "leaving", ON, heirs((1, 1)), LEAVING)
    assert (code(answer), answer.clause) == ("WITHDRAWAL_NOT_ALLOWED", "QY.art8.d")
    assert (await balance(conn, psn_no), await state(conn, psn_no)) == (10_000, "open")


async def test_a_stranger_learns_nothing_about_a_member_by_applying(conn):
    psn_no, stranger = await died(conn), member("somebody else")
    for ground in ("death", "leaving"):
        answer = await open_withdrawal(conn, stranger, psn_no, ground, DIED, HALVES, ())
        assert code(answer) == "FORBIDDEN"
    assert code(await open_transfer_out(conn, stranger, psn_no, "140800", "x", "y", ())) == "FORBIDDEN"
    assert code(await receive_transfer(conn, stranger, psn_no, "140800", "x", "y", 1)) == "FORBIDDEN"
    assert code(await open_reopening(conn, stranger, psn_no)) == "FORBIDDEN"


async def test_the_dead_apply_for_nothing(conn):
    psn_no = await died(conn)
    assert (
        code(await open_withdrawal(conn, member(psn_no), psn_no, "death", DIED, HALVES, DEATH)) == "FORBIDDEN"
    )


async def test_without_an_account_or_a_person_there_is_no_case(conn):
    nobody = await open_withdrawal(conn, by(ZHANG), "nobody", "death", DIED, HALVES, DEATH)
    assert code(nobody) == "UNKNOWN_MEMBER"
    psn_no = await add_member(conn, None, region=QINGYANG, died_on=DIED)
    assert (
        code(await open_withdrawal(conn, by(ZHANG), psn_no, "death", DIED, HALVES, DEATH))
        == "NO_PERSONAL_ACCOUNT"
    )
    assert code(await take_step(conn, by(LI), psn_no, 1, "approve")) == "CASE_NOT_FOUND"


# ── transfers ────────────────────────────────────────────────────────────────────────────────────────────────


async def transfer(conn: asyncpg.Connection[Any], psn_no: str, to: str = "140800") -> Case | Refusal:
    return await open_transfer_out(conn, by(ZHANG), psn_no, to, "运城市医疗保险中心", "YC-1", TRANSFER)


@pytest.mark.clause("QY.art8.b")
async def test_inside_the_city_account_and_balance_stay(conn):
    psn_no = await add_member(conn, 81_234, region="621021")
    answer = await transfer(conn, psn_no, "621022")
    assert (code(answer), answer.clause) == ("TRANSFER_WITHIN_CITY", "QY.art8.b")
    assert (await balance(conn, psn_no), await state(conn, psn_no)) == (81_234, "open")


@pytest.mark.clause("QY.art8.c")
async def test_to_another_city_the_whole_balance_goes_out_and_comes_in_there(conn):
    psn_no = await add_member(conn, 81_234, region=QINGYANG)
    case = await transfer(conn, psn_no)
    assert case.due_on == date(2024, 9, 5)  # 15 working days after 15 August
    assert await state(conn, psn_no) == "frozen"
    paid = await pay_out(conn, psn_no, case.case_id)
    assert (await balance(conn, psn_no), await state(conn, psn_no), paid.state) == (0, "closed", "paid")
    await assert_books(conn, psn_no)
    legs = await conn.fetchrow(
        "SELECT accounts, amounts FROM ledger_journal WHERE psn_no = $1 AND source = 'transfer_out'", psn_no
    )
    assert tuple(legs) == ([5401, 1002, 2201, 5304], [81_234, -81_234, 81_234, -81_234])

    there = await add_member(conn, region=QINGYANG)
    received = await receive_transfer(conn, by(LI), there, "140800", "运城市医疗保险中心", "YC-9", 81_234)
    assert received.state == "received"
    assert (await balance(conn, there), await state(conn, there)) == (81_234, "open")
    await assert_books(conn, there)


async def test_money_under_one_number_is_credited_once(conn):
    psn_no, other = await add_member(conn, 0, region=QINGYANG), await add_member(conn, 0, region=QINGYANG)

    async def receive(to: str, fen: int = 5_000) -> Case | Refusal:
        return await receive_transfer(conn, by(LI), to, "140800", "运城市医疗保险中心", f"ONCE-{psn_no}", fen)

    first, again = await receive(psn_no), await receive(psn_no)
    assert first.case_id == again.case_id
    assert code(await receive(psn_no, 5_001)) == "TRANSFER_REFERENCE_USED"
    assert code(await receive(other)) == "TRANSFER_REFERENCE_USED"
    assert (await balance(conn, psn_no), await balance(conn, other)) == (5_000, 0)


async def test_a_closed_account_is_open_again_when_money_comes_in(conn):
    psn_no = await add_member(conn, 100, region=QINGYANG)
    await pay_out(conn, psn_no, (await transfer(conn, psn_no)).case_id)
    back = await receive_transfer(conn, by(LI), psn_no, "140800", "运城市医疗保险中心", f"BACK-{psn_no}", 100)
    assert back.steps[0].account_state == "open"
    assert (await balance(conn, psn_no), await state(conn, psn_no)) == (100, "open")


async def test_a_transfer_that_the_other_agency_sends_back_is_paid_again(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    case = await transfer(conn, psn_no)
    await pay_out(conn, psn_no, case.case_id)
    await take_step(conn, by(ZHANG), psn_no, case.case_id, "return")
    assert await balance(conn, psn_no) == 70_000
    await assert_books(conn, psn_no)
    await take_step(conn, by(LI), psn_no, case.case_id, "repay")
    assert await balance(conn, psn_no) == 0
    await assert_books(conn, psn_no)


async def test_a_member_takes_an_application_back_and_pays_as_before(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    case = await open_transfer_out(
        conn, member(psn_no), psn_no, "140800", "运城市医疗保险中心", "YC-2", TRANSFER
    )
    cancelled = await take_step(conn, member(psn_no), psn_no, case.case_id, "cancel")
    assert (cancelled.state, await state(conn, psn_no)) == ("cancelled", "open")
    await pay(conn, psn_no, 100)


async def test_where_no_law_says_that_balances_are_transferred_they_are_not(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    refused = await open_transfer_out(
        conn, office(ZHANG, allow_draft=False), psn_no, "140800", "运城市医疗保险中心", "YC-3", TRANSFER
    )
    assert code(refused) == "LAW_DRAFT"


async def test_a_transfer_names_the_other_agency_and_its_number(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    assert (
        code(await open_transfer_out(conn, by(ZHANG), psn_no, "140800", "", "", TRANSFER)) == "MISSING_FIELD"
    )
    assert code(await receive_transfer(conn, by(ZHANG), psn_no, "140800", " ", "x", 1)) == "MISSING_FIELD"
    assert (
        code(await receive_transfer(conn, by(ZHANG), psn_no, "140800", "某市", f"z{psn_no}", 0))
        == "AMOUNT_OUT_OF_RANGE"
    )


async def test_cases_that_wait_are_listed_and_the_overdue_ones_apart(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    case = await transfer(conn, psn_no)
    assert psn_no in {one.psn_no for one in await steps_to_do(conn)}
    assert psn_no not in {one.psn_no for one in await steps_to_do(conn, case.due_on)}
    assert psn_no in {one.psn_no for one in await steps_to_do(conn, case.due_on + timedelta(days=1))}


# ── reopening ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_account_of_who_is_insured_again_is_reopened_by_a_second_person(conn):
    psn_no = await add_member(conn, 100, region=QINGYANG)
    assert code(await open_reopening(conn, by(ZHANG), psn_no)) == "CASE_STEP_NOT_ALLOWED"
    await pay_out(conn, psn_no, (await transfer(conn, psn_no)).case_id)
    case = await open_reopening(conn, by(ZHANG), psn_no)
    assert code(await take_step(conn, by(ZHANG), psn_no, case.case_id, "approve")) == "SECOND_PERSON_REQUIRED"
    await take_step(conn, by(LI), psn_no, case.case_id, "approve")
    assert await state(conn, psn_no) == "open"


async def test_the_state_of_an_account_is_that_of_the_last_step_that_changed_it(conn):
    psn_no = await add_member(conn, 100, region=QINGYANG)
    await pay_out(conn, psn_no, (await transfer(conn, psn_no)).case_id)
    steps = [step for case in await cases_of(conn, psn_no) for step in case.steps if step.account_state]
    assert [step.account_state for step in steps] == ["frozen", "closed"]
    assert await state(conn, psn_no) == steps[-1].account_state
    assert steps[-1].at == AT


async def test_the_other_agencys_number_is_not_another_one_by_a_space(conn):
    psn_no = await add_member(conn, 100, region=QINGYANG)
    for agency, reference in (
        ("运城", f"S-{psn_no}"),
        (" 运城", f"S-{psn_no} "),
        ("运城\u3000", f"\tS-{psn_no}"),
    ):
        case = await receive_transfer(conn, by(LI), psn_no, "140800", agency, reference, 500)
        assert isinstance(case, Case)
    assert await balance(conn, psn_no) == 600


async def test_a_last_day_that_is_none_takes_no_credits_back(conn):
    psn_no = await add_member(conn, 70_000, region=QINGYANG)
    await _credit(conn, psn_no, date(2024, 6, 1), 7_500)
    for left_on in (ON - timedelta(days=200), ON + timedelta(days=1)):
        answer = await open_transfer_out(
            conn, by(ZHANG), psn_no, "140800", "运城市医疗保险中心", "YC-2", TRANSFER, left_on=left_on
        )
        assert code(answer) == "BAD_FIELD"
    assert await state(conn, psn_no) == "open"


@pytest.mark.parametrize(
    ("fen", "parts"), [(0, []), (1, [-1]), (100, [-34, -33, -33]), (101, [-34, -34, -33])]
)
async def test_three_heirs_of_a_third_each_get_everything_to_the_fen(conn, fen, parts):
    psn_no = await died(conn, fen)
    case = await apply(conn, psn_no, heirs((1, 3), (1, 3), (1, 3)))
    await pay_out(conn, psn_no, case.case_id)
    assert [amount for _, amount in await withdrawals(conn, psn_no)] == parts
    assert (await balance(conn, psn_no), await state(conn, psn_no)) == (0, "closed")
    known = {office().law.digest: office().law}
    assert [one async for one in findings(conn, known) if one.psn_no == psn_no] == []
