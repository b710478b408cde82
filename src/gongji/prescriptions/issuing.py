"""What must hold for a prescription to be issued. Pure; answers every problem at once, the gravest kind first.

Identity and benefit type are verified at the visit (SX2022-27 第八条), the doctor has the right, the institution is pooled
on the day, services are ordered apart, restrictions are met or confirmed (A37), quantities keep to the days of the law (A28).

Clauses: NHSA2023-4.s4.2.c.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.catalog.restrictions import KINDS, Facts, Restriction, unmet
from gongji.catalog.values import Item
from gongji.encounters.values import Visit
from gongji.prescriptions.details import Checked
from gongji.prescriptions.limits import Limits, last_instant, number, refused_by, validity_days
from gongji.prescriptions.signed import same_name
from gongji.prescriptions.states import clock_text
from gongji.prescriptions.values import HERBS, Drug, Issue
from gongji.providers.register import StaffDay
from gongji.providers.rules import standing_refusal
from gongji.providers.values import ProviderDay

__all__ = [
    "Situation",
    "all_told",
    "doctor_refusal",
    "drug_problems",
    "marked",
    "open_restrictions",
    "problems",
    "sheet_problems",
]

SKEW: Final = timedelta(minutes=5)
"""How far a hospital's clock may be ahead of the centre's."""
CONFIRMED: Final = "1"
SELF_PAID: Final = "2"
IDENTITY_CLAUSE: Final = "SX2022-27.art8.a"
BENEFIT_CLAUSE: Final = "SX2022-27.art8.b"
APART_CLAUSE: Final = "SX2022-27.art8.c"
INDICATION: Final = Restriction("indication")
"""A restriction that only words state: a diagnosis cannot meet it, the doctor's confirmation can."""


class Situation(msgspec.Struct, frozen=True):
    """What is known beside the sheet. ``items``: the catalogue on the day of issue; ``sex`` and ``age`` of the patient."""

    place: ProviderDay
    visit: Visit | None
    doctor: StaffDay | None
    items: Mapping[str, Item | None]
    limits: Limits
    at: datetime
    sex: str = ""
    age: int | None = None


def all_told(found: Iterable[Refusal]) -> Refusal | None:
    """One refusal that names every problem: the code is the first one's."""
    told = list(found)
    if len(told) < 2:
        return told[0] if told else None
    first, *others = told
    more = "；".join(str(other) for other in others)
    detail = f"{first.detail}；另有 {len(others)} 处：{more}"
    return msgspec.structs.replace(first, detail=detail)


def problems(issue: Issue, now: Situation) -> Iterator[Refusal]:
    """Every reason for which the sheet may not be issued."""
    yield from sheet_problems(issue, now)
    for drug in issue.drugs:
        yield from drug_problems(issue, drug, now)


def sheet_problems(issue: Issue, now: Situation) -> Iterator[Refusal]:
    """Reasons that are the sheet's as a whole: place, visit, doctor, validity, number of drugs, fills."""
    yield from _place(now)
    yield from _visit(issue, now)
    refusal = doctor_refusal(now.doctor, issue.doctor_code, "prescribe")
    if refusal is not None:
        yield refusal
    elif now.doctor is not None and not same_name(now.doctor.name, issue.doctor_name):
        yield Refusal("BAD_FIELD", "prscDrName 与医保医师登记的姓名不一致")
    yield from _sheet(issue, now)
    yield from _fills(issue, now.limits)


def open_restrictions(issue: Issue, drug: Drug, now: Situation) -> tuple[Restriction, ...]:
    """Limits of payment of the drug that nothing on the sheet meets, before any confirmation of the doctor's."""
    item = now.items.get(drug.item)
    return () if item is None else unmet(_restrictions(item), _facts(issue, drug, now, confirmed=False))


