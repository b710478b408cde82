"""Decisions about insurance relations (参保关系): begin, change, retire, end, suspend, resume.

Pure. Of one kind of insurance a person has one relation on any day; days without any are allowed. A change cuts the spell of its
first day in two, so that the days before keep what held then. Source: 晋医保办发〔2022〕27号 第二条; 庆阳市实施细则
第八条、第十条、第十三条; decision A08 (``status.change_from``).
"""

from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.regions import pooling_area
from gongji.members import validation
from gongji.members.dossier import Change, Dossier, Entry, changed, new
from gongji.members.rows import RelationRow
from gongji.members.rules import covers
from gongji.members.terms import CATEGORY, END_REASON, PAYER, REPORTER, STATUS_OF
from gongji.members.verbs_person import report_remark
from gongji.members.writing import Plan
from gongji.policy import Law
from gongji.policy.calendar import Calendar

__all__ = [
    "Alteration",
    "altered",
    "begun",
    "ended",
    "new_relation",
    "resumed",
    "retired",
]

DAY: Final = timedelta(days=1)
EMPLOYEE_SCHEME: Final = "310"
EMPLOYER_MAX: Final = 200
CHANGE_FROM: Final = "status.change_from"
PAYER_OF: Final = {
    "employee": "employer",
    "flexible": "self",
    "retired": "none",
    "bankrupt_retiree": "finance",
    "hardship_retiree": "finance",
}
PSN_TYPE_OF: Final = {"active": "11", "retired": "12"}
ENDINGS: Final = tuple(reason for reason in END_REASON if reason in ("suspended", "transfer_out", "leaving"))


class Alteration(msgspec.Struct, frozen=True):
    """What becomes different; None stays as it is."""

    region: str | None = None
    employer: str | None = None
    category: str | None = None
    payer: str | None = None
    psn_type: str | None = None
    civil_servant: bool | None = None
    has_account: bool | None = None


def new_relation(
    *,
    from_on: date,
    until_on: date | None,
    category: str,
    region: str,
    employer: str,
    payer: str | None,
    psn_type: str | None,
    civil_servant: bool,
    has_account: bool,
    insutype: str,
) -> RelationRow:
    """A relation with what follows from its category where it is not given; an unknown category is left to be refused."""
    status = STATUS_OF.get(category, "")
    return RelationRow(
        from_on,
        until_on,
        insutype,
        status,
        category,
        psn_type or PSN_TYPE_OF.get(status, ""),
        region,
        employer,
        payer or PAYER_OF.get(category, ""),
        civil_servant,
        has_account,
    )


def row_refusal(law: Law, row: RelationRow) -> Refusal | None:
    """Whether the fields of a relation can be true together."""
    wrong = validation.first(
        validation.ordered("参保关系", row.from_on, row.until_on),
        validation.choice("参保身份", row.category, tuple(CATEGORY)),
        validation.choice("缴费来源", row.payer, tuple(PAYER)),
        validation.code("insutype", "险种类型", row.insutype),
        validation.code("psn_type", "人员类别", row.psn_type),
        validation.region(row.region),
        validation.text("单位名称", row.employer, EMPLOYER_MAX, optional=row.category != "employee"),
    )
    if wrong is not None:
        return wrong
    home = law.home(row.region)
    return home if isinstance(home, Refusal) else None


def begun(dossier: Dossier, law: Law, row: RelationRow) -> Plan | Refusal:
    """A new relation; RELATION_OVERLAP when another one of the same kind holds on one of its days."""
    refusal = validation.first(row_refusal(law, row), _lifetime(dossier, row.from_on, row.until_on))
    if refusal is not None:
        return refusal
    return _overlap(dossier, row) or Plan((new(dossier, row),))


