"""2102 and 2207 on prescriptions of the centre: what a settlement takes, refuses, and gives back with a refund."""

from __future__ import annotations

import asyncio
import base64
from decimal import Decimal
from typing import Any

import pytest

from gongji.explain.receipt import Receipt, receipt_text
from gongji.gateway.platform import Platform
from gongji.prescriptions import selectors, verify
from gongji.stock import verify as stock_verify
from gongji.web.receipts import stored_receipt
from tests.gateway import messages, rx, rx_world, world
from tests.gateway.client import Caller, fresh
from tests.gateway.rx import Rx
from tests.gateway.test_outpatient import yuan

PHARMACY, SECOND = world.PHARMACY, rx_world.SECOND_PHARMACY


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


def bought(one: Rx, item: str = world.DRUG_A, count: int = 1, **fields: Any) -> dict[str, Any]:
    """Nodes of 2102 on the prescription."""
    at = rx.text(one.now)
    row = messages.drug(
        rxno=one.no, med_list_codg=item, cnt=count, det_item_fee_sumamt=f"{50 * count}.00", fee_ocur_time=at
    )
    return messages.purchase(one.psn_no, f"{50 * count}.00", [row], begntime=at, acct_used_flag="0", **fields)


async def state(platform: Platform, one: Rx) -> str:
    async with platform.pool.acquire() as conn:
        case = await selectors.case(conn, one.no)
    assert case is not None
    return case.state


