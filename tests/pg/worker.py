"""A settlement worker as a process of its own: commands as JSON lines on standard input, answers as JSON lines on standard output.

    python -m tests.pg.worker DSN WORKER

It prints ``ready`` first, then one line an answer as soon as the engine gives it. End of input closes it in good order.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from gongji.base.reasons import Refusal
from gongji.settlement.commands import EngineUnavailable, ReverseCommand, SettleCommand
from gongji.settlement.engine import Engine
from tests.pg import world


def command_of(data: dict[str, Any]) -> SettleCommand | ReverseCommand:
    """The command in one line of input."""
    values = dict(data)
    kind = values.pop("kind")
    if "request" in values:
        values["request_hash"] = values.pop("request").encode()
    if kind == "reverse":
        return world.reverse_command(values.pop("psn_no"), values.pop("settlement_id"), **values)
    return world.settle_command(values.pop("psn_no"), values.pop("visit_id"), **values)


async def answer(engine: Engine, data: dict[str, Any]) -> None:
    command = command_of(data)
    result: dict[str, Any] = {"msgid": command.msgid}
    try:
        said = await (
            engine.reverse(command) if isinstance(command, ReverseCommand) else engine.settle(command)
        )
    except EngineUnavailable:
        result["unknown"] = True
    else:
        if isinstance(said, Refusal):
            result["refused"] = said.code
        else:
            result |= {"output": said.output.decode(), "id": said.settlement_id, "repeated": said.repeated}
    print(json.dumps(result), flush=True)


async def main(dsn: str, worker: int) -> None:
    engine = await world.open_engine(dsn, worker)
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = []
    while line := await reader.readline():
        tasks.append(asyncio.create_task(answer(engine, json.loads(line))))
    await asyncio.gather(*tasks)
    await engine.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
