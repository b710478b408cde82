"""Decisions about the person itself: registration, correction, telephone, death and its revocation.

Pure; what is personal comes in sealed (``members.personal``) and is checked before. Source of death reports: 庆阳市实施细则
第十条, 社会保险经办条例 (``member.stop_report_working_days``).

Clauses: QY.art10.a.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.members import validation
from gongji.members.dossier import Change, Dossier, Entry, changed, withdrawn
from gongji.members.rows import CredentialRow, FamilyRow, PersonRow, RelationRow, Row
from gongji.members.rules import covers
from gongji.members.terms import REPORTER
from gongji.members.verbs_credential import blocked_again
from gongji.members.writing import Plan
from gongji.policy import Law
from gongji.policy.calendar import Calendar

__all__ = [
    "DEADLINE",
    "Particulars",
    "corrected",
    "death_revoked",
    "died",
    "particulars_refusal",
    "report_remark",
]

NAME_MAX: Final = 50
DAY: Final = timedelta(days=1)
DEADLINE: Final = "member.stop_report_working_days"
Before = Mapping[tuple[str, int], Row]
"""Rows that the record of a death changed, as they had been, by part and number."""
RELATION_ENDS: Final = {"until_on": None, "end_reason": "", "reported_on": None, "reported_by": None}
FAMILY_ENDS: Final = {"until_on": None}
BLOCK: Final = {"blocked_from": None, "blocked_until": None, "block_reason": "", "earlier_blocks": None}


class Particulars(msgspec.Struct, frozen=True):
    """What somebody states about a person, in clear."""

    name: str
    cert_type: str
    cert_no: str
    gender: str
    ethnicity: str
    born_on: date

    def __repr__(self) -> str:
        """Fit for a log."""
        return "Particulars(…)"


def particulars_refusal(given: Particulars, today: date) -> Refusal | None:
    """Whether the particulars can be those of somebody who lives today."""
    if given.born_on > today:
        return Refusal("BIRTH_IN_FUTURE", f"{given.born_on} 晚于 {today}")
    return validation.first(
        validation.text("姓名", given.name, NAME_MAX),
        validation.code("gend", "性别", given.gender),
        validation.code("naty", "民族", given.ethnicity) if given.ethnicity else None,
        validation.cert(given.cert_type, given.cert_no, given.gender, given.born_on),
    )


def corrected(dossier: Dossier, row: PersonRow) -> Plan | Refusal:
    """The person's line with other particulars; nothing on record may come to lie before the birth or after it be the death."""
    if row == dossier.person.row:
        return Refusal("NOTHING_CHANGED")
    first_on = min((e.row.from_on for e in dossier.relations), default=None)
    early = validation.at_least_birth("参保日期", first_on, row.born_on) if first_on else None
    if early is not None:
        return early
    if row.died_on is not None and row.died_on < row.born_on:
        return Refusal("DEATH_BEFORE_BIRTH", f"{row.died_on} 早于 {row.born_on}")
    return Plan((Change("person", 0, dossier.person.revision, row),))


def died(
    dossier: Dossier,
    law: Law,
    calendar: Calendar,
    died_on: date,
    reported_on: date,
    reported_by: str,
    today: date,
) -> Plan | Refusal:
    """Record a death: relations and family bindings end with that day, vouchers are blocked from the next one.

    What was recorded to begin later had never been true and is withdrawn. A report after the law's term is taken, and said.
    """
    person = dossier.person.row
    refusal = _death_refusal(person, died_on, reported_on, reported_by, today)
    if refusal is not None:
        return refusal
    end = {"end_reason": "death", "reported_on": reported_on, "reported_by": reported_by}
    changes = (
        changed(dossier.person, died_on=died_on),
        *_ending(dossier.relations, died_on, **end),
        *_ending(dossier.family, died_on),
        *(
            blocked_again(e, died_on + DAY, "death")
            for e in dossier.credentials
            if _usable_after(e.row, died_on)
        ),
    )
    region = next((e.row.region for e in dossier.relations if covers(e.row, died_on)), None)
    late = report_remark(law, calendar, region, died_on, reported_on) if region else ""
    said = f"{REPORTER[reported_by]} {reported_on} 申报死亡"
    return Plan(changes, (late,) if late else (), "；".join(filter(None, (said, late))))


