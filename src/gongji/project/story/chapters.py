"""The chapters of the family story, in their order; each says what an officer, the family or the health centre does on a day."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from gongji.project.story.chapters_care import abroad, claim
from gongji.project.story.chapters_end import die, inherit, move
from gongji.project.story.chapters_insured import bind, contribute, insure, retire
from gongji.project.story.family import Household

__all__ = ["CHAPTERS"]

Chapter = tuple[str, Callable[[Household], Awaitable[None]]]

CHAPTERS: Final[tuple[Chapter, ...]] = (
    ("参保", insure),
    ("缴费和划入", contribute),
    ("年中退休", retire),
    ("家庭共济", bind),
    ("异地就医", abroad),
    ("零星报销", claim),
    ("转移接续", move),
    ("去世", die),
    ("继承", inherit),
)
"""Title and telling of every chapter."""
