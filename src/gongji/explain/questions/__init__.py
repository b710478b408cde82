"""Questions that members ask (常见问题), answered for one person and day out of the law library and the person's state. Pure.

No figure stands here: each is looked up with its article, since when it holds and what stood before.
"""

from typing import Final

from gongji.explain.questions import care, pool
from gongji.explain.questions.figures import figure, figures
from gongji.explain.questions.finding import matching, pairs
from gongji.explain.questions.shape import Answer, Asker, Bar, Fact, Figure, Question

__all__ = [
    "QUESTIONS",
    "Answer",
    "Asker",
    "Bar",
    "Fact",
    "Figure",
    "Question",
    "figure",
    "figures",
    "matching",
    "pairs",
]

QUESTIONS: Final[dict[str, Question]] = {one.code: one for one in (*pool.QUESTIONS, *care.QUESTIONS)}
"""By code, in the order in which they are listed."""
