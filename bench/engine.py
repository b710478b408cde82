"""Durable settlements a second through the engine, against pgbench writing the same rows one transaction each.

    python -m bench.engine [--visits 20000] [--callers 64] [--rounds 2]

Same server (fsync on), same run, alternating. A visit has five fee lines and is settled once; the engine reads everything that a
settlement needs (visit, fees, person, accounts, windows), decides and commits. pgbench only writes: a person year, a message, a
settlement and a journal entry, prepared statements.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
import uvloop
from tests.databases import run_migrations
from tests.pg import world

from gongji.base.reasons import Refusal
from gongji.project.embedded import temporary_server
from gongji.project.embedded.binaries import of_wheel
from gongji.settlement.engine import Engine

LINES = 5
STORED = {
    "psn_no": "'OLD' || md5(n::text)",
    "settlement_id": "n",
    "journal_id": "n",
    "msgid": "'O' || md5(n::text)",
    "visit_id": "n",
    "group_id": "n",
}
"""What differs between stored settlements; md5 scatters the keys over the indexes."""
CHANGING = {
    "psn_no": "'PGB' || (:person)::bigint",
    "settlement_id": "(:id)::bigint",
    "journal_id": "(:id)::bigint",
    "entry_id": "(:id)::bigint",
    "msgid": "'M' || (:id)::bigint",
}
"""Columns that are new in every transaction of pgbench; the others are those of a settlement that the engine wrote."""
UPSERT = {
    "settlement_person_year": " ON CONFLICT (psn_no, year) DO UPDATE SET version = settlement_person_year.version + 1",
    "accounts_balance": " ON CONFLICT (psn_no) DO UPDATE SET version = accounts_balance.version + 1",
}
FACT_TABLES = ("settlement_person_year", "settlement_message", "settlement_fact", "ledger_journal")
ACCOUNT_TABLES = ("accounts_balance", "accounts_entry")
"""Written by a settlement that draws on a personal account."""


async def populate(
    conn: asyncpg.Connection[Any], name: str, persons: int, visits: int
) -> list[tuple[str, int]]:
    """``visits`` open visits with fees of ``persons`` persons, written set-based; (person, visit) in a mixed order."""
    people = [f"{name}{n:06d}" for n in range(persons)]
    await world.add_persons(conn, people)
    base = world.new_id()
    await conn.execute(
        "INSERT INTO encounters_visit (psn_no, visit_id, caller, ipt_otp_no, insutype, voucher_type, med_type, "
        "dept_code, dept_name, caty, doctor_code, doctor_name, begun_at, service_on, group_id, state, condition, "
        "disease_code, disease_name, registered_at, changed_at) "
        "SELECT $1 || lpad((n % $2::bigint)::text, 6, '0'), $3::bigint + n, $4, $1 || n, '310', '01', '11', "
        "'', '', '', '', '', $5, $6, $3::bigint + n, 'open', '', '', '', $5, $5 "
        "FROM generate_series(0, $7::bigint - 1) AS n",
        name,
        persons,
        base,
        world.HOSPITAL,
        world.AT,
        date(2024, 8, 15),
        visits,
    )
    lines = [
        {"key": str(k), "item": item, "amount_fen": 1_234 + k, "price_micro": (1_234 + k) * 10_000, "quantity_e4": 10_000,
         "occurred_at": world.AT.isoformat()}
        for k, item in enumerate([world.DRUG_A, world.DRUG_B, world.SERVICE_A, world.SELF_PAID, world.DRUG_A])
    ]  # fmt: skip
    await conn.execute(
        "INSERT INTO encounters_fee_batch (psn_no, visit_id, batch_no, part_id, lines, line_count, total_fen, line_keys, "
        "uploaded_at) SELECT psn_no, visit_id, 'B1', visit_id, $2::jsonb, $3, $4, $5, $6 FROM encounters_visit "
        "WHERE visit_id >= $1::bigint AND visit_id < $1::bigint + $7::bigint",
        base,
        json.dumps(lines),
        LINES,
        sum(1_234 + k for k in range(LINES)),
        [line["key"] for line in lines],
        world.AT,
        visits,
    )
    await conn.execute("ANALYZE")
    return [(f"{name}{n % persons:06d}", base + n) for n in range(visits)]


async def run_engine(engine: Engine, visits: list[tuple[str, int]], callers: int) -> float:
    """Settlements a second with ``callers`` callers that each wait for their answer."""
    queue = iter(visits)

    async def caller() -> None:
        for psn_no, visit_id in queue:
            answer = await engine.settle(world.settle_command(psn_no, visit_id))
            assert not isinstance(answer, Refusal), answer

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return len(visits) / (time.perf_counter() - begun)


async def store(conn: asyncpg.Connection[Any], count: int) -> None:
    """``count`` further settlements as they would lie there after months: other persons, everything else alike."""
    for table in FACT_TABLES:
        described = await conn.fetch(
            "SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum",
            table,
        )
        values = ", ".join(STORED.get(column["name"], f"t.{column['name']}") for column in described)
        await conn.execute(
            f"INSERT INTO {table} SELECT {values} FROM generate_series(1, {count}) AS n "
            f"CROSS JOIN (SELECT * FROM {table} ORDER BY psn_no LIMIT 1) AS t"
        )
    await conn.execute("VACUUM ANALYZE settlement_fact")
    await conn.execute("CHECKPOINT")


async def pgbench_script(conn: asyncpg.Connection[Any], tables: tuple[str, ...] = FACT_TABLES) -> str:
    """One settlement's rows as one transaction, with new keys each time, from the rows that the engine just wrote."""
    statements = ["\\set id random(1, 9000000000000000000)", "\\set person random(1, 1000000000)", "BEGIN;"]
    for table in tables:
        described = await conn.fetch(
            "SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute "
            "WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum",
            table,
        )
        literals = ", ".join(f"quote_nullable({column['name']}::text)" for column in described)
        (row,) = await conn.fetch(f"SELECT {literals} FROM {table} ORDER BY psn_no DESC LIMIT 1")
        values = [
            CHANGING.get(column["name"], f"{literal}::{column['type']}")
            for column, literal in zip(described, row.values(), strict=True)
        ]
        tail = UPSERT.get(table, "")
        statements.append(f"INSERT INTO {table} VALUES ({', '.join(values)}){tail};")
    return "\n".join([*statements, "COMMIT;"]) + "\n"


