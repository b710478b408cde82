"""Answers at rest: a settlement's answer names the member, so it is stored sealed and opened only to be sent.

The engine keeps what ``render`` gives it, byte for byte, and binds it to the fact by its digest; it never needs to read it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.gateway.calls import Call, Output, Reply
from gongji.gateway.idempotency import once
from gongji.settlement.commands import Done, ReverseCommand, SettleCommand, Settled

__all__ = ["once_sealed", "opened", "sealing"]

Command = TypeVar("Command", SettleCommand, ReverseCommand)


def _place(command: SettleCommand | ReverseCommand) -> str:
    return f"settlement_message.answer:{command.caller}/{command.infno}/{command.msgid}"


def sealing(vault: Vault, command: Command) -> Command:
    """``command`` whose answer is stored sealed."""
    render: Callable[[Settled], bytes] = command.render
    place = _place(command)
    return msgspec.structs.replace(command, render=lambda settled: vault.seal_bytes(render(settled), place))


def opened(vault: Vault, command: SettleCommand | ReverseCommand, done: Done) -> bytes:
    """The answer as it was rendered when the command took effect."""
    return vault.open_bytes(done.output, _place(command))


async def once_sealed(call: Call, effect: Callable[[Connection], Awaitable[Reply]]) -> Reply:
    """``idempotency.once`` for an answer that names a person or hands out a token: it is kept sealed."""
    vault, message = call.platform.vault, call.message
    place = f"gateway_message.output:{call.caller}/{message.infno}/{message.msgid}"

    async def kept(connection: Connection) -> Reply:
        reply = await effect(connection)
        if not isinstance(reply, Output) or reply.json is None:
            return reply
        return msgspec.structs.replace(reply, json=vault.seal_bytes(reply.json, place))

    reply = await once(call, kept)
    if not isinstance(reply, Output) or reply.json is None:
        return reply
    return msgspec.structs.replace(reply, json=vault.open_bytes(reply.json, place))
