"""Making a caller's message number void: what 2601 does with an original that never arrived.

The original may still be on its way. Its number is taken by a row of ``settlement_message`` without a settlement, so that it is
refused when it arrives late, and the caller may safely settle again under a new number. The row carries a seal over its own
content, by which ``gongji verify`` sees that it is a void number and still the one that was written.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.settlement.facts import message_digest, utc

__all__ = ["NO_SETTLEMENT", "Voided", "void_number"]

NO_SETTLEMENT: Final = 0
"""settlement_id of a void number."""
VOID_NUMBER = sql("gongji.settlement", "void_number")


class Voided(msgspec.Struct, frozen=True):
    """A void number as it is stored; ``answer`` is the seal."""

    psn_no: str
    caller: str
    infno: str
    msgid: str
    request_hash: bytes
    answer: bytes
    received_at: datetime

    @property
    def intact(self) -> bool:
        """No content and the seal of this row: neither altered, nor the message of a settlement made to look void."""
        sealed = seal(self.psn_no, self.caller, self.infno, self.msgid, self.received_at)
        return not self.request_hash and self.answer == sealed


def seal(psn_no: str, caller: str, infno: str, msgid: str, received_at: datetime) -> bytes:
    """SM3 over number, person and instant of a void number."""
    return message_digest(caller, infno, msgid, b"", f"void {psn_no} {utc(received_at).isoformat()}".encode())


async def void_number(
    conn: Connection, psn_no: str, caller: str, infno: str, msgid: str, received_at: datetime
) -> bool:
    """Make the number void; True when it is, now or since before, False when a message stands under it."""
    sealed = seal(psn_no, caller, infno, msgid, received_at)
    return bool(await conn.fetchval(VOID_NUMBER, psn_no, caller, infno, msgid, received_at, sealed))
