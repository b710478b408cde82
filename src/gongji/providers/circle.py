"""The 15-minute service circle (15分钟医保便民服务圈, 晋医保办发〔2023〕2号 一): which share of the members of each area has a
designated institution within reach of where they live.

Members are counted by cells of 0.001°, so nobody's address is needed. Cells and institutions meet in a grid whose squares are
as wide as the reach: a cell looks into nine squares, and the work is the number of cells, not of pairs.

Clauses: SX2023-2.s1.b.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import cos, floor, radians, sin
from typing import Final

import msgspec

from gongji.providers.nearby import E6, METRES_A_DEGREE, RADIUS_M
from gongji.providers.register import Place

__all__ = ["AreaReach", "Inhabited", "reached"]

HALF_CELL: Final = 0.0005
E3: Final = 1_000
Vector = tuple[float, float, float]


class Inhabited(msgspec.Struct, frozen=True):
    """How many members of an area live in a cell: its south-west corner in thousandths of a degree, None where it is unknown."""

    area: str
    lat_e3: int | None
    lng_e3: int | None
    members: int


class AreaReach(msgspec.Struct, frozen=True):
    """Members of an area: those with an institution within reach, those without, those whose residence is not known."""

    area: str
    within: int
    beyond: int
    unknown: int

    @property
    def share_bp(self) -> int | None:
        """Share of those whose residence is known, in basis points, rounded down; None where nobody's is."""
        known = self.within + self.beyond
        return self.within * 10_000 // known if known else None


def reached(cells: Iterable[Inhabited], places: Sequence[Place], within_m: int) -> tuple[AreaReach, ...]:
    """The areas with their members, by area. A cell counts from its middle."""
    grid = _Grid(places, within_m)
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for cell in cells:
        if cell.lat_e3 is None or cell.lng_e3 is None:
            counts[cell.area][2] += cell.members
        elif grid.has_near(cell.lat_e3 / E3 + HALF_CELL, cell.lng_e3 / E3 + HALF_CELL):
            counts[cell.area][0] += cell.members
        else:
            counts[cell.area][1] += cell.members
    return tuple(AreaReach(area, *counts[area]) for area in sorted(counts))


class _Grid:
    """Points by square; a point within the reach lies in the same square or in one of the eight around it."""

    __slots__ = ("_around", "_cosine", "_high", "_squares", "_wide")

    def __init__(self, places: Sequence[Place], within_m: int) -> None:
        self._cosine = cos(within_m / RADIUS_M)
        self._high = within_m / METRES_A_DEGREE
        northmost = max((abs(place.lat_e6) / E6 for place in places), default=0.0) + 2 * self._high
        self._wide = self._high / cos(radians(min(northmost, 89.0)))
        squares: defaultdict[tuple[int, int], list[Vector]] = defaultdict(list)
        for place in places:
            lat, lng = place.lat_e6 / E6, place.lng_e6 / E6
            squares[floor(lat / self._high), floor(lng / self._wide)].append(_vector(lat, lng))
        self._squares = dict(squares)
        self._around: dict[tuple[int, int], tuple[Vector, ...]] = {}

    def has_near(self, lat: float, lng: float) -> bool:
        """Whether one of the points is within the reach: the angle between two directions is known by its cosine."""
        row, column = floor(lat / self._high), floor(lng / self._wide)
        around = self._around.get((row, column))
        if around is None:
            around = self._around[row, column] = self._collect(row, column)
        if not around:
            return False
        x, y, z = _vector(lat, lng)
        cosine = self._cosine
        return any(x * a + y * b + z * c >= cosine for a, b, c in around)

    def _collect(self, row: int, column: int) -> tuple[Vector, ...]:
        return tuple(
            point
            for north in (-1, 0, 1)
            for east in (-1, 0, 1)
            for point in self._squares.get((row + north, column + east), ())
        )


def _vector(lat: float, lng: float) -> Vector:
    up, around = radians(lat), radians(lng)
    flat = cos(up)
    return flat * cos(around), flat * sin(around), sin(up)
