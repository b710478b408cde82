"""The voucher shown at a settlement: whose it is and whether it is good, remembered for a moment.

A cashier pre-settles and settles within seconds; the second look at the same voucher is spared. What is kept is a
keyed digest, never a number. A card blocked in between is noticed after ``REMEMBERED`` at the latest.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from gongji.base.reasons import Refusal
from gongji.gateway.calls import Call
from gongji.gateway.fields import CHINA
from gongji.gateway.messages.t21 import DrugInfo
from gongji.gateway.messages.t22 import Settlement
from gongji.gateway.persons import at_counter

REMEMBERED = timedelta(seconds=30)
KEPT = 50_000
IDENTITY_CARD = "02"
POOL_VOUCHER: Mapping[str, str] = {"voucher": "yes"}
NOTHING: Mapping[str, str] = {}


class Seen(msgspec.Struct, frozen=True):
    until: datetime
    facts: Mapping[str, str]


class Vouchers:
    """Vouchers looked at within the last moments, by keyed digest."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._seen: OrderedDict[bytes, Seen] = OrderedDict()

    def digest(self, asked: Settlement | DrugInfo) -> bytes:
        parts = (
            asked.mdtrt_cert_type,
            asked.mdtrt_cert_no,
            asked.card_sn,
            asked.psn_no,
            asked.certno,
            asked.psn_name,
        )
        return hashlib.blake2b("\x1f".join(parts).encode(), key=self._key, digest_size=16).digest()

    def get(self, digest: bytes, at: datetime) -> Mapping[str, str] | None:
        seen = self._seen.get(digest)
        return seen.facts if seen is not None and at < seen.until else None

    def put(self, digest: bytes, seen: Seen) -> None:
        self._seen[digest] = seen
        self._seen.move_to_end(digest)
        while len(self._seen) > KEPT:
            self._seen.popitem(last=False)


async def present(call: Call, asked: Settlement | DrugInfo) -> Mapping[str, str] | Refusal:
    """Facts that the shown voucher adds to the visit: ``voucher`` when it is one that opens the pooled fund.

    Without a number the voucher of the registration counts; with one it must be this member's and good today.
    """
    if not asked.mdtrt_cert_no:
        return NOTHING
    vouchers = call.platform.vouchers
    digest = vouchers.digest(asked)
    known = vouchers.get(digest, call.received_at)
    if known is not None:
        return known
    async with call.platform.pool.acquire() as connection:
        identity = await at_counter(
            connection,
            call.received_at.astimezone(CHINA).date(),
            asked.mdtrt_cert_type,
            asked.mdtrt_cert_no,
            asked.card_sn,
            psn_no=asked.psn_no,
            certno=asked.certno,
            psn_name=asked.psn_name,
        )
    if isinstance(identity, Refusal):
        return identity
    facts = NOTHING if asked.mdtrt_cert_type == IDENTITY_CARD else POOL_VOUCHER
    vouchers.put(digest, Seen(call.received_at + REMEMBERED, facts))
    return facts
