"""Decisions about off-site filings (异地就医备案): file, change, cancel.

Pure. A person has one long-term and one temporary filing on a day, for different areas. Long-term ones are kept for the time
that the law says before they may be changed; a temporary one ends by itself. Terms of months end on the corresponding day
(民法典 第二百零二条). Source: 晋医保办发〔2022〕27号
第二十四条; 医保发〔2022〕22号.

Clauses: SX2022-27.art24.d.
"""

from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.regions import PROVINCE_DIGITS, is_within, normalise_region
from gongji.base.times import add_months
from gongji.members import validation
from gongji.members.dossier import Change, Dossier, Entry, changed, new, withdrawn
from gongji.members.rows import FilingRow
from gongji.members.rules import covers, is_local
from gongji.members.terms import FILING_KIND, FILING_SUBTYPE, LONG_TERM, SUBTYPES
from gongji.members.writing import Plan
from gongji.policy import Law

__all__ = ["cancelled", "filed", "refiled"]

DAY: Final = timedelta(days=1)
LATE: Final = "offsite.filing.late"
CHANGE_AFTER: Final = "offsite.filing.change_after_months"
TEMPORARY_MONTHS: Final = "offsite.filing.temporary_months"


def filed(dossier: Dossier, law: Law, row: FilingRow, today: date) -> Plan | Refusal:
    """A new filing; without a last day a temporary one ends after the months of the law.

    A filing for days before it was made is a late one, which the law must allow (补办备案).
    """
    home = next((e.row.region for e in dossier.relations if covers(e.row, row.from_on)), None)
    refusal = _row_refusal(dossier, row, today)
    if refusal is not None:
        return refusal
    if home is None:
        return Refusal("RELATION_NOT_FOUND", str(row.from_on))
    refusal = _kind_refusal(row.kind, row.region, home) or _late_refusal(law, row, home)
    if refusal is not None:
        return refusal
    whole = _with_end(law, row, home)
    if isinstance(whole, Refusal):
        return whole
    return _overlap(dossier, whole) or Plan((new(dossier, whole),))


def _row_refusal(dossier: Dossier, row: FilingRow, today: date) -> Refusal | None:
    died_on = dossier.person.row.died_on
    return validation.first(
        Refusal("MEMBER_DECEASED", str(died_on)) if died_on is not None and row.from_on > died_on else None,
        validation.choice("备案类型", row.kind, tuple(FILING_KIND)),
        validation.choice("人员类型", row.subtype, tuple(FILING_SUBTYPE)),
        validation.region(row.region),
        validation.ordered("备案期间", row.from_on, row.until_on),
        validation.not_after("备案日期", row.filed_on, today),
        None if row.subtype in ("", *SUBTYPES.get(row.kind, ())) else _wrong(row.kind, row.subtype),
    )


def _wrong(kind: str, subtype: str) -> Refusal:
    return Refusal(
        "FILING_KIND_WRONG", f"{FILING_SUBTYPE.get(subtype, '')}不办理{FILING_KIND.get(kind, '')}备案"
    )


def _kind_refusal(kind: str, region: str, home: str) -> Refusal | None:
    """Whether the place lies where its kind says, seen from the insured's city."""
    place, city = normalise_region(region), normalise_region(home)
    if is_local(place, city):
        return Refusal("FILING_AT_HOME", f"{region} 在参保地 {home} 统筹地区内")
    in_province = is_within(place, city[:PROVINCE_DIGITS])
    if kind in LONG_TERM and in_province != (kind == "LONG_TERM_IN_PROVINCE"):
        return Refusal("FILING_KIND_WRONG", f"{region} {'在' if in_province else '不在'}参保地省内")
    return None


def _late_refusal(law: Law, row: FilingRow, home: str) -> Refusal | None:
    if row.from_on >= row.filed_on:
        return None
    late = law.value(LATE, home, row.filed_on)
    if isinstance(late, Refusal):
        return late
    if late.raw == "before_settlement":
        return None
    return Refusal("FILING_LATE", f"{row.from_on} 早于备案日期 {row.filed_on}", late.clause, late.citation)


def _with_end(law: Law, row: FilingRow, home: str) -> FilingRow | Refusal:
    if row.kind in LONG_TERM or row.until_on is not None:
        return row
    months = law.value(TEMPORARY_MONTHS, home, row.filed_on)
    if isinstance(months, Refusal):
        return months
    assert isinstance(months.raw, int)
    return msgspec.structs.replace(row, until_on=add_months(row.from_on, months.raw))


def _overlap(dossier: Dossier, row: FilingRow) -> Refusal | None:
    for entry in dossier.filings:
        other = entry.row
        same_days = other.from_on <= (row.until_on or date.max) and row.from_on <= (
            other.until_on or date.max
        )
        if same_days and _excludes(other, row):
            text = f"{FILING_KIND[other.kind]} {other.region} {other.from_on} 至 {other.until_on or '今'}"
            return Refusal("FILING_OVERLAP", text)
    return None


def _excludes(one: FilingRow, other: FilingRow) -> bool:
    """Whether two filings cannot hold on one day: a referral from where somebody lives to elsewhere leaves the long-term one."""
    if (one.kind in LONG_TERM) == (other.kind in LONG_TERM):
        return True
    return is_within(one.region, other.region) or is_within(other.region, one.region)


def _open(dossier: Dossier, law: Law, spell_no: int, on: date) -> Entry[FilingRow] | Refusal:
    """The filing, when it may end on ``on``."""
    entry = next((e for e in dossier.filings if e.spell_no == spell_no), None)
    if entry is None or (entry.row.until_on is not None and entry.row.until_on < on):
        return Refusal("FILING_NOT_FOUND", f"{spell_no}（{on}）")
    if entry.row.kind not in LONG_TERM:
        return entry
    home = next((e.row.region for e in dossier.relations if covers(e.row, entry.row.from_on)), "CN")
    months = law.value(CHANGE_AFTER, home, on)
    if isinstance(months, Refusal):
        return months
    assert isinstance(months.raw, int)
    earliest = add_months(entry.row.filed_on, months.raw)
    if on < earliest:
        text = f"{entry.row.filed_on} 备案，满 {months.raw} 个月后（{earliest} 起）可以变更或取消"
        return Refusal("FILING_TOO_EARLY", text, months.clause, months.citation)
    return entry


def cancelled(dossier: Dossier, law: Law, spell_no: int, on: date) -> Plan | Refusal:
    """From ``on`` on the filing does not hold; one that had not begun by then is taken back."""
    entry = _open(dossier, law, spell_no, on)
    return entry if isinstance(entry, Refusal) else Plan((_end(entry, on),))


def _end(entry: Entry[FilingRow], on: date) -> Change:
    return withdrawn(entry) if on <= entry.row.from_on else changed(entry, until_on=on - DAY)


def refiled(dossier: Dossier, law: Law, spell_no: int, row: FilingRow, today: date) -> Plan | Refusal:
    """From the first day of ``row`` on it holds instead of the filing ``spell_no``."""
    entry = _open(dossier, law, spell_no, row.from_on)
    if isinstance(entry, Refusal):
        return entry
    end = _end(entry, row.from_on)
    others = tuple(e for e in dossier.filings if e.spell_no != spell_no)
    rest = msgspec.structs.replace(dossier, filings=others)
    begun = filed(rest, law, row, today)
    return begun if isinstance(begun, Refusal) else Plan((end, *begun.changes))
