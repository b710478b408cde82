"""One batch: what was read, what is decided, one call that writes it, and who is told what.

Callers are answered only after the call has returned. What happens to each command is an ``Answer``, an exception (a bug:
for that caller alone) or ``RETRY`` (the state has moved on: read again).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

import asyncpg
import msgspec

from gongji.accounts import selectors as accounts
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.policy import Law
from gongji.settlement import state
from gongji.settlement.commands import Answer, Done, ReverseCommand, SettleCommand, StoredAnswer
from gongji.settlement.link import LOST
from gongji.settlement.prepare import prepare_settlement
from gongji.settlement.reversal import prepare_reversal, refuse_reversal
from gongji.settlement.rows import Prepared
from gongji.settlement.situation import Balance, Reading, Situation

__all__ = ["Inputs", "Job", "Settings", "run_batch"]

Command = SettleCommand | ReverseCommand

SETTLE_BATCH: Final = "SELECT settle_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
MOVED_ON: Final = frozenset(
    {"settlement_message_pkey", "settlement_message_number", "settlement_fact_one_reversal"}
)
"""Unique keys that tell that another engine was faster."""


class Inputs(Protocol):
    """What the engine asks of the other rooms (``settlement.inputs``)."""

    async def situations(
        self, conn: Connection, law: Law, commands: Sequence[SettleCommand]
    ) -> list[Situation | Refusal]:
        """What the rooms know about each command, or why it cannot be settled at all; in order."""
        ...


class Job:
    """A command on its way, and the caller's future. Mutable: the only thing here that is."""

    __slots__ = ("attempts", "command", "future", "unknown", "wide")

    def __init__(self, command: Command, future: asyncio.Future[Answer]) -> None:
        self.command = command
        self.future = future
        self.attempts = 0
        self.unknown = False
        """A connection was lost while it was being written: that it failed can no longer be claimed."""
        self.wide = False
        """Its number is taken by a message of another person: look for it without the person."""

    def answer(self, answer: Answer) -> None:
        if not self.future.done():
            self.future.set_result(answer)

    def fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Settings(msgspec.Struct, frozen=True):
    """What every batch of an engine shares."""

    law: Law
    laws: Mapping[str, Law]
    inputs: Inputs
    ids: IdSource
    now: Callable[[], datetime]


Item = tuple[Job, Prepared]
Denied = tuple[Job, Refusal | Exception]
"""A command that writes nothing: a reason, or a bug that its caller alone learns of."""


async def run_batch(conn: asyncpg.Connection[Any], jobs: Sequence[Job], settings: Settings) -> list[Job]:
    """Answer every job of ``jobs`` (one a person) but those that have to be read again, which are returned.

    Raises the errors of ``link.LOST`` when the connection is lost; then nothing is known about jobs without an answer.
    """
    prepared = await _prepare(conn, jobs, settings)
    alone = [item for item in prepared if item[1].touches_others]
    together = [item for item in prepared if not item[1].touches_others]
    again = await _write(conn, together, settings.ids) if together else []
    for item in alone:
        again += await _write(conn, [item], settings.ids)
    return again


async def _prepare(conn: asyncpg.Connection[Any], jobs: Sequence[Job], settings: Settings) -> list[Item]:
    """Read, decide, answer what needs no writing, and return the rest with its rows."""
    commands = [job.command for job in jobs]
    known = await state.read_answers(conn, commands)
    open_jobs = []
    for index, job in enumerate(jobs):
        stored = known.get(index)
        if stored is None and job.wide:
            stored = await state.read_answer(conn, job.command.caller, job.command.infno, job.command.msgid)
        if stored is None:
            open_jobs.append(job)
        else:
            job.answer(repeated(job.command, stored))
    if not open_jobs:
        return []
    years = await state.read_years(conn, [job.command.psn_no for job in open_jobs])
    settling = [job for job in open_jobs if isinstance(job.command, SettleCommand)]
    reversing = [job for job in open_jobs if isinstance(job.command, ReverseCommand)]
    denied: list[Denied] = []
    items = await _prepare_settlements(conn, settling, years, settings, denied) if settling else []
    items += await _prepare_reversals(conn, reversing, years, settings, denied) if reversing else []
    if denied:
        await _deny(conn, denied)
    return items


async def _deny(conn: Connection, denied: Sequence[Denied]) -> None:
    """Tell why nothing is written; but whose own message took effect in another engine since its number was looked up gets
    the stored answer. What that copy did is what the reason rests on: the batch is settled, by this very message.
    """
    known = await state.read_answers(conn, [job.command for job, _ in denied])
    for index, (job, why) in enumerate(denied):
        stored = known.get(index)
        if stored is not None:
            job.answer(repeated(job.command, stored))
        elif isinstance(why, Refusal):
            job.answer(why)
        else:
            job.fail(why)


def repeated(command: Command, stored: StoredAnswer) -> Answer:
    """The answer to a message whose number is known: the same for the same content, a refusal for another."""
    if stored.request_hash != command.request_hash or stored.psn_no != command.psn_no:
        return Refusal("MESSAGE_REUSED", command.msgid)
    return Done(stored.answer, stored.settlement_id, True)


