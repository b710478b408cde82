"""Paying a claim out, and what may follow: the bank returns it, too much is taken back, the claim is closed.

Each movement has its journal entry in the same transaction (same number): Dr 2301 应付参保人零星报销款 / Cr 1002 支出户存款; what
comes back is the negated amount. Who moves money has not judged the claim.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.claims.case import Case
from gongji.claims.office import Office, open_personal
from gongji.claims.steps import Taker, found, take
from gongji.claims.values import Payee, Payment, StepContent
from gongji.ledger import claim_payment_entry
from gongji.members import access

__all__ = ["bounce", "close", "pay", "payee", "recover"]

WRITE_PAYMENT = sql("gongji.claims", "write_payment")
PURPOSE: Final = "零星报销支付"


async def payee(conn: Connection, office: Office, claim_id: int, taker: Taker) -> Payee | Refusal:
    """The account to pay to, in clear; that it was shown is recorded."""
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    if taker.actor.kind != "agency":
        return Refusal("FORBIDDEN", PURPOSE)
    await access.record(
        conn, case.psn_no, access_id=office.ids.next(), at=taker.at, actor=taker.actor, purpose=PURPOSE, fields=("payee",)
    )  # fmt: skip
    return open_personal(office.vault, case).payee


async def pay(
    conn: Connection, office: Office, claim_id: int, taker: Taker, reference: str, paid_on: date
) -> Case | Refusal:
    """Pay what is open, under the bank's ``reference``."""
    return await _move(conn, office, claim_id, "pay", taker, reference, paid_on)


async def recover(
    conn: Connection, office: Office, claim_id: int, taker: Taker, reference: str, paid_on: date
) -> Case | Refusal:
    """Enter what the member has paid back after a correction."""
    return await _move(conn, office, claim_id, "recover", taker, reference, paid_on)


async def _move(
    conn: Connection, office: Office, claim_id: int, action: str, taker: Taker, reference: str, paid_on: date
) -> Case | Refusal:
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    refusal = _refuse_slip(reference, paid_on, taker)
    if refusal is not None:
        return refusal
    payment = Payment(office.ids.next(), case.open_fen, reference.strip(), paid_on)
    return await _book(conn, office, case, action, taker, payment)


async def bounce(
    conn: Connection,
    office: Office,
    claim_id: int,
    taker: Taker,
    reference: str,
    returned_on: date,
    note: str = "",
) -> Case | Refusal:
    """The bank has returned the last payment: it is owed again."""
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    refusal = _refuse_slip(reference, returned_on, taker)
    if refusal is not None:
        return refusal
    last = case.last_payment
    amount_fen = -last.amount_fen if last is not None else 0
    payment = Payment(office.ids.next(), amount_fen, reference.strip(), returned_on)
    return await _book(conn, office, case, "bounce", taker, payment, note)


async def close(
    conn: Connection, office: Office, claim_id: int, taker: Taker, note: str = ""
) -> Case | Refusal:
    """Nothing is open any more."""
    case = await found(conn, claim_id, taker)
    if isinstance(case, Refusal):
        return case
    return await take(conn, office, case, "close", taker, StepContent(note=note))


def _refuse_slip(reference: str, on: date, taker: Taker) -> Refusal | None:
    if not reference.strip():
        return Refusal("MISSING_FIELD", "银行流水号")
    if on > taker.on:
        return Refusal("BAD_FIELD", f"日期 {on} 晚于今天")
    return None


async def _book(
    conn: Connection, office: Office, case: Case, action: str, taker: Taker, payment: Payment, note: str = ""
) -> Case | Refusal:
    entry = claim_payment_entry(case.psn_no, payment.amount_fen)

    async def journal(conn: Connection) -> None:
        await conn.execute(
            WRITE_PAYMENT, case.psn_no, payment.payment_id, payment.on, taker.at,
            entry.accounts, entry.parties, entry.amounts,
        )  # fmt: skip

    content = StepContent(note=note, payment=payment)
    return await take(conn, office, case, action, taker, content, paid_fen=payment.amount_fen, beside=journal)
