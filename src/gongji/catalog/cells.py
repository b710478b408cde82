"""Cells of a catalogue file: a text becomes a value of an item, or a ValueError that says in Chinese what is wrong. Pure.

Values are plain (texts, numbers, lists), as they are kept with a batch; days are ISO texts, prices millionths of a yuan.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from gongji.base.money import parse_decimal
from gongji.base.regions import normalise_region
from gongji.catalog.restrictions import CARE, LEVELS, SEXES, Kind, Restriction, fault

__all__ = [
    "Parse",
    "any_area",
    "choice",
    "day",
    "flag",
    "limit",
    "micro",
    "province",
    "text",
    "validity",
    "whole",
]

Parse = Callable[[str], Any]

YES: Final = frozenset({"是", "1", "Y", "y", "√", "TRUE", "有"})
NO: Final = frozenset({"否", "0", "N", "n", "×", "FALSE", "无", ""})
MOST_MICRO: Final = 10**13
"""Ten million yuan a unit: more is a slip of the hand."""
SEPARATORS: Final = re.compile(r"[、，,；;|\s]+")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_RANGE: Final = re.compile(r"(\d{1,3})?\s*[-~～至—]\s*(\d{1,3})?")
_FROM: Final = re.compile(r"(?:≥|>=)\s*(\d{1,3})|(\d{1,3})\s*(?:岁|天)?(?:及)?以上")
_UP_TO: Final = re.compile(r"(?:≤|<=)\s*(\d{1,3})|(\d{1,3})\s*(?:岁|天)?(?:及)?以下")


def text(most: int) -> Parse:
    """A text of at most ``most`` characters, without line breaks."""

    def parse(given: str) -> str:
        if len(given) > most:
            raise ValueError(f"最多 {most} 个字，现有 {len(given)} 个")
        if not given.isprintable():
            raise ValueError("含有换行或看不见的字符")
        return given

    return parse


def flag(given: str) -> bool:
    """是 or 否; an empty cell is 否."""
    if given in YES:
        return True
    if given in NO:
        return False
    raise ValueError("须写是或否")


def validity(given: str) -> bool:
    """Whether the item goes on (有效) or is taken out of the catalogue (停用); an empty cell: it goes on."""
    if given in YES or given in {"", "有效", "启用"}:
        return True
    if given in NO or given in {"停用", "无效", "作废"}:
        return False
    raise ValueError("须写有效或停用")


def choice(names: Mapping[str, str], *, blank: bool = False) -> Parse:
    """A code of ``names``, written as the code, without its leading zero, or as its name; a name's 类 may be left out."""
    known = {name: code for code, name in names.items()} | {code: code for code in names}
    known |= {name.removesuffix("类"): code for code, name in names.items()}
    known |= {code.removeprefix("0"): code for code in names}

    def parse(given: str) -> str:
        if not given and blank:
            return ""
        if given not in known:
            raise ValueError(f"须写其中之一：{'、'.join(f'{code} {name}' for code, name in names.items())}")
        return known[given]

    return parse


def whole(given: str) -> int:
    """A whole number, 0 for an empty cell."""
    if not given:
        return 0
    if not (given.isascii() and given.isdigit() and len(given) <= 6):
        raise ValueError("须为整数")
    return int(given)


def micro(given: str) -> int:
    """Millionths of a yuan of a price in yuan with at most six decimals."""
    try:
        value = parse_decimal(given, 6)
    except ValueError:
        raise ValueError("须为元，最多六位小数") from None
    if not 0 < value <= MOST_MICRO:
        raise ValueError("价格须大于 0，不超过 10,000,000 元")
    return value


def day(given: str) -> str | None:
    """A day as ISO text; None for an empty cell."""
    if not given:
        return None
    found = _DAY.fullmatch(given)
    try:
        if found is None:
            raise ValueError
        return date(*(int(part) for part in found.groups() if part is not None)).isoformat()
    except ValueError:
        raise ValueError("须写成 2024-05-31") from None


def any_area(given: str) -> str:
    """A code of an area: CN, province, city or county."""
    return normalise_region(given)


def province(given: str) -> str:
    """CN or a province: no city has a payment standard of its own (SX2022-27 第二十一条)."""
    area = normalise_region(given)
    if area != "CN" and len(area) != 2:
        raise ValueError("支付标准全省统一，须写全国（CN）或省级区划")
    return area


def limit(kind: Kind) -> Parse:
    """A limit of payment as a plain object, None for an empty cell."""

    def parse(given: str) -> dict[str, Any] | None:
        if not given:
            return None
        found = _ranged(kind, given) if kind in {"age", "days"} else _listed(kind, given)
        wrong = fault(found)
        if wrong is not None:
            raise ValueError(wrong)
        plain: dict[str, Any] = {"kind": kind}
        if found.values:
            plain["values"] = list(found.values)
        return plain | {
            end: years for end, years in (("low", found.low), ("high", found.high)) if years is not None
        }

    return parse


def _listed(kind: Kind, given: str) -> Restriction:
    names = {"level": LEVELS, "sex": SEXES, "care": CARE}.get(kind, {})
    codes = {name: code for code, name in names.items()}
    words = [word.upper() if kind == "indication" else word for word in SEPARATORS.split(given) if word]
    return Restriction(kind, tuple(dict.fromkeys(codes.get(word, word) for word in words)))


def _ranged(kind: Kind, given: str) -> Restriction:
    if found := _RANGE.fullmatch(given):
        low, high = found.groups()
    elif found := _FROM.fullmatch(given):
        low, high = found[1] or found[2], None
    elif (found := _UP_TO.fullmatch(given)) or (found := re.fullmatch(r"(\d{1,3})()", given)):
        low, high = None, found[1] or found[2]
    else:
        raise ValueError("须写成 18-60、≥18 或 ≤14")
    return Restriction(kind, low=int(low) if low else None, high=int(high) if high else None)
