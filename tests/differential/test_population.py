"""The random population really visits the corners that the comparisons are meant for."""

import numpy as np
import pytest

from gongji.kernel import layout as k
from gongji.kernel.batch import Batch, fold_persons
from tests.differential.population import Population, random_population

OFTEN = 100


@pytest.fixture(scope="module")
def population() -> Population:
    return random_population(3, 5_000)


@pytest.fixture(scope="module")
def settled(population: Population) -> Batch:
    batch = population.batch()
    fold_persons(batch)
    return batch


@pytest.mark.parametrize("ceiling", range(k.ROW_CEILING_VISIT_FEN, k.ROW_CEILING_YEAR_FEN + 1))
def test_every_ceiling_binds_often(settled: Batch, ceiling: int) -> None:
    assert (settled.waterfalls[:, k.W_RULE_CAP] == ceiling).sum() > OFTEN


@pytest.mark.parametrize("rule", [k.ROW_DEDUCTIBLE_FEN, k.ROW_DEDUCTIBLE_STOP_FEN, k.NONE])
def test_standard_stop_and_cost_all_bound_the_deductible(settled: Batch, rule: int) -> None:
    assert (settled.waterfalls[:, k.W_RULE_DEDUCTIBLE] == rule).sum() > OFTEN


@pytest.mark.parametrize("kind", range(k.DEDUCTIBLE_NONE, k.DEDUCTIBLE_YEAR + 1))
def test_every_deductible_kind_is_lived_under(settled: Batch, kind: int) -> None:
    assert (settled.rows[settled.row_of_visit, k.ROW_DEDUCTIBLE_KIND] == kind).sum() > OFTEN


@pytest.mark.parametrize(
    "kind", [k.DEDUCTIBLE_VISIT, k.DEDUCTIBLE_DAY, k.DEDUCTIBLE_MONTH, k.DEDUCTIBLE_YEAR]
)
def test_every_window_credits_an_earlier_deductible(settled: Batch, kind: int) -> None:
    rows = settled.rows[settled.row_of_visit]
    due = settled.waterfalls[:, k.W_DEDUCTIBLE_DUE_FEN]
    credited = (rows[:, k.ROW_DEDUCTIBLE_KIND] == kind) & (due < rows[:, k.ROW_DEDUCTIBLE_FEN])
    assert credited.sum() > OFTEN


@pytest.mark.parametrize("basis", [k.BASIS_YEAR_IN_SCOPE, k.BASIS_YEAR_FUND, k.BASIS_VISIT])
def test_bases_cross_band_edges_on_every_basis(settled: Batch, basis: int) -> None:
    crossed = settled.waterfalls[:, k.W_BAND_LAST] > settled.waterfalls[:, k.W_BAND_FIRST]
    assert (crossed & (settled.rows[settled.row_of_visit, k.ROW_BAND_BASIS] == basis)).sum() > OFTEN


def test_quotas_end_inside_visits(settled: Batch) -> None:
    w = settled.waterfalls
    assert ((w[:, k.W_CHRONIC_PAY_FEN] > 0) & (w[:, k.W_POOL_BEFORE_CAP_FEN] > 0)).sum() > OFTEN


def test_barred_lines_share_quota_and_pool(population: Population, settled: Batch) -> None:
    visit_of_line = np.repeat(np.arange(len(population.row_of_visit)), np.diff(population.line_starts))
    flags = population.lines.reshape(-1, k.LINE_SIZE)[:, k.LINE_FLAGS]
    barred = np.zeros(len(population.row_of_visit), bool)
    in_scope = settled.splits.reshape(-1, k.SPLIT_SIZE)[:, k.SPLIT_IN_SCOPE_FEN]
    barred[visit_of_line[(flags & k.FLAG_ACCOUNT == 0) & (in_scope > 0)]] = True
    both = (settled.waterfalls[:, k.W_CHRONIC_PAY_FEN] > 0) & (settled.waterfalls[:, k.W_POOL_PAY_FEN] > 0)
    assert (barred & both).sum() > OFTEN


def test_visit_groups_are_interrupted_and_resumed(population: Population) -> None:
    previous = population.previous_of_visit
    assert ((previous >= 0) & (previous < np.arange(len(previous)) - 1)).sum() > OFTEN


def test_years_turn_within_persons(population: Population) -> None:
    turns = population.periods_of_visit & 16 > 0
    turns[population.visit_starts[:-1]] = False
    assert turns.sum() > OFTEN
