"""Steps on an account's case: review, pay, register what the bank sent back, pay again. One transaction a step.

Money and state of the account change while it is held. Before a balance leaves for good, over-credits are taken back and
interest is added (``closing``). Which step may follow is said by ``cases``.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from gongji.accounts.casefile import add_step, cases_of, payees_of, payments
from gongji.accounts.cases import FINAL_STATES, Transition, next_step
from gongji.accounts.cases_rules import GROUNDS, check_ground, check_payees, split
from gongji.accounts.closing import settle_up
from gongji.accounts.movements import Held, Movement, hold, post, set_state
from gongji.accounts.values import Case, Office, Payee, PaymentOrder
from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.ledger import transfer_out_entry, withdrawal_entry
from gongji.members.selectors import standing as member_standing

__all__ = ["change_state", "payment_orders", "take_step"]

PAYEE: Final = "payee:"
"""Prefix of the counterpart of a payment to a person: the payee's number follows, no name."""


async def take_step(
    conn: Connection,
    office: Office,
    psn_no: str,
    case_id: int,
    action: str,
    *,
    note: str = "",
    returned: Sequence[int] = (1,),
    payees: Sequence[Payee] = (),
) -> Case | Refusal:
    """Take one step on a case: approve, reject, cancel, pay, return, repay (``cases.TRANSITIONS``).

    ``returned``: numbers of the payees whose transfer came back; ``payees``: with ``repay``, those with a new bank account.
    """
    async with conn.transaction():
        account = await hold(conn, psn_no)
        found = await cases_of(conn, psn_no, case_id)
        if account is None or not found:
            return Refusal("CASE_NOT_FOUND", str(case_id))
        case = found[0]
        if (other := await _another_open(conn, case)) is not None:
            return Refusal("CASE_IN_PROGRESS", str(other))
        move = next_step(case.kind, case.steps, action, office.actor, psn_no)
        if isinstance(move, Refusal):
            return move
        fault = await _refuse_changed(conn, office, case, action, payees)
        if fault is not None:
            return fault
        done = await _EFFECTS[move.effect](conn, office, case, account, returned)
        if isinstance(done, Refusal):
            return done
        state = await change_state(conn, account, move, case.account_before)
        return await add_step(
            conn, office, case, move, account_state=state, content=done, payees=payees, note=note
        )


async def _another_open(conn: Connection, case: Case) -> int | None:
    """A case of the same account that is not finished: money that comes back for ``case`` has to wait for it."""
    if case.state not in FINAL_STATES:
        return None
    others = await cases_of(conn, case.psn_no)
    return next((other.case_id for other in others if other.state not in FINAL_STATES), None)


async def _refuse_changed(
    conn: Connection, office: Office, case: Case, action: str, payees: Sequence[Payee]
) -> Refusal | None:
    """Why payees may not be restated: new bank accounts come with ``repay``, for those named in the application."""
    if not payees:
        return None
    if action != "repay":
        return Refusal("HEIR_INVALID", "只能在重新支付时更换银行账户")
    named = {payee.cert_no for payee in await payees_of(conn, office, case, f"accounts.case:{case.case_id}")}
    if any(payee.cert_no not in named for payee in payees):
        return Refusal("HEIR_INVALID", "不是申请中的收款人")
    alone = [check_payees([msgspec.structs.replace(payee, share=(1, 1))]) for payee in payees]
    return next((fault for fault in alone if fault is not None), None)


async def payment_orders(
    conn: Connection, office: Office, psn_no: str, case_id: int
) -> tuple[PaymentOrder, ...] | Refusal:
    """What the bank is to pay to whom now, in clear: what was paid in the books and not sent back. The access is recorded."""
    if office.actor.kind != "agency":
        return Refusal("FORBIDDEN")
    found = await cases_of(conn, psn_no, case_id)
    if not found:
        return Refusal("CASE_NOT_FOUND", str(case_id))
    async with conn.transaction():
        paid = await payments(conn, found[0])
        payees = await payees_of(conn, office, found[0], f"accounts.case:{case_id}")
    return tuple(
        PaymentOrder(number, payee, paid[f"{PAYEE}{number}"])
        for number, payee in enumerate(payees, start=1)
        if paid.get(f"{PAYEE}{number}", 0) > 0
    )


async def _nothing(
    conn: Connection, office: Office, case: Case, account: Held, returned: Sequence[int]
) -> Mapping[str, int | str] | Refusal:
    return {}


