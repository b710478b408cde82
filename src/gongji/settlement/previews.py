"""Pre-settlements (2206, 2101): read together like a batch of settlements, decided one by one, nothing written.

Cashiers pre-settle as often as they settle. What is asked while the last reading was under way is the next reading, so
its eight statements are shared by all who wait.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.policy import Law
from gongji.settlement import prepare, state
from gongji.settlement.batch import Settings
from gongji.settlement.commands import EngineUnavailable, SettleCommand, Settled
from gongji.settlement.in_turn import after
from gongji.settlement.link import LOST, Link, is_lost
from gongji.settlement.situation import Reading, Situation

__all__ = ["Previewed", "Previews", "previewed", "previewed_in_turn"]

MAX_BATCH: Final = 64

Previewed = Settled | Refusal
Asked = tuple[SettleCommand, "asyncio.Future[Previewed]"]


class Previews:
    """The previews of one engine, one reading at a time."""

    def __init__(self, link: Link, settings: Callable[[], Settings]) -> None:
        self._link = link
        self._settings = settings
        self._queue: deque[Asked] = deque()
        self._running: asyncio.Task[None] | None = None

    async def ask(self, command: SettleCommand) -> Previewed:
        """What ``command`` would settle now."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Previewed] = loop.create_future()
        self._queue.append((command, future))
        if self._running is None:
            self._running = loop.create_task(self._drain())
        return await future

    async def close(self) -> None:
        """Answer what was asked, close the connection."""
        while self._running is not None:
            await asyncio.shield(self._running)
        await self._link.close()

    async def _drain(self) -> None:
        try:
            while self._queue:
                await self._run([self._queue.popleft() for _ in range(min(len(self._queue), MAX_BATCH))])
        finally:
            self._running = None

    async def _run(self, asked: Sequence[Asked], attempts: int = 2) -> None:
        """Answer ``asked``; once more on a fresh connection when it was lost, one by one when one of them is a bug."""
        conn = None
        try:
            conn = await self._link.get()
            answers = await previews(conn, [command for command, _ in asked], self._settings())
        except EngineUnavailable as error:
            _fail(asked, error)
        except Exception as error:  # noqa: BLE001  a bug concerns the callers who met it
            if isinstance(error, LOST) and is_lost(error, conn):
                self._link.drop()
                if attempts > 1:
                    await self._run(asked, attempts - 1)
                else:
                    _fail(asked, EngineUnavailable("the database did not answer"))
            elif len(asked) > 1:
                for one in asked:
                    await self._run([one])
            else:
                _fail(asked, error)
        else:
            for (_, future), answer in zip(asked, answers, strict=True):
                if not future.done():
                    future.set_result(answer)


async def previews(
    conn: asyncpg.Connection[Any], commands: Sequence[SettleCommand], settings: Settings
) -> list[Previewed]:
    """What each of ``commands`` would settle now, in order; one person may be asked about several times."""
    found = await settings.inputs.situations(conn, settings.law, commands)
    return await previewed(conn, settings.law, list(zip(commands, found, strict=True)), settings.now())


async def previewed(
    conn: Connection, law: Law, asked: Sequence[tuple[SettleCommand, Situation | Refusal]], now: datetime
) -> list[Previewed]:
    """What each command would settle in its situation, with the year of its person as it stands now, in order."""
    years = await state.read_years(conn, [command.psn_no for command, _ in asked])
    known = [(command.psn_no, situation) for command, situation in asked if isinstance(situation, Situation)]
    windows = iter(await state.read_windows(conn, law, known) if known else ())
    return [
        situation
        if isinstance(situation, Refusal)
        else prepare.preview(
            command, situation, Reading(years.get(command.psn_no, {}), next(windows)), law, now
        )
        for command, situation in asked
    ]


async def previewed_in_turn(
    conn: Connection, law: Law, asked: Sequence[tuple[SettleCommand, Situation | Refusal]], now: datetime
) -> list[Previewed]:
    """The same for one person on one day, each as if what comes before it had been settled; a refusal leaves nothing behind."""
    years = await state.read_years(conn, [command.psn_no for command, _ in asked])
    known = [(command.psn_no, situation) for command, situation in asked if isinstance(situation, Situation)]
    windows = iter(await state.read_windows(conn, law, known) if known else ())
    found: list[Previewed] = []
    before: list[tuple[Situation, Settled]] = []
    for command, situation in asked:
        if isinstance(situation, Refusal):
            found.append(situation)
            continue
        then, reading = after(situation, Reading(years.get(command.psn_no, {}), next(windows)), before)
        told = prepare.preview(command, then, reading, law, now)
        if isinstance(told, Settled):
            before.append((then, told))
        found.append(told)
    return found


def _fail(asked: Sequence[Asked], error: BaseException) -> None:
    for _, future in asked:
        if not future.done():
            future.set_exception(error)
