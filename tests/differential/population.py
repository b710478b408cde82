"""Random persons, laws and visits as int64 arrays, in the kernel's layout, for differential and property tests.

Amounts crowd around the edges that decide: deductibles of a few yuan, ceilings that bind after some visits, odd basis
points, empty lines, and now and then amounts near the bound.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from gongji.base.money import MAX_FEN
from gongji.kernel import layout
from gongji.kernel.batch import Batch

Ints = npt.NDArray[np.int64]
KINDS = 6
FIRST_DAY = date(2024, 10, 1)
"""Five months from here, so that persons cross months, quarters and the turn of the year."""


@dataclass(frozen=True, slots=True)
class Population:
    """The inputs of a batch with each visit's day (offset to FIRST_DAY) and group number within its person."""

    rows: Ints
    row_of_visit: Ints
    periods_of_visit: Ints
    previous_of_visit: Ints
    line_starts: Ints
    lines: Ints
    visit_starts: Ints
    wallets: Ints
    credits_fen: Ints
    day_of_visit: Ints
    group_of_visit: Ints

    def batch(self) -> Batch:
        """The population as a batch with its own accumulators, wallets and results, filled with -99."""
        visits, line_count = len(self.row_of_visit), len(self.lines) // layout.LINE_SIZE
        return Batch(
            rows=self.rows,
            row_of_visit=self.row_of_visit,
            periods_of_visit=self.periods_of_visit,
            previous_of_visit=self.previous_of_visit,
            line_starts=self.line_starts,
            lines=self.lines,
            visit_starts=self.visit_starts,
            accs=np.zeros((len(self.wallets), layout.ACC_SIZE), np.int64),
            wallets=self.wallets.copy(),
            credits_fen=self.credits_fen,
            waterfalls=np.full((visits, layout.W_SIZE), -99, np.int64),
            splits=np.full(line_count * layout.SPLIT_SIZE, -99, np.int64),
        )


def maybe_limit(rng: np.random.Generator, top_fen: int, chance: float) -> int:
    """A limit up to ``top_fen``, or NONE."""
    return int(rng.integers(0, top_fen)) if rng.random() < chance else layout.NONE


def random_row(rng: np.random.Generator, kind: int) -> list[int]:
    """A law nobody wrote: any deductible, any mix of ceilings, one to eight bands on any basis."""
    row = [layout.UNSET] * layout.ROW_SIZE
    row[layout.ROW_DEDUCTIBLE_KIND] = kind
    row[layout.ROW_DEDUCTIBLE_FEN] = int(
        rng.choice([0, 1, 3000, 5000, 8000, 30000, int(rng.integers(0, 20000))])
    )
    row[layout.ROW_DEDUCTIBLE_STOP_FEN] = maybe_limit(rng, 40000, 0.4)
    for position, top in enumerate((20_000, 30_000, 60_000, 120_000, 300_000), layout.ROW_CEILING_VISIT_FEN):
        row[position] = maybe_limit(rng, top, 0.35)
    basis = int(rng.integers(0, 4))
    bands = 1 if basis == layout.BASIS_SINGLE else int(rng.integers(1, layout.MAX_BANDS + 1))
    edges = [*sorted(int(edge) for edge in rng.integers(0, 200_000, bands - 1)), layout.NONE]
    row[layout.ROW_BAND_BASIS], row[layout.ROW_BAND_COUNT] = basis, bands
    for band in range(bands):
        row[layout.ROW_BAND_UP_TO_FEN + band] = edges[band]
        row[layout.ROW_BAND_BP + band] = int(
            rng.choice([6500, 5000, 0, 1, 10_000, int(rng.integers(0, 10_001))])
        )
    for treat in range(layout.MAX_TREATS):
        row[layout.ROW_PREPAY_BP + treat] = int(
            rng.choice([0, 500, 1000, 3333, 10_000, int(rng.integers(0, 10_001))])
        )
    row[layout.ROW_ACCOUNT_PAYS_FULL_SELFPAY] = int(rng.integers(0, 2))
    row[layout.ROW_CARVE_OUT_BP] = int(
        rng.choice([layout.UNSET, 8000, 1, 10_000, int(rng.integers(1, 10_001))])
    )
    row[layout.ROW_CHRONIC_OVERFLOW] = int(
        rng.choice([layout.OVERFLOW_POOLED, layout.OVERFLOW_KEPT, layout.OVERFLOW_NEXT_VISIT])
    )
    return row


