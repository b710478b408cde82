"""One batch: what was read, what is decided, one call that writes it, and who is told what.

Callers are answered only after the call has returned. What happens to each command is an ``Answer``, an exception (a bug:
for that caller alone) or ``RETRY`` (the state has moved on: read again).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import asyncpg
import msgspec

from gongji.accounts import selectors as accounts
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.policy import Law
from gongji.prescriptions import selectors as prescriptions
from gongji.settlement import state
from gongji.settlement.commands import Answer, Done, ReverseCommand, SettleCommand, StoredAnswer
from gongji.settlement.jobs import Command, Denied, Item, Job
from gongji.settlement.prepare import prepare_settlement
from gongji.settlement.reversal import prepare_reversal, refuse_reversal
from gongji.settlement.situation import Balance, Reading, Situation
from gongji.settlement.writing import write

__all__ = ["Inputs", "Settings", "run_batch"]


class Inputs(Protocol):
    """What the engine asks of the other rooms (``settlement.inputs``)."""

    async def situations(
        self, conn: Connection, law: Law, commands: Sequence[SettleCommand]
    ) -> list[Situation | Refusal]:
        """What the rooms know about each command, or why it cannot be settled at all; in order."""
        ...


class Settings(msgspec.Struct, frozen=True):
    """What every batch of an engine shares."""

    law: Law
    laws: Mapping[str, Law]
    inputs: Inputs
    ids: IdSource
    now: Callable[[], datetime]


async def run_batch(conn: asyncpg.Connection[Any], jobs: Sequence[Job], settings: Settings) -> list[Job]:
    """Answer every job of ``jobs`` (one a person) but those that have to be read again, which are returned.

    Raises the errors of ``link.LOST`` when the connection is lost; then nothing is known about jobs without an answer.
    """
    prepared = await _prepare(conn, jobs, settings)
    alone = [item for item in prepared if item[1].alone]
    together = [item for item in prepared if not item[1].alone]
    again = await write(conn, together, settings.ids) if together else []
    for item in alone:
        again += await write(conn, [item], settings.ids)
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
    taken = await prescriptions.cases_of_settlements(
        conn, [(o.fact.psn_no, o.fact.settlement_id) for o in originals.values()]
    )
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
            item = prepare_reversal(
                command,
                fact,
                reading,
                balances,
                taken.get((fact.psn_no, fact.settlement_id), ()),
                law,
                settings.ids.next(),
                now,
            )
        except Exception as error:  # noqa: BLE001  a bug concerns the caller who met it, nobody else
            denied.append((job, error))
            continue
        items.append((job, item))
    return items
