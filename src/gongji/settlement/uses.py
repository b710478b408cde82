"""What is known about the use of an item, against which its limits of payment (限定支付范围) are held. Pure.

Source: 晋医保办发〔2022〕27号 第十七条, decision A37. At a pharmacy the prescription counts: the level of the institution that
issued it, its diagnoses, and what its doctor confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from gongji.catalog.restrictions import Facts, Restriction, unmet
from gongji.catalog.values import Item
from gongji.encounters.values import FeeLine

__all__ = [
    "CHRONIC_MED_TYPES",
    "EMERGENCY_MED_TYPES",
    "NOTHING_KNOWN",
    "Use",
    "asks_diagnoses",
    "care_of",
    "completed_years",
    "outside_limits",
]

CHRONIC_MED_TYPES: Final = frozenset({"14", "140104", "140201"})
"""med_type of 门诊慢特病."""
EMERGENCY_MED_TYPES: Final = frozenset({"13", "1301"})
"""med_type of 急诊 and 急诊抢救."""
APPROVED: Final = "1"
"""hosp_appr_flag: the institution vouches for the indication."""


class Use(msgspec.Struct, frozen=True):
    """Who uses items where, on one visit."""

    level: str = ""
    sex: str = ""
    age: int | None = None
    care: str = ""
    diagnoses: tuple[str, ...] = ()


NOTHING_KNOWN: Final = Use()


def care_of(med_type: str) -> str:
    """Kind of care that a national med_type is, as the catalogue's limits name it."""
    if med_type in CHRONIC_MED_TYPES:
        return "chronic"
    return "emergency" if med_type in EMERGENCY_MED_TYPES else "outpatient"


def completed_years(born_on: date, on: date) -> int:
    """Age in completed years on the day (周岁)."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def outside_limits(item: Item, line: FeeLine, use: Use) -> tuple[Restriction, ...]:
    """Limits of the item that this line does not meet; almost every item has none."""
    if not item.restrictions:
        return ()
    facts = Facts(
        level=use.level,
        sex=use.sex,
        age=use.age,
        care=use.care,
        days=int(line.days) if line.days.isdigit() else None,
        diagnoses=use.diagnoses,
        confirmed=line.approval == APPROVED,
    )
    return unmet(item.restrictions, facts)


def asks_diagnoses(items: Sequence[Item | None]) -> bool:
    """Whether an item's limits cannot be judged without the visit's diagnoses."""
    return any(
        limit.kind == "indication" and limit.values
        for item in items
        if item is not None
        for limit in item.restrictions
    )
