"""1304, 1312, 1318, 1319: pages of the catalogue, of price limits and of first self-pay ratios, the last from the law alone."""

import asyncio
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gongji.base.reasons import Refusal
from gongji.catalog.selectors import refresh as refresh_catalogue
from gongji.catalog.values import Catalogue
from gongji.gateway.platform import Platform
from gongji.gateway.selfpay import self_pay
from gongji.kernel import layout
from gongji.policy import Law, compile_law, load_library
from tests.gateway import world
from tests.gateway.client import Caller, fresh

PAGE = {"updt_time": "", "page_num": 1, "page_size": 1000}
QUERIES = ("1304", "1312", "1316", "1317", "1318", "1319")
NOW = "2024-08-15"


async def rows(caller: Caller, infno: str, **fields: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.output(infno, {"data": {**PAGE, **fields}}))["data"]
    return found


async def codes(caller: Caller, infno: str, **fields: Any) -> set[str]:
    return {row["hilist_code"] for row in await rows(caller, infno, **fields)}


@pytest.mark.parametrize("infno", QUERIES)
@pytest.mark.parametrize(
    "page",
    [
        {"page_size": 10**9},
        {"page_size": 1001},
        {"page_size": 0},
        {"page_size": "-1"},
        {"page_num": 0},
        {"page_num": "一"},
        {"page_num": None},
        {"page_size": 1.5},
    ],
)
async def test_a_page_that_cannot_be_is_refused(caller: Caller, infno: str, page: dict[str, Any]) -> None:
    await caller.refused(infno, {"data": {**PAGE, **page}})


@pytest.mark.parametrize("infno", QUERIES)
async def test_a_page_far_beyond_the_end_is_empty(caller: Caller, infno: str) -> None:
    far = await caller.output(infno, {"data": {**PAGE, "page_num": 999_999_999}})
    assert (far["data"], far["size"], far["lastPage"]) == ([], 0, True)


async def test_pages_together_are_the_whole(caller: Caller) -> None:
    whole = await rows(caller, "1312")
    pages, number = [], 1
    while True:
        page = await caller.output("1312", {"data": {**PAGE, "page_num": number, "page_size": 2}})
        assert page["recordCounts"] == len(whole)
        assert page["pages"] == -(-len(whole) // 2)
        assert page["size"] == len(page["data"])
        pages += page["data"]
        if page["lastPage"]:
            break
        assert (page["startRow"], page["endRow"]) == (2 * number - 1, 2 * number)
        number += 1
    assert pages == whole


async def test_an_item_is_told_with_its_level_and_restriction(caller: Caller) -> None:
    (row,) = await rows(caller, "1312", hilist_code=world.RESTRICTED)
    assert (row["hilist_name"], row["chrgitm_lv"], row["lmt_used_flag"]) == ("测试限定片", "02", "1")
    assert (row["list_type"], row["med_chrgitm_type"], row["insu_admdvs"]) == ("101", "09", world.REGION)
    assert (row["begndate"], row["enddate"], row["vali_flag"]) == ("2020-01-01", None, "1")
    assert row["pinyin"] == "csxdp"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"hilist_name": "乙类"}, {world.DRUG_B}),
        ({"pinyin": "csylp"}, {world.DRUG_B}),
        ({"list_type": "201"}, {world.SERVICE}),
        ({"chrgitm_lv": "03"}, {world.SELF_PAY}),
        ({"lmt_used_flag": "1"}, {world.RESTRICTED}),
        ({"query_date": "2019-12-31"}, set()),
        ({"hilist_code": world.UNKNOWN_ITEM}, set()),
        ({"vali_flag": "0"}, set()),
        ({"wubi": "abc"}, set()),
        ({"updt_time": "2199-01-01"}, set()),
    ],
)
async def test_items_are_found_by_what_is_asked(
    caller: Caller, fields: dict[str, str], expected: set[str]
) -> None:
    assert await codes(caller, "1312", **fields) == expected


@pytest.mark.parametrize("initials", ["xa", "XA", "x"])
async def test_pinyin_finds_no_codes(caller: Caller, platform: Platform, initials: str) -> None:
    code = f"XA{fresh('')}"
    async with platform.pool.acquire() as connection:
        await world.add_item(connection, code, "编码片", "02")
        await refresh_catalogue(connection, platform.catalogue)
    assert code not in await codes(caller, "1312", pinyin=initials)
    assert code in await codes(caller, "1312", pinyin="bmp")


