"""How the register of an institution is changed: lock it, read it, let a pure decision say what changes, write.

Effects of all verbs of the register happen here and nowhere else; one act is one transaction.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar

import asyncpg
import msgspec

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.members.validation import text
from gongji.providers.register import EPC
from gongji.providers.rows import Row, row_of

__all__ = [
    "Act",
    "Change",
    "Entries",
    "Entry",
    "HistoryLine",
    "Written",
    "change",
    "changed",
    "history",
    "read",
]

LINES = sql("gongji.providers", "register_lines")
LAST = sql("gongji.providers", "register_last")
LOCK = sql("gongji.providers", "register_lock")
WRITE = sql("gongji.providers", "register_write")
HISTORY = sql("gongji.providers", "register_history")
KNOWN = sql("gongji.providers", "institution_known")

REASON_MAX: Final = 500
OFFICE: Final = ("agency", "system")
TAKEN: Final = frozenset(
    {"providers_credential_key", "providers_channel_app", "providers_certificate_serial"}
)

R = TypeVar("R", bound=Row)


class Act(msgspec.Struct, frozen=True):
    """Who changes something, when and why."""

    actor: Actor
    at: datetime
    reason: str = ""

    @property
    def today(self) -> date:
        """The day of the act in China."""
        return day_in_china(self.at)


class Entry(msgspec.Struct, Generic[R], frozen=True):
    """A row that is recorded, its number within the part, and the revision that was read."""

    spell_no: int
    revision: int
    row: R


class Change(msgspec.Struct, frozen=True):
    """A row as a verb wants it: ``revision`` 0 is a new one, ``row`` None withdraws it."""

    part: str
    spell_no: int
    revision: int
    row: Row | None


class Entries:
    """The register of one institution as it is recorded, in the parts that were asked for."""

    __slots__ = ("_entries", "_used")

    def __init__(self, lines: Sequence[Any]) -> None:
        self._used: dict[str, int] = {}
        self._entries: list[Entry[Any]] = []
        for line in lines:
            part, spell_no = line["part"], line["spell_no"]
            self._used[part] = max(self._used.get(part, 0), spell_no)
            if line["content"] is not None:
                self._entries.append(Entry(spell_no, line["revision"], row_of(part, line["content"])))

    def of(self, kind: type[R]) -> list[Entry[R]]:
        """The rows of one kind."""
        return [entry for entry in self._entries if isinstance(entry.row, kind)]

    def new(self, row: Row, after: int = 0) -> Change:
        """A row that is not there yet; ``after`` counts the new ones of the same part before it in the same act."""
        return Change(row.part, self._used.get(row.part, 0) + 1 + after, 0, row)


class Written(msgspec.Struct, frozen=True):
    """What was written."""

    code: str
    changes: tuple[Change, ...]


Decision = Callable[[Entries], Sequence[Change] | Refusal]


def changed(entry: Entry[Any], **fields: Any) -> Change:
    """The row with other ``fields``."""
    return Change(
        entry.row.part, entry.spell_no, entry.revision, msgspec.structs.replace(entry.row, **fields)
    )


async def read(conn: Connection, code: str, *parts: str) -> Entries:
    """The register of an institution as it is recorded now."""
    return Entries(await conn.fetch(LINES, code, list(parts)))


async def change(
    conn: Connection,
    act: Act,
    code: str,
    parts: Sequence[str],
    decide: Decision,
    *,
    by_institution: bool = False,
) -> Written | Refusal:
    """One act about one institution's register, in one transaction, by the agency; some also by the institution itself.

    FORBIDDEN; UNKNOWN_INSTITUTION; REGISTER_MOVED_ON, KEY_EXISTS from the database; else what ``decide`` says.
    """
    own = by_institution and act.actor.kind == "institution" and act.actor.id == code
    if act.actor.kind not in OFFICE and not own:
        return Refusal("FORBIDDEN", "由本机构或经办机构办理" if by_institution else "由经办机构办理")
    unfit = text("办理原因", act.reason, REASON_MAX, optional=True)
    if unfit is not None:
        return unfit
    try:
        async with conn.transaction():
            await conn.execute(LOCK, code)
            if code != EPC and not await conn.fetchval(KNOWN, code):
                return Refusal("UNKNOWN_INSTITUTION", code[:20])
            decided = decide(await read(conn, code, *parts))
            if isinstance(decided, Refusal):
                return decided
            await _write(conn, act, code, decided)
            return Written(code, tuple(decided))
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "providers_change_revision":
            return Refusal("REGISTER_MOVED_ON")
        if error.constraint_name in TAKEN:
            return Refusal("KEY_EXISTS")
        raise


async def _write(conn: Connection, act: Act, code: str, changes: Sequence[Change]) -> None:
    """Write what was decided. History never runs backwards: a clock that does is held at the last line."""
    last = await conn.fetchval(LAST, code)
    await conn.execute(
        WRITE,
        code,
        [c.part for c in changes],
        [c.spell_no for c in changes],
        [c.revision for c in changes],
        [None if c.row is None else msgspec.json.encode(c.row).decode() for c in changes],
        act.at if last is None else max(act.at, last),
        str(act.actor),
        act.reason,
    )


class HistoryLine(msgspec.Struct, frozen=True):
    """One line of history; ``row`` None: withdrawn."""

    spell_no: int
    revision: int
    row: Row | None
    recorded_at: datetime
    actor: str
    reason: str


async def history(conn: Connection, code: str, *parts: str) -> list[HistoryLine]:
    """Who changed what and why, oldest first."""
    return [
        HistoryLine(
            line["spell_no"],
            line["revision"],
            None if line["content"] is None else row_of(line["part"], line["content"]),
            line["recorded_at"],
            line["actor"],
            line["reason"],
        )
        for line in await conn.fetch(HISTORY, code, list(parts))
    ]
