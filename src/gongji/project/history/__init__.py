"""The demonstration's past: what a few members and institutions have lived through since the January of last year.

So that no list and no chart of the demonstration is empty. Everything is done through the trades and verbs that everybody uses,
with a clock of its own; the same people, things and amounts for the same seed and day of first start.
"""

from gongji.project.history.telling import HistoryBroken, live

__all__ = ["HistoryBroken", "live"]
