"""The life of an agreement as one table: in which state which step may be taken, by whom, what else must hold, and where it leads.

received → (returned → received) → accepted → evaluating → qualified → negotiating → agreed → signed → active ⇄ suspended →
terminated or expired. What gives or takes standing is proposed by one officer and confirmed by another (``confirm``); until then
nothing holds. The guards are in ``providers.guards``. Source: 国家医疗保障局令第2号、第3号, 晋医保办发〔2022〕27号 第四条,
医保办发〔2023〕4号 三（三）(有进有出).
"""

from __future__ import annotations

from typing import Final

import msgspec

from gongji.base import lifecycle
from gongji.base.lifecycle import Lifecycle
from gongji.base.reasons import Refusal
from gongji.providers import guards
from gongji.providers.guards import Asked

__all__ = ["ACTIONS", "BACK", "OPEN", "PENDING", "STATES", "TABLE", "Transition", "table_text", "transition"]

STATES: Final[dict[str, str]] = {
    "received": "已收到申请，待受理",
    "returned": "退回补正",
    "refused": "不予受理",
    "withdrawn": "已撤回",
    "accepted": "已受理，待评估",
    "evaluating": "评估中",
    "failed": "评估不合格，可整改",
    "rejected": "再次评估不合格",
    "qualified": "评估合格，待协商",
    "negotiating": "协商谈判中",
    "unagreed": "协商未达成一致",
    "agreed": "协商一致，待签约",
    "signed": "双方已签，待复核",
    "active": "协议有效",
    "suspending": "拟中止，待复核",
    "suspended": "协议中止",
    "resuming": "拟恢复，待复核",
    "renewing": "拟续签，待复核",
    "terminating": "拟解除，待复核",
    "terminated": "协议解除",
    "expired": "协议到期终止",
    "barring": "拟限制申请，待复核",
    "reported": "变更已报告，待复核",
    "changed": "变更已登记",
    "unchanged": "变更未登记",
}
ACTIONS: Final[dict[str, str]] = {
    "apply": "申请",
    "adopt": "转入",
    "report": "报告变更",
    "return": "退回补正",
    "supplement": "补正",
    "accept": "受理",
    "refuse": "不予受理",
    "withdraw": "撤回",
    "convene": "组成评估小组",
    "qualify": "评定合格",
    "fail": "评定不合格",
    "reject_application": "再次评定不合格",
    "rectify": "整改后再申请评估",
    "negotiate": "协商谈判",
    "agree": "协商一致",
    "break_off": "协商不成",
    "sign": "签约",
    "suspend": "提出中止",
    "resume": "提出恢复",
    "renew": "提出续签",
    "terminate": "提出解除",
    "bar": "提出限制申请",
    "confirm": "复核同意",
    "reject": "复核不同意",
    "expire": "到期",
    "end": "随基础协议终止",
}
BACK: Final = "<"
"""Leads back to the state before the decision was proposed."""
PENDING: Final = ("signed", "suspending", "resuming", "renewing", "terminating", "barring", "reported")
"""States in which a decision waits for a second person."""
OVER: Final = (
    "refused",
    "withdrawn",
    "rejected",
    "unagreed",
    "terminated",
    "expired",
    "barring",
    "changed",
    "unchanged",
)
OPEN: Final = tuple(state for state in STATES if state not in OVER)
"""States in which an agreement is on its way or in force."""


Transition = lifecycle.Transition[Asked]
_AGENCY: Final = ("agency",)
_EITHER: Final = ("agency", "institution")
_PROGRAM: Final = ("agency", "system")
_SYSTEM: Final = ("system",)

