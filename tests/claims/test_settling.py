"""A manual claim is settled by the same engine, kernel and accumulators as a visit at the counter. Real PostgreSQL."""

from __future__ import annotations

import asyncpg
import pytest

from gongji.claims import Office, selectors, settling
from gongji.settlement import selectors as settlements
from gongji.settlement.engine import Engine
from tests.claims.office import SUN, application, approved, done, persons, visit

Conn = asyncpg.Connection


async def fund_fen(conn: Conn, psn_no: str, year: int = 2024) -> int:
    return (await settlements.year(conn, psn_no, year)).sums("ordinary")[2]


@pytest.mark.clause("QY.art22.2a")
async def test_an_invoice_of_600_first_in_the_year_at_level_3_pays_150(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    """(600.00 − 300.00) × 50 % = 150.00."""
    await persons(conn, "S1")
    claim_id = await approved(conn, desk, application("S1", visit(60_000)))
    case = done(await settling.settle(conn, desk, engine, claim_id, SUN))
    assert (case.state, case.fund_fen, case.open_fen) == ("settled", 15_000, 15_000)
    assert await fund_fen(conn, "S1") == 15_000
    assert await selectors.verify_differences(conn) == ()
