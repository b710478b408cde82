"""Many at once for one person: the ceiling holds to the fen, a settlement is reversed once, nobody deadlocks.

``GONGJI_SEEDS`` sets how many seeds the ceiling race runs with (3 by default, 100 for the full figure).
"""

from __future__ import annotations

import asyncio
import os
import random
from typing import Any

import pytest

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.settlement import selectors
from gongji.settlement.verify import verify
from tests.pg import world

SEEDS = int(os.environ.get("GONGJI_SEEDS", "3"))
CEILING_FEN = 250_000
VISITS = 200


async def deadlocks(conn: Any) -> int:
    return int(
        await conn.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    )


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_200_concurrent_visits_with_room_for_three_use_the_ceiling_exactly(
    built: str, conn: Any, seed: int
) -> None:
    psn_no = f"CEILING{seed}"
    chance = random.Random(seed)
    await world.add_persons(conn, [psn_no], own_fen=chance.randrange(0, 100_000))
    # about 90,000 fen of fund a visit: two fit whole, the third in part
    visits = [
        await world.visit(conn, psn_no, [world.fee(1, chance.randrange(135_000, 145_000))])
        for _ in range(VISITS)
    ]
    engines = [await world.open_engine(built, worker) for worker in (1, 2)]

    async def settle(visit_id: int) -> Any:
        await asyncio.sleep(chance.random() * 0.05)
        return await engines[chance.randrange(2)].settle(world.settle_command(psn_no, visit_id))

    answers = await asyncio.gather(*(settle(visit_id) for visit_id in visits))
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    year = await selectors.year(conn, psn_no, 2024)
    assert year.sums("ordinary")[2] == CEILING_FEN
    assert year.sums("ordinary")[0] == 30_000, "the yearly stop of the deductible holds too"
    paid = await conn.fetch("SELECT pool_fen FROM settlement_v_settlement WHERE psn_no = $1", psn_no)
    assert sum(row["pool_fen"] for row in paid) == CEILING_FEN
    assert sum(row["pool_fen"] > 0 for row in paid) == 3
    assert await deadlocks(conn) == 0
    for engine in engines:
        await engine.close()


async def test_two_reversals_at_once_reverse_once(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["R1"], own_fen=10_000)
    engines = [await world.open_engine(built, worker) for worker in (1, 2)]
    for _ in range(20):
        visit_id = await world.visit(conn, "R1", [world.fee(1, 20_000)])
        settled = world.done(await engines[0].settle(world.settle_command("R1", visit_id)))
        answers = await asyncio.gather(
            *(engine.reverse(world.reverse_command("R1", settled.settlement_id)) for engine in engines)
        )
        refused = [answer for answer in answers if isinstance(answer, Refusal)]
        assert [answer.code for answer in refused] == ["ALREADY_REVERSED"]
    assert await conn.fetchval("SELECT balance_fen FROM accounts_balance WHERE psn_no = 'R1'") == 10_000
    assert (await selectors.year(conn, "R1", 2024)).sums("ordinary") == (0, 0, 0)
    for engine in engines:
        await engine.close()


async def test_one_fee_batch_under_two_numbers_is_settled_once(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["B1"])
    engines = [await world.open_engine(built, worker) for worker in (1, 2)]
    for _ in range(20):
        visit_id = await world.visit(conn, "B1", [world.fee(1, 20_000)])
        answers = await asyncio.gather(*(e.settle(world.settle_command("B1", visit_id)) for e in engines))
        assert [a.code for a in answers if isinstance(a, Refusal)] == ["BATCH_SETTLED"]
    for engine in engines:
        await engine.close()


