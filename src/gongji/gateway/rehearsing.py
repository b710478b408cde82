"""7101 rehearsed: the message that would be sent, read and examined by what 7101 reads and examines it with, and nothing written.

The workstation asks it at every key, so that a doctor hears what the prescription centre would say before anything is sent.
"""

from __future__ import annotations

from typing import Any

from gongji.base.reasons import Refusal
from gongji.gateway import inside
from gongji.gateway.calls import Call
from gongji.gateway.centre import office_of
from gongji.gateway.envelope import Unreadable
from gongji.gateway.platform import Platform
from gongji.gateway.rxissue import issue_of, read_issue
from gongji.prescriptions.examining import Examined, examine

__all__ = ["rehearse"]

CHECK = "7101"
NUMBER = "REHEARSAL"


async def rehearse(
    platform: Platform, operator: inside.Operator, nodes: dict[str, Any]
) -> Examined | Refusal:
    """What 7101 would say to ``nodes`` now; a Refusal for what could not even be read."""
    sent = inside.message(operator, CHECK, nodes, NUMBER)
    if isinstance(sent, Unreadable):
        return sent.refusal
    provider = platform.provider(operator.institution)
    if provider is None:
        return Refusal("UNKNOWN_INSTITUTION", operator.institution)
    call = Call(platform, provider, sent, platform.now())
    asked = read_issue(call)
    if isinstance(asked, Refusal):
        return asked
    issue = issue_of(call, asked)
    if isinstance(issue, Refusal):
        return issue
    async with platform.pool.acquire() as connection:
        return await examine(connection, office_of(call), issue)
