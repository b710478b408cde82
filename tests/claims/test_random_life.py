"""Whatever officers and members do to claims in whatever order: money, books and accumulators agree, and four eyes hold."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.claims import Office, Taker, Verdict, paying, selectors, services, settling
from gongji.claims.states import TABLE
from gongji.settlement import selectors as settlements
from gongji.settlement.engine import Engine
from tests.claims.office import DOCUMENTS, PERSONAL, RECEIVED_ON, application, persons, received, taker, visit

Conn = asyncpg.Connection
SEEDS = 6
STEPS = 60
REVIEWERS = [taker(name) for name in ("li", "zhao", "wu")]
CASHIERS = [taker(name) for name in ("sun", "zhou")]
RARE = {"return", "supplement", "send_back", "refuse", "withdraw", "drop"}
MONEY = {"settle", "pay", "recover", "bounce", "close"}
WHY = Refusal("NOT_PAYABLE_BY_RULES", "", "QY.art23.7")


def actions(
    conn: Conn, desk: Office, engine: Engine, claim_id: int, dice: random.Random
) -> dict[str, Callable[[Taker], Awaitable[Any]]]:
    """Everything that can be done to a claim; each may be refused."""
    amount = dice.choice((0, 1, 15_000, 60_000))
    out = (Verdict("1-1", amount, "OUT_OF_CATALOGUE"),) if amount else ()
    slip = f"B{dice.random()}", RECEIVED_ON
    return {
        "return": lambda who: services.give_back(conn, desk, claim_id, who, "看不清"),
        "supplement": lambda who: services.supplement(
            conn, desk, claim_id, who, DOCUMENTS[:1], PERSONAL.payee
        ),
        "review": lambda who: services.review(conn, desk, claim_id, who, out),
        "approve": lambda who: services.approve(conn, desk, claim_id, who),
        "send_back": lambda who: services.send_back(conn, desk, claim_id, who, "再看"),
        "refuse": lambda who: services.refuse(conn, desk, claim_id, who, WHY),
        "withdraw": lambda who: services.withdraw(conn, desk, claim_id, who),
        "settle": lambda who: settling.settle(conn, desk, engine, claim_id, who),
        "pay": lambda who: paying.pay(conn, desk, claim_id, who, *slip),
        "recover": lambda who: paying.recover(conn, desk, claim_id, who, *slip),
        "bounce": lambda who: paying.bounce(conn, desk, claim_id, who, *slip),
        "close": lambda who: paying.close(conn, desk, claim_id, who),
        "correct": lambda who: services.correct(conn, desk, claim_id, who, out, "更正"),
        "drop": lambda who: services.drop(conn, desk, claim_id, who, "无误"),
    }


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_after_any_life_everything_adds_up(conn: Conn, desk: Office, engine: Engine, seed: int) -> None:
    dice = random.Random(seed)
    name = f"Z{seed}"
    await persons(conn, name)
    claims = [
        await received(conn, desk, application(name, visit(60_000), visit(40_000, number=2)))
        for _ in range(2)
    ]
    for _ in range(STEPS):
        claim_id = dice.choice(claims)
        possible = actions(conn, desk, engine, claim_id, dice)
        action = likely(dice, await selectors.case(conn, claim_id), list(possible))
        usual, unusual = (CASHIERS, REVIEWERS) if action in MONEY else (REVIEWERS, CASHIERS)
        await possible[action](dice.choice(usual if dice.random() < 0.95 else unusual))
    assert await selectors.verify_differences(conn) == ()
    cases = [await selectors.case(conn, claim_id) for claim_id in claims]
    fund_fen = (await settlements.year(conn, name, 2024)).sums("ordinary")[2]
    assert fund_fen == sum(case.fund_fen for case in cases if case)
    for case in cases:
        assert case is not None
        four_eyes(case.steps)
        assert [step.step_no for step in case.steps] == list(range(1, len(case.steps) + 1))


def likely(dice: random.Random, case: Any, names: list[str]) -> str:
    """Mostly a step that the table lists for the claim's state, seldom one that ends or returns it; sometimes any."""
    if dice.random() < 0.2:
        return dice.choice(names)
    listed = [row.action for row in TABLE if row.state == case.state]
    frequent = [name for name in listed if name in names and (name not in RARE or dice.random() < 0.05)]
    return dice.choice(frequent or ["settle"])


def four_eyes(steps: Any) -> None:
    """The second person is never the first, and no judge of the claim moves its money afterwards."""
    judges: set[str] = set()
    first = ""
    for step in steps:
        if step.action in ("review", "correct"):
            first = step.actor
            judges.add(step.actor)
        elif step.action in ("approve", "drop"):
            assert step.actor != first
        if step.action == "approve":
            judges.add(step.actor)
        if step.action in ("pay", "recover"):
            assert step.actor not in judges
