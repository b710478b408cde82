"""How an over-credit that a member owes is settled (归还多计入): in cash, or out of the account when it is closed.

Later credits pay such a debt by themselves (``monthly``); this is what is left for who gets none any more. Source: 庆阳 第十条:
多计入的部分，办理个人账户清算时予以追回. Clause QY.art10.b.
"""

from typing import Final

import msgspec

from gongji.accounts.movements import Held, Movement, book, hold, post
from gongji.accounts.values import Case, Office
from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.ledger import debt_payment_entry, debt_set_off_entry

__all__ = ["Repayment", "repay_debt", "set_off"]

ADD: Final = sql("gongji.accounts", "add_repayment")
FIND: Final = sql("gongji.accounts", "repayment_by_receipt")


class Repayment(msgspec.Struct, frozen=True):
    """What was paid, and what is owed now; ``repeated``: it had been recorded before this call."""

    repayment_id: int
    amount_fen: int
    owed_fen: int
    repeated: bool = False


async def repay_debt(
    conn: Connection, office: Office, psn_no: str, amount_fen: int, receipt_no: str
) -> Repayment | Refusal:
    """Record that the member, or an heir, has paid ``amount_fen`` of the debt; the same receipt again is answered, not booked.

    FORBIDDEN for who is not of the agency, MISSING_FIELD without a receipt, NO_PERSONAL_ACCOUNT, AMOUNT_OUT_OF_RANGE for nothing
    or more than is owed, MESSAGE_REUSED for a receipt of another amount. The balance stays as it is.
    """
    if office.actor.kind != "agency":
        return Refusal("FORBIDDEN", "归还由经办机构登记")
    receipt_no = receipt_no.strip()
    if not receipt_no:
        return Refusal("MISSING_FIELD", "收据号")
    async with conn.transaction():
        account = await hold(conn, psn_no)
        if account is None:
            return Refusal("NO_PERSONAL_ACCOUNT", psn_no)
        known = await conn.fetchrow(FIND, psn_no, receipt_no)
        if known is not None:
            if known["amount_fen"] != amount_fen:
                return Refusal("MESSAGE_REUSED", receipt_no)
            return Repayment(known["repayment_id"], amount_fen, account.receivable_fen, repeated=True)
        if not 0 < amount_fen <= account.receivable_fen:
            words = f"归还 {format_yuan(amount_fen)}，尚欠 {format_yuan(account.receivable_fen)}"
            return Refusal("AMOUNT_OUT_OF_RANGE", words)
        repayment_id = office.ids.next()
        await book(conn, office, psn_no, repayment_id, "repayment", debt_payment_entry(psn_no, amount_fen))
        owed_fen = await _add(conn, office, psn_no, repayment_id, "cash", amount_fen, receipt_no, None)
    return Repayment(repayment_id, amount_fen, owed_fen)


async def set_off(conn: Connection, office: Office, case: Case, account: Held) -> int:
    """Take from the account that is held and about to be closed by ``case`` what its owner owes, as far as it goes; the fen."""
    fen = min(account.balance_fen, account.receivable_fen)
    if fen > 0:
        entry_id = office.ids.next()
        entry = debt_set_off_entry(case.psn_no, fen)
        await post(conn, office, [Movement(case.psn_no, entry_id, "recovery", -fen, entry, case.case_id)])
        await _add(conn, office, case.psn_no, entry_id, "account", fen, "", case.case_id)
    return fen


async def _add(
    conn: Connection,
    office: Office,
    psn_no: str,
    repayment_id: int,
    means: str,
    fen: int,
    receipt_no: str,
    case_id: int | None,
) -> int:
    owed_fen: int = await conn.fetchval(
        ADD, psn_no, repayment_id, means, fen, receipt_no, case_id, str(office.actor), office.at
    )
    return owed_fen
