"""The last balance of an account before it leaves for good: over-credits taken back, interest until the day before,
and what the owner owes set off.

Source: 庆阳 第十条 (``account.overcredit_recovered``), 第八条. Clauses QY.art10.b, QY.art8.a.
"""

import msgspec

from gongji.accounts.interest import close_interest
from gongji.accounts.movements import hold
from gongji.accounts.recovery import Recovered, over_credited, take_back
from gongji.accounts.repayment import set_off
from gongji.accounts.values import Case, Office
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection

__all__ = ["Closing", "settle_up"]


class Closing(msgspec.Struct, frozen=True):
    """What can be paid out, and how it came to that: ``recovered_fen`` of over-credits went back, ``owed_fen`` are still owed."""

    payable_fen: int
    recovered_fen: int
    owed_fen: int
    interest_fen: int


class _Undecided(Exception):
    """Ends what was begun; carries the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


async def settle_up(conn: Connection, office: Office, case: Case) -> Closing | Refusal:
    """Post what is still due from and to the account that the caller holds, and answer what is left.

    Credits are over-credits when they are for months after the one of ``case.event_on``. A Refusal, and nothing is posted,
    when no law says whether they are taken back, or at which rate interest is paid.
    """
    try:
        async with conn.transaction():
            return await _settle_up(conn, office, case)
    except _Undecided as undecided:
        return undecided.refusal


async def _settle_up(conn: Connection, office: Office, case: Case) -> Closing:
    recovered = Recovered()
    if await over_credited(conn, case.psn_no, case.event_on):
        law = office.value("account.overcredit_recovered", case.region)
        if isinstance(law, Refusal):
            raise _Undecided(law)
        if law.raw:
            recovered = await take_back(
                conn, office, case.psn_no, case.event_on, case.case_id, clause=law.clause
            )
    interest_fen = await close_interest(conn, office, case.psn_no, office.on, case.case_id)
    if isinstance(interest_fen, Refusal):
        raise _Undecided(interest_fen)
    account = await hold(conn, case.psn_no)
    assert account is not None
    set_off_fen = await set_off(conn, office, case, account)
    return Closing(
        payable_fen=account.balance_fen - set_off_fen,
        recovered_fen=recovered.taken_fen + set_off_fen,
        owed_fen=account.receivable_fen - set_off_fen,
        interest_fen=interest_fen,
    )
