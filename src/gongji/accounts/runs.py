"""How a run goes through all members (批次): portion by portion, each committed with its step; started again, it continues.

A run that was killed leaves whole portions behind and continues after the last of them. Two processes that start the same run share
it: a step can be written once, and what a portion posts can be posted once (keys of the facts), so that who comes second reads
again. A run under another version of the law is another run; running twice posts differences only.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Callable
from datetime import date, datetime
from operator import itemgetter
from typing import Final, Generic, Protocol, TypeVar

import asyncpg
import msgspec

from gongji.accounts.values import Office
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql

__all__ = ["Portions", "Run", "RunReport", "Tally", "not_of_agency", "reports", "run_through"]

_ROOM: Final = "gongji.accounts"
FIND = sql(_ROOM, "run_find")
OPEN = sql(_ROOM, "run_open")
POSITION = sql(_ROOM, "run_position")
STEP = sql(_ROOM, "run_step")
LIST = sql(_ROOM, "run_list")

ATTEMPTS: Final = 20
"""How often one portion is read again because somebody else posted for the same persons meanwhile."""
RETRIED: Final = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)

Read = TypeVar("Read")
Progress = Callable[[int, int], None]


class Tally(msgspec.Struct, frozen=True):
    """What a run, or a step of it, has done. Amounts are fen.

    ``credited`` persons got something for the first time, ``corrected`` a difference. ``given_fen`` and ``taken_fen`` went into
    and out of balances for differences, ``receivable_fen`` is the change of what members owe. ``active_fen`` and ``retired_fen``
    say what the month is worth altogether, ``pool_fen`` what of employers' contributions went to the pooled fund. ``reasons``
    counts the persons without a credit by the text of the refusal.
    """

    persons: int = 0
    credited: int = 0
    corrected: int = 0
    active_fen: int = 0
    retired_fen: int = 0
    pool_fen: int = 0
    given_fen: int = 0
    taken_fen: int = 0
    receivable_fen: int = 0
    reasons: dict[str, int] = {}

    def plus(self, other: "Tally") -> "Tally":
        numbers = {
            name: getattr(self, name) + getattr(other, name)
            for name in self.__struct_fields__
            if name != "reasons"
        }
        reasons = dict(self.reasons)
        for text, count in other.reasons.items():
            reasons[text] = reasons.get(text, 0) + count
        return Tally(**numbers, reasons=reasons)


class Run(msgspec.Struct, frozen=True):
    """A run and where it stands: the next step goes on after the person ``through``."""

    run_id: int
    step_no: int
    through: str
    finished: bool


class RunReport(msgspec.Struct, frozen=True):
    """A run as people ask for it."""

    run_id: int
    kind: str
    period: date
    region: str
    actor: str
    started_at: datetime
    steps: int
    finished: bool
    tally: Tally


class Portions(Protocol, Generic[Read]):
    """What a kind of run does with the persons after ``low`` up to ``high``: read and decide, then write."""

    kind: str
    period: date
    region: str
    bounds: str
    """Statement that cuts the persons after $1 into portions of $2."""

    async def read(self, conn: Connection, low: str, high: str) -> Read: ...

    async def write(self, conn: Connection, read: Read, run_id: int) -> Tally: ...


def not_of_agency(office: Office) -> Refusal | None:
    """A run is the agency's, or the system's by the clock; FORBIDDEN for anybody else."""
    if office.actor.kind in ("agency", "system"):
        return None
    return Refusal("FORBIDDEN", "个人账户的划入和计息由经办机构办理")


async def run_through(
    conn: Connection,
    office: Office,
    work: Portions[Read],
    size: int,
    progress: Progress | None = None,
    reader: Connection | None = None,
) -> RunReport:
    """Open or continue the run and go to its end; ``progress`` is told the persons done and all persons.

    With a second connection, ``reader``, a portion is read and decided while the one before it is written.
    """
    run = await _open(conn, office, work)
    bounds = [(row["psn_no"], row["persons"]) for row in await conn.fetch(work.bounds, run.through, size)]
    done = (await reports(conn, run_id=run.run_id))[0].tally.persons
    total = done + sum(persons for _, persons in bounds)
    ahead = _Ahead(work, conn, reader)
    failures = 0
    try:
        while not run.finished:
            at = bisect_right(bounds, run.through, key=itemgetter(0))
            high, persons = bounds[at] if at < len(bounds) else (run.through, 0)
            try:
                read = await ahead.read(run.through, high)
                if at + 1 < len(bounds):
                    ahead.start(high, bounds[at + 1][0])
                run = await _step(conn, office, work, run, read, high, persons, last=at + 1 >= len(bounds))
            except RETRIED:
                failures += 1
                if failures == ATTEMPTS:
                    raise
                run = await _position(conn, run)
                continue
            failures = 0
            done += persons
            if progress is not None:
                progress(done, total)
    finally:
        await ahead.drop()
    return (await reports(conn, run_id=run.run_id))[0]


class _Ahead(Generic[Read]):
    """The next portion, on its way while another one is written."""

    def __init__(self, work: Portions[Read], conn: Connection, reader: Connection | None) -> None:
        self._work = work
        self._conn = conn
        self._reader = reader
        self._bounds = ("", "")
        self._task: asyncio.Task[Read] | None = None

    def start(self, low: str, high: str) -> None:
        if self._reader is not None:
            self._bounds = (low, high)
            self._task = asyncio.create_task(_reading(self._work, self._reader, low, high))

    async def read(self, low: str, high: str) -> Read:
        """The portion, from what is on its way if it is that; after a failure another one may be wanted."""
        if self._task is not None and self._bounds == (low, high):
            task, self._task = self._task, None
            return await task
        await self.drop()
        return await self._work.read(self._conn, low, high)

    async def drop(self) -> None:
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _reading(work: Portions[Read], conn: Connection, low: str, high: str) -> Read:
    return await work.read(conn, low, high)


async def _open(conn: Connection, office: Office, work: Portions[Read]) -> Run:
    """The unfinished run of this kind, period and region under this law, or a new one."""
    async with conn.transaction():
        await conn.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            f"accounts_run {work.kind} {work.period} {work.region}",
        )
        row = await conn.fetchrow(FIND, work.kind, work.period, work.region)
        if row is not None and not row["finished"] and row["policy_digest"] == office.digest:
            return Run(row["run_id"], row["step_no"], row["through"], finished=False)
        run_id = office.ids.next()
        await conn.execute(
            OPEN, run_id, work.kind, work.period, work.region, office.digest, str(office.actor), office.at
        )
    return Run(run_id, 0, "", finished=False)


async def _position(conn: Connection, run: Run) -> Run:
    row = await conn.fetchrow(POSITION, run.run_id)
    return run if row is None else Run(run.run_id, row["step_no"], row["through"], row["finished"])


async def _step(
    conn: Connection,
    office: Office,
    work: Portions[Read],
    run: Run,
    read: Read,
    high: str,
    persons: int,
    *,
    last: bool,
) -> Run:
    async with conn.transaction():
        tally = msgspec.structs.replace(await work.write(conn, read, run.run_id), persons=persons)
        text = msgspec.json.encode(tally).decode()
        await conn.execute(STEP, run.run_id, run.step_no + 1, high, last, text, str(office.actor), office.at)
    return Run(run.run_id, run.step_no + 1, high, last)


async def reports(
    conn: Connection, *, kind: str | None = None, run_id: int | None = None, limit: int = 50
) -> list[RunReport]:
    """Runs with what they did, the newest first."""
    found = []
    for row in await conn.fetch(LIST, kind, run_id, limit):
        tally = Tally()
        for text in row["tallies"]:
            tally = tally.plus(msgspec.json.decode(text, type=Tally))
        found.append(
            RunReport(
                row["run_id"], row["kind"], row["period"], row["region"], row["actor"], row["started_at"],
                row["steps"], row["finished"], tally,
            )
        )  # fmt: skip
    return found
