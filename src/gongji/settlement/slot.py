"""The queue of one slot: what arrived while the last batch was being written is the next batch.

There is no artificial delay: an idle slot begins with the first command that arrives, alone. A person is in a batch once,
because a second settlement of the same person stands on the result of the first.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable
from typing import Final

from gongji.base.reasons import Refusal
from gongji.settlement.batch import Settings, run_batch
from gongji.settlement.commands import EngineUnavailable
from gongji.settlement.jobs import Job
from gongji.settlement.link import LOST, Link, is_lost

__all__ = ["Slot"]

MAX_BATCH: Final = 128
CROWD: Final = 8
LINGER_S: Final = 0.0015
"""After a batch of a crowd the slot waits this long: those it just answered ask again at once, and one batch of all costs less than
two of halves. A slot with few callers never waits."""
MAX_ATTEMPTS: Final = 200
"""Readings of one command before its caller is told BUSY. Each loss means that another command of the person won."""
LONGEST_JITTER_S: Final = 0.02

log = logging.getLogger(__name__)


class Slot:
    """Commands of one slot, one batch in flight; plain PostgreSQL has one slot, a distributed database one a shard."""

    def __init__(
        self,
        link: Link,
        settings: Callable[[], Settings],
        jitter: random.Random,
        observe: Callable[[int], object] = lambda _: None,
    ) -> None:
        """``observe`` is told the size of every batch."""
        self._link = link
        self._settings = settings
        self._jitter = jitter
        self._observe = observe
        self._queue: deque[Job] = deque()
        self._running: asyncio.Task[None] | None = None
        self.batches = 0
        self.commands = 0

    def submit(self, job: Job) -> None:
        """Queue ``job``; the slot begins at once when it is idle."""
        self._queue.append(job)
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._drain())

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def drained(self) -> None:
        """Return when everything that was queued has its answer."""
        while self._running is not None:
            await asyncio.shield(self._running)

    async def close(self) -> None:
        await self.drained()
        await self._link.close()

    async def _drain(self) -> None:
        try:
            while self._queue:
                batch = self._take()
                await self._run(batch)
                if len(batch) >= CROWD:
                    await asyncio.sleep(LINGER_S)
        finally:
            self._running = None

    def _take(self) -> list[Job]:
        """The next batch, in order of arrival; further commands of a person stay in the queue."""
        batch: list[Job] = []
        later: list[Job] = []
        persons: set[str] = set()
        while self._queue and len(batch) < MAX_BATCH:
            job = self._queue.popleft()
            if job.command.psn_no in persons:
                later.append(job)
            else:
                persons.add(job.command.psn_no)
                batch.append(job)
        self._queue.extendleft(reversed(later))
        return batch

    async def _run(self, batch: list[Job]) -> None:
        """One batch to its end. Jobs that have to be read again go back to the front of the queue."""
        self.batches += 1
        self.commands += len(batch)
        self._observe(len(batch))
        again: list[Job] = batch
        conn = None
        try:
            conn = await self._link.get()
            again = await run_batch(conn, batch, self._settings())
        except EngineUnavailable as error:
            again = []
            for job in batch:
                job.fail(error)
        except Exception as error:
            if isinstance(error, LOST) and is_lost(error, conn):
                # Whether the batch was written is unknown; reading the messages again tells, and is what a new attempt does
                # first.
                log.warning("connection lost: %s", type(error).__name__)
                self._link.drop()
                for job in batch:
                    job.unknown = True
            else:  # a bug in reading a batch: its callers learn of it, the slot goes on
                log.exception("batch failed")
                again = []
                await self._alone_or_fail(batch, error)
        again = [job for job in again if not job.future.done()]
        if again:
            await self._requeue(again, whole=len(again) == len(batch))

    async def _alone_or_fail(self, batch: list[Job], error: Exception) -> None:
        """A batch that could not even be read is tried one by one, so that one bad command harms nobody else."""
        if len(batch) == 1:
            batch[0].fail(error)
            return
        for job in batch:
            if not job.future.done():
                await self._run([job])

    async def _requeue(self, jobs: list[Job], *, whole: bool) -> None:
        kept: list[Job] = []
        for job in jobs:
            job.attempts += 1
            if job.attempts <= MAX_ATTEMPTS:
                kept.append(job)
            elif job.unknown:
                job.fail(EngineUnavailable("the connection was lost again and again"))
            else:
                job.answer(Refusal("BUSY"))
        self._queue.extendleft(reversed(kept))
        if kept and whole:
            # Another engine serves the same persons: stepping aside for a random moment lets one of the two finish.
            most = min(LONGEST_JITTER_S, 0.0005 * 2 ** min(kept[0].attempts, 6))
            await asyncio.sleep(self._jitter.uniform(0, most))
