"""Reads of personal accounts, by asyncpg."""

from collections.abc import Sequence

from gongji.base.sqlfiles import Connection, sql

__all__ = ["balances"]

BALANCES = sql("gongji.accounts", "balances")


async def balances(conn: Connection, psn_nos: Sequence[str]) -> dict[str, tuple[int, int]]:
    """(balance in fen, version) of each person with an account; the others are missing."""
    rows = await conn.fetch(BALANCES, list(psn_nos))
    return {row["psn_no"]: (row["balance_fen"], row["version"]) for row in rows}
