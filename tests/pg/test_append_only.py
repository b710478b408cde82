"""Facts are added, never changed: by trigger for everybody, by missing right for the application."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.pg import world

SETTLED = ("settlement_fact", "settlement_message", "ledger_journal", "accounts_entry")
FACTS = (
    *SETTLED, "access_event",
    "accounts_case", "accounts_case_step", "accounts_credit", "accounts_interest", "accounts_limit",
    "accounts_premium", "accounts_premium_refund", "accounts_repayment", "accounts_run", "accounts_run_step", "claims_claim",
    "claims_due", "claims_step", "lawbook_version", "members_access", "members_change", "members_contribution",
    "members_decision", "members_declaration", "members_import", "members_import_error", "prescriptions_document",
    "prescriptions_event", "prescriptions_prescription", "providers_change",
    "providers_dossier", "providers_step",
    "catalog_mapping_entry", "catalog_version_time", "catalog_batch", "catalog_batch_change", "catalog_batch_decision",
    "catalog_batch_diff", "catalog_batch_row", "stock_movement", "stock_movement_code", "stock_trace_use", "stock_virtual_code",
    "claims_file", "desk_closing", "desk_review", "desk_sent", "supervision_complaint", "supervision_step",
)  # fmt: skip
KEPT_UP_TO_DATE = {
    "access_account", "access_grant", "access_session",
    "accounts_balance", "catalog_ceiling", "catalog_item", "catalog_mapping", "catalog_price", "catalog_version",
    "claims_draft_file", "claims_invoice", "desk_draft",
    "encounters_diagnosis", "encounters_fee_batch", "encounters_visit", "gateway_file",
    "gateway_message", "gateway_notice", "gateway_signin", "ledger_account", "members_chronic", "members_credential",
    "members_family", "members_filing", "members_fixed", "members_nonbenefit", "members_person", "members_relation",
    "members_residence", "prescriptions_current", "prescriptions_grant", "prescriptions_number", "prescriptions_upload",
    "providers_certificate", "providers_channel", "providers_credential", "providers_department",
    "providers_institution", "providers_offer", "providers_place", "providers_staff", "providers_staff_version",
    "providers_state", "providers_suspension", "providers_version", "settlement_person_year", "stock_on_hand",
    "supervision_sender",
}  # fmt: skip
"""Tables that are no facts: derived from facts, or lists of today's state."""


@pytest.fixture
async def settled(built: str, conn: Any) -> str:
    """A person with one of every fact."""
    if not await conn.fetchval("SELECT 1 FROM members_person WHERE psn_no = 'AO'"):
        await world.add_persons(conn, ["AO"], own_fen=2_000)
        engine = await world.open_engine(built)
        visit_id = await world.visit(conn, "AO", [world.fee(1, 10_000)])
        world.done(await engine.settle(world.settle_command("AO", visit_id)))
        await engine.close()
    return "AO"


@pytest.mark.parametrize("table", SETTLED)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET psn_no = psn_no WHERE psn_no = $1", "DELETE FROM {} WHERE psn_no = $1"]
)
async def test_a_fact_can_be_neither_updated_nor_deleted_even_by_its_owner(
    settled: str, conn: Any, table: str, statement: str
) -> None:
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await conn.execute(statement.format(table), settled)


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
async def test_the_applications_role_has_no_right_to_change_a_fact(conn: Any, table: str, right: str) -> None:
    assert await conn.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = 'gongji_app'") == 1
    assert not await conn.fetchval("SELECT has_table_privilege('gongji_app', $1, $2)", table, right)
    assert await conn.fetchval("SELECT has_table_privilege('gongji_app', $1, 'SELECT,INSERT')", table)


@pytest.mark.parametrize("table", FACTS)
async def test_every_table_of_facts_has_its_trigger(conn: Any, table: str) -> None:
    found = await conn.fetch(
        "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE tgrelid = $1::regclass AND tgname LIKE '%append_only'",
        table,
    )
    ((text, enabled),) = found
    assert "BEFORE DELETE OR UPDATE" in text
    assert "FOR EACH ROW EXECUTE FUNCTION refuse_change()" in text
    assert enabled == b"O"


async def test_every_table_is_known_to_be_of_facts_or_not(conn: Any) -> None:
    rows = await conn.fetch(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        " AND relname NOT LIKE 'auth\\_%' AND relname NOT LIKE 'django\\_%'"
    )
    assert {row["relname"] for row in rows} == {*FACTS} | KEPT_UP_TO_DATE


async def test_an_unbalanced_journal_entry_is_refused(settled: str, conn: Any) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="ledger_journal_balanced"):
        await conn.execute(
            "INSERT INTO ledger_journal VALUES ($1, 1, 'test', '2024-08-15', now(), '{5101,2101}', '{\"\",\"\"}', '{100,-99}')",
            settled,
        )


async def test_a_fund_above_its_ceiling_is_refused_whatever_the_program_says(settled: str, conn: Any) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="within_ceiling"):
        await conn.execute(
            "UPDATE settlement_person_year SET acc = '{0,0,250001}', ceilings = '{250000}', benefits = '{ordinary}' "
            "WHERE psn_no = $1",
            settled,
        )


async def test_a_second_reversal_of_a_settlement_is_refused_by_the_database(settled: str, conn: Any) -> None:
    copy = (
        "INSERT INTO settlement_fact SELECT (jsonb_populate_record(f, "
        "jsonb_build_object('settlement_id', $2::bigint, 'kind', -1, 'original_id', f.settlement_id))).* "
        "FROM settlement_fact f WHERE psn_no = $1 AND kind = 1"
    )
    around = conn.transaction()
    await around.start()
    await conn.execute(copy, settled, 1)
    with pytest.raises(asyncpg.UniqueViolationError, match="one_reversal"):
        await conn.execute(copy, settled, 2)
    await around.rollback()
