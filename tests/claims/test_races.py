"""Two people at once: one of them wins, the other is told so, and nothing happens twice. Real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.claims import Office, Place, Taker, paying, receiving, selectors, services, settling
from gongji.settlement.engine import Engine
from tests.claims.office import (
    LI,
    PERSONAL,
    RECEIVED_ON,
    SERVICE_ON,
    SHANXI,
    SUN,
    WANG,
    ZHAO,
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
TRIES = 5
LOST = {"CLAIM_MOVED_ON", "CLAIM_STATE"}
"""What a loser is told: somebody was faster just now, or has been already."""


async def at_once(url: str, works: Sequence[Callable[[Conn], Awaitable[object]]]) -> Counter[str]:
    """How often each answer was given when everybody starts together, each on a connection of his own."""
    connections = [await asyncpg.connect(url) for _ in works]
    try:
        answers = await asyncio.gather(*(work(conn) for work, conn in zip(works, connections, strict=True)))
    finally:
        await asyncio.gather(*(conn.close() for conn in connections))
    return Counter(answer.code if isinstance(answer, Refusal) else "done" for answer in answers)


def one_winner(answers: Counter[str]) -> bool:
    return answers["done"] == 1 and set(answers) <= {"done", *LOST}


@pytest.mark.parametrize("round_no", range(TRIES))
async def test_of_two_first_reviewers_one_wins(conn: Conn, desk: Office, filled: str, round_no: int) -> None:
    await persons(conn, f"V{round_no}")
    claim_id = await received(conn, desk, application(f"V{round_no}", visit(60_000)))

    def reviewing(who: Taker) -> Callable[[Conn], Awaitable[object]]:
        return lambda own: services.review(own, desk, claim_id, who)

    assert one_winner(await at_once(filled, [reviewing(LI), reviewing(ZHAO)]))
    case = await selectors.case(conn, claim_id)
    assert case is not None
    assert [step.action for step in case.steps] == ["receive", "review"]


@pytest.mark.parametrize("round_no", range(TRIES))
async def test_of_a_member_who_withdraws_and_a_reviewer_one_wins(
    conn: Conn, desk: Office, filled: str, round_no: int
) -> None:
    name = f"W{round_no}"
    await persons(conn, name)
    given = application(name, visit(60_000))
    claim_id = await received(conn, desk, given)
    own = taker(name, kind="member")
    answers = await at_once(
        filled,
        [
            lambda c: services.withdraw(c, desk, claim_id, own),
            lambda c: services.refuse(c, desk, claim_id, LI, WHY),
        ],
    )
    assert one_winner(answers)
    await received(conn, desk, given)


WHY = Refusal("OUT_OF_CATALOGUE", "", "QY.art23.1")


@pytest.mark.parametrize("round_no", range(TRIES))
async def test_of_several_cashiers_one_pays(
    conn: Conn, desk: Office, engine: Engine, filled: str, round_no: int
) -> None:
    name = f"P{round_no}"
    await persons(conn, name)
    claim_id = await approved(conn, desk, application(name, visit(60_000)))
    done(await settling.settle(conn, desk, engine, claim_id, SUN))

    def paying_by(who: str) -> Callable[[Conn], Awaitable[object]]:
        return lambda own: paying.pay(own, desk, claim_id, taker(who), f"B-{who}", RECEIVED_ON)

    assert one_winner(await at_once(filled, [paying_by(f"cashier{n}") for n in range(4)]))
    booked = await conn.fetch(
        "SELECT amount_fen FROM ledger_v_leg WHERE psn_no = $1 AND source = 'claim_payment' AND account = 2301",
        name,
    )
    assert [row["amount_fen"] for row in booked] == [15_000]
    assert await selectors.verify_differences(conn) == ()


@pytest.mark.parametrize("round_no", range(TRIES))
async def test_of_several_who_settle_one_settlement_comes(
    conn: Conn, desk: Office, engine: Engine, filled: str, round_no: int
) -> None:
    name = f"S{round_no}"
    await persons(conn, name)
    claim_id = await approved(conn, desk, application(name, visit(60_000), visit(10_000, number=2)))
    answers = await at_once(filled, [lambda own: settling.settle(own, desk, engine, claim_id, SUN)] * 4)
    assert one_winner(answers)
    facts = await conn.fetch("SELECT kind FROM settlement_v_settlement WHERE psn_no = $1", name)
    assert [row["kind"] for row in facts] == [1, 1]
    assert await selectors.verify_differences(conn) == ()


@pytest.mark.clause("SX2021-103.s2.5.i")
@pytest.mark.parametrize("round_no", range(TRIES))
async def test_of_several_who_bring_one_invoice_one_wins(
    conn: Conn, desk: Office, filled: str, round_no: int
) -> None:
    names = [f"I{round_no}-{number}" for number in range(6)]
    await persons(conn, *names)

    def bringing(name: str) -> Callable[[Conn], Awaitable[object]]:
        given = application(name, visit(60_000, invoice_no=f"RACE-{round_no}"))
        return lambda own: receiving.receive(own, desk, given, PERSONAL, WANG)

    answers = await at_once(filled, [bringing(name) for name in names])
    assert answers == {"done": 1, "INVOICE_CLAIMED": 5}
    assert len(await selectors.holders(conn, [f"RACE-{round_no}"])) == 1


@pytest.mark.clause("SX2021-103.s2.5.i")
@pytest.mark.parametrize("round_no", range(TRIES))
async def test_of_a_claim_and_the_counter_one_settles_the_invoice(
    conn: Conn, desk: Office, engine: Engine, filled: str, round_no: int
) -> None:
    name, invoice = f"C{round_no}", f"BOTH-{round_no}"
    await persons(conn, name, region=SHANXI)
    given = application(name, visit(10_000, invoice_no=invoice), place=Place(code=world.HOSPITAL))
    claim_id = await approved(conn, desk, given)
    visit_id = await world.visit(conn, name, [world.fee(1, 10_000)], on=SERVICE_ON)
    counter = await world.open_engine(filled, worker=4, allow_draft=True)
    try:
        answers = await asyncio.gather(
            settling.settle(conn, desk, engine, claim_id, SUN),
            counter.settle(world.settle_command(name, visit_id, invoice_no=invoice)),
        )
    finally:
        await counter.close()
    assert sorted(getattr(answer, "code", "done") for answer in answers) == ["INVOICE_CLAIMED", "done"]
    assert len(await settlements_in_force(conn, name)) == 1
    assert await selectors.verify_differences(conn) == ()


async def settlements_in_force(conn: Conn, psn_no: str) -> list[object]:
    return list(
        await conn.fetch(
            "SELECT settlement_id FROM settlement_v_settlement "
            "WHERE psn_no = $1 AND kind = 1 AND reversed_by IS NULL",
            psn_no,
        )
    )
