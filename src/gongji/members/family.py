"""Family mutual aid (家庭共济): who may use whose account, from when to when, and in which order (A18, A19).

The owner applies with the user's relation and its proof, an officer who did not apply approves; the first decision stands. What may
be bound is said by ``family_rules``. A binding ends by the owner's revocation from a day on: what was paid before stays.
Bindings are spells of the user, numbered in the order in which the accounts are used; another order begins on a day, as new spells.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection, sql
from gongji.members.family_reading import applications, bindings_of_owner, bindings_of_user
from gongji.members.family_rules import (
    PROOFS,
    RELATIONS,
    Application,
    Binding,
    FamilyRequest,
    allowed_relations,
    check_request,
)
from gongji.members.selectors import standings
from gongji.members.terms import DECLARATION_STATE
from gongji.policy import Law

__all__ = [
    "PROOFS",
    "RELATIONS",
    "Application",
    "Binding",
    "FamilyRequest",
    "allowed_relations",
    "applications",
    "apply",
    "bindings_of_owner",
    "bindings_of_user",
    "check_request",
    "decide",
    "reorder",
    "revoke",
    "withdraw",
]

DECLARE = sql("gongji.members", "declare")
DECIDE = sql("gongji.members", "decide")
NEXT_SPELL = sql("gongji.members", "family_next_spell")
LOCK_PERSON = sql("gongji.members", "lock_person")
WRITE = "SELECT members_write($1, $2, $3, $4, $5, $6, $7, $8, $9)"

DAY: Final = timedelta(days=1)


async def apply(
    conn: Connection,
    law: Law,
    request: FamilyRequest,
    *,
    account_state: str | None,
    declaration_id: int,
    actor: Actor,
    at: datetime,
    on: date,
    backdated: bool = False,
) -> Refusal | None:
    """Record the owner's application; only the owner, or an officer at the counter, may make it.

    ``account_state`` is that of the owner's account, which a room above knows; ``on`` the day in China. Another one for the same
    user that nobody has decided yet is enough (DECLARATION_PENDING).
    """
    if actor.kind != "agency" and (actor.kind != "member" or actor.id != request.owner):
        return Refusal("FORBIDDEN", "共济绑定由账户所有人申请")
    if backdated and actor.kind != "agency":
        return Refusal("FORBIDDEN", "提前起始日期由经办人员办理")
    async with conn.transaction():
        await _lock(conn, request.owner, request.user)
        refusal = await _refusal(conn, law, request, account_state, on, backdated)
        refusal = refusal or await _pending(conn, request)
        if refusal is None:
            content = msgspec.json.encode(request).decode()
            await conn.execute(
                DECLARE, request.owner, declaration_id, "family", content, None, str(actor), at
            )
    return refusal


async def _pending(conn: Connection, request: FamilyRequest) -> Refusal | None:
    waiting = [one for one in await applications(conn, request.owner) if one.state == "submitted"]
    same = next((one for one in waiting if one.request.user == request.user), None)
    return Refusal("DECLARATION_PENDING", str(same.declaration_id)) if same is not None else None


async def _refusal(
    conn: Connection, law: Law, request: FamilyRequest, account_state: str | None, on: date, backdated: bool
) -> Refusal | None:
    begins = max(on, request.from_on)
    persons = await standings(conn, [(request.owner, begins), (request.user, begins)])
    everyone = [
        *await bindings_of_owner(conn, request.owner),
        *await bindings_of_user(conn, request.owner),
        *await bindings_of_user(conn, request.user),
        *await bindings_of_owner(conn, request.user),
    ]
    return check_request(
        law,
        request,
        owner=persons.get((request.owner, begins)),
        user=persons.get((request.user, begins)),
        account_state=account_state,
        bindings=everyone,
        on=on,
        backdated=backdated,
    )


async def decide(
    conn: Connection,
    law: Law,
    owner: str,
    declaration_id: int,
    *,
    approve: bool,
    reason: str,
    account_state: str | None,
    change_id: int,
    actor: Actor,
    at: datetime,
    on: date,
) -> Refusal | None:
    """Approve an application, which binds, or refuse it. Of two decisions at one moment the first stands.

    The officer is another one than who applied (SECOND_PERSON_REQUIRED). What may no longer be bound is not approved and
    stays undecided. The days are those applied for, also when the decision comes later.
    """
    if actor.kind != "agency":
        return Refusal("FORBIDDEN", "由经办机构复核")
    async with conn.transaction():
        found = await applications(conn, owner, declaration_id)
        if not found:
            return Refusal("DECLARATION_NOT_FOUND", str(declaration_id))
        if found[0].submitted_by == str(actor):
            return Refusal("SECOND_PERSON_REQUIRED")
        request = found[0].request
        await _lock(conn, request.owner, request.user)
        (current,) = await applications(
            conn, owner, declaration_id
        )  # somebody may have decided while we waited
        if current.state != "submitted":
            return Refusal("DECLARATION_DECIDED", DECLARATION_STATE[current.state])
        if approve:
            refusal = await _refusal(conn, law, request, account_state, on, backdated=True)
            if refusal is not None:
                return refusal
        state = "approved" if approve else "refused"
        if await conn.fetchval(DECIDE, owner, declaration_id, state, str(actor), at, reason) is None:
            return Refusal("DECLARATION_DECIDED")
        if approve:
            spell_no = await conn.fetchval(NEXT_SPELL, request.user)
            new = Binding(
                request.user,
                spell_no,
                request.from_on,
                request.until_on,
                owner,
                request.relation,
                declaration_id,
                0,
            )
            await _write(
                conn, request.user, [(new, True)], lambda: change_id, actor, at, reason or "家庭共济绑定"
            )
    return None


async def withdraw(
    conn: Connection, owner: str, declaration_id: int, *, actor: Actor, at: datetime
) -> Refusal | None:
    """Take back an application that nobody has decided; only who made it may (DECLARATION_OF_ANOTHER)."""
    async with conn.transaction():
        await _lock(conn, owner)
        found = await applications(conn, owner, declaration_id)
        if not found:
            return Refusal("DECLARATION_NOT_FOUND", str(declaration_id))
        if found[0].submitted_by != str(actor):
            return Refusal("DECLARATION_OF_ANOTHER")
        if (
            await conn.fetchval(DECIDE, owner, declaration_id, "cancelled", str(actor), at, "申请人撤回")
            is None
        ):
            return Refusal("DECLARATION_DECIDED", DECLARATION_STATE[found[0].state])
    return None


async def revoke(
    conn: Connection,
    owner: str,
    user: str,
    from_on: date,
    *,
    new_id: Callable[[], int],
    actor: Actor,
    at: datetime,
    on: date,
    reason: str = "解除家庭共济",
) -> Refusal | None:
    """End the use of the owner's account by ``user`` from the day ``from_on`` on; what was paid until then stays.

    By the owner or an officer; not for days that have passed.
    """
    if actor.kind != "agency" and (actor.kind != "member" or actor.id != owner):
        return Refusal("FORBIDDEN", "由账户所有人解除")
    if from_on < on:
        return Refusal("FAMILY_BACKDATED", f"{from_on} 早于 {on}")
    async with conn.transaction():
        await _lock(conn, owner, user)
        mine = [one for one in await bindings_of_user(conn, user) if one.owner == owner]
        ending = [one for one in mine if one.meets(from_on, None)]
        if not ending:
            return Refusal("FAMILY_NOT_BOUND", f"{user} 自 {from_on} 起没有绑定")
        await _write(conn, user, [_ended(one, from_on) for one in ending], new_id, actor, at, reason)
    return None


async def reorder(
    conn: Connection,
    user: str,
    owners: Sequence[str],
    from_on: date,
    *,
    new_id: Callable[[], int],
    actor: Actor,
    at: datetime,
    on: date,
) -> Refusal | None:
    """From ``from_on`` on the accounts pay in the order of ``owners``, which names every owner bound on that day, once (A18).

    By the user or an officer. The bindings of that day end the day before and begin anew in the new order.
    """
    if actor.kind != "agency" and (actor.kind != "member" or actor.id != user):
        return Refusal("FORBIDDEN", "支付顺序由使用人设定")
    if from_on < on:
        return Refusal("FAMILY_BACKDATED", f"{from_on} 早于 {on}")
    async with conn.transaction():
        await _lock(conn, user)
        held = {one.owner: one for one in await bindings_of_user(conn, user) if one.meets(from_on, from_on)}
        if sorted(owners) != sorted(held):
            return Refusal("FAMILY_ORDER_INVALID", "、".join(held))
        first = await conn.fetchval(NEXT_SPELL, user)
        changes = [_ended(one, from_on) for one in held.values()]
        for position, owner in enumerate(owners):
            anew = msgspec.structs.replace(
                held[owner], spell_no=first + position, from_on=from_on, revision=0
            )
            changes.append((anew, True))
        await _write(conn, user, changes, new_id, actor, at, "变更共济支付顺序")
    return None


async def _lock(conn: Connection, *psn_nos: str) -> None:
    """Bindings of these persons change one after the other; always in the order of their numbers, so nobody waits in a circle."""
    for psn_no in sorted(psn_nos):
        await conn.fetchval(LOCK_PERSON, psn_no)


def _ended(binding: Binding, from_on: date) -> tuple[Binding, bool]:
    """The binding as it is when it ends before ``from_on``, and whether anything of it is left."""
    return msgspec.structs.replace(binding, until_on=from_on - DAY), binding.from_on < from_on


async def _write(
    conn: Connection,
    user: str,
    changes: Sequence[tuple[Binding, bool]],
    new_id: Callable[[], int],
    actor: Actor,
    at: datetime,
    reason: str,
) -> None:
    await conn.execute(
        WRITE,
        user,
        [new_id() for _ in changes],
        ["family"] * len(changes),
        [one.spell_no for one, _ in changes],
        [one.revision for one, _ in changes],
        [_content(one) if left else None for one, left in changes],
        at,
        str(actor),
        reason,
    )


def _content(binding: Binding) -> str:
    keys = ("from_on", "until_on", "owner", "relation", "declaration_id")
    return msgspec.json.encode({key: getattr(binding, key) for key in keys}).decode()
