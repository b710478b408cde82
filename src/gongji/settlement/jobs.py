"""A command on its way through the engine, and the caller who waits for its answer."""

from __future__ import annotations

import asyncio

from gongji.base.reasons import Refusal
from gongji.settlement.commands import Answer, ReverseCommand, SettleCommand
from gongji.settlement.rows import Prepared

__all__ = ["Command", "Denied", "Item", "Job"]

Command = SettleCommand | ReverseCommand


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


Item = tuple[Job, Prepared]
Denied = tuple[Job, Refusal | Exception]
"""A command that writes nothing: a reason, or a bug that its caller alone learns of."""
