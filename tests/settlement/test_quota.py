"""What is left of a chronic disease's quotas."""

from __future__ import annotations

from gongji.base.money import MAX_FEN
from gongji.kernel import layout
from gongji.settlement.quota import quota_left, quota_windows

NONE = layout.NONE


def test_what_is_left_is_the_smallest_room() -> None:
    assert quota_left(quota_windows((10_000, 30_000, 120_000), (4_000, 27_000, 50_000))) == 3_000
    assert quota_left(quota_windows((10_000, NONE, 120_000), (4_000, 9, 50_000))) == 6_000


def test_a_quota_that_was_lowered_below_its_use_leaves_nothing() -> None:
    assert quota_left(quota_windows((NONE, NONE, 10_000), (0, 0, 12_000))) == 0


def test_without_a_limit_everything_may_be_paid() -> None:
    assert quota_left(quota_windows((NONE, NONE, NONE), (1, 2, 3))) == MAX_FEN
    assert quota_windows((NONE, NONE, NONE), (1, 2, 3)) == (NONE, 0, NONE, 0, NONE, 0)
