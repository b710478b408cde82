"""What happens to a personal account outside a settlement."""

from datetime import datetime

from gongji.base.sqlfiles import Connection, sql
from gongji.ledger import opening_credit

__all__ = ["open_balance"]

OPEN_BALANCE = sql("gongji.accounts", "open_balance")
JOURNAL = sql("gongji.accounts", "opening_journal")


async def open_balance(
    conn: Connection, psn_no: str, amount_fen: int, source: str, at: datetime, *, entry_id: int
) -> bool:
    """Open an account with the balance it brings along, as a fact with its journal entry; False when it is
    open already.

    ``source`` says where the balance comes from (kind of the entry). Raises ValueError for a negative
    balance.
    """
    if amount_fen < 0:
        raise ValueError("an account cannot be opened below zero")
    legs = opening_credit(psn_no, amount_fen)
    async with conn.transaction():
        if await conn.fetchval(OPEN_BALANCE, psn_no, amount_fen, entry_id, source, at) is None:
            return False
        await conn.execute(JOURNAL, psn_no, entry_id, source, at, legs.accounts, legs.parties, legs.amounts)
    return True
