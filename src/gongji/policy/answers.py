"""What the law answers with: a compiled row for the kernel, or a single value."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

import msgspec

from gongji.policy.model import Band, Raw


class Row(msgspec.Struct, frozen=True):
    """The law for one kind of person at one kind of place on one day, as integers (``kernel/layout.py``).

    ``sources`` names the clause behind each cell; ``unconfirmed`` the parameters whose value nobody has
    confirmed; ``draft`` that some value comes from a 征求意见稿; ``key`` the attributes that chose the row,
    in canonical form.
    """

    cells: tuple[int, ...]
    sources: tuple[str | None, ...]
    unconfirmed: tuple[str, ...]
    draft: bool
    region: str
    benefit: str
    key: str


class Matrix(msgspec.Struct, frozen=True):
    """All rows of one region and benefit as one flat table of integers, for the batch kernel.

    ``cells`` holds ROW_SIZE numbers for every version and case: version by version (``starts``: first day of
    each), in a version case by case in the order of ``values`` (the last dimension runs fastest). ``valid``
    is 1 where there is a row, 0 where the law refuses one.
    """

    region: str
    benefit: str
    dims: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    starts: tuple[date, ...]
    cells: tuple[int, ...]
    valid: tuple[int, ...]

    def number(self, on: date, coordinate: Sequence[str]) -> int:
        """The number of the row for a day and case, or −1 for a day before the first version.

        Raises ValueError for a value that the region does not know.
        """
        number = bisect_right(self.starts, on) - 1
        if number < 0:
            return -1
        for known, value in zip(self.values, coordinate, strict=True):
            number = number * len(known) + known.index(value)
        return number


class Value(msgspec.Struct, frozen=True):
    """One parameter on one day. ``raw``: fen, basis points, a count, text, a switch or a list, by ``kind``.

    Money that is stated not to exist (no ceiling) is −1, ``kernel.layout.NONE``.
    """

    raw: Raw | tuple[Band, ...]
    clause: str
    confidence: str
    kind: str
    citation: str
    draft: bool
