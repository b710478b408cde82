"""The signed information and file of a prescription (7102): sealed at rest, signed by the institution, verified again.

Two detached signatures are kept: over the information (signDigest) and over the file, so that neither can be exchanged. The file is
answered as it came: nothing is written into it.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import msgspec

from gongji.base.hashing import sm3_hex
from gongji.base.reasons import Refusal
from gongji.base.signing import NoSuchKey
from gongji.base.sqlfiles import Connection, sql
from gongji.prescriptions.case import Case
from gongji.prescriptions.details import SignedSheet
from gongji.prescriptions.office import RxOffice

__all__ = ["MAX_DOCUMENT_BYTES", "Kept", "keep", "kept", "refuse_document", "sign_both", "signatures_hold"]

WRITE = sql("gongji.prescriptions", "write_document")
READ = sql("gongji.prescriptions", "document")
MAX_DOCUMENT_BYTES: Final = 2 * 1024 * 1024
SIGNATURE_BYTES: Final = 64


class Kept(msgspec.Struct, frozen=True):
    """What was signed: the information and the file."""

    content: bytes
    document: bytes

    def __repr__(self) -> str:
        return "Kept(…)"


def refuse_document(document: bytes) -> Refusal | None:
    """A file must be there and not be too large."""
    if not document:
        return Refusal("MISSING_FIELD", "处方文件")
    if len(document) > MAX_DOCUMENT_BYTES:
        return Refusal("RX_DOCUMENT_TOO_LARGE", f"不超过 {MAX_DOCUMENT_BYTES // 1024} KB")
    return None


async def sign_both(office: RxOffice, issuer: str, content: bytes, document: bytes) -> SignedSheet | Refusal:
    """Signatures by the institution's certificate of today; CERTIFICATE_MISSING without one, or without its key."""
    certificate = office.book.certificate(issuer, office.on)
    if certificate is None:
        return Refusal("CERTIFICATE_MISSING", issuer)
    try:
        first = await office.sign(certificate.serial, content)
        second = await office.sign(certificate.serial, document)
    except NoSuchKey:
        return Refusal("CERTIFICATE_MISSING", f"{issuer} 的签名私钥不在签名服务中")
    return SignedSheet(
        content_digest=sm3_hex(content),
        document_digest=sm3_hex(document),
        signature=base64.b64encode(first).decode(),
        document_signature=base64.b64encode(second).decode(),
        serial=certificate.serial,
        subject=certificate.subject,
    )


async def signatures_hold(office: RxOffice, signed: SignedSheet, kept: Kept) -> bool:
    """Whether both signatures are the certificate's over exactly what is kept."""
    return (
        sm3_hex(kept.content) == signed.content_digest
        and sm3_hex(kept.document) == signed.document_digest
        and await _holds(office, signed.serial, kept.content, signed.signature)
        and await _holds(office, signed.serial, kept.document, signed.document_signature)
    )


async def _holds(office: RxOffice, serial: str, data: bytes, text: str) -> bool:
    try:
        signature = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(signature) == SIGNATURE_BYTES and await office.verify(serial, data, signature)


async def keep(conn: Connection, office: RxOffice, case: Case, kept: Kept) -> None:
    """Write what the case's last event signed."""
    await conn.execute(
        WRITE,
        case.psn_no,
        case.rx_id,
        case.version,
        office.vault.seal_bytes(kept.content, _context(case, "content", case.version)),
        office.vault.seal_bytes(kept.document, _context(case, "document", case.version)),
        office.at,
    )


async def kept(conn: Connection, office: RxOffice, case: Case) -> Kept | None:
    """What was signed last. Raises SealBroken under another key."""
    row: Any = await conn.fetchrow(READ, case.psn_no, case.rx_id)
    if row is None:
        return None
    number = row["event_no"]
    return Kept(
        office.vault.open_bytes(row["content"], _context(case, "content", number)),
        office.vault.open_bytes(row["document"], _context(case, "document", number)),
    )


def _context(case: Case, column: str, number: int) -> str:
    return f"prescriptions_document.{column}:{case.psn_no}:{case.rx_id}:{number}"
