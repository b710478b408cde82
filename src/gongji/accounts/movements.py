"""One way to move an account outside settlements: account held, entry and journal written together.

Only inside the caller's transaction. The entry's id is the journal's, so each movement can be followed into the books
(clause SX2021-103.s2.5.g).
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from gongji.accounts.values import Office
from gongji.base.sqlfiles import Connection, sql
from gongji.ledger import Entry

__all__ = ["Held", "Movement", "book", "hold", "open_empty", "post", "set_state"]

LOCK = sql("gongji.accounts", "lock_account")
JOURNAL = sql("gongji.accounts", "journal")
SET_STATE = sql("gongji.accounts", "set_state")
OPEN_EMPTY = sql("gongji.accounts", "open_empty")
POST = "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


class Held(msgspec.Struct, frozen=True):
    """An account that nobody else moves until the transaction ends."""

    psn_no: str
    balance_fen: int
    version: int
    state: str
    receivable_fen: int


class Movement(msgspec.Struct, frozen=True):
    """``amount_fen`` into (positive) or out of the account; ``reference`` is the fact behind it, ``entry`` its journal."""

    psn_no: str
    entry_id: int
    kind: str
    amount_fen: int
    entry: Entry
    reference: int
    counterpart: str | None = None
    period: date | None = None


async def hold(conn: Connection, psn_no: str) -> Held | None:
    """The account, locked; None when the person has none."""
    row = await conn.fetchrow(LOCK, psn_no)
    return Held(*row.values()) if row else None


async def post(conn: Connection, office: Office, movements: Sequence[Movement]) -> None:
    """Write the movements of accounts that the caller holds.

    Raises RuntimeError when one cannot be posted: the caller has checked balance and state while holding the account.
    """
    if not movements:
        return
    posted = await conn.fetchval(
        POST,
        [move.psn_no for move in movements],
        [None] * len(movements),
        [move.amount_fen for move in movements],
        [move.kind for move in movements],
        [None] * len(movements),
        [move.counterpart for move in movements],
        [move.entry_id for move in movements],
        office.at,
        [move.reference for move in movements],
        [move.period for move in movements],
    )
    if posted != len(movements):
        raise RuntimeError(f"{posted} of {len(movements)} movements were posted")
    for move in movements:
        await book(conn, office, move.psn_no, move.entry_id, move.kind, move.entry)


async def book(
    conn: Connection, office: Office, psn_no: str, journal_id: int, source: str, entry: Entry
) -> None:
    """Write a row of the journal: of a movement, or of what leaves the balance as it is."""
    await conn.execute(
        JOURNAL,
        psn_no,
        journal_id,
        source,
        office.on,
        office.at,
        entry.accounts,
        entry.parties,
        entry.amounts,
    )


async def set_state(conn: Connection, psn_no: str, state: str) -> None:
    """open, frozen or closed; the account is held by the caller."""
    await conn.execute(SET_STATE, psn_no, state)


async def open_empty(conn: Connection, psn_no: str) -> None:
    """An account for somebody who has none yet."""
    await conn.execute(OPEN_EMPTY, psn_no)
