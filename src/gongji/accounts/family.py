"""Family mutual aid from the side of the account (家庭共济): the members room's verbs, told how the owner's account stands."""

from collections.abc import Sequence
from datetime import date

from gongji.accounts.selectors import account_state
from gongji.accounts.values import Office
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.members import family
from gongji.members.family import FamilyRequest

__all__ = ["apply_binding", "decide_binding", "reorder_accounts", "revoke_binding", "withdraw_application"]


async def apply_binding(
    conn: Connection, office: Office, request: FamilyRequest, *, backdated: bool = False
) -> int | Refusal:
    """Record an owner's application and answer its number; reasons as ``members.family_rules.check_request`` gives them."""
    declaration_id = office.ids.next()
    refusal = await family.apply(
        conn, office.law, request,
        account_state=await account_state(conn, request.owner), declaration_id=declaration_id,
        actor=office.actor, at=office.at, on=office.on, backdated=backdated,
    )  # fmt: skip
    return declaration_id if refusal is None else refusal


async def withdraw_application(
    conn: Connection, office: Office, owner: str, declaration_id: int
) -> Refusal | None:
    """Take back an application of one's own that nobody has decided."""
    return await family.withdraw(conn, owner, declaration_id, actor=office.actor, at=office.at)


async def decide_binding(
    conn: Connection, office: Office, owner: str, declaration_id: int, *, approve: bool, reason: str = ""
) -> Refusal | None:
    """Approve or refuse an application; by an officer who did not make it."""
    return await family.decide(
        conn, office.law, owner, declaration_id,
        approve=approve, reason=reason, account_state=await account_state(conn, owner),
        change_id=office.ids.next(), actor=office.actor, at=office.at, on=office.on,
    )  # fmt: skip


async def revoke_binding(
    conn: Connection, office: Office, owner: str, user: str, from_on: date
) -> Refusal | None:
    """End a binding from a day on."""
    return await family.revoke(
        conn, owner, user, from_on, new_id=office.ids.next, actor=office.actor, at=office.at, on=office.on
    )


async def reorder_accounts(
    conn: Connection, office: Office, user: str, owners: Sequence[str], from_on: date
) -> Refusal | None:
    """From a day on the user's family accounts pay in this order."""
    return await family.reorder(
        conn, user, owners, from_on, new_id=office.ids.next, actor=office.actor, at=office.at, on=office.on
    )
