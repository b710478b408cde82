"""What the claims room takes and keeps: an application with its visits, the steps taken with it. Frozen; amounts are fen."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import msgspec

from gongji.base.reasons import Refusal
from gongji.encounters.values import FeeLine
from gongji.providers.values import ProviderDay

__all__ = [
    "Agent",
    "Application",
    "Case",
    "ClaimVisit",
    "Payee",
    "Payment",
    "Payout",
    "Personal",
    "Place",
    "Received",
    "Step",
    "StepContent",
    "Verdict",
    "normal_text",
]


def normal_text(text: str) -> str:
    """Text as it is compared: full-width forms made half-width, without blanks, letters in capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the care was given. An institution that is on our books is known by ``code`` alone; of any other one the
    application and its evidence say the rest. ``level``: 3, 2, 1, 0 (未定级) or empty (不明)."""

    code: str = ""
    name: str = ""
    region: str = ""
    kind: str = "hospital"
    level: str = ""
    fee_class: str = ""
    designated: bool = False
    pooled_agreement: bool = False
    direct_settlement: bool = False

    @property
    def key(self) -> str:
        """By which the institution's invoices are told from another's."""
        return normal_text(self.code or self.name)

    def day(self) -> ProviderDay:
        """The place as the rooms below know institutions; what an application states holds on every day."""
        return ProviderDay(
            code=self.code,
            name=self.name,
            region=self.region,
            kind=self.kind,
            hosp_lv="",
            designated=self.designated,
            pooled_agreement=self.designated and self.pooled_agreement,
            fee_class=self.fee_class,
            level=self.level,
            direct_settlement=self.direct_settlement,
        )


class ClaimVisit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One visit of a claim: settled by itself, by the law of its own day of service.

    ``voucher_type``: mdtrt_cert_type that was shown at the institution, empty when none was. ``excluded``: WORK_INJURY,
    THIRD_PARTY, PUBLIC_HEALTH, ABROAD or none. ``prescription``: the pharmacy's bill comes with a prescription that held.
    """

    visit_no: int
    service_on: date
    invoice_no: str
    lines: tuple[FeeLine, ...]
    visit_id: int = 0
    """Allotted at receipt: the visit's number in the settlements."""
    diagnosis: str = ""
    disease_code: str = ""
    med_type: str = "11"
    voucher_type: str = ""
    emergency: bool = False
    excluded: str = "none"
    prescription: bool = False

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)