async def test_pinyin_finds_what_has_ended_and_what_is_to_come(caller: Caller, platform: Platform) -> None:
    old, new = f"X{fresh('')}", f"X{fresh('')}"
    async with platform.pool.acquire() as connection:
        await world.add_item(connection, old, "曾经有过的丸", "02")
        await connection.execute("UPDATE catalog_item SET until_on = '2021-12-31' WHERE code = $1", old)
        await world.add_item(connection, new, "曾经有过的丸", "02")
        await connection.execute("UPDATE catalog_item SET from_on = '2099-01-01' WHERE code = $1", new)
        await refresh_catalogue(connection, platform.catalogue)
    assert await codes(caller, "1312", pinyin="cjygdw") == {old, new}
    assert await codes(caller, "1312", pinyin="cjygdw", query_date=NOW) == set()
    assert await codes(caller, "1312", pinyin="cjygdw", query_date="2021-05-01") == {old}


async def test_what_has_changed_since_is_found(caller: Caller, platform: Platform) -> None:
    async with platform.pool.acquire() as connection:
        since = await connection.fetchval("SELECT max(changed_at) FROM catalog_version_time")
        await connection.execute("UPDATE catalog_item SET spec = '20mg' WHERE code = $1", world.DRUG_A)
    assert await codes(caller, "1312", updt_time=since.isoformat()) == {world.DRUG_A}


async def test_several_lists_may_be_asked_for_at_once(caller: Caller) -> None:
    both = await codes(caller, "1312", list_type="101,201")
    assert {world.DRUG_A, world.SERVICE} <= both
    assert "UNKNOWN_CODE" in await caller.refused("1312", {"data": {**PAGE, "list_type": "101,999"}})


@pytest.mark.parametrize("infno", ["1312", "1316", "1317", "1318", "1319"])
async def test_an_area_that_is_none_is_refused(caller: Caller, infno: str) -> None:
    assert "REGION_INVALID" in await caller.refused(infno, {"data": {**PAGE, "insu_admdvs": "太原"}})


async def test_drugs_of_minorities_are_listed_apart(caller: Caller, platform: Platform) -> None:
    code = f"X{fresh('')}"
    async with platform.pool.acquire() as connection:
        await world.add_item(connection, code, "测试民族药丸", "02")
        await connection.execute("UPDATE catalog_item SET list_type = '104' WHERE code = $1", code)
    (row,) = await rows(caller, "1304")
    assert (row["med_list_codg"], row["drug_genname"], row["otc_flag"]) == (code, "测试民族药丸", "0")
    assert row["rid"] == f"{code}-20200101"
    assert await rows(caller, "1304", drug_genname="没有") == []
    assert len(await rows(caller, "1304", med_list_codg=code, rid=row["rid"])) == 1
    assert await rows(caller, "1304", med_list_codg=code, rid="x") == []
    assert "rid" in await caller.refused("1304", {"data": {**PAGE, "rid": "x"}})


async def test_a_payment_standard_is_told_for_every_level(caller: Caller) -> None:
    found = await rows(caller, "1318", hilist_code=world.DRUG_B)
    assert [row["hilist_lmtpric_type"] for row in found] == ["1", "2", "3"]
    assert {row["hilist_pric_uplmt_amt"] for row in found} == {10.0}
    assert {row["tabname"] for row in found} == {"catalog_price"}
    assert {row["insu_admdvs"] for row in found} == {"000000"}
    assert len({row["rid"] for row in found}) == 3
    assert len(await rows(caller, "1318", hilist_code=world.DRUG_B, hilist_lmtpric_type="2")) == 1


@pytest.mark.clause("SX2022-27.art21.a")
async def test_the_nearest_areas_limit_holds_on_a_day(caller: Caller, platform: Platform) -> None:
    code = f"X{fresh('')}"
    async with platform.pool.acquire() as connection:
        await world.add_item(connection, code, "限价片", "02", standard_micro=10_000_000)
        await connection.execute(
            "INSERT INTO catalog_price (code, region, from_on, standard_micro) VALUES ($1, '14', '2024-01-01', 8000000)",
            code,
        )
        await connection.executemany(
            "INSERT INTO catalog_ceiling (code, region, fee_class, from_on, ceiling_micro)"
            " VALUES ($1, '1408', $2, '2024-01-01', $3)",
            [(code, "", 12_500_000), (code, "3", 11_000_000), (code, "1", 15_000_000)],
        )
    asked = {"hilist_code": code, "hilist_lmtpric_type": "3"}
    assert len(await rows(caller, "1318", **asked)) == 4
    told = await rows(caller, "1318", query_date=NOW, **asked)
    assert {row["tabname"]: row["hilist_pric_uplmt_amt"] for row in told} == {
        "catalog_price": 8,
        "catalog_ceiling": 11,
    }
    before = await rows(caller, "1318", query_date="2023-06-01", **asked)
    assert [row["hilist_pric_uplmt_amt"] for row in before] == [10]
    away = await rows(caller, "1318", query_date=NOW, insu_admdvs="110100", **asked)
    assert [row["hilist_pric_uplmt_amt"] for row in away] == [10]


