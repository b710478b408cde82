"""Which part of a visit's base fell into which rate band, asked of the kernel itself."""

from __future__ import annotations

from collections.abc import Sequence

from gongji.kernel import layout
from gongji.kernel.pool import fill_bands


def band_pieces(cells: Sequence[int], acc: Sequence[int], waterfall: Sequence[int]) -> list[tuple[int, int]]:
    """Which part of the base fell into which band: (band, fen).

    The kernel's own function is asked where a smaller base would have ended, so that there is no second
    definition of bands.
    """
    first, last, base = (
        waterfall[layout.W_BAND_FIRST],
        waterfall[layout.W_BAND_LAST],
        waterfall[layout.W_BASE_FEN],
    )
    if first == last:
        return [(first, base)]
    basis = cells[layout.ROW_BAND_BASIS]
    position = 0
    if basis == layout.BASIS_YEAR_IN_SCOPE:
        position = acc[layout.ACC_IN_SCOPE_YEAR_FEN] + waterfall[layout.W_DEDUCTIBLE_FEN]
    elif basis == layout.BASIS_YEAR_FUND:
        position = acc[layout.ACC_FUND_YEAR_FEN]
    pieces, before = [], 0
    for band in range(first, last + 1):
        low, high = before, base
        while low < high:
            middle = (low + high + 1) // 2
            ends_in = fill_bands(cells, middle, position, basis == layout.BASIS_YEAR_FUND)[2]
            low, high = (middle, high) if ends_in <= band else (low, middle - 1)
        pieces.append((band, low - before))
        before = low
    return pieces
