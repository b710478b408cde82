"""The life of a complaint as one table: in which state which step may be taken, by whom, and where it leads.

received → taken → answered → closed; asked while the agency waits for more; dismissed (不予受理), withdrawn. Whoever is not content
objects once, and another officer answers. No document of the library sets a term, so none is shown. Source: 晋政办发〔2021〕103号
二（五）; 社会保险法 第八十二条 (任何组织或者个人有权举报、投诉).
"""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.base import lifecycle
from gongji.base.actors import Actor
from gongji.base.lifecycle import Lifecycle
from gongji.base.reasons import Refusal
from gongji.supervision.values import ANONYMOUS, Case

__all__ = ["ACTIONS", "OPEN", "STATES", "TABLE", "WORDS_NEEDED", "Transition", "transition"]

STATES: Final = {
    "received": "已收到，待受理",
    "taken": "已受理，核查中",
    "asked": "待补充情况",
    "answered": "已答复",
    "closed": "已办结",
    "dismissed": "不予受理",
    "withdrawn": "已撤回",
}
ACTIONS: Final = {
    "receive": "提交",
    "take": "受理",
    "dismiss": "不予受理",
    "ask": "要求补充",
    "supplement": "补充",
    "answer": "答复",
    "object": "对答复有异议",
    "close": "办结",
    "withdraw": "撤回",
}
OPEN: Final = ("received", "taken", "asked")
WORDS_NEEDED: Final = frozenset({"dismiss", "ask", "supplement", "answer", "object"})
"""Steps that say something."""


class Asked(msgspec.Struct, frozen=True):
    """A step that somebody wants to take."""

    case: Case
    actor: Actor


def _handler(asked: Asked) -> Refusal | None:
    """Only who has taken it in hand goes on with it."""
    return (
        None
        if str(asked.actor) == asked.case.handler
        else Refusal("COMPLAINT_OF_ANOTHER_OFFICER", "由受理人办理")
    )


def _another_answers(asked: Asked) -> Refusal | None:
    """After an objection another officer answers than before."""
    return Refusal("COMPLAINT_FOUR_EYES") if str(asked.actor) in asked.case.answerers else None


def _objects_once(asked: Asked) -> Refusal | None:
    return Refusal("COMPLAINT_STATE", "已提出过一次异议") if asked.case.objected else None


def _no_report(asked: Asked) -> Refusal | None:
    """Fraud is looked into whatever the reporter thinks of it later."""
    if asked.case.complaint.kind == "report":
        return Refusal("COMPLAINT_STATE", "举报提交后不能撤回")
    return None


Transition = lifecycle.Transition[Asked]
_AGENCY: Final = ("agency",)
_TELLER: Final = ("member", "system")
"""Whoever complains: a member, or somebody unnamed."""

TABLE: Final = (
    Transition("", "receive", _TELLER, "received"),
    Transition("received", "take", _AGENCY, "taken", (_another_answers,)),
    Transition("received", "dismiss", _AGENCY, "dismissed", (_another_answers,)),
    Transition("received", "supplement", _TELLER, "received"),
    Transition("received", "withdraw", _TELLER, "withdrawn", (_no_report,)),
    Transition("taken", "ask", _AGENCY, "asked", (_handler,)),
    Transition("taken", "supplement", _TELLER, "taken"),
    Transition("taken", "answer", _AGENCY, "answered", (_handler, _another_answers)),
    Transition("taken", "withdraw", _TELLER, "withdrawn", (_no_report,)),
    Transition("asked", "supplement", _TELLER, "taken"),
    Transition("asked", "answer", _AGENCY, "answered", (_handler, _another_answers)),
    Transition("asked", "withdraw", _TELLER, "withdrawn", (_no_report,)),
    Transition("answered", "object", _TELLER, "received", (_objects_once,)),
    Transition("answered", "close", ("agency", *_TELLER), "closed"),
)
_LIFE: Final = Lifecycle(TABLE, states=STATES, actions=ACTIONS, refused="COMPLAINT_STATE")


def transition(case: Case, actor: Actor, action: str) -> Transition | Refusal:
    """The row by which ``action`` may be taken now, or why it may not.

    A member acts on complaints of his own only, whoever came with a code on that one only; of others there are none.
    """
    if actor.kind in _TELLER and not _own(case, actor):
        return Refusal("COMPLAINT_NOT_FOUND")
    return _LIFE.row(Asked(case, actor), case.state, action, actor.kind)


def _own(case: Case, actor: Actor) -> bool:
    if case.anonymous:
        return actor == ANONYMOUS
    return actor.kind == "member" and actor.id == case.complaint.psn_no
