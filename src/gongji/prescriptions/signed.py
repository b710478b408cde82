"""What a hospital signs (7102, 7103): the twenty fields of the signed information, read and compared. Pure.

``originalValue`` is JSON of 7103's fields 1–20, in camelCase or snake_case; a field that is absent is an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.prescriptions.case import Case

__all__ = ["FIELDS", "SignedFields", "Upload", "fields_of", "read_content", "refuse_content", "same_name"]

MAX_CONTENT_BYTES: Final = 16_384


class SignedFields(msgspec.Struct, frozen=True, kw_only=True):
    """The fields, as text; names and certificates are personal."""

    trace_code: str = ""
    rx_no: str = ""
    visit_no: str = ""
    patient: str = ""
    cert_type: str = ""
    cert_no: str = ""
    issuer_name: str = ""
    issuer: str = ""
    doctor_code: str = ""
    doctor_name: str = ""
    pharmacist_dept_name: str = ""
    pharmacist_dept_code: str = ""
    pharmacist_title: str = ""
    pharmacist_title_name: str = ""
    pharmacist_code: str = ""
    pharmacist_cert_type: str = ""
    pharmacist_cert_no: str = ""
    pharmacist_name: str = ""
    pharmacist_licence: str = ""
    reviewed_at: str = ""

    def __repr__(self) -> str:
        return f"SignedFields({self.rx_no!r})"


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """The signed prescription as it is uploaded (7103). ``signature`` is signDigest, ``document`` the decoded rxFile."""

    fields: SignedFields
    document: bytes
    signature: str

    def __repr__(self) -> str:
        return f"Upload({self.fields!r})"


FIELDS: Final[dict[str, str]] = {
    "rxtracecode": "trace_code",
    "hirxno": "rx_no",
    "mdtrtid": "visit_no",
    "patnname": "patient",
    "psncerttype": "cert_type",
    "certno": "cert_no",
    "fixmedinsname": "issuer_name",
    "fixmedinscode": "issuer",
    "drcode": "doctor_code",
    "prscdrname": "doctor_name",
    "phardeptname": "pharmacist_dept_name",
    "phardeptcode": "pharmacist_dept_code",
    "pharprofttlcodg": "pharmacist_title",
    "pharprofttlname": "pharmacist_title_name",
    "pharcode": "pharmacist_code",
    "pharcerttype": "pharmacist_cert_type",
    "pharcertno": "pharmacist_cert_no",
    "pharname": "pharmacist_name",
    "pharpraccertno": "pharmacist_licence",
    "pharchktime": "reviewed_at",
}
"""National names, folded (no underscores, small letters)."""


def fields_of(given: Mapping[str, Any]) -> SignedFields:
    """The fields among what was given by national name; numbers as their digits, everything else that is no text as empty."""
    found: dict[str, str] = {}
    for name, value in given.items():
        field = FIELDS.get(name.replace("_", "").lower())
        if field is not None:
            found[field] = _text(value)
    return SignedFields(**found)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def read_content(content: bytes) -> SignedFields | Refusal:
    """The fields in what is to be signed; RX_SIGNED_CONTENT when it is no JSON object."""
    if len(content) > MAX_CONTENT_BYTES:
        return Refusal("RX_SIGNED_CONTENT", "待签名信息过长")
    try:
        given = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Refusal("RX_SIGNED_CONTENT", "originalValue 不是 JSON")
    return (
        fields_of(given)
        if isinstance(given, dict)
        else Refusal("RX_SIGNED_CONTENT", "originalValue 不是 JSON 对象")
    )


def refuse_content(case: Case, fields: SignedFields) -> Refusal | None:
    """Why the fields are not those of the prescription that was checked."""
    sheet = case.prescription
    if fields.trace_code != sheet.trace_code:
        return Refusal("RX_TRACE_CODE", case.rx_no)
    expected = {
        "hiRxno": (fields.rx_no, sheet.rx_no),
        "mdtrtId": (fields.visit_no, str(sheet.visit_id)),
        "fixmedinsCode": (fields.issuer, sheet.issuer),
        "drCode": (fields.doctor_code, sheet.doctor_code),
    }
    wrong = [name for name, (given, known) in expected.items() if given != known]
    if not same_name(fields.doctor_name, sheet.doctor_name):
        wrong.append("prscDrName")
    return Refusal("RX_SIGNED_CONTENT", f"{'、'.join(wrong)} 与预核验不一致") if wrong else None


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: blanks, and dots within names, are written in many ways or not at all."""
    return [char for char in one if char.isalnum()] == [char for char in other if char.isalnum()]
