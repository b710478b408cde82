"""The arithmetic of one visit and its fold over a person's year: plain integer functions, compiled by Numba for batch."""

from gongji.kernel.fold import advance, restart
from gongji.kernel.layout import KERNEL_VERSION
from gongji.kernel.visit import settle_visit, within_bounds

__all__ = ["KERNEL_VERSION", "advance", "restart", "settle_visit", "within_bounds"]