def random_lines(rng: np.random.Generator, count: int) -> Ints:
    """``count`` fee lines; one in five has no cost worth a fen more than its neighbours."""
    tops = rng.choice([300, 5_000, 30_000, 500_000], count, p=[0.25, 0.35, 0.3, 0.1])
    lines = np.empty((count, layout.LINE_SIZE), np.int64)
    lines[:, layout.LINE_AMOUNT_FEN] = rng.integers(0, tops + 1)
    standards = np.maximum(0, lines[:, layout.LINE_AMOUNT_FEN] + rng.integers(-2_000, 2_000, count))
    lines[:, layout.LINE_STANDARD_FEN] = np.where(rng.random(count) < 0.3, standards, layout.NONE)
    lines[:, layout.LINE_TREAT] = rng.choice(
        layout.MAX_TREATS, count, p=[0.1, 0.4, 0.2, 0.1, 0.1, 0.04, 0.03, 0.03]
    )
    lines[:, layout.LINE_FLAGS] = rng.choice(4, count, p=[0.15, 0.55, 0.1, 0.2])
    huge = rng.random(count) < 0.001
    lines[huge, layout.LINE_AMOUNT_FEN] = rng.integers(0, MAX_FEN // 100, int(huge.sum()))
    return lines


def random_groups(rng: np.random.Generator, person: Ints, visit_starts: Ints) -> tuple[Ints, Ints]:
    """Visit group of each visit, numbered by its first visit, and each visit's predecessor in its group or NONE.

    A visit opens a group, continues the last visit's, or returns to one of the person's earlier visits, as a pharmacy
    does that fills an older prescription.
    """
    visits = len(person)
    index = np.arange(visits)
    back = rng.choice(4, visits, p=[0.6, 0.2, 0.1, 0.1])
    back = np.where(index - back >= visit_starts[person], back, 0)
    group = index.copy()
    for visit in np.flatnonzero(back):
        group[visit] = group[visit - back[visit]]
    order = np.lexsort((index, group))
    previous = np.full(visits, layout.NONE)
    follows = group[order[1:]] == group[order[:-1]]
    previous[order[1:][follows]] = order[:-1][follows]
    return group, previous


def periods_opened(day: Ints, person: Ints) -> Ints:
    """NEW_DAY to NEW_YEAR bits of each visit, from the calendar."""
    dates = np.datetime64(FIRST_DAY, "D") + day.astype("timedelta64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64)
    opened = np.zeros(len(day), np.int64)
    for bit, key in enumerate((day, months, months // 3, months // 12), 1):
        new = np.ones(len(day), bool)
        new[1:] = (key[1:] != key[:-1]) | (person[1:] != person[:-1])
        opened |= new.astype(np.int64) << bit
    return opened


def random_population(seed: int, persons: int, visits_each: int = 8, lines_each: float = 3.0) -> Population:
    """``persons`` persons with about ``visits_each`` visits, each of whom lives under one deductible kind and three laws."""
    rng = np.random.default_rng(seed)
    rows = np.array([random_row(rng, index % KINDS) for index in range(KINDS * 60)], np.int64)
    visit_counts = rng.integers(1, 2 * visits_each, persons)
    visit_starts = np.concatenate(([0], np.cumsum(visit_counts))).astype(np.int64)
    visits = int(visit_starts[-1])
    person = np.repeat(np.arange(persons), visit_counts)
    day = np.where(rng.random(visits) < 0.3, rng.integers(88, 96, visits), rng.integers(0, 150, visits))
    day = day[np.lexsort((day, person))]
    group, previous = random_groups(rng, person, visit_starts)
    laws = rng.integers(0, 60, (persons, 3)) * KINDS + rng.integers(0, KINDS, persons)[:, None]
    row_of_visit = laws[person, rng.integers(0, 3, visits)]
    line_counts = rng.poisson(lines_each, visits)
    line_starts = np.concatenate(([0], np.cumsum(line_counts))).astype(np.int64)
    wallets = rng.integers(0, 60_000, (persons, layout.WALLET_SIZE))
    wallets[rng.random(persons) < 0.4, layout.WALLET_CARVE_OUT_QUOTA_FEN] = layout.NONE
    wallets[rng.random(persons) < 0.3, layout.WALLET_OWN_FEN] = 0
    return Population(
        rows=rows,
        row_of_visit=row_of_visit,
        periods_of_visit=periods_opened(day, person),
        previous_of_visit=previous,
        line_starts=line_starts,
        lines=random_lines(rng, int(line_starts[-1])).reshape(-1),
        visit_starts=visit_starts,
        wallets=wallets,
        credits_fen=np.where(rng.random(visits) < 0.2, rng.integers(0, 20_000, visits), 0),
        day_of_visit=day,
        group_of_visit=group,
    )


def date_of(day: int) -> date:
    """Calendar day of an offset."""
    return FIRST_DAY + timedelta(days=day)


__all__ = ["Population", "date_of", "random_population", "random_row"]
