"""Reading single fields of a case file: every mistake is a CaseError that names file, case and step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

from gongji.base.money import MAX_FEN, format_percent, parse_decimal, parse_percent, parse_yuan
from gongji.cases.form import CaseError
from gongji.cases.tree import Map

_IDLE_SPACE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
FIRST_YEAR, LAST_YEAR = 1900, 2199
TRUE, FALSE = ("true", "True", "yes", "是"), ("false", "False", "no", "否")


class Place:
    """Where in a file we are; ``fail`` raises with it."""

    def __init__(self, path: str, case: str = "", step: int | None = None) -> None:
        self.path, self.case, self.step = path, case, step

    def of_case(self, case: str) -> Place:
        """The place of a case in this file."""
        return Place(self.path, case)

    def of_step(self, step: int) -> Place:
        """The place of a step in this case."""
        return Place(self.path, self.case, step)

    def __str__(self) -> str:
        case = f"：案例 {self.case}" if self.case else ""
        return f"{self.path}{case}" + (f" 第 {self.step} 步" if self.step is not None else "")

    def fail(self, text: str, item: Any = None) -> NoReturn:
        """Raise a CaseError about this place (and the line of ``item`` when it knows one)."""
        line = f"（第 {item.line} 行起）" if isinstance(item, Map) and item.line else ""
        raise CaseError(f"{self}{line}：{_IDLE_SPACE.sub('', text)}")

    def mapping(self, value: Any, what: str, allowed: Iterable[str] | None = None) -> Map:
        """``value`` as a mapping whose keys are all in ``allowed``; None counts as empty."""
        if value is None:
            return Map()
        if not isinstance(value, Map):
            self.fail(f"{what} 应是键值对")
        if allowed is not None:
            known = tuple(allowed)
            for key in value:
                if key not in known:
                    self.fail(f"{what} 里没有“{key}”这个名称；可用的有：{'、'.join(known)}", value)
        return value

    def items(self, value: Any, what: str) -> list[Any]:
        """``value`` as a list; None counts as empty."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(f"{what} 应是列表")
        return value

    def text(self, value: Any, what: str, default: str | None = None) -> str:
        """``value`` as text; without a default it must be there."""
        if value is None:
            if default is None:
                self.fail(f"缺少{what}")
            return default
        if not isinstance(value, str):
            self.fail(f"{what} 应是一个值")
        return value

    def texts(self, value: Any, what: str) -> tuple[str, ...]:
        """``value`` as a list of texts."""
        return tuple(self.text(item, what) for item in self.items(value, what))

    def word(self, value: Any, what: str, words: Iterable[str]) -> str:
        """``value`` as one of ``words``."""
        text = self.text(value, what)
        if text not in words:
            self.fail(f"{what}“{text}”不认识；可用的有：{'、'.join(words)}")
        return text

    def yes_no(self, value: Any, what: str) -> bool:
        """``value`` as true or false."""
        text = self.text(value, what)
        if text not in TRUE + FALSE:
            self.fail(f"{what} 应写 true 或 false，现在是“{text}”")
        return text in TRUE

    def money(self, value: Any, what: str) -> int:
        """Fen of yuan with at most two decimals."""
        try:
            fen = parse_yuan(self.text(value, what))
        except ValueError as error:
            self.fail(f"{what} 不是金额：{error}")
        if abs(fen) > MAX_FEN:
            self.fail(f"{what} 超出范围：{value} 元")
        return fen

    def decimal(self, value: Any, what: str, scale: int) -> int:
        """Integer of a decimal in units of 10^-scale."""
        try:
            return parse_decimal(self.text(value, what), scale)
        except ValueError as error:
            self.fail(f"{what} 不是数值：{error}")

    def ratio(self, value: Any, what: str) -> int:
        """Basis points of ``0.65`` or ``65%``, between 0 and 1."""
        text = self.text(value, what)
        try:
            bp = parse_percent(text) if text.endswith("%") else parse_decimal(text, 4)
        except ValueError as error:
            self.fail(f"{what} 不是比例：{error}")
        if not 0 <= bp <= 10_000:
            self.fail(f"{what} 应在 0 和 1 之间：{format_percent(bp)}")
        return bp

    def number(self, value: Any, what: str) -> int:
        """A whole number, not negative."""
        text = self.text(value, what)
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            self.fail(f"{what} 应是整数：{text}")
        return int(text)

    def day(self, value: Any, what: str) -> date:
        """A date written 2024-08-15."""
        text = self.text(value, what)
        try:
            on = date.fromisoformat(text)
        except ValueError:
            self.fail(f"{what} 应写成 2024-08-15 的形式，现在是“{text}”")
        if not FIRST_YEAR <= on.year <= LAST_YEAR:
            self.fail(f"{what} 应在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间：{text}")
        return on
