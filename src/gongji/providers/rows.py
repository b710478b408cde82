"""Rows of an institution's register as its history keeps them: the contents of ``providers_change``, letter for letter.

Sealed data stay sealed and have PostgreSQL's form of bytes (``\\x…``). What the columns mean is said by ``sql/030_register.sql``.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, TypeAlias

import msgspec

__all__ = [
    "CertificateRow",
    "ChannelRow",
    "CredentialRow",
    "DepartmentRow",
    "OfferRow",
    "PlaceRow",
    "Row",
    "StaffRow",
    "SuspensionRow",
    "row_of",
]


class StaffRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "staff"
    staff_code: str
    from_on: date
    until_on: date | None
    name: str
    kind: str
    title: str = ""
    department: str = ""
    rights: tuple[str, ...] = ()
    cert_type: str = "01"
    cert_sealed: str | None = None
    cert_index: str | None = None
    phone_sealed: str | None = None
    qualification_no: str = ""
    licence_no: str = ""

    def __repr__(self) -> str:
        """Fit for a log: no personal data."""
        return f"StaffRow({self.staff_code!r})"


class SuspensionRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "suspension"
    staff_code: str
    from_on: date
    until_on: date | None
    everywhere: bool
    state: str
    cause: str
    proposed_by: str
    proposed_until: date | None = None
    decided_by: str = ""


class DepartmentRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "department"
    dept_code: str
    name: str
    caty: str
    from_on: date
    until_on: date | None = None
    introduction: str = ""
    head_name: str = ""
    head_phone_sealed: str | None = None
    scope: str = ""
    established_on: date | None = None
    beds: int | None = None
    insured_beds: int | None = None
    pool_area: str = ""
    doctors: int | None = None
    pharmacists: int | None = None
    nurses: int | None = None
    technicians: int | None = None
    memo: str = ""


class PlaceRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "place"
    lat_e6: int
    lng_e6: int


class OfferRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "offer"
    offer: str
    from_on: date
    until_on: date | None = None


class CredentialRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "credential"
    access_key: str
    secret_sealed: str
    from_on: date
    until_on: date | None = None


class ChannelRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "channel"
    app_id: str
    app_secret_sealed: str
    public_key: str
    callback_url: str
    from_on: date
    until_on: date | None = None


class CertificateRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "certificate"
    serial: str
    subject: str
    public_key: str
    private_key_sealed: str | None
    from_on: date
    until_on: date | None = None


Row: TypeAlias = (
    StaffRow
    | SuspensionRow
    | DepartmentRow
    | PlaceRow
    | OfferRow
    | CredentialRow
    | ChannelRow
    | CertificateRow
)

_DECODE: dict[str, Callable[[str], Any]] = {
    kind.part: msgspec.json.Decoder(kind).decode
    for kind in (
        StaffRow,
        SuspensionRow,
        DepartmentRow,
        PlaceRow,
        OfferRow,
        CredentialRow,
        ChannelRow,
        CertificateRow,
    )
}


def row_of(part: str, content: str) -> Row:
    """The row of a line's content."""
    row: Row = _DECODE[part](content)
    return row
