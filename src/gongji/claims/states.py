"""The life of a claim as one table: in which state which step may be taken, by whom, and where it leads.

received → (returned → received) → reviewed → approved → settling → settled → paid → closed; refused at a review, withdrawn
before the settlement, bounced by the bank, corrected after the settlement. Guards say what else must hold; four eyes are
guards, so that no caller can forget them. Source: 社会保险经办条例 第二十条、第四十三条, 晋政办发〔2021〕103号 二(五) (内控制度).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from gongji.base import lifecycle
from gongji.base.actors import Actor
from gongji.base.lifecycle import Lifecycle
from gongji.base.reasons import Refusal
from gongji.claims.case import Case
from gongji.policy import Law
from gongji.policy.calendar import Calendar

__all__ = [
    "ACTIONS",
    "STATES",
    "TABLE",
    "Asked",
    "Transition",
    "transition",
]

STATES: Final[dict[str, str]] = {
    "received": "已受理，待初审",
    "returned": "退回补正",
    "reviewed": "已初审，待复审",
    "approved": "已复审，待结算",
    "settling": "结算中",
    "settled": "已结算，待支付",
    "paid": "已支付",
    "bounced": "银行退回，待重付",
    "closed": "已办结",
    "refused": "不予支付",
    "withdrawn": "已撤回",
}
ACTIONS: Final[dict[str, str]] = {
    "receive": "受理",
    "return": "退回补正",
    "supplement": "补正",
    "review": "初审",
    "send_back": "退回初审",
    "approve": "复审",
    "refuse": "不予支付",
    "withdraw": "撤回",
    "begin": "开始结算",
    "unsettle": "结算未成",
    "settle": "结算",
    "pay": "支付",
    "recover": "追回",
    "bounce": "银行退回",
    "close": "办结",
    "correct": "更正",
    "drop": "不更正",
}
RETURN_DAYS: Final = "claim.return_working_days"


class Asked(msgspec.Struct, frozen=True):
    """A step that somebody wants to take on a day."""

    case: Case
    actor: Actor
    on: date
    law: Law
    calendar: Calendar


def _returned_once(asked: Asked) -> Refusal | None:
    """Everything that is missing is said once, within the days of the law (一次性告知)."""
    if any(step.action == "return" for step in asked.case.steps):
        return Refusal("CLAIM_RETURNED_BEFORE")
    received_on = asked.case.application.received_on
    days = asked.law.value(RETURN_DAYS, asked.case.region, received_on)
    if isinstance(days, Refusal):
        return days
    assert isinstance(days.raw, int)
    last = asked.calendar.add_working_days(received_on, days.raw)
    if isinstance(last, Refusal):
        return last
    return Refusal("CLAIM_RETURN_TOO_LATE", f"最迟 {last}") if asked.on > last else None


def _second_person(asked: Asked) -> Refusal | None:
    """The second review is another person's (four eyes)."""
    if str(asked.actor) == asked.case.reviewer:
        return Refusal("CLAIM_FOUR_EYES", "复审人不能是初审人")
    return None


def _third_person(asked: Asked) -> Refusal | None:
    """Money is moved by somebody who has neither judged the claim nor changed the account that it goes to."""
    if str(asked.actor) in asked.case.reviewers:
        return Refusal("CLAIM_FOUR_EYES", "支付人不能是审核人")
    if str(asked.actor) == asked.case.payee_changed_by:
        return Refusal("CLAIM_FOUR_EYES", "支付人不能是更换收款账户的人")
    return None


def _nothing_settled(asked: Asked) -> Refusal | None:
    """Neither is a settlement in force nor money out: otherwise the way leads through a correction."""
    out = asked.case.payouts or asked.case.paid_fen
    return Refusal("CLAIM_STATE", "已经结算或支付，须更正") if out else None


def _not_in_force(asked: Asked) -> Refusal | None:
    """What was approved is looked at again because it could not be settled; a correction is settled or dropped."""
    return Refusal("CLAIM_STATE", "原结算仍有效，须结算") if asked.case.payouts else None


