"""What comes back when a settlement on a prescription of the centre is undone: its items, its packs, its drugs on the shelf."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gongji.gateway.platform import Platform
from gongji.prescriptions import verify
from gongji.stock import services as stock
from gongji.stock import verify as stock_verify
from tests.gateway import messages, rx, rx_world, world
from tests.gateway.client import Caller, envelope, fresh
from tests.gateway.rx import Rx
from tests.gateway.test_outpatient import yuan
from tests.gateway.test_rx_settle import bought, state

PHARMACY, SECOND = world.PHARMACY, rx_world.SECOND_PHARMACY
OTHER = rx_world.SECOND_DRUG


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


def back(one: Rx, info: dict[str, Any]) -> dict[str, Any]:
    """Nodes of 2103."""
    return {"data": {"psn_no": one.psn_no, "setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"]}}


async def agrees(platform: Platform) -> None:
    async with platform.pool.acquire() as conn:
        assert await verify.differences(conn) == ()
        assert await stock_verify.differences(conn) == ()


async def settled(caller: Caller, nodes: dict[str, Any], pharmacy: str = PHARMACY) -> dict[str, Any]:
    info: dict[str, Any] = (await caller.output("2102", nodes, caller=pharmacy))["setlinfo"]
    return info


async def test_a_refund_brings_back_its_own_drugs_and_not_the_receipts_others(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.approved(caller, drugs=[rx.drug(), rx.drug(OTHER)])
    for item in (world.DRUG_A, OTHER):
        await rx_world.stocked(caller, PHARMACY, 3, item=item)
    receipt = fresh("LS")
    sales = []
    for item in (world.DRUG_A, OTHER):
        row = {"medListCodg": item, "medinsListCodg": rx_world.local_of(item), "rtalDocno": receipt}
        await one.dispense(rows=[row])
        sales.append(await settled(caller, bought(one, item)))
    before = await rx_world.on_hand(caller, PHARMACY), await rx_world.on_hand(caller, PHARMACY, OTHER)
    await caller.output("2103", back(one, sales[0]), caller=PHARMACY)
    after = await rx_world.on_hand(caller, PHARMACY), await rx_world.on_hand(caller, PHARMACY, OTHER)
    assert after == (before[0] + 1, before[1])
    await caller.output("2103", back(one, sales[1]), caller=PHARMACY)
    assert await rx_world.on_hand(caller, PHARMACY, OTHER) == before[1] + 1
    await agrees(platform)


async def test_the_undo_of_a_lost_answer_gives_back_as_a_refund_does(
    caller: Caller, platform: Platform
) -> None:
    one, pack, msgid = await rx.approved(caller), fresh("87654321"), fresh("M")
    await rx_world.stocked(caller, PHARMACY, 2)
    before = await rx_world.on_hand(caller, PHARMACY)
    nodes = bought(one)
    nodes["drugdetail"][0]["drug_trac_info"] = [{"drug_trac_codg": pack, "trdn_flag": "0"}]
    lost = await caller.send({**envelope("2102", nodes, caller=PHARMACY), "msgid": msgid})
    assert lost["infcode"] == 0, lost
    await one.dispense()
    undo = {"data": {"psn_no": one.psn_no, "omsgid": msgid, "oinfno": "2102"}}
    await caller.output("2601", undo, caller=PHARMACY)
    assert await state(platform, one) == "circulating"
    assert await rx_world.on_hand(caller, PHARMACY) == before
    async with platform.pool.acquire() as conn:
        assert await conn.fetchval("SELECT count(*) FROM stock_v_trace_use WHERE code = $1", pack) == 0
    await agrees(platform)


async def test_after_its_time_is_over_and_in_the_next_year_a_refund_still_gives_back(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    one = await rx.approved(caller)
    await rx_world.stocked(caller, PHARMACY, 2)
    before = await rx_world.on_hand(caller, PHARMACY)
    info = await settled(caller, bought(one))
    await one.dispense()
    clock.wait(days=150)
    undone = (await caller.output("2103", back(one, info), caller=PHARMACY))["setlinfo"]
    assert yuan(undone["hifp_pay"]) == -yuan(info["hifp_pay"])
    assert await state(platform, one) == "expired"
    assert await rx_world.on_hand(caller, PHARMACY) == before
    await agrees(platform)


async def test_part_of_a_sale_comes_back_by_a_refund_and_a_new_sale(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.approved(caller, drugs=[rx.drug(), rx.drug(OTHER)])
    both = bought(one)
    both["drugdetail"] += bought(one, OTHER)["drugdetail"]
    both["druginfo"]["medfee_sumamt"] = "100.00"
    info = await settled(caller, both)
    assert await state(platform, one) == "filled"
    await caller.output("2103", back(one, info), caller=PHARMACY)
    assert await state(platform, one) == "circulating"
    await one.authorise()
    await one.accept()
    await one.verify()
    await one.review()
    kept = await settled(caller, bought(one))
    assert yuan(kept["hifp_pay"]) == 13
    assert await state(platform, one) == "approved"
    await agrees(platform)


@pytest.mark.parametrize("other", ["2103", "7208", "3506"])
async def test_a_refund_beside_what_else_takes_back_leaves_books_that_agree(
    caller: Caller, platform: Platform, other: str
) -> None:
    await rx.ready(caller)
    await rx_world.stocked(caller, PHARMACY, 20)
    for _ in range(8):
        one = await rx.approved(caller)
        receipt = fresh("LS")
        before = await rx_world.on_hand(caller, PHARMACY)
        await one.dispense(rows=[{"rtalDocno": receipt}])
        info = await settled(caller, bought(one))
        beside = {"2103": back(one, info), "7208": one.taking_back(), "3506": returned(one)}[other]
        first, second = await asyncio.gather(
            caller.call("2103", back(one, info), caller=PHARMACY), caller.call(other, beside, caller=PHARMACY)
        )
        codes = sorted((first["infcode"], second["infcode"]))
        assert codes == ([0, 0] if other == "3506" else [-1, 0]), (first["err_msg"], second["err_msg"])
        assert await rx_world.on_hand(caller, PHARMACY) == before, other
        assert await state(platform, one) == "circulating"
    await agrees(platform)


def returned(one: Rx) -> dict[str, Any]:
    """Nodes of 3506: the pharmacy reports what came back of the prescription."""
    return {
        "selinfo": {
            "med_list_codg": world.DRUG_A,
            "fixmedins_hilist_id": rx_world.local_of(world.DRUG_A),
            "fixmedins_hilist_name": "测试甲类片",
            "fixmedins_bchno": "B1",
            "setl_id": "",
            "psn_no": one.psn_no,
            "psn_cert_type": "01",
            "certno": world.certno_of(one.psn_no),
            "psn_name": world.name_of(one.psn_no),
            "manu_lotnum": "LOT1",
            "manu_date": "2024-01-01",
            "expy_end": "2099-01-01",
            "rx_flag": "1",
            "trdn_flag": "0",
            "finl_trns_pric": "50.00",
            "sel_retn_cnt": 1,
            "sel_retn_time": rx.text(one.now),
            "sel_retn_opter_name": "测试店员",
            "memo": "",
            "medins_prod_sel_no": "",
            "mdtrt_sn": "",
        }
    }


async def test_when_a_hold_has_lapsed_the_next_pharmacy_and_the_late_sale_do_not_both_win(
    caller: Caller, platform: Platform, clock: rx_world.Clock
) -> None:
    for _ in range(6):
        one = await rx.approved(caller)
        clock.wait(hours=30)
        await one.authorise(SECOND)
        sale, accept = await asyncio.gather(
            caller.call("2102", bought(one), caller=PHARMACY),
            caller.call("7204", one.download(SECOND), caller=SECOND),
        )
        assert (sale["infcode"], accept["infcode"]) == (-1, 0), (sale["err_msg"], accept["err_msg"])
        assert await state(platform, one) == "held"
    await agrees(platform)


async def in_house(caller: Caller, one: Rx, *numbers: str) -> dict[str, Any]:
    """Nodes of 2207 for lines of the hospital's own pharmacy, one a prescription number."""
    batch, at = fresh("B"), rx.text(one.now)
    rows = [
        messages.line(one.psn_no, one.mdtrt_id, batch, rxno=number, fee_ocur_time=at, med_list_codg=item)
        for number, item in zip(numbers, (world.DRUG_A, OTHER), strict=False)
    ]
    await caller.output("2204", {"feedetail": rows})
    total = f"{100 * len(rows)}.00"
    return messages.settlement(one.psn_no, one.mdtrt_id, batch, total, acct_used_flag="0")


