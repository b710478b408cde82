"""kill -9 of a worker, of PostgreSQL, cut connections, under load, on a server with fsync on.

What must hold: every answered settlement exists with that answer, every other one can be asked for (repeated) by its own
number, nothing exists twice or by half. ``GONGJI_SEEDS`` sets the number of seeds.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gongji.project.embedded import ensure
from gongji.project.embedded.home import Home
from gongji.project.embedded.process import postmaster_pid
from gongji.settlement.verify import verify
from tests.databases import run_migrations
from tests.pg import world
from tests.pg.processes import Worker
from tests.pg.proxy import CuttingProxy
from tests.project.embedded_help import environment, folder

SEEDS = int(os.environ.get("GONGJI_SEEDS", "2"))
PERSONS, VISITS_EACH = 40, 5


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with folder() as path:
        yield path


@pytest.fixture(scope="module")
def durable(place: Path) -> Iterator[str]:
    """URL of a server of this module's own, as the embedded database runs it."""
    with ensure(environment(place / "data")) as server:
        run_migrations(server.dsn)
        asyncio.run(_build(server.dsn))
        yield server.dsn


async def _build(dsn: str) -> None:
    conn = await asyncpg.connect(dsn)
    await world.build(conn, [])
    await conn.close()


async def load_of(dsn: str, name: str) -> list[dict[str, Any]]:
    """Commands for new persons' new visits."""
    conn = await asyncpg.connect(dsn)
    people = [f"{name}-{n}" for n in range(PERSONS)]
    await world.add_persons(conn, people, own_fen=20_000)
    commands = [
        {
            "kind": "settle",
            "psn_no": person,
            "visit_id": await world.visit(
                conn, person, [world.fee(1, 12_345), world.fee(2, 6_789, world.DRUG_B)]
            ),
            "msgid": f"{person}-{number}",
            "request": f"{person}-{number}",
        }
        for number in range(VISITS_EACH)
        for person in people
    ]
    await conn.close()
    return commands


async def assert_true(
    dsn: str, commands: list[dict[str, Any]], early: list[dict[str, Any]], late: list[dict[str, Any]]
) -> None:
    """``early`` answers came before the accident, ``late`` ones to the repetition of every command after it."""
    assert not [answer for answer in late if "output" not in answer]
    last = {answer["msgid"]: answer for answer in late}
    assert len(last) == len(commands)
    for answer in early:
        if "output" in answer:
            assert last[answer["msgid"]]["output"] == answer["output"], "an answer that was given has changed"
            assert last[answer["msgid"]]["repeated"]
    conn = await asyncpg.connect(dsn)
    people = list({command["psn_no"] for command in commands})
    assert await conn.fetchval("SELECT count(*) FROM settlement_fact WHERE psn_no = ANY($1)", people) == len(
        commands
    )
    assert await conn.fetchval(
        "SELECT count(*) FROM settlement_message WHERE psn_no = ANY($1)", people
    ) == len(commands)
    report = await verify(conn, {world.law().digest: world.law()})
    await conn.close()
    assert report.clean, report


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_after_kill_9_of_a_worker_what_it_answered_exists_and_the_rest_can_be_asked_for(
    durable: str, seed: int
) -> None:
    commands = await load_of(durable, f"W{seed}")
    worker = await Worker.start(durable, 1)
    await worker.send(commands)
    await worker.until(random.Random(seed).randrange(1, len(commands)))
    early = await worker.kill()
    again = await Worker.start(durable, 2)
    await again.send(commands)
    await assert_true(durable, commands, early, await again.finish())


def kill_server(home: Path, *, everything: bool) -> None:
    cluster = Home(home).cluster()
    assert cluster is not None
    pid = postmaster_pid(Home(home), cluster)
    assert pid is not None
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split() if everything else []
    for victim in [pid, *map(int, children)]:
        os.kill(victim, signal.SIGKILL)


def start_again(home: Path) -> None:
    """In a process of its own: the server's user of this process stays what it was."""
    code = (
        "import sys; from pathlib import Path; from gongji.project.embedded import ensure; "
        "from tests.project.embedded_help import environment; ensure(environment(Path(sys.argv[1])))"
    )
    subprocess.run([sys.executable, "-c", code, str(home)], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_after_kill_9_of_postgresql_the_worker_goes_on_and_nothing_is_lost_or_doubled(
    durable: str, place: Path, seed: int
) -> None:
    commands = await load_of(durable, f"P{seed}")
    worker = await Worker.start(durable, 1)
    await worker.send(commands)
    await worker.until(random.Random(seed).randrange(1, len(commands) - 50))
    kill_server(place / "data", everything=bool(seed % 2))
    early = list(worker.answers)
    await asyncio.to_thread(start_again, place / "data")
    answers = await worker.finish()
    assert not [answer for answer in answers if "output" not in answer]
    again = await Worker.start(durable, 2)
    await again.send(commands)
    await assert_true(durable, commands, [*early, *answers], await again.finish())


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_connections_cut_around_the_commit_neither_lose_nor_double_a_settlement(
    durable: str, place: Path, seed: int
) -> None:
    commands = await load_of(durable, f"C{seed}")
    socket = place / f"cut{seed}"
    socket.mkdir()
    async with CuttingProxy(durable, socket, seed, chance=0.3) as proxy:
        worker = await Worker.start(proxy.dsn, 1)
        await worker.send(commands)
        early = await worker.finish()
        assert sum(proxy.cuts.values()) > 0
    again = await Worker.start(durable, 2)
    await again.send(commands)
    await assert_true(durable, commands, early, await again.finish())
