"""2601 冲正: undo a settlement whose answer never came back, named by the caller's own number."""

from gongji.base.reasons import Refusal
from gongji.gateway import refusals
from gongji.gateway.calls import Call, Failure, Output, Reply
from gongji.gateway.messages import t26
from gongji.gateway.nodes import read_one
from gongji.gateway.visits import hidden
from gongji.settlement.commands import Answer, Done, ReverseCommand, Settled

UNDOABLE = ("2102", "2207")
"""Of the trades that 2601 may undo (2102, 2207, 2304, 2401) those that are offered here."""


async def undo(call: Call) -> Reply:
    """2601: reverse what the original message settled.

    An original that never arrived may still be on its way. Its number is therefore made void before the caller
    hears 未查询到原交易: if it arrives late it is refused, and the caller may safely settle again under a new number.
    """
    asked = read_one(t26.Undo, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    oinfno = asked.oinfno.rstrip("Aa")
    if oinfno not in UNDOABLE:
        return Refusal(
            "REVERSAL_NOT_ALLOWED", f"【{asked.oinfno}】不在可冲正的交易（{'、'.join(UNDOABLE)}）之列"
        )
    answer = await call.platform.engine.reverse(_command(call, asked, oinfno))
    if isinstance(answer, Refusal) and answer.code == "MESSAGE_NOT_FOUND":
        voided = await call.platform.engine.void(
            asked.psn_no, call.caller, oinfno, asked.omsgid, call.received_at
        )
        if not voided:  # it has just arrived, or belongs to another person
            answer = await call.platform.engine.reverse(_command(call, asked, oinfno))
        if isinstance(answer, Refusal) and answer.code == "MESSAGE_NOT_FOUND":
            return Failure(answer, refusals.original_not_found(voided))
    return _reply(answer)


def _reply(answer: Answer) -> Reply:
    if isinstance(answer, Done):
        return Output()
    if answer.code == "ALREADY_REVERSED":
        return Failure(answer, refusals.undo_failed(answer))
    return hidden(answer)


def _command(call: Call, asked: t26.Undo, oinfno: str) -> ReverseCommand:
    return ReverseCommand(
        caller=call.caller,
        infno=call.message.infno,
        msgid=call.message.msgid,
        request_hash=call.message.request_hash,
        psn_no=asked.psn_no,
        received_at=call.received_at,
        render=_no_output,
        original=(oinfno, asked.omsgid),
    )


def _no_output(_: Settled) -> bytes:
    return b""
