"""What a step states about its visit, put beside the person's records; and who is entitled to what there."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from gongji.base.reasons import Refusal
from gongji.cases.facts import strange_attribute, usual_facts
from gongji.cases.fields import Place
from gongji.cases.form import Step
from gongji.cases.insured.form import InsuredStep
from gongji.cases.insured.world import World
from gongji.members.abroad import offsite_on
from gongji.members.eligibility import facts_of
from gongji.members.lasting import lasting_eligibility
from gongji.members.values import Standing
from gongji.settlement.benefits import ORDINARY


def facts(world: World, step: InsuredStep, visit: Step, standing: Standing) -> dict[str, str]:
    """The visit's attributes of the law: what the step states about the place, the rest from the person's records."""
    place = usual_facts(visit.place, visit.attributes.get("kind", ""))
    stated = {**place, **visit.attributes}
    for name, value in stated.items():
        strange = strange_attribute(world.law, name, value)
        if strange is not None:
            Place(world.path, world.case.id, step.index).fail(strange)
    area = step.given.get("area") or standing.region
    own = ("voucher", "prescription")
    return facts_of(
        standing,
        {name: value for name, value in place.items() if name not in own},
        area,
        voucher=stated["voucher"] == "yes",
        prescription=stated.get("prescription", ""),
        extra={name: value for name, value in visit.attributes.items() if name not in own},
        on=visit.on or date.min,
        law=world.law,
    )


def eligibility_step(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """Whether somebody is entitled on a day, for how long, and where the place lies."""
    human, visit = world.humans[step.who], step.visit
    assert visit is not None
    assert step.on is not None
    standing = human.standing(step.on)
    disease = step.given.get("disease", "")
    found = lasting_eligibility(
        world.law,
        human.records,
        step.on,
        lambda standing, on: facts(world, step, msgspec.structs.replace(visit, on=on), standing),
        disease=disease,
        owners_on=lambda on: world.owners(step.who, on),
        allow_draft=step.given.get("draft", True),
    )
    benefit = step.given.get("benefit", ORDINARY)
    answer = found.answer(benefit, disease if benefit in ("chronic", "as_inpatient") else "")
    own, family = found.answer("own_account"), found.answer("family_account")
    if answer is None:
        return Refusal("BENEFIT_UNKNOWN", f"没有登记 {benefit} {disease}")
    refusal = answer.refusal
    return {
        "reason": refusal.code if refusal else None,
        "clause": refusal.clause if refusal else None,
        "entitled": refusal is None,
        "state": found.state,
        "offsite": _offsite(world, step, standing),
        "from": answer.from_on,
        "until": answer.until_on,
        "own_account": own is not None and own.refusal is None,
        "family_account": family is not None and family.refusal is None,
        "identities": tuple(one.memo or one.code for one in found.identities),
    }


def _offsite(world: World, step: InsuredStep, standing: Standing) -> str | None:
    """How far from home the place is for the law; None for who was never insured."""
    assert step.on is not None
    area = step.given.get("area") or standing.region
    return offsite_on(world.law, standing, area, step.on) if standing.region else None
