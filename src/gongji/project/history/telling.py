"""Telling the history, once: a database in which it has begun is left as it is."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

import asyncpg

from gongji.base.sealing import Vault
from gongji.demo_data import World
from gongji.gateway.idempotency import known
from gongji.gateway.opening import open_platform
from gongji.gateway.platform import system_now
from gongji.gateway.settings import GatewaySettings
from gongji.policy import Law
from gongji.project.history.crowd import add_crowd
from gongji.project.history.hands import Clock, Hands, HistoryBroken
from gongji.project.history.members import add_members
from gongji.project.history.plot import Plot
from gongji.project.history.registered import add_register
from gongji.project.history.told import add_complaints

__all__ = ["HistoryBroken", "live"]

REGION = "140100"
PLACE = "演示大药房总店"
BEGINS, ENDS = "HISTORY", "HISTORY-END"
"""Numbers of the messages with which the history begins and ends: a sign-in of the place."""
SIGNING = {"opter_no": "0001", "mac": "00-00-00-00-00-00", "ip": "127.0.0.1"}
Told = Literal["now", "before", "in part"]


async def live(
    dsn: str, law: Law, vault: Vault, world: World, *, now: Callable[[], datetime] = system_now
) -> Told:
    """Tell the history on a database that holds ``world``, unless it was told before, or begun and never ended ("in part").

    Nothing happens after ``now()``. Raises HistoryBroken when something that has to succeed is refused; what happened before stays.
    """
    conn = await asyncpg.connect(dsn)
    try:
        code = world.institution(PLACE).code
        if await known(conn, code, "9001", BEGINS):
            return "before" if await known(conn, code, "9001", ENDS) else "in part"
        until = now()
        clock = Clock(until.replace(month=1, day=1) - timedelta(days=365))
        settings = GatewaySettings(signature="off", demo=True)
        async with open_platform(dsn, settings, law, vault, now=clock.now, id_ms=clock.ms) as platform:
            chance = random.Random(world.seed)  # noqa: S311 - the same past for the same seed, nothing secret
            hands = Hands(platform=platform, conn=conn, world=world, clock=clock, chance=chance)
            place = hands.place(PLACE)
            await hands.trade(place, "9001", {"signIn": SIGNING}, msgid=BEGINS)
            plot = Plot(hands, until, REGION)
            add_members(plot)
            add_crowd(plot)
            add_complaints(plot)
            add_register(plot)
            await plot.told()
            await hands.trade(place, "9001", {"signIn": SIGNING}, msgid=ENDS)
        return "now"
    finally:
        await conn.close()