def _lifetime(dossier: Dossier, from_on: date, until_on: date | None = None) -> Refusal | None:
    person = dossier.person.row
    if person.died_on is not None and max(from_on, until_on or date.max) > person.died_on:
        return Refusal("MEMBER_DECEASED", f"{person.died_on}")
    return validation.at_least_birth("参保日期", from_on, person.born_on)


def _overlap(dossier: Dossier, row: RelationRow) -> Refusal | None:
    last = row.until_on or date.max
    for entry in _of(dossier, row.insutype):
        other = entry.row
        if other.from_on <= last and row.from_on <= (other.until_on or date.max):
            return Refusal("RELATION_OVERLAP", f"已有 {other.from_on} 至 {other.until_on or '今'} 的参保关系")
    return None


def _of(dossier: Dossier, insutype: str) -> list[Entry[RelationRow]]:
    return sorted((e for e in dossier.relations if e.row.insutype == insutype), key=lambda e: e.row.from_on)


def _covering(dossier: Dossier, insutype: str, on: date) -> Entry[RelationRow] | None:
    return next((e for e in _of(dossier, insutype) if covers(e.row, on)), None)


def altered(
    dossier: Dossier, law: Law, on: date, alteration: Alteration, insutype: str = EMPLOYEE_SCHEME
) -> Plan | Refusal:
    """From ``on`` on, to the end of the relation of that day, something is different.

    Within the city the account stays as it is (QY 第八条); to another city it has to be transferred, which is said. Between 在职
    and 退休 only ``retired`` leads (CATEGORY_WRONG).
    """
    entry = _covering(dossier, insutype, on)
    if entry is None:
        return Refusal("RELATION_NOT_FOUND", str(on))
    fields = {name: value for name, value in msgspec.structs.asdict(alteration).items() if value is not None}
    category = fields.get("category")
    if category is not None and category in STATUS_OF:
        if STATUS_OF[category] != entry.row.status:
            return Refusal("CATEGORY_WRONG", "在职与退休之间的变更须办理退休")
        fields.setdefault("payer", PAYER_OF[category])
        if category == "flexible" != entry.row.category:
            fields.setdefault("employer", "")  # the last employer pays no longer
    row = msgspec.structs.replace(entry.row, **fields)
    if row == entry.row:
        return Refusal("NOTHING_CHANGED")
    refusal = row_refusal(law, row)
    return refusal or Plan(_cut(dossier, entry, on, row), _moved(entry.row.region, row.region))


def _moved(old: str, new_region: str) -> tuple[str, ...]:
    if pooling_area(old) == pooling_area(new_region):
        return ()
    return (f"参保地由 {old} 变为 {new_region}，不在同一统筹地区，个人账户余额须另行办理转移",)


def _cut(
    dossier: Dossier, entry: Entry[RelationRow], on: date, row: RelationRow, after: int = 0
) -> tuple[Change, ...]:
    """``row`` holds from ``on`` to the end of ``entry``; what held before ``on`` stays."""
    if on <= entry.row.from_on:
        return (Change("relation", entry.spell_no, entry.revision, row),)
    before = changed(entry, until_on=on - DAY, end_reason="changed", reported_on=None, reported_by=None)
    return before, new(dossier, msgspec.structs.replace(row, from_on=on), after)


