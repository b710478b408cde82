"""The national interface under load, over HTTP on a real server, against pgbench writing the same rows.

    python -m bench.interface [--visits 8000] [--connections 64] [--workers 2] [--grow 1000000]

One embedded PostgreSQL (fsync on), `gongji serve` with its worker processes, signed messages, five lines a visit. Measured
in one run: each trade of a visit and the whole visit, durable 2207/s against pgbench (prepared, one transaction a
settlement, 32 clients) on the same server, latency of 2207 at a steady 300/s, and 2207/s again when ``--grow`` settlements
are stored. The generator and PostgreSQL share the cores with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from bench.engine import ACCOUNT_TABLES, FACT_TABLES, pgbench_script, run_pgbench, store
from bench.load import Result, drive, drive_at_rate
from bench.traffic import Visits

from gongji.base.sealing import Vault
from gongji.base.times import CHINA
from gongji.demo_data import World, generate
from gongji.demo_data import load as load_world
from gongji.project.dbtools import migrate
from gongji.project.embedded import temporary_server
from gongji.project.embedded.binaries import of_wheel
from gongji.project.story.service import answers, free_port
from gongji.project.vault import data_vault

STEADY_PER_SECOND = 300
STEADY_SECONDS = 10
PGBENCH_CLIENTS = 32
PGBENCH_SECONDS = 8
SERVER = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""What durability costs is part of every figure; everything else is as the launcher sets it."""
BALANCE_FEN = 10_000_000
TRADES = ("2201", "2203", "2204", "2206", "2207")


