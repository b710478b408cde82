"""Rows of the members room as its history keeps them: the contents of ``members_change``, letter for letter.

Sealed data stay sealed and have PostgreSQL's form of bytes (``\\x…``). What the columns mean is said by ``members.models``.
"""

from datetime import date
from typing import ClassVar, TypeAlias

import msgspec

__all__ = [
    "ChronicRow",
    "CredentialRow",
    "FamilyRow",
    "FilingRow",
    "FixedRow",
    "NonbenefitRow",
    "PersonRow",
    "RelationRow",
    "ResidenceRow",
    "Row",
    "sealed_text",
    "unsealed_bytes",
]


class PersonRow(msgspec.Struct, frozen=True):
    """Content of a line of part ``person``; the other rows accordingly."""

    part: ClassVar[str] = "person"
    name: str
    cert_type: str
    cert_sealed: str
    cert_index: str
    phone_sealed: str | None
    phone_index: str | None
    gender: str
    ethnicity: str
    born_on: date
    died_on: date | None

    def __repr__(self) -> str:
        """Fit for a log: no personal data."""
        return "PersonRow(…)"


class RelationRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "relation"
    from_on: date
    until_on: date | None
    insutype: str
    status: str
    category: str
    psn_type: str
    region: str
    employer: str
    payer: str
    civil_servant: bool
    has_account: bool
    end_reason: str = ""
    reported_on: date | None = None
    reported_by: str | None = None
    retired_on: date | None = None


class NonbenefitRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "nonbenefit"
    from_on: date
    until_on: date | None
    kind: str


class CredentialRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "credential"
    kind: str
    number: str
    card_sn: str
    from_on: date
    until_on: date | None = None
    blocked_from: date | None = None
    blocked_until: date | None = None
    block_reason: str = ""
    earlier_blocks: tuple[tuple[date, date], ...] | None = None

    def __repr__(self) -> str:
        """Fit for a log: a voucher's number is a key to somebody's account."""
        return f"CredentialRow({self.kind!r})"


class FamilyRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "family"
    from_on: date
    until_on: date | None
    owner: str
    relation: str
    declaration_id: int | None = None


class FilingRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "filing"
    from_on: date
    until_on: date | None
    kind: str
    subtype: str
    region: str
    filed_on: date
    declaration_id: int | None = None


class ChronicRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "chronic"
    from_on: date
    until_on: date | None
    disease_code: str
    disease_name: str
    treatment: str = ""
    ratio_bp: int | None = None
    quota_month_fen: int | None = None
    quota_quarter_fen: int | None = None
    quota_fen: int | None = None


class FixedRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "fixed"
    from_on: date
    until_on: date | None
    biz_type: str
    sort_no: int
    institution: str
    institution_name: str
    declaration_id: int | None = None


class ResidenceRow(msgspec.Struct, frozen=True):
    part: ClassVar[str] = "residence"
    from_on: date
    until_on: date | None
    lat_e3: int
    lng_e3: int

    def __repr__(self) -> str:
        """Fit for a log: where somebody lives is nobody's business."""
        return "ResidenceRow(…)"


Row: TypeAlias = (
    PersonRow
    | RelationRow
    | NonbenefitRow
    | CredentialRow
    | FamilyRow
    | FilingRow
    | ChronicRow
    | FixedRow
    | ResidenceRow
)


def sealed_text(sealed: bytes) -> str:
    """Bytes in the form that a row keeps."""
    return "\\x" + sealed.hex()


def unsealed_bytes(text: str) -> bytes:
    """The bytes of a row's text; the inverse of ``sealed_text``."""
    return bytes.fromhex(text.removeprefix("\\x"))
