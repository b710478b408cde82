"""One person's settlements in memory: years, visit groups, quotas, balances, refunds, by the same rules as
the engine.

Used by ``gongji cases run`` and by tests as an oracle: nothing is accumulated here, every balance before a
visit is derived from the facts so far, so that it can be held against what a database keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law
from gongji.settlement import replay
from gongji.settlement.rules import Outcome, PersonState, VisitInput, decide


class Purchase(msgspec.Struct, frozen=True):
    """A visit with what the person's history needs beside its arithmetic.

    ``group``: visit group (A10); ``institution``: who serves; ``drugs``: prescription items of the lines
    (A16); ``quota_key``: the chronic quota that carve-out lines draw on, "" for none.
    """

    visit: VisitInput
    group: str
    institution: str = ""
    drugs: tuple[str, ...] = ()
    quota_key: str = ""
    elsewhere: bool = False


class Settled(msgspec.Struct, frozen=True):
    """A settlement as booked, with the balances it left."""

    key: int
    purchase: Purchase
    outcome: Outcome
    own_after_fen: int
    family_after: tuple[tuple[str, int], ...]
    quota_after_fen: int


class Refunded(msgspec.Struct, frozen=True):
    """A reversal as booked: mirrored amounts, balances it left, later settlements that would now differ."""

    key: int
    of: Settled
    mirror: replay.Mirror
    proposals: tuple[replay.Proposal, ...]
    own_after_fen: int
    family_after: tuple[tuple[str, int], ...]


class YearSums(msgspec.Struct, frozen=True):
    """What one calendar year of one benefit adds up to."""

    deductible_fen: int
    in_scope_fen: int
    fund_fen: int


class Book:
    """The book of one person. ``family`` are the balances offered, in binding order; ``quotas`` chronic
    quotas left."""

    def __init__(
        self,
        law: Law,
        *,
        own_fen: int = 0,
        family: tuple[tuple[str, int], ...] = (),
        openings: tuple[replay.Opening, ...] = (),
        quotas: Mapping[str, int] | None = None,
    ) -> None:
        self.law = law
        self.own_fen = own_fen
        self.family = dict(family)
        self.openings = openings
        self.quotas = dict(quotas or {})
        self.settled: dict[int, Settled] = {}
        self.refunded: dict[int, Refunded] = {}
        self._pasts: list[replay.Past] = []

    def state_for(self, purchase: Purchase) -> PersonState:
        """What the person brings to ``purchase``, derived from everything booked so far."""
        visit = purchase.visit
        acc, charged = replay.state_before(
            self._pasts, self.openings, visit.service_on, purchase.group, visit.benefit
        )
        return PersonState(
            acc=acc,
            own_fen=self.own_fen,
            family=tuple(self.family.items()),
            quota_fen=self.quotas.get(purchase.quota_key, layout.NONE),
            charged=charged,
            quota_drawn=any(
                past.chronic_fen > 0 and past.quota_key == purchase.quota_key
                for past in self._pasts
                if past.group == purchase.group and not past.reversed
            ),
        )

    def settle(self, purchase: Purchase, key: int) -> Settled | Refusal:
        """Decide ``purchase`` and book it under ``key``; a refusal books nothing."""
        elsewhere = self._same_drug_elsewhere(purchase)
        if elsewhere is not None:
            return elsewhere
        state = self.state_for(purchase)
        outcome = decide(self.law, purchase.visit, state)
        if isinstance(outcome, Refusal):
            return outcome
        self._move(outcome.waterfall[layout.W_ACCOUNT_FEN], outcome.family_draws)
        chronic = outcome.waterfall[layout.W_CHRONIC_PAY_FEN]
        if purchase.quota_key in self.quotas:
            self.quotas[purchase.quota_key] -= chronic
        self._pasts.append(
            replay.past_of(
                key,
                purchase.visit,
                purchase.group,
                outcome,
                purchase.quota_key,
                state.quota_fen,
                state.quota_drawn,
            )
        )
        settled = Settled(
            key=key,
            purchase=purchase,
            outcome=outcome,
            own_after_fen=self.own_fen,
            family_after=tuple(self.family.items()),
            quota_after_fen=self.quotas.get(purchase.quota_key, layout.NONE),
        )
        self.settled[key] = settled
        return settled

    def refund(self, of_key: int, key: int) -> Refunded | Refusal:
        """Reverse the whole settlement ``of_key`` (A14); later settlements stay, those that would differ
        are listed (A15)."""
        settled = self.settled.get(of_key)
        if settled is None:
            return Refusal("SETTLEMENT_NOT_FOUND", str(of_key))
        if any(refund.of.key == of_key for refund in self.refunded.values()):
            return Refusal("ALREADY_REVERSED", str(of_key))
        outcome = settled.outcome
        mirror = replay.reverse(outcome.waterfall, outcome.splits, outcome.family_draws)
        self._move(mirror.waterfall[layout.W_ACCOUNT_FEN], mirror.family_draws)
        if settled.purchase.quota_key in self.quotas:
            self.quotas[settled.purchase.quota_key] -= mirror.waterfall[layout.W_CHRONIC_PAY_FEN]
        self._pasts = [
            msgspec.structs.replace(past, reversed=True) if past.key == of_key else past
            for past in self._pasts
        ]
        refunded = Refunded(
            key=key,
            of=settled,
            mirror=mirror,
            proposals=replay.replay_proposals(self.law, self._pasts, self.openings, of_key),
            own_after_fen=self.own_fen,
            family_after=tuple(self.family.items()),
        )
        self.refunded[key] = refunded
        return refunded

    def year(self, year: int, benefit: str = "ordinary") -> YearSums:
        """Deductible charged, in-scope cost and fund paid in ``year``."""
        acc, _ = replay.state_before(self._pasts, self.openings, date(year, 12, 31), "", benefit)
        return YearSums(
            acc[layout.ACC_DEDUCTIBLE_YEAR_FEN],
            acc[layout.ACC_IN_SCOPE_YEAR_FEN],
            acc[layout.ACC_FUND_YEAR_FEN],
        )

    @property
    def family_fen(self) -> int:
        """Sum of the relatives' balances."""
        return sum(self.family.values())

    def _move(self, own_fen: int, draws: tuple[tuple[str, int], ...]) -> None:
        self.own_fen -= own_fen
        for owner, fen in draws:
            self.family[owner] -= fen

    def _same_drug_elsewhere(self, purchase: Purchase) -> Refusal | None:
        """One prescription item is dispensed wholly by one institution (A16, 晋医保办发〔2022〕27号
        第十四条)."""
        if purchase.elsewhere:
            return Refusal("SAME_DRUG_DIFFERENT_INSTITUTION")
        reversed_keys = {refund.of.key for refund in self.refunded.values()}
        for earlier in self.settled.values():
            before = earlier.purchase
            if earlier.key in reversed_keys or before.group != purchase.group:
                continue
            shared = sorted(set(before.drugs) & set(purchase.drugs))
            if shared and before.institution != purchase.institution:
                return Refusal(
                    "SAME_DRUG_DIFFERENT_INSTITUTION", f"{shared[0]}，已在{before.institution}购买"
                )
        return None
