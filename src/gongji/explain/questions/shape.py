"""What a question is asked with, and what it is answered with: the person's state, figures of the law, sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.policy import Law, Provision

__all__ = ["UNSTATED", "Answer", "Asker", "Bar", "Fact", "Figure", "Question"]

UNSTATED: Final = "参保地的政策没有写明{}（未规定），请拨打 12393 医保服务热线问清楚。"
"""The answer where no document says anything, for a subject."""


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, on which day: only what answers need. Sums are those of the calendar year; None where they are not known.

    ``refusal``: why the pool would not pay at an ordinary designated institution today. ``filings``: each one in words.
    """

    on: date
    region: str = ""
    status: str = ""
    status_name: str = ""
    deductible_fen: int | None = None
    pool_fen: int | None = None
    own_fen: int | None = None
    refusal: Refusal | None = None
    filings: tuple[str, ...] = ()
    known: Mapping[str, str] = {}
    """What else the law of the region tells of the person (年龄段 …)."""
    waiting: int = 0
    """Prescriptions that wait to be fetched."""

    @property
    def attributes(self) -> dict[str, str]:
        """What the law knows of the person."""
        return {**self.known, "status": self.status} if self.status else dict(self.known)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A value in force, with its article, since when, and what stood before. ``case``: for which it holds (empty: the asker's).

    ``raw`` is fen, basis points or a count, None for anything else.
    """

    key: str
    title: str
    case: str
    text: str
    raw: int | None
    provision: Provision
    since: date
    until: date | None
    before: str
    before_citation: str

    @property
    def clause(self) -> str:
        return self.provision.clause


class Fact(msgspec.Struct, frozen=True):
    """Something about the asker, as name and words."""

    name: str
    text: str


class Bar(msgspec.Struct, frozen=True):
    """A limit that is a picture rather: so much of it is used."""

    used_fen: int
    total_fen: int
    label: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: one sentence, what it rests on, and where to go on (codes of operations with their words)."""

    lead: str
    facts: tuple[Fact, ...] = ()
    bars: tuple[Bar, ...] = ()
    figures: tuple[Figure, ...] = ()
    rules: tuple[Provision, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


class Question(msgspec.Struct, frozen=True):
    """A question that members ask. ``title`` may name the asker's own figure; ``general`` is the title for nobody in particular."""

    code: str
    general: str
    answer: Callable[[Law, Asker], Answer]
    title: Callable[[Law, Asker], str] | None = None
    words: str = ""
    """Other words under which it is looked for."""

    def asked(self, law: Law, asker: Asker) -> str:
        """The question as this person asks it."""
        return self.title(law, asker) if self.title is not None else self.general
