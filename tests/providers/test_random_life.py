"""Whatever two officers and an institution try in whatever order: standing follows from what was confirmed, nothing else."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.providers import applying, changing, evaluating, files, services, standing
from gongji.providers.changing import Change
from gongji.providers.office import Taker
from gongji.providers.standing import Proposal
from gongji.providers.states import PENDING, STATES, TABLE
from gongji.providers.verify import differences
from tests.providers import agency
from tests.providers.agency import OFFICE, PANEL, START, taker

STEPS = 60
Try = Callable[[asyncpg.Connection, int, Taker, date], Awaitable[Any]]


def proposal(on: date, rng: random.Random, **more: Any) -> Proposal:
    first = on + timedelta(days=rng.randrange(-3, 40))
    return Proposal(from_on=first, note="理由", retroactive=rng.choice(("", "追溯")), **more)


def tries(rng: random.Random) -> dict[str, Try]:
    def suspend(conn: asyncpg.Connection, number: int, who: Taker, on: date) -> Awaitable[Any]:
        one = proposal(on, rng, ground="risk")
        last = one.from_on + timedelta(days=rng.randrange(0, 200))
        longer = Proposal(from_on=one.from_on, until_on=last, ground="risk", note="理由")
        return standing.suspend(conn, OFFICE, number, who, longer)

    return {
        "accept": lambda c, n, w, _: applying.accept(c, OFFICE, n, w),
        "return": lambda c, n, w, _: applying.give_back(c, OFFICE, n, w, "说明"),
        "supplement": lambda c, n, w, _: applying.supplement(c, OFFICE, n, w),
        "convene": lambda c, n, w, _: evaluating.convene(c, OFFICE, n, w, PANEL),
        "evaluate": lambda c, n, w, _: evaluating.evaluate(
            c, OFFICE, n, w, agency.scores(rng.choice((60, 90, 95)))
        ),
        "rectify": lambda c, n, w, _: evaluating.rectify(c, OFFICE, n, w),
        "negotiate": lambda c, n, w, _: evaluating.negotiate(c, OFFICE, n, w, "一轮"),
        "agree": lambda c, n, w, _: evaluating.agree(c, OFFICE, n, w),
        "sign": lambda c, n, w, on: evaluating.sign(c, OFFICE, n, w, agency.signature(on)),
        "suspend": suspend,
        "resume": lambda c, n, w, on: standing.resume(c, OFFICE, n, w, proposal(on, rng)),
        "terminate": lambda c, n, w, on: standing.terminate(
            c, OFFICE, n, w, proposal(on, rng, ground="by_law")
        ),
        "confirm": lambda c, n, w, _: standing.confirm(c, OFFICE, n, w),
        "reject": lambda c, n, w, _: standing.reject(c, OFFICE, n, w),
    }


def likely(state: str, verbs: dict[str, Try], rng: random.Random) -> str:
    """Mostly something that the table has in the state, sometimes anything."""
    listed = {"evaluate" if row.action == "qualify" else row.action for row in TABLE if row.state == state}
    fitting = sorted(listed & set(verbs))
    return rng.choice(fitting if fitting and rng.random() < 0.8 else list(verbs))


@pytest.mark.parametrize("seed", range(4))
async def test_standing_follows_from_what_was_confirmed(conn: asyncpg.Connection, seed: int) -> None:
    rng = random.Random(seed)
    profile = agency.new_profile("hospital")
    dossiers = [(await agency.designated(conn, profile)).dossier_id]
    dossiers += [(await agency.applied(conn, profile, "pooled")).dossier_id]
    verbs = tries(rng)
    on, done = START, 0
    for _ in range(STEPS):
        on += timedelta(days=rng.choice((0, 0, 0, 1, 7)))
        who = taker(rng.choice(("li", "zhao")), on)
        number = rng.choice(dossiers)
        before, rows = await files.dossier(conn, number), await files.states(conn, profile.code)
        assert before is not None
        action = likely(before.state, verbs, rng)
        answer = await verbs[action](conn, number, who, on)
        after = await files.dossier(conn, number)
        assert after is not None
        assert after.state in STATES
        if isinstance(answer, Refusal):
            assert after == before
        else:
            done += 1
            assert after.state != before.state or action in ("convene", "negotiate", "supplement")
        if action != "confirm" or isinstance(answer, Refusal):
            assert await files.states(conn, profile.code) == rows
        elif before.state in PENDING:
            assert before.last.actor != after.last.actor
    assert done >= 10
    assert [one for one in await differences(conn) if one.code == profile.code] == []
    assert not await services.rebuild(conn, profile.code)


async def test_of_many_applications_at_once_one_is_taken_in(conn: asyncpg.Connection, pg_url: str) -> None:
    profile = agency.new_profile()
    others = [await asyncpg.connect(pg_url) for _ in range(6)]
    answers = await asyncio.gather(
        *(
            applying.apply(other, OFFICE, agency.application(profile), agency.personal(), taker("wang"))
            for other in others
        )
    )
    for other in others:
        await other.close()
    refusals = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert refusals == ["APPLICATION_EXISTS"] * 5


async def test_changes_reported_at_once_are_kept_all(conn: asyncpg.Connection, pg_url: str) -> None:
    one = await agency.designated(conn, agency.new_profile("hospital", fee_class="2"))
    others = [await asyncpg.connect(pg_url) for _ in range(4)]
    given = [
        Change(field="fee_class", value=str(1 + number % 3), from_on=agency.later(number), document="文件",
               approved_on=START)
        for number in range(4)
    ]  # fmt: skip
    reported = await asyncio.gather(
        *(
            changing.report(other, OFFICE, one.code, change, taker("li"))
            for other, change in zip(others, given, strict=True)
        )
    )
    for other, answer in zip(others, reported, strict=True):
        agency.done(await standing.confirm(other, OFFICE, agency.done(answer).dossier_id, taker("zhao")))
        await other.close()
    rows = await files.states(conn, one.code)
    assert [row.fee_class for row in rows if row.designated] == ["1", "2", "3", "1"]
