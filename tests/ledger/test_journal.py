"""The journal's own check: every row adds up to zero."""

from datetime import UTC, datetime

import asyncpg
import pytest

AT = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("amounts", [[5, -4], [5], [5, None], [None]])
async def test_a_journal_that_does_not_add_up_to_zero_is_refused(conn, amounts: list[int | None]):
    with pytest.raises(asyncpg.CheckViolationError):
        await conn.execute(
            "INSERT INTO ledger_journal VALUES ('J1', 1, 'test', '2024-05-01', $1, $2, $3, $4)",
            AT, [5301] * len(amounts), ["J1"] * len(amounts), amounts,
        )  # fmt: skip


@pytest.mark.parametrize("amounts", [[5, -5], [], [0], [2, 3, -5]])
async def test_a_journal_that_adds_up_to_zero_is_kept(conn, amounts: list[int]):
    number = len(amounts) + 10 * sum(amounts[:1])
    await conn.execute(
        "INSERT INTO ledger_journal VALUES ('J2', $5, 'test', '2024-05-01', $1, $2, $3, $4)",
        AT, [5301] * len(amounts), ["J2"] * len(amounts), amounts, number,
    )  # fmt: skip
    assert (
        await conn.fetchval(
            "SELECT amounts FROM ledger_journal WHERE psn_no = 'J2' AND journal_id = $1", number
        )
        == amounts
    )
