"""What institutions do to visits: register, inform, upload fees, take back. One durable transaction a verb.

Each takes an asyncpg connection and answers a Refusal for what the caller got wrong. Ids and instants are
arguments.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.encounters.rules import refuse_lines
from gongji.encounters.values import FeeLine, Registration, VisitInfo

__all__ = ["cancel", "cancel_fees", "put_visit_info", "register", "upload_fees"]

REGISTER = sql("gongji.encounters", "register")
LIVE_VISIT = sql("gongji.encounters", "live_visit")
PUT_INFO = "SELECT code, detail FROM encounters_put_info($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
UPLOAD = "SELECT code, detail FROM encounters_upload($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
CANCEL_FEES = "SELECT code, detail FROM encounters_cancel_fees($1, $2, $3, $4, $5)"
CANCEL_VISIT = "SELECT code, detail FROM encounters_cancel_visit($1, $2, $3, $4)"

_encode = msgspec.json.Encoder().encode


async def register(
    conn: Connection,
    registration: Registration,
    *,
    visit_id: int,
    at: datetime,
    group_id: int | None = None,
) -> int | Refusal:
    """Register a visit (2201) and answer its id.

    A visit is its own group unless it belongs to another one's (a purchase on a prescription: decision A10).
    The institution's number ipt_otp_no names one visit: used again while that visit stands, it is refused
    and the refusal names the visit, so that a lost answer can be found again.
    """
    r = registration
    row = await conn.fetchval(
        REGISTER,
        r.psn_no, visit_id, r.caller, r.ipt_otp_no, r.insutype, r.voucher_type, r.med_type,
        r.dept_code, r.dept_name, r.caty, r.doctor_code, r.doctor_name,
        r.begun_at, r.service_on, group_id or visit_id, at,
    )  # fmt: skip
    if row is not None:
        return int(row)
    existing = await conn.fetchval(LIVE_VISIT, r.psn_no, r.caller, r.ipt_otp_no)
    return Refusal("VISIT_DUPLICATE", f"ipt_otp_no {r.ipt_otp_no} 已登记，就诊ID {existing}")


async def put_visit_info(
    conn: Connection, *, psn_no: str, visit_id: int, caller: str, info: VisitInfo, at: datetime
) -> Refusal | None:
    """Record medical category, condition and diagnoses (2203); sent again, it replaces what it names."""
    row = await conn.fetchrow(
        PUT_INFO, psn_no, visit_id, caller, info.med_type, info.seen_at, info.condition,
        info.disease_code, info.disease_name, _encode(info.diagnoses).decode(), at,
    )  # fmt: skip
    return _refusal(row)


async def upload_fees(
    conn: Connection,
    *,
    psn_no: str,
    visit_id: int,
    caller: str,
    batches: Sequence[tuple[str, Sequence[FeeLine]]],
    part_id: int,
    at: datetime,
) -> Refusal | None:
    """Record fee lines (2204) of one or several batches; all or none. ``part_id`` is a new id, one an upload.

    A line number that the visit has already is FEE_DUPLICATE, a batch that is settled FEE_SETTLED.
    """
    if (refusal := refuse_lines(batches)) is not None:
        return refusal
    row = await conn.fetchrow(
        UPLOAD, psn_no, visit_id, caller, part_id,
        [batch_no for batch_no, _ in batches],
        [_encode(lines).decode() for _, lines in batches],
        [len(lines) for _, lines in batches],
        [sum(line.amount_fen for line in lines) for _, lines in batches],
        [line.key for _, lines in batches for line in lines],
        at,
    )  # fmt: skip
    return _refusal(row)


async def cancel_fees(
    conn: Connection, *, psn_no: str, visit_id: int, caller: str, batch_no: str, at: datetime
) -> Refusal | None:
    """Take back the lines of a batch (2205), or with ``0000`` of every batch that is not settled."""
    return _refusal(await conn.fetchrow(CANCEL_FEES, psn_no, visit_id, caller, batch_no, at))


async def cancel(
    conn: Connection, *, psn_no: str, visit_id: int, caller: str, at: datetime
) -> Refusal | None:
    """Take back a registration (2202) that has no settlement in force; its lines go with it."""
    return _refusal(await conn.fetchrow(CANCEL_VISIT, psn_no, visit_id, caller, at))


def _refusal(row: Any) -> Refusal | None:
    return Refusal(row["code"], row["detail"]) if row["code"] else None
