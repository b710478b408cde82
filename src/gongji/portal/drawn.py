"""A map without tiles: the member in the middle, the service circle, numbered pharmacies, a scale bar. Pure integer geometry.

Degrees become metres on a plane around the middle: over a few kilometres that is as good as the cell in which somebody lives.
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
EDGE: Final = 24
"""Room around the outermost mark."""
RADIUS_M: Final = 6_371_009
E6: Final = 1_000_000
STEPS: Final = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
"""Lengths that a scale bar may have, in metres."""
MARK, LETTER, LINE = 12, 13, 18
"""Half a mark, one letter of a name, and the height of a line, in pixels."""
BAR: Final = 110
"""Most pixels of the scale bar."""


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
    """What is drawn, in the pixels of the view box."""

    width: int
    height: int
    x: int
    y: int
    circle: int
    marks: tuple[Mark, ...]
    bar: int
    bar_text: str
    bar_x: int = 14
    bar_y: int = HEIGHT - 14


def drawn(middle: Place, circle_m: int, places: Sequence[Place], names: Sequence[str]) -> Drawing:
    """The map around ``middle``: everything on it, the whole circle too; ``names`` go with ``places``."""
    flat = [_metres(middle, place) for place in places]
    widest = max([circle_m, *(abs(east) for east, _ in flat)])
    highest = max([circle_m, *(abs(north) for _, north in flat)])
    per_km = min(
        (WIDTH // 2 - EDGE) * 1_000 // max(widest, 1), (HEIGHT // 2 - EDGE) * 1_000 // max(highest, 1)
    )
    per_km = max(per_km, 1)
    x, y = WIDTH // 2, HEIGHT // 2
    points = [(x + east * per_km // 1_000, y - north * per_km // 1_000) for east, north in flat]
    marks = _named(points, names)
    length_m = max((step for step in STEPS if step * per_km // 1_000 <= BAR), default=STEPS[0])
    text = f"{length_m} 米" if length_m < 1_000 else f"{length_m // 1_000} 公里"
    return Drawing(WIDTH, HEIGHT, x, y, circle_m * per_km // 1_000, marks, length_m * per_km // 1_000, text)


def _metres(middle: Place, place: Place) -> tuple[int, int]:
    """East and north of the middle."""
    degree = RADIUS_M * pi / 180
    east = (place.lng_e6 - middle.lng_e6) / E6 * degree * cos(radians(middle.lat_e6 / E6))
    return round(east), round((place.lat_e6 - middle.lat_e6) / E6 * degree)


def _named(points: Sequence[tuple[int, int]], names: Sequence[str]) -> tuple[Mark, ...]:
    """The marks, each with its name on the side that has more room, unless another name or mark stands there."""
    taken = [(x - MARK, x + MARK, y) for x, y in points]
    marks = []
    for number, ((x, y), name) in enumerate(zip(points, names, strict=True), start=1):
        rightward = x < WIDTH // 2
        room = (WIDTH - x if rightward else x) - 2 * MARK
        shown = name if len(name) * LETTER <= room else f"{name[: max(room // LETTER - 1, 1)]}…"
        wide = len(shown) * LETTER
        left, right = (
            (x + MARK + 3, x + MARK + 3 + wide) if rightward else (x - MARK - 3 - wide, x - MARK - 3)
        )
        if any(left < end and begin < right and abs(y - other) < LINE for begin, end, other in taken):
            marks.append(Mark(number, x, y))
            continue
        taken.append((left, right, y))
        marks.append(Mark(number, x, y, shown, left if rightward else right, "start" if rightward else "end"))
    return tuple(marks)
