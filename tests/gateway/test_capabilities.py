"""What an institution is designated for: a pharmacy sells drugs, a hospital treats (SX2022-27.art4.d)."""

from __future__ import annotations

from typing import Any

import pytest

from gongji.gateway.platform import Platform
from tests.gateway import messages, world
from tests.gateway.client import Caller
from tests.gateway.test_outpatient import yuan


@pytest.mark.clause("SX2022-27.art4.d", "NHSA2023-4.s3.1.a")
@pytest.mark.parametrize("infno", ["2101", "2102"])
async def test_no_fund_pays_a_service_that_a_pharmacy_bills(
    caller: Caller, platform: Platform, infno: str
) -> None:
    psn_no = await messages.somebody(caller, own_fen=60_00)
    service = messages.drug(med_list_codg=world.SERVICE, med_list_name="诊查费")
    asked: dict[str, Any] = messages.purchase(psn_no, "50.00", [service], **messages.voucher(psn_no))
    answer = await caller.output(infno, asked, caller=world.PHARMACY)
    info = answer["setlinfo"]
    assert yuan(info["hifp_pay"]) == yuan(info["acct_pay"]) == 0
    assert yuan(info["psn_cash_pay"]) == yuan(info["fulamt_ownpay_amt"]) == 50


@pytest.mark.clause("SX2022-27.art4.d")
@pytest.mark.parametrize("infno", ["2101", "2102"])
async def test_a_hospital_does_not_sell_as_a_pharmacy(caller: Caller, infno: str) -> None:
    psn_no = await messages.somebody(caller)
    asked = messages.purchase(psn_no, "50.00", [messages.drug()], **messages.voucher(psn_no))
    assert "FORBIDDEN" in await caller.refused(infno, asked, caller=world.HOSPITAL)


@pytest.mark.clause("SX2022-27.art4.d")
async def test_a_pharmacy_treats_nobody(caller: Caller) -> None:
    psn_no = await messages.somebody(caller)
    asked = messages.registration(psn_no, **messages.voucher(psn_no))
    assert "FORBIDDEN" in await caller.refused("2201", asked, caller=world.PHARMACY)
