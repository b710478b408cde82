"""Applications and their decisions (待遇申报): made by an institution, a member or an officer, decided by another officer.

Both are facts. Of several decisions the first stands: whoever decides holds the person's lock, and the table has one row a
declaration. What follows from an approval (``applications.follows``) is written in the same transaction, or nothing is. Family
bindings are applied for and decided in ``members.family``.
"""

from datetime import datetime
from typing import Any, Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.members.applications import (
    APPLICATIONS,
    Application,
    ChronicTerms,
    Private,
    follows,
    text_refusal,
)
from gongji.members.dossier import Dossier
from gongji.members.terms import DECLARATION_STATE
from gongji.members.writing import Act, Outcome, Plan, Written, locked, reason_refusal, write
from gongji.policy import Law

__all__ = [
    "Declaration",
    "Declared",
    "Listed",
    "cancel",
    "decide",
    "declarations_of",
    "declare",
    "find_declaration",
    "open_declarations",
    "private_of",
]

DECLARE = sql("gongji.members", "declare")
DECIDE = sql("gongji.members", "decide")
DECLARATIONS = sql("gongji.members", "declarations")
OPEN = sql("gongji.members", "open_declarations")

OPEN_MAX: Final = 1_000


class Declared(msgspec.Struct, frozen=True):
    """The application was taken."""

    psn_no: str
    declaration_id: int


class Listed(msgspec.Struct, frozen=True):
    """An application of any kind, with its decision; ``content`` is JSON."""

    psn_no: str
    declaration_id: int
    kind: str
    content: str
    sealed: bytes | None
    submitted_by: str
    submitted_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class Declaration(msgspec.Struct, frozen=True):
    """An application that is decided here, with what it says."""

    listed: Listed
    application: Application


async def declare(
    conn: Connection,
    act: Act,
    law: Law,
    vault: Vault,
    psn_no: str,
    application: Application,
    private: Private | None = None,
) -> Declared | Refusal:
    """Take an application; one that could not be approved as things stand is refused at once with the same reason."""
    unfit = reason_refusal(act) or text_refusal(application, private)
    if unfit is not None:
        return unfit
    if act.actor.kind == "member" and act.actor.id != psn_no:
        return Refusal("FORBIDDEN", "由本人申请")
    declaration_id = act.ids.next()
    async with conn.transaction():
        dossier = await locked(conn, psn_no)
        if dossier is None:
            return Refusal("UNKNOWN_MEMBER")
        plan = follows(dossier, law, application, declaration_id, act.today, act.today)
        if isinstance(plan, Refusal):
            return plan
        content = msgspec.json.encode(application).decode()
        sealed = _seal(vault, psn_no, declaration_id, private)
        await conn.execute(
            DECLARE, psn_no, declaration_id, application.kind, content, sealed, str(act.actor), act.at
        )
    return Declared(psn_no, declaration_id)


def _place(psn_no: str, declaration_id: int) -> str:
    return f"members_declaration.sealed:{psn_no}/{declaration_id}"


def _seal(vault: Vault, psn_no: str, declaration_id: int, private: Private | None) -> bytes | None:
    if private is None or private == Private():
        return None
    return vault.seal_bytes(msgspec.json.encode(private), _place(psn_no, declaration_id))


def private_of(vault: Vault, listed: Listed) -> Private:
    """What the application keeps sealed, in clear: whoever shows it records the access (``access.record``)."""
    if listed.sealed is None:
        return Private()
    opened = vault.open_bytes(listed.sealed, _place(listed.psn_no, listed.declaration_id))
    return msgspec.json.decode(opened, type=Private)


