"""Benefits beside the ordinary one at the counter: an institution of Qingyang, whose law keeps them apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from gongji.gateway.opening import open_platform
from gongji.gateway.platform import Platform
from gongji.gateway.settings import GatewaySettings
from gongji.policy import Law
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import yuan
from tests.vaults import VAULT

DIALYSIS = "M07800"


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    """The small world moved to Qingyang: a level 3 hospital, a drug of the dual channel, a member on dialysis."""

    async def fill() -> None:
        connection = await asyncpg.connect(pg_url)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(world, "REGION", "621000")
            await world.build(connection)
        await connection.execute("UPDATE providers_state SET level = '3' WHERE code = $1", world.HOSPITAL)
        await connection.execute(
            "UPDATE catalog_item SET dual_channel = true, chrgitm_lv = '01' WHERE code = $1", world.DRUG_B
        )
        await connection.execute(
            "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, treatment)"
            " VALUES ($1, 1, '2020-01-01', $2, '肾功能不全', 'dialysis')",
            world.RETIRED,
            DIALYSIS,
        )
        await connection.close()

    asyncio.run(fill())
    return pg_url


@pytest.fixture
async def platform(world_url: str, law: Law, settings: GatewaySettings) -> AsyncIterator[Platform]:
    """Qingyang's text is a draft: applied here, never in production."""
    async with open_platform(world_url, settings, law, VAULT, allow_draft=True) as opened:
        yield opened


async def charge(caller: Caller, psn_no: str, *items: str, disease: str = "") -> tuple[str, str]:
    """A visit with one batch of a line of 100.00 for each item; (mdtrt_id, chrg_bchno)."""
    answer = await caller.output("2201", messages.registration(psn_no))
    mdtrt_id, batch = answer["data"]["mdtrt_id"], fresh("B")
    if disease:
        await caller.output("2203", messages.visit_info(psn_no, mdtrt_id, med_type="14", dise_codg=disease))
    lines = [messages.line(psn_no, mdtrt_id, batch, med_list_codg=item) for item in items]
    await caller.output("2204", {"feedetail": lines})
    return mdtrt_id, batch


async def sums(caller: Caller, psn_no: str) -> dict[str, Any]:
    answer = await caller.output("5206", {"data": {"psn_no": psn_no, "cum_ym": "202408"}})
    return {row["cum_type_code"]: yuan(row["cum"]) for row in answer["cuminfo"]}


@pytest.mark.clause("QY.art19")
async def test_a_mixed_batch_is_refused_with_what_to_do_and_its_parts_settle(caller: Caller) -> None:
    """双通道 70 % without a deductible (made up): 70.00; what is left of the visit is ordinary."""
    psn_no = world.ACTIVE
    mdtrt_id, batch = await charge(caller, psn_no, world.DRUG_A, world.DRUG_B)
    answer = await caller.call("2206", messages.settlement(psn_no, mdtrt_id, batch, "200.00"))
    assert answer["infcode"] == -1
    assert "DUAL_CHANNEL_MIXED" in answer["err_msg"]
    assert "chrg_bchno" in answer["err_msg"]
    withdrawn = {"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "chrg_bchno": batch}}
    await caller.output("2205", withdrawn)
    lines = [
        messages.line(psn_no, mdtrt_id, "D1", med_list_codg=world.DRUG_B),
        messages.line(psn_no, mdtrt_id, "O1", med_list_codg=world.DRUG_A),
    ]
    await caller.output("2204", {"feedetail": lines})
    dual = await caller.output("2207", messages.settlement(psn_no, mdtrt_id, "D1", "100.00"))
    other = await caller.output("2207", messages.settlement(psn_no, mdtrt_id, "O1", "100.00"))
    standard = yuan(dual["setlinfo"]["overlmt_selfpay"])
    assert yuan(dual["setlinfo"]["hifp_pay"]) == (100 - standard) * 70 / 100
    assert (yuan(other["setlinfo"]["act_pay_dedc"]), yuan(other["setlinfo"]["hifp_pay"])) == (100, 0)
    found = await sums(caller, psn_no)
    assert (found["DEDC"], found["HIFP"]) == (100, 0)
    assert (found["DUAL_DEDC"], found["DUAL_HIFP"]) == (0, yuan(dual["setlinfo"]["hifp_pay"]))


@pytest.mark.clause("QY.art20.a")
async def test_a_visit_for_dialysis_is_charged_to_the_inpatient_fund_and_sums(caller: Caller) -> None:
    psn_no = world.RETIRED
    mdtrt_id, batch = await charge(caller, psn_no, world.DRUG_A, disease=DIALYSIS)
    asked = messages.settlement(psn_no, mdtrt_id, batch, "100.00", med_type="14")
    answer = await caller.output("2207", asked)
    assert answer["setldetail"][0]["fund_pay_type"] == "310100"
    found = await sums(caller, psn_no)
    assert (found["IPT_DEDC"], found["DEDC"]) == (100, 0)
