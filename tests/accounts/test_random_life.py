"""Whatever happens to an account in whatever order: it is the sum of its movements and of the books, and never below zero."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
import pytest

from gongji.accounts.cases_opening import open_reopening, open_transfer_out, open_withdrawal, receive_transfer
from gongji.accounts.casework import take_step
from gongji.accounts.premiums import pay_premium, refund_premium
from gongji.accounts.statement import month_statement
from gongji.accounts.statistics import income_and_expense
from gongji.accounts.values import Case, Premium, PremiumOrder, Statement
from gongji.accounts.verify import findings
from tests.accounts.people import (
    AT,
    LI,
    QINGYANG,
    WANG,
    ZHANG,
    add_member,
    assert_books,
    balance,
    by,
    heirs,
    law,
    new_person,
    pay,
    state,
)

TRANSFER = ("application", "identity", "certificate")
LEAVING = ("application", "identity", "bank_account")
REFUSABLE = {
    "BALANCE_INSUFFICIENT", "ACCOUNT_NOT_OPEN", "CASE_IN_PROGRESS", "CASE_STEP_NOT_ALLOWED", "PREMIUM_REFUNDED",
    "PREMIUM_ALREADY_PAID", "PREMIUM_NOT_OPEN", "WITHDRAWAL_NOT_ALLOWED",
}  # fmt: skip


class Life:
    """One member of Shanxi for premiums, one of Qingyang for cases: random verbs, with what the account must have after each."""

    def __init__(self, conn: asyncpg.Connection[Any], dice: Random, psn_no: str, fen: int) -> None:
        self.conn, self.dice, self.psn_no, self.fen = conn, dice, psn_no, fen
        self.at = AT
        self.case_id = 0
        self.premiums: list[int] = []
        self.done: set[str] = set()

    async def step(self) -> None:
        self.at += timedelta(hours=self.dice.randint(1, 60))
        verb = self.dice.choice(
            [
                self.spend,
                self.give_back,
                self.premium,
                self.refund,
                self.receive,
                self.leave,
                self.go_on,
                self.go_on,
            ]
        )
        await verb()

    def saw(self, answer: object, change_fen: int) -> bool:
        code = getattr(answer, "code", None)
        assert code is None or code in REFUSABLE, answer
        if code is None:
            self.fen += change_fen
        return code is None

    async def spend(self) -> None:
        fen = self.dice.randint(1, 30_000)
        if await state(self.conn, self.psn_no) == "open" and fen <= self.fen:
            await pay(self.conn, self.psn_no, fen, at=self.at)
            self.fen -= fen
            self.done.add("spend")

    async def give_back(self) -> None:
        fen = self.dice.randint(1, 500)
        await pay(self.conn, self.psn_no, -fen, at=self.at)
        self.fen += fen

    async def premium(self) -> None:
        fen = self.dice.randint(1, 40_000)
        order = PremiumOrder(
            self.psn_no,
            self.psn_no,
            self.dice.choice(["large_amount", "long_term_care"]),
            self.at.year,
            "税务局",
            fen,
            "t",
            new_person(),
        )
        answer = await pay_premium(self.conn, by(ZHANG, self.at), order)
        if self.saw(answer, -fen) and isinstance(answer, Premium):
            self.premiums.append(answer.premium_id)
            self.done.add("premium")

    async def refund(self) -> None:
        if self.premiums:
            answer = await refund_premium(
                self.conn, by(ZHANG, self.at), self.psn_no, self.dice.choice(self.premiums), ""
            )
            self.saw(answer, answer.order.amount_fen if isinstance(answer, Premium) else 0)

    async def receive(self) -> None:
        fen = self.dice.randint(1, 20_000)
        region = "110000"
        self.saw(
            await receive_transfer(
                self.conn, by(LI, self.at), self.psn_no, region, "某中心", new_person(), fen
            ),
            fen,
        )

    async def leave(self) -> None:
        answer = await open_transfer_out(
            self.conn, by(ZHANG, self.at), self.psn_no, "110000", "某中心", new_person(), TRANSFER
        )
        if isinstance(answer, Case):
            self.case_id = answer.case_id
        elif answer.code == "ACCOUNT_NOT_OPEN" and (
            case := await open_reopening(self.conn, by(ZHANG, self.at), self.psn_no)
        ):
            self.case_id = case.case_id if isinstance(case, Case) else self.case_id

    async def go_on(self) -> None:
        action = self.dice.choice(["approve", "approve", "pay", "pay", "reject", "cancel", "return", "repay"])
        actor = {"pay": WANG, "return": ZHANG}.get(action, LI)
        if self.case_id:
            answer = await take_step(self.conn, by(actor, self.at), self.psn_no, self.case_id, action)
            if self.saw(answer, 0) and isinstance(answer, Case):
                content = answer.steps[-1].content
                self.fen -= sum(int(fen) for key, fen in content.items() if key.startswith("payee:"))
                self.done.add(action)


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_sequence_of_events_the_account_is_the_sum_of_its_movements(
    conn, monkeypatch, seed: int
):
    dice = Random(seed)
    life = Life(conn, dice, await add_member(conn, 100_000, region=QINGYANG), 100_000)
    monkeypatch.setattr("gongji.accounts.premiums.check_order", _opened)
    for _ in range(120):
        await life.step()
        assert await balance(conn, life.psn_no) == life.fen >= 0
    await assert_books(conn, life.psn_no)
    assert {"approve", "pay"} <= life.done
    below = await conn.fetchval(
        "SELECT count(*) FROM accounts_entry WHERE psn_no = $1 AND balance_after_fen < 0", life.psn_no
    )
    assert below == 0
    mine = [one async for one in findings(conn, {law().digest: law()}) if one.psn_no == life.psn_no]
    assert mine == []


def _opened(office: Any, order: Any, region: str, relation: str | None) -> Any:
    """As where premiums are open: Qingyang has not opened them."""
    from gongji.accounts.premiums import PRODUCTS

    assert order.product in PRODUCTS
    assert relation == "self"
    return office.law.value("account.premiums", "140800", office.on)


@pytest.mark.parametrize("seed", range(3))
async def test_months_of_any_life_join_and_the_report_agrees(conn, seed: int):
    dice = Random(seed + 100)
    life = Life(conn, dice, await add_member(conn, 100_000, region=QINGYANG), 100_000)
    for _ in range(60):
        await life.step()
    month, closing, last = date(2024, 7, 1), 100_000, life.at.date() + timedelta(days=40)
    while month <= last:
        statement = await month_statement(conn, life.psn_no, month)
        assert isinstance(statement, Statement)
        assert statement.opening_fen == closing
        assert all(line.balance_fen >= 0 for line in statement.lines)
        closing = statement.closing_fen
        month = (month + timedelta(days=32)).replace(day=1)
    assert closing == life.fen
    report = await income_and_expense(conn, date(2020, 1, 1), date(2099, 12, 31))
    assert [row.name for row in report.reconciliation if row.difference_fen] == []


async def test_a_changed_premium_state_or_payment_is_found(conn):
    psn_no = await add_member(conn, 50_000, until_on=date(2024, 7, 31), region=QINGYANG)
    case = await open_withdrawal(
        conn, by(ZHANG), psn_no, "leaving", date(2024, 7, 31), heirs((1, 1)), LEAVING
    )
    await take_step(conn, by(LI), psn_no, case.case_id, "approve")
    await take_step(conn, by(WANG), psn_no, case.case_id, "pay")
    assert [one async for one in findings(conn, {law().digest: law()}) if one.psn_no == psn_no] == []
    refund = (
        "INSERT INTO accounts_premium_refund SELECT psn_no, 1, entry_id, 5, '', '', occurred_at FROM accounts_entry"
        " WHERE psn_no = $1 AND kind = 'opening'"
    )
    premium = (
        "INSERT INTO accounts_premium SELECT psn_no, 1, 'large_amount', psn_no, 2024, 1, 'x', 5, '', '', '', '\\x', 'x', 'x',"
        " '', occurred_at FROM accounts_entry WHERE psn_no = $1 AND kind = 'opening'"
    )
    another = (
        "UPDATE accounts_case_step SET content = '{\"payee:1\": 1}' WHERE psn_no = $1 AND action = 'pay'"
    )
    tampering = {
        "account_state": ["UPDATE accounts_balance SET state = 'open' WHERE psn_no = $1"],
        "case_payment": [another],
        "premium": [premium, refund],
    }
    for field, statements in tampering.items():
        transaction = conn.transaction()
        await transaction.start()
        await conn.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            await conn.execute(statement, psn_no)
        assert field in {
            one.field async for one in findings(conn, {law().digest: law()}) if one.psn_no == psn_no
        }
        await transaction.rollback()


TAMPERED_CASES = [
    ("UPDATE accounts_case SET region = '140100'", "case_law"),
    ("UPDATE accounts_case SET clause = 'x'", "case_law"),
    ("UPDATE accounts_case SET policy_digest = '\\xabcd'", "policy_digest"),
    ("UPDATE accounts_case SET opened_by = 'agency:wu'", "case_opened"),
    ("UPDATE accounts_case SET opened_at = opened_at + interval '1 second'", "case_opened"),
    ("UPDATE accounts_case SET event_on = event_on + 1", "case_entry"),
    ("UPDATE accounts_case SET content = jsonb_set(content, '{shares}', '[[1, 3], [2, 3]]')", "case_shares"),
    ("UPDATE accounts_case_step SET actor = 'agency:zhang' WHERE action = 'approve'", "case_persons"),
    ("UPDATE accounts_case_step SET action = 'reject' WHERE action = 'approve'", "case_step"),
    ("UPDATE accounts_case_step SET step_no = 9 WHERE action = 'pay'", "case_step"),
    ("DELETE FROM accounts_case_step WHERE action = 'approve'", "case_step"),
    ("DELETE FROM accounts_case_step", "case_opened"),
    ("UPDATE accounts_case_step SET content = content || '{\"payee:1\": 24999, \"payee:2\": 25001}' WHERE action = 'pay'",
     "case_shares"),
    ("UPDATE accounts_entry SET counterpart = 'payee:2' WHERE counterpart = 'payee:1'", "case_payment"),
]  # fmt: skip


@pytest.fixture
async def paid_case(conn):
    psn_no = await add_member(conn, 50_000, until_on=date(2024, 7, 31), region=QINGYANG)
    halves = heirs((1, 2), (1, 2))
    case = await open_withdrawal(conn, by(ZHANG), psn_no, "leaving", date(2024, 7, 31), halves, LEAVING)
    for actor, action in ((LI, "approve"), (WANG, "pay")):
        assert isinstance(await take_step(conn, by(actor), psn_no, case.case_id, action), Case)
    return psn_no


@pytest.mark.parametrize(("statement", "field"), TAMPERED_CASES)
async def test_a_case_that_was_changed_behind_the_programs_back_is_named(conn, paid_case, statement, field):
    transaction = conn.transaction()
    await transaction.start()
    await conn.execute("SET LOCAL session_replication_role = replica")
    where = " AND " if "WHERE" in statement else " WHERE "
    assert (await conn.execute(f"{statement}{where}psn_no = $1", paid_case)).split()[-1] != "0"
    known = {law().digest: law()}
    named = {one.field async for one in findings(conn, known) if one.psn_no == paid_case}
    await transaction.rollback()
    assert field in named


TAMPERED_PREMIUMS = [
    "SET year = year + 1", "SET paid_at = paid_at + interval '1 second'", "SET payee = payee || 'x'", "SET attempt = 2",
    "SET amount_fen = amount_fen + 1", "SET insured = 'X'",
]  # fmt: skip


@pytest.mark.parametrize("change", TAMPERED_PREMIUMS)
async def test_a_premium_that_was_changed_behind_the_programs_back_is_named(conn, change):
    psn_no = await add_member(conn, 50_000)
    order = PremiumOrder(psn_no, psn_no, "large_amount", AT.year, "税务局", 8_000, "t", new_person())
    assert isinstance(await pay_premium(conn, by(ZHANG), order), Premium)
    known = {law().digest: law()}
    assert [one async for one in findings(conn, known) if one.psn_no == psn_no] == []
    transaction = conn.transaction()
    await transaction.start()
    await conn.execute("SET LOCAL session_replication_role = replica")
    await conn.execute(f"UPDATE accounts_premium {change} WHERE psn_no = $1", psn_no)
    named = {one.field async for one in findings(conn, known) if one.psn_no == psn_no}
    await transaction.rollback()
    assert named & {"premium", "premium_attempt"}


async def test_a_payment_booked_after_midnight_counts_in_the_month_of_its_entry(conn):
    psn_no = await add_member(conn, 50_000)
    midnight = datetime(2024, 4, 30, 16, 0, tzinfo=UTC)
    await pay(conn, psn_no, 1_000, at=midnight - timedelta(seconds=1))
    await conn.execute("SET session_replication_role = replica")
    await conn.execute(
        "UPDATE ledger_journal SET posted_at = $2, posted_on = '2024-05-01' WHERE psn_no = $1 AND source = 'settlement'",
        psn_no, midnight + timedelta(seconds=1),
    )  # fmt: skip
    for month in (date(2024, 4, 1), date(2024, 5, 1)):
        until_on = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        report = await income_and_expense(conn, month, until_on)
        assert [row.name for row in report.reconciliation if row.difference_fen] == []
