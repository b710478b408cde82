"""What an explanation is made of: steps that can be computed again from their inputs, and the articles
behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import msgspec

from gongji.base.reasons import Refusal
from gongji.policy import Row

SCHEMA = "gongji.explanation/1"
"""Version of the machine form; a field never changes its meaning under one version (docs/cases.md)."""

SUM = "sum"
"""Σ of the inputs."""
DIFFERENCE = "difference"
"""First input less all others."""
REMAINING = "remaining"
"""First input less all others, but not below 0."""
MINIMUM = "minimum"
"""Smallest input."""
SHARE = "share"
"""Σ of fen x basis points of pairs of inputs, rounded once to the fen (四舍五入)."""
QUOTIENT = "quotient"
"""Fen ÷ basis points, rounded once to the fen."""

FEN = "fen"
BP = "bp"


class Input(msgspec.Struct, frozen=True):
    """One number that enters a step: its Chinese name, value, unit (fen or bp)."""

    name: str
    value: int
    unit: str = FEN


class Citation(msgspec.Struct, frozen=True):
    """One article behind a step. ``confirmed`` is false for a value that nobody has confirmed yet."""

    clause: str
    article: str
    text: str
    since: date
    confidence: str
    confirmed: bool
    draft: bool


class Step(msgspec.Struct, frozen=True):
    """One amount of the waterfall. ``operation`` applied to ``inputs`` gives ``amount_fen``, always."""

    code: str
    name: str
    operation: str
    inputs: tuple[Input, ...]
    amount_fen: int
    formula: str
    citations: tuple[Citation, ...] = ()
    note: str = ""


class Context(msgspec.Struct, frozen=True):
    """What a reader wants to see beside the numbers; every field may be empty. ``place``: the attribute
    value of the law. ``claim``: a manual claim, whose fund's part the member gets."""

    service_on: date | None = None
    place: str = ""
    status: str = ""
    institution: str = ""
    person: str = ""
    settlement: str = ""
    claim: bool = False


class LineLike(Protocol):
    """A fee line as settled (``settlement.rules.LineInput``)."""

    @property
    def key(self) -> str: ...
    @property
    def item(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def amount_fen(self) -> int: ...
    @property
    def standard_fen(self) -> int: ...
    @property
    def treat(self) -> int: ...
    @property
    def flags(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def reason(self) -> str | None: ...


class Decided(Protocol):
    """A settled visit (``settlement.rules.Outcome``): this room lies below settlement and knows only its
    shape."""

    @property
    def row(self) -> Row: ...
    @property
    def waterfall(self) -> tuple[int, ...]: ...
    @property
    def splits(self) -> tuple[int, ...]: ...
    @property
    def lines(self) -> Sequence[LineLike]: ...
    @property
    def acc_before(self) -> tuple[int, ...]: ...
    @property
    def acc_after(self) -> tuple[int, ...]: ...
    @property
    def family_draws(self) -> tuple[tuple[str, int], ...]: ...
    @property
    def refusal(self) -> Refusal | None: ...
    @property
    def ratio_bp(self) -> int | None: ...
    @property
    def wallet(self) -> tuple[int, ...]: ...
    @property
    def quota_windows(self) -> tuple[int, ...]: ...
    @property
    def unconfirmed(self) -> tuple[str, ...]: ...
