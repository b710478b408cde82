"""The loop that sends notices: beside the counter, in threads of its own, one sender a notice.

Every worker runs one; rows that another one has taken are passed by. A hospital that does not answer is left alone for a minute, so
that its notices do not hold up those of others.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.signing import NoSuchKey
from gongji.base.times import day_in_china
from gongji.gateway import metrics
from gongji.gateway.epc import notices
from gongji.gateway.epc.callbacks import Unsent, address_of, post, taken
from gongji.gateway.epc.envelope import Signing
from gongji.gateway.epc.notices import Notice
from gongji.gateway.journal import anatomy, log
from gongji.members.access import Access, record_all
from gongji.prescriptions import selectors
from gongji.prescriptions.case import Case
from gongji.providers.register import Channel
from gongji.providers.values import ProviderBook

THREADS = 4
BATCH = 8
PAUSE = timedelta(minutes=1)
"""How long a hospital that did not answer is left alone."""
FIRST_LOOK = timedelta(days=2)
"""How far back a sender looks for events when it starts."""
OVERLAP = timedelta(minutes=5)
"""How much later than its own time an event may be committed."""
SHOWN = ("hiRxno", "rxChkInfo", "rxSetlInfo", "seltdelts")

Acquire = Callable[[], AbstractAsyncContextManager[Any]]


class Tally(msgspec.Struct, frozen=True):
    """What one round did."""

    made: int = 0
    sent: int = 0
    failed: int = 0


class Sender:
    """Derives notices and sends those that are due. ``signing`` answers the centre's signature, None when there is no key."""

    def __init__(
        self,
        acquire: Acquire,
        book: Callable[[], ProviderBook],
        signing: Callable[[], Signing | None],
        ids: IdSource,
        now: Callable[[], datetime],
        executor: ThreadPoolExecutor,
    ) -> None:
        self._acquire = acquire
        self._book = book
        self._signing = signing
        self._ids = ids
        self._now = now
        self._executor = executor
        self._looked_at: datetime | None = None
        self._paused: dict[str, datetime] = {}
        self._recording = asyncio.Lock()
        self._versions = (-2, -2)
        self._channels: tuple[Channel, ...] = ()

    async def round(self) -> Tally:
        """Make what is new, send what is due, at most ``BATCH``."""
        at, signing = self._now(), self._signing()
        self._paused = {code: until for code, until in self._paused.items() if until > at}
        async with self._acquire() as conn:
            since = self._looked_at - OVERLAP if self._looked_at else at - FIRST_LOOK
            made = await notices.derive(conn, self._told(), since, at)
            self._looked_at = at
            if signing is None:
                return Tally(made)
            due = await notices.take(conn, at, BATCH, self._paused)
            keys = [(notice.psn_no, str(notice.rx_id)) for notice in due]
            cases = await selectors.cases(conn, keys) if due else {}
        outcomes = await asyncio.gather(
            *(self._deliver(notice, cases.get((notice.psn_no, str(notice.rx_id))), signing) for notice in due)
        )
        return Tally(made, sum(outcomes), len(outcomes) - sum(outcomes))

    def _told(self) -> tuple[Channel, ...]:
        """Channels with a callback address; looked up anew only when the register has changed."""
        book = self._book()
        versions = (book.version, book.keys_version)
        if versions != self._versions:
            channels = (book.channel_of(institution.code) for institution in book)
            self._channels = tuple(channel for channel in channels if channel and channel.callback_url)
            self._versions = versions
        return self._channels

    async def _deliver(self, notice: Notice, case: Case | None, signing: Signing) -> bool:
        channel = self._book().channel_of(notice.institution)
        loop = asyncio.get_running_loop()
        problem = await loop.run_in_executor(
            self._executor, _send, notice, case, channel, signing, self._now()
        )
        at = self._now()
        # One connection at a time: the others are the counter's.
        async with self._recording, self._acquire() as conn, conn.transaction():
            if problem is None:
                await notices.sent(conn, notice, at)
                reader = Actor("institution", notice.institution)
                access = Access(notice.psn_no, self._ids.next(), at, reader, notice.infno, SHOWN)
                await record_all(conn, [access])
            else:
                await notices.failed(conn, notice, at, problem.text)
        if problem is not None and problem.unreachable:
            self._paused[notice.institution] = at + PAUSE
        metrics.NOTICES.labels(notice.infno, "sent" if problem is None else "failed").inc()
        log().info(
            "notice",
            infno=notice.infno,
            institution=notice.institution,
            tries=notice.tries,
            sent=problem is None,
            problem=problem.text if problem else "",
        )
        return problem is None


def _send(
    notice: Notice, case: Case | None, channel: Channel | None, signing: Signing, at: datetime
) -> Unsent | None:
    """Seal and post one notice; None when the hospital has taken it. Runs in a thread."""
    if case is None:
        return Unsent("处方不存在")
    if channel is None or not channel.usable(day_in_china(at)):
        return Unsent("机构没有可用的渠道")
    address = address_of(channel.callback_url, notices.function_of(notice).path)
    if address is None:
        return Unsent("登记的回调地址不可用")
    try:
        body = notices.sealed(notice, case, channel, signing, at)
    except NoSuchKey:
        return Unsent("平台的电子签名不可用")
    answer = post(address, body)
    if isinstance(answer, Unsent):
        return answer
    return None if taken(channel, channel.public_key, answer) else Unsent("答复不是 success")


@asynccontextmanager
async def threads() -> AsyncIterator[ThreadPoolExecutor]:
    """Threads for callbacks alone; at the end nobody waits for a slow hospital."""
    executor = ThreadPoolExecutor(THREADS, thread_name_prefix="notice")
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


async def keep_sending(sender: Sender, pause_s: float, lost: tuple[type[BaseException], ...]) -> None:
    """Round after round; at once again while there is a full batch."""
    while True:
        await asyncio.sleep(pause_s)
        try:
            while (tally := await sender.round()).sent + tally.failed == BATCH:
                continue
        except lost as error:
            log().warning("notices", **anatomy(error))
        except Exception as error:  # noqa: BLE001 - one bad notice must not end the loop for all
            log().error("notices", **anatomy(error))
