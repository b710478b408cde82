"""Codes and tokens that open a prescription for a moment: unguessable, single use, and known here only by keyed digest.

A member shows a code (二维码) or authorises one pharmacy online; a pharmacy gets a token for it, good for one download. A code
that is forged, used, expired or another pharmacy's is refused with a reason of its own, and so is a token.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.prescriptions.case import Case
from gongji.prescriptions.office import RxOffice

__all__ = [
    "CODE",
    "ONLINE",
    "Found",
    "digest_of",
    "end_others",
    "find",
    "forget",
    "issue",
    "lifetime",
    "use",
]

_ROOM: Final = "gongji.prescriptions"
WRITE = sql(_ROOM, "write_grant")
FIND = sql(_ROOM, "find_grant")
USE = sql(_ROOM, "use_grant")
USE_OTHERS = sql(_ROOM, "use_others")
FORGET = sql(_ROOM, "forget_grants")

CODE: Final = "code"
ONLINE: Final = "online"
ACCESS: Final = "token"
SECRET_BYTES: Final = 24
"""192 bits; 32 characters of base64, within the 40 of a code's field."""
MAX_TEXT: Final = 100
MINUTES: Final = "prescription.code_minutes"


class Found(msgspec.Struct, frozen=True):
    """A code or token as it was given out; ``pharmacy`` empty: for whichever pharmacy reads it."""

    psn_no: str
    kind: str
    rx_id: int
    auth_id: int
    pharmacy: str
    evidence: str
    until_at: datetime
    used_at: datetime | None
    digest: bytes


def lifetime(office: RxOffice, region: str) -> datetime | Refusal:
    """Until when a code or token given out now is good."""
    minutes = office.number(MINUTES, region, office.on)
    return minutes if isinstance(minutes, Refusal) else office.at + timedelta(minutes=minutes)


def digest_of(office: RxOffice, text: str) -> bytes:
    """The keyed digest by which a code or token is found."""
    return office.vault.index("prescription_code", text)


async def issue(
    conn: Connection,
    office: RxOffice,
    case: Case,
    kind: str,
    *,
    pharmacy: str,
    until: datetime,
    auth_id: int = 0,
    evidence: str = "",
) -> str:
    """A new code or token for the prescription; only its digest is kept."""
    text = base64.urlsafe_b64encode(office.random(SECRET_BYTES)).decode().rstrip("=")
    await conn.execute(
        WRITE,
        case.psn_no,
        digest_of(office, text),
        kind,
        case.rx_id,
        auth_id,
        pharmacy,
        evidence,
        office.at,
        until,
    )
    return text


async def find(conn: Connection, office: RxOffice, text: str, kind: str, pharmacy: str) -> Found | Refusal:
    """What a code or token opens for ``pharmacy`` now, or why nothing: RX_CODE_UNKNOWN, …_FOREIGN, …_USED, …_EXPIRED."""
    if not text or len(text) > MAX_TEXT:
        return Refusal("RX_CODE_UNKNOWN")
    digest = digest_of(office, text)
    row: Any = await conn.fetchrow(FIND, digest)
    if row is None or row["kind"] != kind:
        return Refusal("RX_CODE_UNKNOWN")
    found = Found(**dict(row.items()), digest=digest)
    if found.pharmacy not in ("", pharmacy):
        return Refusal("RX_CODE_FOREIGN")
    if found.used_at is not None:
        return Refusal("RX_CODE_USED")
    return Refusal("RX_CODE_EXPIRED") if office.at > found.until_at else found


async def use(conn: Connection, office: RxOffice, found: Found, pharmacy: str) -> Refusal | None:
    """Use it up; RX_CODE_USED for the slower of two. In the transaction of what it opens."""
    row = await conn.fetchval(USE, found.psn_no, found.digest, office.at, pharmacy)
    return None if row is not None else Refusal("RX_CODE_USED")


async def end_others(conn: Connection, office: RxOffice, found: Found, pharmacy: str) -> None:
    """End the tokens that were given out together with this one."""
    await conn.execute(USE_OTHERS, found.psn_no, found.auth_id, office.at, pharmacy)


async def forget(conn: Connection, before: datetime) -> None:
    """Delete what expired before the instant."""
    await conn.execute(FORGET, before)
