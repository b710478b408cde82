"""2101-2103: a pharmacy's sale on the prescription of a visit."""

from decimal import Decimal
from typing import Any

import pytest

from gongji.gateway.platform import Platform
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import family, looked_at, row_counts, yuan


async def prescribed(
    caller: Caller, psn_no: str, *, charge: bool = True, code: str = world.HOSPITAL, on: str = messages.DAY
) -> str:
    """A hospital visit that charges one drug and prescribes another to be bought elsewhere; the prescription's number."""
    mdtrt_id = await messages.visit(caller, psn_no, code=code, begntime=on)
    batch, rx_no = fresh("B"), fresh("RX")
    outside = messages.line(
        psn_no,
        mdtrt_id,
        batch,
        rxno=rx_no,
        rx_circ_flag="1",
        det_item_fee_sumamt="0",
        pric="0",
        med_list_codg=world.DRUG_A,
        fee_ocur_time=on,
    )
    inside = messages.line(psn_no, mdtrt_id, batch, med_list_codg=world.SERVICE)
    await caller.output("2204", {"feedetail": [inside, outside] if charge else [outside]}, caller=code)
    if charge:
        await caller.output(
            "2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00", acct_used_flag="0")
        )
    return rx_no


def sale(psn_no: str, rx_no: str, **fields: Any) -> dict[str, Any]:
    return messages.purchase(psn_no, "50.00", [messages.drug(rxno=rx_no)], acct_used_flag="0", **fields)


