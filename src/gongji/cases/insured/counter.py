"""Settlements of a case's people: terms, quotas and money as at the counter, with the accounts that they move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from gongji.base.money import format_yuan
from gongji.base.reasons import Refusal
from gongji.cases import form
from gongji.cases.compute import outcome_amounts, refund_amounts
from gongji.cases.form import SETTLE, Step
from gongji.cases.insured.families import family_offers
from gongji.cases.insured.form import InsuredStep
from gongji.cases.insured.visits import facts
from gongji.cases.insured.world import World, openings
from gongji.cases.runner import line_ground, line_input
from gongji.kernel import layout
from gongji.members.eligibility import OWN_ACCOUNT, eligibility
from gongji.members.quota import Quota, quota_of
from gongji.members.values import Standing
from gongji.settlement.benefits import ORDINARY, benefit_of
from gongji.settlement.book import Book, Purchase, Refunded, Settled
from gongji.settlement.quota import quota_left, quota_windows
from gongji.settlement.replay import quarter
from gongji.settlement.rules import PersonState, VisitInput


class Drawn(msgspec.Struct, frozen=True):
    """What one settlement took of a chronic quota."""

    key: int
    on: date
    group: str
    disease: str
    fen: int


class Ledger(Book):
    """One person's settlements: a ``Book`` that knows the quotas of month, quarter and year."""

    def __init__(self, world: World, year: int) -> None:
        super().__init__(world.law, openings=openings(world.case, year))
        self.drawn: list[Drawn] = []
        self.quota: Quota | None = None
        """The quotas of the visit that is being settled."""

    def windows(self, purchase: Purchase, quota: Quota) -> tuple[tuple[int, ...], bool]:
        """Limit and use of month, quarter and year, and whether the visit group has drawn on them before."""
        on = purchase.visit.service_on
        mine = [one for one in self.drawn if one.disease == quota.disease]
        year = [one for one in mine if one.on.year == on.year]
        used = (
            sum(one.fen for one in year if one.on.month == on.month),
            sum(one.fen for one in year if quarter(one.on) == quarter(on)),
            sum(one.fen for one in year),
        )
        return quota_windows(quota.limits, used), any(one.fen and one.group == purchase.group for one in mine)

    def state_for(self, purchase: Purchase) -> PersonState:
        state = super().state_for(purchase)
        if self.quota is None:
            return state
        windows, drawn = self.windows(purchase, self.quota)
        return msgspec.structs.replace(
            state, quota_fen=quota_left(windows), quota_drawn=drawn, quota_windows=windows
        )


def _terms(
    world: World, step: InsuredStep, visit: Step, standing: Standing, attributes: dict[str, str]
) -> tuple[str, Quota | None] | Refusal:
    """Benefit and quotas, as ``settlement.inputs`` finds them."""
    disease = step.given.get("disease", "")
    entitlement = standing.chronic.get(disease)
    assert visit.on is not None
    benefit = benefit_of(
        world.law,
        standing.region,
        visit.on,
        entitlement=entitlement,
        dual_channel=[line.dual_channel for line in visit.lines],
        at_pharmacy=attributes["kind"] == "pharmacy",
    )
    if isinstance(benefit, Refusal) or benefit != ORDINARY or not disease:
        return benefit if isinstance(benefit, Refusal) else (benefit, None)
    if entitlement is None:
        return Refusal("NOT_QUALIFIED_CHRONIC", disease)
    quota = quota_of(world.law, standing.region, visit.on, entitlement, attributes)
    return quota if isinstance(quota, Refusal) else (benefit, quota)


def purchase_of(
    world: World,
    step: InsuredStep,
    visit: Step,
    standing: Standing,
    attributes: dict[str, str],
    *,
    accounts: bool,
) -> tuple[Purchase, Quota | None] | Refusal:
    """The visit of a step as a purchase, with the quotas that it draws on."""
    terms = _terms(world, step, visit, standing, attributes)
    if isinstance(terms, Refusal):
        return terms
    benefit, quota = terms
    if quota is not None:
        attributes["disease"] = quota.disease
    assert visit.on is not None
    ground = line_ground(world.law, standing.region, visit.on)
    at_pharmacy = attributes["kind"] == "pharmacy"
    usable = accounts and "card_blocked" not in visit.marks
    return (
        Purchase(
            visit=VisitInput(
                region=standing.region,
                service_on=visit.on,
                benefit=benefit,
                attributes=attributes,
                lines=tuple(
                    line_input(line, str(number), ground, chronic=quota is not None, at_pharmacy=at_pharmacy)
                    for number, line in enumerate(visit.lines, start=1)
                ),
                own_allowed=usable and "no_use_account" not in visit.marks,
                family_allowed=usable and "no_use_family" not in visit.marks,
                allow_draft=True,
                chronic_bp=quota.ratio_bp if quota is not None else None,
            ),
            group=f"{benefit}:{visit.encounter}",
            institution=visit.institution,
            drugs=tuple(line.drug for line in visit.lines if line.drug),
            quota_key=quota.disease if quota is not None else "",
            elsewhere="same_item_elsewhere" in visit.marks,
        ),
        quota,
    )


