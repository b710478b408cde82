"""The file of one agreement (or one change) of an institution: what was asked for, and every step taken with it.

A dossier lives as long as its agreement: application, evaluation, negotiation, signature, suspension, renewal, end. A change of
an institution's particulars is a small dossier of its own (``layer`` change). Personal data (representative, bank account) are
sealed apart. Source: 医疗机构、零售药店医疗保障定点管理暂行办法 (国家医疗保障局令第2号、第3号), 晋医保办发〔2022〕27号 第四条.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from gongji.providers.values import ProviderState

__all__ = [
    "CHANGES",
    "LAYERS",
    "Application",
    "Bank",
    "Content",
    "Decision",
    "Dossier",
    "Evidence",
    "Head",
    "Panelist",
    "Personal",
    "Profile",
    "Representative",
    "Score",
    "Step",
    "Term",
]

LAYERS: Final[dict[str, str]] = {
    "base": "医保定点协议",
    "pooled": "门诊统筹补充协议",
    "internet": "互联网医疗补充协议",
    "change": "信息变更",
}
CHANGES: Final[dict[str, str]] = {
    "name": "名称",
    "address": "地址",
    "scope": "诊疗科目或经营范围",
    "hosp_lv": "医院等级",
    "level": "级别",
    "fee_class": "收费类别",
    "representative": "法定代表人",
    "bank": "银行账户",
}
"""What an institution reports when it changes (重大信息变更); the last two are sealed."""
SEALED: Final = frozenset({"representative", "bank"})
TAKING_EFFECT: Final = frozenset({"confirm", "end"})
"""Actions whose decision holds from its day on."""


class Representative(msgspec.Struct, frozen=True):
    """The legal representative (法定代表人)."""

    name: str = ""
    cert_no: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return "Representative(…)"


class Bank(msgspec.Struct, frozen=True):
    """The account to which funds are paid."""

    holder: str = ""
    bank: str = ""
    number: str = ""

    def __repr__(self) -> str:
        return "Bank(…)"


class Personal(msgspec.Struct, frozen=True):
    """What is sealed; in a change only what is new."""

    representative: Representative | None = None
    bank: Bank | None = None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """An institution as it states itself. ``kind`` as in ``providers.models``; ``class_document`` is the paper by which the price
    authority set the fee class (decision A30: nothing is derived from the level).
    """

    code: str
    name: str
    uscc: str
    kind: str
    region: str
    opened_on: date
    hosp_lv: str = ""
    address: str = ""
    scope: str = ""
    public: bool = False
    level: str = ""
    fee_class: str = ""
    class_document: str = ""


class Evidence(msgspec.Struct, frozen=True):
    """What proves a condition or is handed in: its code in the law, and the paper."""

    code: str
    document: str


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """An application for an agreement of ``layer``; ``host``: the institution that an internet hospital is bound to."""

    layer: str
    profile: Profile
    received_on: date
    conditions: tuple[Evidence, ...] = ()
    documents: tuple[Evidence, ...] = ()
    host: str = ""


class Panelist(msgspec.Struct, frozen=True):
    """A member of an evaluation panel (评估小组), with the professions that he stands for."""

    name: str
    employer: str
    fields: tuple[str, ...]


class Score(msgspec.Struct, frozen=True):
    """Points (0–100) that a panel member gives for a criterion."""

    member: str
    criterion: str
    points: int


class Term(msgspec.Struct, frozen=True):
    """An indicator that the parties agree on, with its limit (协议指标)."""

    indicator: str
    limit: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed by one officer and holds when another has confirmed it.

    ``kind``: sign, renew, suspend, resume, terminate, bar, change. ``retroactive`` says why it holds from a day that is past;
    ``requested_on`` is the institution's own request. ``until_on`` is the last day (of the term, of the suspension).
    """

    kind: str
    from_on: date
    until_on: date | None = None
    ground: str = ""
    note: str = ""
    retroactive: str = ""
    requested_on: date | None = None
    version: str = ""
    signer: str = ""
    agency_signer: str = ""
    terms: tuple[Term, ...] = ()
    barred_until: date | None = None
    representative_barred_until: date | None = None
    field: str = ""
    value: str = ""
    document: str = ""
    approved_on: date | None = None
    late: bool = False


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a step says besides who took it when."""

    note: str = ""
    missing: tuple[str, ...] = ()
    conditions: tuple[Evidence, ...] = ()
    documents: tuple[Evidence, ...] = ()
    panel: tuple[Panelist, ...] = ()
    scores: tuple[Score, ...] = ()
    unmet: tuple[str, ...] = ()
    mark_e2: int | None = None
    decision: Decision | None = None


class Step(msgspec.Struct, frozen=True):
    """One step as a fact; ``state`` is where it left the dossier."""

    step_no: int
    action: str
    state: str
    actor: str
    at: datetime
    content: Content
    sealed: bytes | None = None


class Head(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a dossier begins with: an application, or rows that another system brought along (adopted)."""

    application: Application | None = None
    rows: tuple[ProviderState, ...] = ()


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement or change with everything that happened to it."""

    code: str
    dossier_id: int
    layer: str
    kind: str
    region: str
    uscc: str
    received_on: date
    head: Head
    steps: tuple[Step, ...]
    sealed: bytes | None = None

    @property
    def application(self) -> Application | None:
        return self.head.application

    @property
    def state(self) -> str:
        return self.steps[-1].state if self.steps else ""

    @property
    def last(self) -> Step:
        return self.steps[-1]

    def steps_of(self, *actions: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.action in actions)

    @property
    def pending(self) -> Decision | None:
        """The decision that waits for a second person."""
        return self.last.content.decision if self.last.action not in TAKING_EFFECT else None

    @property
    def before_pending(self) -> str:
        """The state to which a rejected decision returns."""
        return self.steps[-2].state

    @property
    def effective(self) -> tuple[Decision, ...]:
        """Decisions in force, in the order in which they were confirmed."""
        return tuple(
            step.content.decision
            for step in self.steps
            if step.action in TAKING_EFFECT and step.content.decision is not None
        )

    @property
    def host(self) -> str:
        """The institution that an internet hospital is bound to."""
        return self.application.host if self.application else ""

    @property
    def term_until_on(self) -> date | None:
        """The last day of the agreement's latest term; None: open (an adopted one without end) or not signed."""
        terms = [one.until_on for one in self.effective if one.kind in ("sign", "renew")]
        return terms[-1] if terms else self.term_adopted_until_on

    @property
    def term_adopted_until_on(self) -> date | None:
        """The last day of what another system brought along; None: open, or nothing brought."""
        ends = [row.until_on for row in self.head.rows]
        return None if not ends or None in ends else max(end for end in ends if end is not None)

    @property
    def conditions(self) -> dict[str, str]:
        """Conditions that are proved so far, with their papers."""
        return self._given("conditions")

    @property
    def documents(self) -> dict[str, str]:
        """Documents handed in so far."""
        return self._given("documents")

    def _given(self, name: str) -> dict[str, str]:
        first: tuple[Evidence, ...] = getattr(self.application, name) if self.application else ()
        given = {one.code: one.document for one in first}
        for step in self.steps_of("supplement", "rectify"):
            given |= {one.code: one.document for one in getattr(step.content, name)}
        return {code: document for code, document in given.items() if document.strip()}
