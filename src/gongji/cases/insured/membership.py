"""Steps about the member: what stands on a day, and what the members room records or refuses (relations, filings, vouchers)."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongji.base.reasons import Refusal
from gongji.cases.insured.form import InsuredStep
from gongji.cases.insured.world import Human, World
from gongji.claims.rules import deadline
from gongji.members import verbs_benefit, verbs_credential, verbs_filing, verbs_person, verbs_relation
from gongji.members.dossier import Dossier, Entry, credential_of
from gongji.members.rows import CredentialRow, FilingRow, Row
from gongji.members.rules import age_on, voucher_state
from gongji.members.writing import Plan
from gongji.policy.calendar import working_calendar


def standing(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """What holds for the person on the day, seen from ``known``."""
    assert step.on is not None
    human = world.humans[step.who]
    found = human.standing(step.on, step.given.get("known"), step.given.get("recorded"))
    return {
        "insured": found.insured,
        "status": found.status,
        "category": found.category,
        "payer": found.payer,
        "employer": found.employer,
        "region": found.region,
        "has_account": found.has_account,
        "arrears": found.arrears,
        "arrears_paid_on": found.arrears_paid_on,
        "waiting": found.waiting,
        "insured_from": found.insured_from,
        "paused_from": found.paused_from,
        "filing": found.filing,
        "age": age_on(human.dossier.person.row.born_on, step.on),
    }


def _credential(human: Human, step: InsuredStep) -> CredentialRow | None:
    rows = [entry.row for entry in human.dossier.credentials]
    number = step.given.get("number", 1)
    return rows[number - 1] if 1 <= number <= len(rows) else None


def voucher(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """State of a card or electronic voucher on the day."""
    assert step.on is not None
    row = _credential(world.humans[step.who], step)
    if row is None:
        return Refusal("CREDENTIAL_NOT_FOUND")
    return {"state": voucher_state(credential_of(step.who, row), step.on)}


def voucher_change(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """Loss report, release, block by the agency, replacement."""
    assert step.on is not None
    human, action = world.humans[step.who], step.given["action"]
    row = _credential(human, step)
    if row is None:
        return Refusal("CREDENTIAL_NOT_FOUND")
    if action == "replace":
        fresh = CredentialRow(kind=row.kind, number=f"N{step.index}", card_sn="", from_on=step.on)
        plan = verbs_credential.replaced(human.dossier, row.number, fresh)
    else:
        decide = verbs_credential.blocked if action in ("lose", "block") else verbs_credential.released
        why = "lost" if action in ("lose", "release") else "agency"
        plan = decide(human.dossier, row.kind, row.number, step.on, why)
    return _apply(human, plan, step.on)


def _apply(human: Human, plan: Plan | Refusal, on: date) -> dict[str, Any] | Refusal:
    if isinstance(plan, Refusal):
        return plan
    human.apply(plan.changes, on)
    return {"notes": plan.notes}


def begin(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """A relation begins."""
    assert step.on is not None
    human, given = world.humans[step.who], step.given
    home = next((entry.row.region for entry in human.dossier.relations), "")
    row = verbs_relation.new_relation(
        from_on=given["from"],
        until_on=given.get("until"),
        category=given.get("category", "employee"),
        region=given.get("region") or home,
        employer=given.get("employer", "甲单位"),
        payer=None,
        psn_type=None,
        civil_servant=False,
        has_account=given.get("has_account", True),
        insutype="310",
    )
    return _apply(human, verbs_relation.begun(human.dossier, world.law, row), step.on)


def retire(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """在职 becomes 退休 from the month after the approval, or from the day that is given."""
    assert step.on is not None
    human = world.humans[step.who]
    approved_on = step.given.get("approved") or step.on
    plan = verbs_relation.retired(
        human.dossier,
        world.law,
        approved_on,
        step.on,
        from_on=step.given.get("from"),
        category=step.given.get("category", "retired"),
    )
    done = _apply(human, plan, step.on)
    if isinstance(done, Refusal):
        return done
    begun = max(e.row.from_on for e in human.dossier.relations if e.row.status == "retired")
    return {**done, "from": begun}


def end(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """The relation ends with a last day, by suspension, moving or leaving."""
    assert step.on is not None
    human, given = world.humans[step.who], step.given
    plan = verbs_relation.ended(
        human.dossier,
        world.law,
        working_calendar(),
        given["last"],
        given["cause"],
        step.on,
        reported_on=step.on,
        reported_by=given.get("by", "employer"),
    )
    return _apply(human, plan, step.on)


def resume(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """A suspended relation begins again."""
    assert step.on is not None
    human = world.humans[step.who]
    return _apply(human, verbs_relation.resumed(human.dossier, step.given.get("from") or step.on), step.on)


def move(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """Another place, employer or kind of insurance from a day on."""
    assert step.on is not None
    human, given = world.humans[step.who], step.given
    change = verbs_relation.Alteration(
        region=given.get("region"),
        employer=given.get("employer"),
        category=given.get("category"),
        has_account=given.get("has_account"),
    )
    plan = verbs_relation.altered(human.dossier, world.law, given.get("from") or step.on, change)
    return _apply(human, plan, step.on)


def death(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """A death is recorded: relation, bindings and vouchers end."""
    assert step.on is not None
    human = world.humans[step.who]
    plan = verbs_person.died(
        human.dossier,
        world.law,
        working_calendar(),
        step.given["died"],
        step.on,
        step.given.get("by", "relative"),
        step.on,
    )
    if not isinstance(plan, Refusal):
        human.before_death = _as_they_are(human.dossier, plan)
    return _apply(human, plan, step.on)


def _as_they_are(dossier: Dossier, plan: Plan) -> dict[tuple[str, int], Row]:
    """The rows that ``plan`` is about to change."""
    entries: tuple[Entry[Any], ...] = (*dossier.relations, *dossier.family, *dossier.credentials)
    rows: dict[tuple[str, int], Row] = {(entry.row.part, entry.spell_no): entry.row for entry in entries}
    keys = {(change.part, change.spell_no) for change in plan.changes}
    return {key: row for key, row in rows.items() if key in keys}


def death_revoked(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """A death had never been true."""
    assert step.on is not None
    human = world.humans[step.who]
    return _apply(human, verbs_person.death_revoked(human.dossier, human.before_death), step.on)


def benefit_stop(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """Arrears or a waiting period are recorded, or lifted with a last day."""
    assert step.on is not None
    human, given = world.humans[step.who], step.given
    if given["action"] == "set":
        first, last = given.get("from") or step.on, given.get("until")
        plan = verbs_benefit.set_nonbenefit(human.dossier, given["kind"], first, last)
    else:
        plan = verbs_benefit.lifted(human.dossier, given["kind"], given.get("until") or step.on)
    return _apply(human, plan, step.on)


def filing(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """An off-site filing is made, changed or cancelled."""
    assert step.on is not None
    human, given = world.humans[step.who], step.given
    number, action = given.get("number", 1), given["action"]
    if action == "cancel":
        plan = verbs_filing.cancelled(human.dossier, world.law, number, given.get("from") or step.on)
        return _apply(human, plan, step.on)
    row = FilingRow(
        from_on=given.get("from") or step.on,
        until_on=given.get("until"),
        kind=given.get("kind") or "",
        subtype=given.get("subtype", ""),
        region=given.get("region", ""),
        filed_on=step.on,
    )
    plan = (
        verbs_filing.filed(human.dossier, world.law, row, step.on)
        if action == "file"
        else verbs_filing.refiled(human.dossier, world.law, number, row, step.on)
    )
    done = _apply(human, plan, step.on)
    if isinstance(done, Refusal):
        return done
    made = max(human.dossier.filings, key=lambda entry: entry.spell_no).row
    return {**done, "from": made.from_on, "until": made.until_on}


def register(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """Whether particulars can be those of a person: name, document, birth."""
    assert step.on is not None
    given = step.given
    stated = verbs_person.Particulars(
        given.get("name", "张三"),
        given.get("cert_type", "01"),
        given["cert"],
        given.get("gender", "1"),
        "01",
        given["born"],
    )
    return verbs_person.particulars_refusal(stated, step.on) or {}


TERMS = {"transfer": "account.transfer.working_days", "stop_report": "member.stop_report_working_days"}


def deadline_step(world: World, step: InsuredStep) -> dict[str, Any] | Refusal:
    """The last day of a term of working days that begins with the day of the step (decision A24)."""
    assert step.on is not None
    region = world.humans[step.who].standing(step.on).region
    calendar = working_calendar()
    if step.given["term"] == "claim":
        due = deadline(world.law, calendar, region, step.on)
        key = "claim.working_days"
    else:
        key = TERMS[step.given["term"]]
        value = world.law.value(key, region, step.on)
        if isinstance(value, Refusal):
            return value
        assert isinstance(value.raw, int)
        due = calendar.add_working_days(step.on, value.raw)
    if isinstance(due, Refusal):
        return due
    value = world.law.value(key, region, step.on)
    days = calendar.working_days_between(step.on, due)
    working = calendar.is_working_day(due)
    clause = None if isinstance(value, Refusal) else value.clause
    return {"due": due, "days": days, "working_day": working, "clause": clause}
