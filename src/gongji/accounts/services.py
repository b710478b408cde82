"""What happens to a personal account outside a settlement."""

from collections.abc import Sequence
from datetime import datetime

from gongji.base.sqlfiles import Connection, sql
from gongji.ledger import opening_credit

__all__ = ["open_balance", "open_balances"]

OPEN_BALANCES = sql("gongji.accounts", "open_balances")


async def open_balances(
    conn: Connection, openings: Sequence[tuple[str, int, int]], source: str, at: datetime
) -> int:
    """Open accounts with the balances they bring along, each (psn_no, fen, entry id) a fact with its journal entry.

    An account that is open already is left alone; answers how many were opened. ``source`` says where the
    balances come from (kind of the entries). One statement, so all or none. Raises ValueError for a negative
    balance.
    """
    if any(fen < 0 for _, fen, _ in openings):
        raise ValueError("an account cannot be opened below zero")
    one_fen = opening_credit("", 1)
    opened = await conn.fetchval(
        OPEN_BALANCES,
        [psn_no for psn_no, _, _ in openings],
        [fen for _, fen, _ in openings],
        [entry_id for _, _, entry_id in openings],
        source,
        at,
        one_fen.accounts,
        one_fen.amounts,
    )
    return int(opened)


async def open_balance(
    conn: Connection, psn_no: str, amount_fen: int, source: str, at: datetime, *, entry_id: int
) -> bool:
    """Open one account; False when it is open already."""
    return bool(await open_balances(conn, [(psn_no, amount_fen, entry_id)], source, at))
