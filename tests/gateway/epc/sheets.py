"""Prescriptions with events, written as the centre writes them, for tests that only look at what happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from gongji.base.sqlfiles import Connection
from gongji.prescriptions.details import Part, Reviewed, SettledParts, Sold
from gongji.prescriptions.values import Drug, Prescription, Term, Terms

ITEM = "XA01ABD075A002010100483"
_ids = count(5_000_000_001)
YES = Term(True)


def sheet(issuer: str, at: datetime) -> Prescription:
    """A sheet of one drug, of a person of its own."""
    rx_id = next(_ids)
    return Prescription(
        psn_no=f"7{rx_id:025d}",
        visit_id=1,
        issuer=issuer,
        hosp_rx_no=f"R{rx_id}",
        issued_at=at,
        doctor_code="D1",
        drugs=(Drug(item_no=1, item=ITEM, name="测试甲类片", quantity_e4=20_000, unit="盒", days_e2=500),),
        rx_id=rx_id,
        trace_code=str(rx_id),
        group_id=1,
        group_on=date(2026, 1, 1),
        valid_until=at + timedelta(days=3),
        ends_at=at + timedelta(days=3),
        terms=Terms(YES, YES, YES),
        law="x",
        checked_at=at,
    )


async def write(conn: Connection, rx: Prescription) -> None:
    await conn.execute(
        "INSERT INTO prescriptions_prescription VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '\\x00')",
        rx.psn_no,
        rx.rx_id,
        rx.issuer,
        rx.hosp_rx_no,
        rx.visit_id,
        rx.group_id,
        rx.issued_at,
        msgspec.json.encode(rx).decode(),
    )
    await conn.execute(
        "INSERT INTO prescriptions_current VALUES ($1, $2, 0, 0, 'circulating', $3, '', NULL, 1, NULL, $4)",
        rx.psn_no,
        rx.rx_id,
        rx.issuer,
        rx.issued_at,
    )


async def happen(
    conn: Connection,
    rx: Prescription,
    number: int,
    verb: str,
    state: str,
    at: datetime,
    institution: str,
    detail: msgspec.Struct,
) -> None:
    """One event; its number need not follow the last one."""
    await conn.execute(
        "INSERT INTO prescriptions_event VALUES ($1, $2, $3, $4, $5, $6, 'institution:x', $7, '', $8, NULL)",
        rx.psn_no,
        rx.rx_id,
        number,
        verb,
        state,
        at,
        institution,
        msgspec.json.encode(detail).decode(),
    )


def reviewed(at: datetime, **more: Any) -> Reviewed:
    facts = {"sn": 9, "fill": 1, "reviewer_code": "Y1", "reviewer_name": "药师甲", "opinion": "同意"}
    return Reviewed(**{**facts, **more}, reviewed_at=at)


def settled(number: int = 77) -> SettledParts:
    return SettledParts(number, (Part(1, ITEM, 20_000),))


def sold(*, insured: bool) -> Sold:
    return Sold(sale_sn=5, insured=insured, parts=(Part(1, ITEM, 20_000),))
