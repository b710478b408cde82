"""Worker numbers: every process that makes identifiers holds one of 1,024, kept by an advisory lock of its own session."""

import random
from typing import Any

import asyncpg

from gongji.base.ids import WORKERS

LOCK_CLASS = 0x676A  # "gj"


class NoWorkerNumber(RuntimeError):
    """All numbers are taken, or the one held was lost to another process."""


async def claim(connection: "asyncpg.Connection[Any]", wanted: int | None = None) -> int:
    """A free worker number, held until ``connection`` closes; ``wanted`` asks for one and no other.

    The search starts at random, so that a process that restarts at once does not take the number it had: identifiers may run
    ahead of the clock for a moment (``base.ids``).
    """
    start = random.randrange(WORKERS)  # noqa: S311 - spreads numbers, guards nothing
    numbers = [wanted] if wanted is not None else [(start + step) % WORKERS for step in range(WORKERS)]
    for number in numbers:
        if await connection.fetchval("SELECT pg_try_advisory_lock($1::int, $2::int)", LOCK_CLASS, number):
            return int(number)
    raise NoWorkerNumber("no worker number is free")
