"""A step that states a contribution: judged as a row of an employer's file, and recorded when it is taken."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from gongji.accounts.crediting import month_after
from gongji.base.reasons import Refusal
from gongji.cases.insured.form import Contribution, InsuredStep
from gongji.cases.insured.world import Human, World
from gongji.members.import_rules import Figures, Known, RelationOfMonth, Row, Terms, decide, figures_faults

DAY: Final = timedelta(days=1)
EMPLOYER: Final = "甲单位"


def contribute(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """A contribution that came, was late, or is corrected; every reason for which it is not taken."""
    assert step.on is not None
    given, human = step.given, world.humans[step.who]
    month, employer = given["month"], given.get("employer_name", EMPLOYER)
    due_on = given.get("due") or month_after(month) - DAY
    figures = Figures(
        base_fen=given["base"],
        personal_fen=given.get("personal", 0),
        employer_fen=given.get("employer", 0),
        due_on=due_on,
        paid_on=given.get("paid", due_on),
        kind=given.get("kind", "normal"),
    )
    row = Row(cert_no="", name=given.get("name", step.who), month=month, figures=figures)
    change = decide(row, _known(human, month, employer, figures), Terms(employer, month, step.on))
    decided = change if isinstance(change, tuple) else ()
    faults = (*figures_faults(figures, month, step.on), *decided)
    if faults:
        first = faults[0]
        return {"reason": first.code, "clause": first.clause, "reasons": tuple(one.code for one in faults)}
    if change == "add":
        human.contributions.append(Contribution(month, employer, figures))
    return {"change": change, "reasons": ()}


def _known(human: Human, month: date, employer: str, figures: Figures) -> Known:
    """What is on record about the person's month."""
    earlier = [one.figures for one in human.contributions if (one.month, one.employer) == (month, employer)]
    person = human.dossier.person.row
    return Known(
        persons=1,
        name=person.name,
        died_on=person.died_on,
        relations=tuple(
            RelationOfMonth(row.status, row.payer, row.employer)
            for row in (entry.row for entry in human.dossier.relations)
            if row.from_on < month_after(month) and (row.until_on is None or row.until_on >= month)
        ),
        latest=earlier[-1] if earlier else None,
        repeated=figures in earlier,
    )