def retired(
    dossier: Dossier,
    law: Law,
    approved_on: date,
    today: date,
    *,
    from_on: date | None = None,
    category: str = "retired",
    psn_type: str = "12",
    insutype: str = EMPLOYEE_SCHEME,
) -> Plan | Refusal:
    """在职 becomes 退休 on the day that the law counts from the approval, or on ``from_on`` where the insurance system gives it.

    That day, or the approval's, is kept as the day of retirement, which the crediting of accounts counts from.

    Later spells of active insurance become retired ones too: an approval may be recorded long after its day.
    """
    if STATUS_OF.get(category) != "retired":
        return Refusal("CATEGORY_WRONG", f"{category[:20]!r} 不是退休人员")
    late = validation.first(
        validation.not_after("退休审批日期", approved_on, today),
        validation.at_least_birth("退休日期", from_on or approved_on, dossier.person.row.born_on),
        validation.code("psn_type", "人员类别", psn_type),
    )
    if late is not None:
        return late
    start_on = from_on or _retired_from(dossier, law, approved_on, insutype)
    if isinstance(start_on, Refusal):
        return start_on
    entry = _covering(dossier, insutype, start_on)
    if entry is None:
        return Refusal("RELATION_NOT_FOUND", str(start_on))
    if entry.row.status == "retired":
        return Refusal("RETIRED_ALREADY", str(start_on))
    fields = {
        "status": "retired",
        "category": category,
        "psn_type": psn_type,
        "payer": PAYER_OF[category],
        "retired_on": from_on or approved_on,
    }
    later = [e for e in _of(dossier, insutype) if e.row.from_on > start_on and e.row.status == "active"]
    row = msgspec.structs.replace(entry.row, **fields)
    return Plan((*_cut(dossier, entry, start_on, row), *(changed(e, **fields) for e in later)))


def _retired_from(dossier: Dossier, law: Law, approved_on: date, insutype: str) -> date | Refusal:
    entry = _covering(dossier, insutype, approved_on)
    if entry is None:
        return Refusal("RELATION_NOT_FOUND", str(approved_on))
    start = law.value(CHANGE_FROM, entry.row.region, approved_on)
    if isinstance(start, Refusal):
        return start
    if start.raw != "next_month":
        return Refusal("PARAMETER_UNSPECIFIED", f"{CHANGE_FROM}：{start.raw}", start.clause, start.citation)
    return (approved_on.replace(day=1) + 31 * DAY).replace(day=1)


def ended(
    dossier: Dossier,
    law: Law,
    calendar: Calendar,
    last_on: date,
    reason: str,
    today: date,
    *,
    reported_on: date,
    reported_by: str,
    insutype: str = EMPLOYEE_SCHEME,
) -> Plan | Refusal:
    """``last_on`` is the last insured day; who reported it and when is kept, and a report after the law's term is said."""
    entry = _covering(dossier, insutype, last_on)
    if entry is None:
        return Refusal("RELATION_NOT_FOUND", str(last_on))
    followed = [e for e in _of(dossier, insutype) if e.row.from_on > last_on]
    if followed:
        return Refusal("RELATION_FOLLOWED", f"{followed[0].row.from_on} 起另有参保关系")
    refusal = validation.first(
        validation.choice("终止原因", reason, ENDINGS),
        validation.choice("申报人", reported_by, tuple(REPORTER)),
        validation.not_after("申报日期", reported_on, today),
    )
    if refusal is not None:
        return refusal
    if (entry.row.until_on, entry.row.end_reason) == (last_on, reason):
        return Refusal("NOTHING_CHANGED")
    end = changed(
        entry, until_on=last_on, end_reason=reason, reported_on=reported_on, reported_by=reported_by
    )
    overdue = ""
    if reason != "suspended":  # a pause is no end that has to be reported
        overdue = report_remark(law, calendar, entry.row.region, last_on, reported_on)
    return Plan((end,), (overdue,) if overdue else (), overdue)


def resumed(dossier: Dossier, on: date, insutype: str = EMPLOYEE_SCHEME) -> Plan | Refusal:
    """A suspended relation begins again as it was."""
    last = next(reversed(_of(dossier, insutype)), None)
    if last is None or last.row.end_reason != "suspended" or last.row.until_on is None:
        return Refusal("RELATION_NOT_FOUND", "没有暂停的参保关系")
    if on <= last.row.until_on:
        return Refusal("DATE_ORDER", f"恢复日期须晚于 {last.row.until_on}")
    row = msgspec.structs.replace(
        last.row, from_on=on, until_on=None, end_reason="", reported_on=None, reported_by=None
    )
    return _lifetime(dossier, on) or Plan((new(dossier, row),))