def _something_settled(asked: Asked) -> Refusal | None:
    return None if asked.case.payouts else Refusal("CLAIM_STATE", "还没有结算")


def _owed(asked: Asked) -> Refusal | None:
    return _third_person(asked) if asked.case.open_fen > 0 else Refusal("CLAIM_NOTHING_DUE")


def _overpaid(asked: Asked) -> Refusal | None:
    return _third_person(asked) if asked.case.open_fen < 0 else Refusal("CLAIM_NOTHING_DUE")


def _even(asked: Asked) -> Refusal | None:
    return Refusal("CLAIM_STATE", "还有未付或未追回的金额") if asked.case.open_fen else None


def _money_out(asked: Asked) -> Refusal | None:
    payment = asked.case.last_payment
    return None if payment and payment.amount_fen > 0 else Refusal("CLAIM_NOTHING_DUE", "没有可退回的支付")


Transition = lifecycle.Transition[Asked]
_AGENCY: Final = ("agency",)
_MEMBER: Final = ("agency", "member")
_PROGRAM: Final = ("agency", "system")

TABLE: Final = (
    Transition("", "receive", _MEMBER, "received"),
    Transition("received", "return", _AGENCY, "returned", (_returned_once,)),
    Transition("received", "supplement", _MEMBER, "received"),
    Transition("received", "review", _AGENCY, "reviewed"),
    Transition("received", "refuse", _PROGRAM, "refused", (_nothing_settled,)),
    Transition("received", "withdraw", _MEMBER, "withdrawn", (_nothing_settled,)),
    Transition("returned", "supplement", _MEMBER, "received"),
    Transition("returned", "refuse", _AGENCY, "refused"),
    Transition("returned", "withdraw", _MEMBER, "withdrawn"),
    Transition("reviewed", "approve", _AGENCY, "approved", (_second_person,)),
    Transition("reviewed", "send_back", _AGENCY, "received", (_second_person, _nothing_settled)),
    Transition("reviewed", "drop", _AGENCY, "settled", (_second_person, _something_settled)),
    Transition("reviewed", "refuse", _AGENCY, "refused", (_second_person, _nothing_settled)),
    Transition("reviewed", "withdraw", _MEMBER, "withdrawn", (_nothing_settled,)),
    Transition("approved", "begin", _PROGRAM, "settling"),
    Transition("approved", "send_back", _AGENCY, "received", (_not_in_force,)),
    Transition("approved", "withdraw", _MEMBER, "withdrawn", (_nothing_settled,)),
    Transition("settling", "settle", _PROGRAM, "settled"),
    Transition("settling", "unsettle", _PROGRAM, "approved"),
    Transition("settled", "pay", _AGENCY, "paid", (_owed,)),
    Transition("settled", "recover", _AGENCY, "paid", (_overpaid,)),
    Transition("settled", "close", _AGENCY, "closed", (_even,)),
    Transition("settled", "correct", _AGENCY, "reviewed"),
    Transition("paid", "bounce", _AGENCY, "bounced", (_money_out,)),
    Transition("paid", "close", _AGENCY, "closed", (_even,)),
    Transition("paid", "correct", _AGENCY, "reviewed"),
    Transition("bounced", "supplement", _MEMBER, "bounced"),
    Transition("bounced", "pay", _AGENCY, "paid", (_owed,)),
    Transition("closed", "bounce", _AGENCY, "bounced", (_money_out,)),
    Transition("closed", "correct", _AGENCY, "reviewed"),
)
_LIFE: Final = Lifecycle(TABLE, states=STATES, actions=ACTIONS, refused="CLAIM_STATE")


def transition(asked: Asked, action: str) -> Transition | Refusal:
    """The row by which ``action`` may be taken now, or why it may not.

    A member acts on claims of his own only; to anybody else's claim he is told that there is none (CLAIM_NOT_FOUND).
    """
    case, actor = asked.case, asked.actor
    if actor.kind == "member" and actor.id != case.psn_no:
        return Refusal("CLAIM_NOT_FOUND", str(case.claim_id))
    return _LIFE.row(asked, case.state, action, actor.kind)
