"""Highest prices (最高限价) and limits of payment (限定支付范围) of the catalogue, over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongji.catalog.selectors import refresh
from gongji.gateway.platform import Platform
from gongji.providers import selectors as providers
from tests.gateway import messages, rx, rx_world, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import yuan

DAY = "2024-08-15"
CASES = {
    "level": ('[{"kind": "level", "values": ["3"]}]', '[{"kind": "level", "values": ["2"]}]'),
    "sex": ('[{"kind": "sex", "values": ["2"]}]', '[{"kind": "sex", "values": ["1"]}]'),
    "age": ('[{"kind": "age", "high": 14}]', '[{"kind": "age", "low": 18}]'),
    "indication": (
        '[{"kind": "indication", "values": ["E11"]}]',
        '[{"kind": "indication", "values": ["I10"]}]',
    ),
}
"""Of each kind: one limit that the member of these tests does not meet, and one that he does."""


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


@pytest.fixture(autouse=True)
async def _hospital_of_level_two(platform: Platform) -> None:
    async with platform.pool.acquire() as connection:
        await connection.execute("UPDATE providers_state SET level = '2' WHERE code = $1", world.HOSPITAL)
        await providers.refresh(connection, platform.providers, platform.vault)


async def item(platform: Platform, *, limits: str = "[]", ceiling_micro: int | None = None) -> str:
    """A drug of class A with these limits, or this highest price in Shanxi."""
    code = f"X{fresh('')}"
    async with platform.pool.acquire() as connection:
        await world.add_item(connection, code, "限定片", "01")
        await connection.execute("UPDATE catalog_item SET restrictions = $2 WHERE code = $1", code, limits)
        if ceiling_micro is not None:
            await connection.execute(
                "INSERT INTO catalog_ceiling (code, region, fee_class, from_on, ceiling_micro)"
                " VALUES ($1, '14', '', $2, $3)",
                code,
                date(2020, 1, 1),
                ceiling_micro,
            )
        await refresh(connection, platform.catalogue)
    return code


async def self_paid_at_the_counter(caller: Caller, code: str) -> Any:
    psn_no = await messages.somebody(caller)
    visit, batch = await messages.charged(caller, psn_no, lines=[{"med_list_codg": code}])
    answer = await caller.output("2207", messages.settlement(psn_no, visit, batch, "100.00"))
    return answer["setlinfo"]["fulamt_ownpay_amt"]


def bought(one: rx.Rx, code: str, **fields: Any) -> dict[str, Any]:
    at = rx.text(one.now)
    row = messages.drug(rxno=one.no, med_list_codg=code, fee_ocur_time=at, **fields)
    return messages.purchase(one.psn_no, "50.00", [row], begntime=at, acct_used_flag="0")


@pytest.mark.clause("SX2022-27.art17.a")
@pytest.mark.parametrize("kind", CASES)
async def test_beyond_its_limits_an_item_is_for_the_member_alone(
    caller: Caller, platform: Platform, kind: str
) -> None:
    unmet, met = [await item(platform, limits=limits) for limits in CASES[kind]]
    assert yuan(await self_paid_at_the_counter(caller, unmet)) == 100
    assert yuan(await self_paid_at_the_counter(caller, met)) == 0


@pytest.mark.parametrize("kind", CASES)
async def test_at_the_pharmacy_the_prescribers_level_and_diagnoses_count(
    caller: Caller, platform: Platform, kind: str
) -> None:
    for limits, self_paid in zip(CASES[kind], (50, 0), strict=True):
        code = await item(platform, limits=limits)
        one = await rx.approved(caller, drugs=[rx.drug(code)])
        info = (await caller.output("2102", bought(one, code), caller=world.PHARMACY))["setlinfo"]
        assert yuan(info["fulamt_ownpay_amt"]) == self_paid


async def test_a_pharmacy_cannot_confirm_an_indication_for_the_doctor(
    caller: Caller, platform: Platform
) -> None:
    code = await item(platform, limits=CASES["indication"][0])
    one = await rx.approved(caller, drugs=[rx.drug(code)])
    bill = bought(one, code, hosp_appr_flag="1")
    info = (await caller.output("2102", bill, caller=world.PHARMACY))["setlinfo"]
    assert yuan(info["fulamt_ownpay_amt"]) == 50


async def test_a_limited_item_is_told_as_limited_when_its_fees_are_uploaded(
    caller: Caller, platform: Platform
) -> None:
    code = await item(platform, limits=CASES["sex"][0])
    psn_no = await messages.somebody(caller)
    visit, batch = await messages.visit(caller, psn_no), fresh("B")
    row = messages.line(psn_no, visit, batch, med_list_codg=code)
    (told,) = (await caller.output("2204", {"feedetail": [row]}))["result"]
    assert told["lmt_used_flag"] == "1"


async def test_above_the_highest_price_nothing_is_settled(caller: Caller, platform: Platform) -> None:
    code = await item(platform, ceiling_micro=49_990_000)
    psn_no = await messages.somebody(caller)
    visit, batch = await messages.visit(caller, psn_no), fresh("B")
    row = messages.line(psn_no, visit, batch, med_list_codg=code, pric="50.00", det_item_fee_sumamt="50.00")
    (told,) = (await caller.output("2204", {"feedetail": [row]}))["result"]
    assert "PRICE_ABOVE_CEILING" in told["memo"]
    assert "49.99" in told["memo"]
    bill = messages.settlement(psn_no, visit, batch, "50.00")
    for infno in ("2206", "2207"):
        refused = await caller.refused(infno, bill)
        assert "PRICE_ABOVE_CEILING" in refused
        assert "49.99" in refused
        assert "价格法 第十二条" in refused


async def test_above_the_highest_price_nothing_is_sold(caller: Caller, platform: Platform) -> None:
    code = await item(platform, ceiling_micro=49_990_000)
    psn_no = await messages.somebody(caller)
    for infno in ("2101", "2102"):
        bill = messages.purchase(psn_no, "50.00", [messages.drug(med_list_codg=code)])
        refused = await caller.refused(infno, bill, caller=world.PHARMACY)
        assert "PRICE_ABOVE_CEILING" in refused
        assert "49.99" in refused


async def test_a_price_that_hides_behind_another_is_found(caller: Caller, platform: Platform) -> None:
    code = await item(platform, ceiling_micro=49_990_000)
    psn_no = await messages.somebody(caller)
    bill = messages.purchase(psn_no, "50.00", [messages.drug(med_list_codg=code, pric="1.00")])
    refused = await caller.refused("2102", bill, caller=world.PHARMACY)
    assert "MISMATCH" in refused or "PRICE_ABOVE_CEILING" in refused


async def test_at_the_highest_price_it_is_settled(caller: Caller, platform: Platform) -> None:
    code = await item(platform, ceiling_micro=50_000_000)
    psn_no = await messages.somebody(caller)
    bill = messages.purchase(psn_no, "50.00", [messages.drug(med_list_codg=code)])
    assert await caller.output("2102", bill, caller=world.PHARMACY)
