"""Which days are working days, and which day a term of working days ends on (decision A24).

A year has working days only as the State Council's notice arranges them (国务院办公厅关于部分节假日安排的通知): weekends are
free but for make-up days, its holidays are free. A year whose notice is not in the table is a ``Refusal``
(CALENDAR_YEAR_MISSING), never a guess. Pure but for reading the files, which is done once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.policy.fields import Scope
from gongji.policy.model import LibraryError, Problem
from gongji.policy.yamltree import Node, parse_file

__all__ = [
    "Calendar",
    "Holiday",
    "YearTable",
    "calendar_files",
    "calendar_of",
    "load_calendar",
    "working_calendar",
]

_FOLDER: Final = Path(__file__).parent / "library" / "calendar"
_SATURDAY: Final = 5
_LONGEST: Final = 60
"""Days that one holiday may span; more is a slip of the pen."""
_DAY: Final = timedelta(days=1)


class Holiday(msgspec.Struct, frozen=True):
    """One paragraph of a notice: free from ``from_on`` to ``until_on`` (inclusive), and the weekend days worked for it."""

    name: str
    from_on: date
    until_on: date
    work: tuple[date, ...] = ()


class YearTable(msgspec.Struct, frozen=True):
    """The arrangement of one calendar year, with the number of its notice."""

    year: int
    notice: str
    title: str
    issued_on: date
    holidays: tuple[Holiday, ...]


class Calendar:
    """Working days of the years in ``tables``. A date outside them is a Refusal that names the year."""

    __slots__ = ("_off", "_work", "tables")

    def __init__(self, tables: Iterable[YearTable]) -> None:
        self.tables: Mapping[int, YearTable] = {table.year: table for table in tables}
        holidays = [holiday for table in self.tables.values() for holiday in table.holidays]
        self._off = frozenset(day for one in holidays for day in _days(one.from_on, one.until_on))
        self._work = frozenset(day for one in holidays for day in one.work)

    def is_working_day(self, on: date) -> bool | Refusal:
        """Whether offices are open on ``on``."""
        return self._missing(on) or self._works(on)

    def add_working_days(self, received_on: date, count: int) -> date | Refusal:
        """The last day of a term of ``count`` working days; day 1 is the working day after receipt (民法典 第二百零一条).

        ``count`` 0 is the day of receipt itself. Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("a term of working days is not negative")
        on, left = received_on, count
        while left:
            if on == date.max:
                return Refusal("CALENDAR_YEAR_MISSING", "9999 年以后")
            on += _DAY
            if (missing := self._missing(on)) is not None:
                return missing
            left -= self._works(on)
        return on

    def working_days_between(self, from_on: date, until_on: date) -> int | Refusal:
        """Working days after ``from_on`` up to and including ``until_on``; negative when ``until_on`` lies before.

        The inverse of ``add_working_days`` for the days on which it ends.
        """
        if until_on < from_on:
            back = self.working_days_between(until_on, from_on)
            return back if isinstance(back, Refusal) else -back
        worked = 0
        for on in _days(from_on + _DAY, until_on):
            if (missing := self._missing(on)) is not None:
                return missing
            worked += self._works(on)
        return worked

    def _works(self, on: date) -> bool:
        return on in self._work or (on.weekday() < _SATURDAY and on not in self._off)

    def _missing(self, on: date) -> Refusal | None:
        if on.year in self.tables:
            return None
        known = "、".join(str(year) for year in sorted(self.tables)) or "无"
        return Refusal("CALENDAR_YEAR_MISSING", f"{on.year} 年（已有 {known} 年）")


def _days(from_on: date, until_on: date) -> Iterable[date]:
    return (from_on + timedelta(days=number) for number in range((until_on - from_on).days + 1))


def calendar_files() -> tuple[Path, ...]:
    """The years that come with the project."""
    return tuple(sorted(_FOLDER.glob("*.yaml")))


@cache
def working_calendar() -> Calendar:
    """The calendar of the project's own files, read once."""
    return load_calendar()


@cache
def calendar_of(names: str) -> Calendar:
    """The project's years and those of the files ``names`` (GONGJI_CALENDAR: separated as in PATH), read once.

    Raises LibraryError as ``load_calendar`` does.
    """
    return load_calendar([Path(name) for name in names.split(os.pathsep) if name])


def load_calendar(extra: Iterable[Path] = ()) -> Calendar:
    """The project's years and those of ``extra`` files, which replace a year of the same number.

    Raises LibraryError with every problem found: unknown keys, days that are no days, a make-up day that is no weekend day.
    """
    problems: list[Problem] = []
    tables = [_read(path, problems) for path in (*calendar_files(), *extra)]
    if problems:
        raise LibraryError(tuple(problems))
    return Calendar(table for table in tables if table is not None)


def _read(path: Path, problems: list[Problem]) -> YearTable | None:
    tree = parse_file(path, path.name, problems)
    if tree is None:
        return None
    scope = Scope(path.name, problems)
    fields = scope.fields(tree, "日历", "title", "year notice issued_on holidays")
    year = scope.count(fields.get("year"), "year")
    issued_on = scope.day(fields.get("issued_on"), "issued_on")
    holidays = [_holiday(scope, node, year) for node in scope.children(fields.get("holidays"), "holidays")]
    known = tuple(holiday for holiday in holidays if holiday is not None)
    notice = scope.text(fields.get("notice"), "notice")
    if not notice or not known:
        scope.problem(f"{year} 年的日历须写明通知文号和放假安排", tree)
    if issued_on is None or problems:
        return None
    return YearTable(year, notice, scope.text(fields.get("title"), "title"), issued_on, known)


def _holiday(scope: Scope, node: Node, year: int) -> Holiday | None:
    fields = scope.fields(node, "放假安排", "work", "name off")
    name = scope.text(fields.get("name"), "name")
    off = [scope.day(child, name) for child in scope.children(fields.get("off"), name)]
    work = [scope.day(child, name) for child in scope.children(fields.get("work"), name)]
    if len(off) != 2 or None in off or None in work:
        scope.problem(f"{name} 的 off 须写放假的第一天和最后一天", node)
        return None
    first, last = off
    assert first is not None
    assert last is not None
    made_up = tuple(day for day in work if day is not None)
    if not 0 <= (last - first).days < _LONGEST or year not in (first.year, last.year):
        scope.problem(f"{name} 的放假日期 {first} 至 {last} 不对", node)
    for day in made_up:
        if day.weekday() < _SATURDAY or day.year != year or first <= day <= last:
            scope.problem(f"{name} 的调休上班日 {day} 须是 {year} 年放假期间以外的周末", node)
    return Holiday(name, first, last, made_up)
