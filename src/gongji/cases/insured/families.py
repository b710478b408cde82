"""What relatives' accounts offer a user on a day: balances in the order of binding, within the owners' limits."""

from __future__ import annotations

from datetime import date
from typing import Final

from gongji.accounts.values import ALL_USERS, Limit
from gongji.cases.insured.world import Wallet, World

MUTUAL: Final = ("mutual", "mutual_refund")


def room_fen(world: World, owner: str, user: str, on: date) -> int | None:
    """What an owner's limits leave a user on a day; None without a limit. As ``family_room.sql`` folds it."""
    rooms = []
    for scope in (user, ALL_USERS):
        held = [one for one in world.humans[owner].limits if one.user == scope and one.from_on <= on]
        if held:
            rooms += _rooms(world.wallets[owner], held[-1], scope, on)
    return min(rooms) if rooms else None


def _rooms(wallet: Wallet, limit: Limit, scope: str, on: date) -> list[int]:
    drawn = [
        move
        for move in wallet.movements
        if move.kind in MUTUAL and move.on.year == on.year and scope in (ALL_USERS, move.other)
    ]
    year = max(0, -sum(move.fen for move in drawn))
    month = max(0, -sum(move.fen for move in drawn if move.on.month == on.month))
    limits = ((limit.per_settlement_fen, 0), (limit.per_month_fen, month), (limit.per_year_fen, year))
    return [most - used for most, used in limits if most is not None]


def family_offers(world: World, user: str, on: date) -> dict[str, int]:
    """What relatives' accounts offer, in the order of binding."""
    offered: dict[str, int] = {}
    for owner in world.owners(user, on):
        wallet = world.wallets.get(owner)
        fen = wallet.available_fen if wallet else 0
        room = room_fen(world, owner, user, on)
        offered[owner] = fen if room is None else max(0, min(fen, room))
    return offered
