"""Settled visits worth explaining: one of each kind that a reader may meet."""

from __future__ import annotations

from datetime import date
from functools import cache

import msgspec

from gongji.kernel import layout
from gongji.policy import Law, overridden
from gongji.settlement.rules import Outcome, PersonState, VisitInput, decide
from tests.settlement.visits import demo_law, law, line, state_acc, visit

BANDS = [{"up_to": "500.00", "rate": "50%"}, {"up_to": "2000.00", "rate": "70%"}, {"rate": "80%"}]
CHRONIC = layout.FLAG_ACCOUNT | layout.FLAG_CARVE_OUT


@cache
def banded(basis: str) -> Law:
    """Shanxi's law with three rate bands over ``basis``."""
    cells = {"rate.pool": {"active": {"class3": BANDS}}, "rate.band_basis": basis}
    return overridden(law(), "14", cells)


@cache
def next_visit() -> Law:
    """The demo's law where cost above a chronic quota is pooled from the next visit on."""
    return overridden(demo_law(), "14", {"chronic.overflow": "next_visit"})


def decided(by: Law, asked: VisitInput, state: PersonState | None = None) -> Outcome:
    """The outcome of a visit that can be settled."""
    outcome = decide(by, asked, state or PersonState(charged=(0, 0, 0)))
    assert isinstance(outcome, Outcome), outcome
    return outcome


def samples() -> dict[str, tuple[Law, Outcome]]:
    """Named outcomes with the law that produced them."""
    mixed = (
        line(12_000, layout.TREAT_B_DRUG, 10_000),
        line(5_000, layout.TREAT_FULL_SELFPAY),
        line(800, layout.TREAT_FULL_SELFPAY, flags=0, reason="DELIVERY_FEE"),
        line(9_000, layout.TREAT_FULL_SELFPAY, reason="RESTRICTED"),
    )
    rich = PersonState(own_fen=2_000, family=(("spouse", 3_000), ("son", 900)), charged=(0, 0, 0))
    near = PersonState(state_acc(deductible_year=28_500, fund_year=248_000), charged=(0, 0, 0))
    full = PersonState(state_acc(deductible_year=30_000, fund_year=250_000), charged=(0, 0, 0))
    used = PersonState(state_acc(in_scope_year=45_000, fund_year=30_000), charged=(0, 0, 0))
    monthly = overridden(law(), "14", {"ceiling.per_month": "20.00", "ceiling.per_year": "none"})
    by = {
        "plain": (law(), decided(law(), visit(line(10_000)))),
        "below the deductible": (law(), decided(law(), visit(line(2_500)))),
        "only 丙类": (law(), decided(law(), visit(line(8_000, layout.TREAT_FULL_SELFPAY)))),
        "mixed": (law(), decided(law(), visit(*mixed), rich)),
        "unconfirmed": (law(), decided(law(), visit(line(30_000), place="class1", status="retired"))),
        "near both limits": (law(), decided(law(), visit(line(10_000)), near)),
        "both limits reached": (law(), decided(law(), visit(line(10_000)), full)),
        "second of the visit": (
            law(),
            decided(law(), visit(line(10_000)), PersonState(charged=(2_000, 0, 0))),
        ),
        "deductible paid": (law(), decided(law(), visit(line(10_000)), PersonState(charged=(8_000, 0, 0)))),
        "refused": (law(), decided(law(), visit(*mixed, arrears="yes"), rich)),
        "monthly": (monthly, decided(monthly, visit(line(10_000)))),
        "draft": (
            law(),
            decided(
                law(),
                visit(line(50_000), region="6210", place="level2", on=date(2023, 5, 10), allow_draft=True),
            ),
        ),
        "clinic": (
            law(),
            decided(
                law(),
                visit(line(50_000), region="6210", place="clinic", on=date(2023, 5, 10), allow_draft=True),
            ),
        ),
        "chronic": (
            demo_law(),
            decided(
                demo_law(),
                visit(line(15_000, flags=CHRONIC)),
                PersonState(quota_fen=4_000, charged=(0, 0, 0)),
            ),
        ),
        "chronic by month": (
            demo_law(),
            decided(
                demo_law(),
                msgspec.structs.replace(visit(line(15_000, flags=CHRONIC)), chronic_bp=7_000),
                PersonState(
                    quota_fen=4_000,
                    quota_windows=(10_000, 6_000, 30_000, 6_000, 120_000, 80_000),
                    charged=(0, 0, 0),
                ),
            ),
        ),
        "chronic quota ended, the rest kept out of the pool": (
            next_visit(),
            decided(
                next_visit(),
                visit(line(15_000, flags=CHRONIC)),
                PersonState(quota_fen=4_000, quota_windows=(-1, 0, -1, 0, 10_000, 6_000), charged=(0, 0, 0)),
            ),
        ),
        "everything at once": (
            demo_law(),
            decided(
                demo_law(),
                visit(*mixed, line(15_000, flags=CHRONIC), place="class1"),
                PersonState(
                    state_acc(deductible_year=28_500, fund_year=249_900),
                    2_000,
                    (("son", 900),),
                    4_000,
                    (500, 0, 0),
                ),
            ),
        ),
    }
    for basis in ("year_in_scope", "year_fund", "visit"):
        by[f"bands over {basis}"] = (banded(basis), decided(banded(basis), visit(line(300_000)), used))
    return by
