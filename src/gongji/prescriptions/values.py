"""What the prescriptions room hands out."""

from datetime import date, datetime

import msgspec

__all__ = ["PrescribedItem", "Prescription"]


class PrescribedItem(msgspec.Struct, frozen=True):
    """One prescribed item: catalogue code, quantity in ten-thousandths, and the institution's own words for
    the use.
    """

    item: str
    quantity_e4: int
    local_item: str = ""
    days: str = ""


class Prescription(msgspec.Struct, frozen=True, kw_only=True):
    """A prescription (处方). ``valid_until`` is the last day of circulation, ``group_id`` the visit whose
    deductible it shares.
    """

    psn_no: str
    rx_no: str
    issuer: str
    visit_id: int
    group_id: int
    doctor_code: str
    doctor_name: str
    issued_at: datetime
    valid_until: date
    items: tuple[PrescribedItem, ...]
    revoked_at: datetime | None = None
