"""What the supervision room takes and keeps: a complaint, the steps taken with it, and what of both is sealed. Frozen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from gongji.base.actors import Actor

__all__ = ["ANONYMOUS", "KINDS", "TOPICS", "Case", "Complaint", "Personal", "Step"]

KINDS: Final = {"complaint": "投诉", "report": "举报"}
TOPICS: Final = {
    "complaint": {
        "voucher_refused": "拒绝使用医保凭证或拒绝医保结算",
        "charge": "多收费、乱收费",
        "settlement": "结算结果有误",
        "prescription": "处方、购药服务",
        "attitude": "服务态度",
        "agency": "经办服务",
        "other": "其他",
    },
    "report": {
        "false_patient": "假病人（冒名、冒用医保凭证）",
        "false_disease": "假病情（诱导、虚构诊疗）",
        "false_invoice": "假票据、虚记费用",
        "swapped": "串换药品、耗材或诊疗项目",
        "resale": "倒卖医保药品",
        "cash_out": "套取个人账户现金",
        "other": "其他欺诈骗保",
    },
}
"""What a complaint, or a report of fraud, can be about (晋政办发〔2021〕103号 二（五）: 假病人、假病情、假票据)."""

ANONYMOUS: Final = Actor("system", "anonymous")
"""Who reports without saying who he is."""


class Personal(msgspec.Struct, frozen=True):
    """What is sealed of a complaint: the words, who else is meant, and how to reach whoever complains."""

    text: str
    subject: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return "Personal(…)"


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """What is complained of. ``psn_no`` empty: nobody has said who he is; ``institution`` a code of the register or empty."""

    kind: str
    topic: str
    region: str
    psn_no: str = ""
    institution: str = ""
    happened_on: date | None = None


class Step(msgspec.Struct, frozen=True):
    """One step taken; ``actor`` is the text of a ``base.actors.Actor``, ``sealed`` the words that go with it."""

    step_no: int
    action: str
    state: str
    actor: str
    at: datetime
    sealed: bytes | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint with everything that happened to it."""

    complaint_id: int
    complaint: Complaint
    submitted_at: datetime
    sealed: bytes
    steps: tuple[Step, ...]

    @property
    def state(self) -> str:
        return self.steps[-1].state if self.steps else ""

    @property
    def anonymous(self) -> bool:
        return not self.complaint.psn_no

    @property
    def handler(self) -> str:
        """Who has it in hand: the officer who took it, or took it up again, last."""
        return next((step.actor for step in reversed(self.steps) if step.action == "take"), "")

    @property
    def answerers(self) -> frozenset[str]:
        """Everybody who has answered it."""
        return frozenset(step.actor for step in self.steps if step.action == "answer")

    @property
    def objected(self) -> bool:
        """Whether whoever complained was not content with an answer."""
        return any(step.action == "object" for step in self.steps)
