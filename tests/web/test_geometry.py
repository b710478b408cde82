"""Charts for every amount that there can be: widths add up, nothing stands outside, every number is said in words."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gongji.base.money import MAX_FEN
from gongji.web import charts
from gongji.web.amounts import yuan_unit
from gongji.web.geometry import FULL, percent, place, shares, short_yuan, span

fens = st.integers(-MAX_FEN * 1_000, MAX_FEN * 1_000) | st.sampled_from([0, 1, -1, 99, 100])
names = st.text(min_size=1, max_size=12)
kinds = st.sampled_from(["fund", "account", "mutual", "cash", 'fund"><script>'])


def numbers(attribute: str, svg: str) -> list[float]:
    return [float(text) for text in re.findall(rf'\b{attribute}="([-\d.]+)%?"', svg)]


@given(st.lists(fens, max_size=12))
def test_shares_add_up_to_the_whole_and_hide_nothing(amounts: list[int]) -> None:
    widths = shares(amounts)
    assert sum(widths) == (FULL if any(amounts) else 0)
    assert all((width > 0) == (amount != 0) for width, amount in zip(widths, amounts, strict=True))
    ordered = sorted(zip((abs(amount) for amount in amounts), widths, strict=True))
    assert all(later[1] >= earlier[1] - 1 for earlier, later in pairwise(ordered))


@given(fens, fens, fens)
def test_a_place_is_never_outside_and_never_goes_backwards(value: int, low: int, high: int) -> None:
    assert 0 <= place(value, low, high) <= FULL
    assert place(value, low, high) <= place(value + 1, low, high)


@given(st.lists(fens))
def test_a_span_has_zero_and_every_value_in_it(values: list[int]) -> None:
    low, high = span(values)
    assert low < high
    assert all(low <= value <= high for value in [0, *values])


@given(st.integers(0, FULL))
def test_a_place_is_written_with_one_decimal(thousandths: int) -> None:
    assert float(percent(thousandths).removesuffix("%")) * 10 == thousandths


@given(fens)
def test_a_short_amount_is_short(fen: int) -> None:
    assert len(short_yuan(fen)) <= 9
    assert short_yuan(fen).startswith("−") == (fen < 0)


def test_short_amounts_are_cut_not_rounded() -> None:
    said = [
        short_yuan(fen)
        for fen in (0, 99, 9_999_99, 10_000_00, 19_999_99, 123_456_78, 99_999_999_99, 100_000_000_00)
    ]
    assert said == ["0", "0", "9999", "1万", "1.9万", "12.3万", "9999万", "1亿"]


@given(st.none() | fens, st.none() | fens, names)
def test_a_limit_bar_stays_inside_and_says_its_numbers(
    used: int | None, total: int | None, label: str
) -> None:
    html = charts.limit_bar(used, total, label)
    assert all(0 <= width <= 100 for width in numbers("width", html) if width != 22)
    assert yuan_unit(used or 0) in html
    if total is not None and total > 0:
        assert yuan_unit(total) in html


@given(st.lists(st.tuples(names, fens, kinds), max_size=6))
def test_a_split_bar_adds_up_and_says_its_numbers(parts: list[tuple[str, int, str]]) -> None:
    html = charts.split_bar(parts)
    assert "<script" not in html
    found = re.findall(r'<rect class="(?:fund|account|mutual|cash)" x="([\d.]+)%" width="([\d.]+)%"', html)
    assert round(sum(float(width) for _, width in found), 1) == (
        100 if any(fen for _, fen, _ in parts) else 0
    )
    edge = 0.0
    for x, width in found:
        assert round(float(x), 1) == round(edge, 1)
        edge = float(x) + float(width)
    assert all(yuan_unit(fen) in html for _, fen, _ in parts)


@given(st.lists(st.tuples(names, fens), max_size=24))
def test_bars_of_a_year_stand_between_top_and_foot(months: list[tuple[str, int]]) -> None:
    html = charts.year_bars(months)
    for y, height in re.findall(r'y="(\d+)" height="(\d+)"', html):
        assert int(y) >= charts.BARS_TOP
        assert int(y) + int(height) <= charts.BARS_BASE + 1
    assert all(yuan_unit(fen) in html for _, fen in months if fen)


@given(st.lists(st.tuples(names, fens), max_size=40))
def test_a_line_stays_in_its_box(points: list[tuple[str, int]]) -> None:
    html = charts.line_chart(points)
    for x, y in re.findall(r"(-?\d+),(-?\d+)", " ".join(re.findall(r'points="([^"]*)"', html))):
        assert 0 <= int(x) <= FULL
        assert 0 <= int(y) <= FULL


def test_charts_are_images_with_a_name() -> None:
    parts = [("统筹基金", 9120, "fund"), ("现金", 1200, "cash")]
    for html in (
        charts.limit_bar(100, 300, "限额"),
        charts.split_bar(parts),
        charts.year_bars([(f"{month}月", month * 100) for month in range(1, 13)]),
        charts.line_chart([("1月", 5), ("2月", -5)]),
    ):
        named = re.search(
            r'<svg class="bar" role="img" aria-label="([^"]+)"[^>]*>\s*<title>([^<]+)</title>', html
        )
        assert named is not None
        assert named[1] == named[2]
        assert html.count("<svg") == html.count("</svg>")
