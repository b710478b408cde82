"""Members with contributions for the crediting tests, and an office that credits them.

The law is the library with 75.00 a month for the retired of Qingyang (6210) and 70.00 for all others; drafts count.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from typing import Any

from gongji.accounts.values import Office
from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library, overridden
from tests.members.people import add_person, add_relation
from tests.vaults import VAULT

MAY = date(2024, 5, 1)
AT = datetime(2024, 7, 20, 2, 0, tzinfo=UTC)
QINGYANG = "621000"
TAIYUAN = "140100"
_instants = count(1_700_000_000_000)
ids = IdSource(900, lambda: next(_instants))


@cache
def law() -> Law:
    """The library with the amounts that no document fixes."""
    return overridden(
        compile_law(load_library(overlay=DEMO_OVERLAY)), "6210", {"account.retired_monthly": "75.00"}
    )


def office(at: datetime = AT, of: Law | None = None, **changes: Any) -> Office:
    given = {"actor": Actor("agency", "zhang"), "allow_draft": True, **changes}
    return Office(of or law(), ids, VAULT, at=at, **given)


async def contribute(
    conn: Any,
    psn_no: str,
    base_fen: int,
    months: Sequence[date] = (MAY,),
    *,
    employer: str = "甲公司",
    paid: bool = True,
    revision: int = 1,
    employer_fen: int = 39_000,
    recorded_at: datetime = datetime(2024, 5, 15, tzinfo=UTC),
) -> None:
    """Contributions of months, received on the 15th of each unless ``paid`` is false."""
    await conn.executemany(
        "INSERT INTO members_contribution (psn_no, month, employer, revision, base_fen, personal_fen, employer_fen, due_on, "
        "paid_on, kind, recorded_at, actor) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, 'normal', $9, 'system:tests')",
        [
            (psn_no, month, employer, revision, base_fen, employer_fen, month.replace(day=25),
             month.replace(day=15) if paid else None, recorded_at)
            for month in months
        ],
    )  # fmt: skip


async def member(conn: Any, psn_no: str, base_fen: int | None = 600_000, **relation: Any) -> None:
    """A member since 2023 (of Taiyuan unless said otherwise) with a contribution for May 2024."""
    died_on = relation.pop("died_on", None)
    await add_person(conn, psn_no, died_on=died_on)
    await add_relation(conn, psn_no, **relation)
    if base_fen is not None:
        await contribute(conn, psn_no, base_fen)


async def balance(conn: Any, psn_no: str) -> tuple[int, int] | None:
    """(balance, what the member owes) in fen; None without an account."""
    row = await conn.fetchrow(
        "SELECT balance_fen, receivable_fen FROM accounts_balance WHERE psn_no = $1", psn_no
    )
    return tuple(row) if row else None


async def spend(conn: Any, psn_no: str, fen: int) -> None:
    """A settlement takes money from the account: entry and journal, as the engine writes them."""
    settlement_id = ids.next()
    posted = await conn.fetchval(
        "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8)",
        [psn_no], [None], [-fen], ["pay"], [settlement_id], [None], [ids.next()], AT,
    )  # fmt: skip
    assert posted == 1
    await conn.execute(
        "INSERT INTO ledger_journal VALUES ($1, $2, 'settlement', '2024-07-20', $3, '{5201,2101}', $4, $5)",
        psn_no, settlement_id, AT, [psn_no, "H1"], [fen, -fen],
    )  # fmt: skip


async def entries(conn: Any, psn_no: str) -> list[tuple[str, int, int]]:
    """(kind, amount, balance after it) of each movement."""
    rows = await conn.fetch(
        "SELECT kind, amount_fen, balance_after_fen FROM accounts_entry WHERE psn_no = $1 ORDER BY version, entry_id",
        psn_no,
    )
    return [tuple(row) for row in rows]


async def legs(conn: Any, psn_no: str) -> dict[int, int]:
    """What the journal says of the person, by account of the chart."""
    rows = await conn.fetch(
        "SELECT account, sum(amount_fen)::bigint AS fen FROM ledger_v_leg WHERE psn_no = $1 GROUP BY account",
        psn_no,
    )
    return {row["account"]: row["fen"] for row in rows}
