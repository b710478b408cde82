"""From a settled visit to its steps: every amount of the waterfall with the numbers it was made of.

A step says its operation in data (``model.SUM`` …), so that anybody can compute it again. Nothing here
decides an amount: what a step yields is the waterfall's number, and tests hold the two together.
"""

from __future__ import annotations

from gongji.explain import fund, payers, scope
from gongji.explain.model import Decided, Step
from gongji.explain.sheet import Sheet
from gongji.policy import Law


def steps(law: Law, decided: Decided) -> tuple[Step, ...]:
    """All steps of a visit in the order of the calculation (decision A01); a refused one has no fund to
    explain."""
    sheet = Sheet(law, decided)
    scope.lines(sheet)
    scope.sums(sheet)
    if decided.refusal is None:
        fund.chronic(sheet)
        scope.in_scope(sheet)
        fund.deductible(sheet)
        fund.rate(sheet)
        fund.ceilings(sheet)
    payers.personal(sheet)
    return tuple(sheet.found)