async def _prepare_settlements(
    conn: Connection,
    jobs: Sequence[Job],
    years: Mapping[str, Mapping[int, Any]],
    settings: Settings,
    denied: list[Denied],
) -> list[Item]:
    commands: list[Any] = [job.command for job in jobs]
    found = await settings.inputs.situations(conn, settings.law, commands)
    known: list[tuple[Job, SettleCommand, Situation]] = []
    for job, command, situation in zip(jobs, commands, found, strict=True):
        if isinstance(situation, Refusal):
            denied.append((job, situation))
        else:
            known.append((job, command, situation))
    if not known:
        return []
    windows = await state.read_windows(
        conn, settings.law, [(command.psn_no, situation) for _, command, situation in known]
    )
    items: list[Item] = []
    now = settings.now()
    for (job, command, situation), window in zip(known, windows, strict=True):
        reading = Reading(years.get(command.psn_no, {}), window)
        try:
            result = prepare_settlement(command, situation, reading, settings.law, settings.ids.next(), now)
        except Exception as error:  # noqa: BLE001  a bug concerns the caller who met it, nobody else
            denied.append((job, error))
            continue
        if isinstance(result, Refusal):
            denied.append((job, result))
        else:
            items.append((job, result))
    return items


async def _prepare_reversals(
    conn: Connection,
    jobs: Sequence[Job],
    years: Mapping[str, Mapping[int, Any]],
    settings: Settings,
    denied: list[Denied],
) -> list[Item]:
    commands: list[Any] = [job.command for job in jobs]
    originals = await state.read_originals(conn, commands)
    owners = {psn_no for o in originals.values() for psn_no in (o.fact.psn_no, *o.fact.family)}
    read = await accounts.balances(conn, list(owners)) if owners else {}
    balances = {psn_no: Balance(psn_no, fen, version) for psn_no, (fen, version) in read.items()}
    items: list[Item] = []
    now = settings.now()
    for index, (job, command) in enumerate(zip(jobs, commands, strict=True)):
        original = originals.get(index)
        refusal = refuse_reversal(command, original)
        if original is None or refusal is not None:
            denied.append((job, refusal or Refusal("SETTLEMENT_NOT_FOUND")))
            continue
        fact = original.fact
        reading = Reading(years.get(command.psn_no, {}))
        law = settings.laws.get(fact.policy_digest.hex())
        try:
            item = prepare_reversal(command, fact, reading, balances, law, settings.ids.next(), now)
        except Exception as error:  # noqa: BLE001  a bug concerns the caller who met it, nobody else
            denied.append((job, error))
            continue
        items.append((job, item))
    return items


async def _write(conn: asyncpg.Connection[Any], items: Sequence[Item], ids: IdSource) -> list[Job]:
    """Write ``items`` in one call and answer their callers; the jobs to be read again are returned."""
    try:
        await conn.execute(SETTLE_BATCH, *_columns(items, ids))
    except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as error:
        stale = set((getattr(error, "detail", None) or "").split(","))
        fresh = [item for item in items if item[0].command.psn_no not in stale]
        if len(fresh) < len(items):
            again = [job for job, _ in items if job.command.psn_no in stale]
            return again + (await _write(conn, fresh, ids) if fresh else [])
        return [items[0][0]] if len(items) == 1 else await _bisect(conn, items, ids)
    except asyncpg.UniqueViolationError as error:
        if len(items) > 1:
            return await _bisect(conn, items, ids)
        return _taken(items[0][0], error)
    except asyncpg.PostgresError as error:
        if isinstance(error, LOST):
            raise
        if len(items) > 1:
            return await _bisect(conn, items, ids)
        items[0][0].fail(error)
        return []
    for job, prepared in items:
        job.answer(Done(prepared.output, prepared.settlement_id, False))
    return []


def _taken(job: Job, error: asyncpg.UniqueViolationError) -> list[Job]:
    """What becomes of a job whose key somebody else has: read again, refused, or failed."""
    if error.constraint_name in MOVED_ON:
        # Somebody else settled this message or reversed this settlement: the next reading tells.
        job.wide = error.constraint_name == "settlement_message_number"
        return [job]
    if error.constraint_name == "encounters_visit_number":
        job.answer(Refusal("VISIT_DUPLICATE", "ipt_otp_no"))
    else:
        job.fail(error)
    return []


async def _bisect(conn: asyncpg.Connection[Any], items: Sequence[Item], ids: IdSource) -> list[Job]:
    """Write each half by itself: a command that fails shall fail alone."""
    half = len(items) // 2
    return await _write(conn, items[:half], ids) + await _write(conn, items[half:], ids)


def _columns(items: Sequence[Item], ids: IdSource) -> list[Any]:
    """The arguments of ``settle_batch``: rows of each table, movements of accounts as parallel arrays."""
    prepared = [item for _, item in items]
    postings = [(item.settlement_id, posting) for item in prepared for posting in item.postings]
    return [
        sorted(row for item in prepared for row in item.years),
        [item.message for item in prepared],
        [item.fact for item in prepared],
        [item.journal for item in prepared],
        [posting.psn_no for _, posting in postings],
        [posting.version for _, posting in postings],
        [posting.amount_fen for _, posting in postings],
        [posting.kind for _, posting in postings],
        [settlement_id for settlement_id, _ in postings],
        [posting.counterpart for _, posting in postings],
        [ids.next() for _ in postings],
        msgspec.json.encode([visit for item in prepared for visit in item.effects]).decode(),
        max(item.message[-1] for item in prepared),
    ]
