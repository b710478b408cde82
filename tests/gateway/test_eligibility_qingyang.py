"""Each refusal of Qingyang's draft has its own reason over 2206 and leaves the account; outside the city it pays as at home.

The draft is applied here to be tried; a platform that does not allow that settles nothing by it (decision A39).
"""

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
from tests.gateway.client import Caller
from tests.gateway.test_eligibility import Make, checked, member, nonbenefit, nothing, presettled, relation
from tests.gateway.test_filings import settled
from tests.gateway.test_outpatient import yuan
from tests.vaults import VAULT

UNDESIGNATED = "H62100200021"
INTERNET = "H62100200022"


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    """The small world in Qingyang, where the level of a hospital counts."""

    async def fill() -> None:
        conn = await asyncpg.connect(pg_url)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(world, "REGION", "621002")
            await world.build(conn)
            await world.add_institution(
                conn, UNDESIGNATED, "测试非定点医院", "hospital", "", designated=False
            )
            await world.add_institution(conn, INTERNET, "测试互联网医院", "internet", "")
        await conn.execute("UPDATE providers_state SET level = '2' WHERE code LIKE 'H%'")
        await conn.close()

    asyncio.run(fill())
    return pg_url


@pytest.fixture
async def platform(world_url: str, law: Law, settings: GatewaySettings) -> AsyncIterator[Platform]:
    async with open_platform(world_url, settings, law, VAULT, allow_draft=True) as opened:
        yield opened


@pytest.fixture(autouse=True)
def home() -> Any:
    """Members that a test adds live here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "REGION", "621002")
        yield


@pytest.mark.parametrize(
    ("make", "code", "reason"),
    [
        pytest.param(relation("until_on = '2024-06-30'"), world.HOSPITAL, "NOT_INSURED",
                     marks=pytest.mark.clause("QY.art4")),
        pytest.param(nothing, world.CLINIC, "CLINIC_EXCLUDED", marks=pytest.mark.clause("QY.art12.a")),
        pytest.param(nothing, world.PHARMACY, "NO_PRESCRIPTION", marks=pytest.mark.clause("QY.art12.c")),
        pytest.param(nothing, INTERNET, "INTERNET_NOT_OPEN", marks=pytest.mark.clause("QY.art12.d")),
        pytest.param(nonbenefit("arrears"), world.HOSPITAL, "ARREARS", marks=pytest.mark.clause("QY.art13.a")),
        pytest.param(nothing, UNDESIGNATED, "NOT_DESIGNATED", marks=pytest.mark.clause("QY.art23.6")),
    ],
)  # fmt: skip
@pytest.mark.clause("QY.art23.0")
async def test_each_refusal_has_its_own_reason_and_the_account_pays(
    caller: Caller, platform: Platform, make: Make, code: str, reason: str
) -> None:
    psn_no = await member(caller, platform, make)
    told = await presettled(caller, psn_no, code, "01")
    info = told["setlinfo"]
    assert f"〔{reason}〕" in told["setldetail"][0]["setl_proc_info"]
    assert yuan(info["hifp_pay"]) == yuan(info["act_pay_dedc"]) == 0
    assert yuan(info["acct_pay"]) == min(60, yuan(info["medfee_sumamt"]))


@pytest.mark.clause("QY.art23.3")
async def test_what_a_third_party_owes_is_refused(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    mdtrt_id, batch = await messages.charged(caller, psn_no)
    stated = {"TRUM_FLAG": "1", "REL_TTP_FLAG": "1"}
    asked = messages.settlement(psn_no, mdtrt_id, batch, "100.00", exp_content=stated)
    told = await caller.output("2206", asked)
    assert "〔THIRD_PARTY〕" in told["setldetail"][0]["setl_proc_info"]


@pytest.mark.clause("QY.art23.6")
@pytest.mark.parametrize("infno", ["2206", "2207"])
async def test_an_emergency_where_nothing_is_designated_is_for_a_manual_claim_not_for_the_counter(
    caller: Caller, infno: str
) -> None:
    """Decision A26: the place states it, but nobody has seen the evidence. The account may still pay (A35)."""
    psn_no = await messages.somebody(caller, own_fen=60_00)
    mdtrt_id, batch = await messages.charged(
        caller, psn_no, code=UNDESIGNATED, lines=[{"det_item_fee_sumamt": "500.00", "pric": "500.00"}]
    )
    stated = {"OTP_ER_REFL_FLAG": "1"}
    asked = messages.settlement(psn_no, mdtrt_id, batch, "500.00", exp_content=stated)
    told = await caller.output(infno, asked, caller=UNDESIGNATED)
    assert "〔NOT_DESIGNATED〕" in told["setldetail"][0]["setl_proc_info"]
    assert (yuan(told["setlinfo"]["hifp_pay"]), yuan(told["setlinfo"]["acct_pay"])) == (0, 60)


@pytest.mark.clause("QY.art4")
async def test_a_member_without_an_account_is_entitled(caller: Caller, platform: Platform) -> None:
    psn_no = await member(caller, platform, relation("has_account = false, category = 'flexible'"))
    funds = await checked(caller, psn_no, world.HOSPITAL)
    assert funds["310102"]["trt_enjymnt_flag"] == "1"


@pytest.mark.clause("QY.art17")
@pytest.mark.parametrize("code", [world.HOSPITAL, world.AWAY_HOSPITAL, world.FAR_HOSPITAL])
async def test_outside_the_city_the_pool_pays_what_it_pays_at_home(caller: Caller, code: str) -> None:
    """300.00 of the year's deductible first, then 60 % at level 2."""
    psn_no = await messages.somebody(caller)
    paid = [yuan((await settled(caller, psn_no, code))["hifp_pay"]) for _ in range(4)]
    assert paid == [0, 0, 0, 60]


async def test_a_check_beforehand_of_a_draft_that_may_not_be_applied_says_so(
    caller: Caller, platform: Platform
) -> None:
    platform.allow_draft = False
    funds = await checked(caller, await messages.somebody(caller, own_fen=1_00), world.HOSPITAL)
    assert "〔LAW_DRAFT〕" in funds["310102"]["trt_chk_rslt"]
    assert "〔LAW_DRAFT〕" in funds["310200"]["trt_chk_rslt"]