def marked(issue: Issue, now: Situation) -> Checked:
    """Items whose restriction the doctor confirmed, and those that are self-paid: kept with the check (A37)."""
    confirmed, self_paid = [], []
    for drug in issue.drugs:
        assert now.items[drug.item] is not None
        open_limits = open_restrictions(issue, drug, now)
        if drug.approval == SELF_PAID or (open_limits and drug.approval != CONFIRMED):
            self_paid.append(drug.item)
        elif open_limits:
            confirmed.append(drug.item)
    return Checked(tuple(confirmed), tuple(self_paid))


def doctor_refusal(doctor: StaffDay | None, code: str, right: str) -> Refusal | None:
    """Why somebody may not prescribe: not registered at the institution, suspended, without the right."""
    if doctor is None:
        return Refusal("DOCTOR_NOT_REGISTERED", code)
    if doctor.suspended:
        return Refusal("DOCTOR_SUSPENDED", f"{doctor.name}（{code}）")
    return None if doctor.may(right) else Refusal("DOCTOR_NO_RIGHT", f"{doctor.name}（{code}）")


def _place(now: Situation) -> Iterator[Refusal]:
    place = now.place
    if place.kind == "pharmacy":
        yield Refusal("FORBIDDEN", "零售药店不能开具处方")
        return
    refusal = standing_refusal(place)
    if refusal is not None:
        yield refusal
    elif not place.pooled_agreement:
        yield Refusal("NOT_POOLED_PROVIDER", place.name)


def _visit(issue: Issue, now: Situation) -> Iterator[Refusal]:
    visit = now.visit
    if visit is None:
        yield Refusal("UNKNOWN_VISIT", str(issue.visit_id))
        return
    if visit.caller != issue.issuer:
        yield Refusal("VISIT_OF_ANOTHER_INSTITUTION", str(issue.visit_id))
        return
    if visit.state != "open":
        yield Refusal("VISIT_CLOSED", str(issue.visit_id))
    if not visit.voucher_type:
        yield Refusal("VISIT_IDENTITY_UNVERIFIED", "", IDENTITY_CLAUSE)
    if visit.med_type != issue.med_type:
        yield Refusal("VISIT_BENEFIT_DIFFERS", f"登记为 {visit.med_type}", BENEFIT_CLAUSE)
    if issue.issued_on < visit.service_on:
        yield Refusal("RX_BEFORE_VISIT", f"就诊 {visit.service_on}")


def _sheet(issue: Issue, now: Situation) -> Iterator[Refusal]:
    limits = now.limits
    if issue.issued_at > now.at + SKEW:
        yield Refusal("RX_ISSUED_IN_FUTURE", clock_text(issue.issued_at))
    last = last_instant(issue.issued_at, validity_days(issue, limits), str(limits.validity_mode.raw))
    if now.at > last:
        yield refused_by("RX_EXPIRED", f"有效至 {clock_text(last)}", limits.valid_days)
    if issue.valid_days > number(limits.valid_days):
        yield refused_by("RX_VALIDITY_TOO_LONG", f"最多 {number(limits.valid_days)} 天", limits.valid_days)
    codes = [drug.item for drug in issue.drugs]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Refusal("RX_DRUG_TWICE", code)
    herbs = sum(drug.item_type == HERBS for drug in issue.drugs)
    if herbs and herbs < len(issue.drugs):
        yield refused_by("RX_HERBS_APART", "", limits.max_drugs)
    if not herbs and len(issue.drugs) > number(limits.max_drugs):
        yield refused_by("RX_TOO_MANY_DRUGS", f"最多 {number(limits.max_drugs)} 种", limits.max_drugs)


def _fills(issue: Issue, limits: Limits) -> Iterator[Refusal]:
    allowed = number(limits.long_refills) if issue.long else 1
    if not 1 <= issue.fills <= allowed:
        yield refused_by("RX_REFILLS_TOO_MANY", f"最多 {allowed} 次", limits.long_refills)
    elif issue.interval_days < 0 or (issue.fills - 1) * issue.interval_days >= number(limits.long_days):
        detail = f"间隔 {issue.interval_days} 天，超过最长用量期限"
        yield refused_by("RX_REFILLS_TOO_MANY", detail, limits.long_days)
    elif issue.fills > 1 and not any(issue.share_e4(item, issue.fills) for item in issue.items):
        yield refused_by("RX_REFILLS_TOO_MANY", "数量不够分", limits.long_refills)
    if issue.long and not issue.long_reason:
        yield refused_by("RX_LONG_REASON_MISSING", "", limits.long_days)


