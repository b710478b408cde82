"""Prescriptions known from fee lines alone (2204): how long one may be filled, whether an item may be bought here.

A hospital that does not use the prescription centre states its prescriptions with its fees; docs/adr/0008. Those of the centre are
``case.Case``. Clauses: SX2022-27.art11, SX2022-27.art14.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china

__all__ = [
    "PrescribedItem",
    "UploadedPrescription",
    "find_uploaded",
    "record_upload",
    "revoke_uploads",
    "same_drug_elsewhere",
    "validity",
]

FIND = sql("gongji.prescriptions", "find_uploaded")
RECORD = sql("gongji.prescriptions", "record_upload")
REVOKE = sql("gongji.prescriptions", "revoke_uploads")
SAME_DRUG_CLAUSE: Final = "SX2022-27.art14.c"

_encode: Final = msgspec.json.Encoder().encode


class PrescribedItem(msgspec.Struct, frozen=True):
    """One prescribed item: catalogue code, quantity in ten-thousandths, and the institution's own words for
    the use.
    """

    item: str
    quantity_e4: int
    local_item: str = ""
    days: str = ""


_items: Final = msgspec.json.Decoder(tuple[PrescribedItem, ...]).decode


class UploadedPrescription(msgspec.Struct, frozen=True, kw_only=True):
    """A prescription that fee lines named. ``valid_until`` is the last instant of circulation, ``group_id`` the visit
    whose deductible it shares.
    """

    psn_no: str
    rx_no: str
    issuer: str
    visit_id: int
    group_id: int
    doctor_code: str
    doctor_name: str
    issued_at: datetime
    valid_until: datetime
    items: tuple[PrescribedItem, ...]
    revoked_at: datetime | None = None


def validity(prescription: UploadedPrescription, at: datetime) -> str:
    """``valid`` or ``expired`` for a sale at ``at`` (decision A12); ``none`` before the day of issue and once revoked."""
    if prescription.revoked_at is not None or day_in_china(at) < day_in_china(prescription.issued_at):
        return "none"
    return "valid" if at <= prescription.valid_until else "expired"


def same_drug_elsewhere(
    items: Iterable[str], charged: Iterable[tuple[str, str]], here: str
) -> Refusal | None:
    """Why these items of a prescription cannot be bought at the institution ``here``, or None.

    ``charged`` are (item, institution) of settled lines on the same prescription. One item is dispensed
    wholly by one institution (SX2022-27.art14.a, SX2022-27.art14.c, decision A16).
    """
    elsewhere = {item: institution for item, institution in charged if institution != here}
    for item in items:
        if item in elsewhere:
            return Refusal(
                "SAME_DRUG_DIFFERENT_INSTITUTION", f"{item} 已在 {elsewhere[item]} 购买", SAME_DRUG_CLAUSE
            )
    return None


async def find_uploaded(
    conn: Connection, psn_no: str, rx_no: str, issuer: str | None = None
) -> UploadedPrescription | None:
    """The person's prescription with this number: of several visits that used the number the newest one's.

    A revoked one is found only when no other is left.
    """
    row = await conn.fetchrow(FIND, psn_no, rx_no, issuer)
    if row is None:
        return None
    return UploadedPrescription(**{**dict(row.items()), "items": _items(row["items"])})


async def record_upload(
    conn: Connection,
    *,
    psn_no: str,
    rx_no: str,
    issuer: str,
    visit_id: int,
    group_id: int,
    items: Sequence[PrescribedItem],
    issued_at: datetime,
    valid_until: datetime,
    doctor_code: str = "",
    doctor_name: str = "",
) -> Refusal | None:
    """Record the items that a visit prescribed under ``rx_no``; a later upload of the visit adds its items.

    A number belongs to its visit: institutions begin anew every day, or write "1" on everything. ``valid_until`` is the last
    instant of circulation by the law of the day of issue (``limits.last_instant``). A prescription that was revoked takes no
    items (RX_REVOKED).
    """
    row = await conn.fetchval(
        RECORD, psn_no, rx_no, issuer, visit_id, group_id, doctor_code, doctor_name, issued_at,
        valid_until, _encode(items).decode(),
    )  # fmt: skip
    return None if row is not None else Refusal("RX_REVOKED", f"处方号 {rx_no}")


async def revoke_uploads(conn: Connection, *, psn_no: str, visit_id: int, at: datetime) -> int:
    """Revoke what a visit prescribed, because the visit is taken back; answers how many prescriptions that were."""
    return len(await conn.fetch(REVOKE, psn_no, visit_id, at))
