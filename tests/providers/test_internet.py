"""An internet hospital settles with its host's fee class and level, and only while the host has the pool open (decision A34).

Worked by hand for 200.00: class 3 (200 - 30) × 60 % = 102.00, from July 2024 at class 1 (200 - 80) × 55 % = 66.00.
"""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest

from gongji.policy.cases import overridden
from gongji.providers import standing
from gongji.providers.changing import Change, report
from gongji.providers.standing import Proposal
from gongji.settlement.engine import Engine
from gongji.settlement.verify import verify
from tests.pg import world
from tests.providers import agency
from tests.providers.agency import OFFICE, done, taker

MEMBER = "62140800000000000000000000992"
OPENED, PAUSED, RESUMED, RECLASSED = date(2024, 3, 4), date(2024, 4, 1), date(2024, 5, 6), date(2024, 7, 1)
LI, ZHAO = "li", "zhao"


async def paid(engine: Engine, conn: asyncpg.Connection, net: str, on: date) -> tuple[int, str, str]:
    """What the pool pays of 200.00 on the day, the reason of why not, and the refusal's detail."""
    visit_id = await world.visit(conn, MEMBER, [world.fee(1, 20_000)], caller=net, on=on)
    command = world.settle_command(MEMBER, visit_id, caller=net)
    refused = world.seen(await engine.preview(command)).outcome.refusal
    settled = done(await engine.settle(command))
    row = await conn.fetchrow(
        "SELECT pool_fen, refusal FROM settlement_v_settlement WHERE psn_no = $1 AND settlement_id = $2",
        MEMBER,
        settled.settlement_id,
    )
    return row["pool_fen"], row["refusal"], refused.detail if refused else ""


@pytest.mark.clause("SX2022-27.art5.a", "SX2022-27.art5.b")
async def test_it_is_paid_as_its_host_is_and_only_while_the_host_is(
    conn: asyncpg.Connection, pg_url: str
) -> None:
    await world.build(conn, [MEMBER])
    hospital = agency.new_profile("hospital", fee_class="3", level="1")
    await agency.designated(conn, hospital, on=OPENED, until_on=date(2024, 12, 31))
    pool = await agency.designated(conn, hospital, "pooled", OPENED, date(2024, 12, 31))
    net = agency.new_profile("internet", fee_class="", class_document="", level="")
    await agency.designated(conn, net, "internet", OPENED, date(2024, 12, 31), host=hospital.code)

    number = pool.dossier_id
    pause = Proposal(from_on=PAUSED, until_on=date(2024, 6, 30), ground="risk", note="数据异常")
    done(await standing.suspend(conn, OFFICE, number, taker(LI, date(2024, 3, 28)), pause))
    done(await standing.confirm(conn, OFFICE, number, taker(ZHAO, date(2024, 3, 29))))
    again = Proposal(from_on=RESUMED, note="已整改")
    done(await standing.resume(conn, OFFICE, number, taker(LI, date(2024, 4, 29)), again))
    done(await standing.confirm(conn, OFFICE, number, taker(ZHAO, date(2024, 4, 30))))
    change = Change(
        field="fee_class",
        value="1",
        from_on=RECLASSED,
        document="发改价〔2024〕9号",
        approved_on=date(2024, 6, 20),
    )
    reported = done(await report(conn, OFFICE, hospital.code, change, taker(LI, date(2024, 6, 24))))
    done(await standing.confirm(conn, OFFICE, reported.dossier_id, taker(ZHAO, date(2024, 6, 25))))

    law = overridden(world.law(), agency.REGION, {"internet.pool_payable": True})
    engine = await world.open_engine(pg_url, law=law)
    assert {day: await paid(engine, conn, net.code, day) for day in (OPENED, PAUSED, RESUMED)} == {
        OPENED: (10_200, "", ""),
        PAUSED: (0, "NOT_DESIGNATED", "〔PROVIDER_SUSPENDED〕医保协议处于中止状态"),
        RESUMED: (10_200, "", ""),
    }
    assert await paid(engine, conn, net.code, RECLASSED) == (6_600, "", "")
    await engine.close()
    assert (await verify(conn, {law.digest: law})).clean
