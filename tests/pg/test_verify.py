"""What ``gongji verify`` finds: every single thing that was changed behind the program's back, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import asyncpg
import pytest

from gongji.settlement.openings import open_accumulators
from gongji.settlement.verify import Difference, Report, verify
from tests.pg import world


async def settle_some(built: str, conn: Any, psn_no: str) -> list[int]:
    """Two settlements, one of them reversed, with account and family money."""
    await world.add_persons(conn, [psn_no], own_fen=3_000)
    await world.add_persons(conn, [f"{psn_no}W"], own_fen=3_000)
    await world.bind_family(conn, psn_no, f"{psn_no}W")
    engine = await world.open_engine(built)
    ids = []
    for _ in range(2):
        visit_id = await world.visit(conn, psn_no, [world.fee(1, 20_000), world.fee(2, 500, world.SELF_PAID)])
        ids.append(world.done(await engine.settle(world.settle_command(psn_no, visit_id))).settlement_id)
    ids.append(world.done(await engine.reverse(world.reverse_command(psn_no, ids[0]))).settlement_id)
    await engine.close()
    return ids


async def run(conn: Any, **options: Any) -> Report:
    return await verify(conn, {world.law().digest: world.law()}, **options)


@pytest.fixture
async def undone(conn: Any) -> AsyncIterator[Any]:
    """A connection whose changes are undone, with triggers off: what a superuser could do."""
    await conn.execute("SET session_replication_role = replica")
    transaction = conn.transaction(isolation="repeatable_read")
    await transaction.start()
    yield conn
    await transaction.rollback()


async def test_settlements_reversals_and_openings_that_nobody_touched_are_clean(
    built: str, conn: Any
) -> None:
    await settle_some(built, conn, "V1")
    opened = await open_accumulators(
        conn, settlement_id=world.new_id(), psn_no="V1", year=2024, benefit="ordinary", deductible_fen=6_000,
        in_scope_fen=50_000, fund_fen=30_000, source="旧系统移交 2024-08", at=world.AT,
    )  # fmt: skip
    assert isinstance(opened, int)
    engine = await world.open_engine(built)
    visit_id = await world.visit(conn, "V1", [world.fee(1, 20_000)])
    world.done(await engine.settle(world.settle_command("V1", visit_id)))
    await engine.close()
    report = await run(conn)
    assert (report.settlements, report.reversals, report.openings) == (3, 1, 1)
    assert report.clean, report
    assert [row.name for row in report.trial] == [
        "pool", "dual_channel", "as_inpatient", "chronic", "account", "mutual", "cash", "provider", "claim",
        "credit", "interest", "receivable",
    ]  # fmt: skip


async def test_an_opening_counts_for_the_year_and_is_recorded_once(built: str, conn: Any) -> None:
    """G034 in the engine: 1,800.00 handed over leave 700.00 of 2,500.00."""
    await world.add_persons(conn, ["V2"])
    given: dict[str, Any] = {
        "psn_no": "V2", "year": 2024, "benefit": "ordinary", "deductible_fen": 0, "in_scope_fen": 300_000,
        "fund_fen": 180_000, "source": "旧系统", "at": world.AT,
    }  # fmt: skip
    first = await open_accumulators(conn, settlement_id=world.new_id(), **given)
    assert await open_accumulators(conn, settlement_id=world.new_id(), **given) == first
    engine = await world.open_engine(built)
    visit_id = await world.visit(conn, "V2", [world.fee(1, 200_000)])
    world.done(await engine.settle(world.settle_command("V2", visit_id)))
    await engine.close()
    assert await conn.fetchval("SELECT pool_fen FROM settlement_v_settlement WHERE psn_no = 'V2'") == 70_000


TAMPERING = [
    (
        "UPDATE settlement_fact SET waterfall[13] = waterfall[13] + 1 WHERE settlement_id = $1",
        {"hash", "waterfall", "journal.amounts"},
    ),
    ("UPDATE settlement_fact SET invoice_no = 'other' WHERE settlement_id = $1", {"hash"}),
    ("UPDATE settlement_fact SET lines[1] = lines[1] - 1 WHERE settlement_id = $1", {"hash", "waterfall"}),
    (
        "UPDATE settlement_fact SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE settlement_id = $1",
        {"hash"},
    ),
    (
        "UPDATE settlement_fact SET family_offered = array_append(family_offered, 1::bigint) WHERE settlement_id = $1",
        {"hash", "fact"},
    ),
    (
        "UPDATE settlement_fact SET quota_windows = array_append(quota_windows, 1::bigint) WHERE settlement_id = $1",
        {"hash", "fact"},
    ),
    ("UPDATE accounts_entry SET counterpart = 'V9' WHERE settlement_id = $1", {"account_user"}),
    ("UPDATE accounts_entry SET kind = 'refund' WHERE settlement_id = $1", {"account_user"}),
    ("UPDATE settlement_fact SET prev_hash = '\\x00' WHERE settlement_id = $1", {"hash", "prev_hash"}),
    (
        "UPDATE settlement_fact SET acc_before[3] = acc_before[3] + 1 WHERE settlement_id = $1",
        {"hash", "acc_before"},
    ),
    ("UPDATE settlement_fact SET acc_before[1] = 1 WHERE settlement_id = $1", {"hash", "acc_before.window"}),
    (
        "UPDATE settlement_fact SET policy_digest = '\\xabcd' WHERE settlement_id = $1",
        {"hash", "policy_digest"},
    ),
    ("UPDATE settlement_message SET answer = answer || '\\x20' WHERE settlement_id = $1", {"message_digest"}),
    ("DELETE FROM settlement_message WHERE settlement_id = $1", {"message"}),
    ("UPDATE settlement_message SET settlement_id = 0 WHERE settlement_id = $1", {"message", "void"}),
    ("UPDATE ledger_journal SET parties[1] = 'somebody' WHERE journal_id = $1", {"journal.parties"}),
    ("DELETE FROM ledger_journal WHERE journal_id = $1", {"journal"}),
    ("DELETE FROM settlement_fact WHERE settlement_id = $1", {"seq", "message"}),
    (
        "UPDATE accounts_entry SET amount_fen = amount_fen - 1 WHERE settlement_id = $1",
        {"account_entry", "account_balance"},
    ),
    ("DELETE FROM accounts_entry WHERE settlement_id = $1", {"account_entry"}),
    ("UPDATE settlement_person_year SET acc[1] = acc[1] + 1 WHERE $1::bigint > 0", {"person_year.ordinary"}),
    ("UPDATE settlement_person_year SET head = '\\x00' WHERE $1::bigint > 0", {"person_year.head"}),
    ("UPDATE accounts_balance SET balance_fen = balance_fen + 1 WHERE $1::bigint > 0", {"account_balance"}),
]


@pytest.fixture(scope="module")
def ids(built: str) -> list[int]:
    import asyncio

    async def make() -> list[int]:
        conn = await asyncpg.connect(built)
        made = await settle_some(built, conn, "V3")
        await conn.close()
        return made

    return asyncio.run(make())


@pytest.mark.parametrize(
    ("statement", "fields"), TAMPERING, ids=[statement[:70] for statement, _ in TAMPERING]
)
async def test_what_was_changed_behind_the_programs_back_is_named(
    ids: list[int], undone: Any, statement: str, fields: set[str]
) -> None:
    assert (await undone.execute(statement, ids[0])).split()[-1] != "0"
    report = await run(undone)
    assert not report.clean
    assert fields <= {difference.field for difference in report.differences}
    assert ids[0] in {difference.settlement_id for difference in report.differences} or not fields & {"hash"}


async def void_one(built: str, psn_no: str) -> None:
    engine = await world.open_engine(built)
    assert await engine.void(psn_no, world.HOSPITAL, "2207", f"VOID{psn_no}", world.AT)
    await engine.close()


async def test_a_void_number_is_counted_and_is_no_difference(built: str, conn: Any) -> None:
    before = await run(conn)
    await void_one(built, "V4")
    report = await run(conn)
    assert report.voids == before.voids + 1
    assert (report.clean, report.settlements) == (before.clean, before.settlements)


VOID_TAMPERING = [
    ("request_hash = '\\x01'", "void"),
    ("answer = '\\x'", "void"),
    ("msgid = msgid || 'X'", "void"),
    ("psn_no = 'V6'", "void"),
    ("received_at = received_at + interval '1 second'", "void"),
    ("settlement_id = 1", "message"),
]


@pytest.mark.parametrize(("change", "field"), VOID_TAMPERING, ids=[change for change, _ in VOID_TAMPERING])
async def test_a_void_number_that_was_changed_is_named(
    built: str, undone: Any, change: str, field: str
) -> None:
    await void_one(built, "V5")
    assert (
        await undone.execute(f"UPDATE settlement_message SET {change} WHERE msgid = 'VOIDV5'") == "UPDATE 1"
    )
    found = [d for d in (await run(undone)).differences if d.field == field]
    assert ["VOIDV5" in d.stored for d in found] == [True]


async def test_a_number_is_made_void_again_without_effect_and_never_when_it_settled(
    built: str, conn: Any
) -> None:
    await void_one(built, "V7")
    await void_one(built, "V7")
    assert await conn.fetchval("SELECT count(*) FROM settlement_message WHERE psn_no = 'V7'") == 1
    await world.add_persons(conn, ["V8"])
    command = world.settle_command("V8", await world.visit(conn, "V8", [world.fee(1, 20_000)]))
    engine = await world.open_engine(built)
    world.done(await engine.settle(command))
    assert not await engine.void("V8", command.caller, command.infno, command.msgid, world.AT)
    assert await engine.lookup(world.HOSPITAL, "2207", "VOIDV7") is None
    await engine.close()


async def test_a_reversal_that_is_not_the_mirror_of_its_original_is_named(
    ids: list[int], undone: Any
) -> None:
    await undone.execute(
        "UPDATE settlement_fact SET waterfall[19] = waterfall[19] - 1 WHERE settlement_id = $1", ids[2]
    )
    fields = {(d.settlement_id, d.field) for d in (await run(undone)).differences}
    assert (ids[2], "waterfall") in fields


def test_a_difference_masks_the_person() -> None:
    assert Difference("140800000000012345", 1, "hash", "", "").person == "**************2345"
    assert Difference("12345", 1, "hash", "", "").person == "****5"


async def test_since_looks_only_at_persons_with_recent_settlements(ids: list[int], conn: Any) -> None:
    assert (await run(conn, since=date(2024, 8, 15))).settlements >= 2
    nobody = await run(conn, since=date(2030, 1, 1))
    assert (nobody.settlements, nobody.clean) == (0, True)


def run_command(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from gongji.project.cli import main; sys.argv = ['gongji', *sys.argv[1:]]; main()"
    command = [sys.executable, "-c", code, "verify", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "DATABASE_URL": url}, check=False
    )


def test_the_command_says_that_all_is_well_with_status_0(ids: list[int], built: str) -> None:
    done = run_command(built)
    assert done.returncode == 0, done.stderr
    assert "全部一致" in done.stdout


async def test_the_command_names_a_difference_with_status_1(ids: list[int], built: str, conn: Any) -> None:
    await conn.execute("SET session_replication_role = replica")
    await conn.execute("UPDATE settlement_fact SET invoice_no = 'tampered' WHERE settlement_id = $1", ids[1])
    done = run_command(built)
    await conn.execute("UPDATE settlement_fact SET invoice_no = '' WHERE settlement_id = $1", ids[1])
    assert done.returncode == 1
    assert str(ids[1]) in done.stdout
    assert "hash" in done.stdout
