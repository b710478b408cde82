"""The form of a case of the insured side: people with dated facts, and steps that share their accounts and sums.

What an operation takes and computes stands in ``ops``; ``reading`` makes these values from YAML. For officials the form is
docs/cases.md.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import msgspec

from gongji.accounts.values import Limit
from gongji.cases.form import Step
from gongji.members.import_rules import Figures
from gongji.members.rows import Row

SELF: Final = "本人"
"""The person of a case; relatives go by the names that the case gives them."""


class Contribution(msgspec.Struct, frozen=True):
    """A contribution as a case states it; a later one of the same month and employer replaces it."""

    month: date
    employer: str
    figures: Figures


class Insured(msgspec.Struct, frozen=True):
    """Everything that a case states about one human being. ``account_fen`` None: there is no account."""

    name: str
    rows: tuple[Row, ...]
    contributions: tuple[Contribution, ...]
    limits: tuple[Limit, ...]
    account_fen: int | None
    account_on: date


class InsuredStep(msgspec.Struct, frozen=True):
    """One step. ``given``: parsed values by the names of the operation; ``visit`` what is paid for, of operations with lines;
    ``who`` acts or is asked about, ``expect`` as in ``cases.form.Step``."""

    index: int
    op: str
    on: date | None
    who: str
    given: dict[str, Any]
    visit: Step | None
    ref: int | None
    expect: dict[str, Any]
    working: str


class InsuredCase(msgspec.Struct, frozen=True):
    """One case. ``fixtures`` fill parameters that no law fixes, ``switches`` state one otherwise than the law (the other reading
    of an open question): parameter of the policy library → value as a policy file writes it. ``start``: sums of the year."""

    id: str
    title: str
    policy: str
    clauses: tuple[str, ...]
    decisions: tuple[str, ...]
    fixtures: dict[str, Any]
    switches: dict[str, Any]
    people: tuple[Insured, ...]
    start: dict[str, int]
    steps: tuple[InsuredStep, ...]
