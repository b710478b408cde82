"""Reads of personal accounts, by asyncpg."""

from collections.abc import Sequence
from datetime import date

from gongji.accounts.values import Limit
from gongji.base.sqlfiles import Connection, sql

__all__ = ["account_state", "balances", "busy_accounts", "family_room", "holding", "limits"]

BALANCES = sql("gongji.accounts", "balances")
LIMITS = sql("gongji.accounts", "limits")
FAMILY_ROOM = sql("gongji.accounts", "family_room")
BUSY = sql("gongji.accounts", "busy_accounts")
STATE = "SELECT state FROM accounts_balance WHERE psn_no = $1"
HOLDING = "SELECT balance_fen, state FROM accounts_balance WHERE psn_no = $1"


async def balances(conn: Connection, psn_nos: Sequence[str]) -> dict[str, tuple[int, int]]:
    """(fen that can be paid with, version) of each person with an account, 0 from a frozen or closed one; the others are
    missing. Used by members for themselves (clauses SX2021-103.s2.4.a, QY.art7.a) and by bound relatives (SX2021-103.s2.4.b).
    """
    rows = await conn.fetch(BALANCES, list(psn_nos))
    return {row["psn_no"]: (row["balance_fen"], row["version"]) for row in rows}


async def account_state(conn: Connection, psn_no: str) -> str | None:
    """open, frozen or closed; None for who has no account."""
    state: str | None = await conn.fetchval(STATE, psn_no)
    return state


async def holding(conn: Connection, psn_no: str) -> tuple[int, str] | None:
    """What the account holds, frozen or not, and its state; None for who has none. What can be paid with says ``balances``."""
    row = await conn.fetchrow(HOLDING, psn_no)
    return (row["balance_fen"], row["state"]) if row is not None else None


async def limits(conn: Connection, owner: str, on: date) -> tuple[Limit, ...]:
    """The owner's limits that hold on the day, the one for all users (``*``) first."""
    return tuple(Limit(*row.values()) for row in await conn.fetch(LIMITS, owner, on))


async def family_room(
    conn: Connection, pairs: Sequence[tuple[str, str]], on: date
) -> dict[tuple[str, str], int | None]:
    """Fen that the owner's limits still leave each (owner, user) for a payment made on ``on``; None is no limit.

    ``on`` is the day of payment in China. One query, which finds nothing to do where no limit was ever set.
    """
    room: dict[tuple[str, str], int | None] = dict.fromkeys(pairs)
    if pairs:
        owners, users = zip(*pairs, strict=True)
        for owner, user, left_fen in await conn.fetch(FAMILY_ROOM, list(owners), list(users), on):
            room[owner, user] = None if left_fen is None else max(0, left_fen)
    return room


async def busy_accounts(
    conn: Connection, from_on: date, until_on: date, at_least: int
) -> list[tuple[str, date, int, int]]:
    """(person, day, movements, fen spent) of accounts with ``at_least`` payments on one day, most first.

    For review of accounts that are used abnormally often (晋政办发〔2021〕103号 二（五）); no law fixes the number.
    """
    return [tuple(row) for row in await conn.fetch(BUSY, from_on, until_on, at_least)]
