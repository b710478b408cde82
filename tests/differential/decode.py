"""From the kernel's arrays to the naive version's words, and back from its amounts to a waterfall."""

from fractions import Fraction

from gongji.kernel import layout
from tests.differential import naive
from tests.differential.population import Population, date_of

PERIODS = ("none", "settlement", "encounter", "day", "month", "year")
CEILING_PERIODS = ("encounter", "day", "month", "quarter", "year")
BASES = ("single", "year_cost", "year_fund", "visit_cost")
AMOUNTS = (*range(layout.W_RULE_DEDUCTIBLE), layout.W_BAND_FIRST, layout.W_BAND_LAST)
"""Waterfall positions the naive version knows: everything but the two rule positions."""


def yuan(fen: int) -> Fraction:
    return Fraction(fen, 100)


ABOVE_QUOTA = {
    layout.OVERFLOW_POOLED: "pooled",
    layout.OVERFLOW_KEPT: "never pooled",
    layout.OVERFLOW_NEXT_VISIT: "pooled from the next visit",
}


def limit(fen: int) -> Fraction | None:
    return None if fen < 0 else yuan(fen)


def law_of(row: list[int]) -> naive.Law:
    """A compiled row in the naive version's words."""
    ceilings = {}
    for at, period in enumerate(CEILING_PERIODS, layout.ROW_CEILING_VISIT_FEN):
        if row[at] >= 0:
            ceilings[period] = yuan(row[at])
    bands = tuple(
        naive.Band(
            limit(row[layout.ROW_BAND_UP_TO_FEN + band]), Fraction(row[layout.ROW_BAND_BP + band], 10_000)
        )
        for band in range(row[layout.ROW_BAND_COUNT])
    )
    chronic_bp = row[layout.ROW_CARVE_OUT_BP]
    return naive.Law(
        deductible_over=PERIODS[row[layout.ROW_DEDUCTIBLE_KIND]],
        deductible=yuan(row[layout.ROW_DEDUCTIBLE_FEN]),
        deductible_stop_of_year=limit(row[layout.ROW_DEDUCTIBLE_STOP_FEN]),
        ceilings=ceilings,
        bands_over=BASES[row[layout.ROW_BAND_BASIS]],
        bands=bands,
        prepay={
            treat: Fraction(row[layout.ROW_PREPAY_BP + treat], 10_000) for treat in range(layout.MAX_TREATS)
        },
        account_pays_everything=bool(row[layout.ROW_ACCOUNT_PAYS_FULL_SELFPAY]),
        chronic_rate=Fraction(chronic_bp, 10_000) if chronic_bp > 0 else None,
        above_quota=ABOVE_QUOTA[row[layout.ROW_CHRONIC_OVERFLOW]],
    )


def visits_of(population: Population, person: int, laws: dict[int, naive.Law]) -> list[naive.Visit]:
    """One person's visits; ``laws`` remembers decoded rows."""
    visits = []
    for index in range(int(population.visit_starts[person]), int(population.visit_starts[person + 1])):
        number = int(population.row_of_visit[index])
        if number not in laws:
            laws[number] = law_of(population.rows[number].tolist())
        start, end = (int(at) * layout.LINE_SIZE for at in population.line_starts[index : index + 2])
        flat = population.lines[start:end].tolist()
        lines = []
        for at in range(0, len(flat), layout.LINE_SIZE):
            amount, standard, treat, flags = flat[at : at + layout.LINE_SIZE]
            may_pay, related = bool(flags & layout.FLAG_ACCOUNT), bool(flags & layout.FLAG_CARVE_OUT)
            lines.append(naive.Line(yuan(amount), limit(standard), treat, may_pay, related))
        on = date_of(int(population.day_of_visit[index]))
        group, credit = int(population.group_of_visit[index]), yuan(int(population.credits_fen[index]))
        visits.append(naive.Visit(on, group, laws[number], tuple(lines), credit))
    return visits


def purse_of(population: Population, person: int) -> naive.Purse:
    """One person's quota and balances before the first visit."""
    quota, own, family = population.wallets[person].tolist()
    return naive.Purse(limit(quota), yuan(own), yuan(family))


def fen(amount: Fraction) -> int:
    """Fen of a yuan amount, which must be whole."""
    scaled = amount * 100
    assert scaled.denominator == 1, amount
    return scaled.numerator


def amounts_of(settled: naive.Settled) -> list[int]:
    """The naive settlement's amounts in the order of AMOUNTS, those it does not hold made by subtraction."""
    total = sum((line.amount for line in settled.visit.lines), Fraction(0))
    columns = [sum(parts, Fraction(0)) for parts in zip(*settled.splits, strict=True)] or [Fraction(0)] * 4
    personal = total - settled.pool - settled.chronic_pay
    amounts = [total, *columns[:3], settled.chronic_fee, settled.chronic_pay, settled.in_scope, settled.due]
    amounts += [settled.deductible, settled.in_scope - settled.deductible, settled.before_cap]
    room = layout.NONE if settled.room is None else fen(settled.room)
    tail = [
        settled.pool,
        settled.before_cap - settled.pool,
        personal,
        settled.payable,
        settled.own,
        settled.mutual,
    ]
    tail.append(personal - settled.own - settled.mutual)
    return [*map(fen, amounts), room, *map(fen, tail), settled.first_band, settled.last_band]
