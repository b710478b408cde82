"""The sheet on which the steps of one visit are written, with what every step needs at hand."""

from __future__ import annotations

from collections.abc import Sequence

from gongji.explain.citing import cite, rule_clauses
from gongji.explain.formula import formula
from gongji.explain.model import Decided, Input, Step
from gongji.kernel import layout
from gongji.policy import Law


class Sheet:
    """Steps of one visit in the order they are added. ``cells``, ``sources`` are the row's, ``water`` the
    waterfall."""

    def __init__(self, law: Law, decided: Decided) -> None:
        self.law = law
        self.decided = decided
        self.cells = decided.row.cells
        self.sources = decided.row.sources
        self.water = decided.waterfall
        self.found: list[Step] = []

    def add(
        self,
        code: str,
        name: str,
        operation: str,
        inputs: Sequence[Input],
        amount_fen: int,
        clauses: Sequence[str | None] = (),
        note: str = "",
    ) -> None:
        """Write one step; ``clauses`` are the ids behind it."""
        shown = formula(operation, inputs, amount_fen)
        citations = cite(self.law, clauses)
        self.found.append(Step(code, name, operation, tuple(inputs), amount_fen, shown, citations, note))

    def rule(self, name: str) -> tuple[str, ...]:
        """Clauses of a rule without a number, for the visit's region."""
        return rule_clauses(self.decided.row.region, name)

    def split(self, index: int) -> tuple[int, int, int, int]:
        """Full self-pay, excess, prepay and in-scope fen of a line."""
        at = index * layout.SPLIT_SIZE
        whole, over, prepay, in_scope = self.decided.splits[at : at + layout.SPLIT_SIZE]
        return whole, over, prepay, in_scope
