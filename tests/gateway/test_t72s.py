"""7207-7211: handing out, taking back, delivery, and the list of drugs, over HTTP on the real platform."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from gongji.gateway.platform import Platform
from tests.gateway import rx, rx_world, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import row_counts

PHARMACY = world.PHARMACY
SECOND = rx_world.SECOND_PHARMACY
TRACE = "83012345678901234567"


@pytest.fixture
def clock() -> rx_world.Clock:
    return rx_world.Clock()


@pytest.fixture
def now(clock: rx_world.Clock) -> rx_world.Clock:
    return clock


async def approved(caller: Caller, pharmacy: str = PHARMACY, units: int = 5, **given: Any) -> rx.Rx:
    """A prescription that may be handed out, and goods on the shelf."""
    one = await rx.approved(caller, pharmacy, **given)
    await rx_world.stocked(caller, pharmacy, units)
    await rx_world.stocked(caller, pharmacy, units, item=rx_world.SECOND_DRUG)
    return one


async def taken_of(caller: Caller, one: rx.Rx) -> dict[str, Any]:
    found: dict[str, Any] = await caller.output("7107", one.query())
    return found


async def test_what_is_handed_out_leaves_the_shelf_with_its_batch(caller: Caller) -> None:
    one = await approved(caller)
    before = await rx_world.on_hand(caller, PHARMACY)
    await one.dispense(rows=[{"drugTraceCodg": ""}])
    assert one.sale_sn.isdigit()
    assert await rx_world.on_hand(caller, PHARMACY) == before - 1
    found = await taken_of(caller, one)
    (row,) = found["seltdelts"]
    assert (row["medListCodg"], row["cnt"], row["bchno"], row["manuLotnum"]) == (
        world.DRUG_A,
        1,
        "B1",
        "LOT1",
    )
    assert row["takeDrugFlag"] == "0"
    assert found["data"]["setlTime"] is None


async def test_sold_without_insurance_it_is_used(caller: Caller) -> None:
    one = await approved(caller)
    await one.dispense(hiFeesetlFlag="0", psnCashPay="50.00")
    found = await taken_of(caller, one)
    assert (found["data"]["rxStasCodg"], found["data"]["rxUsedStasCodg"]) == ("1", "2")
    assert found["seltdelts"][0]["takeDrugFlag"] == "1"
    details = await caller.output("7105", one.query())
    assert details["data"]["rxUsedStasName"] == "已使用"
    assert details["rxDetlList"][0]["takeDrugFlag"] == "1"


@pytest.mark.parametrize(
    ("head", "rows", "reason"),
    [
        ({"rxChkBizSn": "1"}, [{}], "RX_NOT_REVIEWED"),
        ({"rxChkBizSn": "x"}, [{}], "RX_NOT_REVIEWED"),
        ({"hiRxno": "1"}, [{}], "RX_NOT_FOUND"),
        ({"hiFeesetlFlag": "0"}, [{}], "psnCashPay"),
        ({}, [{"drugTotlcnt": "2"}], "RX_QUANTITY_EXCEEDED"),
        ({}, [{"drugTotlcnt": "0"}], "QUANTITY_INVALID"),
        ({}, [{"drugTotlcnt": "-1"}], "QUANTITY_INVALID"),
        ({}, [{"medListCodg": rx_world.SECOND_DRUG}], "RX_ITEM_NOT_ON_PRESCRIPTION"),
        ({}, [{"bchno": "B9", "manuLotnum": ""}], "OUT_OF_STOCK"),
        ({}, [], "MISSING_NODE"),
        ({"fixmedinsCode": SECOND}, [{}], "FORBIDDEN"),
    ],
)
async def test_a_wrong_sale_is_refused_and_nothing_moves(
    caller: Caller, platform: Platform, head: dict[str, str], rows: list[dict[str, str]], reason: str
) -> None:
    one = await approved(caller)
    assert reason in await rx_world.refused(caller, platform, "7207", one.sale(rows=rows, **head))


async def test_what_is_not_on_the_shelf_is_not_handed_out(caller: Caller, platform: Platform) -> None:
    one = await rx.approved(caller, drugs=[rx.drug(world.DRUG_B)])
    text = await rx_world.refused(caller, platform, "7207", one.sale(rows=[{"medListCodg": world.DRUG_B}]))
    assert "OUT_OF_STOCK" in text
    assert world.DRUG_B in text or "药店" in text


async def test_a_pharmacy_that_does_not_hold_it_hands_nothing_out(caller: Caller, platform: Platform) -> None:
    one = await approved(caller)
    assert "RX_NOT_FOUND" in await rx_world.refused(caller, platform, "7207", one.sale(SECOND), SECOND)
    held_before = await approved(caller, SECOND)
    await caller.output("7291", held_before.release(SECOND), caller=SECOND)
    await held_before.authorise(PHARMACY)
    await held_before.accept(PHARMACY)
    text = await rx_world.refused(caller, platform, "7207", held_before.sale(SECOND), SECOND)
    assert "RX_HELD" in text or "RX_NOT_HELD" in text


@pytest.mark.clause("SX2022-27.art13.d")
async def test_a_proxy_is_registered_and_signs(caller: Caller, platform: Platform) -> None:
    one = await rx.circulating(caller)
    await rx_world.stocked(caller, PHARMACY, 5)
    await one.authorise()
    proxy = {
        "agnterName": "代购人",
        "agnterCertType": "01",
        "agnterCertno": "110101199001011237",
        "agnterRlts": "1",
    }
    await one.accept(extras=proxy)
    await one.verify()
    await one.review()
    assert "PROXY_SIGNATURE_MISSING" in await rx_world.refused(caller, platform, "7207", one.sale())
    await one.dispense(agnterSign=base64.b64encode(b"a picture").decode())
    async with platform.pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT detail::text || coalesce(encode(sealed, 'escape'), '') FROM prescriptions_event WHERE psn_no = $1",
            one.psn_no,
        )
    text = " ".join(row[0] for row in rows)
    for personal in ("代购人", "110101199001011237", "a picture"):
        assert personal not in text


@pytest.mark.clause("SX2022-27.art14.b")
async def test_two_drugs_go_to_two_pharmacies_with_a_reason(caller: Caller, platform: Platform) -> None:
    one = await approved(caller, drugs=[rx.drug(), rx.drug(rx_world.SECOND_DRUG)])
    await one.dispense()
    await caller.output("7291", one.release(medListCodgs=[rx_world.SECOND_DRUG]), caller=PHARMACY)
    await one.authorise(SECOND)
    await one.accept(SECOND)
    flags = {row["medListCodg"]: row["takeDrugFlag"] for row in one.taken["rxDetlList"]}
    assert flags == {world.DRUG_A: "0", rx_world.SECOND_DRUG: "0"}
    await one.verify(SECOND)
    await one.review(SECOND)
    await rx_world.stocked(caller, SECOND, 5)
    await rx_world.stocked(caller, SECOND, 5, item=rx_world.SECOND_DRUG)
    again = one.sale(SECOND, rows=[{}])
    text = await rx_world.refused(caller, platform, "7207", again, SECOND)
    assert "SAME_DRUG_DIFFERENT_INSTITUTION" in text or "RX_ALREADY_DISPENSED" in text
    await one.dispense(SECOND, rows=[{"medListCodg": rx_world.SECOND_DRUG}])
    found = await taken_of(caller, one)
    assert [row["cnt"] for row in found["seltdelts"]] == [1, 1]
    assert found["data"]["rxUsedStasCodg"] == "2"


async def test_a_sale_is_taken_back_and_the_goods_return(caller: Caller, platform: Platform) -> None:
    one = await approved(caller)
    before = await rx_world.on_hand(caller, PHARMACY)
    await one.dispense()
    for spoil, reason in (
        ({"selStooutSn": "1"}, "RX_SALE_NOT_FOUND"),
        ({"selStooutSn": "x"}, "RX_SALE_NOT_FOUND"),
    ):
        assert reason in await rx_world.refused(caller, platform, "7208", one.taking_back(**spoil))
    assert "RX_NOT_FOUND" in await rx_world.refused(caller, platform, "7208", one.taking_back(SECOND), SECOND)
    assert await caller.output("7208", one.taking_back(), caller=PHARMACY) == {"data": {"flag": True}}
    assert await rx_world.on_hand(caller, PHARMACY) == before
    found = await taken_of(caller, one)
    assert (found["data"]["rxUsedStasCodg"], found["seltdelts"][0]["cnt"]) == ("1", 0)
    assert "RX_STATE" in await rx_world.refused(caller, platform, "7208", one.taking_back())


async def test_without_a_number_every_sale_is_taken_back(caller: Caller) -> None:
    one = await approved(caller, drugs=[rx.drug(), rx.drug(rx_world.SECOND_DRUG)])
    rows = [{}, {"medListCodg": rx_world.SECOND_DRUG}]
    await one.dispense(rows=rows)
    await caller.output("7208", one.taking_back(selStooutSn=""), caller=PHARMACY)
    assert {row["cnt"] for row in (await taken_of(caller, one))["seltdelts"]} == {0}


@pytest.mark.clause("NHSA2023-4.s3.1.c")
async def test_a_delivery_is_followed_until_it_is_signed_for(caller: Caller, platform: Platform) -> None:
    one = await approved(caller)
    await rx_world.refused(caller, platform, "7209", one.delivery())
    await one.dispense()
    assert "DELIVERY_UNKNOWN" in await rx_world.refused(caller, platform, "7210", one.receipt(delvNo="PS9"))
    await caller.output("7209", one.delivery(), caller=PHARMACY)
    for spoil, reason in (
        ({"delvStasCodg": "9"}, "UNKNOWN_CODE"),
        ({"delverCertType": "7x"}, "UNKNOWN_CODE"),
        ({"delvConner": ""}, "delvConner"),
    ):
        assert reason in await rx_world.refused(caller, platform, "7209", one.delivery(**spoil))
    assert await caller.output("7210", one.receipt(), caller=PHARMACY) == {"data": {"flag": True}}
    assert "RX_NOT_FOUND" in await rx_world.refused(caller, platform, "7209", one.delivery(SECOND), SECOND)
    async with platform.pool.acquire() as connection:
        rows = await connection.fetch(
            "SELECT detail::text, sealed FROM prescriptions_event WHERE psn_no = $1 AND verb IN ('deliver', 'sign_for')",
            one.psn_no,
        )
    assert len(rows) == 2
    for detail, sealed in rows:
        for personal in ("测试路一号", world.name_of(one.psn_no), "测试配送员"):
            assert personal not in detail
            assert personal.encode() not in sealed


async def test_a_sale_that_is_sent_twice_is_one_sale(caller: Caller, platform: Platform) -> None:
    one = await approved(caller)
    nodes, number = one.sale(), fresh("MSG")
    first = await caller.output("7207", nodes, caller=PHARMACY, msgid=number)
    before = await row_counts(platform)
    assert await caller.output("7207", nodes, caller=PHARMACY, msgid=number) == first
    assert await row_counts(platform) == before


def query(**fields: Any) -> dict[str, Any]:
    return {"data": {"fixmedinsCode": PHARMACY, "pageNum": 1, "pageSize": 100, **fields}}


async def test_drugs_that_may_circulate_are_found_by_code_and_by_name(caller: Caller) -> None:
    await rx_world.ready(caller)
    by_code = await caller.output("7211", query(medListCodg=world.DRUG_B), caller=PHARMACY)
    (row,) = by_code["list"]
    assert by_code["data"] == {"total": 1, "size": 1}
    assert (row["regName"], row["chrgitmLv"], row["hiPayStd"], row["minPacunt"]) == (
        "测试乙类片",
        "02",
        10,
        "盒",
    )
    assert (row["oppoolFlag"], row["natHiDruglistChrgitmLv"], row["listTypeName"]) == (
        "1",
        "乙",
        "西药中成药",
    )
    several = await caller.output(
        "7211", query(medListCodgs=[world.DRUG_A, world.DRUG_B, "NONE"]), caller=PHARMACY
    )
    assert [row["medListCodg"] for row in several["list"]] == [world.DRUG_A, world.DRUG_B]
    named = await caller.output("7211", query(drugName="二甲双胍"), caller=PHARMACY)
    assert [row["medListCodg"] for row in named["list"]] == [rx_world.SECOND_DRUG]


async def test_what_may_not_circulate_is_not_on_the_list(caller: Caller) -> None:
    await rx_world.ready(caller)
    for code in (rx_world.CONTROLLED, world.SERVICE):
        found = await caller.output("7211", query(medListCodg=code), caller=PHARMACY)
        assert found == {"data": {"total": 0, "size": 0}, "list": []}
    named = await caller.output("7211", query(drugName="测试"), caller=PHARMACY)
    codes = {row["medListCodg"] for row in named["list"]}
    assert rx_world.CONTROLLED not in codes
    assert world.SELF_PAY in codes
    pooled = await caller.output("7211", query(drugName="测试", oppoolFlag="1"), caller=PHARMACY)
    assert world.SELF_PAY not in {row["medListCodg"] for row in pooled["list"]}


async def test_the_list_is_paged(caller: Caller) -> None:
    await rx_world.ready(caller)
    whole = await caller.output("7211", query(drugName="测试"), caller=PHARMACY)
    pages = [
        await caller.output("7211", query(drugName="测试", pageNum=number, pageSize=2), caller=PHARMACY)
        for number in range(1, 5)
    ]
    assert [row for page in pages for row in page["list"]] == whole["list"]
    assert {page["data"]["total"] for page in pages} == {whole["data"]["total"]}


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"pageSize": 101}, "pageSize"),
        ({"pageSize": 0}, "pageSize"),
        ({"pageNum": 0}, "pageNum"),
        ({"pageNum": "１"}, "pageNum"),
        ({"medListCodg": ""}, "至少填写一项"),
        ({"fixmedinsCode": SECOND}, "FORBIDDEN"),
        ({"medListCodgs": [{}]}, "medListCodgs"),
    ],
)
async def test_a_wrong_question_about_drugs_is_refused(
    caller: Caller, platform: Platform, spoil: dict[str, Any], reason: str
) -> None:
    await rx_world.ready(caller)
    nodes = query(**{"medListCodg": world.DRUG_A, **spoil})
    assert reason in await rx_world.refused(caller, platform, "7211", nodes)