@pytest.mark.clause("SX2023-2.s2.b")
async def test_the_deductible_of_the_visit_counts_at_the_pharmacy(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    rx_no = await prescribed(caller, psn_no)
    output = await caller.output("2102", sale(psn_no, rx_no), caller=world.PHARMACY)
    info = output["setlinfo"]
    assert yuan(info["act_pay_dedc"]) == 0
    assert yuan(info["hifp_pay"]) == Decimal("32.50")
    assert info["clr_type"] == "41"
    assert output["detlcutinfo"][0]["inscp_scp_amt"] == 50


async def test_without_a_visits_deductible_the_pharmacy_charges_it(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await family(platform)
    rx_no = await prescribed(caller, psn_no, charge=False)
    info = (await caller.output("2102", sale(psn_no, rx_no), caller=world.PHARMACY))["setlinfo"]
    assert yuan(info["act_pay_dedc"]) == 30
    assert yuan(info["hifp_pay"]) == 13


async def test_the_preview_of_a_sale_equals_it_and_writes_only_that_the_member_was_shown(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await family(platform)
    rx_no = await prescribed(caller, psn_no)
    before = await row_counts(platform)
    seen = (await caller.output("2101", sale(psn_no, rx_no), caller=world.PHARMACY))["setlinfo"]
    assert await row_counts(platform) == looked_at(before)
    done = (await caller.output("2102", sale(psn_no, rx_no), caller=world.PHARMACY))["setlinfo"]
    for name in ("hifp_pay", "act_pay_dedc", "psn_cash_pay", "balc", "medfee_sumamt"):
        assert seen[name] == done[name]


@pytest.mark.clause("SX2022-27.art26.2")
async def test_a_sale_without_prescription_is_not_pooled(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    output = await caller.output("2102", sale(psn_no, ""), caller=world.PHARMACY)
    assert yuan(output["setlinfo"]["hifp_pay"]) == 0
    assert "NO_PRESCRIPTION" in output["setldetail"][0]["setl_proc_info"]


@pytest.mark.clause("SX2022-27.art26.2")
async def test_a_prescription_of_a_hospital_without_pooled_agreement_counts_as_none(
    caller: Caller, platform: Platform
) -> None:
    psn_no = await family(platform)
    rx_no = await prescribed(caller, psn_no, charge=False, code=world.UNPOOLED_HOSPITAL)
    output = await caller.output("2102", sale(psn_no, rx_no), caller=world.PHARMACY)
    assert yuan(output["setlinfo"]["hifp_pay"]) == 0
    assert "NO_PRESCRIPTION" in output["setldetail"][0]["setl_proc_info"]


@pytest.mark.clause("SX2022-27.art26.2")
@pytest.mark.parametrize(("issued", "pooled"), [("2024-08-15 09:30:00", 13), ("2024-08-16 09:30:00", 0)])
async def test_only_the_issuers_agreement_on_the_day_of_the_prescription_counts(
    caller: Caller, platform: Platform, issued: str, pooled: int
) -> None:
    """Decision A36: what becomes of the issuer later does not matter to the member at the pharmacy."""
    psn_no = await family(platform)
    rx_no = await prescribed(caller, psn_no, charge=False, code=world.SUSPENDED_HOSPITAL, on=issued)
    asked = sale(psn_no, rx_no, begntime="2024-08-16 10:00:00")
    info = (await caller.output("2102", asked, caller=world.PHARMACY))["setlinfo"]
    assert yuan(info["hifp_pay"]) == pooled


@pytest.mark.clause("SX2022-27.art11")
async def test_an_expired_prescription_is_not_pooled(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    rx_no = await prescribed(caller, psn_no)
    asked = sale(psn_no, rx_no, begntime="2024-08-20 10:00:00")
    output = await caller.output("2101", asked, caller=world.PHARMACY)
    assert "RX_EXPIRED" in output["setldetail"][0]["setl_proc_info"]


@pytest.mark.parametrize("node", ["durg_trac_info", "drug_trac_info", "drugtracinfo"])
async def test_trace_codes_are_kept_with_the_line(caller: Caller, platform: Platform, node: str) -> None:
    psn_no = await family(platform)
    row = messages.drug()
    asked = messages.purchase(psn_no, "50.00", [row])
    asked[node] = {
        "feedetl_sn": row["feedetl_sn"],
        "drug_trac_codg": "81234567890123456789",
        "trdn_flag": "1",
    }
    await caller.output("2102", asked, caller=world.PHARMACY)
    async with platform.pool.acquire() as connection:
        lines = await connection.fetchval(
            "SELECT lines::text FROM encounters_fee_batch WHERE psn_no = $1", psn_no
        )
    assert "81234567890123456789" in lines


async def test_a_trace_code_of_a_line_that_is_not_sold_is_refused(caller: Caller) -> None:
    asked = messages.purchase(world.ACTIVE, "50.00", [messages.drug()])
    asked["durg_trac_info"] = [{"feedetl_sn": "other", "drug_trac_codg": "8123", "trdn_flag": "0"}]
    assert "other" in await caller.refused("2102", asked, caller=world.PHARMACY)


async def test_a_sale_is_taken_back_whole(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    rx_no = await prescribed(caller, psn_no)
    done = (await caller.output("2102", sale(psn_no, rx_no), caller=world.PHARMACY))["setlinfo"]
    asked = {"data": {"psn_no": psn_no, "setl_id": done["setl_id"], "mdtrt_id": done["mdtrt_id"]}}
    back = (await caller.output("2103", asked, caller=world.PHARMACY))["setlinfo"]
    assert yuan(back["hifp_pay"]) == -yuan(done["hifp_pay"])
    assert "pdn_cash_pay" in back


@pytest.mark.parametrize(
    ("fields", "lines", "reason"),
    [
        ({}, [], "drugdetail"),
        ({"insutype": "390"}, [{}], "NOT_EMPLOYEE_SCHEME"),
        ({}, [{"rxno": "R1"}, {"rxno": "R2"}], "rxno"),
        ({}, [{"cnt": "-1"}], "QUANTITY_INVALID"),
        ({"begntime": "2999-01-01 00:00:00"}, [{}], "begntime"),
        ({"begntime": "2100-01-01 00:00:00"}, [{}], "SERVICE_IN_FUTURE"),
        ({"medfee_sumamt": "49.99"}, [{}], "TOTAL_MISMATCH"),
    ],
)
async def test_a_bad_sale_is_refused(
    caller: Caller, fields: dict[str, str], lines: list[Any], reason: str
) -> None:
    asked = messages.purchase(world.ACTIVE, "50.00", [messages.drug(**line) for line in lines], **fields)
    assert reason in await caller.refused("2102", asked, caller=world.PHARMACY)


async def test_a_hospital_cannot_sell_as_a_pharmacy(caller: Caller) -> None:
    assert "FORBIDDEN" in await caller.refused("2102", sale(world.ACTIVE, "R1"), caller=world.HOSPITAL)


@pytest.mark.clause("SX2022-27.art14.c")
async def test_a_drug_that_the_hospital_charged_is_not_sold_again(caller: Caller, platform: Platform) -> None:
    psn_no = await family(platform)
    mdtrt_id, batch, rx_no = await messages.visit(caller, psn_no), fresh("B"), fresh("RX")
    await caller.output("2204", {"feedetail": messages.line(psn_no, mdtrt_id, batch, rxno=rx_no)})
    await caller.output("2207", messages.settlement(psn_no, mdtrt_id, batch, "100.00"))
    refused = await caller.refused("2102", sale(psn_no, rx_no), caller=world.PHARMACY)
    assert "SAME_DRUG_DIFFERENT_INSTITUTION" in refused
