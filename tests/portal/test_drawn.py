"""The drawn map: everything is on it, nothing stands on anything else."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.portal.drawn import HEIGHT, HOME, LETTER, LINE, MARK, WIDTH, Drawing, drawn
from gongji.providers.register import Place

TAIYUAN = Place(lat_e6=37_870_000, lng_e6=112_550_000)
NEAR = st.integers(-60_000, 60_000)
PLACES = st.lists(st.tuples(NEAR, NEAR, st.integers(1, 20)), max_size=12)


def around(*offsets: tuple[int, int, int], circle_m: int = 900) -> Drawing:
    """The map of pharmacies so many millionths of a degree away, with names of so many letters."""
    places = [
        Place(lat_e6=TAIYUAN.lat_e6 + north, lng_e6=TAIYUAN.lng_e6 + east) for north, east, _ in offsets
    ]
    return drawn(TAIYUAN, circle_m, places, ["药" * letters for _, _, letters in offsets])


def strips(drawing: Drawing) -> list[tuple[int, int, int]]:
    """From where to where something is written at which height."""
    half = len(HOME) * LETTER // 2
    found = [
        (drawing.x - half, drawing.x + half, drawing.y + 20),
        (drawing.bar_x, drawing.bar_x + drawing.bar, drawing.bar_y),
    ]
    for mark in drawing.marks:
        wide = len(mark.name) * LETTER
        left = mark.name_x if mark.anchor == "start" else mark.name_x - wide
        found += [(left, left + wide, mark.y)] if mark.name else []
    return found


@settings(max_examples=60, deadline=None)
@given(PLACES, st.integers(0, 3_000))
def test_everything_is_inside_the_frame(offsets: list[tuple[int, int, int]], circle_m: int) -> None:
    drawing = around(*offsets, circle_m=circle_m)
    assert drawing.circle <= drawing.x <= WIDTH - drawing.circle
    assert drawing.circle <= drawing.y <= HEIGHT - drawing.circle
    for mark in drawing.marks:
        assert MARK <= mark.x <= WIDTH - MARK
        assert MARK <= mark.y <= HEIGHT - MARK
    for left, right, _ in strips(drawing)[2:]:
        assert left >= 0
        assert right <= WIDTH


@settings(max_examples=60, deadline=None)
@given(PLACES)
def test_no_name_stands_on_another_name_or_on_a_mark(offsets: list[tuple[int, int, int]]) -> None:
    drawing = around(*offsets)
    for one, other in combinations(strips(drawing)[2:], 2):
        assert one[1] <= other[0] or other[1] <= one[0] or abs(one[2] - other[2]) >= LINE
    for left, right, y in strips(drawing)[2:]:
        for mark in drawing.marks:
            assert right <= mark.x - MARK or left >= mark.x + MARK or abs(y - mark.y) >= LINE


def test_pharmacies_in_one_street_stand_side_by_side() -> None:
    drawing = around((4_000, 4_000, 4), (4_001, 4_002, 4), (4_003, 4_001, 4), (0, 0, 4))
    for one, other in combinations([(mark.x, mark.y) for mark in drawing.marks], 2):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= 2 * MARK
    assert all((mark.x, mark.y) != (drawing.x, drawing.y) for mark in drawing.marks)


def test_north_is_up_and_east_is_right() -> None:
    north, east = around((5_000, 0, 1), (0, 5_000, 1)).marks
    assert north.y < east.y
    assert north.x < east.x


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    drawing = around((9_000, 0, 1), circle_m=2_000)
    assert drawing.bar_text == "1 公里"
    assert abs(2 * drawing.bar - drawing.circle) <= 1, "the circle reaches two kilometres"
