"""Family mutual aid (家庭共济) as one member sees it: who may use my account, whose I may use, what was paid. Names are masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

import msgspec

from gongji.accounts import selectors as accounts
from gongji.accounts.statement import family_statement
from gongji.accounts.values import ALL_USERS, Draw, Limit, Office
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.members import selectors as members
from gongji.members.family import (
    PROOFS,
    RELATIONS,
    Application,
    Binding,
    applications,
    bindings_of_owner,
    bindings_of_user,
)
from gongji.members.identity import mask_name
from gongji.web.pages import Page

__all__ = [
    "OTHER_WAY",
    "Asked",
    "Family",
    "Lender",
    "User",
    "asked_of",
    "family_of",
    "key_of",
    "office_of",
    "unbroken",
]

OTHER_WAY: Final = {
    "spouse": "配偶",
    "parent": "子女",
    "child": "父母",
    "sibling": "兄弟姐妹",
    "grandparent": "孙子女、外孙子女",
    "grandchild": "祖父母、外祖父母",
}
"""A binding says what the user is to the owner; seen by the user, the owner is this."""
DAY: Final = timedelta(days=1)
TAIL: Final = 4
"""Characters of a user's number that an address shows."""


class User(msgspec.Struct, frozen=True):
    """A relative who may use, or could use, my account. ``limit``: what I set for this user, ``used_fen`` this year."""

    key: str
    binding: Binding
    name: str
    relation: str
    used_fen: int
    limit: Limit | None
    room_fen: int | None
    state: str
    """now, later or over."""


class Lender(msgspec.Struct, frozen=True):
    """A relative whose account I may use; ``relation``: what the relative is to me, ``room_fen``: what the owner's limits leave me
    (None: no limit)."""

    key: str
    owner: str
    name: str
    relation: str
    from_on: date
    until_on: date | None
    room_fen: int | None


class Asked(msgspec.Struct, frozen=True):
    """An application of mine in words."""

    number: int
    name: str
    relation: str
    proof: str
    application: Application


class Family(msgspec.Struct, frozen=True):
    """Everything about family mutual aid that concerns the member. ``former``: who lets me use the account no more; ``draws``: what
    relatives took from mine this year.
    """

    has_account: bool
    users: tuple[User, ...]
    lenders: tuple[Lender, ...]
    former: tuple[Lender, ...]
    asked: tuple[Asked, ...]
    draws: tuple[Draw, ...]

    def user(self, key: str) -> User | None:
        """The relative with this key; None for a key that is nobody's, or not one person's alone."""
        found = [one for one in self.users if one.key == key]
        return found[0] if len(found) == 1 else None


def office_of(page: Page) -> Office:
    """The accounts' office with the member as actor."""
    platform = page.platform
    return Office(
        platform.law, platform.ids, platform.vault, page.visitor.actor, page.at, platform.allow_draft
    )


def key_of(binding: Binding) -> str:
    """How a binding is named in an address: its number, and the end of the user's number."""
    return f"{binding.spell_no}-{binding.user[-TAIL:]}"


async def family_of(page: Page, conn: Connection) -> Family:
    """The member's family today."""
    psn_no, today = page.visitor.psn_no, page.today
    mine = unbroken(await bindings_of_owner(conn, psn_no))
    theirs = unbroken(await bindings_of_user(conn, psn_no))
    wanted = [one for one in await applications(conn, psn_no) if one.state in ("submitted", "refused")]
    used = await family_statement(conn, psn_no, today.replace(month=1, day=1), today, masked=False)
    limits = {one.user: one for one in await accounts.limits(conn, psn_no, today)}
    named = [one.user for one in mine] + [one.owner for one in theirs] + [one.request.user for one in wanted]
    names = {number: mask_name(name) for number, name in (await members.names(conn, named)).items()}
    lending = sorted((one for one in theirs if one.meets(today, today)), key=lambda one: one.spell_no)
    still = {one.owner for one in lending}
    former = [
        one for one in theirs if one.owner not in still and one.until_on is not None and one.until_on < today
    ]
    rooms = await accounts.family_room(
        conn, [(psn_no, one.user) for one in mine] + [(one.owner, psn_no) for one in lending], today
    )
    draws = () if isinstance(used, Refusal) else tuple(map(_masked, used.draws))
    spent = {} if isinstance(used, Refusal) else {one.user: one.used_fen for one in used.users}
    return Family(
        has_account=not isinstance(used, Refusal),
        users=tuple(
            User(
                key_of(one),
                one,
                names.get(one.user, ""),
                RELATIONS.get(one.relation, one.relation),
                spent.get(one.user, 0),
                limits.get(one.user) or limits.get(ALL_USERS),
                rooms.get((psn_no, one.user)),
                _state(one, today),
            )
            for one in sorted(mine, key=lambda one: one.from_on, reverse=True)
        ),
        lenders=tuple(_lender(one, names, rooms.get((one.owner, psn_no))) for one in lending),
        former=tuple(_lender(one, names, None) for one in former),
        asked=tuple(asked_of(one, names) for one in wanted),
        draws=tuple(reversed(draws)),
    )  # fmt: skip


def unbroken(bindings: Iterable[Binding]) -> list[Binding]:
    """Bindings as people see them: another order of the accounts begins them anew, which is no end and no beginning."""
    found: dict[tuple[str, str], list[Binding]] = {}
    for one in sorted(bindings, key=lambda one: one.from_on):
        spells = found.setdefault((one.owner, one.user), [])
        before = spells[-1] if spells else None
        if before is not None and before.until_on is not None and before.until_on + DAY == one.from_on:
            spells[-1] = msgspec.structs.replace(one, from_on=before.from_on)
        else:
            spells.append(one)
    return [one for spells in found.values() for one in spells]


def _lender(binding: Binding, names: Mapping[str, str], room_fen: int | None) -> Lender:
    relation = OTHER_WAY.get(binding.relation, "")
    name = names.get(binding.owner, "")
    return Lender(key_of(binding), binding.owner, name, relation, binding.from_on, binding.until_on, room_fen)


def _masked(draw: Draw) -> Draw:
    """A draw as it may be shown; its ``user`` tells relatives of one masked name apart and is not shown."""
    relation = RELATIONS.get(draw.relation, draw.relation)
    return msgspec.structs.replace(draw, name=mask_name(draw.name), relation=relation)


def _state(binding: Binding, today: date) -> str:
    if binding.from_on > today:
        return "later"
    return "now" if binding.meets(today, today) else "over"


def asked_of(application: Application, names: Mapping[str, str]) -> Asked:
    """An application in words; ``names`` are masked."""
    request = application.request
    return Asked(
        application.declaration_id,
        names.get(request.user, ""),
        RELATIONS.get(request.relation, request.relation),
        PROOFS.get(request.proof, request.proof),
        application,
    )
