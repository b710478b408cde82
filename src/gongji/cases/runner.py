"""Running cases: each step is settled by the same rules as at the counter, and every expected name is
compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.cases import form
from gongji.cases.compute import refund_amounts, settle_amounts, shown
from gongji.cases.facts import strange_attribute, usual_facts
from gongji.cases.fields import Place
from gongji.cases.form import Case, CaseFile, Line, Step
from gongji.cases.laws import Laws
from gongji.kernel.layout import TREAT_FULL_SELFPAY
from gongji.policy import Law
from gongji.settlement.book import Book, Purchase, Refunded, Settled
from gongji.settlement.lines import AccountScope, account_scope, line_treatment
from gongji.settlement.replay import Opening
from gongji.settlement.rules import LineInput, VisitInput, merges_deductibles

if TYPE_CHECKING:
    from gongji.cases.insured.form import InsuredCase, InsuredStep

ORDINARY = "ordinary"
QUOTA = "chronic"


class Difference(msgspec.Struct, frozen=True):
    """One expected name that was computed differently; both as written."""

    name: str
    expected: str
    computed: str


class StepResult(msgspec.Struct, frozen=True):
    """What one step came to. ``computed``: name → fen, basis points, number, text or None."""

    step: Step | InsuredStep
    computed: dict[str, Any]
    differences: tuple[Difference, ...]
    booked: Settled | Refunded | Refusal | None


class CaseResult(msgspec.Struct, frozen=True):
    """What one case came to, with the law it was calculated by."""

    case: Case | InsuredCase
    region: str
    law: Law
    steps: tuple[StepResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every expected name of every step was met."""
        return not any(step.differences for step in self.steps)


class FileResult(msgspec.Struct, frozen=True):
    """What a case file came to. ``overrides``: where its own parameters replaced the library, by policy
    name."""

    path: str
    overrides: dict[str, tuple[str, ...]]
    cases: tuple[CaseResult, ...]


def run_file(file: CaseFile, extra: Mapping[str, str] | None = None) -> FileResult:
    """Run every case of a file, ``extra`` law documents beside the library. Raises CaseError when a case
    cannot be run."""
    laws = Laws(file, extra)
    from gongji.cases.insured.runner import run_insured

    settled = tuple(run_case(case, laws) for case in file.cases)
    return FileResult(
        file.path, laws.overrides, settled + tuple(run_insured(case, laws) for case in file.insured)
    )


def run_case(case: Case, laws: Laws) -> CaseResult:
    """Run one case: its steps share one person's book."""
    region, law = laws.region(case), laws.law(case)
    book = _open(case, law)
    treats = law.categories(region)
    for step in case.steps:
        _check_facts(laws.file.path, case, step, law, treats)
    results = []
    for step in case.steps:
        booked = (
            _refund(book, step)
            if step.op == form.REFUND
            else book.settle(_purchase(step, region, law), step.index)
        )
        if isinstance(booked, Refusal):
            computed: dict[str, Any] = {"error": booked.code}
        elif isinstance(booked, Refunded):
            computed = refund_amounts(book, booked, step)
        else:
            computed = settle_amounts(book, booked, step.op)
        results.append(
            StepResult(step, computed, differences(form.EXPECTATIONS[step.op], step.expect, computed), booked)
        )
    return CaseResult(case, region, law, tuple(results))


def _check_facts(path: str, case: Case, step: Step, law: Law, treats: Mapping[str, int]) -> None:
    """Raise CaseError for an attribute, a value or a prepay category that the law does not know."""
    stated = {"status": step.status, "place": step.place} if step.op != form.REFUND else {}
    if not step.place:
        stated.pop("place", None)
    for line in step.lines:
        if line.prepay and line.prepay not in treats:
            Place(path, case.id, step.index).fail(
                f"没有先行自付类别“{line.prepay}”；可用的有：{'、'.join(treats)}"
            )
    for name, value in {**stated, **step.attributes}.items():
        strange = strange_attribute(law, name, value)
        if strange is not None:
            Place(path, case.id, step.index).fail(strange)


