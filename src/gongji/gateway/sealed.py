"""Answers at rest: a settlement's answer names the member, so it is stored sealed and opened only to be sent.

The engine keeps what ``render`` gives it, byte for byte, and binds it to the fact by its digest; it never needs to read it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from gongji.base.sealing import Vault
from gongji.settlement.commands import Done, ReverseCommand, SettleCommand, Settled

__all__ = ["opened", "sealing"]

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
