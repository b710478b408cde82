"""Money: exact in, exact out, one rounding."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.base import money

amounts = st.integers(0, money.MAX_FEN)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (5, 10, 1),
        (4, 10, 0),
        (-5, 10, -1),
        (-4, 10, 0),
        (15, 10, 2),
        (25, 10, 3),
        (-25, 10, -3),
        (0, 7, 0),
        (10, 3, 3),
        (11, 3, 4),
    ],
)
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int, expected: int) -> None:
    assert money.div_round(numerator, denominator) == expected


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**12))
def test_rounding_agrees_with_decimal_half_up(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    doubled = Decimal(int(2 * exact)) if (2 * exact).denominator == 1 else None
    expected = round(exact) if doubled is None else int((doubled / 2).quantize(Decimal(1), ROUND_HALF_UP))
    assert money.div_round(numerator, denominator) == expected


def test_a_reversal_rounds_as_its_settlement_did() -> None:
    assert [money.mul_bp(-fen, 3333) for fen in range(300)] == [
        -money.mul_bp(fen, 3333) for fen in range(300)
    ]


def test_the_golden_half_fen_rounds_up() -> None:
    assert money.line_fen(85_000, 735 * money.QUANTITY_UNIT) == 6248


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("45.50", 4550), ("45.5", 4550), ("45", 4500), ("45.", 4500), (".5", 50), ("0", 0), ("-0.01", -1), ("+3.00", 300),
        (" 7.00 ", 700), ("0.10000", 10), ("007.00", 700),
    ],
)  # fmt: skip
def test_a_plain_decimal_is_read_exactly(text: str, fen: int) -> None:
    assert money.parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "-",
        "+.",
        "1e3",
        "1,000.00",
        "１２",
        "٣",
        "1.2.3",
        "--1",
        "0x10",
        "nan",
        "inf",
        "1 0",
        "12元",
        "1_000",
        "null",
    ],
)
def test_anything_else_than_a_plain_decimal_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="不是有效的数值"):
        money.parse_yuan(text)


def test_a_third_decimal_is_refused_instead_of_cut() -> None:
    with pytest.raises(ValueError, match="小数位超过 2 位"):
        money.parse_yuan("1.005")


@given(st.integers(-(10**15), 10**15))
def test_every_amount_survives_being_written_and_read(fen: int) -> None:
    assert money.parse_yuan(money.format_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("text", "bp"), [("65%", 6500), ("5.5%", 550), ("0%", 0), ("100%", 10_000), ("0.01%", 1)]
)
def test_a_percentage_is_basis_points_and_back(text: str, bp: int) -> None:
    assert (money.parse_percent(text), money.format_percent(bp)) == (bp, text)


@pytest.mark.parametrize("text", ["65", "0.65", "65％", "%", "1.234%"])
def test_a_rate_that_is_not_a_percentage_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"百分数|数值|小数位"):
        money.parse_percent(text)


@given(amounts, amounts, amounts)
def test_a_share_is_exact_to_its_remainder(total: int, weight: int, other: int) -> None:
    weight_sum = max(weight + other, 1)
    assert money.share_of(total, weight, weight_sum) == divmod(total * weight, weight_sum)


@given(amounts, st.lists(st.integers(0, money.MAX_FEN // 100), min_size=1, max_size=60).filter(any))
def test_apportioned_parts_add_up_and_stray_less_than_a_fen(total: int, weights: list[int]) -> None:
    parts = money.apportion(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * weight, sum(weights))) < 1
        for part, weight in zip(parts, weights, strict=True)
    )


def test_equal_remainders_serve_the_earlier_part() -> None:
    assert money.apportion(100, [1, 1, 1]) == [34, 33, 33]


def test_the_largest_remainder_is_served_first() -> None:
    assert money.apportion(10, [55, 26, 19]) == [5, 3, 2]


def test_a_negative_total_mirrors_its_positive() -> None:
    assert money.apportion(-100, [3, 2, 1]) == [-part for part in money.apportion(100, [3, 2, 1])]


def test_nothing_over_nothing_is_nothing() -> None:
    assert money.apportion(0, [0, 0]) == [0, 0]


def test_something_over_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing to apportion"):
        money.apportion(1, [0, 0])


@pytest.mark.parametrize(
    ("value", "scale", "least", "text"),
    [
        (10_000, 4, 0, "1"),
        (15_000, 4, 0, "1.5"),
        (1, 4, 0, "0.0001"),
        (60_200_000, 6, 2, "60.20"),
        (60_000_000, 6, 2, "60.00"),
        (123_456, 6, 2, "0.123456"),
        (-15_000, 4, 0, "-1.5"),
        (0, 4, 0, "0"),
    ],
)
def test_scaled_numbers_are_written_without_needless_zeros(
    value: int, scale: int, least: int, text: str
) -> None:
    assert money.format_scaled(value, scale, least) == text
