"""Trace codes (药品追溯码) over the interface: a pack is settled once, whoever sells it; a refund frees it."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from gongji.gateway.app import Gateway
from gongji.gateway.opening import open_platform
from gongji.gateway.platform import Platform
from gongji.gateway.settings import GatewaySettings
from gongji.policy import Law
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.test_outpatient import family
from tests.vaults import VAULT

SECOND = "P14083000002"
PACK_OF_TEN = "XC03CAF000002010100777"


@pytest.fixture(scope="module")
def world_url(pg_url: str) -> str:
    async def fill() -> None:
        conn = await asyncpg.connect(pg_url)
        await world.build(conn)
        await world.add_institution(conn, SECOND, "测试二药房", "pharmacy", "")
        await world.add_item(conn, PACK_OF_TEN, "测试十片装", "01")
        await conn.execute("UPDATE catalog_item SET pack_units = 10 WHERE code = $1", PACK_OF_TEN)
        await conn.close()

    asyncio.run(fill())
    return pg_url


def code() -> str:
    """A trace code that no other pack has."""
    return fresh("87654321")


def sold(psn_no: str, *codes: str, split: str = "0", **fields: Any) -> dict[str, Any]:
    """Input of 2102 without a prescription (the account pays), each pack with its code."""
    row = messages.drug(**fields)
    total = row["det_item_fee_sumamt"]
    nodes = messages.purchase(psn_no, total, [row], acct_used_flag="0")
    nodes["drug_trac_info"] = [
        {"feedetl_sn": row["feedetl_sn"], "drug_trac_codg": one, "trdn_flag": split} for one in codes
    ]
    return nodes


@pytest.mark.clause("NHSA2023-4.s3.4.d")
async def test_a_pack_is_settled_once_at_whatever_pharmacy(caller: Caller, platform: Platform) -> None:
    one, two, pack = await family(platform), await family(platform), code()
    await caller.output("2102", sold(one, pack), caller=world.PHARMACY)
    for pharmacy in (world.PHARMACY, SECOND):
        why = await caller.refused("2102", sold(two, pack), caller=pharmacy)
        assert "TRACE_CODE_SETTLED" in why
        assert one not in why
    await caller.output("2102", sold(two, code()), caller=SECOND)


async def test_a_preview_says_what_the_settlement_would(caller: Caller, platform: Platform) -> None:
    psn_no, pack = await family(platform), code()
    await caller.output("2101", sold(psn_no, pack), caller=world.PHARMACY)
    await caller.output("2102", sold(psn_no, pack), caller=world.PHARMACY)
    assert "TRACE_CODE_SETTLED" in await caller.refused("2101", sold(psn_no, pack), caller=world.PHARMACY)


async def test_one_sale_cannot_bring_the_same_pack_twice(caller: Caller, platform: Platform) -> None:
    psn_no, pack = await family(platform), code()
    assert "TRACE_CODE_TWICE" in await caller.refused("2102", sold(psn_no, pack, pack), caller=world.PHARMACY)


async def test_a_refund_frees_the_packs(caller: Caller, platform: Platform) -> None:
    psn_no, pack = await family(platform), code()
    info = (await caller.output("2102", sold(psn_no, pack), caller=world.PHARMACY))["setlinfo"]
    back = {"data": {"psn_no": psn_no, "setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"]}}
    await caller.output("2103", back, caller=world.PHARMACY)
    await caller.output("2102", sold(psn_no, pack), caller=SECOND)


async def test_a_split_pack_is_sold_up_to_its_content_by_one_pharmacy(
    caller: Caller, platform: Platform
) -> None:
    psn_no, pack = await family(platform), code()

    def tablets(count: int) -> dict[str, Any]:
        return sold(
            psn_no, pack, split="1", med_list_codg=PACK_OF_TEN, cnt=count, pric="1.00",
            det_item_fee_sumamt=f"{count}.00",
        )  # fmt: skip

    await caller.output("2102", tablets(6), caller=world.PHARMACY)
    assert "TRACE_CODE_SETTLED" in await caller.refused("2102", tablets(1), caller=SECOND)
    assert "TRACE_PACK_EXCEEDED" in await caller.refused("2102", tablets(5), caller=world.PHARMACY)
    await caller.output("2102", tablets(4), caller=world.PHARMACY)
    assert "TRACE_PACK_EXCEEDED" in await caller.refused("2102", tablets(1), caller=world.PHARMACY)


async def test_a_hospitals_settlement_brings_codes_of_uploaded_lines(
    caller: Caller, platform: Platform
) -> None:
    psn_no, pack = await family(platform), code()

    async def settled() -> tuple[dict[str, Any], str]:
        mdtrt_id, batch = await messages.visit(caller, psn_no), fresh("B")
        row = messages.line(psn_no, mdtrt_id, batch)
        await caller.output("2204", {"feedetail": [row]}, caller=world.HOSPITAL)
        nodes = messages.settlement(psn_no, mdtrt_id, batch, row["det_item_fee_sumamt"], acct_used_flag="0")
        return nodes, str(row["feedetl_sn"])

    nodes, key = await settled()
    nodes["drug_trac_info"] = [{"feedetl_sn": "不存在", "drug_trac_codg": pack, "trdn_flag": "0"}]
    assert "feedetl_sn" in await caller.refused("2207", nodes)
    nodes["drug_trac_info"] = [{"feedetl_sn": key, "drug_trac_codg": pack, "trdn_flag": "0"}]
    await caller.output("2207", nodes)
    nodes, key = await settled()
    nodes["drug_trac_info"] = [{"feedetl_sn": key, "drug_trac_codg": pack, "trdn_flag": "0"}]
    assert "TRACE_CODE_SETTLED" in await caller.refused("2207", nodes)


async def test_of_many_who_bring_the_same_pack_at_once_one_settles(
    caller: Caller, platform: Platform
) -> None:
    people = [await family(platform) for _ in range(12)]
    pack = code()
    answers = await asyncio.gather(
        *(
            caller.call("2102", sold(psn_no, pack), caller=(world.PHARMACY, SECOND)[number % 2])
            for number, psn_no in enumerate(people)
        )
    )
    assert sorted(answer["infcode"] for answer in answers) == [-1] * 11 + [0]
    assert all("TRACE_CODE_SETTLED" in answer["err_msg"] for answer in answers if answer["infcode"] == -1)
    async with platform.pool.acquire() as conn:
        assert await conn.fetchval("SELECT count(*) FROM stock_v_trace_use WHERE code = $1", pack) == 1


def tablets(psn_no: str, counts: tuple[int, ...], *packs: str) -> dict[str, Any]:
    """Input of 2102 with one line a count, all out of the same split packs of ten."""
    rows = [
        messages.drug(med_list_codg=PACK_OF_TEN, cnt=count, pric="1.00", det_item_fee_sumamt=f"{count}.00")
        for count in counts
    ]
    nodes = messages.purchase(psn_no, f"{sum(counts)}.00", rows, acct_used_flag="0")
    nodes["drug_trac_info"] = [
        {"feedetl_sn": row["feedetl_sn"], "drug_trac_codg": pack, "trdn_flag": "1"}
        for row in rows
        for pack in packs
    ]
    return nodes


async def test_two_lines_out_of_the_same_split_packs_take_what_is_left(
    caller: Caller, platform: Platform
) -> None:
    psn_no, one, two = await family(platform), code(), code()
    why = await caller.refused("2102", tablets(psn_no, (6, 6), one), caller=world.PHARMACY)
    assert "TRACE_PACK_EXCEEDED" in why
    await caller.output("2102", tablets(psn_no, (6, 6), one, two), caller=world.PHARMACY)
    async with platform.pool.acquire() as conn:
        used = await conn.fetch(
            "SELECT code, sum(quantity_e4)::int / 10000 AS units FROM stock_v_trace_use WHERE psn_no = $1 GROUP BY 1",
            psn_no,
        )
    assert {row["code"]: row["units"] for row in used} == {one: 10, two: 2}
    await caller.output("2102", tablets(psn_no, (4, 4), two), caller=world.PHARMACY)


async def test_two_engines_with_crossing_packs_settle_each_once_and_harm_nobody_beside(
    caller: Caller, platform: Platform, world_url: str, law: Law, settings: GatewaySettings
) -> None:
    pairs = [(code(), code()) for _ in range(6)]
    people = [await family(platform) for _ in range(3 * len(pairs))]
    async with open_platform(world_url, settings, law, VAULT) as beside:
        app = Gateway(lambda _: b"")
        app.platform = beside
        callers = (caller, Caller(app))
        wanted = [packs for one, two in pairs for packs in ((one, two), (two, one), (code(),))]
        answers = await asyncio.gather(
            *(
                callers[number % 2].call("2102", sold(psn_no, *packs), caller=world.PHARMACY)
                for number, (psn_no, packs) in enumerate(zip(people, wanted, strict=True))
            )
        )
    codes = [answer["infcode"] for answer in answers]
    for at in range(0, len(codes), 3):
        assert sorted(codes[at : at + 2]) == [-1, 0]
        assert codes[at + 2] == 0
    assert all("TRACE_CODE_SETTLED" in one["err_msg"] for one in answers if one["infcode"])


@pytest.mark.parametrize("enclosed", ["81000000000000000001", ["81000000000000000001"], [1]])
async def test_a_code_in_a_shape_that_is_not_read_is_refused_and_not_passed_over(
    caller: Caller, platform: Platform, enclosed: Any
) -> None:
    nodes = sold(await family(platform))
    nodes["drugdetail"][0]["drug_trac_info"] = enclosed
    assert "JSON 对象" in await caller.refused("2102", nodes, caller=world.PHARMACY)


async def test_more_codes_than_a_message_can_have_are_refused(caller: Caller, platform: Platform) -> None:
    nodes = sold(await family(platform))
    nodes["drugdetail"][0]["drug_trac_info"] = [{"drug_trac_codg": code(), "trdn_flag": "0"}] * 10_001
    assert "TOO_MANY_LINES" in await caller.refused("2102", nodes, caller=world.PHARMACY)
