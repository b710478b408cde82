"""Which step of an account's case may follow which, who may take it, and what it does: one table.

A case (业务) is an application and its steps. Cash leaves an account only by a transfer to another agency (转出), on death
(死亡支取) or on leaving the scheme (终止参保支取): 庆阳 第八条至第十条. What one person applied for is reviewed by a second one
and paid by somebody who did not review it. Clauses QY.art8.c, QY.art8.d, QY.art9.a, QY.art9.b, QY.art9.c.
"""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from gongji.accounts.values import Step
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal

__all__ = [
    "ACTIONS",
    "CASE_KINDS",
    "FINAL_STATES",
    "PAYMENT_KINDS",
    "STATES",
    "TRANSITIONS",
    "Transition",
    "next_step",
]

Effect = Literal["", "receive", "pay", "give_back", "pay_again"]

CASE_KINDS: Final = {
    "transfer_out": "转出",
    "transfer_in": "转入",
    "death": "死亡支取",
    "leaving": "终止参保支取",
    "reopening": "恢复账户",
}
PAYMENT_KINDS: Final = ("transfer_out", "death", "leaving")
STATES: Final = {
    "opened": "已受理",
    "approved": "已复核",
    "rejected": "已退回",
    "cancelled": "已撤回",
    "paid": "已支付",
    "returned": "银行退回",
    "received": "已转入",
    "reopened": "已恢复",
}
FINAL_STATES: Final = frozenset({"rejected", "cancelled", "paid", "received", "reopened"})
"""States in which another case may be opened."""
ACTIONS: Final = {
    "open": "受理",
    "approve": "复核",
    "reject": "退回申请",
    "cancel": "撤回申请",
    "pay": "支付",
    "return": "登记银行退回",
    "repay": "重新支付",
}


class Transition(msgspec.Struct, frozen=True):
    """``action`` takes a case from ``before`` ('' = nothing yet) to ``after``.

    ``not_of``: actions whose actor may not take this one too. ``effect`` moves money. ``account``: what becomes of the account;
    'before' is the state that it had when the case was opened, 'hold' freezes one that is open, because what came back belongs to
    somebody, 'release' undoes that, '' is nothing.
    """

    kinds: tuple[str, ...]
    action: str
    before: str
    after: str
    account: str = ""
    effect: Effect = ""
    not_of: tuple[str, ...] = ()
    agency_only: bool = True


TRANSITIONS: Final = (
    Transition(("transfer_out", "leaving"), "open", "", "opened", "frozen", agency_only=False),
    Transition(("death",), "open", "", "opened", "frozen"),
    Transition(("reopening",), "open", "", "opened"),
    Transition(("transfer_in",), "open", "", "received", "open", "receive"),
    Transition((*PAYMENT_KINDS, "reopening"), "reject", "opened", "rejected", "before", not_of=("open",)),
    Transition(("transfer_out", "leaving"), "cancel", "opened", "cancelled", "before", agency_only=False),
    Transition(("death", "reopening"), "cancel", "opened", "cancelled", "before"),
    Transition(PAYMENT_KINDS, "approve", "opened", "approved", not_of=("open",)),
    Transition(("reopening",), "approve", "opened", "reopened", "open", not_of=("open",)),
    Transition(PAYMENT_KINDS, "reject", "approved", "rejected", "before", not_of=("open",)),
    Transition(PAYMENT_KINDS, "pay", "approved", "paid", "closed", "pay", not_of=("approve",)),
    Transition(PAYMENT_KINDS, "return", "paid", "returned", "hold", "give_back"),
    Transition(PAYMENT_KINDS, "return", "returned", "returned", "hold", "give_back"),
    Transition(PAYMENT_KINDS, "repay", "returned", "paid", "release", "pay_again", not_of=("return",)),
)
"""Paid is final but for a bank transfer that comes back: what came back is paid again by somebody other than who registered it."""

_BY_MOVE: Final = {(kind, move.before, move.action): move for move in TRANSITIONS for kind in move.kinds}


def next_step(
    kind: str, steps: Sequence[Step], action: str, actor: Actor, applicant: str
) -> Transition | Refusal:
    """The transition that ``action`` makes on a case with these steps.

    CASE_STEP_NOT_ALLOWED when it does not follow; FORBIDDEN for who is not of the agency, but the ``applicant`` (number of the
    member) may open and cancel; SECOND_PERSON_REQUIRED for who took a step that another person must have taken.
    """
    state = steps[-1].state if steps else ""
    move = _BY_MOVE.get((kind, state, action))
    if move is None:
        now = f"{CASE_KINDS[kind]}{STATES.get(state, '尚未受理')}"
        return Refusal("CASE_STEP_NOT_ALLOWED", f"{now}，不能{ACTIONS.get(action, action)}")
    own = actor.kind == "member" and actor.id == applicant and not move.agency_only
    if actor.kind != "agency" and not own:
        return Refusal("FORBIDDEN", f"{ACTIONS[action]}由经办机构办理")
    if any(step.actor == str(actor) for step in steps if step.action in move.not_of):
        return Refusal(
            "SECOND_PERSON_REQUIRED",
            f"{'、'.join(ACTIONS[one] for one in move.not_of)}的人不能再{ACTIONS[action]}",
        )
    return move
