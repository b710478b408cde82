"""What is owed of over-credits: paid in cash against a receipt, once, and booked."""

import asyncio
from datetime import date

import asyncpg
import pytest

from gongji.accounts.monthly import credit_month
from gongji.accounts.recovery import take_back
from gongji.accounts.repayment import Repayment, repay_debt
from gongji.accounts.verify import findings, trial
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from tests.accounts.credit_world import (
    MAY,
    QINGYANG,
    balance,
    contribute,
    entries,
    law,
    legs,
    member,
    office,
    spend,
)


async def owing(conn, psn_no: str) -> None:
    """A retired member who has spent the 75.00 that were taken back after the death: they are owed."""
    await member(conn, psn_no, None, region=QINGYANG, status="retired")
    await credit_month(conn, office(), MAY)
    await spend(conn, psn_no, 7_500)
    await take_back(conn, office(), psn_no, date(2024, 4, 9), 77)
    assert await balance(conn, psn_no) == (0, 7_500)


async def mine(conn, psn_no: str) -> set[str]:
    known = law()
    return {one.field async for one in findings(conn, {known.digest: known}) if one.psn_no == psn_no}


@pytest.mark.clause("QY.art10.b")
async def test_what_is_paid_in_cash_is_owed_no_more_and_stands_in_the_books(conn):
    await owing(conn, "R1")
    paid = await repay_debt(conn, office(), "R1", 3_000, "收据1")
    assert isinstance(paid, Repayment)
    assert (paid.amount_fen, paid.owed_fen, paid.repeated) == (3_000, 4_500, False)
    assert await balance(conn, "R1") == (0, 4_500)
    booked = await legs(conn, "R1")
    assert (booked[1002], booked[1201]) == (3_000, 4_500)
    assert len(await entries(conn, "R1")) == 3
    assert await mine(conn, "R1") == set()
    assert all(line.facts_fen == line.journal_fen == line.derived_fen for line in await trial(conn))


async def test_a_receipt_counts_once_and_for_one_amount(conn):
    await owing(conn, "R2")
    first = await repay_debt(conn, office(), "R2", 3_000, "收据2")
    again = await repay_debt(conn, office(), "R2", 3_000, " 收据2 ")
    assert isinstance(again, Repayment)
    assert (again.repayment_id, again.owed_fen, again.repeated) == (first.repayment_id, 4_500, True)
    other = await repay_debt(conn, office(), "R2", 3_001, "收据2")
    assert isinstance(other, Refusal)
    assert other.code == "MESSAGE_REUSED"
    assert await balance(conn, "R2") == (0, 4_500)


@pytest.mark.parametrize(
    ("fen", "receipt", "code"),
    [
        (0, "a", "AMOUNT_OUT_OF_RANGE"),
        (-1, "a", "AMOUNT_OUT_OF_RANGE"),
        (7_501, "a", "AMOUNT_OUT_OF_RANGE"),
        (1, " ", "MISSING_FIELD"),
    ],
)
async def test_nothing_more_than_the_debt_and_nothing_without_a_receipt_is_taken(conn, fen, receipt, code):
    psn_no = f"R3{fen}"
    await owing(conn, psn_no)
    answer = await repay_debt(conn, office(), psn_no, fen, receipt)
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert await balance(conn, psn_no) == (0, 7_500)


async def test_only_the_agency_records_a_repayment_and_only_of_an_account(conn):
    for actor in (Actor("member", "R4"), Actor("institution", "H1")):
        answer = await repay_debt(conn, office(actor=actor), "R4", 1, "a")
        assert isinstance(answer, Refusal)
        assert answer.code == "FORBIDDEN"
    answer = await repay_debt(conn, office(), "R4", 1, "a")
    assert isinstance(answer, Refusal)
    assert answer.code == "NO_PERSONAL_ACCOUNT"


async def test_of_ten_repayments_at_once_no_more_than_the_debt_is_taken(conn, pg_url):
    await owing(conn, "R5")

    async def one(number: int) -> object:
        other = await asyncpg.connect(pg_url)
        try:
            return await repay_debt(other, office(), "R5", 2_500, f"收据{number}")
        finally:
            await other.close()

    answers = await asyncio.gather(*(one(number) for number in range(10)))
    assert sum(isinstance(answer, Repayment) for answer in answers) == 3
    assert await balance(conn, "R5") == (0, 0)


async def test_a_credit_after_a_repayment_is_not_used_for_the_debt_again(conn):
    await owing(conn, "R6")
    await repay_debt(conn, office(), "R6", 7_500, "收据6")
    await contribute(conn, "R6", 100_000)
    await credit_month(conn, office(), MAY)
    assert await balance(conn, "R6") == (7_500, 0)
    assert await mine(conn, "R6") == set()
