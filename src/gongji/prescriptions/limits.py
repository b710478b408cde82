"""What the law of the day of issue says of prescriptions, each value with its article; and how long one may be taken.

A missing value is a refusal that names the parameter. Source: 处方管理办法 第十八、十九条, SX2022-27 第十一、十四条,
NHSA2023-4 四（二）, decisions A12, A28.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.times import CHINA, day_in_china
from gongji.policy import Law
from gongji.policy.answers import Value
from gongji.prescriptions.values import Sheet, Term, Terms

__all__ = [
    "Limits",
    "Validity",
    "end_of_day",
    "last_instant",
    "read_limits",
    "read_validity",
    "refused_by",
    "validity_days",
]

INSTANT = timedelta(microseconds=1)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Parameters ``prescription.*`` on one day in one region."""

    valid_days: Value
    validity_mode: Value
    ordinary_days: Value
    emergency_days: Value
    long_days: Value
    long_ordinary_days: Value
    long_refills: Value
    long_excluded: Value
    circulation_excluded: Value
    max_drugs: Value
    split_allowed: Value
    split_reason_required: Value
    same_drug_one_institution: Value

    @property
    def terms(self) -> Terms:
        """What the sheet carries along to those who sell."""
        return Terms(
            split_allowed=_term(self.split_allowed),
            split_reason=_term(self.split_reason_required),
            one_institution=_term(self.same_drug_one_institution),
        )


def read_limits(law: Law, region: str, on: date, allow_draft: bool) -> Limits | Refusal:
    """The limits in ``region`` on the day ``on``; draft law only where that is allowed."""
    found: dict[str, Value] = {}
    for name in Limits.__struct_fields__:
        value = law.value(f"prescription.{name}", region, on)
        if isinstance(value, Refusal):
            return value
        if value.draft and not allow_draft:
            return Refusal("LAW_DRAFT", f"prescription.{name}", value.clause, value.citation)
        found[name] = value
    return Limits(**found)


class Validity(msgspec.Struct, frozen=True):
    """How long the law lets a prescription circulate."""

    days: Value
    mode: Value

    def last(self, issued_at: datetime) -> datetime:
        """The last instant for one that was issued at ``issued_at``."""
        return last_instant(issued_at, number(self.days), str(self.mode.raw))


def read_validity(law: Law, region: str, on: date) -> Validity | Refusal:
    """The validity of prescriptions of the day ``on``."""
    days = law.value("prescription.valid_days", region, on)
    if isinstance(days, Refusal):
        return days
    mode = law.value("prescription.validity_mode", region, on)
    return mode if isinstance(mode, Refusal) else Validity(days, mode)


def number(value: Value) -> int:
    """A count; the library's loader has checked that it is one."""
    assert isinstance(value.raw, int)
    return value.raw


def refused_by(code: str, detail: str, value: Value) -> Refusal:
    """A refusal that cites the article of the limit."""
    return Refusal(code, detail, value.clause, value.citation)


def end_of_day(on: date) -> datetime:
    """The last instant of a day in China."""
    return datetime.combine(on + timedelta(days=1), time(), CHINA) - INSTANT


def validity_days(sheet: Sheet, limits: Limits) -> int:
    """Days of validity: the doctor's, or what the law allows where he says nothing."""
    return sheet.valid_days if sheet.valid_days > 0 else number(limits.valid_days)


def last_instant(issued_at: datetime, days: int, mode: str) -> datetime:
    """The last instant of a validity of ``days``: calendar days with the day of issue as the first (A12), or without it, or full
    periods of 24 hours from the issue."""
    if days < 1:
        raise ValueError("a prescription is valid on its day of issue at least")
    if mode == "hours72":
        return issued_at + timedelta(days=days)
    first = 0 if mode == "calendar_exclusive" else 1
    return end_of_day(day_in_china(issued_at) + timedelta(days=days - first))


def _term(value: Value) -> Term:
    return Term(bool(value.raw), value.clause, value.citation)
