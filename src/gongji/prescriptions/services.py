"""Recording what a visit prescribes, until the prescription centre issues prescriptions itself."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.prescriptions.rules import valid_until
from gongji.prescriptions.values import PrescribedItem

__all__ = ["record", "revoke"]

RECORD = sql("gongji.prescriptions", "record")
REVOKE = sql("gongji.prescriptions", "revoke")

_encode = msgspec.json.Encoder().encode


async def record(
    conn: Connection,
    *,
    psn_no: str,
    rx_no: str,
    issuer: str,
    visit_id: int,
    group_id: int,
    items: Sequence[PrescribedItem],
    issued_at: datetime,
    valid_days: int,
    doctor_code: str = "",
    doctor_name: str = "",
) -> Refusal | None:
    """Record the items that a visit prescribed under ``rx_no``; a later upload of the visit adds its items.

    A number belongs to its visit: institutions begin anew every day, or write "1" on everything. ``valid_days`` is the law's
    ``prescription.valid_days`` on the day of issue. A prescription that was revoked takes no items (RX_REVOKED).
    """
    row = await conn.fetchval(
        RECORD, psn_no, rx_no, issuer, visit_id, group_id, doctor_code, doctor_name, issued_at,
        valid_until(day_in_china(issued_at), valid_days), _encode(items).decode(),
    )  # fmt: skip
    return None if row is not None else Refusal("RX_REVOKED", f"处方号 {rx_no}")


async def revoke(conn: Connection, *, psn_no: str, visit_id: int, at: datetime) -> int:
    """Revoke what a visit prescribed, because the visit is taken back; answers how many prescriptions that were."""
    return len(await conn.fetch(REVOKE, psn_no, visit_id, at))
