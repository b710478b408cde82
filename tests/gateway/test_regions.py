"""The interface in a region that is only a file: rates by age group, a deductible a day, a ceiling a quarter."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from gongji.policy import Law
from tests.gateway import messages, world
from tests.gateway.client import Caller
from tests.gateway.test_outpatient import UNALIKE, yuan
from tests.gateway.test_pharmacy import prescribed, sale
from tests.policy.help import scheme


@pytest.fixture(scope="module")
def law() -> Law:
    return scheme("age_and_doctor")


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    """The small world, but its members and institutions are those of 4490: one member of 34, one of 69 years."""

    async def fill() -> None:
        connection = await asyncpg.connect(pg_url)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(world, "REGION", "449000")
            await world.build(connection)
        await connection.close()

    asyncio.run(fill())
    return pg_url


@pytest.mark.parametrize("psn_no", [world.ACTIVE, world.RETIRED])
async def test_a_member_whose_rate_depends_on_age_enjoys_the_pool(caller: Caller, psn_no: str) -> None:
    asked = {"data": {"psn_no": psn_no, "insutype": "310", "med_type": "11", "begntime": "2024-08-15"}}
    rows = {row["fund_pay_type"]: row for row in (await caller.output("2001", asked))["trtinfo"]}
    assert (rows["310102"]["trt_enjymnt_flag"], rows["310102"]["trt_chk_rslt"]) == ("1", None)


@pytest.mark.parametrize(("psn_no", "pool"), [(world.ACTIVE, 40), (world.RETIRED, 48)])
async def test_presettlement_and_settlement_pay_by_age(caller: Caller, psn_no: str, pool: int) -> None:
    """(100.00 - 20.00) × 50 % at 34, × 60 % at 69."""
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    asked = messages.settlement(psn_no, mdtrt_id, batch, "100.00")
    before = (await caller.output("2206", asked))["setlinfo"]
    after = (await caller.output("2207", asked))["setlinfo"]
    assert {k: v for k, v in before.items() if k not in UNALIKE} == {
        k: v for k, v in after.items() if k not in UNALIKE
    }
    assert (yuan(after["act_pay_dedc"]), yuan(after["hifp_pay"])) == (20, pool)


async def test_a_sale_on_prescription_pays_by_age(caller: Caller) -> None:
    """The day's 20.00 were charged at the hospital; 50.00 × 50 % at 34."""
    rx_no = await prescribed(caller, world.FAMILY)
    info = (await caller.output("2102", sale(world.FAMILY, rx_no), caller=world.PHARMACY))["setlinfo"]
    assert (yuan(info["act_pay_dedc"]), yuan(info["hifp_pay"])) == (0, 25)
