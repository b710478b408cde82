"""Which of the questions fit the words that somebody typed, a few of them or a whole sentence. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from gongji.explain.questions.shape import Question

__all__ = ["matching", "pairs"]

HAN: Final = re.compile(r"[\u4e00-\u9fff]+")
NUMBER: Final = re.compile(r"\d+%?")


def matching(questions: Iterable[Question], words: str) -> tuple[Question, ...]:
    """Those about the words, in their order; all of them when there are no words."""
    return tuple(one for one in questions if _fits(one, words))


def _fits(question: Question, words: str) -> bool:
    """Whether one of the words is in the question, one of the question's own words in them, or half of a sentence is the same."""
    if not words:
        return True
    text = f"{question.general} {question.words}"
    asked = pairs(words)
    if asked and 2 * len(asked & pairs(text)) >= len(asked):
        return True
    return any(word in text for word in words.split()) or any(
        word in words for word in question.words.split()
    )


def pairs(text: str) -> frozenset[str]:
    """Neighbouring signs of Chinese, and numbers whole: what a sentence is compared by when its words are not marked."""
    plain = unicodedata.normalize("NFKC", text)
    found = {a + b for run in HAN.findall(plain) for a, b in pairwise(run)}
    return frozenset(found | set(NUMBER.findall(plain)))
