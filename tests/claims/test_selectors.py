"""Lists, terms and figures of claims; what does not add up is found. Real PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta

import asyncpg

from gongji.claims import Office, paying, selectors, services, settling
from gongji.settlement.engine import Engine
from tests.claims.office import (
    DUE_ON,
    LI,
    RECEIVED_ON,
    SERVICE_ON,
    SUN,
    application,
    approved,
    done,
    persons,
    received,
    taker,
    visit,
)
from tests.pg import world

Conn = asyncpg.Connection
NEXT_DAY = timedelta(days=1)


async def claim_ids(rows: list[selectors.Listed], psn_no: str) -> list[int]:
    return [row.claim_id for row in rows if row.psn_no == psn_no]


async def test_a_claim_is_overdue_from_the_day_after_its_term(conn: Conn, desk: Office) -> None:
    await persons(conn, "L1")
    claim_id = await received(conn, desk, application("L1", visit(60_000)))
    assert await claim_ids(await selectors.overdue(conn, DUE_ON), "L1") == []
    assert await claim_ids(await selectors.overdue(conn, DUE_ON + NEXT_DAY), "L1") == [claim_id]


async def test_what_is_due_soon_is_listed_the_most_urgent_first(conn: Conn, desk: Office) -> None:
    await persons(conn, "L2")
    late = await received(conn, desk, application("L2", visit(60_000)))
    early = await received(conn, desk, application("L2", visit(60_000), received_on=date(2024, 7, 31)))
    soon = await selectors.due(conn, RECEIVED_ON, DUE_ON)
    assert await claim_ids(soon, "L2") == [early, late]
    assert await claim_ids(await selectors.due(conn, RECEIVED_ON, DUE_ON - NEXT_DAY), "L2") == [early]


async def test_a_finished_claim_is_not_overdue(conn: Conn, desk: Office, engine: Engine) -> None:
    await persons(conn, "L3")
    paid = await approved(conn, desk, application("L3", visit(60_000)))
    done(await settling.settle(conn, desk, engine, paid, SUN))
    assert await claim_ids(await selectors.overdue(conn, DUE_ON + NEXT_DAY), "L3") == [paid]
    done(await paying.pay(conn, desk, paid, SUN, "B", RECEIVED_ON))
    withdrawn = await received(conn, desk, application("L3", visit(60_000)))
    done(await services.withdraw(conn, desk, withdrawn, taker("L3", kind="member")))
    assert await claim_ids(await selectors.overdue(conn, DUE_ON + NEXT_DAY), "L3") == []


async def test_claims_are_listed_newest_first_by_page_and_filter(conn: Conn, desk: Office) -> None:
    await persons(conn, "L4")
    ids = [await received(conn, desk, application("L4", visit(fen))) for fen in (1_000, 2_000, 3_000)]
    done(await services.review(conn, desk, ids[1], LI))
    assert [row.claim_id for row in await selectors.claims(conn, psn_no="L4")] == ids[::-1]
    assert [row.claim_id for row in await selectors.claims(conn, psn_no="L4", limit=1, offset=1)] == [ids[1]]
    assert [row.total_fen for row in await selectors.claims(conn, psn_no="L4", state="reviewed")] == [2_000]
    assert await selectors.claims(conn, psn_no="L4", since=RECEIVED_ON + NEXT_DAY) == []
    row = (await selectors.claims(conn, psn_no="L4", until=RECEIVED_ON))[0]
    assert (row.institution, row.due_on, row.finished) == ("西安某医院", DUE_ON, False)


async def test_figures_count_claims_by_state_and_those_that_came_late(conn: Conn, desk: Office) -> None:
    await persons(conn, "L5", region="140100")
    early = SERVICE_ON - timedelta(days=200)
    for _ in range(2):
        await received(conn, desk, application("L5", visit(10_000, service_on=early, excluded="ABROAD")))
    refused_at_once, *rest = await figures(conn, RECEIVED_ON)
    assert (refused_at_once.state, refused_at_once.claims, refused_at_once.total_fen) == (
        "refused",
        2,
        20_000,
    )
    assert (refused_at_once.late, rest) == (0, [])


async def figures(conn: Conn, on: date) -> list[selectors.Figures]:
    every = await selectors.statistics(conn, RECEIVED_ON, RECEIVED_ON, on)
    return [row for row in every if row.region == "140100"]


async def test_a_claim_that_is_still_open_after_its_term_counts_as_late(conn: Conn, desk: Office) -> None:
    await persons(conn, "L6", region="621000")
    await received(conn, desk, application("L6", visit(60_000)))

    async def late(on: date) -> int:
        return sum(row.late for row in await selectors.statistics(conn, RECEIVED_ON, RECEIVED_ON, on))

    assert await late(DUE_ON) < await late(DUE_ON + NEXT_DAY)


async def planted(conn: Conn, statement: str, *values: object) -> set[str]:
    """The fields that verify names after ``statement`` has been smuggled in; undone again."""
    transaction = conn.transaction()
    await transaction.start()
    try:
        await conn.execute("SET LOCAL session_replication_role = replica")
        await conn.execute(statement, *values)
        return {difference.field for difference in await selectors.verify_differences(conn)}
    finally:
        await transaction.rollback()


async def test_verify_finds_what_was_changed_behind_the_rooms_back(
    conn: Conn, desk: Office, engine: Engine
) -> None:
    await persons(conn, "X1")
    claim_id = await approved(conn, desk, application("X1", visit(60_000)))
    done(await settling.settle(conn, desk, engine, claim_id, SUN))
    done(await paying.pay(conn, desk, claim_id, SUN, "B", RECEIVED_ON))
    assert await selectors.verify_differences(conn) == ()
    fund = "UPDATE claims_step SET fund_fen = fund_fen + 1 WHERE claim_id = $1 AND action = 'settle'"
    assert await planted(conn, fund, claim_id) == {"claim_fund", "claim_paid"}
    paid = "UPDATE claims_step SET paid_fen = paid_fen + 1 WHERE claim_id = $1 AND action = 'pay'"
    assert await planted(conn, paid, claim_id) == {"claim_payment", "claim_paid", "claim_payable"}
    journal = "DELETE FROM ledger_journal WHERE psn_no = 'X1' AND source = 'claim_payment'"
    assert await planted(conn, journal) == {"claim_payment", "claim_payable"}
    total = "UPDATE claims_claim SET total_fen = 1 WHERE claim_id = $1"
    assert await planted(conn, total, claim_id) == {"claim_total"}
    invoice = "DELETE FROM claims_invoice WHERE claim_id = $1"
    assert await planted(conn, invoice, claim_id) == {"claim_invoice"}
    ghost = "INSERT INTO claims_invoice VALUES ('X', 'GHOST', 'X1', 1)"
    assert await planted(conn, ghost) == {"claim_invoice"}
    lost = "DELETE FROM claims_claim WHERE claim_id = $1"
    assert "claim_settlement" in await planted(conn, lost, claim_id)


async def test_reading_a_claim_as_another_person_finds_nothing(conn: Conn, desk: Office) -> None:
    await persons(conn, "X2")
    claim_id = await received(conn, desk, application("X2", visit(60_000)))
    assert await selectors.case(conn, claim_id, "X1") is None
    assert await selectors.case(conn, claim_id, "X2") is not None
    assert await selectors.case(conn, world.new_id()) is None
