"""How one field of a national message becomes a value: the field tables' types, with the tolerances real clients need.

Numbers come as JSON numbers or as strings, empty comes as ``""``, ``null``, ``"null"`` or ``"NULL"``; money never passes
through a float (the decoder hands over the digits as written). A field that cannot be read raises ``BadField``, which
``nodes.read`` turns into a Refusal that names node, field, rule and what came; a personal field never shows its content.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import msgspec

from gongji.base.money import MAX_FEN, parse_decimal
from gongji.base.times import CHINA

EMPTY = ("", "null", "NULL")
SHOWN = 40
"""Characters of a wrong value that an error message repeats."""


class BadField(ValueError):
    """A field's rule is broken. ``code`` is the reason, the text the rule in Chinese."""

    def __init__(self, rule: str, code: str = "BAD_FIELD") -> None:
        super().__init__(rule)
        self.code = code


def is_empty(value: object) -> bool:
    """Whether ``value`` is one of the spellings of "not given" (envelope section 7, 空值)."""
    return value is None or (isinstance(value, str) and value.strip() in EMPTY)


class Text(msgspec.Struct, frozen=True):
    """字符型: text of at most ``length`` characters; a JSON number is taken as its digits. No control characters."""

    length: int
    private: bool = False

    def parse(self, value: object) -> str:
        if isinstance(value, str):
            text = value.strip()
        elif isinstance(value, int) and not isinstance(value, bool):
            text = str(value)
        else:
            raise BadField("须为字符串")
        if len(text) > self.length:
            raise BadField(f"长度不得超过 {self.length} 个字符")
        if not text.isprintable() and any(ord(char) < 32 and char not in "\t\r\n" for char in text):
            raise BadField("不得含有控制字符")
        return text


class Number(msgspec.Struct, frozen=True):
    """数值型: an exact decimal in units of 10^-scale, absolute value below ``limit`` units."""

    scale: int
    limit: int
    private: bool = False

    def parse(self, value: object) -> int:
        units = _units(value, self.scale)
        if not -self.limit < units < self.limit:
            whole = self.limit // 10**self.scale
            raise BadField(f"绝对值须小于 {whole:,}", "AMOUNT_OUT_OF_RANGE")
        return units


def _units(value: object, scale: int) -> int:
    """``value`` in units of 10^-scale, from an int, or from the digits of a number or a string."""
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value * 10**scale)
    if not isinstance(value, str):
        raise BadField("须为数值")
    text = value.strip()
    try:
        if "e" in text or "E" in text:
            return _scientific(text, scale)
        if len(text) > 40:
            raise BadField("须为数值")
        return parse_decimal(text, scale)
    except (ValueError, InvalidOperation):
        raise BadField(f"须为半角数字书写的数值，小数不超过 {scale} 位") from None


def _scientific(text: str, scale: int) -> int:
    """Java prints 10,000,000.0 as 1.0E7; exact, but an exponent out of any sensible range is refused unread."""
    number = Decimal(text)
    if not text.isascii() or not number.is_finite() or abs(number.adjusted()) > 20:
        raise BadField("须为数值")
    scaled = number.scaleb(scale)
    if scaled != scaled.to_integral_value():
        raise BadField(f"小数不超过 {scale} 位")
    return int(scaled)


class Moment(msgspec.Struct, frozen=True):
    """日期时间型 ``yyyy-MM-dd HH:mm:ss``; a bare date means its first second; ``yyyyMMddHHmmss`` is taken too."""

    private: bool = False

    def parse(self, value: object) -> datetime:
        text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
        try:
            if len(text) == 14 and text.isascii() and text.isdigit():
                instant = datetime.fromisoformat(f"{text[:8]}T{text[8:]}")
            else:
                instant = datetime.fromisoformat(text)
        except ValueError:
            raise BadField("须为日期时间 yyyy-MM-dd HH:mm:ss") from None
        if not 1900 <= instant.year <= 2200:
            raise BadField("年份须在 1900 到 2200 之间")
        return instant.replace(tzinfo=CHINA) if instant.tzinfo is None else instant.astimezone(CHINA)


