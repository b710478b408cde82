"""A million random visits through the compiled batch: identities and limits, no violation."""

import numpy as np
import pytest

from gongji.kernel import fold
from gongji.kernel import layout as k
from gongji.kernel.batch import Batch, fold_persons
from tests.differential.population import Population, random_population

PERSONS = 140_000
SEED = 20_230_101


@pytest.fixture(scope="module")
def population() -> Population:
    return random_population(SEED, PERSONS, lines_each=2.0)


@pytest.fixture(scope="module")
def settled(population: Population) -> Batch:
    """The population's batch, settled by the compiled kernel."""
    batch = population.batch()
    fold_persons(batch)
    return batch


def test_there_are_a_million_visits(population: Population) -> None:
    assert len(population.row_of_visit) >= 1_000_000


def test_a_million_totals_are_the_sum_of_their_parts_and_of_their_payers(settled: Batch) -> None:
    w = settled.waterfalls.T
    parts = w[k.W_FULL_SELFPAY_FEN] + w[k.W_OVER_LIMIT_FEN] + w[k.W_PREPAY_FEN] + w[k.W_CHRONIC_FEE_FEN]
    payers = (
        w[k.W_POOL_PAY_FEN]
        + w[k.W_CHRONIC_PAY_FEN]
        + w[k.W_ACCOUNT_FEN]
        + w[k.W_MUTUAL_FEN]
        + w[k.W_CASH_FEN]
    )
    violations = (
        (w[k.W_TOTAL_FEN] != parts + w[k.W_IN_SCOPE_FEN])
        | (w[k.W_IN_SCOPE_FEN] != w[k.W_DEDUCTIBLE_FEN] + w[k.W_BASE_FEN])
        | (w[k.W_POOL_BEFORE_CAP_FEN] != w[k.W_POOL_PAY_FEN] + w[k.W_CAP_SHORTFALL_FEN])
        | (w[k.W_TOTAL_FEN] != payers)
    )
    assert int(violations.sum()) == 0


def test_every_line_of_a_million_visits_is_split_exactly(population: Population, settled: Batch) -> None:
    amounts = population.lines.reshape(-1, k.LINE_SIZE)[:, k.LINE_AMOUNT_FEN]
    assert int((settled.splits.reshape(-1, k.SPLIT_SIZE).sum(axis=1) != amounts).sum()) == 0
    sums = np.concatenate(([0], np.cumsum(amounts)))
    totals = sums[population.line_starts[1:]] - sums[population.line_starts[:-1]]
    assert int((totals != settled.waterfalls[:, k.W_TOTAL_FEN]).sum()) == 0


def test_no_amount_of_a_million_visits_is_negative(settled: Batch) -> None:
    waterfalls, splits, accs, wallets = settled.waterfalls, settled.splits, settled.accs, settled.wallets
    amounts = [at for at in range(k.W_RULE_DEDUCTIBLE) if at != k.W_CAP_ROOM_FEN]
    assert waterfalls[:, amounts].min() >= 0
    assert min(splits.min(), accs.min(), wallets[:, 1:].min()) >= 0
    assert wallets[:, k.WALLET_CARVE_OUT_QUOTA_FEN].min() >= k.NONE


def test_the_accumulators_are_what_the_last_year_summed_up(population: Population, settled: Batch) -> None:
    waterfalls, accs = settled.waterfalls, settled.accs
    person = np.repeat(np.arange(PERSONS), np.diff(population.visit_starts))
    first_of_year = np.flatnonzero(population.periods_of_visit & fold.NEW_YEAR)
    year = np.cumsum(population.periods_of_visit & fold.NEW_YEAR > 0)
    in_last_year = year == year[population.visit_starts[1:] - 1][person]
    assert first_of_year.size > PERSONS
    for at, amount in (
        (k.ACC_DEDUCTIBLE_YEAR_FEN, k.W_DEDUCTIBLE_FEN),
        (k.ACC_IN_SCOPE_YEAR_FEN, k.W_IN_SCOPE_FEN),
        (k.ACC_FUND_YEAR_FEN, k.W_POOL_PAY_FEN),
    ):
        summed = np.zeros(PERSONS, np.int64)
        np.add.at(summed, person[in_last_year], waterfalls[in_last_year, amount])
        assert (summed == accs[:, at]).all()