def ratios(found: list[dict[str, Any]]) -> dict[str, float]:
    return {row["hilist_code"]: row["selfpay_prop"] for row in found}


@pytest.mark.clause("SX2022-27.art20.b", "SX2022-27.art20.c", "SX2024-11.s1.i")
async def test_first_self_pay_ratios_are_those_of_the_law(caller: Caller, law: Law) -> None:
    found = await rows(caller, "1319", query_date=NOW)
    by_law = law.value("prepay.b_drug", world.REGION, date.fromisoformat(NOW))
    assert not isinstance(by_law, Refusal)
    told = ratios(found)
    assert told[world.DRUG_A] == 0
    assert told[world.DRUG_B] * 10_000 == by_law.raw
    assert told[world.SELF_PAY] == 1
    row = next(row for row in found if row["hilist_code"] == world.DRUG_B)
    assert row["selfpay_prop_psn_type"] == "310"
    assert row["selfpay_prop_type"] == "10"
    assert row["begndate"] == law.provision(by_law.clause).starts_on.isoformat()


async def test_a_ratio_that_no_document_fixes_is_left_out_and_named(
    caller: Caller, platform: Platform
) -> None:
    platform.law = compile_law(load_library())
    answer = await caller.call("1319", {"data": {**PAGE, "query_date": "2024-03-01"}})
    told = ratios(answer["output"]["data"])
    assert world.DRUG_B not in told
    assert told[world.DRUG_A] == 0
    assert told[world.SELF_PAY] == 1
    assert "PARAMETER_UNSPECIFIED" in answer["warn_msg"]
    assert answer["output"]["recordCounts"] == len(told)


OVERLAY = """
document: {id: T, number: 测试, title: 测试, issuer: 测试, region: CN, status: operator}
in_force: {from: 2023-01-01}
fills: yes
provisions:
  - {clause: T.a, article: 一, text: 测试, confidence: unconfirmed, sets: {prepay.b_service: "10%"}}
"""


async def test_a_ratio_that_nobody_has_confirmed_is_told_as_such(
    caller: Caller, platform: Platform, tmp_path: Path
) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(OVERLAY, encoding="utf-8")
    platform.law = compile_law(load_library(overlay=overlay))
    answer = await caller.call("1319", {"data": {**PAGE, "query_date": NOW}})
    assert "乙类医疗服务项目先行自付比例（prepay.b_service）尚未确认" in answer["warn_msg"]


async def test_ratios_of_others_are_not_known_here(caller: Caller) -> None:
    assert await rows(caller, "1319", selfpay_prop_psn_type="390") == []
    assert await rows(caller, "1319", selfpay_prop_type="20") == []
    assert await rows(caller, "1319", vali_flag="0") == []


async def test_a_region_without_law_is_refused(caller: Caller) -> None:
    assert "REGION_UNKNOWN" in await caller.refused("1319", {"data": {**PAGE, "insu_admdvs": "650100"}})


async def test_a_younger_ratio_is_news_even_of_an_old_item(caller: Caller, law: Law) -> None:
    stated = self_pay(law, world.REGION, date.fromisoformat(NOW), allow_draft=False)
    assert not isinstance(stated, Refusal)
    on = stated.changed_on.isoformat()
    assert world.DRUG_B in ratios(await rows(caller, "1319", query_date=NOW, updt_time=on))
    assert ratios(await rows(caller, "1319", query_date=NOW, updt_time="2199-01-01")) == {}


def test_drafts_alone_say_nothing_unless_they_may() -> None:
    law = compile_law(load_library())
    on = date(2024, 8, 15)
    closed, open_ = (self_pay(law, "6210", on, allow_draft=allowed) for allowed in (False, True))
    assert not isinstance(closed, Refusal)
    assert not isinstance(open_, Refusal)
    assert layout.TREAT_A not in closed.terms
    assert any("征求意见稿" in text for text in closed.unstated)
    assert open_.terms[layout.TREAT_A].bp == 0


async def test_names_are_put_in_order_by_a_thread_while_the_loop_goes_on(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    loop, prepared = asyncio.get_running_loop(), asyncio.Event()
    prepare = Catalogue.prepare_search

    def watched(catalogue: Catalogue) -> None:
        threads.append(threading.get_ident())
        prepare(catalogue)
        if catalogue.codes_with_initials("xldyp"):
            loop.call_soon_threadsafe(prepared.set)

    monkeypatch.setattr(Catalogue, "prepare_search", watched)
    async with platform.pool.acquire() as connection:
        await world.add_item(connection, f"X{fresh('')}", "新来的药片", "02")
    async with asyncio.timeout(60):
        await prepared.wait()
    assert platform.catalogue.search("xldyp", date(2024, 8, 15))
    assert threading.get_ident() not in threads
