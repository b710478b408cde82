"""What verification finds about personal accounts: every single thing changed behind the program's back, and nothing else."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest

from gongji.accounts.interest import credit_interest
from gongji.accounts.monthly import credit_month
from gongji.accounts.recovery import take_back
from gongji.accounts.repayment import repay_debt
from gongji.accounts.services import open_balance
from gongji.accounts.verify import Finding, findings, trial
from gongji.policy import Law, overridden
from tests.accounts.credit_world import AT, MAY, contribute, ids, law, member, office, spend
from tests.databases import create_database

JUNE = date(2024, 6, 1)
NEW_YEAR = datetime(2025, 1, 2, 2, 0, tzinfo=UTC)


def the_law() -> Law:
    """The law of the crediting tests with interest for Qingyang."""
    return overridden(law(), "6210", {"account.retired_monthly": "75.00", "account.interest_rate": "1.5%"})


async def world(url: str) -> None:
    """Credits, corrections, debts, a retirement, a recovery and interest, all by the program."""
    conn = await asyncpg.connect(url)
    desk = office(of=the_law())
    await member(conn, "V1", 600_000)
    await member(conn, "V2", 600_000, region="621000")
    await member(conn, "V3", None, status="retired", region="621000")
    await open_balance(conn, "V1", 3_000, "opening", AT, entry_id=ids.next())
    for psn_no in ("V1", "V2"):
        await contribute(conn, psn_no, 300_000, [JUNE])
    await credit_month(conn, desk, MAY)
    await spend(conn, "V2", 12_000)
    await contribute(conn, "V2", 100_000, revision=2)
    await conn.execute(
        "UPDATE members_relation SET status = 'retired', category = 'retired' WHERE psn_no = 'V1'"
    )
    for month in (MAY, JUNE):
        await credit_month(conn, desk, month)
    await take_back(conn, desk, "V3", date(2024, 5, 9), 77)
    await repay_debt(conn, desk, "V2", 1_000, "收据1")
    await credit_interest(conn, office(NEW_YEAR, desk.law), 2024)
    await conn.close()


@pytest.fixture(scope="module")
def made(pg_server: str, pg_template: str) -> str:
    url = create_database(pg_server, f"verify_accounts_{os.getpid()}", pg_template)
    asyncio.run(world(url))
    return url


@pytest.fixture
async def undone(made: str) -> AsyncIterator[Any]:
    """A connection whose changes are undone, with triggers off: what a superuser could do."""
    conn = await asyncpg.connect(made)
    await conn.execute("SET session_replication_role = replica")
    transaction = conn.transaction()
    await transaction.start()
    yield conn
    await transaction.rollback()
    await conn.close()


async def found(conn: Any, *laws: Law) -> list[Finding]:
    return [one async for one in findings(conn, {one.digest: one for one in laws or (the_law(),)})]


@pytest.mark.clause("SX2021-103.s2.5.g")
async def test_what_the_program_wrote_is_clean_and_balanced(undone: Any) -> None:
    assert await found(undone) == []
    lines = await trial(undone)
    assert [line.name for line in lines] == ["credit", "interest", "receivable"]
    assert all(line.facts_fen == line.journal_fen == line.derived_fen for line in lines)
    assert all(line.facts_fen > 0 for line in lines[:2])
    kinds = {row[0] for row in await undone.fetch("SELECT DISTINCT kind FROM accounts_entry")}
    assert kinds == {"opening", "credit", "credit_correction", "recovery", "pay", "interest"}


V1 = "psn_no = 'V1'"
FIRST = f"{V1} AND sequence = 1 AND month = '2024-05-01'"
CREDIT_OF_V1 = f"(SELECT entry_id FROM accounts_credit WHERE {FIRST})"
TWICE = (
    "INSERT INTO accounts_interest SELECT psn_no, through_on - 1, from_on, region, fen_bp_days, interest_fen, clause, "
    "policy_digest, cause_id, entry_id + 1 FROM accounts_interest"
)
TAMPERING = [
    (f"UPDATE accounts_entry SET amount_fen = amount_fen + 1 WHERE entry_id = {CREDIT_OF_V1}",
     {"account_chain", "credit_entry", "account_journal"}),
    (f"UPDATE accounts_entry SET balance_after_fen = balance_after_fen + 1 WHERE entry_id = {CREDIT_OF_V1}", {"account_chain"}),
    (f"UPDATE accounts_entry SET kind = 'premium_refund' WHERE entry_id = {CREDIT_OF_V1}", {"credit_entry", "account_journal"}),
    (f"UPDATE accounts_entry SET period = '2024-04-01' WHERE entry_id = {CREDIT_OF_V1}", {"credit_entry"}),
    (f"UPDATE accounts_entry SET reference = 1 WHERE entry_id = {CREDIT_OF_V1}", {"credit_entry"}),
    (f"UPDATE accounts_entry SET version = version + 9 WHERE entry_id = {CREDIT_OF_V1}", {"account_chain"}),
    (f"DELETE FROM accounts_entry WHERE entry_id = {CREDIT_OF_V1}", {"account_chain", "credit_entry", "account_journal"}),
    ("DELETE FROM accounts_entry WHERE kind = 'opening'", {"account_chain", "account_journal"}),
    (f"UPDATE ledger_journal SET amounts[1] = amounts[1] + 1, amounts[2] = amounts[2] - 1 WHERE journal_id = {CREDIT_OF_V1}",
     {"account_journal", "credit_expense", "account_books"}),
    (f"UPDATE ledger_journal SET accounts[1] = 5302 WHERE journal_id = {CREDIT_OF_V1}", {"credit_expense"}),
    (f"UPDATE ledger_journal SET parties[2] = 'V2' WHERE journal_id = {CREDIT_OF_V1}", {"account_journal", "account_books"}),
    (f"UPDATE ledger_journal SET source = 'opening' WHERE journal_id = {CREDIT_OF_V1}", {"account_journal"}),
    (f"DELETE FROM ledger_journal WHERE journal_id = {CREDIT_OF_V1}", {"account_journal", "credit_expense", "account_books"}),
    (f"UPDATE accounts_credit SET target_fen = target_fen + 1 WHERE {FIRST}", {"credit_chain", "credit_base", "credit_expense"}),
    (f"UPDATE accounts_credit SET base_fen = base_fen - 100 WHERE {FIRST}", {"credit_base"}),
    (f"UPDATE accounts_credit SET rate_bp = 201 WHERE {FIRST}", {"credit_law", "credit_base"}),
    (f"UPDATE accounts_credit SET clause = 'QY.art6.a' WHERE {FIRST}", {"credit_law"}),
    (f"UPDATE accounts_credit SET policy_digest = '\\xabcd' WHERE {FIRST}", {"policy_digest"}),
    (f"UPDATE accounts_credit SET rule = 'retired' WHERE {FIRST}", {"credit_law", "credit_expense"}),
    (f"UPDATE accounts_credit SET region = '990000' WHERE {FIRST}", {"credit_law"}),
    (f"UPDATE accounts_credit SET entry_id = 1 WHERE {FIRST}", {"credit_entry", "credit_expense"}),
    (f"UPDATE accounts_credit SET sequence = 7 WHERE {FIRST}", {"credit_chain"}),
    (f"DELETE FROM accounts_credit WHERE {FIRST}", {"credit_chain", "credit_entry", "credit_expense"}),
    ("UPDATE accounts_credit SET receivable_fen = receivable_fen - 1 WHERE receivable_fen > 0",
     {"account_receivable", "credit_entry"}),
    ("UPDATE accounts_balance SET receivable_fen = receivable_fen + 1 WHERE psn_no = 'V2'", {"account_receivable"}),
    ("UPDATE accounts_balance SET balance_fen = balance_fen + 1 WHERE psn_no = 'V3'", {"account_books"}),
    ("DELETE FROM accounts_balance WHERE psn_no = 'V3'", {"account_books"}),
    ("UPDATE accounts_interest SET interest_fen = interest_fen + 1", {"interest", "interest_entry"}),
    ("UPDATE accounts_interest SET fen_bp_days = fen_bp_days + 1", {"interest_sum"}),
    ("UPDATE accounts_interest SET from_on = from_on + 300", {"interest_sum", "interest_days"}),
    ("UPDATE accounts_interest SET policy_digest = '\\xabcd'", {"policy_digest"}),
    ("UPDATE accounts_interest SET region = '990000'", {"interest_law"}),
    ("UPDATE accounts_interest SET entry_id = 1", {"interest_entry"}),
    ("DELETE FROM accounts_interest", {"interest_entry"}),
    (TWICE, {"interest_days", "interest_entry"}),
    ("UPDATE accounts_interest SET clause = 'x'", {"interest_law"}),
    ("UPDATE accounts_interest SET cause_id = cause_id + 1", {"interest_entry", "run"}),
    (f"UPDATE accounts_entry SET occurred_at = occurred_at + interval '1 second' WHERE entry_id = {CREDIT_OF_V1}",
     {"account_time"}),
    (f"UPDATE ledger_journal SET posted_at = posted_at + interval '1 second' WHERE journal_id = {CREDIT_OF_V1}", {"account_time"}),
    (f"UPDATE ledger_journal SET posted_on = posted_on + 1 WHERE journal_id = {CREDIT_OF_V1}", {"journal_day"}),
    ("UPDATE accounts_balance SET version = version + 1 WHERE psn_no = 'V3'", {"account_version"}),
    ("UPDATE accounts_entry SET version = version + 1 WHERE psn_no = 'V3' AND version = 2", {"account_version"}),
    ("UPDATE accounts_credit SET base_fen = 1 WHERE rule = 'none'", {"credit_base"}),
    ("UPDATE accounts_credit SET rate_bp = 1 WHERE rule = 'retired'", {"credit_base"}),
    ("UPDATE accounts_credit SET region = '990000' WHERE rule = 'none'", {"credit_base"}),
    ("UPDATE accounts_credit SET reason = 'X' WHERE rule = 'none'", {"credit_law"}),
    ("UPDATE accounts_credit SET policy_digest = '\\xabcd' WHERE rule = 'none'", {"policy_digest"}),
    (f"UPDATE accounts_credit SET cause_id = 1 WHERE {FIRST}", {"run", "credit_entry"}),
    ("DELETE FROM accounts_run", {"run", "run_step"}),
    ("UPDATE accounts_run SET period = '2024-04-01' WHERE period = '2024-05-01'", {"run"}),
    ("UPDATE accounts_run SET policy_digest = '\\xabcd'", {"run"}),
    ("DELETE FROM accounts_run_step", {"run"}),
    ("UPDATE accounts_run_step SET tally = tally || '{\"given_fen\": 1}'", {"run"}),
    ("UPDATE accounts_run_step SET step_no = step_no + 1", {"run_step"}),
    ("UPDATE accounts_repayment SET amount_fen = amount_fen + 1", {"repayment", "account_receivable"}),
    ("UPDATE accounts_repayment SET repaid_at = repaid_at + interval '1 second'", {"repayment"}),
    ("DELETE FROM accounts_repayment", {"repayment", "account_receivable"}),
]  # fmt: skip


@pytest.mark.clause("SX2021-103.s2.5.g")
@pytest.mark.parametrize(
    ("statement", "fields"), TAMPERING, ids=[statement[:80] for statement, _ in TAMPERING]
)
async def test_what_was_changed_behind_the_programs_back_is_named(
    undone: Any, statement: str, fields: set[str]
) -> None:
    assert (await undone.execute(statement)).split()[-1] != "0"
    assert fields <= {one.field for one in await found(undone)}


TRIAL_TAMPERING = [
    ("UPDATE accounts_credit SET delta_fen = delta_fen + 1 WHERE sequence = 1", "credit"),
    ("UPDATE accounts_interest SET interest_fen = interest_fen + 1", "interest"),
    ("UPDATE accounts_balance SET receivable_fen = 1", "receivable"),
]


@pytest.mark.parametrize(("statement", "name"), TRIAL_TAMPERING)
async def test_the_trial_balance_does_not_close_over_a_change(undone: Any, statement: str, name: str) -> None:
    await undone.execute(statement)
    (line,) = [line for line in await trial(undone) if line.name == name]
    assert len({line.facts_fen, line.journal_fen, line.derived_fen}) > 1


async def test_a_law_that_nobody_knows_any_more_is_a_finding_for_credits_and_interest(undone: Any) -> None:
    assert {one.field for one in await found(undone, law())} == {"policy_digest"}