def _may_pay(world: World, visit: Step, standing: Standing, attributes: dict[str, str]) -> bool:
    """Whether accounts pay at all, whatever the pool does: not after the member's death."""
    assert visit.on is not None
    found = eligibility(world.law, standing, visit.on, attributes, allow_draft=True)
    answer = found.answer(OWN_ACCOUNT)
    return answer is not None and answer.refusal is None


class Counter:
    """The settlements of every person of a case, with the accounts that they move."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.year = next((step.on.year for step in world.case.steps if step.on), 0)
        self.ledgers: dict[str, Ledger] = {}
        self.whose: dict[int, str] = {}
        self.booked: dict[int, Settled | Refunded] = {}

    def ledger(self, name: str) -> Ledger:
        return self.ledgers.setdefault(name, Ledger(self.world, self.year))

    def settle(
        self,
        step: InsuredStep,
        visit: Step,
        standing: Standing,
        attributes: dict[str, str],
        *,
        claim: bool = False,
    ) -> tuple[Purchase, Settled] | Refusal:
        """Settle and move the accounts; a claim moves none."""
        accounts = not claim and _may_pay(self.world, visit, standing, attributes)
        found = purchase_of(self.world, step, visit, standing, attributes, accounts=accounts)
        if isinstance(found, Refusal):
            return found
        purchase, quota = found
        ledger, on = self.ledger(step.who), purchase.visit.service_on
        wallet = self.world.wallets.get(step.who)
        ledger.own_fen = wallet.available_fen if wallet else 0
        ledger.family = family_offers(self.world, step.who, on)
        ledger.quota = quota
        settled = ledger.settle(purchase, step.index)
        if isinstance(settled, Refusal):
            return settled
        water = settled.outcome.waterfall
        if quota is not None:
            ledger.drawn.append(
                Drawn(step.index, on, purchase.group, quota.disease, water[layout.W_CHRONIC_PAY_FEN])
            )
        self.whose[step.index], self.booked[step.index] = step.who, settled
        self._move(step.who, on, water[layout.W_ACCOUNT_FEN], settled.outcome.family_draws, ("pay", "mutual"))
        return purchase, settled

    def refund(self, step: InsuredStep, ref: int) -> Refunded | Refusal:
        who = self.whose.get(ref)
        if who is None:
            return Refusal("SETTLEMENT_NOT_FOUND", str(ref))
        ledger = self.ledger(who)
        refunded = ledger.refund(ref, step.index)
        if isinstance(refunded, Refusal):
            return refunded
        self.booked[step.index] = refunded
        ledger.drawn = [one for one in ledger.drawn if one.key != ref]
        on = step.on or refunded.of.purchase.visit.service_on
        mirror = refunded.mirror
        self._move(
            who, on, mirror.waterfall[layout.W_ACCOUNT_FEN], mirror.family_draws, ("refund", "mutual_refund")
        )
        return refunded

    def _move(
        self, who: str, on: date, own_fen: int, draws: Sequence[tuple[str, int]], kinds: tuple[str, str]
    ) -> None:
        if own_fen:
            self.world.wallet(who, on).move(on, kinds[0], -own_fen)
        for owner, fen in draws:
            self.world.wallet(owner, on).move(on, kinds[1], -fen, who)

    def amounts(self, step: InsuredStep, purchase: Purchase, settled: Settled) -> dict[str, Any]:
        """Everything that a settlement computed, by name."""
        ledger, outcome = self.ledger(step.who), settled.outcome
        year = purchase.visit.service_on.year
        sums = ledger.year(year, purchase.visit.benefit)
        wallet = self.world.wallets.get(step.who)
        left = None
        if ledger.quota is not None:
            left = quota_left(ledger.windows(purchase, ledger.quota)[0])
        found = {
            **outcome_amounts(outcome),
            "clause": outcome.refusal.clause if outcome.refusal else None,
            "benefit": purchase.visit.benefit,
            "draws": tuple(f"{owner} {format_yuan(fen)}" for owner, fen in outcome.family_draws),
            "own_account": wallet.balance_fen if wallet else 0,
            "family_account": sum(fen for _, fen in settled.family_after),
            "chronic_quota_left": left,
            "year": year,
            "ytd_deductible": sums.deductible_fen,
            "ytd_in_scope": sums.in_scope_fen,
            "ytd_pool": sums.fund_fen,
        }
        return {
            name: found[name]
            for name in (*form.EXPECTATIONS[SETTLE], "clause", "benefit", "draws")
            if name in found
        }

    def refunded_amounts(self, step: InsuredStep, refunded: Refunded) -> dict[str, Any]:
        """Everything that a refund computed, by name."""
        asked = Step(step.index, form.REFUND, step.on, "", "", "", "", (), {}, frozenset(), step.ref, {}, "")
        name = self.whose[refunded.of.key]
        wallet = self.world.wallets.get(name)
        found = refund_amounts(self.ledger(name), refunded, asked)
        return {**found, "own_account": wallet.balance_fen if wallet else 0}


def settle_step(counter: Counter, step: InsuredStep) -> dict[str, Any] | Refusal:
    """Settle a visit as at the counter."""
    assert step.visit is not None
    assert step.on is not None
    standing = counter.world.humans[step.who].standing(step.on)
    if not standing.region:
        return Refusal("NOT_INSURED", str(step.on))
    attributes = facts(counter.world, step, step.visit, standing)
    done = counter.settle(step, step.visit, standing, attributes)
    return done if isinstance(done, Refusal) else counter.amounts(step, *done)