def _open(case: Case, law: Law) -> Book:
    """The person's book with the starting values, which belong to the year of the first dated step."""
    year = next((step.on.year for step in case.steps if step.on), 0)
    start = case.start
    openings = (
        Opening(
            year,
            ORDINARY,
            start.get("ytd_deductible", 0),
            start.get("ytd_pool", 0),
            start.get("ytd_in_scope", 0),
        ),
        Opening(
            year - 1,
            ORDINARY,
            start.get("previous_year_ytd_deductible", 0),
            start.get("previous_year_ytd_pool", 0),
        ),
        Opening(
            year,
            form.AS_INPATIENT,
            start.get("ytd_inpatient_deductible", 0),
            start.get("ytd_inpatient_pay", 0),
        ),
    )
    quota = case.fixtures.get("chronic_quota_left")
    return Book(
        law,
        own_fen=start.get("own_account", 0),
        family=case.family,
        openings=openings,
        quotas={} if quota is None else {QUOTA: quota},
    )


def _refund(book: Book, step: Step) -> Refunded | Refusal:
    return book.refund(step.ref or 0, step.index)


def _purchase(step: Step, region: str, law: Law) -> Purchase:
    """The step as a purchase; in a case every place is its own institution unless it says otherwise."""
    assert step.on is not None, "the loader demands a date of every settlement"
    blocked = "card_blocked" in step.marks
    chronic = "chronic" in step.marks
    facts = {
        **usual_facts(step.place, step.attributes.get("kind", "")),
        "status": step.status,
        **step.attributes,
    }
    ground = line_ground(law, region, step.on)
    merged = facts["kind"] != "pharmacy" or merges_deductibles(law, region, step.on)
    visit = VisitInput(
        region=region,
        service_on=step.on,
        benefit=form.AS_INPATIENT if step.op == form.AS_INPATIENT else ORDINARY,
        attributes=facts,
        lines=tuple(
            line_input(line, str(number), ground, chronic=chronic, at_pharmacy=facts["kind"] == "pharmacy")
            for number, line in enumerate(step.lines, start=1)
        ),
        own_allowed=not blocked and "no_use_account" not in step.marks,
        family_allowed=not blocked and "no_use_family" not in step.marks,
        allow_draft=True,
    )
    return Purchase(
        visit=visit,
        group=f"{step.op}:{step.encounter if merged else step.index}",
        institution=step.institution,
        drugs=tuple(line.drug for line in step.lines if line.drug),
        quota_key=QUOTA if chronic or any(line.chronic for line in step.lines) else "",
        elsewhere="same_item_elsewhere" in step.marks,
    )


class LineGround(msgspec.Struct, frozen=True):
    """What the law of a region says about lines on a day: its prepay categories with their codes, the
    accounts' scope."""

    treats: Mapping[str, int]
    scope: AccountScope


def line_ground(law: Law, region: str, on: date) -> LineGround:
    """The ground for lines of a visit insured in ``region`` on ``on``."""
    return LineGround(law.categories(region), account_scope(law, region, on))


def line_input(line: Line, key: str, ground: LineGround, *, chronic: bool, at_pharmacy: bool) -> LineInput:
    """A written line as the rules take it."""
    treatment = line_treatment(
        line.category,
        line.kind,
        in_catalogue=line.in_catalogue,
        restriction_met=line.restriction_met,
        in_house=line.in_house,
        on_prescription=line.on_prescription,
        at_pharmacy=at_pharmacy,
        account_allowed=line.account_allowed,
        chronic=chronic or line.chronic,
        scope=ground.scope,
    )
    own = line.prepay and treatment.treat != TREAT_FULL_SELFPAY
    return LineInput(
        key=key,
        item=line.drug,
        name=line.name or line.drug,
        amount_fen=line.amount_fen,
        standard_fen=line.standard_fen,
        treat=ground.treats[line.prepay] if own else treatment.treat,
        flags=treatment.flags,
        kind=line.kind,
        reason=treatment.reason,
    )


def differences(
    kinds: Mapping[str, str], expect: Mapping[str, Any], computed: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Every expected name against what was computed; a refusal nobody expected is a difference of its own."""
    expected = dict(expect)
    refusing = "error" if "error" in kinds else "reason"
    if computed.get(refusing) is not None:
        expected.setdefault(refusing, None)
    return tuple(
        Difference(name, shown(kinds[name], value), shown(kinds[name], computed.get(name)))
        for name, value in expected.items()
        if computed.get(name) != value
    )
