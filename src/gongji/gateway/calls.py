"""One accepted message on its way through a trade, and what a trade may answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from gongji.base.reasons import Refusal
from gongji.gateway.envelope import Envelope
from gongji.gateway.nodes import Node

if TYPE_CHECKING:
    from gongji.gateway.platform import Platform
    from gongji.providers.values import Provider


class Call(msgspec.Struct, frozen=True):
    """A message whose caller is known: the institution, the message, when it arrived, and the platform it may use."""

    platform: "Platform"
    provider: "Provider"
    message: Envelope
    received_at: datetime

    @property
    def nodes(self) -> Node:
        return self.message.nodes

    @property
    def caller(self) -> str:
        """fixmedins_code of the institution that calls; it bounds everything that this call may see or do."""
        return self.message.head.fixmedins_code


class Attachment(msgspec.Struct, frozen=True):
    """A file that is answered as it is, in place of a message (9102)."""

    name: str
    content: bytes


class Output(msgspec.Struct, frozen=True):
    """A trade that succeeded: its output as JSON (None where the trade has none) and a remark for ``warn_msg``; or a file."""

    json: bytes | None = None
    warning: str = ""
    file: Attachment | None = None


class Failure(msgspec.Struct, frozen=True):
    """A refusal whose text is another than the reason's own: one that clients know from the national platform."""

    refusal: Refusal
    text: str


Reply = Output | Refusal | Failure
Handler = Callable[[Call], Awaitable[Reply]]


class Trade(msgspec.Struct, frozen=True):
    """An offered trade. ``writes``: it changes something, so a repeated message must be told apart from a new one."""

    infno: str
    name: str
    handle: Handler
    writes: bool = False


_encode = msgspec.json.Encoder().encode


def output(node: msgspec.Struct, warning: str = "") -> Output:
    """``node`` as a successful output."""
    return Output(_encode(node), warning)
