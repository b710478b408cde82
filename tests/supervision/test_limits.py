"""What one address sends without a name is limited by the hour, and neither address nor count outlives it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.supervision.limits import PER_HOUR, counted, forget
from tests.vaults import VAULT

AT = datetime(2026, 3, 2, 2, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def filled(conn: asyncpg.Connection, address: str) -> None:
    """As much as may be sent from the address in the hour of AT, and nothing from anywhere else."""
    await conn.execute("DELETE FROM supervision_sender")
    for _ in range(PER_HOUR):
        assert await counted(conn, VAULT, address, AT) is None


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("unknown", "unknown", True),
    ],
)
async def test_an_address_has_so_much_an_hour_and_an_owner_of_a_network_no_more(
    conn: asyncpg.Connection, first: str, second: str, shared: bool
) -> None:
    await filled(conn, first)
    refused = await counted(conn, VAULT, second, AT)
    assert isinstance(refused, Refusal) is shared
    if isinstance(refused, Refusal):
        assert refused.code == "REPORT_TOO_MANY"


async def test_the_next_hour_begins_anew_and_knows_nothing_of_the_last(conn: asyncpg.Connection) -> None:
    await filled(conn, "203.0.113.9")
    assert await counted(conn, VAULT, "203.0.113.9", AT + HOUR) is None
    rows = await conn.fetch("SELECT source, row_to_json(s)::text AS line FROM supervision_sender s")
    assert len({row["source"] for row in rows}) == 2
    assert not any("203.0.113.9" in row["line"] or b"203.0.113.9" in row["source"] for row in rows)
    await forget(conn, AT + HOUR)
    assert [row["number"] for row in await conn.fetch("SELECT number FROM supervision_sender")] == [1]