async def decide(
    conn: Connection,
    act: Act,
    law: Law,
    psn_no: str,
    declaration_id: int,
    *,
    approve: bool,
    terms: ChronicTerms = ChronicTerms(),  # noqa: B008 (a frozen value)
) -> Outcome:
    """Approve an application, with what follows from it, or refuse it with the act's reason.

    By an officer (FORBIDDEN) who did not make it (SECOND_PERSON_REQUIRED); DECLARATION_DECIDED when somebody was first. What may
    no longer be granted is not approved and stays undecided. A refusal states its reason (TEXT_INVALID).
    """
    if act.actor.kind != "agency":
        return Refusal("FORBIDDEN", "由经办机构复核")
    if not approve and not act.reason.strip():
        return Refusal("TEXT_INVALID", "不予通过须说明原因")
    async with conn.transaction():
        found = await _open(conn, act, psn_no, declaration_id)
        if isinstance(found, Refusal):
            return found
        dossier, declaration = found
        if declaration.listed.submitted_by == str(act.actor):
            return Refusal("SECOND_PERSON_REQUIRED")
        plan: Plan | Refusal = Plan(())
        if approve:
            applied_on = day_in_china(declaration.listed.submitted_at)
            plan = follows(
                dossier, law, declaration.application, declaration_id, applied_on, act.today, terms
            )
        if isinstance(plan, Refusal):
            return plan
        if not await _decided(conn, act, psn_no, declaration_id, "approved" if approve else "refused"):
            return Refusal("DECLARATION_DECIDED")
        if not plan.changes:
            return Written(psn_no, ())
        plan = msgspec.structs.replace(plan, remark=f"申请 {declaration_id}")
        return await write(conn, act, psn_no, plan, dossier.recorded_at)


async def cancel(conn: Connection, act: Act, psn_no: str, declaration_id: int) -> Declared | Refusal:
    """Withdraw an application that nobody has decided; only who made it may (DECLARATION_OF_ANOTHER)."""
    async with conn.transaction():
        found = await _open(conn, act, psn_no, declaration_id)
        if isinstance(found, Refusal):
            return found
        if found[1].listed.submitted_by != str(act.actor):
            return Refusal("DECLARATION_OF_ANOTHER")
        if not await _decided(conn, act, psn_no, declaration_id, "cancelled"):
            return Refusal("DECLARATION_DECIDED")
    return Declared(psn_no, declaration_id)


async def _open(
    conn: Connection, act: Act, psn_no: str, declaration_id: int
) -> tuple[Dossier, Declaration] | Refusal:
    """The locked dossier and the application, when it waits for a decision."""
    unfit = reason_refusal(act)
    if unfit is not None:
        return unfit
    dossier = await locked(conn, psn_no)
    declaration = await find_declaration(conn, psn_no, declaration_id)
    if dossier is None or declaration is None:
        return Refusal("DECLARATION_NOT_FOUND", str(declaration_id))
    if declaration.listed.state != "submitted":
        return Refusal("DECLARATION_DECIDED", DECLARATION_STATE[declaration.listed.state])
    return dossier, declaration


async def _decided(conn: Connection, act: Act, psn_no: str, declaration_id: int, state: str) -> bool:
    row = await conn.fetchval(DECIDE, psn_no, declaration_id, state, str(act.actor), act.at, act.reason)
    return row is not None


async def find_declaration(conn: Connection, psn_no: str, declaration_id: int) -> Declaration | None:
    """An application of the kinds that are decided here."""
    rows = await conn.fetch(DECLARATIONS, psn_no, declaration_id)
    if not rows or rows[0]["kind"] not in APPLICATIONS:
        return None
    listed = _listed(rows[0])
    return Declaration(listed, msgspec.json.decode(listed.content, type=APPLICATIONS[listed.kind]))


async def declarations_of(conn: Connection, psn_no: str) -> tuple[Listed, ...]:
    """The person's applications, oldest first."""
    return tuple(_listed(row) for row in await conn.fetch(DECLARATIONS, psn_no, None))


async def open_declarations(
    conn: Connection, kind: str | None = None, region: str | None = None, limit: int = OPEN_MAX
) -> tuple[Listed, ...]:
    """Applications that wait, oldest first; ``region`` is the beginning of the insured's region code."""
    return tuple(_listed(row) for row in await conn.fetch(OPEN, kind, region, limit))


def _listed(row: Any) -> Listed:
    return Listed(*row.values())
