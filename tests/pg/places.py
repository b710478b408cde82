"""Institutions and members outside the small world's city, for what distance and other regions' law change."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongji.encounters import services as encounters
from gongji.encounters.values import FeeLine, VisitInfo
from gongji.policy import DEMO_OVERLAY, compile_law, load_library
from tests.pg import world

QINGYANG, LANZHOU, XIAN, LINFEN = "621000", "620100", "610100", "141000"
MAY = date(2023, 5, 10)
DEMO = compile_law(load_library(overlay=DEMO_OVERLAY))
DUAL = "XDUAL"
"""A dual-channel drug of list A."""


async def add_hospital(
    conn: Any,
    code: str,
    region: str,
    *,
    level: str = "",
    fee_class: str = "",
    designated: bool = True,
    direct_settlement: bool = True,
) -> str:
    await conn.execute(
        "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address) "
        "VALUES ($1, '某医院', '', 'hospital', '', $2, '')",
        code,
        region,
    )
    await conn.execute(
        "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level, "
        "direct_settlement) VALUES ($1, $2, '2020-01-01', $3, $3, $4, $5, $6)",
        code,
        world.new_id(),
        designated,
        fee_class,
        level,
        direct_settlement,
    )
    return code


async def add_dual_channel_drug(conn: Any) -> None:
    await conn.execute(
        "INSERT INTO catalog_item (code, from_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform, "
        "maker, restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, "
        "dual_channel, version) VALUES ($1, '2020-01-01', '谈判药', 'drug', '101', '01', '09', '', '', '', '', false, '', "
        "true, false, true, false, true, true, 0)",
        DUAL,
    )


async def entitle(conn: Any, psn_no: str, disease: str, **own: Any) -> None:
    """An entitlement; ``own``: treatment, ratio_bp, quota_fen."""
    await conn.execute(
        "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, treatment, ratio_bp, "
        "quota_fen) VALUES ($1, $2, '2020-01-01', $3, '某病', $4, $5, $6)",
        psn_no,
        world.new_id(),
        disease,
        own.get("treatment", ""),
        own.get("ratio_bp"),
        own.get("quota_fen"),
    )


async def file(conn: Any, psn_no: str, kind: str, region: str, filed_on: date) -> None:
    """An off-site filing that holds since 2020, made on ``filed_on``."""
    await conn.execute(
        "INSERT INTO members_filing (psn_no, spell_no, from_on, kind, region, filed_on) "
        "VALUES ($1, $2, '2020-01-01', $3, $4, $5)",
        psn_no,
        world.new_id(),
        kind,
        region,
        filed_on,
    )


async def visit(
    conn: Any,
    psn_no: str,
    caller: str,
    *lines: FeeLine,
    on: date = MAY,
    disease: str = "",
    med_type: str = "11",
) -> int:
    """A visit with its fees, registered for ``disease`` where one is given."""
    visit_id = await world.visit(conn, psn_no, lines, caller=caller, on=on)
    if disease:
        refused = await encounters.put_visit_info(
            conn,
            psn_no=psn_no,
            visit_id=visit_id,
            caller=caller,
            info=VisitInfo(med_type=med_type, seen_at=world.AT, disease_code=disease),
            at=world.AT,
        )
        assert refused is None
    return visit_id


async def settled(conn: Any, engine: Any, psn_no: str, visit_id: int, caller: str) -> Any:
    """The stored row of a visit that is settled."""
    answer = world.done(await engine.settle(world.settle_command(psn_no, visit_id, caller=caller)))
    return await conn.fetchrow(
        "SELECT * FROM settlement_v_settlement WHERE settlement_id = $1", answer.settlement_id
    )


async def legs(conn: Any, settlement_id: int) -> list[tuple[int, str, int]]:
    """The journal entry of a settlement."""
    rows = await conn.fetch(
        "SELECT account, party, amount_fen FROM ledger_v_leg WHERE journal_id = $1 ORDER BY position",
        settlement_id,
    )
    return [tuple(row) for row in rows]
