"""`gongji verify` looks at every room: what members' history and claims do not account for is told beside the books."""

from typing import Any

import pytest

from gongji.project.laws import known_laws
from gongji.project.verification import verify
from gongji.settlement.verify import Difference
from tests.members.people import add_person, add_relation


async def test_rows_that_the_history_accounts_for_are_no_difference(conn: Any) -> None:
    await add_person(conn, "V1")
    await add_relation(conn, "V1")
    report = await verify(conn, await known_laws(conn))
    assert report.clean, report.listed


async def test_a_relation_changed_past_its_history_is_named(conn: Any) -> None:
    await add_person(conn, "V2")
    await add_relation(conn, "V2")
    await conn.execute("UPDATE members_relation SET status = 'retired' WHERE psn_no = 'V2'")
    report = await verify(conn, await known_laws(conn))
    assert not report.clean
    assert [(found.psn_no, found.field) for found in report.listed] == [("V2", "members_relation 1")]


@pytest.mark.clause("SX2021-103.s2.5.g")
async def test_a_balance_that_no_entry_accounts_for_is_named(conn: Any) -> None:
    await add_person(conn, "V3")
    await conn.execute("INSERT INTO accounts_balance (psn_no, balance_fen, version) VALUES ('V3', 500, 1)")
    report = await verify(conn, await known_laws(conn))
    assert "V3" in {found.psn_no for found in report.listed}


PLANTED = {
    "stock_on_hand": (
        """INSERT INTO stock_on_hand (institution, local_item, batch, item, local_name, lot_no, quantity_e4, coded, moved_at)
           VALUES ('V-P1', '药店001', 'B1', 'XA', '', '', 10000, false, '2024-01-01Z')""",
        "DELETE FROM stock_on_hand WHERE institution = 'V-P1'",
    ),
    "prescriptions_current": (
        """INSERT INTO prescriptions_current (psn_no, rx_id, previous, version, state, issuer, holder, fill, changed_at)
           VALUES ('V-P1', 7, 0, 1, 'filled', 'V-H1', '', 1, '2024-01-01Z')""",
        "DELETE FROM prescriptions_current WHERE psn_no = 'V-P1'",
    ),
    "providers_state": (
        """INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address)
           VALUES ('V-P1', '', '', 'pharmacy', '', '140830', '');
           INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level, direct_settlement)
           VALUES ('V-P1', 1, '2024-01-01', true, true, '', '', true)""",
        "DELETE FROM providers_state WHERE code = 'V-P1'; DELETE FROM providers_institution WHERE code = 'V-P1'",
    ),
    "catalog_mapping": (
        "INSERT INTO catalog_mapping VALUES ('V-P1', '101', '药店001', 1, 1, 'XA', '2024-01-01', NULL, true, '2024-01-01Z')",
        "DELETE FROM catalog_mapping WHERE institution = 'V-P1'",
    ),
}


@pytest.mark.parametrize("table", PLANTED)
async def test_what_no_fact_accounts_for_is_named_in_every_room(conn: Any, table: str) -> None:
    plant, remove = PLANTED[table]
    await conn.execute(plant)
    found = [one for one in await listed(conn) if one.psn_no == "V-P1"]
    await conn.execute(remove)
    assert len(found) == 1, found
    assert not [one for one in await listed(conn) if one.psn_no == "V-P1"]


@pytest.mark.parametrize(("verb", "field"), [("settle", "rx_settled"), ("refund", "rx_refunded")])
async def test_what_a_prescription_says_of_a_settlement_that_never_was_is_named(
    conn: Any, verb: str, field: str
) -> None:
    await conn.execute(
        """INSERT INTO prescriptions_event (psn_no, rx_id, event_no, verb, state, at, actor, institution, reason, detail)
           VALUES ($1, 7, 1, $1, 'filled', '2024-01-01Z', 'system', 'V-P3', '', '{"settlement_id": 99}')""",
        verb,
    )
    assert (99, field) in {(one.settlement_id, one.field) for one in await listed(conn) if one.psn_no == verb}


async def test_a_pack_that_no_settlement_used_is_named(conn: Any) -> None:
    await conn.execute(
        "INSERT INTO stock_trace_use (code, use_no, kind, institution, item, split, quantity_e4, capacity_e4, psn_no,"
        " settlement_id, line_key) VALUES ('810000000001', 1, 1, 'V-P2', 'XA', false, 10000, 0, 'V4', 9, 'L1')"
    )
    found = [one for one in await listed(conn) if one.psn_no == "V4"]
    assert [(one.settlement_id, one.field) for one in found] == [(9, "stock_trace_use")]


async def listed(conn: Any) -> tuple[Difference, ...]:
    return (await verify(conn, await known_laws(conn))).listed
