"""How the members room changes anything: lock the person, read the dossier, let a pure decision say what changes, write.

Effects of all verbs happen here and nowhere else. ``change`` runs one act in one transaction; ``decided`` is the same inside
a transaction that the caller has (an application that is approved together with what follows from it).
"""

from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Final, TypeAlias

import asyncpg
import msgspec

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.members.dossier import Change, Dossier, Line, dossier_of
from gongji.members.validation import text

__all__ = [
    "Act",
    "Outcome",
    "Plan",
    "Written",
    "change",
    "decided",
    "locked",
    "may_act",
    "read",
    "reason_refusal",
    "write",
]

LINES = sql("gongji.members", "lines")
LOCK_PERSON = sql("gongji.members", "lock_person")
WRITE = sql("gongji.members", "write")

ALWAYS: Final = datetime.max.replace(tzinfo=timezone.utc)  # noqa: UP017
"""Later than anything recorded."""
REASON_MAX: Final = 500
OFFICE: Final = ("agency", "system")


class Act(msgspec.Struct, frozen=True):
    """Who changes something, when and why, and where the new identifiers come from."""

    actor: Actor
    at: datetime
    reason: str
    ids: IdSource

    @property
    def today(self) -> date:
        """The day of the act in China."""
        return day_in_china(self.at)


class Plan(msgspec.Struct, frozen=True):
    """What a decision wants written. ``notes`` are told to whoever acts (a deadline missed, a step that has to follow);
    those that the history should keep are in ``remark``, which is added to the act's reason.
    """

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    remark: str = ""


class Written(msgspec.Struct, frozen=True):
    """What was written, and what to tell whoever acted."""

    psn_no: str
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()


Outcome: TypeAlias = Written | Refusal
Decision: TypeAlias = Callable[[Dossier], Plan | Refusal]


async def read(conn: Connection, psn_no: str, known_at: datetime = ALWAYS) -> Dossier | None:
    """The dossier as it was known at an instant; None when nobody of this number was known."""
    rows = await conn.fetch(LINES, psn_no, known_at)
    return dossier_of(psn_no, (Line(*row.values()) for row in rows))


async def locked(conn: Connection, psn_no: str) -> Dossier | None:
    """The dossier as it is now, which nobody else changes until the caller's transaction ends."""
    if await conn.fetchval(LOCK_PERSON, psn_no) is None:
        return None
    return await read(conn, psn_no)


async def write(
    conn: Connection, act: Act, psn_no: str, plan: Plan, not_before: datetime | None = None
) -> Written:
    """Write what was decided. History never runs backwards for a person: a clock that does is held at ``not_before``."""
    changes = plan.changes
    at = max(act.at, not_before) if not_before else act.at
    contents = [None if c.row is None else msgspec.json.encode(c.row).decode() for c in changes]
    reason = "；".join(text for text in (act.reason, plan.remark) if text)
    await conn.execute(
        WRITE,
        psn_no,
        [act.ids.next() for _ in changes],
        [c.part for c in changes],
        [c.spell_no for c in changes],
        [c.revision for c in changes],
        contents,
        at,
        str(act.actor),
        reason,
    )
    return Written(psn_no, changes, plan.notes)


async def decided(conn: Connection, act: Act, psn_no: str, decide: Decision) -> Outcome:
    """``change`` within the caller's transaction; after a refusal nothing was written."""
    unfit = reason_refusal(act)
    if unfit is not None:
        return unfit
    dossier = await locked(conn, psn_no)
    if dossier is None:
        return Refusal("UNKNOWN_MEMBER")
    plan = decide(dossier)
    if isinstance(plan, Refusal):
        return plan
    return await write(conn, act, psn_no, plan, dossier.recorded_at)


async def change(
    conn: Connection, act: Act, psn_no: str, decide: Decision, *, by_member: bool = False
) -> Outcome:
    """One act about one person, in one transaction, by the agency; some also by the member (``by_member``), for himself only.

    FORBIDDEN; UNKNOWN_MEMBER; MEMBER_MOVED_ON when somebody who does not wait for locks wrote meanwhile; else what ``decide`` says.
    """
    if not may_act(act.actor, psn_no, by_member=by_member):
        return Refusal("FORBIDDEN", "由本人或经办机构办理" if by_member else "由经办机构办理")
    try:
        async with conn.transaction():
            return await decided(conn, act, psn_no, decide)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "members_change_revision":
            raise
        return Refusal("MEMBER_MOVED_ON")


def may_act(actor: Actor, psn_no: str, *, by_member: bool = False) -> bool:
    """Whether ``actor`` may change the dossier: the agency, the system, and the member where it is his own affair."""
    return actor.kind in OFFICE or (by_member and actor.kind == "member" and actor.id == psn_no)


def reason_refusal(act: Act) -> Refusal | None:
    """A reason that is no text for a fact."""
    return text("办理原因", act.reason, REASON_MAX, optional=True)