class Day(msgspec.Struct, frozen=True):
    """日期型 ``yyyy-MM-dd``; a time of day after it is dropped."""

    private: bool = False

    def parse(self, value: object) -> date:
        return Moment().parse(value).date()


class Choice(msgspec.Struct, frozen=True):
    """字符型 with a closed list of codes; clients pad one-digit codes with a zero (``vali_flag`` ``01``)."""

    values: tuple[str, ...]
    private: bool = False

    def parse(self, value: object) -> str:
        text = Text(30).parse(value)
        if text in self.values:
            return text
        if text.lstrip("0") in self.values:
            return text.lstrip("0")
        if text.zfill(2) in self.values:
            return text.zfill(2)
        raise BadField(f"须为 {'、'.join(self.values)} 之一", "UNKNOWN_CODE")


class Extension(msgspec.Struct, frozen=True):
    """字段扩展 ``exp_content``: a JSON object, usually written as a string; keys are matched without case."""

    private: bool = True

    def parse(self, value: object) -> Mapping[str, str]:
        content = value
        if isinstance(value, str):
            if len(value) > 4000:
                raise BadField("长度不得超过 4000 个字符")
            try:
                content = msgspec.json.decode(value)
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                raise BadField("须为 JSON 对象") from None
        if not isinstance(content, dict):
            raise BadField("须为 JSON 对象")
        return {
            str(key).upper(): "" if is_empty(part) else str(part).strip() for key, part in content.items()
        }


class Content(msgspec.Struct, frozen=True):
    """A node or a file inside a row: kept as it came."""

    private: bool = True

    def parse(self, value: object) -> object:
        return value


Rule = Text | Number | Moment | Day | Choice | Extension | Content

Text3 = Annotated[str, Text(3)]
Text6 = Annotated[str, Text(6)]
Text10 = Annotated[str, Text(10)]
Text12 = Annotated[str, Text(12)]
Text20 = Annotated[str, Text(20)]
Text30 = Annotated[str, Text(30)]
Text50 = Annotated[str, Text(50)]
Text100 = Annotated[str, Text(100)]
Text150 = Annotated[str, Text(150)]
Text200 = Annotated[str, Text(200)]
Text500 = Annotated[str, Text(500)]
Text1000 = Annotated[str, Text(1000)]
Text2000 = Annotated[str, Text(2000)]
PersonNumber = Annotated[str, Text(30, private=True)]
"""人员编号 ``psn_no``: identifies a person, therefore never repeated in an error text."""
Private50 = Annotated[str, Text(50, private=True)]
Private = Annotated[str, Text(2000, private=True)]
Fen = Annotated[int, Number(2, MAX_FEN)]
"""数值型 16,2 in yuan → int fen."""
PriceMicro = Annotated[int, Number(6, 10**15)]
"""数值型 16,6 in yuan → int millionths of a yuan."""
QuantityE4 = Annotated[int, Number(4, 10**13)]
"""数值型 16,4 → int ten-thousandths."""
Hundredths = Annotated[int, Number(2, 10**6)]
Whole = Annotated[int, Number(0, 10**9)]
DateTime = Annotated[datetime, Moment()]
Date = Annotated[date, Day()]
Exp = Annotated[Mapping[str, str], Extension()]
Raw = Annotated[Any, Content()]

Flag = Annotated[str, Choice(("0", "1"))]
VoucherType = Annotated[str, Choice(("01", "02", "03"))]
"""就诊凭证类型: 01 电子凭证令牌, 02 身份证号, 03 社会保障卡."""
AccountUse = Annotated[str, Choice(("0", "1", "2"))]
"""个人账户使用标志: 0 none, 1 own (then family, decision A18), 2 family accounts only."""
