"""Chronic quota (门诊慢特病) carved out before the pool: decisions A17 and A38."""

import pytest

from gongji.kernel import layout as k
from tests.kernel.build import line, row_of, settle

BOTH = k.FLAG_ACCOUNT | k.FLAG_CARVE_OUT


@pytest.mark.clause("SX2022-27.art25.b")
def test_a_quota_that_ends_inside_the_visit_leaves_the_rest_to_the_pool() -> None:
    waterfall = settle(row_of(carve_out=8000), line(15_000, flags=BOTH), quota=4000)
    assert (waterfall[k.W_CHRONIC_FEE_FEN], waterfall[k.W_CHRONIC_PAY_FEN]) == (5000, 4000)
    assert (waterfall[k.W_IN_SCOPE_FEN], waterfall[k.W_POOL_PAY_FEN], waterfall[k.W_CASH_FEN]) == (
        10_000,
        4550,
        6450,
    )


def test_an_empty_quota_is_an_ordinary_visit() -> None:
    waterfall = settle(row_of(carve_out=8000), line(15_000, flags=BOTH), quota=0)
    assert (waterfall[k.W_CHRONIC_FEE_FEN], waterfall[k.W_POOL_PAY_FEN]) == (0, 7800)


def test_a_quota_large_enough_pays_its_ratio_and_leaves_no_deductible() -> None:
    waterfall = settle(row_of(carve_out=8000), line(15_000, flags=BOTH), quota=100_000)
    assert (waterfall[k.W_CHRONIC_FEE_FEN], waterfall[k.W_CHRONIC_PAY_FEN]) == (15_000, 12_000)
    assert waterfall[k.W_DEDUCTIBLE_FEN] == waterfall[k.W_POOL_PAY_FEN] == 0


def test_lines_of_other_diseases_stay_pooled() -> None:
    waterfall = settle(row_of(carve_out=8000), line(5000, flags=BOTH), line(10_000), quota=100_000)
    assert (waterfall[k.W_CHRONIC_PAY_FEN], waterfall[k.W_POOL_PAY_FEN]) == (4000, 4550)


@pytest.mark.parametrize("quota", [k.NONE, 100_000])
def test_without_quota_or_without_ratio_nothing_is_carved_out(quota: int) -> None:
    row = row_of(carve_out=8000 if quota == k.NONE else k.UNSET)
    assert settle(row, line(15_000, flags=BOTH), quota=quota)[k.W_CHRONIC_FEE_FEN] == 0


@pytest.mark.parametrize("cost", [4999, 5000, 5001])
def test_a_fen_around_the_cost_that_a_quota_covers(cost: int) -> None:
    waterfall = settle(row_of(carve_out=8000), line(cost, flags=BOTH), quota=4000)
    assert waterfall[k.W_CHRONIC_FEE_FEN] == min(cost, 5000)
    assert waterfall[k.W_CHRONIC_PAY_FEN] == (3999 if cost == 4999 else 4000)


def test_the_quota_is_never_overdrawn_by_rounding() -> None:
    for bp in (1, 3333, 6667, 9999, 10_000):
        for quota in range(40):
            for cost in range(0, 60, 7):
                waterfall = settle(row_of(carve_out=bp), line(cost, flags=BOTH), quota=quota)
                assert 0 <= waterfall[k.W_CHRONIC_PAY_FEN] <= min(quota, waterfall[k.W_CHRONIC_FEE_FEN])


def test_a_barred_chronic_line_keeps_its_share_of_the_quota() -> None:
    lines = (line(6000, flags=k.FLAG_CARVE_OUT), line(4000, flags=BOTH))
    waterfall = settle(row_of(carve_out=8000), *lines, quota=100_000, own=50_000)
    assert (waterfall[k.W_ACCOUNT_PAYABLE_FEN], waterfall[k.W_CASH_FEN]) == (800, 1200)


def test_a_barred_chronic_line_shares_in_the_pool_only_with_what_the_quota_left() -> None:
    # quota 40.00 at 80 % takes 50.00 of the barred line; its other 50.00 and the allowed line's share the pool evenly
    row = row_of(kind=k.DEDUCTIBLE_NONE, bp=5000, carve_out=8000)
    waterfall = settle(row, line(10_000, flags=k.FLAG_CARVE_OUT), line(5000), quota=4000, own=50_000)
    assert (waterfall[k.W_CHRONIC_PAY_FEN], waterfall[k.W_POOL_PAY_FEN]) == (4000, 5000)
    assert (waterfall[k.W_ACCOUNT_PAYABLE_FEN], waterfall[k.W_CASH_FEN]) == (2500, 3500)


def test_the_quotas_payment_follows_the_cost_it_covers_on_each_line() -> None:
    # one fen of quota covers 1 + 1 fen of two lines with 1 and 2: equal costs, so the earlier, barred line is paid
    row = row_of(kind=k.DEDUCTIBLE_NONE, bp=0, carve_out=5000)
    waterfall = settle(row, line(1, flags=k.FLAG_CARVE_OUT), line(2, flags=BOTH), quota=1, own=100)
    assert (waterfall[k.W_CHRONIC_FEE_FEN], waterfall[k.W_CHRONIC_PAY_FEN]) == (2, 1)
    assert (waterfall[k.W_ACCOUNT_PAYABLE_FEN], waterfall[k.W_CASH_FEN]) == (2, 0)


def overflowing(overflow: int) -> list[int]:
    row = row_of(carve_out=8000)
    row[k.ROW_CHRONIC_OVERFLOW] = overflow
    return row


@pytest.mark.clause("SX2022-27.art25.b")
def test_with_pooling_from_the_next_visit_on_the_rest_of_this_one_is_the_members() -> None:
    waterfall = settle(overflowing(k.OVERFLOW_NEXT_VISIT), line(15_000, flags=BOTH), quota=4000)
    assert (waterfall[k.W_CHRONIC_FEE_FEN], waterfall[k.W_CHRONIC_PAY_FEN]) == (15_000, 4000)
    assert (waterfall[k.W_IN_SCOPE_FEN], waterfall[k.W_DEDUCTIBLE_FEN], waterfall[k.W_POOL_PAY_FEN]) == (
        0,
        0,
        0,
    )
    assert waterfall[k.W_CASH_FEN] == 11_000


def test_with_pooling_from_the_next_visit_on_a_quota_that_is_empty_leaves_all_to_the_pool() -> None:
    waterfall = settle(overflowing(k.OVERFLOW_NEXT_VISIT), line(15_000, flags=BOTH), quota=0)
    assert (waterfall[k.W_CHRONIC_FEE_FEN], waterfall[k.W_POOL_PAY_FEN]) == (0, 7800)


@pytest.mark.parametrize("quota", [0, 4000])
def test_where_cost_above_the_quota_is_never_pooled_it_stays_with_the_disease(quota: int) -> None:
    waterfall = settle(overflowing(k.OVERFLOW_KEPT), line(15_000, flags=BOTH), line(10_000), quota=quota)
    assert (waterfall[k.W_CHRONIC_FEE_FEN], waterfall[k.W_CHRONIC_PAY_FEN]) == (15_000, quota)
    assert (waterfall[k.W_IN_SCOPE_FEN], waterfall[k.W_POOL_PAY_FEN]) == (10_000, 4550)


def test_what_is_kept_out_of_the_pool_may_be_paid_from_accounts() -> None:
    waterfall = settle(overflowing(k.OVERFLOW_KEPT), line(15_000, flags=BOTH), quota=4000, own=50_000)
    assert (waterfall[k.W_ACCOUNT_FEN], waterfall[k.W_CASH_FEN]) == (11_000, 0)
