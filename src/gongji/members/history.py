"""What was known when (已知时间): a person's state on any day, seen from any instant, and every change with who, when and why.

History is the fold of append-only lines (``dossier.dossier_of``); the tables are its latest state. A correction of the past
changes what is answered for the past from the instant on at which it was recorded, and nothing before that.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.members.dossier import records_of, row_of
from gongji.members.rows import Row
from gongji.members.rules import standing_on
from gongji.members.values import LateMonth, Records, Standing
from gongji.members.writing import read

__all__ = [
    "Difference",
    "Field",
    "Recorded",
    "before_death",
    "changes_of",
    "differences",
    "known_records",
    "standing_known",
]

LATE_MONTHS = sql("gongji.members", "late_months_known")
CHANGES = sql("gongji.members", "changes")
DIFFERENCES = sql("gongji.members", "differences")

HIDDEN: Final = "已加密"
SEALED: Final = frozenset({"cert_sealed", "cert_index", "phone_sealed", "phone_index"})
DIFFERENCES_MAX: Final = 1_000


class Field(msgspec.Struct, frozen=True):
    """One column that a change gave another value; None where there was none. Personal data are only said to differ."""

    name: str
    old: str | None
    new: str | None


class Recorded(msgspec.Struct, frozen=True):
    """One line of history: ``row`` as it was left, None when it was withdrawn, and what became different."""

    part: str
    spell_no: int
    revision: int
    row: Row | None
    fields: tuple[Field, ...]
    recorded_at: datetime
    actor: str
    reason: str


class Difference(msgspec.Struct, frozen=True):
    """A row that its history does not account for (``unaccounted``), lost (``missing``) or left otherwise (``different``)."""

    psn_no: str
    part: str
    key: str
    difference: str


async def known_records(conn: Connection, psn_no: str, known_at: datetime) -> Records | None:
    """Everything dated about the person as it was known at ``known_at``; None when nobody of this number was known."""
    dossier = await read(conn, psn_no, known_at)
    if dossier is None:
        return None
    late = tuple(LateMonth(*row.values()) for row in await conn.fetch(LATE_MONTHS, psn_no, known_at))
    return records_of(dossier, late)


async def standing_known(conn: Connection, psn_no: str, on: date, known_at: datetime) -> Standing | None:
    """What held on the day ``on``, as it was known at ``known_at``."""
    records = await known_records(conn, psn_no, known_at)
    if records is None:
        return None
    return standing_on(records, on, day_in_china(known_at))


async def changes_of(conn: Connection, psn_no: str) -> tuple[Recorded, ...]:
    """Who changed what when and why, in the order of recording."""
    return _recorded(await conn.fetch(CHANGES, psn_no))


def _recorded(rows: Iterable[Any]) -> tuple[Recorded, ...]:
    before: dict[tuple[str, int], Row | None] = {}
    told = []
    for part, spell_no, revision, content, recorded_at, actor, reason in rows:
        row = row_of(part, content) if content is not None else None
        fields = _fields(before.get((part, spell_no)), row)
        before[part, spell_no] = row
        told.append(Recorded(part, spell_no, revision, row, fields, recorded_at, actor, reason))
    return tuple(told)


def _fields(old: Row | None, new: Row | None) -> tuple[Field, ...]:
    row = new or old
    names = row.__struct_fields__ if row is not None else ()
    pairs = ((name, getattr(old, name, None), getattr(new, name, None)) for name in names)
    return tuple(Field(name, _said(name, a), _said(name, b)) for name, a, b in pairs if a != b)


def _said(name: str, value: object) -> str | None:
    if value is None:
        return None
    return HIDDEN if name in SEALED else str(value)


def before_death(told: Iterable[Recorded]) -> dict[tuple[str, int], Row]:
    """The rows that the latest record of a death changed, as they had been; ``told`` is in the order of recording."""
    rows: dict[tuple[str, int], Row] = {}
    found: dict[tuple[str, int], Row] = {}
    death: tuple[datetime, str] | None = None
    for one in told:
        key, died = (one.part, one.spell_no), any(f.name == "died_on" and f.new for f in one.fields)
        if died:
            death, found = (one.recorded_at, one.reason), {}
        if death == (one.recorded_at, one.reason) and key in rows:
            found.setdefault(key, rows[key])
        if one.row is not None:
            rows[key] = one.row
    return found


async def differences(conn: Connection, limit: int = DIFFERENCES_MAX) -> tuple[Difference, ...]:
    """Rows of the tables that history does not add up to; none may exist (``gongji verify``)."""
    return tuple(Difference(*row.values()) for row in await conn.fetch(DIFFERENCES, limit))
