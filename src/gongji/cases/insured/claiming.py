"""A step of manual reimbursement (零星报销): taken in, judged by the law of each day, reviewed, settled with the same sums."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.regions import NATION
from gongji.cases.form import Line, Step
from gongji.cases.insured.counter import Counter
from gongji.cases.insured.form import InsuredStep
from gongji.cases.insured.world import World
from gongji.claims import rules
from gongji.claims.values import Application, ClaimVisit, Place, Verdict
from gongji.encounters.values import FeeLine
from gongji.members.eligibility import facts_of
from gongji.policy.calendar import working_calendar
from gongji.providers.values import ProviderDay

ALL_DOCUMENTS = (
    *("invoice", "fee_list", "diagnosis", "medical_record", "identity", "bank_account"),
    *("emergency_certificate", "failure_certificate", "power_of_attorney", "agent_identity"),
)


def claim(counter: Counter, step: InsuredStep) -> dict[str, Any] | Refusal:
    """A claim of one visit, from the application to what the fund pays the member, or why it pays nothing."""
    assert step.on is not None
    world, given, visit = counter.world, step.given, step.visit
    assert visit is not None
    today = given.get("today") or given["received"]
    standing = world.humans[step.who].standing(step.on, given.get("settled") or today)
    if not standing.region:
        return Refusal("NOT_INSURED", str(step.on))
    application = application_of(step, visit, standing.region)
    refusal = rules.refuse_application(application, today)
    if refusal is not None:
        return refusal
    place = application.place.day()
    place = place if place.region else msgspec.structs.replace(place, region=NATION)
    claimed = application.visits[0]
    facts = rules.stated_facts(claimed, place, system_failure=application.system_failure)
    refusal = rules.refuse_by_law(world.law, standing, place, claimed, facts)
    if refusal is not None:
        return refusal
    required = rules.required_documents(
        world.law, standing.region, application, {claimed.visit_no: place.designated}
    )
    if isinstance(required, Refusal):
        return required
    missing = rules.missing_documents(required, application.documents)
    titles = rules.document_titles(world.law, missing)
    if missing:
        return {
            "reason": "CLAIM_DOCUMENTS_MISSING",
            "missing": titles,
            "due": due_on(world, step, standing.region),
        }
    verdicts = _verdicts(step)
    refusal = rules.refuse_verdicts(application, verdicts)
    if refusal is not None:
        return refusal
    done = counter.settle(
        step,
        _accepted(visit, claimed, verdicts),
        standing,
        _facts(world, step, standing, place, facts),
        claim=True,
    )
    if isinstance(done, Refusal):
        return done
    amounts = counter.amounts(step, *done)
    return {
        **amounts,
        "missing": (),
        "due": due_on(world, step, standing.region),
        "paid": amounts["fund_total"],
    }


def application_of(step: InsuredStep, visit: Step, home: str) -> Application:
    """What is applied for: one visit in the area of the step, at ``home`` when it names none."""
    given = step.given
    assert step.on is not None
    place = Place(
        name=given.get("institution", "就诊医院"),
        region="" if given.get("abroad") else given.get("area", home),
        kind=given.get("kind", "hospital"),
        level=given.get("level", ""),
        fee_class=given.get("fee_class", ""),
        designated=given.get("designated", True),
        pooled_agreement=given.get("pooled_agreement", True),
        direct_settlement=given.get("direct_settlement", False),
    )
    claimed = ClaimVisit(
        visit_no=1,
        service_on=step.on,
        invoice_no=given.get("invoice", f"票据{step.index}"),
        lines=tuple(_fee(step, number, line) for number, line in enumerate(visit.lines, start=1)),
        voucher_type="01" if given.get("voucher", True) else "",
        emergency=given.get("emergency", False),
        excluded=given.get("excluded", "none"),
        prescription=given.get("prescription", False),
    )
    documents = given.get("documents", ALL_DOCUMENTS)
    return Application(
        psn_no=step.who,
        received_on=given["received"],
        place=place,
        visits=(claimed,),
        total_fen=given.get("total", claimed.total_fen),
        documents=tuple(one for one in documents if one not in given.get("lacking", ())),
        system_failure=given.get("system_failure", False),
        by_agent=given.get("agent", False),
    )


def _fee(step: InsuredStep, number: int, line: Line) -> FeeLine:
    assert step.on is not None
    return FeeLine(
        key=str(number),
        item=line.drug,
        local_item=line.name,
        amount_fen=line.amount_fen,
        price_micro=line.amount_fen * 10_000,
        quantity_e4=10_000,
        occurred_at=datetime.combine(step.on, time(4, tzinfo=UTC)),
    )


def _verdicts(step: InsuredStep) -> tuple[Verdict, ...]:
    given = step.given
    if "taken_out" not in given:
        return ()
    return (
        Verdict(
            str(given.get("line", 1)),
            given["taken_out"],
            given.get("taken_out_reason", "NOT_PAYABLE_BY_RULES"),
        ),
    )


def _accepted(visit: Step, claimed: ClaimVisit, verdicts: tuple[Verdict, ...]) -> Step:
    """The lines after the review; what is taken out of one becomes a line of its own outside the catalogue."""
    by_key = {str(number): line for number, line in enumerate(visit.lines, start=1)}
    lines = []
    for fee in rules.accepted_lines(claimed, verdicts):
        line = by_key[fee.key.removesuffix("-out")]
        inside = line.in_catalogue and not fee.key.endswith("-out")
        lines.append(msgspec.structs.replace(line, amount_fen=fee.amount_fen, in_catalogue=inside))
    return msgspec.structs.replace(visit, lines=tuple(lines))


def _facts(
    world: World, step: InsuredStep, standing: Any, place: ProviderDay, stated: dict[str, str]
) -> dict[str, str]:
    """Attributes of the settlement: place, person, what the claim's documents show."""
    assert step.on is not None
    return facts_of(
        standing,
        place.attributes,
        place.region,
        voucher=step.given.get("voucher", True),
        prescription=stated.get("prescription", "not_needed"),
        extra=stated,
        on=step.on,
        law=world.law,
    )


def due_on(world: World, step: InsuredStep, region: str) -> date | None:
    """The last day of the term of a claim; None where the calendar of a year is missing."""
    due = rules.deadline(world.law, working_calendar(), region, step.given["received"])
    return None if isinstance(due, Refusal) else due
