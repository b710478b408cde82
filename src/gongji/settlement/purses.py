"""Whose accounts may pay what a settlement leaves to the member: the own one, then relatives', as far as their owners allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from gongji.accounts import selectors as accounts
from gongji.base.sqlfiles import Connection
from gongji.members import selectors as members
from gongji.settlement.grounds import Ground
from gongji.settlement.situation import Balance

__all__ = ["Purse", "read_purses"]


class Purse(msgspec.Struct, frozen=True):
    """What may be offered: the own account, and relatives' in binding order (decision A18)."""

    own: Balance
    family: tuple[Balance, ...] = ()


async def read_purses(conn: Connection, grounds: Sequence[Ground]) -> list[Purse]:
    """The purse of each ground, in order. A manual claim has none: its member has paid already.

    Owners' limits are read after the balances: whoever draws on an owner in between advances the version that the draw is
    written under, so that two users at once never pass a limit.
    """
    owners = await _owners(conn, grounds)
    wanted = {ground.command.psn_no for ground in grounds}.union(*owners.values())
    balances = await accounts.balances(conn, list(wanted)) if wanted else {}
    rooms = await _rooms(conn, grounds, owners)
    purses = []
    for ground in grounds:
        psn_no = ground.command.psn_no
        relatives = owners.get((psn_no, ground.service_on), ()) if _uses_family(ground) else ()
        family = tuple(
            _within(_balance(owner, balances), rooms.get((owner, psn_no)))
            for owner in relatives
            if owner != psn_no
        )
        purses.append(Purse(_balance(psn_no, balances), family))
    return purses


def _uses_family(ground: Ground) -> bool:
    return ground.command.family_allowed and ground.command.claim is None


async def _owners(conn: Connection, grounds: Iterable[Ground]) -> dict[tuple[str, date], tuple[str, ...]]:
    """Owners whose accounts each user may use on the day of service."""
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    for ground in grounds:
        if _uses_family(ground):
            by_day[ground.service_on].append(ground.command.psn_no)
    owners: dict[tuple[str, date], tuple[str, ...]] = {}
    for on, psn_nos in by_day.items():
        found = await members.family_owners(conn, psn_nos, on)
        owners |= {(user, on): names for user, names in found.items()}
    return owners


async def _rooms(
    conn: Connection, grounds: Iterable[Ground], owners: Mapping[tuple[str, date], tuple[str, ...]]
) -> dict[tuple[str, str], int | None]:
    """What each owner's limits leave each user on the day of payment; read only for those who use relatives' accounts."""
    by_day: defaultdict[date, set[tuple[str, str]]] = defaultdict(set)
    for ground in grounds:
        user = ground.command.psn_no
        for owner in owners.get((user, ground.service_on), ()):
            by_day[ground.received_on].add((owner, user))
    rooms: dict[tuple[str, str], int | None] = {}
    for on, pairs in by_day.items():
        rooms |= await accounts.family_room(conn, sorted(pairs), on)
    return rooms


def _within(balance: Balance, room_fen: int | None) -> Balance:
    """The balance as far as the owner's limits (None: none) let this user have it."""
    if room_fen is None or balance.fen <= room_fen:
        return balance
    return Balance(balance.psn_no, max(0, room_fen), balance.version)


def _balance(psn_no: str, balances: Mapping[str, tuple[int, int]]) -> Balance:
    fen, version = balances.get(psn_no, (0, None))
    return Balance(psn_no, fen, version)
