"""What is left of a chronic disease's quotas (门诊慢特病): the smallest room among the windows that are stated. Pure.

Decisions A17, A38; 晋医保办发〔2022〕27号 第二十五条. Which quotas hold for a person: ``members.quota``.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongji.base.money import MAX_FEN
from gongji.kernel import layout

__all__ = ["quota_left", "quota_windows"]


def quota_windows(limits: Sequence[int], used: Sequence[int]) -> tuple[int, ...]:
    """Limit and use of month, quarter and year, as a fact keeps them: (limit, used) three times, 0 used where nothing limits."""
    return tuple(
        number
        for limit, use in zip(limits, used, strict=True)
        for number in (limit, use if limit != layout.NONE else 0)
    )


def quota_left(windows: Sequence[int]) -> int:
    """The smallest room among the windows of ``quota_windows``; MAX_FEN when none of them limits anything."""
    rooms = [
        max(0, windows[at] - windows[at + 1])
        for at in range(0, len(windows), 2)
        if windows[at] != layout.NONE
    ]
    return min(rooms, default=MAX_FEN)