TABLE: Final = (
    Transition("", "apply", _EITHER, "received"),
    Transition("", "adopt", _SYSTEM, "active"),
    Transition("", "report", _EITHER, "reported", (guards.reported_in_full,)),
    Transition("received", "return", _AGENCY, "returned", (guards.returned_once,)),
    Transition("received", "supplement", _EITHER, "received"),
    Transition("received", "accept", _AGENCY, "accepted", (guards.nothing_missing,)),
    Transition("received", "refuse", _AGENCY, "refused", (guards.says_why,)),
    Transition("received", "withdraw", _EITHER, "withdrawn"),
    Transition("returned", "supplement", _EITHER, "received"),
    Transition("returned", "refuse", _AGENCY, "refused", (guards.says_why,)),
    Transition("returned", "withdraw", _EITHER, "withdrawn"),
    Transition("accepted", "convene", _AGENCY, "evaluating", (guards.panel_fit,)),
    Transition("accepted", "withdraw", _EITHER, "withdrawn"),
    Transition("evaluating", "convene", _AGENCY, "evaluating", (guards.panel_fit,)),
    Transition("evaluating", "qualify", _AGENCY, "qualified", (guards.scored, guards.passed)),
    Transition("evaluating", "fail", _AGENCY, "failed", (guards.scored, guards.not_passed, guards.first_time)),
    Transition(
        "evaluating", "reject_application", _AGENCY, "rejected",
        (guards.scored, guards.not_passed, guards.second_time),
    ),
    Transition("failed", "rectify", _EITHER, "accepted", (guards.rectified,)),
    Transition("failed", "withdraw", _EITHER, "withdrawn"),
    Transition("qualified", "negotiate", _AGENCY, "negotiating", (guards.says_why,)),
    Transition("qualified", "withdraw", _EITHER, "withdrawn"),
    Transition("negotiating", "negotiate", _AGENCY, "negotiating", (guards.says_why,)),
    Transition("negotiating", "agree", _AGENCY, "agreed"),
    Transition("negotiating", "break_off", _AGENCY, "unagreed", (guards.says_why,)),
    Transition("agreed", "sign", _AGENCY, "signed", (guards.signed_by_both, guards.not_backdated)),
    Transition("agreed", "break_off", _AGENCY, "unagreed", (guards.says_why,)),
    Transition("signed", "confirm", _AGENCY, "active", (guards.second_person, guards.still_ahead)),
    Transition("signed", "reject", _AGENCY, "agreed", (guards.second_person,)),
    Transition("active", "suspend", _AGENCY, "suspending", (guards.suspension_fit, guards.not_backdated)),
    Transition("active", "renew", _AGENCY, "renewing", (guards.signed_by_both, guards.renewal_fit)),
    Transition("active", "terminate", _AGENCY, "terminating", (guards.termination_fit, guards.not_backdated)),
    Transition("active", "expire", _PROGRAM, "expired", (guards.term_over,)),
    Transition("suspending", "confirm", _AGENCY, "suspended", (guards.second_person, guards.still_ahead)),
    Transition("suspending", "reject", _AGENCY, BACK, (guards.second_person,)),
    Transition("suspended", "resume", _AGENCY, "resuming", (guards.says_why, guards.not_backdated, guards.term_left)),
    Transition("suspended", "terminate", _AGENCY, "terminating", (guards.termination_fit, guards.not_backdated)),
    Transition("suspended", "expire", _PROGRAM, "expired", (guards.term_over,)),
    Transition("resuming", "confirm", _AGENCY, "active", (guards.second_person, guards.still_ahead)),
    Transition("resuming", "reject", _AGENCY, BACK, (guards.second_person,)),
    Transition("renewing", "confirm", _AGENCY, "active", (guards.second_person, guards.still_ahead)),
    Transition("renewing", "reject", _AGENCY, BACK, (guards.second_person,)),
    Transition("terminating", "confirm", _AGENCY, "terminated", (guards.second_person, guards.still_ahead)),
    Transition("terminating", "reject", _AGENCY, BACK, (guards.second_person,)),
    Transition("terminated", "bar", _AGENCY, "barring", (guards.says_why,)),
    Transition("expired", "bar", _AGENCY, "barring", (guards.says_why,)),
    Transition("barring", "confirm", _AGENCY, BACK, (guards.second_person,)),
    Transition("barring", "reject", _AGENCY, BACK, (guards.second_person,)),
    *(
        Transition(state, "end", _SYSTEM, "terminated")
        for state in ("signed", "active", "suspending", "suspended", "resuming", "renewing", "terminating")
    ),
    Transition("reported", "confirm", _AGENCY, "changed", (guards.second_person, guards.class_ahead)),
    Transition("reported", "reject", _AGENCY, "unchanged", (guards.second_person,)),
)  # fmt: skip
_LIFE: Final = Lifecycle(TABLE, states=STATES, actions=ACTIONS, refused="AGREEMENT_STATE", before="尚未申请")
_WHO: Final = {"agency": "经办机构", "institution": "医药机构", "system": "系统"}


def transition(asked: Asked, action: str) -> Transition | Refusal:
    """The row by which ``action`` may be taken now (``next`` already resolved), or why it may not.

    An institution acts on its own dossiers only; to anybody else's it is told that there is none (AGREEMENT_NOT_FOUND).
    """
    dossier, actor = asked.dossier, asked.actor
    if actor.kind == "institution" and actor.id != dossier.code:
        return Refusal("AGREEMENT_NOT_FOUND", str(dossier.dossier_id))
    row = _LIFE.row(asked, dossier.state, action, actor.kind)
    if isinstance(row, Refusal) or row.next != BACK:
        return row
    return msgspec.structs.replace(row, next=dossier.before_pending)


def table_text() -> str:
    """The table in Markdown, as the guide shows it."""
    lines = ["| 状态 | 办理 | 谁 | 条件 | 之后 |", "|---|---|---|---|---|"]
    for row in TABLE:
        state = STATES[row.state] if row.state else "—"
        who = "、".join(_WHO[one] for one in row.who)
        after = "原状态" if row.next == BACK else STATES[row.next]
        conditions = "；".join(guards.WORDS[guard] for guard in row.guards) or "—"
        lines.append(f"| {state} | {ACTIONS[row.action]} | {who} | {conditions} | {after} |")
    return "\n".join(lines) + "\n"