async def test_what_the_pharmacy_holds_and_has_reviewed_is_settled(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.approved(caller)
    info = (await caller.output("2102", bought(one), caller=PHARMACY))["setlinfo"]
    assert yuan(info["act_pay_dedc"]) == 30
    assert yuan(info["hifp_pay"]) == Decimal("13.00")
    assert await state(platform, one) == "filled"
    answer = await caller.output("7107", one.query())
    assert answer["data"]["rxUsedStasCodg"] == "2"


@pytest.mark.parametrize("settled_first", [True, False])
async def test_dispensed_and_settled_are_two_facts_in_either_order(
    caller: Caller, platform: Platform, settled_first: bool
) -> None:
    one = await rx.approved(caller)
    await rx_world.stocked(caller, PHARMACY, 1)
    if settled_first:
        await caller.output("2102", bought(one), caller=PHARMACY)
        await one.dispense()
    else:
        await one.dispense()
        await caller.output("2102", bought(one), caller=PHARMACY)
    async with platform.pool.acquire() as conn:
        case = await selectors.case(conn, one.no)
        assert case is not None
        (taking,) = case.takings
        assert taking.sale_sn
        assert taking.settlement_id
        assert await verify.differences(conn) == ()
        assert await stock_verify.differences(conn) == ()


async def test_a_pharmacy_that_does_not_hold_it_settles_nothing_and_is_told_who_does(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.approved(caller)
    why = await caller.refused("2102", bought(one), caller=SECOND)
    assert "RX_HELD" in why
    assert "测试" in why
    assert await state(platform, one) == "approved"


async def test_held_but_not_reviewed_it_is_not_settled(caller: Caller) -> None:
    one = await rx.held(caller)
    assert "RX_" in await caller.refused("2102", bought(one), caller=PHARMACY)


async def test_nobody_is_sold_more_than_was_prescribed(caller: Caller) -> None:
    one = await rx.approved(caller)
    assert "RX_QUANTITY_EXCEEDED" in await caller.refused("2102", bought(one, count=2), caller=PHARMACY)


@pytest.mark.clause("SX2022-27.art14.c")
async def test_what_the_hospital_sold_no_pharmacy_sells_again(caller: Caller, platform: Platform) -> None:
    one = await rx.visited(caller)
    await one.check(drugs=[rx.drug(), rx.drug(rx_world.SECOND_DRUG)])
    await one.sign()
    await one.circulate()
    batch = fresh("B")
    row = messages.line(
        one.psn_no,
        one.mdtrt_id,
        batch,
        rxno=one.no,
        fee_ocur_time=rx.text(one.now),
        med_list_codg=world.DRUG_A,
    )
    await caller.output("2204", {"feedetail": [row]})
    await caller.output(
        "2207",
        messages.settlement(one.psn_no, one.mdtrt_id, batch, row["det_item_fee_sumamt"], acct_used_flag="0"),
    )
    await one.authorise()
    await one.accept()
    await one.verify()
    await one.review()
    assert "SAME_DRUG_DIFFERENT_INSTITUTION" in await caller.refused("2102", bought(one), caller=PHARMACY)
    second = bought(one, rx_world.SECOND_DRUG)
    assert "RX_SPLIT_REASON_MISSING" in await caller.refused("2102", second, caller=PHARMACY)
    second = bought(one, rx_world.SECOND_DRUG, exp_content='{"RX_SPLIT_REA": "医院缺药"}')
    await caller.output("2102", second, caller=PHARMACY)
    assert await state(platform, one) == "filled"


async def test_after_its_third_day_the_pool_does_not_pay_and_the_account_may(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    one = await rx.circulating(caller)
    clock.wait(days=3)
    info = (await caller.output("2102", bought(one), caller=PHARMACY))["setlinfo"]
    assert yuan(info["hifp_pay"]) == 0
    assert await state(platform, one) != "filled"


async def test_a_withdrawn_prescription_is_not_settled(caller: Caller) -> None:
    one = await rx.approved(caller)
    await caller.output("7104", one.undo())
    assert "RX_REVOKED" in await caller.refused("2102", bought(one), caller=PHARMACY)


async def test_a_refund_opens_the_prescription_and_brings_the_drugs_back(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.approved(caller)
    info = (await caller.output("2102", bought(one), caller=PHARMACY))["setlinfo"]

    await rx_world.stocked(caller, PHARMACY, 1)
    before = await rx_world.on_hand(caller, PHARMACY)
    await one.dispense()
    assert await rx_world.on_hand(caller, PHARMACY) == before - 1
    back = {"data": {"psn_no": one.psn_no, "setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"]}}
    undone = (await caller.output("2103", back, caller=PHARMACY))["setlinfo"]
    assert yuan(undone["hifp_pay"]) == -yuan(info["hifp_pay"])
    assert await state(platform, one) == "circulating"
    assert await rx_world.on_hand(caller, PHARMACY) == before
    await one.authorise(SECOND)
    await one.accept(SECOND)
    await one.verify(SECOND)
    await one.review(SECOND)
    await caller.output("2102", bought(one), caller=SECOND)
    async with platform.pool.acquire() as conn:
        assert await verify.differences(conn) == ()
        assert await stock_verify.differences(conn) == ()


async def test_of_two_sales_of_one_item_at_once_one_is_settled(caller: Caller, platform: Platform) -> None:
    for _ in range(8):
        one = await rx.approved(caller)
        answers = await asyncio.gather(*(caller.call("2102", bought(one), caller=PHARMACY) for _ in range(6)))
        assert sorted(answer["infcode"] for answer in answers) == [-1] * 5 + [0]
        told = {answer["err_msg"] for answer in answers if answer["infcode"] == -1}
        assert all("RX_ALREADY_DISPENSED" in text for text in told)


async def test_a_withdrawal_and_a_sale_at_once_do_not_both_happen(caller: Caller, platform: Platform) -> None:
    outcomes = set()
    for _ in range(12):
        one = await rx.approved(caller)
        sale, undo = await asyncio.gather(
            caller.call("2102", bought(one), caller=PHARMACY), caller.call("7104", one.undo())
        )
        assert sorted((sale["infcode"], undo["infcode"])) == [-1, 0]
        outcomes.add(await state(platform, one))
    assert outcomes <= {"filled", "withdrawn"}


async def test_a_forged_number_of_a_prescription_is_no_prescription(caller: Caller) -> None:
    one = await rx.approved(caller)
    two = await rx.visited(caller)
    nodes = bought(one)
    nodes["druginfo"] = {**nodes["druginfo"], **messages.voucher(two.psn_no), "psn_no": two.psn_no}
    info = (await caller.output("2102", nodes, caller=PHARMACY))["setlinfo"]
    assert yuan(info["hifp_pay"]) == 0


@pytest.mark.clause("SX2022-27.art12.d", "SX2022-27.art13.d")
async def test_the_paper_names_who_collected_and_whether_he_has_signed(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.circulating(caller)
    await one.authorise()
    await one.accept(
        agnterName="代购人甲", agnterCertType="01", agnterCertno="110101199003070097", agnterTel="1"
    )
    await one.verify()
    await one.review()
    await rx_world.stocked(caller, PHARMACY, 1)
    info = (await caller.output("2102", bought(one), caller=PHARMACY))["setlinfo"]

    async def printed() -> Receipt:
        async with platform.pool.acquire() as conn:
            paper = await stored_receipt(
                conn, platform.vault, platform.laws, one.psn_no, int(info["setl_id"])
            )
        assert paper is not None
        return paper

    before = await printed()
    assert (before.rx_no, before.proxy, before.signed) == (one.no, "代购人甲（110101**********97）", False)
    await one.dispense(agnterSign=base64.b64encode("签名".encode()).decode())
    assert (await printed()).signed


async def test_the_member_who_comes_himself_signs_himself(caller: Caller, platform: Platform) -> None:
    one = await rx.approved(caller)
    info = (await caller.output("2102", bought(one), caller=PHARMACY))["setlinfo"]
    async with platform.pool.acquire() as conn:
        paper = await stored_receipt(conn, platform.vault, platform.laws, one.psn_no, int(info["setl_id"]))
    assert paper is not None
    assert (paper.proxy, paper.signed) == ("", False)
    assert receipt_text(paper).rstrip().endswith("参保人签字：____________")


async def test_the_hospitals_own_number_is_no_way_around_the_centre(caller: Caller) -> None:
    one = await rx.circulating(caller)
    batch, own_no = fresh("B"), fresh("RX")
    outside = messages.line(
        one.psn_no,
        one.mdtrt_id,
        batch,
        rxno=own_no,
        rx_circ_flag="1",
        det_item_fee_sumamt="0",
        pric="0",
        med_list_codg=world.DRUG_A,
        fee_ocur_time=rx.text(one.now),
    )
    await caller.output("2204", {"feedetail": [outside]})
    nodes = bought(one)
    nodes["drugdetail"][0]["rxno"] = own_no
    why = await caller.refused("2102", nodes, caller=PHARMACY)
    assert "RX_NOT_HELD" in why
    assert one.no in why
    await caller.output("7104", one.undo())
    await caller.output("2102", nodes, caller=PHARMACY)


@pytest.mark.clause("SX2024-11.s3.e")
async def test_a_partial_return_keeps_the_rest_on_the_pool_even_after_the_third_day(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    one = await rx.approved(caller, drugs=[rx.drug(), rx.drug(rx_world.SECOND_DRUG)])
    day = rx.text(one.now)
    rows = [
        messages.drug(rxno=one.no, med_list_codg=item, fee_ocur_time=day)
        for item in (world.DRUG_A, rx_world.SECOND_DRUG)
    ]

    def sale(lines: list[dict[str, Any]]) -> dict[str, Any]:
        total = f"{50 * len(lines)}.00"
        return messages.purchase(one.psn_no, total, lines, begntime=day, acct_used_flag="0")

    whole = (await caller.output("2102", sale(rows), caller=PHARMACY))["setlinfo"]
    assert yuan(whole["hifp_pay"]) == Decimal("45.50")
    clock.wait(days=6)
    back = {"data": {"psn_no": one.psn_no, "setl_id": whole["setl_id"], "mdtrt_id": whole["mdtrt_id"]}}
    await caller.output("2103", back, caller=PHARMACY)
    kept = (await caller.output("2102", sale([{**rows[0], "feedetl_sn": fresh("L")}]), caller=PHARMACY))[
        "setlinfo"
    ]
    assert (yuan(kept["act_pay_dedc"]), yuan(kept["hifp_pay"])) == (30, Decimal("13.00"))
    async with platform.pool.acquire() as conn:
        assert await verify.differences(conn) == ()
