"""Accumulators from visit to visit."""

import pytest

from gongji.kernel import advance, fold, restart
from gongji.kernel import layout as k
from tests.kernel.build import acc_of, line, row_of, settle

KINDS = range(k.DEDUCTIBLE_SETTLEMENT, k.DEDUCTIBLE_YEAR + 1)
FULL = acc_of(window=1, deductible=2, in_scope=3, visit=4, day=5, month=6, quarter=7, year=8)


def test_a_visit_adds_to_every_accumulator() -> None:
    waterfall = settle(row_of(), line(10_000))
    expected = acc_of(
        window=3000,
        deductible=3000,
        in_scope=10_000,
        visit=4550,
        day=4550,
        month=4550,
        quarter=4550,
        year=4550,
    )
    assert list(advance(acc_of(), waterfall)) == expected


@pytest.mark.parametrize("period", range(5))
def test_a_new_period_empties_its_own_fund_sum_only(period: int) -> None:
    opened = restart(FULL, k.DEDUCTIBLE_NONE, 1 << period)
    emptied = [at for at in range(k.ACC_FUND_VISIT_FEN, k.ACC_SIZE) if opened[at] == 0]
    assert emptied == [k.ACC_FUND_VISIT_FEN + period]


@pytest.mark.parametrize(
    ("kind", "bit"),
    [
        (k.DEDUCTIBLE_VISIT, fold.NEW_VISIT),
        (k.DEDUCTIBLE_DAY, fold.NEW_DAY),
        (k.DEDUCTIBLE_MONTH, fold.NEW_MONTH),
        (k.DEDUCTIBLE_YEAR, fold.NEW_YEAR),
    ],
)
def test_the_deductible_window_ends_with_its_own_period_only(kind: int, bit: int) -> None:
    assert restart(FULL, kind, bit)[k.ACC_DEDUCTIBLE_WINDOW_FEN] == 0
    assert restart(FULL, kind, fold.NEW_ALL - bit)[k.ACC_DEDUCTIBLE_WINDOW_FEN] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_year_starts_from_zero(kind: int) -> None:
    assert list(restart(FULL, kind, fold.NEW_ALL)) == acc_of()


def test_a_place_without_deductible_leaves_the_visit_groups_window_alone() -> None:
    assert restart(FULL, k.DEDUCTIBLE_NONE, fold.NEW_DAY)[k.ACC_DEDUCTIBLE_WINDOW_FEN] == 1


def test_a_visit_spends_quota_and_balances() -> None:
    row = row_of(carve_out=8000)
    waterfall = settle(row, line(15_000, flags=3), quota=4000, own=2000, family=1000)
    wallet = [4000, 2000, 1000]
    fold.spend_in_place(wallet, waterfall)
    assert wallet == [0, 0, 0]


def test_a_person_without_chronic_benefit_stays_without() -> None:
    wallet = [k.NONE, 0, 0]
    fold.spend_in_place(wallet, settle(row_of(), line(15_000)))
    assert wallet[k.WALLET_CARVE_OUT_QUOTA_FEN] == k.NONE
