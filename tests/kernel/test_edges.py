"""Every fen around every edge: grids settled by the kernel and by exact decimals side by side."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from gongji.kernel import layout as k
from tests.kernel.build import acc_of, line, row_of, settle, settle_split

FEN = Decimal("0.01")
STANDARDS = (3000, 5000, 8000)
RATES = (5000, 5500, 6000, 6500, 7000)
CEILINGS = (180_000, 200_000, 250_000, 300_000)


def half_up(yuan: Decimal) -> int:
    """Fen of a yuan amount, 四舍五入."""
    return int(yuan.quantize(FEN, ROUND_HALF_UP) / FEN)


@pytest.mark.parametrize("bp", [*RATES, 1, 50, 3333, 9999, 10_000])
def test_the_pools_payment_is_half_up_for_every_base_of_two_yuan_and_two_hundred(bp: int) -> None:
    row = row_of(kind=k.DEDUCTIBLE_NONE, bp=bp)
    for base in (*range(201), *range(19_900, 20_101)):
        expected = half_up(Decimal(base) * FEN * bp / 10_000)
        assert settle(row, line(base))[k.W_POOL_PAY_FEN] == expected, base


@pytest.mark.clause("SX2022-27.art20.b", "SX2024-11.s1.i")
@pytest.mark.parametrize("bp", [500, 1000, 2000, 1, 50, 3333, 5000, 9999])
def test_prepay_is_half_up_for_every_line_of_ten_yuan(bp: int) -> None:
    row = row_of(prepay=(0, 0, bp, 0, 0, 0, 0, 0))
    for amount in range(1001):
        expected = half_up(Decimal(amount) * FEN * bp / 10_000)
        assert settle_split(row, line(amount, k.TREAT_B_DRUG))[1] == [0, 0, expected, amount - expected], (
            amount
        )


@pytest.mark.clause("SX2024-11.s1.c", "SX2024-11.s1.d")
@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("bp", RATES)
def test_every_cost_around_a_deductible_under_every_year_sum_around_the_300(standard: int, bp: int) -> None:
    row = row_of(deductible=standard, bp=bp)
    for year in (0, 30_000 - standard - 1, 30_000 - standard, 30_000 - standard + 1, 29_999, 30_000, 30_001):
        for window in (0, 1, standard - 1, standard, standard + 1):
            due = max(0, min(standard - window, 30_000 - year))
            for cost in (0, 1, due - 1, due, due + 1, due + 2, standard - 1, standard, standard + 1, 10_000):
                if cost < 0:
                    continue
                w = settle(row, line(cost), acc=acc_of(window=window, deductible=year))
                charged = min(cost, due)
                assert w[k.W_DEDUCTIBLE_FEN] == charged
                assert w[k.W_POOL_PAY_FEN] == half_up(Decimal(cost - charged) * FEN * bp / 10_000)


@pytest.mark.clause("SX2024-11.s1.a", "SX2024-11.s1.b")
@pytest.mark.parametrize("ceiling", CEILINGS)
@pytest.mark.parametrize("bp", RATES)
def test_every_year_sum_around_a_ceiling(ceiling: int, bp: int) -> None:
    row = row_of(kind=k.DEDUCTIBLE_NONE, bp=bp, year=ceiling)
    for cost in (1, 2, 9999, 10_000, 10_001):
        before_cap = half_up(Decimal(cost) * FEN * bp / 10_000)
        for paid in range(ceiling - before_cap - 2, ceiling + 2):
            if abs(paid - (ceiling - before_cap)) > 2 and abs(paid - ceiling) > 2:
                continue
            w = settle(row, line(cost), acc=acc_of(year=paid))
            room = max(0, ceiling - paid)
            assert w[k.W_POOL_PAY_FEN] == min(before_cap, room)
            assert w[k.W_CAP_SHORTFALL_FEN] == max(0, before_cap - room)


@pytest.mark.clause("SX2022-27.art23.b")
@pytest.mark.clause("SX2022-27.art21.b", "SX2022-27.art21.c")
@pytest.mark.parametrize("standard", [0, 1, 999, 1000, 1001, 1002])
def test_every_cost_around_a_payment_standard(standard: int) -> None:
    for amount in (0, 1, 998, 999, 1000, 1001, 1002, 1003):
        splits = settle_split(row_of(), line(amount, k.TREAT_A, standard))[1]
        assert splits == [0, max(0, amount - standard), 0, min(amount, standard)]


def test_every_balance_around_the_personal_part() -> None:
    for own in (0, 1, 5449, 5450, 5451):
        for family in (0, 1, 5449, 5450, 5451):
            w = settle(row_of(), line(10_000), own=own, family=family)
            paid_own = min(own, 5450)
            paid_family = min(family, 5450 - paid_own)
            expected = [paid_own, paid_family, 5450 - paid_own - paid_family]
            assert w[k.W_ACCOUNT_FEN : k.W_CASH_FEN + 1] == expected
