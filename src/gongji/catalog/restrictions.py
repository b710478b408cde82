"""What an item of the catalogue is limited to (限定支付范围), and which of its limits a use of it does not meet. Pure.

The limits of an item hold together: each one must be met. What a machine can tell — level of the institution, sex, age, kind of
care, days of supply — it decides alone, and nobody confirms it away; an indication is met by a diagnosis or by the doctor's
confirmation, which is kept (SX2022-27 第十七条, decision A37). Where a prescription does not say sex, age, care or days, they
are not checked; the institution is always known, so an unknown level does not meet a limit of levels.
"""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

__all__ = ["CARE", "KINDS", "SEXES", "Facts", "Kind", "Restriction", "fault", "unmet"]

Kind = Literal["indication", "level", "sex", "age", "care", "days"]

KINDS: Final[dict[Kind, str]] = {
    "indication": "限适应症",
    "level": "限医疗机构级别",
    "sex": "限性别",
    "age": "限年龄",
    "care": "限就诊类型",
    "days": "限支付天数",
}
LEVELS: Final = {"3": "三级", "2": "二级", "1": "一级", "0": "未定级"}
SEXES: Final = {"1": "男", "2": "女"}
CARE: Final = {"outpatient": "门诊", "emergency": "急诊", "inpatient": "住院", "chronic": "门诊慢特病"}
CHOICES: Final = {"level": LEVELS, "sex": SEXES, "care": CARE}
RANGES: Final = frozenset({"age", "days"})
MOST_AGE: Final = 150
MOST_DAYS: Final = 366


class Restriction(msgspec.Struct, frozen=True, omit_defaults=True):
    """One limit. ``values``: prefixes of ICD codes (indication), levels 3 2 1 0, sexes 1 2 (gend), kinds of care; ``low`` and
    ``high``: completed years of age, or days of supply, both inclusive. An indication without ``values`` is only in words.
    """

    kind: Kind
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    text: str = ""


class Facts(msgspec.Struct, frozen=True):
    """What is known about a use. ``diagnoses``: ICD codes; ``confirmed``: the doctor has confirmed the indication."""

    level: str = ""
    sex: str = ""
    age: int | None = None
    care: str = ""
    days: int | None = None
    diagnoses: tuple[str, ...] = ()
    confirmed: bool = False


def unmet(restrictions: Sequence[Restriction], facts: Facts) -> tuple[Restriction, ...]:
    """The limits that the use does not meet, in their order; none of them: within the range of payment."""
    return tuple(limit for limit in restrictions if not _met(limit, facts))


def _met(limit: Restriction, facts: Facts) -> bool:
    match limit.kind:
        case "indication":
            return facts.confirmed or _diagnosed(limit.values, facts.diagnoses)
        case "level":
            return facts.level in limit.values
        case "sex":
            return facts.sex not in SEXES or facts.sex in limit.values
        case "care":
            return facts.care not in CARE or facts.care in limit.values
        case "age":
            return _between(facts.age, limit)
        case "days":
            return _between(facts.days, limit)


def _diagnosed(prefixes: Sequence[str], diagnoses: Sequence[str]) -> bool:
    wanted = tuple(prefix.strip().upper() for prefix in prefixes)
    return any(code.strip().upper().startswith(wanted) for code in diagnoses)


def _between(given: int | None, limit: Restriction) -> bool:
    if given is None:
        return True
    return (limit.low is None or limit.low <= given) and (limit.high is None or given <= limit.high)


def fault(limit: Restriction) -> str | None:
    """Why a limit cannot be one, in Chinese; None for a good one."""
    name = KINDS[limit.kind]
    if limit.kind == "indication":
        if not limit.values and not limit.text:
            return f"{name}须写诊断编码或文字"
        bad = [code for code in limit.values if not (code.isascii() and code[:1].isalpha())]
        return f"{name}的诊断编码 {bad[0]} 不正确" if bad else None
    if limit.kind in RANGES:
        return _range_fault(limit, name)
    choices = CHOICES[limit.kind]
    bad = [value for value in limit.values if value not in choices]
    if bad or not limit.values:
        shown = "、".join(f"{key} {text}" for key, text in choices.items())
        return f"{name}须从这些中选：{shown}"
    return None


def _range_fault(limit: Restriction, name: str) -> str | None:
    most = MOST_AGE if limit.kind == "age" else MOST_DAYS
    ends = [end for end in (limit.low, limit.high) if end is not None]
    if not ends:
        return f"{name}须写下限或上限"
    if any(not 0 <= end <= most for end in ends) or ends != sorted(ends):
        return f"{name}须在 0 至 {most} 之间，下限不大于上限"
    return None
