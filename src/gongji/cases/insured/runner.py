"""Running cases of the insured side: each step asks the rooms' own decisions, and every expected name is compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from gongji.base.reasons import Refusal
from gongji.cases.insured import accounting, membership
from gongji.cases.insured.casework import Casebook
from gongji.cases.insured.claimsteps import ClaimDesk
from gongji.cases.insured.contributing import contribute
from gongji.cases.insured.counter import Counter, settle_step
from gongji.cases.insured.form import InsuredCase, InsuredStep
from gongji.cases.insured.law import law_of
from gongji.cases.insured.ops import OPS
from gongji.cases.insured.visits import eligibility_step
from gongji.cases.insured.world import World
from gongji.cases.laws import Laws
from gongji.cases.runner import CaseResult, StepResult, differences
from gongji.settlement.book import Refunded

Taken = dict[str, Any] | Refusal


def run_insured(case: InsuredCase, laws: Laws) -> CaseResult:
    """Run one case: its steps share people, accounts and sums. Raises CaseError."""
    region, law = laws.region(case), law_of(laws, case)
    world = World(case, law, laws.file.path)
    counter = Counter(world)
    operations = _operations(world, counter)
    results = []
    for step in case.steps:
        taken = operations[step.op](step)
        computed = _computed(step, taken)
        booked = taken if isinstance(taken, Refusal) else counter.booked.get(step.index)
        results.append(
            StepResult(step, computed, differences(OPS[step.op].expect, step.expect, computed), booked)
        )
    return CaseResult(case, region, law, tuple(results))


def _operations(world: World, counter: Counter) -> dict[str, Callable[[InsuredStep], Taken]]:
    book, desk = Casebook(world), ClaimDesk(counter)
    of_world: dict[str, Callable[[World, InsuredStep], Taken]] = {
        "standing": membership.standing,
        "voucher": membership.voucher,
        "voucher_change": membership.voucher_change,
        "begin": membership.begin,
        "retire": membership.retire,
        "move": membership.move,
        "end": membership.end,
        "resume": membership.resume,
        "death": membership.death,
        "death_revoked": membership.death_revoked,
        "benefit_stop": membership.benefit_stop,
        "filing": membership.filing,
        "register": membership.register,
        "deadline": membership.deadline_step,
        "eligibility": eligibility_step,
        "contribute": contribute,
        "credit": accounting.credit,
        "interest": accounting.interest,
        "balance": accounting.balance,
        "statement": accounting.statement,
        "bind": accounting.bind,
        "unbind": accounting.unbind,
        "limit": accounting.limit,
        "premium": accounting.premium,
    }
    return {
        **{name: partial(take, world) for name, take in of_world.items()},
        "settle": partial(settle_step, counter),
        "refund": partial(_refund, counter),
        "claim": desk.claim,
        "claim_step": desk.take,
        "withdraw": book.withdraw,
        "transfer_out": book.transfer_out,
        "transfer_in": book.transfer_in,
        "case": book.take,
    }


def _refund(counter: Counter, step: InsuredStep) -> Taken:
    refunded = counter.refund(step, step.ref or 0)
    if isinstance(refunded, Refunded):
        return counter.refunded_amounts(step, refunded)
    return refunded


def _computed(step: InsuredStep, taken: Taken) -> dict[str, Any]:
    """By name; a refusal has its code and clause. An operation that was accepted has no ``reason``."""
    known = OPS[step.op].expect
    if not isinstance(taken, Refusal):
        found = {"reason": None, **taken}
    elif "error" in known:
        found = {"error": taken.code, "clause": taken.clause}
    else:
        found = {"reason": taken.code, "clause": taken.clause, "detail": taken.detail}
    return {name: found[name] for name in known if name in found}
