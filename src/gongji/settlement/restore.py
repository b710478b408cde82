"""From a stored fact back to what was decided: the outcome for readers, and the input for a replay. Pure."""

from __future__ import annotations

from gongji.base.reasons import Refusal
from gongji.kernel import layout
from gongji.policy import Law, Row
from gongji.settlement import facts
from gongji.settlement.basis import Basis
from gongji.settlement.facts import Fact
from gongji.settlement.replay import Mirror
from gongji.settlement.rules import Outcome, PersonState, VisitInput, basis, chronic_terms

__all__ = ["restore", "state_of", "visit_of"]


def visit_of(fact: Fact) -> VisitInput:
    """The visit as it was put to the law."""
    return VisitInput(
        region=fact.region,
        service_on=fact.service_on,
        benefit=fact.benefit,
        attributes=facts.parse_attributes(fact.attributes),
        lines=facts.lines_of(fact),
        own_allowed=bool(fact.options & facts.OPTION_OWN),
        family_allowed=bool(fact.options & facts.OPTION_FAMILY),
        allow_draft=bool(fact.options & facts.OPTION_DRAFT),
        chronic_bp=fact.quota_ratio_bp,
    )


def state_of(fact: Fact) -> PersonState:
    """The person's state as it was when the fact was decided; the window of the deductible is filled in already."""
    return PersonState(
        acc=tuple(fact.acc_before),
        own_fen=fact.own_fen,
        family=tuple(zip(fact.family, fact.family_offered, strict=True)),
        quota_fen=fact.quota_fen,
        quota_drawn=bool(fact.options & facts.OPTION_QUOTA_DRAWN),
    )


def restore(fact: Fact, law: Law | None, mirror: Mirror | None = None) -> Outcome:
    """The outcome of ``fact``, or with ``mirror`` of its reversal, from what is stored; nothing is computed again.

    The row is that of ``law`` when it is the law of the fact's digest; otherwise its cells are UNSET: amounts are known, the
    articles behind them are not.
    """
    return Outcome(
        row=_row(fact, law),
        waterfall=mirror.waterfall if mirror else tuple(fact.waterfall),
        splits=mirror.splits if mirror else tuple(fact.splits),
        lines=facts.lines_of(fact),
        acc_before=tuple(fact.acc_before),
        acc_after=tuple(fact.acc_after),
        family_draws=mirror.family_draws if mirror else tuple(fact.draws),
        refusal=_refusal(fact, law),
        ratio_bp=fact.ratio_bp,
        wallet=_wallet(fact, law),
        quota_windows=tuple(fact.quota_windows),
    )


def _ground(fact: Fact, law: Law | None) -> Basis | None:
    """The legal basis of the fact, when ``law`` is the law of its digest."""
    if law is None or law.digest != fact.policy_digest.hex():
        return None
    ground = basis(visit_of(fact), law)
    return None if isinstance(ground, Refusal) else ground


def _refusal(fact: Fact, law: Law | None) -> Refusal | None:
    """Why the pool paid nothing, with its article where the law of the day is at hand."""
    if not fact.refusal:
        return None
    ground = _ground(fact, law)
    known = ground.refusal if ground is not None else None
    return known if known is not None and known.code == fact.refusal else Refusal(fact.refusal)


def _wallet(fact: Fact, law: Law | None) -> tuple[int, int, int]:
    """What was offered: the chronic quota, the own account and relatives' accounts; a balance that might not pay was not."""
    ground = _ground(fact, law)
    open_ = ground is None or ground.accounts_may_pay
    own = fact.own_fen if open_ and fact.options & facts.OPTION_OWN else 0
    return (fact.quota_fen, max(0, own), sum(fact.family_offered) if open_ else 0)


def _row(fact: Fact, law: Law | None) -> Row:
    ground = _ground(fact, law)
    if ground is not None:
        return chronic_terms(ground.row, visit_of(fact), state_of(fact))
    return Row(
        cells=(layout.UNSET,) * layout.ROW_SIZE,
        sources=(None,) * layout.ROW_SIZE,
        unconfirmed=(),
        draft=False,
        region=fact.region,
        benefit=fact.benefit,
        key=fact.attributes,
    )
