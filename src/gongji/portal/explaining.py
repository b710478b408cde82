"""Why a settlement came out as it did: its steps in the member's order of questions, each with its article and what held before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from gongji.base.money import format_yuan
from gongji.explain import Decided, Step, steps
from gongji.explain.model import MINIMUM
from gongji.explain.scope import treat_title
from gongji.explain.words import parameter_title
from gongji.kernel import layout
from gongji.policy import Law
from gongji.policy.inspect import settings_for

__all__ = ["Article", "Chapter", "Reason", "chapters", "fee_lines"]

CHAPTERS: Final = (
    ("哪些费用计入报销", ("line.", "total", "full_selfpay", "over_limit", "prepay", "in_scope"), "in_scope"),
    ("慢特病限额先付多少", ("chronic",), "chronic_pay"),
    ("起付扣了多少", ("deductible", "base"), "deductible"),
    ("按什么比例报销", ("pool_before_cap",), "pool_before_cap"),
    ("有没有超过限额", ("room.", "pool_pay", "cap_shortfall"), "pool_pay"),
    ("剩下的谁来付", ("personal_total", "account_payable", "account_pay", "mutual_pay", "cash_pay"), "personal_total"),
)  # fmt: skip
"""A question, the steps that answer it (by the beginning of their code), and the step whose amount is its answer."""


class Article(msgspec.Struct, frozen=True):
    """An article behind a step: its words, since when in force, and for this member's case what it fixes and what held before."""

    clause: str
    article: str
    text: str
    since: date
    confirmed: bool
    fixed: tuple[tuple[str, str, str], ...]
    """(what is fixed, the value, what it was before or empty)."""


class Reason(msgspec.Struct, frozen=True):
    """One step: name, formula with this member's numbers, result, and the articles behind it."""

    name: str
    formula: str
    amount_fen: int
    articles: tuple[Article, ...]
    again: tuple[str, ...] = ()
    """Clauses that were quoted further up."""


class Chapter(msgspec.Struct, frozen=True):
    """One question of the member, the amount that answers it, and the steps."""

    title: str
    amount_fen: int
    reasons: tuple[Reason, ...]


def chapters(law: Law, decided: Decided, on: date, attributes: Mapping[str, str]) -> tuple[Chapter, ...]:
    """The explanation of a settlement or an estimate; questions that this one does not raise are left out."""
    found, told = steps(law, decided), []
    for title, codes, answer in CHAPTERS:
        mine = [step for step in found if step.code.startswith(codes)]
        amount = next((step.amount_fen for step in mine if step.code == answer), None)
        if mine and amount is not None:
            seen: set[str] = set()
            reasons = tuple(_reason(law, decided, step, on, attributes, seen) for step in mine)
            told.append(Chapter(title, amount, reasons))
    return tuple(told)


def _reason(
    law: Law, decided: Decided, step: Step, on: date, attributes: Mapping[str, str], seen: set[str]
) -> Reason:
    """A step; an article that the chapter has quoted already (``seen``) is only named again."""
    quoted = [one for one in step.citations if one.clause not in seen]
    again = tuple(one.clause for one in step.citations if one.clause in seen)
    seen.update(one.clause for one in quoted)
    articles = tuple(
        Article(
            one.clause,
            one.article,
            one.text,
            one.since,
            one.confirmed,
            _fixed(law, decided.row.region, one.clause, on, attributes),
        )
        for one in quoted
    )
    return Reason(step.name, formula_in_words(step), step.amount_fen, articles, again)


def formula_in_words(step: Step) -> str:
    """The step in numbers without the signs of mathematicians: the smallest of several amounts, nothing below 0."""
    shown = [format_yuan(one.value) for one in step.inputs]
    result = format_yuan(step.amount_fen)
    if step.operation == MINIMUM and len(shown) > 1:
        named = "、".join(f"{one.name} {text}" for one, text in zip(step.inputs, shown, strict=True))
        return f"{named}，取最小的 = {result}"
    if step.formula.startswith("max("):
        return f"{' − '.join(shown)}，不够减，算 {result}"
    return step.formula


def _fixed(
    law: Law, region: str, clause: str, on: date, attributes: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """What the clause fixes for this case; choices of how to calculate are left to the page of the clause."""
    found = settings_for(law, clause, region, on, attributes)
    return tuple(
        (
            parameter_title(law, one.parameter),
            f"{one.case}：{one.value}" if one.case else one.value,
            one.before,
        )
        for one in found
        if any(char.isdigit() for char in one.value)
    )


class FeeLine(msgspec.Struct, frozen=True):
    """A fee line with its split; ``treat`` is its category in words."""

    name: str
    treat: str
    amount_fen: int
    full_selfpay_fen: int
    over_limit_fen: int
    prepay_fen: int
    in_scope_fen: int


def fee_lines(law: Law | None, decided: Decided) -> tuple[FeeLine, ...]:
    """The lines of a settlement in order."""
    found: list[FeeLine] = []
    for number, line in enumerate(decided.lines):
        split: Sequence[int] = decided.splits[number * layout.SPLIT_SIZE : (number + 1) * layout.SPLIT_SIZE]
        treat = treat_title(law, decided.row.region, line.treat) if law is not None else ""
        found.append(FeeLine(line.name or line.item, treat, sum(split), *split))
    return tuple(found)
