"""Rates in bands: over the year's cost, over the visit's cost, over the fund paid."""

import pytest

from gongji.kernel import layout as k
from tests.kernel.build import acc_of, line, row_of, settle

STEPS = ((500_000, 5000), (1_000_000, 6000), (k.NONE, 7000))


def banded(basis: int, bands: tuple[tuple[int, int], ...] = STEPS, deductible: int = 0) -> list[int]:
    kind = k.DEDUCTIBLE_SETTLEMENT if deductible else k.DEDUCTIBLE_NONE
    return row_of(kind=kind, deductible=deductible, stop=k.NONE, basis=basis, bands=bands)


def test_cost_that_crosses_an_edge_is_paid_at_both_rates() -> None:
    waterfall = settle(banded(k.BASIS_YEAR_IN_SCOPE), line(30_000), acc=acc_of(in_scope=480_000))
    assert waterfall[k.W_POOL_PAY_FEN] == 20_000 * 50 // 100 + 10_000 * 60 // 100
    assert (waterfall[k.W_BAND_FIRST], waterfall[k.W_BAND_LAST]) == (0, 1)


def test_the_deductible_fills_bands_before_the_base_does() -> None:
    waterfall = settle(
        banded(k.BASIS_YEAR_IN_SCOPE, deductible=20_000), line(30_000), acc=acc_of(in_scope=480_000)
    )
    assert waterfall[k.W_POOL_PAY_FEN] == 6000
    assert (waterfall[k.W_BAND_FIRST], waterfall[k.W_BAND_LAST]) == (1, 1)


def test_one_visit_can_run_through_all_bands() -> None:
    waterfall = settle(banded(k.BASIS_VISIT), line(1_200_000))
    assert waterfall[k.W_POOL_PAY_FEN] == 250_000 + 300_000 + 140_000
    assert (waterfall[k.W_BAND_FIRST], waterfall[k.W_BAND_LAST]) == (0, 2)


def test_bands_of_the_visit_forget_the_year() -> None:
    waterfall = settle(banded(k.BASIS_VISIT), line(10_000), acc=acc_of(in_scope=900_000, year=900_000))
    assert waterfall[k.W_POOL_PAY_FEN] == 5000


@pytest.mark.parametrize(
    ("before", "pays", "last"),
    [(489_999, 5000, 0), (490_000, 5000, 0), (490_001, 5000, 1), (490_010, 5001, 1)],
)
def test_a_fen_around_a_band_edge(before: int, pays: int, last: int) -> None:
    waterfall = settle(banded(k.BASIS_YEAR_IN_SCOPE), line(10_000), acc=acc_of(in_scope=before))
    assert (waterfall[k.W_POOL_PAY_FEN], waterfall[k.W_BAND_LAST]) == (pays, last)


def test_the_sum_over_bands_is_rounded_once() -> None:
    # half a fen in each of two bands is one fen, not two
    row = banded(k.BASIS_VISIT, ((1, 5000), (k.NONE, 5000)))
    assert settle(row, line(2))[k.W_POOL_PAY_FEN] == 1


def test_a_band_over_the_fund_ends_when_the_fund_reaches_its_edge() -> None:
    row = banded(k.BASIS_YEAR_FUND, ((10_000, 5000), (k.NONE, 8000)))
    waterfall = settle(row, line(30_000), acc=acc_of(year=5000))
    assert waterfall[k.W_POOL_PAY_FEN] == 5000 + 20_000 * 80 // 100


def test_the_fen_that_carries_the_fund_over_an_edge_belongs_to_the_lower_band() -> None:
    # 1 fen of room at 30 %: 4 fen of cost (1.2 fen of fund) before the higher rate; the floor would take 3
    row = banded(k.BASIS_YEAR_FUND, ((10_000, 3000), (k.NONE, 10_000)))
    waterfall = settle(row, line(10), acc=acc_of(year=9999))
    assert waterfall[k.W_POOL_BEFORE_CAP_FEN] == 7  # 1.2 + 6 = 7.2; by the floor 0.9 + 7 = 7.9


def test_a_fund_band_filled_exactly_leaves_the_next_untouched() -> None:
    row = banded(k.BASIS_YEAR_FUND, ((10_000, 5000), (k.NONE, 8000)))
    waterfall = settle(row, line(20_000))
    assert (waterfall[k.W_POOL_PAY_FEN], waterfall[k.W_BAND_FIRST], waterfall[k.W_BAND_LAST]) == (
        10_000,
        0,
        0,
    )


def test_a_fund_band_of_rate_zero_never_ends() -> None:
    row = banded(k.BASIS_YEAR_FUND, ((10_000, 0), (k.NONE, 8000)))
    assert settle(row, line(10**9))[k.W_POOL_PAY_FEN] == 0


def test_edges_closer_than_a_fen_of_fund_are_passed_in_one_step() -> None:
    row = banded(k.BASIS_YEAR_FUND, ((1, 10_000), (2, 10_000), (3, 10_000), (k.NONE, 5000)))
    waterfall = settle(row, line(5))
    assert (waterfall[k.W_POOL_PAY_FEN], waterfall[k.W_BAND_LAST]) == (4, 3)


def test_bands_with_equal_edges_are_skipped() -> None:
    row = banded(k.BASIS_VISIT, ((100, 5000), (100, 9000), (k.NONE, 10_000)))
    assert settle(row, line(200))[k.W_POOL_PAY_FEN] == 50 + 100


def test_a_visit_without_base_names_the_band_where_the_next_fen_would_fall() -> None:
    waterfall = settle(banded(k.BASIS_YEAR_IN_SCOPE), acc=acc_of(in_scope=500_000))
    assert (waterfall[k.W_BAND_FIRST], waterfall[k.W_BAND_LAST]) == (1, 1)
