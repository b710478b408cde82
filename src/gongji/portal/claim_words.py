"""A manual claim in words for the member: how far it is, who is at it, what comes of it. Pure."""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.claims import Case
from gongji.claims.values import Step as TakenStep
from gongji.portal.words import said_by

__all__ = ["Done", "Stage", "Told", "history", "stages", "told"]

_STAGES: Final = ("受理", "初审", "复审", "结算", "支付")
_AT: Final = {
    "received": 1, "returned": 1, "reviewed": 2, "approved": 3, "settling": 3, "settled": 4, "bounced": 4, "paid": 5, "closed": 5,
}  # fmt: skip
"""How many stages are behind a claim in each state."""
_TOLD: Final = {
    "received": ("wait", "经办机构正在初审，看材料是否齐全、费用是否属实。"),
    "returned": ("bad", "材料需要补正，请尽快补交；补正不延长办结期限。"),
    "reviewed": ("wait", "初审已通过，等待另一位工作人员复审。"),
    "approved": ("wait", "复审已通过，等待结算。"),
    "settling": ("wait", "正在结算。"),
    "settled": ("wait", "已经结算，等待财务付款。"),
    "paid": ("ok", "款项已经付到您的收款账户。"),
    "bounced": ("bad", "银行把款项退了回来，请提供新的收款账户。"),
    "closed": ("ok", "已经办结。"),
    "refused": ("bad", "这件报销统筹基金不予支付。"),
    "withdrawn": ("info", "您已撤回这件申请，票据可以重新申报。"),
}
_DID: Final = {
    "receive": "提交申请", "return": "退回补正", "supplement": "补交材料", "review": "初审通过", "send_back": "退回重新初审",
    "approve": "复审通过", "refuse": "不予支付", "withdraw": "撤回申请", "begin": "开始结算", "unsettle": "结算未成，重新处理",
    "settle": "完成结算", "pay": "付款", "recover": "收回多付的款项", "bounce": "银行退回付款", "close": "办结", "correct": "更正",
    "drop": "不更正，维持原结算",
}  # fmt: skip
_UNDER_WAY: Final = frozenset({"begin", "unsettle"})
"""Steps of a program, of which a member needs to know nothing."""


class Stage(msgspec.Struct, frozen=True):
    """One stage of the way: ``kind`` is done, here, stopped or empty (still to come)."""

    name: str
    kind: str


class Told(msgspec.Struct, frozen=True):
    """Where a claim stands, as a badge's kind and a sentence."""

    kind: str
    text: str


class Done(msgspec.Struct, frozen=True):
    """A step that was taken."""

    step: TakenStep
    text: str
    who: str
    more: str


def stages(case: Case) -> tuple[Stage, ...]:
    """The way of a claim, with where it is now."""
    if case.state == "withdrawn":
        return ()
    at = _reached(case) if case.state == "refused" else _AT[case.state]
    here = "stopped" if case.state in ("refused", "returned", "bounced") else "here"
    return tuple(
        Stage(name, "done" if number < at else here if number == at else "")
        for number, name in enumerate(_STAGES)
    )


def _reached(case: Case) -> int:
    """Where a refused claim was when it was refused."""
    return max((_AT.get(step.state, 0) for step in case.steps[:-1]), default=0)


def told(case: Case) -> Told:
    return Told(*_TOLD[case.state])


def history(case: Case) -> tuple[Done, ...]:
    """What happened, newest first."""
    return tuple(
        Done(step, _DID[step.action], said_by(step.actor), _more(step))
        for step in reversed(case.steps)
        if step.action not in _UNDER_WAY
    )


def _more(step: TakenStep) -> str:
    refusal = step.content.refusal
    return "；".join(text for text in (step.content.note, refusal.reason.text if refusal else "") if text)