def run_pgbench(program: str, dsn: str, script: Path, clients: int, seconds: int) -> float:
    """Transactions a second of pgbench."""
    parts = urlsplit(dsn)
    command = [program, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", str(script),
               "-h", unquote(parse_qs(parts.query)["host"][0]), "-U", parts.username or "", parts.path.lstrip("/")]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found.group(1))


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--visits", type=int, default=20_000)
    arguments.add_argument("--callers", type=int, default=64)
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--seconds", type=int, default=5)
    arguments.add_argument("--stored", type=int, default=0, help="settlements that lie there already")
    arguments.add_argument("--no-pgbench", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  the server's account must be able to enter
        with temporary_server(Path(folder) / "data", {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
                                                      "shared_buffers": "512MB", "max_wal_size": "4GB"}) as server:  # fmt: skip
            run_migrations(server.dsn)
            conn = await asyncpg.connect(server.dsn)
            await world.build(conn, [])
            engine = await world.open_engine(server.dsn)
            warm = await populate(conn, "W", 500, 1_000)
            await run_engine(engine, warm, given.callers)
            if given.stored:
                await store(conn, given.stored)
                print(
                    f"stored   {await conn.fetchval('SELECT count(*) FROM settlement_fact'):8,} settlements before"
                )
            rates, writes = [], []
            for number in range(given.rounds):
                visits = await populate(conn, f"R{number}", max(1, given.visits // 4), given.visits)
                batches, commands = engine.counts
                rates.append(await run_engine(engine, visits, given.callers))
                after = engine.counts
                print(
                    f"engine   {rates[-1]:8,.0f} settlements/s, {(after[1] - commands) / (after[0] - batches):.0f} a batch"
                )
                if given.no_pgbench:
                    continue
                script = Path(folder) / "settle.sql"
                script.write_text(await pgbench_script(conn), encoding="utf-8")
                script.chmod(0o644)
                program = of_wheel().program("pgbench")
                writes.append(run_pgbench(program, server.dsn, script, 32, given.seconds))
                print(f"pgbench  {writes[-1]:8,.0f} transactions/s of the same rows")
            single = await populate(conn, "S", 500, 1_000)
            rate = await run_engine(engine, single, 1)
            print(f"one caller alone: {1000 / rate:.2f} ms a settlement")
            if writes:
                pairs = [rate / write for rate, write in zip(rates, writes, strict=True)]
                print(f"ratio    {statistics.median(pairs):.2f} (median of {len(pairs)} pairs)")
            await engine.close()
            await conn.close()


if __name__ == "__main__":
    uvloop.run(main())
