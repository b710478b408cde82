"""One visit, step by step of decision A01."""

import pytest

from gongji.base.money import MAX_FEN
from gongji.kernel import layout as k
from gongji.kernel import within_bounds
from gongji.kernel.visit import MAX_LINES
from tests.kernel.build import acc_of, line, row_of, settle, settle_split


@pytest.mark.clause(
    "SX2022-27.art20.b", "SX2022-27.art20.c", "SX2022-27.art21.b", "SX2022-27.art21.c", "SX2024-11.s1.i"
)
def test_a_category_b_drug_over_its_standard_is_split_in_the_order_of_the_law() -> None:
    waterfall, splits = settle_split(row_of(), line(12_000, k.TREAT_B_DRUG, 10_000))
    assert splits == [0, 2000, 500, 9500]
    assert (waterfall[k.W_DEDUCTIBLE_FEN], waterfall[k.W_POOL_PAY_FEN]) == (3000, 4225)


def test_a_full_selfpay_line_ignores_its_standard() -> None:
    assert settle_split(row_of(), line(5000, k.TREAT_FULL_SELFPAY, 1000))[1] == [5000, 0, 0, 0]


@pytest.mark.clause("SX2022-27.art21.d")
def test_a_line_without_a_standard_is_covered_at_its_price() -> None:
    assert settle_split(row_of(), line(5000, k.TREAT_A, k.NONE))[1] == [0, 0, 0, 5000]


def test_a_standard_of_zero_leaves_everything_over_the_limit() -> None:
    assert settle_split(row_of(), line(5000, k.TREAT_A, 0))[1] == [0, 5000, 0, 0]


def test_a_visit_of_only_full_selfpay_charges_no_deductible() -> None:
    waterfall = settle(row_of(), line(20_000, k.TREAT_FULL_SELFPAY))
    assert waterfall[k.W_DEDUCTIBLE_FEN] == waterfall[k.W_POOL_PAY_FEN] == 0
    assert waterfall[k.W_RULE_DEDUCTIBLE] == k.NONE


def test_a_visit_without_lines_is_all_zero() -> None:
    waterfall = settle(row_of(year=250_000))
    assert not any(waterfall[: k.W_DEDUCTIBLE_DUE_FEN])
    assert waterfall[k.W_CASH_FEN] == 0


@pytest.mark.clause("SX2022-27.art22")
def test_a_visit_below_the_deductible_pays_nothing_and_counts_only_its_cost() -> None:
    waterfall = settle(row_of(), line(2500))
    assert (waterfall[k.W_DEDUCTIBLE_FEN], waterfall[k.W_POOL_PAY_FEN]) == (2500, 0)
    assert waterfall[k.W_RULE_DEDUCTIBLE] == k.NONE


def test_the_window_of_the_visit_group_credits_what_it_has_charged() -> None:
    waterfall = settle(row_of(deductible=8000), line(10_000), acc=acc_of(window=3000, deductible=3000))
    assert (waterfall[k.W_DEDUCTIBLE_DUE_FEN], waterfall[k.W_DEDUCTIBLE_FEN]) == (5000, 5000)


def test_a_lower_standard_after_a_higher_one_charges_nothing_and_gives_nothing_back() -> None:
    waterfall = settle(row_of(deductible=3000), line(10_000), acc=acc_of(window=8000, deductible=8000))
    assert (waterfall[k.W_DEDUCTIBLE_DUE_FEN], waterfall[k.W_POOL_PAY_FEN]) == (0, 6500)


@pytest.mark.clause("SX2022-27.art22")
def test_a_deductible_per_settlement_ignores_the_window() -> None:
    waterfall = settle(
        row_of(kind=k.DEDUCTIBLE_SETTLEMENT), line(10_000), acc=acc_of(window=3000, deductible=3000)
    )
    assert waterfall[k.W_DEDUCTIBLE_FEN] == 3000


def test_a_yearly_deductible_reads_the_years_sum() -> None:
    row = row_of(kind=k.DEDUCTIBLE_YEAR, deductible=30_000, stop=k.NONE, bp=6000)
    waterfall = settle(row, line(25_000), acc=acc_of(deductible=20_000))
    assert (waterfall[k.W_DEDUCTIBLE_FEN], waterfall[k.W_POOL_PAY_FEN]) == (10_000, 9000)


