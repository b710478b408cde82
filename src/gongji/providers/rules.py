"""What the law asks of an institution: conditions and papers, terms, marks, bars. Pure; every number is a parameter of the law.

Conditions are data, each with the article that makes it one: base designation (国家医疗保障局令第2号 第六条, 令第3号), 门诊统筹
(晋医保办发〔2022〕27号 第四条、第十五条, 医保办发〔2023〕4号 二, 晋政办发〔2021〕103号 二(二)), internet hospitals (第五条):
SX2022-27.art4.a, SX2022-27.art4.b, SX2022-27.art6, SX2022-27.art15.a, SX2022-27.art15.b, NHSA2023-4.s2.b, NHSA2023-4.s2.c,
SX2021-103.s2.2.g.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.base.money import div_round
from gongji.base.reasons import REASONS, Refusal
from gongji.base.times import add_months
from gongji.policy import Law
from gongji.policy.calendar import Calendar
from gongji.providers.dossier import Dossier, Panelist, Score
from gongji.providers.values import PHARMACY, STANDING, ProviderDay

__all__ = [
    "CRITERIA",
    "Bar",
    "Condition",
    "bar_of",
    "conditions",
    "count",
    "documents",
    "evaluation_due",
    "grounds_of",
    "listed",
    "mark_of",
    "missing",
    "panel_refusal",
    "return_due",
    "said_exactly",
    "standing_refusal",
    "titles",
]

CONDITIONS: Final[dict[str, tuple[str, ...]]] = {
    "base": ("provider.base_conditions",),
    "pooled": (
        "provider.pooled_commitments",
        "provider.pooled_systems",
        "provider.pooled_management",
        "provider.pooled_process",
        "provider.pooled_settlement",
        "provider.pooled_pharmacy_groups",
        "provider.pooled_pharmacy_quality",
    ),
    "internet": ("provider.internet_conditions", "provider.pooled_systems"),
}
"""Lists of conditions a layer; the first must be in force, the others are asked for where and since a document has them."""
PHARMACIES_ONLY: Final = frozenset({"provider.pooled_pharmacy_groups", "provider.pooled_pharmacy_quality"})
DOCUMENTS: Final = "provider.documents"
UNSTATED: Final = frozenset({"PARAMETER_UNSPECIFIED", "NO_ACTIVE_PARAMETER_VERSION"})
CRITERIA: Final[dict[str, str]] = {
    "qualification": "资质",
    "management": "管理",
    "reputation": "信誉",
    "layout": "布局",
    "information": "信息化与追溯",
}
POINTS: Final = 100
BARS: Final = ("false", "violation", "breach")
YEAR_MONTHS: Final = 12
DAY: Final = timedelta(days=1)


class Condition(msgspec.Struct, frozen=True):
    """Something that must be proved: its code, its Chinese name, and where the law says so."""

    code: str
    title: str
    clause: str
    article: str


class Bar(msgspec.Struct, frozen=True):
    """Until when (last day) neither the institution nor its representative may apply again; None: not barred."""

    until_on: date | None
    representative_until_on: date | None


def count(law: Law, key: str, kind: str, region: str, on: date) -> int | Refusal:
    """A number of the law for a kind of institution on a day."""
    value = law.value(key, region, on, {"kind": kind})
    if isinstance(value, Refusal):
        return value
    assert isinstance(value.raw, int)
    return value.raw


def listed(law: Law, key: str, kind: str, region: str, on: date) -> tuple[Condition, ...] | Refusal:
    """A list of the law with its source."""
    value = law.value(key, region, on, {"kind": kind})
    if isinstance(value, Refusal):
        return value
    assert isinstance(value.raw, tuple)
    names = dict(law.library.vocabulary.parameters[key].choices)
    return tuple(
        Condition(str(code), names.get(str(code), str(code)), value.clause, value.citation)
        for code in value.raw
    )


def grounds_of(law: Law) -> dict[str, str]:
    """Every ground for suspension and termination in words."""
    parameters = law.library.vocabulary.parameters
    keys = ("provider.suspension_grounds", "provider.termination_grounds")
    return {code: title for key in keys for code, title in parameters[key].choices}


def conditions(law: Law, layer: str, kind: str, region: str, on: date) -> tuple[Condition, ...] | Refusal:
    """What must be proved for an agreement of the layer on the day of the application."""
    first, *others = CONDITIONS[layer]
    found = listed(law, first, kind, region, on)
    if isinstance(found, Refusal):
        return found
    wanted = list(found)
    for key in others:
        if key in PHARMACIES_ONLY and kind != PHARMACY:
            continue
        more = listed(law, key, kind, region, on)
        if isinstance(more, Refusal):
            if more.code not in UNSTATED:
                return more
            continue
        wanted += more
    return tuple(wanted)


def documents(law: Law, layer: str, kind: str, region: str, on: date) -> tuple[Condition, ...] | Refusal:
    """Papers that an application for base designation brings along; supplementary agreements bring only their proofs."""
    return listed(law, DOCUMENTS, kind, region, on) if layer == "base" else ()


def missing(law: Law, dossier: Dossier) -> tuple[Condition, ...] | Refusal:
    """Everything that the application still lacks, by the law of the day on which it was received."""
    where = (dossier.layer, dossier.kind, dossier.region, dossier.received_on)
    proofs, papers = conditions(law, *where), documents(law, *where)
    if isinstance(proofs, Refusal):
        return proofs
    if isinstance(papers, Refusal):
        return papers
    proved, handed_in = dossier.conditions, dossier.documents
    return (
        *(one for one in proofs if one.code not in proved),
        *(one for one in papers if one.code not in handed_in),
    )


def titles(wanted: Iterable[Condition]) -> str:
    """Names of conditions in one line."""
    return "、".join(one.title for one in wanted)


def return_due(law: Law, calendar: Calendar, dossier: Dossier) -> date | Refusal:
    """The last day on which missing papers may be told: working days after the latest papers came (decision A24)."""
    days = count(law, "provider.return_working_days", dossier.kind, dossier.region, dossier.received_on)
    return days if isinstance(days, Refusal) else calendar.add_working_days(dossier.received_on, days)


def evaluation_due(law: Law, dossier: Dossier, accepted_on: date) -> date | Refusal:
    """The last day of the evaluation; the time in which the institution completes or rectifies lies before ``accepted_on``."""
    months = count(law, "provider.evaluation_months", dossier.kind, dossier.region, accepted_on)
    return months if isinstance(months, Refusal) else add_months(accepted_on, months)


def panel_refusal(law: Law, dossier: Dossier, panel: Sequence[Panelist], on: date) -> Refusal | None:
    """Whether the panel may evaluate: enough members, an odd number, every profession of the law, nobody with an interest.

    A member is neither the officer who accepted the application nor belongs to the institution.
    """
    least = count(law, "provider.evaluation_panel_min", dossier.kind, dossier.region, on)
    fields = listed(law, "provider.evaluation_fields", dossier.kind, dossier.region, on)
    if isinstance(least, Refusal):
        return least
    if isinstance(fields, Refusal):
        return fields
    names = [" ".join(member.name.split()) for member in panel]
    if len(panel) < least or len(panel) % 2 == 0 or len(set(names)) < len(names) or "" in names:
        return Refusal("PANEL_UNFIT", f"须为单数且不少于 {least} 人，姓名不得重复")
    present = {field for member in panel for field in member.fields}
    lacking = [one for one in fields if one.code not in present]
    if lacking:
        return Refusal("PANEL_UNFIT", f"缺少专业 {titles(lacking)}", lacking[0].clause, lacking[0].article)
    accepted_by = {step.actor.partition(":")[2] for step in dossier.steps_of("accept")}
    application = dossier.application
    own = {dossier.code, dossier.uscc, application.profile.name if application else ""} - {""}
    for name, member in zip(names, panel, strict=True):
        if name in accepted_by or " ".join(member.employer.split()) in own:
            return Refusal("PANEL_CONFLICT", name)
    return None


def mark_of(
    law: Law, dossier: Dossier, panel: Sequence[Panelist], scores: Sequence[Score], on: date
) -> int | Refusal:
    """The panel's mark in hundredths of a point: the mean of its members, criteria weighted by the law, half up.

    Every member scores every criterion once, 0–100 points.
    """
    wanted = {(" ".join(member.name.split()), criterion) for member in panel for criterion in CRITERIA}
    given = [(" ".join(score.member.split()), score.criterion) for score in scores]
    if set(given) != wanted or len(given) != len(wanted):
        return Refusal("SCORES_INCOMPLETE", "每位成员对每个项目各评一次分")
    if any(not 0 <= score.points <= POINTS for score in scores):
        return Refusal("SCORES_INCOMPLETE", f"每项 0 至 {POINTS} 分")
    total = weights = 0
    for criterion in CRITERIA:
        weight = count(law, f"provider.weight_{criterion}", dossier.kind, dossier.region, on)
        if isinstance(weight, Refusal):
            return weight
        weights += weight
        total += weight * sum(score.points for score in scores if score.criterion == criterion)
    if not weights:
        return Refusal("PARAMETER_UNSPECIFIED", "评估权重")
    return div_round(100 * total, len(panel) * weights)


def bar_of(law: Law, kind: str, region: str, ground: str, from_on: date) -> Bar | Refusal:
    """How long nobody may apply again after a termination for ``ground`` (不予受理的情形); not at all for the others."""
    for group in BARS:
        grounds = listed(law, f"provider.bar_{group}_grounds", kind, region, from_on)
        if isinstance(grounds, Refusal):
            return grounds
        if ground not in {one.code for one in grounds}:
            continue
        until = _years(law, f"provider.bar_{group}_years", kind, region, from_on)
        if isinstance(until, Refusal) or group != "violation":
            return until if isinstance(until, Refusal) else Bar(until, None)
        personal = _years(law, "provider.bar_representative_years", kind, region, from_on)
        return personal if isinstance(personal, Refusal) else Bar(until, personal)
    return Bar(None, None)


def _years(law: Law, key: str, kind: str, region: str, from_on: date) -> date | Refusal:
    years = count(law, key, kind, region, from_on)
    return years if isinstance(years, Refusal) else add_months(from_on, YEAR_MONTHS * years) - DAY


def standing_refusal(day: ProviderDay) -> Refusal | None:
    """Why an institution is not designated on a day, as exactly as its history says; None when it is (decision A36)."""
    if day.designated:
        return None
    return Refusal(
        day.lost or "NOT_DESIGNATED",
        f"{day.name}（依托机构 {day.host}）" if day.host and day.suspended else day.name,
    )


def said_exactly(refused: Refusal | None, attributes: Mapping[str, str]) -> Refusal | None:
    """The law's refusal of a place, which also says which decision took its agreement away (decision A36)."""
    lost = attributes.get(STANDING)
    if refused is None or not lost or refused.code not in ("NOT_DESIGNATED", "NOT_POOLED_PROVIDER"):
        return refused
    return msgspec.structs.replace(refused, detail=f"〔{lost}〕{REASONS[lost].text}")
