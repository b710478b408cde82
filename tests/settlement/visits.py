"""Visits that several tests settle: an insured member in good standing, in Shanxi, in August 2024, unless a
test says otherwise."""

from __future__ import annotations

from datetime import date
from functools import cache

from gongji.cases.facts import usual_facts
from gongji.kernel import layout
from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library
from gongji.settlement.rules import LineInput, VisitInput

AUGUST = date(2024, 8, 15)
ACCOUNT = layout.FLAG_ACCOUNT


@cache
def law() -> Law:
    """The library as it comes with the project."""
    return compile_law(load_library())


@cache
def demo_law() -> Law:
    """The library with the demo's made-up values."""
    return compile_law(load_library(overlay=DEMO_OVERLAY))


def line(
    amount_fen: int,
    treat: int = layout.TREAT_A,
    standard_fen: int = layout.NONE,
    flags: int = ACCOUNT,
    reason: str | None = None,
) -> LineInput:
    """A fee line of ``amount_fen``."""
    return LineInput("1", "X1", "药", amount_fen, standard_fen, treat, flags, "drug", reason)


def visit(
    *lines: LineInput,
    region: str = "14",
    on: date = AUGUST,
    place: str = "class3",
    status: str = "active",
    benefit: str = "ordinary",
    own_allowed: bool = True,
    family_allowed: bool = True,
    allow_draft: bool = False,
    **facts: str,
) -> VisitInput:
    """A visit of ``lines``; ``facts`` override those of an ordinary one."""
    return VisitInput(
        region=region,
        service_on=on,
        benefit=benefit,
        attributes={**usual_facts(place), "status": status, **facts},
        lines=lines,
        own_allowed=own_allowed,
        family_allowed=family_allowed,
        allow_draft=allow_draft,
    )


def state_acc(**amounts: int) -> tuple[int, ...]:
    """Accumulators with the named ones set: ``deductible_year=27000``."""
    acc = [0] * layout.ACC_SIZE
    for name, fen in amounts.items():
        acc[getattr(layout, f"ACC_{name.upper()}_FEN")] = fen
    return tuple(acc)
