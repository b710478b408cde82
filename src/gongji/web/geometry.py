"""Where the marks of a chart stand: thousandths of its width or height, whole numbers only, never outside the picture."""

from collections.abc import Sequence
from typing import Final

from gongji.base.money import apportion

__all__ = ["FULL", "percent", "place", "shares", "short_yuan", "span"]

FULL: Final = 1000
_WAN_FEN: Final = 1_000_000
_YI_FEN: Final = 10_000_000_000


def shares(amounts: Sequence[int]) -> list[int]:
    """Widths of the parts of a whole, by size whatever their sign: they add up to ``FULL``, or are all 0 when nothing is there.

    A part that is not 0 is never invisible while another can spare it a thousandth.
    """
    sizes = [abs(amount) for amount in amounts]
    largest = max(sizes, default=0)
    if not largest:
        return [0] * len(sizes)
    shift = max(0, largest.bit_length() - 36)
    widths = apportion(FULL, [max(size >> shift, 1) if size else 0 for size in sizes])
    for index, size in enumerate(sizes):
        if size and not widths[index]:
            widths[widths.index(max(widths))] -= 1
            widths[index] = 1
    return widths


def place(value: int, low: int, high: int) -> int:
    """Where ``value`` stands between ``low`` (0) and ``high`` (``FULL``); at the edge when it is outside."""
    if high <= low:
        return 0
    return max(0, min(FULL, (value - low) * FULL // (high - low)))


def span(values: Sequence[int]) -> tuple[int, int]:
    """The range that a picture of ``values`` shows: always with 0 in it, never empty."""
    low, high = min(0, *values, 0), max(0, *values, 0)
    return low, high if high > low else low + 1


def percent(thousandths: int) -> str:
    """A place as an attribute of an SVG: 375 → ``37.5%``."""
    return f"{thousandths // 10}.{thousandths % 10}%"


def short_yuan(fen: int) -> str:
    """An amount in as few characters as fit over a bar: whole yuan, then 万, then 亿 with one decimal; cut, not rounded."""
    sign, size = ("−" if fen < 0 else ""), abs(fen)
    for unit, name in ((_YI_FEN, "亿"), (_WAN_FEN, "万")):
        if size >= unit:
            tenths = size * 10 // unit
            return f"{sign}{tenths // 10}{f'.{tenths % 10}' if tenths % 10 and tenths < FULL else ''}{name}"
    return f"{sign}{size // 100}"
