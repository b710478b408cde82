"""A claim with everything that happened to it, and what follows: where it stands, what counts, what is owed."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from gongji.base.reasons import Refusal
from gongji.claims.values import Application, Payment, Payout, Step, Verdict

__all__ = ["Case"]


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
    def payee_changed_by(self) -> str:
        """Who has given another bank account since the receipt, last; empty: nobody."""
        return next((step.actor for step in reversed(self.steps) if step.sealed is not None), "")

    @property
    def settling(self) -> Step | None:
        """The step that began the last settlement: its number is part of the messages' numbers."""
        return next((step for step in reversed(self.steps) if step.action == "begin"), None)

    @property
    def last_payment(self) -> Payment | None:
        """The last movement of money."""
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