async def test_one_batch_of_the_hospital_fills_two_prescriptions_of_the_visit_and_a_reversal_opens_both(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.circulating(caller)
    two = Rx(caller, one.psn_no, one.mdtrt_id, one.at)
    await two.check(drugs=[rx.drug(OTHER)])
    await two.sign()
    await two.circulate()
    info = (await caller.output("2207", await in_house(caller, one, one.no, two.no)))["setlinfo"]
    assert (await state(platform, one), await state(platform, two)) == ("filled", "filled")
    await caller.output("2208", back(one, info))
    assert (await state(platform, one), await state(platform, two)) == ("circulating", "circulating")
    await agrees(platform)


async def test_what_the_doctor_withdrew_the_hospital_sells_under_its_own_number(
    caller: Caller, platform: Platform
) -> None:
    one, own = await rx.visited(caller), fresh("HRX")
    await one.check(hospRxno=own)
    await one.sign()
    await one.circulate()
    await caller.output("7104", one.undo())
    assert "RX_REVOKED" in await caller.refused("2207", await in_house(caller, one, one.no))
    await caller.output("2207", await in_house(caller, one, own))
    assert await state(platform, one) == "withdrawn"


async def test_the_number_1_that_hospitals_write_on_every_line_touches_no_prescription(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.circulating(caller)
    await caller.output("2207", await in_house(caller, one, "1", "1"))
    assert await state(platform, one) == "circulating"


async def test_of_one_sale_that_was_settled_in_parts_a_refund_brings_back_its_part(
    caller: Caller, platform: Platform
) -> None:
    one = await rx.approved(caller, drugs=[rx.drug(), rx.drug(OTHER)])
    for item in (world.DRUG_A, OTHER):
        await rx_world.stocked(caller, PHARMACY, 3, item=item)
    rows = [
        {"medListCodg": item, "medinsListCodg": rx_world.local_of(item)} for item in (world.DRUG_A, OTHER)
    ]
    await one.dispense(rows=rows)
    first, _ = [await settled(caller, bought(one, item)) for item in (world.DRUG_A, OTHER)]
    before = await rx_world.on_hand(caller, PHARMACY), await rx_world.on_hand(caller, PHARMACY, OTHER)
    await caller.output("2103", back(one, first), caller=PHARMACY)
    after = await rx_world.on_hand(caller, PHARMACY), await rx_world.on_hand(caller, PHARMACY, OTHER)
    assert after == (before[0] + 1, before[1])
    await agrees(platform)


async def test_a_connection_cut_between_the_refund_and_the_shelf_leaves_neither_alone(
    caller: Caller, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, pack = await rx.approved(caller), fresh("87654321")
    await rx_world.stocked(caller, PHARMACY, 2)
    before = await rx_world.on_hand(caller, PHARMACY)
    nodes = bought(one)
    nodes["drugdetail"][0]["drug_trac_info"] = [{"drug_trac_codg": pack, "trdn_flag": "0"}]
    info = await settled(caller, nodes)
    await one.dispense()
    seen: list[tuple[str, float, int]] = []
    sale_returned = stock.sale_returned

    async def cut(conn: Any, *args: Any, **more: Any) -> Any:
        async with platform.pool.acquire() as beside:
            held = await beside.fetchval("SELECT count(*) FROM stock_v_trace_use WHERE code = $1", pack)
        seen.append((await state(platform, one), await rx_world.on_hand(caller, PHARMACY), held))
        if len(seen) == 1:
            await conn.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return await sale_returned(conn, *args, **more)

    monkeypatch.setattr(stock, "sale_returned", cut)
    await caller.output("2103", back(one, info), caller=PHARMACY)
    assert seen == [("filled", before - 1, 1)] * 2
    assert await state(platform, one) == "circulating"
    assert await rx_world.on_hand(caller, PHARMACY) == before
    await agrees(platform)


async def test_a_relatives_account_pays_prescription_and_pack_in_one_and_gets_its_money_back(
    caller: Caller, platform: Platform
) -> None:
    await rx.ready(caller)
    psn_no, spouse = [await messages.somebody(caller, own_fen=fen) for fen in (10_00, 30_00)]
    async with platform.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO members_family (psn_no, spell_no, from_on, until_on, owner, relation)"
            " VALUES ($1, 1, '2020-01-01', NULL, $2, 'spouse')",
            psn_no,
            spouse,
        )
        await world.record_history(conn)
    one, pack = await rx.circulating(caller, psn_no), fresh("87654321")
    await one.authorise()
    await one.accept()
    await one.verify()
    await one.review()
    nodes = bought(one)
    nodes["druginfo"]["acct_used_flag"] = "1"
    nodes["drugdetail"][0]["drug_trac_info"] = [{"drug_trac_codg": pack, "trdn_flag": "0"}]
    info = await settled(caller, nodes)
    assert yuan(info["acct_mulaid_pay"]) == 27
    assert await state(platform, one) == "filled"
    undone = (await caller.output("2103", back(one, info), caller=PHARMACY))["setlinfo"]
    assert yuan(undone["acct_mulaid_pay"]) == -27
    assert await state(platform, one) == "circulating"
    async with platform.pool.acquire() as conn:
        assert await conn.fetchval("SELECT count(*) FROM stock_v_trace_use WHERE code = $1", pack) == 0
    await agrees(platform)