def drug_problems(issue: Issue, drug: Drug, now: Situation) -> Iterator[Refusal]:
    """Reasons that are one drug's: what it is, days of use, where it may not go, restrictions that cannot be confirmed."""
    item = now.items.get(drug.item)
    if item is None:
        yield Refusal("OUT_OF_CATALOGUE", drug.item)
        return
    if item.kind != "drug":
        yield Refusal("RX_NOT_A_DRUG", f"{drug.item} {item.name}", APART_CLAUSE)
        return
    name = f"{drug.item} {item.name}"
    if drug.quantity_e4 <= 0 or drug.days_e2 <= 0:
        yield Refusal("RX_QUANTITY_INVALID", name)
    else:
        yield from _days(issue, drug, name, now.limits)
    yield from _excluded(issue, item, name, now.limits)
    if drug.approval != SELF_PAID:
        limits = unmet(_restrictions(item), _facts(issue, drug, now, confirmed=True))
        if limits and drug.approval == CONFIRMED:
            yield Refusal("RX_RESTRICTION_UNMET", f"{name}：{limits[0].text or KINDS[limits[0].kind]}")


def _days(issue: Issue, drug: Drug, name: str, limits: Limits) -> Iterator[Refusal]:
    """Days of use: 7, 3 for an emergency, more with a reason; long ones 4 weeks, to 12 assessed and confirmed (A28)."""
    if drug.days_e2 > number(limits.long_days) * 100:
        yield refused_by("RX_TOO_LONG", f"{name} 最长 {number(limits.long_days)} 天", limits.long_days)
        return
    if issue.long:
        if drug.days_e2 > number(limits.long_ordinary_days) * 100 and not issue.long_confirmed:
            yield refused_by("RX_LONG_UNCONFIRMED", name, limits.long_ordinary_days)
        return
    usual = limits.emergency_days if issue.emergency else limits.ordinary_days
    if drug.days_e2 > number(usual) * 100 and not issue.quantity_reason:
        yield refused_by("RX_QUANTITY_REASON_MISSING", f"{name} 一般 {number(usual)} 天", usual)


def _excluded(issue: Issue, item: Item, name: str, limits: Limits) -> Iterator[Refusal]:
    """Kinds that may not go to a retail pharmacy, and kinds that may not be prescribed for long."""
    if item.circulation_excluded or (
        item.control and item.control in _listed(limits.circulation_excluded.raw)
    ):
        yield refused_by("RX_EXCLUDED_DRUG", f"{name} 不得流转", limits.circulation_excluded)
    elif issue.long and _kept_from_long(item, _listed(limits.long_excluded.raw)):
        yield refused_by("RX_EXCLUDED_DRUG", f"{name} 不得开具长期处方", limits.long_excluded)


def _kept_from_long(item: Item, excluded: tuple[str, ...]) -> bool:
    return (
        item.long_excluded
        or item.control in excluded
        or (item.antimicrobial and "antimicrobial" in excluded)
        or (item.special_storage and "special_storage" in excluded)
    )


def _listed(raw: object) -> tuple[str, ...]:
    assert isinstance(raw, tuple)
    return raw


def _restrictions(item: Item) -> tuple[Restriction, ...]:
    coded = any(limit.kind == "indication" for limit in item.restrictions)
    wordy = (INDICATION,) if item.restricted and not coded else ()
    return (*item.restrictions, *wordy)


def _facts(issue: Issue, drug: Drug, now: Situation, *, confirmed: bool) -> Facts:
    return Facts(
        level=now.place.level,
        sex=now.sex,
        age=now.age,
        care="emergency" if issue.emergency else "outpatient",
        days=drug.days_e2 // 100,
        diagnoses=tuple(diagnosis.code for diagnosis in issue.private.diagnoses),
        confirmed=confirmed and drug.approval == CONFIRMED,
    )
