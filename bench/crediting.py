"""The monthly crediting run over many members, against a plain INSERT … SELECT of the same rows.

    python -m bench.crediting [--members 1000000]

Members, relations, contributions and accounts are made by SQL in a temporary database with fsync on. Every tenth member is retired.
The run reads, decides and posts every member's month; memory is the peak of this process (not of PostgreSQL). The copy writes what
the run wrote for the second month, row by row the same, into tables with the same indexes, checks and rows of the first month, by
one statement a table, and bumps every balance; it reads and decides nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from tests.databases import run_migrations
from tests.vaults import VAULT

from gongji.accounts.monthly import PORTION, credit_month
from gongji.accounts.values import Office
from gongji.base.actors import SYSTEM
from gongji.base.ids import IdSource
from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.policy import DEMO_OVERLAY, compile_law, load_library
from gongji.project.embedded import temporary_server

AT = datetime(2024, 5, 20, 2, 0, tzinfo=UTC)
MONTHS = (date(2024, 4, 1), date(2024, 5, 1))
"""The first month opens every account; the second one, with accounts that exist, is what is measured against the copy."""
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "8GB",
}


async def populate(conn: asyncpg.Connection[Any], members: int) -> None:
    """Members of Shanxi with contributions of the months, set-based."""
    numbers = f"generate_series(1, {members}) AS n"
    await conn.execute(
        "INSERT INTO members_person (psn_no, name, cert_type, cert_sealed, cert_index, gender, ethnicity, born_on) "
        "SELECT 'B' || lpad(n::text, 10, '0'), '测试', '01', '\\x00', decode(md5(n::text), 'hex'), '1', '01', '1980-01-01' "
        f"FROM {numbers}"
    )
    await conn.execute(
        "INSERT INTO members_relation (psn_no, spell_no, from_on, insutype, status, category, psn_type, region, employer, payer, "
        "civil_servant, has_account, end_reason) SELECT 'B' || lpad(n::text, 10, '0'), n, '2020-01-01', '310', "
        "CASE WHEN n % 10 = 0 THEN 'retired' ELSE 'active' END, CASE WHEN n % 10 = 0 THEN 'retired' ELSE 'employee' END, '11', "
        f"'140100', '某厂', CASE WHEN n % 10 = 0 THEN 'none' ELSE 'employer' END, false, true, '' FROM {numbers}"
    )
    for month in MONTHS:
        await conn.execute(
            "INSERT INTO members_contribution (psn_no, month, employer, revision, base_fen, personal_fen, employer_fen, due_on, "
            "paid_on, kind, recorded_at, actor) "
            "SELECT 'B' || lpad(n::text, 10, '0'), $1, '某厂', 1, 400000 + n % 9973 * 50, 8000, 26000, "
            f"$1::date + 24, $1::date + 14, 'normal', $2, 'system:bench' FROM {numbers} WHERE n % 10 <> 0",
            month,
            AT,
        )
    await conn.execute("VACUUM ANALYZE")


COPIES = {
    "accounts_credit": "SELECT t.* FROM accounts_credit t WHERE (t.month = $1) = $2",
    "accounts_entry": "SELECT t.* FROM accounts_entry t WHERE (t.period = $1) = $2",
    "ledger_journal": "SELECT t.* FROM ledger_journal t JOIN accounts_entry e ON e.psn_no = t.psn_no AND e.entry_id = t.journal_id "
    "WHERE (e.period = $1) = $2",
}
"""The rows of a month ($2 true), or of all others."""


async def copy(conn: asyncpg.Connection[Any], month: date) -> float:
    """Seconds of writing the rows of a month once more by plain statements into tables that hold the others, and of bumping the
    balances.
    """
    for table, rows in COPIES.items():
        await conn.execute(f"CREATE TABLE copied_{table} (LIKE {table} INCLUDING ALL)")
        await conn.execute(f"INSERT INTO copied_{table} {rows} ORDER BY t.psn_no", month, False)
    await conn.execute(
        "CREATE TABLE copied_accounts_balance (LIKE accounts_balance INCLUDING ALL) WITH (fillfactor = 80)"
    )
    await conn.execute("INSERT INTO copied_accounts_balance SELECT * FROM accounts_balance ORDER BY psn_no")
    for table in (*COPIES, "accounts_balance"):
        await conn.execute(f"VACUUM ANALYZE copied_{table}")
    await conn.execute("CHECKPOINT")
    begun = time.perf_counter()
    async with conn.transaction():
        for table, rows in COPIES.items():
            await conn.execute(f"INSERT INTO copied_{table} {rows}", month, True)
        await conn.execute(
            "UPDATE copied_accounts_balance SET balance_fen = balance_fen + 1, version = version + 1"
        )
    return time.perf_counter() - begun


def office(number: int) -> Office:
    """The demonstration's law, which says what retired members get."""
    law = compile_law(load_library(overlay=DEMO_OVERLAY))
    return Office(law, IdSource(number, lambda: int(time.time() * 1000)), VAULT, SYSTEM, AT)


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--members", type=int, default=1_000_000)
    arguments.add_argument("--portion", type=int, default=PORTION)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  the server's account must be able to enter
        with temporary_server(Path(folder) / "data", SETTINGS) as server:
            run_migrations(server.dsn)
            conn, reader = [await asyncpg.connect(server.dsn) for _ in range(2)]
            await populate(conn, given.members)
            before_mb = _peak_mb()
            seconds = 0.0
            for number, month in enumerate((*MONTHS, MONTHS[-1])):
                await conn.execute("CHECKPOINT")
                begun = time.perf_counter()
                report = await credit_month(
                    conn, office(number), month, portion=given.portion, progress=_progress
                )
                seconds = time.perf_counter() - begun
                assert not isinstance(report, Refusal), report
                posted = report.tally.credited + report.tally.corrected
                print(
                    f"{month:%Y-%m}  {seconds:7.1f} s  {given.members / seconds:9,.0f} persons/s  "
                    f"{posted:9,} posted, {format_yuan(report.tally.given_fen)} yuan, {report.steps} steps"
                )
                if number == 1:
                    measured = seconds
                if number < 2:
                    await conn.execute("VACUUM ANALYZE accounts_balance, accounts_credit, accounts_entry")
            print(f"memory   {before_mb:.0f} MB before the runs, {_peak_mb():.0f} MB at their peak")
            plain = await copy(conn, MONTHS[-1])
            print(
                f"copy     {plain:7.1f} s  {given.members / plain:9,.0f} persons/s by INSERT … SELECT of the same rows"
            )
            print(f"ratio    {plain / measured:.2f}")
            await reader.close()
            await conn.close()


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} / {total:,}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    uvloop.run(main())