def test_a_law_without_deductible_charges_none_whatever_its_amount_cell_says() -> None:
    waterfall = settle(row_of(kind=k.DEDUCTIBLE_NONE, deductible=3000), line(10_000))
    assert (waterfall[k.W_DEDUCTIBLE_FEN], waterfall[k.W_RULE_DEDUCTIBLE]) == (0, k.NONE)


@pytest.mark.clause("SX2024-11.s1.c", "SX2024-11.s1.d")
@pytest.mark.parametrize(
    ("year", "deductible", "rule"),
    [
        (0, 3000, k.ROW_DEDUCTIBLE_FEN),
        (27_000, 3000, k.ROW_DEDUCTIBLE_FEN),
        (27_001, 2999, k.ROW_DEDUCTIBLE_STOP_FEN),
        (29_999, 1, k.ROW_DEDUCTIBLE_STOP_FEN),
        (30_000, 0, k.ROW_DEDUCTIBLE_STOP_FEN),
        (33_000, 0, k.ROW_DEDUCTIBLE_STOP_FEN),
    ],
)
def test_the_yearly_stop_of_300_binds_to_the_fen(year: int, deductible: int, rule: int) -> None:
    waterfall = settle(row_of(), line(10_000), acc=acc_of(deductible=year))
    assert (waterfall[k.W_DEDUCTIBLE_FEN], waterfall[k.W_RULE_DEDUCTIBLE]) == (deductible, rule)


@pytest.mark.parametrize("cost", [2999, 3000, 3001])
def test_a_fen_around_the_deductible(cost: int) -> None:
    waterfall = settle(row_of(), line(cost))
    assert waterfall[k.W_DEDUCTIBLE_FEN] == min(cost, 3000)
    assert waterfall[k.W_BASE_FEN] == max(0, cost - 3000)
    assert waterfall[k.W_POOL_PAY_FEN] == (1 if cost == 3001 else 0)
    assert waterfall[k.W_RULE_DEDUCTIBLE] == (k.NONE if cost == 2999 else k.ROW_DEDUCTIBLE_FEN)


def test_the_deductible_is_charged_when_the_ceiling_is_exhausted() -> None:
    waterfall = settle(row_of(year=250_000), line(10_000), acc=acc_of(year=250_000))
    assert (waterfall[k.W_DEDUCTIBLE_FEN], waterfall[k.W_POOL_PAY_FEN]) == (3000, 0)
    assert (waterfall[k.W_CAP_SHORTFALL_FEN], waterfall[k.W_RULE_CAP]) == (4550, k.ROW_CEILING_YEAR_FEN)


def test_a_lowered_ceiling_leaves_no_negative_room() -> None:
    waterfall = settle(row_of(year=180_000), line(10_000), acc=acc_of(year=200_000))
    assert (waterfall[k.W_CAP_ROOM_FEN], waterfall[k.W_POOL_PAY_FEN]) == (0, 0)


@pytest.mark.clause("SX2024-11.s1.a")
@pytest.mark.parametrize(
    ("room", "pays", "bound"), [(4549, 4549, True), (4550, 4550, False), (4551, 4550, False)]
)
def test_a_fen_around_the_ceiling(room: int, pays: int, bound: bool) -> None:
    waterfall = settle(row_of(year=250_000), line(10_000), acc=acc_of(year=250_000 - room))
    assert waterfall[k.W_POOL_PAY_FEN] == pays
    assert waterfall[k.W_CAP_SHORTFALL_FEN] == 4550 - pays
    assert waterfall[k.W_RULE_CAP] == (k.ROW_CEILING_YEAR_FEN if bound else k.NONE)


@pytest.mark.parametrize("period", ["visit", "day", "month", "quarter", "year"])
def test_every_ceiling_can_be_the_one_that_binds(period: str) -> None:
    names = ("visit", "day", "month", "quarter", "year")
    row = row_of(visit=9000, day=9000, month=9000, quarter=9000, year=9000)
    waterfall = settle(row, line(10_000), acc=acc_of(**{period: 5000}))
    assert waterfall[k.W_POOL_PAY_FEN] == waterfall[k.W_CAP_ROOM_FEN] == 4000
    assert waterfall[k.W_RULE_CAP] == k.ROW_CEILING_VISIT_FEN + names.index(period)


