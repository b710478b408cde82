"""Regions that are only files (``tests/policy/schemes``), each with a member, a hospital and a pharmacy, on the portal."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import msgspec
import pytest

from gongji.gateway.app import Gateway
from gongji.gateway.platform import Platform
from gongji.policy import Law, compile_law, library_files, load_library
from tests.gateway import messages, world
from tests.gateway.client import Caller
from tests.policy.help import SCHEMES

__all__ = [
    "AGED",
    "BANDS",
    "MONTHLY",
    "PAID",
    "REGIONS",
    "YEARLY",
    "Region",
    "build",
    "law_of_all",
    "settled",
]


class Region(msgspec.Struct, frozen=True):
    """A region of one scheme; ``level`` is its hospital's."""

    code: str
    level: str

    @property
    def member(self) -> str:
        return f"{self.code}0000000000000000{self.code[:3]}1"

    @property
    def hospital(self) -> str:
        return f"H{self.code}00001"

    @property
    def pharmacy(self) -> str:
        return f"P{self.code}00001"


AGED = Region("449000", "3")
BANDS = Region("319000", "2")
MONTHLY = Region("339000", "1")
PAID = Region("519000", "2")
YEARLY = Region("259000", "2")
REGIONS = (AGED, BANDS, MONTHLY, PAID, YEARLY)


def law_of_all() -> Law:
    """The built-in law and every scheme, without values that only the demonstration made up."""
    return compile_law(load_library([*library_files(), *sorted(SCHEMES.glob("*.yaml"))]))


def build(url: str) -> str:
    """The small world of the interface, and the regions."""

    async def fill() -> None:
        connection = await asyncpg.connect(url)
        await world.build(connection)
        for one in REGIONS:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(world, "REGION", one.code)
                await world.add_person(connection, one.member, own_fen=20_00)
                await world.add_institution(connection, one.hospital, f"甲{one.code}医院", "hospital", "")
                await world.add_institution(connection, one.pharmacy, f"甲{one.code}药房", "pharmacy", "")
            await connection.execute(
                "UPDATE providers_state SET level = $2 WHERE code = $1", one.hospital, one.level
            )
        await world.record_history(connection)
        await connection.close()

    asyncio.run(fill())
    return url


async def settled(platform: Platform, region: Region, total: str) -> dict[str, Any]:
    """A visit of the region's member at its hospital is settled; what the interface answered."""
    app = Gateway(lambda _: b"")
    app.platform = platform
    caller = Caller(app)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "REGION", region.code)
        line = {"det_item_fee_sumamt": total, "pric": total}
        visit, batch = await messages.charged(caller, region.member, code=region.hospital, lines=[line])
        asked = messages.settlement(region.member, visit, batch, total, acct_used_flag="0")
        answer = await caller.output("2207", asked, caller=region.hospital)
    found: dict[str, Any] = answer["setlinfo"]
    return found
