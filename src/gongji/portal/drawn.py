"""A map without tiles: the member's home, the service circle, numbered pharmacies, a scale bar. Pure integer geometry.

Degrees become metres on a plane around the home: over a few kilometres that is as good as the cell in which somebody lives.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, radians
from typing import Final

import msgspec

from gongji.providers.register import Place

__all__ = ["Drawing", "Mark", "drawn"]

WIDTH: Final = 360
HEIGHT: Final = 300
EDGE: Final = 28
"""Room around the outermost mark."""
RADIUS_M: Final = 6_371_009
E6: Final = 1_000_000
STEPS: Final = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
"""Lengths that a scale bar may have, in metres."""
MARK, LETTER, LINE = 12, 14, 18
"""Half a mark, one letter of a name, and the height of a line, in pixels."""
BAR: Final = 110
"""Most pixels of the scale bar."""
BAR_X, BAR_Y = 14, HEIGHT - 14
HOME: Final = "您的居住地"
ASIDE: Final = (
    (0, 0),
    (1, 0),
    (-1, 0),
    (0, 1),
    (0, -1),
    (1, 1),
    (-1, -1),
    (1, -1),
    (-1, 1),
    (2, 0),
    (-2, 0),
    (0, 2),
    (0, -2),
)
"""Where a mark may move, in its own size, when another one stands in its place."""

Point = tuple[int, int]
Strip = tuple[int, int, int]
"""A piece of a line of writing: from x, to x, at the height y."""


class Mark(msgspec.Struct, frozen=True):
    """A pharmacy on the map. ``anchor``: on which side of it the name stands (``start``: right); ``name`` empty where there is no
    room for it.
    """

    number: int
    x: int
    y: int
    name: str = ""
    name_x: int = 0
    anchor: str = "start"


class Drawing(msgspec.Struct, frozen=True):
    """What is drawn, in the pixels of the view box; ``x``, ``y`` is the home."""

    width: int
    height: int
    x: int
    y: int
    circle: int
    marks: tuple[Mark, ...]
    bar: int
    bar_text: str
    bar_x: int = BAR_X
    bar_y: int = BAR_Y
    home: str = HOME


def drawn(middle: Place, circle_m: int, places: Sequence[Place], names: Sequence[str]) -> Drawing:
    """The map of ``middle`` and what lies around it: everything on it, the whole circle too; ``names`` go with ``places``."""
    flat = [_metres(middle, place) for place in places]
    west, east = _ends(circle_m, [x for x, _ in flat])
    south, north = _ends(circle_m, [y for _, y in flat])
    per_km = max(min(_fits(WIDTH, east - west), _fits(HEIGHT, north - south)), 1)
    x = WIDTH // 2 - (west + east) * per_km // 2_000
    y = HEIGHT // 2 + (south + north) * per_km // 2_000
    points = _apart((x, y), [(x + right * per_km // 1_000, y - up * per_km // 1_000) for right, up in flat])
    length_m = max((step for step in STEPS if step * per_km // 1_000 <= BAR), default=STEPS[0])
    bar = length_m * per_km // 1_000
    text = f"{length_m} 米" if length_m < 1_000 else f"{length_m // 1_000} 公里"
    half = len(HOME) * LETTER // 2
    taken = [(x - half, x + half, y + 20), (BAR_X, BAR_X + bar, BAR_Y), (BAR_X, BAR_X + bar, BAR_Y - 12)]
    marks = _named(points, names, taken)
    return Drawing(WIDTH, HEIGHT, x, y, circle_m * per_km // 1_000, marks, bar, text)


def _ends(circle_m: int, offsets: Sequence[int]) -> Point:
    """How far the drawing reaches on both sides, in metres; never nothing."""
    return min(-circle_m, -1, *offsets), max(circle_m, 1, *offsets)


def _fits(pixels: int, metres: int) -> int:
    """Pixels a kilometre, so that so many metres fit between the edges."""
    return (pixels - 2 * EDGE) * 1_000 // metres


def _metres(middle: Place, place: Place) -> Point:
    """East and north of the middle."""
    degree = RADIUS_M * pi / 180
    east = (place.lng_e6 - middle.lng_e6) / E6 * degree * cos(radians(middle.lat_e6 / E6))
    return round(east), round((place.lat_e6 - middle.lat_e6) / E6 * degree)


def _apart(home: Point, points: Sequence[Point]) -> list[Point]:
    """The marks, none on top of another or of the home: neighbours move aside by a mark's size."""
    placed: list[Point] = []
    for x, y in points:
        tries = [(x + 2 * MARK * right, y + 2 * MARK * down) for right, down in ASIDE]
        free = (
            one for one in tries if _inside(one) and not any(_touch(one, other) for other in (home, *placed))
        )
        placed.append(next(free, (x, y)))
    return placed


def _inside(point: Point) -> bool:
    return MARK <= point[0] <= WIDTH - MARK and MARK <= point[1] <= HEIGHT - MARK


def _touch(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < 2 * MARK and abs(one[1] - other[1]) < 2 * MARK


def _named(points: Sequence[Point], names: Sequence[str], written: Sequence[Strip]) -> tuple[Mark, ...]:
    """The marks, each with its name on the side that has more room or on the other, unless something stands there."""
    taken: list[Strip] = [*written, *((x - MARK, x + MARK, y) for x, y in points)]
    marks = []
    for number, ((x, y), name) in enumerate(zip(points, names, strict=True), start=1):
        mark = Mark(number, x, y)
        for rightward in (x < WIDTH // 2, x >= WIDTH // 2):
            shown = _cut(name, (WIDTH - x if rightward else x) - 2 * MARK)
            begin = x + MARK + 3 if rightward else x - MARK - 3 - len(shown) * LETTER
            strip = (begin, begin + len(shown) * LETTER, y)
            if shown and not any(_cross(strip, other) for other in taken):
                taken.append(strip)
                mark = Mark(number, x, y, shown, *((strip[0], "start") if rightward else (strip[1], "end")))
                break
        marks.append(mark)
    return tuple(marks)


def _cut(name: str, room: int) -> str:
    """As much of the name as there is room for; nothing where that says nothing."""
    letters = room // LETTER
    return name if len(name) <= letters else f"{name[: letters - 1]}…" if letters >= 4 else ""


def _cross(one: Strip, other: Strip) -> bool:
    return one[0] < other[1] and other[0] < one[1] and abs(one[2] - other[2]) < LINE
