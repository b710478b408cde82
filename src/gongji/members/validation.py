"""Whether what somebody states about a member can be true: texts, numbers, codes, dates. One reason code a mistake.

Pure; every check answers a ``Refusal`` or None, and ``first`` the first of several. Texts are stored as they are and shown as
text, so that markup and SQL in them are harmless; only what cannot be printed is refused. No age is presumed for anything.
"""

import re
from datetime import date
from typing import Final

from gongji.base.codes import is_known
from gongji.base.money import BP_ONE, MAX_FEN
from gongji.base.reasons import Refusal
from gongji.base.regions import normalise_region
from gongji.members.identity import ID_CARD, born_on, gender, is_valid_cert_no

__all__ = [
    "amount",
    "at_least_birth",
    "cert",
    "choice",
    "code",
    "first",
    "not_after",
    "number",
    "ordered",
    "phone",
    "rate",
    "region",
    "text",
]

CERT_MAX: Final = 50
NUMBER_MAX: Final = 64
PHONE: Final = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]")
NUMBER: Final = re.compile(r"[0-9A-Za-z._-]+")
REGION_DIGITS: Final = 6


def first(*checks: Refusal | None) -> Refusal | None:
    """The first refusal of several checks."""
    return next((refusal for refusal in checks if refusal is not None), None)


def text(name: str, given: str, longest: int, *, optional: bool = False) -> Refusal | None:
    """A text that is there, not longer than ``longest`` characters and without control characters."""
    if not given.strip() and not optional:
        return Refusal("TEXT_INVALID", f"{name}不能为空")
    if len(given) > longest:
        return Refusal("TEXT_INVALID", f"{name}超过 {longest} 字")
    if not all(char.isprintable() for char in given):
        return Refusal("TEXT_INVALID", f"{name}含有控制字符")
    return None


def number(name: str, given: str, longest: int = NUMBER_MAX) -> Refusal | None:
    """A number or code made of letters, digits and ``. _ -``."""
    if not given or len(given) > longest or NUMBER.fullmatch(given) is None:
        return Refusal("TEXT_INVALID", f"{name}须由不超过 {longest} 个字母和数字组成")
    return None


def code(field: str, name: str, given: str) -> Refusal | None:
    """A value of the national dictionary ``field``."""
    return None if is_known(field, given) else Refusal("UNKNOWN_CODE", f"{name} {given[:20]!r}")


def choice(name: str, given: str, known: tuple[str, ...]) -> Refusal | None:
    """One of ``known``."""
    return None if given in known else Refusal("UNKNOWN_CODE", f"{name} {given[:20]!r}")


def region(given: str) -> Refusal | None:
    """Six digits that are a place below the nation."""
    try:
        normal = normalise_region(given)
    except ValueError:
        normal = "CN"
    if len(given) != REGION_DIGITS or normal == "CN":
        return Refusal("REGION_INVALID", f"须为 6 位数字：{given[:20]!r}")
    return None


def phone(given: str) -> Refusal | None:
    """Digits with an optional +, blanks and hyphens between them. The detail does not repeat the number."""
    return None if PHONE.fullmatch(given) else Refusal("PHONE_INVALID", "须为 6 至 20 位数字")


def cert(cert_type: str, cert_no: str, sex: str, born: date) -> Refusal | None:
    """A document's number; that of an identity card must agree with itself, the sex and the birth date. Never repeats it."""
    unknown = code("psn_cert_type", "证件类型", cert_type)
    if unknown is not None:
        return unknown
    if cert_type != ID_CARD:
        return (
            Refusal("CERT_INVALID", "号码为空、过长或含有其他字符") if number("", cert_no, CERT_MAX) else None
        )
    if not is_valid_cert_no(cert_no):
        return Refusal("CERT_INVALID", "居民身份证号码的位数、日期或校验码不对")
    if born_on(cert_no) != born:
        return Refusal("CERT_BIRTH_DIFFERS")
    return None if gender(cert_no) == sex else Refusal("CERT_GENDER_DIFFERS")


def ordered(name: str, from_on: date, until_on: date | None) -> Refusal | None:
    """The last day is not before the first."""
    if until_on is not None and until_on < from_on:
        return Refusal("DATE_ORDER", f"{name} {from_on} 至 {until_on}")
    return None


def at_least_birth(name: str, on: date, born: date) -> Refusal | None:
    """Nothing happens to a person before birth."""
    return Refusal("DATE_BEFORE_BIRTH", f"{name} {on} 早于 {born}") if on < born else None


def not_after(name: str, on: date, today: date) -> Refusal | None:
    """What is reported has happened."""
    return Refusal("DATE_IN_FUTURE", f"{name} {on} 晚于 {today}") if on > today else None


def amount(name: str, fen: int | None) -> Refusal | None:
    """No amount at all, or one between nothing and the largest of the system."""
    if fen is None or 0 <= fen <= MAX_FEN:
        return None
    return Refusal("AMOUNT_OUT_OF_RANGE", f"{name} {fen} 分")


def rate(name: str, bp: int | None) -> Refusal | None:
    """No rate at all, or one between nothing and the whole."""
    if bp is None or 0 <= bp <= BP_ONE:
        return None
    return Refusal("AMOUNT_OUT_OF_RANGE", f"{name} 万分之 {bp}")