def _death_refusal(
    person: PersonRow, died_on: date, reported_on: date, reported_by: str, today: date
) -> Refusal | None:
    if person.died_on is not None:
        return Refusal("DEATH_RECORDED", str(person.died_on))
    if died_on > today:
        return Refusal("DEATH_IN_FUTURE", f"{died_on} 晚于 {today}")
    if died_on < person.born_on:
        return Refusal("DEATH_BEFORE_BIRTH", f"{died_on} 早于 {person.born_on}")
    return validation.first(
        validation.choice("申报人", reported_by, tuple(REPORTER)),
        validation.ordered("死亡至申报", died_on, reported_on),
        validation.not_after("申报日期", reported_on, today),
    )


def _ending(
    entries: Sequence[Entry[RelationRow]] | Sequence[Entry[FamilyRow]], last_on: date, **fields: object
) -> tuple[Change, ...]:
    """The entries cut off after ``last_on``."""
    cut = [e for e in entries if e.row.until_on is None or e.row.until_on > last_on]
    return tuple(
        withdrawn(e) if e.row.from_on > last_on else changed(e, until_on=last_on, **fields) for e in cut
    )


def _usable_after(row: CredentialRow, died_on: date) -> bool:
    """Whether a voucher could still be used on some day after the death."""
    if row.until_on is not None and row.until_on <= died_on:
        return False
    blocked = row.blocked_from is not None and row.blocked_from <= died_on + DAY
    return not (blocked and row.blocked_until is None)


def report_remark(law: Law, calendar: Calendar, region: str, event_on: date, reported_on: date) -> str:
    """What to say about the date of a report: nothing, or that it came after the term, with the article."""
    term = law.value(DEADLINE, region, event_on)
    if isinstance(term, Refusal) or not isinstance(term.raw, int):
        return ""
    due_on = calendar.add_working_days(event_on, term.raw)
    if isinstance(due_on, Refusal):
        return f"未能核对是否在 {term.raw} 个工作日内申报：{due_on.detail}"
    if reported_on <= due_on:
        return ""
    return f"申报逾期：应在 {term.raw} 个工作日内（{due_on} 前）报告，多计入的个人账户资金须追回（依据 {term.citation}）"


def death_revoked(dossier: Dossier, before: Before) -> Plan | Refusal:
    """The death had never been true: what it ended or blocked holds again as long, and as far, as it did ``before``.

    What somebody changed after the death stays as it was changed, but for an end or block that it took over from the death.
    """
    if dossier.person.row.died_on is None:
        return Refusal("DEATH_NOT_RECORDED")
    return Plan(
        (
            changed(dossier.person, died_on=None),
            *(
                changed(e, **_as_before(e, before, RELATION_ENDS))
                for e in dossier.relations
                if e.row.end_reason == "death"
            ),
            *(
                changed(e, **_as_before(e, before, FAMILY_ENDS))
                for e in dossier.family
                if ("family", e.spell_no) in before and e.row.until_on == dossier.person.row.died_on
            ),
            *(
                changed(e, **_as_before(e, before, BLOCK))
                for e in dossier.credentials
                if e.row.block_reason == "death"
            ),
        ),
        ("登记死亡后撤回的参保关系和共济绑定不自动恢复，须核对后重新登记",),
    )


def _as_before(entry: Entry[Any], before: Before, nothing: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of ``nothing`` as they were before the death; a row that came later (a change of the cut one) has ``nothing``."""
    row = before.get((entry.row.part, entry.spell_no))
    return {name: getattr(row, name) if row else empty for name, empty in nothing.items()}
