"""What a run of case files computed, as one JSON value: for every step all amounts, reasons, articles and
the explained steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gongji.base.reasons import Refusal
from gongji.cases import form
from gongji.cases.compute import written
from gongji.cases.form import Step
from gongji.cases.runner import CaseResult, FileResult, StepResult
from gongji.explain import Context, machine, reversal_for_agency
from gongji.kernel.layout import KERNEL_VERSION
from gongji.policy import Law
from gongji.settlement.book import Refunded, Settled

if TYPE_CHECKING:
    from gongji.cases.insured.form import InsuredStep

SCHEMA = "gongji.cases/1"
"""Version of the document; a name never changes its meaning under one version (docs/cases.md)."""


def document(files: Iterable[FileResult], failures: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """The document of ``files`` that ran and ``failures`` (path, text) that could not."""
    ran = list(files)
    results = [result for file in ran for result in file.cases]
    steps = [step for result in results for step in result.steps]
    broken = [{"file": path, "error": text} for path, text in failures]
    return {
        "schema": SCHEMA,
        "kernel_version": KERNEL_VERSION,
        "totals": {
            "files": len(ran) + len(broken),
            "files_unusable": len(broken),
            "cases": len(results),
            "cases_failed": sum(not result.passed for result in results),
            "steps": len(steps),
            "steps_failed": sum(bool(step.differences) for step in steps),
        },
        "passed": not broken and all(result.passed for result in results),
        "files": [_file(file) for file in ran] + broken,
    }


def _file(file: FileResult) -> dict[str, Any]:
    return {
        "file": file.path,
        "parameters_override": {name: list(texts) for name, texts in file.overrides.items()},
        "cases": [_case(result) for result in file.cases],
    }


def _case(result: CaseResult) -> dict[str, Any]:
    case = result.case
    return {
        "id": case.id,
        "title": case.title,
        "policy": case.policy,
        "region": result.region,
        "law_digest": result.law.digest,
        "clauses": list(case.clauses),
        "decisions": list(case.decisions),
        "passed": result.passed,
        "steps": [_step(result.law, step) for step in result.steps],
    }


def _step(law: Law, result: StepResult) -> dict[str, Any]:
    step, kinds = result.step, kinds_of(result.step)
    found: dict[str, Any] = {
        "step": step.index,
        "op": step.op,
        "date": step.on.isoformat() if step.on else None,
        "ref": step.ref,
        "passed": not result.differences,
        "error": result.booked.code if isinstance(result.booked, Refusal) else None,
        "error_text": result.booked.text if isinstance(result.booked, Refusal) else None,
        "computed": {name: written(kinds[name], value) for name, value in result.computed.items()},
        "differences": [
            {"name": item.name, "expected": item.expected, "computed": item.computed}
            for item in result.differences
        ],
    }
    if not isinstance(step, Step):
        found["who"] = step.who
    if isinstance(result.booked, Settled):
        outcome = result.booked.outcome
        explained = machine(law, outcome, _context(step, result.booked))
        found |= {
            "reason_text": outcome.refusal.text if outcome.refusal else None,
            "clauses_cited": list(explained["citations"]),
            "family_draws": [
                {"owner": owner, "amount": written(form.MONEY, fen)} for owner, fen in outcome.family_draws
            ],
            "explanation": explained,
        }
    if isinstance(result.booked, Refunded):
        found["refund_explained"] = list(reversal_for_agency(result.booked.mirror, result.booked.proposals))
    return found


def kinds_of(step: Step | InsuredStep) -> dict[str, str]:
    """Every name that a step of this operation may compute, and the kind of its value."""
    if isinstance(step, Step):
        return form.EXPECTATIONS[step.op]
    from gongji.cases.insured.ops import OPS

    return OPS[step.op].expect


def _context(step: Step | InsuredStep, settled: Settled) -> Context:
    """Day, place and status of a settlement: as the step states them, else as they follow from the person."""
    if isinstance(step, Step):
        return Context(service_on=step.on, place=step.place, status=step.status)
    visit = settled.purchase.visit
    facts = visit.attributes
    return Context(service_on=visit.service_on, place=facts.get("place", ""), status=facts.get("status", ""))
