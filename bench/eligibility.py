"""Answers about eligibility: pure on one core, and 2001 over HTTP against pgbench's single select.

    python -m bench.eligibility [--queries 8000] [--connections 64] [--workers 2] [--members 20000] [--rounds 3]

Pure: ``facts_of`` and ``eligibility`` for members of the demonstration's world at a hospital, and ``lasting_eligibility``, which
also finds the days between which each answer holds, as 2001 does. Over HTTP: one embedded PostgreSQL (fsync on), `gongji serve`,
signed messages; each 2001 reads the person's records, family bindings and balances and writes a durable record of the access.
pgbench only reads one row by key (its ``-S`` in kind): prepared, 32 clients, same server, same run, alternating.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import asyncpg
from bench.engine import run_pgbench
from bench.interface import KEYS, PGBENCH_CLIENTS, PGBENCH_SECONDS, SERVER, Rig, _serve, _with_connection
from bench.traffic import Visits

from gongji.base.times import CHINA
from gongji.demo_data import World, generate
from gongji.demo_data import load as load_world
from gongji.members.eligibility import eligibility, facts_of
from gongji.members.lasting import lasting_eligibility
from gongji.members.rules import standing_on
from gongji.members.selectors import records
from gongji.members.values import Records, Standing
from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library
from gongji.project.dbtools import migrate
from gongji.project.embedded import temporary_server
from gongji.project.embedded.binaries import of_wheel
from gongji.project.story.service import answers, free_port
from gongji.project.vault import data_vault
from gongji.providers import selectors as providers
from gongji.providers.values import Provider

PURE_SECONDS = 2.0
PURE_MEMBERS = 5_000
SELECTED = 1_000_000
"""Rows of the table that pgbench reads by key, as its own ``-S`` does."""


def per_second(one: Callable[[], object]) -> float:
    """How often ``one`` runs in a second."""
    done, begun = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - begun) < PURE_SECONDS:
        one()
        done += 1
    return done / elapsed


def pure(law: Law, people: list[Records], place: Provider, on: date) -> dict[str, int]:
    """Answers a second of the pure decisions, one core, person after person."""

    def facts_on(standing: Standing, day: date) -> dict[str, str]:
        held = place.on(day)
        return facts_of(
            standing,
            held.attributes,
            held.region,
            voucher=True,
            prescription="not_needed",
            extra={},
            on=day,
            law=law,
        )

    def day_of(who: Records) -> object:
        standing = standing_on(who, on)
        return eligibility(law, standing, on, facts_on(standing, on), owners=("1",))

    def span_of(who: Records) -> object:
        return lasting_eligibility(law, who, on, facts_on)

    turn = cycle(people)
    return {
        "on_a_day": round(per_second(lambda: day_of(next(turn)))),
        "with_its_days": round(per_second(lambda: span_of(next(turn)))),
    }


def queries(world: World, count: int, at: datetime) -> list[bytes]:
    """2001 of many members at hospitals in turn."""
    visits = Visits(world, count, at)
    return [
        visits.request(
            "2001",
            {
                "data": {
                    "psn_no": member.psn_no,
                    "insutype": "310",
                    "med_type": "11",
                    "begntime": f"{at:%Y-%m-%d %H:%M:%S}",
                }
            },
            hospital,
        )
        for member, hospital in visits.plan
    ]


async def _prepare_select(connection: asyncpg.Connection[Any]) -> None:
    await connection.execute(
        f"CREATE TABLE bench_account AS SELECT n AS aid, n AS abalance FROM generate_series(1, {SELECTED}) AS n;"
        "ALTER TABLE bench_account ADD PRIMARY KEY (aid); ANALYZE bench_account"
    )


def select_rate(dsn: str) -> float:
    """Single selects by key a second of pgbench."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as script:
        script.write(
            f"\\set aid random(1, {SELECTED})\nSELECT abalance FROM bench_account WHERE aid = :aid;\n"
        )
        script.flush()
        os.chmod(script.name, 0o644)
        return run_pgbench(
            of_wheel().program("pgbench"), dsn, Path(script.name), PGBENCH_CLIENTS, PGBENCH_SECONDS
        )


async def _known(
    connection: asyncpg.Connection[Any], psn_nos: list[str], code: str
) -> tuple[list[Records], Provider]:
    """The members' records and the institution, as the pure decisions take them."""
    place = (await providers.load(connection)).get(code)
    assert place is not None
    return list((await records(connection, psn_nos)).values()), place


def over_http(rig: Rig, arguments: argparse.Namespace) -> dict[str, Any]:
    """2001/s beside the selects of the same round."""
    rig.send(queries(rig.world, 1_000, datetime.now(CHINA)))
    asyncio.run(_with_connection(rig.dsn, _prepare_select))
    asked, read = [], []
    for _ in range(arguments.rounds):
        asked.append(rig.send(queries(rig.world, arguments.queries, datetime.now(CHINA))))
        read.append(select_rate(rig.dsn))
    pairs = list(zip(asked, read, strict=True))
    return {
        "answers_per_second": [round(result.per_second) for result in asked],
        "selects_per_second": [round(rate) for rate in read],
        "ratio": [round(result.per_second / rate, 3) for result, rate in pairs],
        "p50_ms": round(asked[-1].percentile_ms(0.50), 1),
        "p99_ms": round(asked[-1].percentile_ms(0.99), 1),
    }


def measure(arguments: argparse.Namespace, folder: str) -> dict[str, Any]:
    """Every figure of the run."""
    world = generate(members=arguments.members)
    visits = Visits(world, 1, datetime.now(CHINA))
    psn_nos = [member.psn_no for member in visits.members[:PURE_MEMBERS]]
    with temporary_server(Path(folder) / "data", SERVER) as server:
        os.environ |= {"DATABASE_URL": server.dsn, **KEYS}
        vault = data_vault(os.environ, Path(folder))
        migrate(server.dsn)
        asyncio.run(_with_connection(server.dsn, lambda connection: load_world(connection, world, vault)))
        code = visits.hospitals[0].code
        people, place = asyncio.run(
            _with_connection(server.dsn, lambda connection: _known(connection, psn_nos, code))
        )
        port = free_port()
        process = _serve(port, arguments.workers)
        try:
            while not answers(f"http://127.0.0.1:{port}", "/ready"):
                if process.poll() is not None:
                    raise SystemExit("the server did not start")
                time.sleep(0.1)
            http = over_http(Rig(world, port, server.dsn, arguments.connections), arguments)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    law = compile_law(load_library(overlay=DEMO_OVERLAY))
    return {"pure_per_second": pure(law, people, place, date(2024, 8, 15)), "2001": http}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queries", type=int, default=8_000)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongji-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  the server's own account has to reach its folder
        figures = measure(arguments, folder)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(json.dumps({"machine": machine, **figures}, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