async def _pay(
    conn: Connection, office: Office, case: Case, account: Held, returned: Sequence[int]
) -> Mapping[str, int | str] | Refusal:
    """Bring the account to its last balance, and pay it out; not when the ground is gone since the application."""
    if case.kind in GROUNDS:
        standing = await member_standing(conn, case.psn_no, office.on)
        if standing is None:
            return Refusal("UNKNOWN_MEMBER", case.psn_no)
        law = check_ground(office, case.kind, standing, case.event_on)
        if isinstance(law, Refusal):
            return law
    closing = await settle_up(conn, office, case)
    if isinstance(closing, Refusal):
        return closing
    shares = case.shares or ((1, 1),)
    parts = {number: fen for number, fen in enumerate(split(closing.payable_fen, shares), start=1) if fen}
    await post(conn, office, [_payment(office, case, number, fen) for number, fen in parts.items()])
    totals = {
        "paid_fen": closing.payable_fen,
        "recovered_fen": closing.recovered_fen,
        "owed_fen": closing.owed_fen,
        "interest_fen": closing.interest_fen,
    }
    return totals | {f"{PAYEE}{number}": fen for number, fen in parts.items()}


async def _give_back(
    conn: Connection, office: Office, case: Case, account: Held, returned: Sequence[int]
) -> Mapping[str, int | str] | Refusal:
    """What the bank sent back is in the account again, which stays closed."""
    paid = await payments(conn, case)
    payees = range(1, len(case.shares or ((1, 1),)) + 1)  # a transfer has one: the other agency
    back = {
        number: paid.get(_counterpart(case, number), 0) if number in payees else 0
        for number in dict.fromkeys(returned)
    }
    if not back or any(fen <= 0 for fen in back.values()):
        return Refusal("CASE_STEP_NOT_ALLOWED", "没有支付给该收款人的款项可以退回")
    await post(conn, office, [_payment(office, case, number, -fen) for number, fen in back.items()])
    return {f"{PAYEE}{number}": -fen for number, fen in back.items()}


async def _pay_again(
    conn: Connection, office: Office, case: Case, account: Held, returned: Sequence[int]
) -> Mapping[str, int | str] | Refusal:
    """Everything that came back is paid once more."""
    due = next(step.content for step in case.steps if step.action == "pay")
    paid = await payments(conn, case)
    again = {
        number: fen
        for number in range(1, len(case.shares or ((1, 1),)) + 1)
        if isinstance(fen := due.get(f"{PAYEE}{number}", 0), int)
        and paid.get(_counterpart(case, number), 0) < fen
    }
    if (total_fen := sum(again.values())) > account.balance_fen:
        return Refusal(
            "BALANCE_INSUFFICIENT", f"余额 {format_yuan(account.balance_fen)}，应付 {format_yuan(total_fen)}"
        )
    await post(conn, office, [_payment(office, case, number, fen) for number, fen in again.items()])
    return {f"{PAYEE}{number}": fen for number, fen in again.items()}


_EFFECTS: Final = {"": _nothing, "pay": _pay, "give_back": _give_back, "pay_again": _pay_again}


def _counterpart(case: Case, number: int) -> str:
    return case.counterpart if case.kind == "transfer_out" else f"{PAYEE}{number}"


def _payment(office: Office, case: Case, number: int, fen: int) -> Movement:
    """``fen`` out of the account (negative: back into it) for a payee or the other agency."""
    if case.kind == "transfer_out":
        kind, entry = "transfer_out", transfer_out_entry(case.psn_no, case.counterpart, fen)
    else:
        kind, entry = "withdrawal", withdrawal_entry(case.psn_no, fen)
    return Movement(
        case.psn_no,
        office.ids.next(),
        kind,
        -fen,
        entry,
        case.case_id,
        _counterpart(case, number),
        case.event_on,
    )


async def change_state(conn: Connection, account: Held, move: Transition, before: str) -> str:
    """What the transition makes of the account that is held; '' when it stays as it was."""
    wanted = {"before": before, "hold": "frozen", "release": "open"}.get(move.account, move.account)
    only_from = {"hold": "open", "release": "frozen"}.get(move.account, account.state)
    if not wanted or wanted == account.state or account.state != only_from:
        return ""
    await set_state(conn, account.psn_no, wanted)
    return wanted
