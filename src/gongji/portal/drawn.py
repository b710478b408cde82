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
BAR: Final = 110
"""Most pixels of the scale bar."""


class Mark(msgspec.Struct, frozen=True):
    """A pharmacy on the map."""

    number: int
    x: int
    y: int


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


def drawn(middle: Place, circle_m: int, places: Sequence[Place]) -> Drawing:
    """The map around ``middle``: everything on it, the whole circle too."""
    flat = [_metres(middle, place) for place in places]
    widest = max([circle_m, *(abs(east) for east, _ in flat)])
    highest = max([circle_m, *(abs(north) for _, north in flat)])
    per_km = min(
        (WIDTH // 2 - EDGE) * 1_000 // max(widest, 1), (HEIGHT // 2 - EDGE) * 1_000 // max(highest, 1)
    )
    per_km = max(per_km, 1)
    x, y = WIDTH // 2, HEIGHT // 2
    marks = tuple(
        Mark(number, x + east * per_km // 1_000, y - north * per_km // 1_000)
        for number, (east, north) in enumerate(flat, start=1)
    )
    length_m = max((step for step in STEPS if step * per_km // 1_000 <= BAR), default=STEPS[0])
    text = f"{length_m} 米" if length_m < 1_000 else f"{length_m // 1_000} 公里"
    return Drawing(WIDTH, HEIGHT, x, y, circle_m * per_km // 1_000, marks, length_m * per_km // 1_000, text)


def _metres(middle: Place, place: Place) -> tuple[int, int]:
    """East and north of the middle."""
    degree = RADIUS_M * pi / 180
    east = (place.lng_e6 - middle.lng_e6) / E6 * degree * cos(radians(middle.lat_e6 / E6))
    return round(east), round((place.lat_e6 - middle.lat_e6) / E6 * degree)