class Application(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is applied for. ``documents`` are codes of the law's checklists; ``system_failure``: direct settlement was possible
    there but failed, as a document says (decision A33)."""

    psn_no: str
    received_on: date
    place: Place
    visits: tuple[ClaimVisit, ...]
    total_fen: int
    documents: tuple[str, ...] = ()
    system_failure: bool = False
    by_agent: bool = False


class Agent(msgspec.Struct, frozen=True):
    """Who applies for the member, with a power of attorney (受托人)."""

    name: str
    cert_no: str
    phone: str

    def __repr__(self) -> str:
        return "Agent(…)"


class Payee(msgspec.Struct, frozen=True):
    """The account that the money goes to."""

    holder: str
    bank: str
    account_no: str

    def __repr__(self) -> str:
        return f"Payee({self.masked!r})"

    @property
    def masked(self) -> str:
        """The account number but for its last four digits."""
        return "*" * max(0, len(self.account_no) - 4) + self.account_no[-4:]


class Personal(msgspec.Struct, frozen=True):
    """What is sealed of an application."""

    payee: Payee
    phone: str = ""
    agent: Agent | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What the first review takes out of a fee line, and why: a code of the closed set and words."""

    key: str
    out_fen: int
    reason: str
    note: str = ""


class Payout(msgspec.Struct, frozen=True):
    """One visit as the engine has settled it; ``fund_fen`` is what the fund pays the member."""

    visit_no: int
    settlement_id: int
    total_fen: int
    fund_fen: int
    in_scope_fen: int
    deductible_fen: int
    refusal: str = ""


class Payment(msgspec.Struct, frozen=True):
    """Money that moved: out (positive) or back (negative). ``payment_id`` is its journal entry."""

    payment_id: int
    amount_fen: int
    reference: str
    on: date


class StepContent(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a step says beyond who, when and to which state; only what belongs to its action is filled."""

    note: str = ""
    documents: tuple[str, ...] = ()
    """Missing (return) or handed in (supplement)."""
    verdicts: tuple[Verdict, ...] = ()
    refusal: Refusal | None = None
    refused_visits: tuple[tuple[int, Refusal], ...] = ()
    """Visits that the pool does not pay, by number, as decided at receipt and at the reviews."""
    payouts: tuple[Payout, ...] = ()
    reversals: tuple[int, ...] = ()
    """Reversing settlements."""
    payment: Payment | None = None


class Step(msgspec.Struct, frozen=True):
    """One step taken with a claim; ``actor`` is the text of a ``base.actors.Actor``."""

    step_no: int
    action: str
    state: str
    actor: str
    at: datetime
    fund_fen: int
    paid_fen: int
    content: StepContent
    sealed: bytes | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A claim with everything that happened to it. ``due_on`` None: the holidays of its year are not published yet."""

    claim_id: int
    region: str
    received_at: datetime
    received_by: str
    application: Application
    due_on: date | None
    sealed: bytes
    steps: tuple[Step, ...]

    @property
    def psn_no(self) -> str:
        return self.application.psn_no

    @property
    def state(self) -> str:
        return self.steps[-1].state

    @property
    def fund_fen(self) -> int:
        """The fund's part as settled now."""
        return sum(step.fund_fen for step in self.steps)

    @property
    def paid_fen(self) -> int:
        return sum(step.paid_fen for step in self.steps)

    @property
    def open_fen(self) -> int:
        """What is still to be paid; negative: to be taken back."""
        return self.fund_fen - self.paid_fen

    @property
    def documents(self) -> frozenset[str]:
        """Everything handed in so far."""
        later = (
            code for step in self.steps if step.action == "supplement" for code in step.content.documents
        )
        return frozenset((*self.application.documents, *later))

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Those of the latest review or correction."""
        return self._last_review.content.verdicts if self._last_review else ()

    @property
    def refused_visits(self) -> dict[int, Refusal]:
        """Visits that are not settled, with the reason: of the latest review, before it of the receipt."""
        step = self._last_review or self.steps[0]
        return dict(step.content.refused_visits)

    @property
    def payouts(self) -> tuple[Payout, ...]:
        """The visits as they are settled now."""
        live: tuple[Payout, ...] = ()
        for step in self.steps:
            if step.action in ("settle", "unsettle"):
                live = step.content.payouts
        return live

    @property
    def reviewer(self) -> str:
        """Who has reviewed last, as the first of two."""
        return self._last_review.actor if self._last_review else ""

    @property
    def reviewers(self) -> frozenset[str]:
        """Everybody who has judged the claim, first or second."""
        return frozenset(s.actor for s in self.steps if s.action in ("review", "approve", "correct"))

    @property
    def settling(self) -> Step | None:
        """The step that began the settlement under way or last done: its number is part of the messages' numbers."""
        return next((step for step in reversed(self.steps) if step.action == "begin"), None)

    @property
    def last_payment(self) -> Payment | None:
        """The payment that stands, if the last movement was one."""
        return next((s.content.payment for s in reversed(self.steps) if s.content.payment), None)

    @property
    def _last_review(self) -> Step | None:
        """The review or correction that counts: one that the second person dropped does not."""
        reviews: list[Step] = []
        for step in self.steps:
            if step.action in ("review", "correct"):
                reviews.append(step)
            elif step.action == "drop":
                reviews.pop()
        return reviews[-1] if reviews else None


class Received(msgspec.Struct, frozen=True):
    """An application as it was taken in: what is still missing, what the pool will not pay, when it is due.

    ``deadline`` is a Refusal where the term cannot be counted yet (the holidays of a year are not published)."""

    claim_id: int
    state: str
    missing: tuple[str, ...]
    refused_visits: tuple[tuple[int, Refusal], ...]
    deadline: date | Refusal
