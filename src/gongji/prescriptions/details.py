"""What an event of a prescription says beyond who, when and where: one shape a verb, stored as JSON.

Nothing here is personal: names of proxies, signatures' pictures and addresses are in the event's sealed column.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from gongji.prescriptions.values import SaleLine

__all__ = [
    "DETAILS",
    "Accepted",
    "Checked",
    "Circulated",
    "Delivered",
    "Detail",
    "Doctor",
    "Nothing",
    "Part",
    "Received",
    "Refunded",
    "Reviewed",
    "SettledParts",
    "SignedSheet",
    "Sold",
    "Split",
    "Unsold",
    "VerifiedSheet",
    "decode_detail",
]


class Nothing(msgspec.Struct, frozen=True):
    """The event says it all."""


class Checked(msgspec.Struct, frozen=True, omit_defaults=True):
    """Items whose restriction the doctor confirmed, and items that are self-paid."""

    confirmed: tuple[str, ...] = ()
    self_paid: tuple[str, ...] = ()


class SignedSheet(msgspec.Struct, frozen=True):
    """The institution's signature: digests (SM3, hex) of what was signed, the signatures (r‖s, base64), the certificate."""

    content_digest: str
    document_digest: str
    signature: str
    document_signature: str
    serial: str
    subject: str


class Circulated(msgspec.Struct, frozen=True):
    """The hospital's pharmacist who reviewed the sheet."""

    pharmacist_code: str
    pharmacist_name: str
    reviewed_at: str


class Doctor(msgspec.Struct, frozen=True):
    """The doctor who withdraws or confirms."""

    doctor_code: str


class Accepted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pharmacy's hold on one fill; ``token`` is the keyed digest of the token that opened the sheet, ``name``
    the pharmacy's."""

    fill: int
    held_until: datetime
    token: str
    name: str = ""
    operator: str = ""
    evidence: str = ""
    proxy: bool = False


class Split(msgspec.Struct, frozen=True, omit_defaults=True):
    """Items that this institution does not have; empty: whatever is left of the fill."""

    fill: int
    items: tuple[str, ...] = ()


class VerifiedSheet(msgspec.Struct, frozen=True):
    """The signature held and the file was untouched; ``sn`` proves it to the review."""

    sn: int
    serial: str
    subject: str


class Reviewed(msgspec.Struct, frozen=True):
    """A pharmacist's review; ``sn`` proves it to the sale."""

    sn: int
    fill: int
    reviewer_code: str
    reviewer_name: str
    opinion: str
    reviewed_at: datetime


class Part(msgspec.Struct, frozen=True):
    """One item of one fill; ``known``: it had been dispensed (or settled) before and is now settled (dispensed) as well."""

    fill: int
    item: str
    quantity_e4: int
    known: bool = False


class Sold(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sale; ``signature`` is the SM3 digest (hex) of the proxy's signature, empty without a proxy."""

    sale_sn: int
    insured: bool
    parts: tuple[Part, ...]
    lines: tuple[SaleLine, ...] = ()
    dispenser: str = ""
    checker: str = ""
    cash_fen: int | None = None
    signature: str = ""


class Unsold(msgspec.Struct, frozen=True):
    """Sales taken back."""

    sales: tuple[int, ...]


class SettledParts(msgspec.Struct, frozen=True):
    """What a settlement paid for."""

    settlement_id: int
    parts: tuple[Part, ...]


class Refunded(msgspec.Struct, frozen=True):
    """A settlement was reversed: what it took is open again; ``sales`` are the sales taken back with it."""

    settlement_id: int
    sales: tuple[int, ...] = ()


class Delivered(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a delivery is (delv_stas_codg)."""

    delivery_no: str
    status: str
    status_at: datetime
    carrier: str = ""
    note: str = ""


class Received(msgspec.Struct, frozen=True, omit_defaults=True):
    """The member has signed for a delivery; ``way``: 1 人脸识别, 2 电子凭证二维码, 3 其他."""

    delivery_no: str
    received_at: datetime
    way: str = ""
    note: str = ""


Detail = (
    Nothing | Checked | SignedSheet | Circulated | Doctor | Accepted | Split | VerifiedSheet | Reviewed | Sold | Unsold
    | SettledParts | Refunded | Delivered | Received
)  # fmt: skip

DETAILS: Final[dict[str, type[msgspec.Struct]]] = {
    "check": Checked,
    "sign": SignedSheet,
    "circulate": Circulated,
    "accept": Accepted,
    "release": Nothing,
    "lapse": Nothing,
    "split": Split,
    "verify": VerifiedSheet,
    "review_pass": Reviewed,
    "review_refuse": Reviewed,
    "confirm": Doctor,
    "dispense": Sold,
    "undispense": Unsold,
    "settle": SettledParts,
    "refund": Refunded,
    "deliver": Delivered,
    "sign_for": Received,
    "expire": Nothing,
    "withdraw": Doctor,
}
_DECODERS: Final = {verb: msgspec.json.Decoder(shape) for verb, shape in DETAILS.items()}


def decode_detail(verb: str, text: bytes) -> Detail:
    """The stored detail of an event."""
    return _DECODERS[verb].decode(text)  # type: ignore[return-value]