async def test_relatives_drawing_on_each_others_accounts_neither_deadlock_nor_overdraw(
    built: str, conn: Any
) -> None:
    couples = [(f"WIFE{n}", f"MAN{n}") for n in range(8)]
    people = [person for couple in couples for person in couple]
    await world.add_persons(conn, people, own_fen=30_000)
    for wife, man in couples:
        await world.bind_family(conn, wife, man)
        await world.bind_family(conn, man, wife)
    visits = [(p, await world.visit(conn, p, [world.fee(1, 40_000)])) for p in people for _ in range(4)]
    engines = [await world.open_engine(built, worker) for worker in (1, 2)]
    answers = await asyncio.gather(
        *(
            engines[index % 2].settle(world.settle_command(person, visit_id))
            for index, (person, visit_id) in enumerate(visits)
        )
    )
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    rows = await conn.fetch(
        "SELECT sum(account_fen + mutual_fen) AS paid FROM settlement_v_settlement WHERE psn_no = ANY($1)",
        people,
    )
    left = await conn.fetchval("SELECT sum(balance_fen) FROM accounts_balance WHERE psn_no = ANY($1)", people)
    assert rows[0]["paid"] + left == 30_000 * len(people)
    assert (
        await conn.fetchval(
            "SELECT sum(mutual_fen) FROM settlement_v_settlement WHERE psn_no = ANY($1)", people
        )
        > 0
    )
    assert await deadlocks(conn) == 0
    for engine in engines:
        await engine.close()


async def test_two_pharmacies_that_fill_one_prescription_at_once_sell_the_drug_once(
    built: str, conn: Any
) -> None:
    """Decision A16: one item is dispensed wholly by one institution."""
    await conn.execute(
        "INSERT INTO providers_institution SELECT 'P14080200004', name, uscc, kind, hosp_lv, region, address "
        "FROM providers_institution WHERE code = $1",
        world.PHARMACY,
    )
    await world.add_persons(conn, ["RXRACE"])
    engines = [await world.open_engine(built, worker) for worker in (1, 2)]
    for n in range(30):
        visit_id = await world.visit(conn, "RXRACE", [world.fee(1, 5_000, world.SERVICE_A)])
        await world.prescribe(conn, "RXRACE", f"RACE{n}", visit_id, [world.DRUG_A])
        answers = await asyncio.gather(
            engines[0].settle(world.purchase_command("RXRACE", [world.fee(1, 3_000, rx_no=f"RACE{n}")])),
            engines[1].settle(
                world.purchase_command("RXRACE", [world.fee(1, 3_000, rx_no=f"RACE{n}")], at="P14080200004")
            ),
        )
        assert [a.code for a in answers if isinstance(a, Refusal)] == ["SAME_DRUG_DIFFERENT_INSTITUTION"]
    for engine in engines:
        await engine.close()


async def test_two_settlements_of_one_group_in_two_years_charge_its_deductible_once(
    built: str, conn: Any
) -> None:
    """A December prescription filled in January while the hospital still settles December's fees (decision A10)."""
    from datetime import date

    await world.add_persons(conn, [f"YEARS{n}" for n in range(20)])
    engines = [await world.open_engine(built, worker) for worker in (1, 2)]
    for n in range(20):
        psn_no = f"YEARS{n}"
        visit_id = await world.visit(conn, psn_no, [world.fee(1, 20_000)], on=date(2023, 12, 31))
        await world.prescribe(conn, psn_no, f"RX{n}", visit_id, [world.DRUG_A], on=date(2023, 12, 31))
        purchase = world.purchase_command(psn_no, [world.fee(1, 20_000)], f"RX{n}", on=date(2024, 1, 1))
        answers = await asyncio.gather(
            engines[0].settle(world.settle_command(psn_no, visit_id)), engines[1].settle(purchase)
        )
        assert not [answer for answer in answers if isinstance(answer, Refusal)], answers
        facts = await selectors.facts_of_person(conn, psn_no)
        assert {fact.year for fact in facts} == {2023, 2024}
        assert sum(fact.waterfall[layout.W_DEDUCTIBLE_FEN] for fact in facts) == 3_000
    for engine in engines:
        await engine.close()


async def test_everything_that_this_module_settled_is_verified(built: str, conn: Any) -> None:
    report = await verify(conn, {world.law().digest: world.law()})
    assert report.settlements > 0
    assert report.clean, report
