"""The voucher shown at a settlement: whose it is and whether it is good, remembered for a moment.

A cashier pre-settles and settles within seconds; the second look at the same voucher is spared. What is kept is a
keyed digest, never a number. A card blocked in between is noticed after ``REMEMBERED`` at the latest.

Clauses: SX2022-27.art7, SX2022-27.art12.a, SX2022-27.art12.c.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.times import day_in_china
from gongji.gateway.calls import Call
from gongji.gateway.messages.t21 import DrugInfo
from gongji.gateway.messages.t22 import Settlement
from gongji.gateway.persons import at_counter
from gongji.members.selectors import voucher_holders

if TYPE_CHECKING:
    import asyncpg

REMEMBERED = timedelta(seconds=30)
KEPT = 50_000
IDENTITY_CARD = "02"
VALID = "valid"
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


Question = tuple[str, str, date, str]
"""Voucher type, number, day, card_sn."""
Holder = tuple[str, str] | None


class Desk:
    """Looks at vouchers for many counters at once: what is asked while one read is under way goes into the next."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self._pool = pool
        self._asked: list[tuple[Question, asyncio.Future[Holder]]] = []
        self._reading: asyncio.Task[None] | None = None

    async def holder(self, question: Question) -> Holder:
        """(psn_no, state) of who holds the voucher, or None."""
        future: asyncio.Future[Holder] = asyncio.get_running_loop().create_future()
        self._asked.append((question, future))
        if self._reading is None:
            self._reading = asyncio.get_running_loop().create_task(self._read())
        return await future

    async def _read(self) -> None:
        try:
            while self._asked:
                together, self._asked = self._asked, []
                await self._answer(together)
        finally:
            self._reading = None

    async def _answer(self, together: list[tuple[Question, asyncio.Future[Holder]]]) -> None:
        try:
            async with self._pool.acquire() as connection:
                holders = await voucher_holders(connection, [question for question, _ in together])
        except Exception as error:  # noqa: BLE001 - whatever it is, each of those who wait must hear of it
            for _, future in together:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), holder in zip(together, holders, strict=True):
            if not future.done():
                future.set_result(holder)


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
    refusal = await _refused(call, asked)
    if refusal is not None:
        return refusal
    facts = NOTHING if asked.mdtrt_cert_type == IDENTITY_CARD else POOL_VOUCHER
    vouchers.put(digest, Seen(call.received_at + REMEMBERED, facts))
    return facts


async def _refused(call: Call, asked: Settlement | DrugInfo) -> Refusal | None:
    """Why the voucher cannot be used for this member today; looked at in full only where a quick look is not enough."""
    today = day_in_china(call.received_at)
    if not asked.certno and not asked.psn_name and asked.mdtrt_cert_type != IDENTITY_CARD:
        question = (asked.mdtrt_cert_type, asked.mdtrt_cert_no, today, asked.card_sn)
        if await call.platform.desk.holder(question) == (asked.psn_no, VALID):
            return None
    async with call.platform.pool.acquire() as connection:
        identity = await at_counter(
            connection,
            call.platform.vault,
            today,
            asked.mdtrt_cert_type,
            asked.mdtrt_cert_no,
            asked.card_sn,
            psn_no=asked.psn_no,
            certno=asked.certno,
            psn_name=asked.psn_name,
        )
    return identity if isinstance(identity, Refusal) else None
