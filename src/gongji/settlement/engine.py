"""The settlement engine: many counters, few commits (group commit), each effect at most once.

engine = await Engine.open(dsn, law, worker=1, vault=vault)
answer = await engine.settle(command)      # Done or Refusal; the caller is answered after the commit
outcome = await engine.preview(command)    # the same calculation, nothing written
await engine.close()                       # answers what was accepted

Clauses: SX2022-27.art23.a.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import asyncpg

from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.policy import Law
from gongji.settlement import state
from gongji.settlement.batch import Inputs, Settings
from gongji.settlement.commands import (
    Answer,
    Done,
    EngineUnavailable,
    ReverseCommand,
    SettleCommand,
    Settled,
    StoredAnswer,
)
from gongji.settlement.inputs import RoomInputs
from gongji.settlement.jobs import Command, Job
from gongji.settlement.link import LOST, Link
from gongji.settlement.previews import Previews
from gongji.settlement.slot import Slot
from gongji.settlement.voiding import NO_SETTLEMENT, void_number

__all__ = ["Engine", "connect"]

T = TypeVar("T")

PATIENCE_S: Final = 30.0
"""How long a command waits for a database that is gone before its caller is told that its fate is unknown."""

_SERVER_SETTINGS: Final = {
    "application_name": "gongji-engine",
    "citus.override_table_visibility": "off",
    "jit": "off",
    # Every statement here reads by key. A plan made while a table was still empty would scan it for ever after.
    "enable_seqscan": "off",
    "TimeZone": "UTC",
}


async def connect(dsn: str, **options: Any) -> asyncpg.Connection[Any]:
    """A connection as the engine needs it. No time-out on statements: a cancelled wait may have committed."""
    conn: asyncpg.Connection[Any] = await asyncpg.connect(
        dsn, server_settings=_SERVER_SETTINGS, command_timeout=None, **options
    )
    return conn


def _now() -> datetime:
    return datetime.now(UTC)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class Engine:
    """One engine a process. ``slot_of`` names the slot of a person; plain PostgreSQL has one. ``observe`` is told the size of
    every batch."""

    def __init__(
        self,
        connector: Callable[[], Any],
        law: Law,
        worker: int,
        inputs: Inputs,
        *,
        laws: Mapping[str, Law] | None = None,
        ids: IdSource | None = None,
        now: Callable[[], datetime] = _now,
        slots: int = 1,
        slot_of: Callable[[str], int] = lambda _: 0,
        patience_s: float = PATIENCE_S,
        seed: int | None = None,
        observe: Callable[[int], object] = lambda _: None,
    ) -> None:
        jitter = random.Random(worker if seed is None else seed)  # noqa: S311  pauses are no secret
        self._connector = connector
        self._patience_s = patience_s
        self._now = now
        self._slot_of = slot_of
        self.ids = ids or IdSource(worker, _now_ms)
        """Identifiers of this worker: rows that other rooms write in this process take theirs from here too."""
        self._settings = Settings(law, {law.digest: law} | dict(laws or {}), inputs, self.ids, now)
        self._slots = [
            Slot(Link(connector, patience_s), lambda: self._settings, jitter, observe) for _ in range(slots)
        ]
        self._previews = Previews(Link(connector, patience_s), lambda: self._settings)
        self._readers: asyncio.Queue[Link] = asyncio.Queue()
        self._readers.put_nowait(Link(connector, patience_s))
        self._inflight: dict[tuple[str, str, str], Job] = {}
        self._closing = False

    @classmethod
    async def open(
        cls,
        dsn: str,
        law: Law,
        worker: int,
        inputs: Inputs | None = None,
        *,
        vault: Vault | None = None,
        allow_draft: bool = False,
        **options: Any,
    ) -> Engine:
        """An engine on ``dsn``. ``worker`` (0–1023) must differ between engines that live at the same time: ids carry it.

        ``inputs`` are the rooms (None: loaded here, for which ``vault`` is needed). ``allow_draft`` applies 征求意见稿: never in
        production.
        """

        async def connector() -> asyncpg.Connection[Any]:
            return await connect(dsn)

        ids = options.pop("ids", None) or IdSource(worker, _now_ms)
        if inputs is None:
            if vault is None:
                raise ValueError("the rooms are loaded with a vault")
            conn = await connect(dsn)
            try:
                inputs = await RoomInputs.load(conn, ids, vault, allow_draft=allow_draft)
            finally:
                await conn.close()
        return cls(connector, law, worker, inputs, ids=ids, **options)

    async def settle(self, command: SettleCommand) -> Answer:
        """Settle a fee batch or a purchase, durably, once; see ``commands`` for what is answered."""
        return await self._submit(command)

    async def reverse(self, command: ReverseCommand) -> Answer:
        """Reverse a whole settlement, durably, once."""
        return await self._submit(command)

    async def preview(self, command: SettleCommand) -> Settled | Refusal:
        """What ``settle`` would do now; writes nothing and reserves nothing."""
        if self._closing:
            return Refusal("SHUTTING_DOWN")
        return await self._previews.ask(command)

    async def lookup(self, caller: str, infno: str, msgid: str) -> StoredAnswer | None:
        """What took effect under a caller's own number; None: nothing did, or the number is void."""
        stored = await self._beside(lambda conn: state.read_answer(conn, caller, infno, msgid))
        return None if stored is not None and stored.settlement_id == NO_SETTLEMENT else stored

    async def void(self, psn_no: str, caller: str, infno: str, msgid: str, received_at: datetime) -> bool:
        """Make a caller's number void (``voiding``): True when it is, False when a message stands under it. May be repeated."""
        return await self._beside(lambda conn: void_number(conn, psn_no, caller, infno, msgid, received_at))

    @property
    def law(self) -> Law:
        return self._settings.law

    @property
    def waiting(self) -> int:
        """Commands that are queued and not yet in a batch."""
        return sum(slot.waiting for slot in self._slots)

    @property
    def counts(self) -> tuple[int, int]:
        """(batches, commands) since the start."""
        return sum(s.batches for s in self._slots), sum(s.commands for s in self._slots)

    @property
    def inputs(self) -> Inputs:
        return self._settings.inputs

    async def close(self) -> None:
        """Accept nothing more, answer what was accepted, close the connections."""
        self._closing = True
        await asyncio.gather(self._previews.close(), *(slot.close() for slot in self._slots))
        while not self._readers.empty():
            await self._readers.get_nowait().close()

    async def _submit(self, command: Command) -> Answer:
        if self._closing:
            return Refusal("SHUTTING_DOWN")
        number = (command.caller, command.infno, command.msgid)
        first = self._inflight.get(number)
        if first is not None and _same_message(first.command, command):
            # The same message again while the first is being settled: both are told the same.
            answer = await asyncio.shield(first.future)
            return Done(answer.output, answer.settlement_id, True) if isinstance(answer, Done) else answer
        job = Job(command, asyncio.get_running_loop().create_future())
        if first is None:
            self._inflight[number] = job
            job.future.add_done_callback(lambda _: self._inflight.pop(number, None))
        self._slots[self._slot_of(command.psn_no)].submit(job)
        # A caller who goes away does not stop the settlement: it is on its way.
        return await asyncio.shield(job.future)

    async def _beside(self, work: Callable[[asyncpg.Connection[Any]], Awaitable[T]]) -> T:
        """Run ``work``, which may be repeated, beside the batches; once more on a fresh connection when one was lost."""
        link = await self._readers.get()
        try:
            for last in (False, True):
                try:
                    return await work(await link.get())
                except LOST as error:
                    link.drop()
                    if last:
                        raise EngineUnavailable("the database did not answer") from error
            raise AssertionError("unreachable")
        finally:
            self._readers.put_nowait(link)


def _same_message(first: Command, second: Command) -> bool:
    return (first.request_hash, first.psn_no) == (second.request_hash, second.psn_no)