class Rig:
    """A served platform with its load: the same for every figure of the run."""

    def __init__(self, world: World, port: int, dsn: str, connections: int) -> None:
        self.world, self.port, self.dsn, self.connections = world, port, dsn, connections

    def send(self, requests: list[bytes], *, keep_bodies: bool = False) -> Result:
        """Drive requests as fast as they are answered; every answer must be a success."""
        return _sound(drive("127.0.0.1", self.port, requests, self.connections, keep_bodies=keep_bodies))

    def prepared(self, count: int) -> tuple[Visits, dict[str, Result]]:
        """``count`` visits registered, diagnosed and charged, with what each trade took."""
        visits = Visits(self.world, count, datetime.now(CHINA))
        results = {"2201": self.send(visits.registrations(), keep_bodies=True)}
        visits.take_ids(results["2201"].bodies or [])
        results["2203"] = self.send(visits.visit_infos())
        results["2204"] = self.send(visits.uploads())
        return visits, results

    def settle(self, count: int) -> Result:
        """Durable 2207 of fresh visits."""
        visits, _ = self.prepared(count)
        return self.send(visits.settlements("2207"))

    def whole_visits(self, count: int) -> dict[str, Result]:
        """Every trade of a visit in turn."""
        visits, results = self.prepared(count)
        results["2206"] = self.send(visits.settlements("2206"))
        results["2207"] = self.send(visits.settlements("2207"))
        return results

    def steady(self) -> Result:
        """Latency of 2207 when visits arrive at a steady rate."""
        visits, _ = self.prepared(STEADY_PER_SECOND * STEADY_SECONDS)
        return _sound(
            drive_at_rate(
                "127.0.0.1", self.port, visits.settlements("2207"), self.connections, STEADY_PER_SECOND
            )
        )

    def pgbench(self) -> float:
        """Transactions a second of pgbench writing one settlement's rows each."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as script:
            tables = FACT_TABLES + ACCOUNT_TABLES
            script.write(
                asyncio.run(_with_connection(self.dsn, lambda connection: pgbench_script(connection, tables)))
            )
            script.flush()
            os.chmod(script.name, 0o644)
            return run_pgbench(
                of_wheel().program("pgbench"), self.dsn, Path(script.name), PGBENCH_CLIENTS, PGBENCH_SECONDS
            )


def _sound(result: Result) -> Result:
    if result.failures:
        raise SystemExit(
            f"{len(result.failures)} answers were failures, the first: {result.failures[0].decode()}"
        )
    return result


async def _with_connection(dsn: str, work: Callable[[asyncpg.Connection[Any]], Any]) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        return await work(connection)
    finally:
        await connection.close()


KEYS = {"GONGJI_DATA_KEYS": f"1:{bytes(16).hex()}", "GONGJI_INDEX_KEY": bytes(32).hex()}
"""Keys of the personal data that this run makes up."""


def _serve(port: int, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gongji", "serve", "--port", str(port), "--workers", str(workers)]
    environment = {**os.environ, "GONGJI_OVERLAY": "demo"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def served(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[Rig, Vault]]:
    """A database of the demonstration with many members, and a server on it."""
    made = generate(members=arguments.members)
    # Everybody can pay from the account, so that every settlement writes the same rows: those that pgbench writes.
    world = msgspec.structs.replace(made, balances=dict.fromkeys(made.balances, BALANCE_FEN))
    with temporary_server(folder / "data", SERVER) as server:
        os.environ |= {"DATABASE_URL": server.dsn, **KEYS}
        vault = data_vault(os.environ, folder)
        migrate(server.dsn)
        asyncio.run(_with_connection(server.dsn, lambda connection: load_world(connection, world, vault)))
        port = free_port()
        process = _serve(port, arguments.workers)
        try:
            while not answers(f"http://127.0.0.1:{port}", "/ready"):
                if process.poll() is not None:
                    raise SystemExit("the server did not start")
                time.sleep(0.1)
            yield Rig(world, port, server.dsn, arguments.connections), vault
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _figures(rig: Rig, arguments: argparse.Namespace) -> dict[str, Any]:
    rig.settle(1_000)
    by_stored = _by_stored(rig, arguments)
    whole = rig.whole_visits(arguments.visits)
    ratios, settled, written = [], [], []
    for _ in range(arguments.rounds):
        result = rig.settle(arguments.visits)
        settled.append(result)
        written.append(rig.pgbench())
        ratios.append(result.per_second / written[-1])
    steady = rig.steady()
    figures: dict[str, Any] = {
        "settlements_per_second": [round(result.per_second) for result in settled],
        "pgbench_per_second": [round(rate) for rate in written],
        "ratio": [round(ratio, 2) for ratio in ratios],
        "p50_ms": round(settled[-1].percentile_ms(0.50), 1),
        "p99_ms": round(settled[-1].percentile_ms(0.99), 1),
        "steady_300_p50_ms": round(steady.percentile_ms(0.50), 1),
        "steady_300_p99_ms": round(steady.percentile_ms(0.99), 1),
        "trades_per_second": {infno: round(whole[infno].per_second) for infno in TRADES},
        "whole_visits_per_second": round(arguments.visits / sum(whole[infno].seconds for infno in TRADES)),
    }
    if arguments.grow:
        stored = _stored(rig)
        asyncio.run(_with_connection(rig.dsn, lambda connection: store(connection, arguments.grow - stored)))
        figures["settlements_per_second_by_stored"] = by_stored | _by_stored(rig, arguments)
    return figures


def _stored(rig: Rig) -> int:
    stored: int = asyncio.run(
        _with_connection(
            rig.dsn, lambda connection: connection.fetchval("SELECT count(*) FROM settlement_fact")
        )
    )
    return stored


def _by_stored(rig: Rig, arguments: argparse.Namespace) -> dict[str, int]:
    """2207/s, named by how many settlements are stored afterwards."""
    rate = rig.settle(arguments.visits).per_second
    return {f"{_stored(rig):,}": round(rate)}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=8_000)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--grow", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongji-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  the server's own account has to reach its folder
        with served(arguments, Path(folder)) as (rig, _):
            figures = _figures(rig, arguments)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(json.dumps({"machine": machine, **figures}, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
