"""The story of a family: what an account lives through from the first contribution to the heirs, in thirteen months of 2025.

Somebody works, retires in the middle of the year, lets his wife use his account, lives away from home, is treated there with and
without a filing, claims an invoice, moves to another city, dies; nobody says so for two months; the heirs withdraw. Officers
act through the services of the rooms, the health centre over the national interface. What must hold is checked as it happens.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongji.accounts.monthly import credit_month
from gongji.accounts.selectors import balances
from gongji.accounts.services import open_balance
from gongji.accounts.values import Office
from gongji.base.actors import Actor
from gongji.base.money import format_yuan
from gongji.project.story.cast import Good, Member
from gongji.project.story.client import Caller
from gongji.project.story.household import Places
from gongji.project.story.messages import (
    decimal,
    fee_row,
    paid,
    registration,
    settlement,
    sign_in,
    stamp,
    visit_info,
)
from gongji.project.story.telling import CLERK, Telling, stated

__all__ = ["OPENING_FEN", "Household", "documents_asked"]

OPENING_FEN = 50_000


@dataclass(kw_only=True)
class Household(Telling):
    """The family at their places: the hands that the chapters share."""

    places: Places
    centre: Caller | None = None

    def office(self, actor: Actor) -> Office:
        stage = self.stage
        return Office(stage.law, stage.ids, stage.vault, actor, stage.clock.now())

    async def balance_fen(self, member: Member) -> int:
        """What the account holds and may be drawn on."""
        return (await balances(self.stage.conn, [member.psn_no])).get(member.psn_no, (0, 0))[0]

    async def open_account(self, member: Member, fen: int) -> None:
        stage = self.stage
        await open_balance(
            stage.conn, member.psn_no, fen, "opening", stage.clock.now(), entry_id=stage.ids.next()
        )

    async def credit(self, month: date, region: str) -> int:
        """The monthly run of a region; answers what the husband's account received by it, in fen."""
        before = await self.balance_fen(self.people["husband"])
        report = stated(await credit_month(self.stage.conn, self.office(CLERK), month, region=region))
        gained = await self.balance_fen(self.people["husband"]) - before
        name = self.people["husband"].name
        self.say(
            self.stage.clock.now().date(),
            f"{month:%Y年%m月} 个人账户划入：{report.tally.credited} 人新计入，{name} {format_yuan(gained)} 元",
        )
        return gained

    # at the counter

    async def signed_in(self) -> Caller:
        """The health centre's software; it signs in when it is first needed."""
        if self.centre is None:
            self.centre = self.stage.dial(self.places.centre)
            self.centre.sign_no = await asyncio.to_thread(sign_in, self.centre)
        return self.centre

    async def call(self, infno: str, nodes: dict[str, Any], insured_region: str = "") -> Any:
        """One trade of the health centre; its answer."""
        centre = await self.signed_in()
        return await asyncio.to_thread(centre.call, infno, nodes, insured_region=insured_region)

    async def visit(self, member: Member, goods: tuple[Good, ...]) -> Any:
        """2201, 2203, 2204, 2207: a whole visit; answers setlinfo."""
        centre = await self.signed_in()
        number = centre.next_msgid()[-14:]
        registered = await self.call(
            "2201", registration(member, f"MZ{number}", stamp(centre)), member.region
        )
        mdtrt_id = registered["data"]["mdtrt_id"]
        await self.call("2203", visit_info(member, mdtrt_id, stamp(centre)))
        rows = [
            fee_row(member, mdtrt_id, "1", line, good, stamp(centre))
            for line, good in enumerate(goods, start=1)
        ]
        await self.call("2204", {"feedetail": rows})
        answer = await self.call("2207", settlement(member, mdtrt_id, "1", goods))
        info = answer["setlinfo"]
        why = next((row["setl_proc_info"] for row in answer["setldetail"] if row["setl_proc_info"]), "")
        self.say(centre.now().date(), f"{member.name}在{self.places.centre.name}就诊：{paid(info)}")
        if decimal(info["hifp_pay"]) == 0:
            self.say(centre.now().date(), f"统筹基金不付：{why}")
        return info


def documents_asked(home: Household, name: str, region: str) -> tuple[str, ...]:
    """Documents that the law asks for on the day."""
    value = stated(home.stage.law.value(name, region, home.stage.clock.now().date()))
    assert isinstance(value.raw, tuple)
    return tuple(str(code) for code in value.raw)
