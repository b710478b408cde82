"""Decisions about what a person is entitled to: days without benefits, 门诊慢特病, chosen institutions.

Pure. Spells of one kind, disease or choice do not overlap; a spell recorded by mistake is taken back. Source: 晋政办发〔2021〕103号
二(二) (准入、退出); 庆阳市实施细则 第十三条 (欠费期间).

Clauses: SX2021-103.s2.2.e.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from gongji.base.reasons import Refusal
from gongji.members import validation
from gongji.members.dossier import Change, Dossier, Entry, changed, new, withdrawn
from gongji.members.rows import ChronicRow, FixedRow, NonbenefitRow, RelationRow
from gongji.members.rules import covers
from gongji.members.terms import NONBENEFIT_KIND, TREATMENT
from gongji.members.writing import Plan

__all__ = ["chronic_ended", "entitled", "fixed", "lifted", "set_nonbenefit", "taken_back", "unfixed"]

DAY = timedelta(days=1)
DISEASE_NAME_MAX = 300
INSTITUTION_NAME_MAX = 200
CODE_MAX = 30
SORT_MAX = 99


def set_nonbenefit(dossier: Dossier, kind: str, from_on: date, until_on: date | None) -> Plan | Refusal:
    """Days of arrears or of a waiting period; two spells of one kind do not overlap."""
    refusal = validation.first(
        validation.choice("原因", kind, tuple(NONBENEFIT_KIND)),
        validation.ordered(NONBENEFIT_KIND.get(kind, ""), from_on, until_on),
        validation.at_least_birth("日期", from_on, dossier.person.row.born_on),
    )
    if refusal is not None:
        return refusal
    other = _overlapping((e for e in dossier.nonbenefits if e.row.kind == kind), from_on, until_on)
    if other is not None:
        return Refusal("NONBENEFIT_OVERLAP", f"已有 {other.row.from_on} 至 {other.row.until_on or '今'}")
    return Plan((new(dossier, NonbenefitRow(from_on, until_on, kind)),))


def lifted(dossier: Dossier, kind: str, last_on: date) -> Plan | Refusal:
    """``last_on`` is the last day without benefits."""
    entry = next((e for e in dossier.nonbenefits if e.row.kind == kind and covers(e.row, last_on)), None)
    if entry is None:
        return Refusal("NONBENEFIT_NOT_FOUND", f"{NONBENEFIT_KIND.get(kind, '')} {last_on}")
    if entry.row.until_on == last_on:
        return Refusal("NOTHING_CHANGED")
    return Plan((changed(entry, until_on=last_on),))


def taken_back(dossier: Dossier, part: str, spell_no: int) -> Plan | Refusal:
    """A spell that was recorded by mistake: it had never been true. History keeps that it was believed.

    A relation that had been cut for the one taken back (变更、退休) goes on in its place.
    """
    entries: Mapping[str, Iterable[Entry[Any]]] = {
        "relation": dossier.relations,
        "nonbenefit": dossier.nonbenefits,
        "filing": dossier.filings,
        "chronic": dossier.chronic,
        "fixed": dossier.fixed,
    }
    entry = next((e for e in entries.get(part, ()) if e.spell_no == spell_no), None)
    if entry is None:
        return Refusal("RECORD_NOT_FOUND", f"{part} {spell_no}")
    return Plan((withdrawn(entry), *(_goes_on(dossier, entry) if part == "relation" else ())))


def _goes_on(dossier: Dossier, gone: Entry[RelationRow]) -> tuple[Change, ...]:
    """The relation that ended the day before because of a change, as long as ``gone`` lasted."""
    last_on = gone.row.from_on - DAY
    cut = [
        e
        for e in dossier.relations
        if (e.row.insutype, e.row.until_on, e.row.end_reason) == (gone.row.insutype, last_on, "changed")
    ]
    end = {name: getattr(gone.row, name) for name in ("until_on", "end_reason", "reported_on", "reported_by")}
    return tuple(changed(e, **end) for e in cut)


def entitled(dossier: Dossier, row: ChronicRow) -> Plan | Refusal:
    """Entitlement for a disease from the day of approval; ratio and quotas only where the area fixed them for this person."""
    refusal = validation.first(
        validation.number("病种编码", row.disease_code, CODE_MAX),
        validation.text("病种名称", row.disease_name, DISEASE_NAME_MAX),
        validation.choice("参照住院的治疗", row.treatment, tuple(TREATMENT)),
        validation.ordered("待遇期", row.from_on, row.until_on),
        validation.at_least_birth("待遇开始日期", row.from_on, dossier.person.row.born_on),
        validation.rate("支付比例", row.ratio_bp),
        validation.amount("月限额", row.quota_month_fen),
        validation.amount("季度限额", row.quota_quarter_fen),
        validation.amount("年度限额", row.quota_fen),
        _alive(dossier, row.from_on),
    )
    if refusal is not None:
        return refusal
    same = (e for e in dossier.chronic if e.row.disease_code == row.disease_code)
    other = _overlapping(same, row.from_on, row.until_on)
    if other is not None:
        return Refusal("CHRONIC_EXISTS", f"已有 {other.row.from_on} 至 {other.row.until_on or '今'} 的资格")
    return Plan((new(dossier, row),))


def chronic_ended(dossier: Dossier, disease_code: str, last_on: date) -> Plan | Refusal:
    """``last_on`` is the last day of the entitlement (退出)."""
    entry = next(
        (e for e in dossier.chronic if e.row.disease_code == disease_code and covers(e.row, last_on)), None
    )
    if entry is None:
        return Refusal("NOT_QUALIFIED_CHRONIC", f"{disease_code[:CODE_MAX]} {last_on}")
    if entry.row.until_on == last_on:
        return Refusal("NOTHING_CHANGED")
    return Plan((changed(entry, until_on=last_on),))


def fixed(dossier: Dossier, row: FixedRow) -> Plan | Refusal:
    """An institution chosen for a kind of business; no institution and no rank twice on one day."""
    refusal = validation.first(
        validation.code("biz_appy_type", "业务申请类型", row.biz_type),
        validation.number("定点医药机构编号", row.institution, CODE_MAX),
        validation.text("定点医药机构名称", row.institution_name, INSTITUTION_NAME_MAX),
        validation.ordered("定点期间", row.from_on, row.until_on),
        validation.at_least_birth("定点开始日期", row.from_on, dossier.person.row.born_on),
        _alive(dossier, row.from_on),
        None if 1 <= row.sort_no <= SORT_MAX else Refusal("AMOUNT_OUT_OF_RANGE", f"定点排序号 {row.sort_no}"),
    )
    if refusal is not None:
        return refusal
    same = (
        e
        for e in dossier.fixed
        if e.row.biz_type == row.biz_type
        and (e.row.institution == row.institution or e.row.sort_no == row.sort_no)
    )
    other = _overlapping(same, row.from_on, row.until_on)
    if other is not None:
        return Refusal("FIXED_EXISTS", f"{other.row.institution} 排序号 {other.row.sort_no}")
    return Plan((new(dossier, row),))


def unfixed(dossier: Dossier, biz_type: str, institution: str, last_on: date) -> Plan | Refusal:
    """``last_on`` is the last day of the choice."""
    entry = next(
        (
            e
            for e in dossier.fixed
            if (e.row.biz_type, e.row.institution) == (biz_type, institution) and covers(e.row, last_on)
        ),
        None,
    )
    if entry is None:
        return Refusal("FIXED_NOT_FOUND", f"{institution[:CODE_MAX]} {last_on}")
    if entry.row.until_on == last_on:
        return Refusal("NOTHING_CHANGED")
    return Plan((changed(entry, until_on=last_on),))


def _overlapping(entries: Iterable[Entry[Any]], from_on: date, until_on: date | None) -> Entry[Any] | None:
    return next(
        (
            e
            for e in entries
            if e.row.from_on <= (until_on or date.max) and from_on <= (e.row.until_on or date.max)
        ),
        None,
    )


def _alive(dossier: Dossier, on: date) -> Refusal | None:
    died_on = dossier.person.row.died_on
    return Refusal("MEMBER_DECEASED", str(died_on)) if died_on is not None and on > died_on else None