def test_of_equal_rooms_the_shorter_period_is_named() -> None:
    waterfall = settle(row_of(month=1000, year=1000), line(10_000))
    assert waterfall[k.W_RULE_CAP] == k.ROW_CEILING_MONTH_FEN


@pytest.mark.clause("SX2022-27.art23.b", "SX2021-103.s2.4.b")
def test_no_ceiling_has_no_room_and_no_shortfall() -> None:
    waterfall = settle(row_of(), line(MAX_FEN))
    assert (waterfall[k.W_CAP_ROOM_FEN], waterfall[k.W_CAP_SHORTFALL_FEN]) == (k.NONE, 0)


@pytest.mark.clause("SX2021-103.s2.4.b")
def test_own_account_then_family_then_cash() -> None:
    waterfall = settle(row_of(), line(10_000), own=2000, family=3000)
    assert waterfall[k.W_PERSONAL_FEN : k.W_CASH_FEN + 1] == [5450, 5450, 2000, 3000, 450]


@pytest.mark.clause("SX2021-103.s2.4.c", "SX2021-103.s2.4.e")
def test_full_selfpay_is_payable_by_account_unless_the_area_limits_it() -> None:
    lines = (line(10_000), line(5000, k.TREAT_FULL_SELFPAY))
    assert settle(row_of(), *lines, own=20_000)[k.W_ACCOUNT_FEN] == 10_450
    assert settle(row_of(full_selfpay=0), *lines, own=20_000)[k.W_ACCOUNT_FEN] == 5450


def test_a_barred_line_out_of_scope_is_cash_whole() -> None:
    lines = (line(5000), line(3000, k.TREAT_FULL_SELFPAY), line(10_000, k.TREAT_FULL_SELFPAY, flags=0))
    waterfall = settle(row_of(deductible=0), *lines, own=20_000)
    assert (waterfall[k.W_ACCOUNT_FEN], waterfall[k.W_CASH_FEN]) == (1750 + 3000, 10_000)


def test_a_barred_line_in_scope_keeps_its_share_of_the_pool() -> None:
    waterfall = settle(row_of(), line(6000), line(4000, flags=0), own=20_000)
    assert waterfall[k.W_ACCOUNT_PAYABLE_FEN] == 6000 - 2730
    assert waterfall[k.W_CASH_FEN] == 4000 - 1820


def test_a_barred_line_does_not_lend_its_scope_to_an_allowed_one() -> None:
    lines = (line(10_000, k.TREAT_FULL_SELFPAY), line(10_000, flags=0))
    assert settle(row_of(full_selfpay=0), *lines, own=50_000)[k.W_ACCOUNT_PAYABLE_FEN] == 0


def test_a_refused_visit_is_the_members_and_account_use_stays_possible() -> None:
    waterfall = settle(row_of(year=250_000), line(5000, k.TREAT_FULL_SELFPAY), own=8000)
    assert (waterfall[k.W_POOL_PAY_FEN], waterfall[k.W_ACCOUNT_FEN]) == (0, 5000)


def test_a_refused_visit_needs_no_law() -> None:
    row = [k.UNSET] * k.ROW_SIZE
    waterfall = settle(row, line(5000, k.TREAT_FULL_SELFPAY))
    assert (waterfall[k.W_FULL_SELFPAY_FEN], waterfall[k.W_POOL_PAY_FEN], waterfall[k.W_CASH_FEN]) == (
        5000,
        0,
        5000,
    )


@pytest.mark.parametrize(
    "lines",
    [
        [1, k.NONE, k.TREAT_A],
        line(-1),
        line(MAX_FEN + 1),
        line(1, treat=8),
        line(1, treat=-1),
        line(1, standard=-2),
        line(1, flags=4),
        line(MAX_FEN) + line(1),
        line(0) * (MAX_LINES + 1),
    ],
)
def test_lines_the_arithmetic_cannot_hold_are_out_of_bounds(lines: list[int]) -> None:
    assert not within_bounds(lines)


@pytest.mark.parametrize(
    "lines", [[], line(MAX_FEN), line(0) * MAX_LINES, line(MAX_FEN - 1) + line(1, standard=0)]
)
def test_lines_at_the_bound_are_within(lines: list[int]) -> None:
    assert within_bounds(lines)
