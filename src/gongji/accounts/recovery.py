"""Credits of months after a member's death or exit are taken back (多计入的追回).

From the balance as far as it goes, the rest is owed by the member and is kept back from later credits. The month of the
event itself is due. Source: 庆阳 第十条.
"""

from datetime import date
from typing import Final

import msgspec

from gongji.accounts.monthly import Posted, difference, write_credits
from gongji.accounts.movements import hold
from gongji.accounts.values import Office
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql

__all__ = ["Recovered", "over_credited", "take_back"]

OVER_CREDITED: Final = sql("gongji.accounts", "over_credited")
REASON: Final = "CREDITED_AFTER_EVENT"


class Recovered(msgspec.Struct, frozen=True):
    """What was taken back: the months, what the balance gave, and what the member owes for it."""

    months: tuple[date, ...] = ()
    taken_fen: int = 0
    receivable_fen: int = 0


async def over_credited(conn: Connection, psn_no: str, after_on: date) -> list[tuple[date, int]]:
    """(month, fen) of the credits for months after the one of ``after_on``."""
    rows = await conn.fetch(OVER_CREDITED, psn_no, after_on.replace(day=1))
    return [(row["month"], row["target_fen"]) for row in rows]


async def take_back(
    conn: Connection, office: Office, psn_no: str, after_on: date, cause_id: int, *, clause: str = ""
) -> Recovered:
    """Take back every credit for months after the one of ``after_on``, in the caller's transaction.

    ``cause_id`` is the case, ``clause`` the article that it names. Called again it finds nothing. The account is held
    first, as a run holds it before it posts: what a run is posting for these months is seen, and taken back too.
    """
    await hold(conn, psn_no)
    after = Refusal(REASON, clause=clause or None)
    months, taken, receivable = [], 0, 0
    for row in await conn.fetch(OVER_CREDITED, psn_no, after_on.replace(day=1)):
        posted = Posted(row["sequence"], row["rule"], row["target_fen"], row["region"])
        change = difference(psn_no, after, posted, office.ids)
        if change is None:
            continue
        _, gave, owes = await write_credits(conn, office, row["month"], cause_id, [change])
        months.append(row["month"])
        taken += gave
        receivable += owes
    return Recovered(tuple(months), taken, receivable)
