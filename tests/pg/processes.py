"""Starting, feeding and killing worker processes (``tests.pg.worker``)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[2]


class Worker:
    """One worker process; ``answers`` fills while it runs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.answers: list[dict[str, Any]] = []
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, dsn: str, number: int) -> Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.pg.worker",
            dsn,
            str(number),
            cwd=REPO,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": f"{REPO}:{REPO / 'src'}"},
            limit=2**20,
        )
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        assert line == b"ready\n", line
        return cls(process)

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            if line.endswith(b"\n"):
                self.answers.append(json.loads(line))

    async def send(self, commands: Iterable[dict[str, Any]]) -> None:
        assert self.process.stdin is not None
        for command in commands:
            self.process.stdin.write(json.dumps(command).encode() + b"\n")
        await self.process.stdin.drain()

    async def until(self, count: int) -> None:
        """Return when ``count`` answers have come."""
        while len(self.answers) < count and self.process.returncode is None:  # noqa: ASYNC110  the process may end too
            await asyncio.sleep(0.001)

    async def finish(self) -> list[dict[str, Any]]:
        """Close the input, wait for the end, and give all answers."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        await asyncio.wait_for(self.process.wait(), 120)
        await self._reading
        return self.answers

    async def kill(self) -> list[dict[str, Any]]:
        """kill -9; the answers that had come out by then."""
        self.process.kill()
        await self.process.wait()
        await self._reading
        return self.answers
