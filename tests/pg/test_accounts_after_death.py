"""Care after a member's death: neither the member's own account nor a relative's pays, and an owner who died pays for nobody."""

from datetime import date
from typing import Any

import pytest

from gongji.kernel import layout
from tests.pg import world

DIED_ON = date(2024, 8, 1)


async def payments(conn: Any, psn_no: str) -> tuple[int, int, int]:
    """What own account, relatives' accounts and cash paid of the person's only settlement."""
    water = await conn.fetchval("SELECT waterfall FROM settlement_fact WHERE psn_no = $1", psn_no)
    return water[layout.W_ACCOUNT_FEN], water[layout.W_MUTUAL_FEN], water[layout.W_CASH_FEN]


async def settle(built: str, conn: Any, psn_no: str) -> None:
    engine = await world.open_engine(built)
    visit_id = await world.visit(conn, psn_no, [world.fee(1, 10_000)])
    world.done(await engine.settle(world.settle_command(psn_no, visit_id)))
    await engine.close()


async def test_after_a_members_death_no_account_pays(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["D1", "D2"], own_fen=100_000)
    await world.bind_family(conn, "D1", "D2")
    await conn.execute("UPDATE members_person SET died_on = $1 WHERE psn_no = 'D1'", DIED_ON)
    await settle(built, conn, "D1")
    assert await payments(conn, "D1") == (0, 0, 10_000)


@pytest.mark.clause("SX2021-103.s2.4.b")
async def test_an_owner_who_died_pays_for_nobody(built: str, conn: Any) -> None:
    await world.add_persons(conn, ["D3"], own_fen=0)
    await world.add_persons(conn, ["D4"], own_fen=100_000)
    await world.bind_family(conn, "D3", "D4")
    await conn.execute("UPDATE members_person SET died_on = $1 WHERE psn_no = 'D4'", DIED_ON)
    await settle(built, conn, "D3")
    assert (await payments(conn, "D3"))[1] == 0
