"""3301, 3302, 1316, 1317: an institution's own items and the national codes they stand for."""

import asyncio
import itertools
from typing import Any

import pytest

from gongji.catalog.mappings import differences
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh

PAGE = {"updt_time": "", "page_num": 1, "page_size": 100}


async def mapped(caller: Caller, local_item: str, /, **fields: Any) -> list[dict[str, Any]]:
    asked = {"data": {"medins_list_codg": local_item, **PAGE, **fields}}
    rows: list[dict[str, Any]] = (await caller.output("1317", asked))["data"]
    return rows


async def test_a_mapping_is_uploaded_and_read_back(caller: Caller) -> None:
    own = fresh("I")
    assert await caller.output("3301", messages.item_mapping(own)) is None
    (row,) = await mapped(caller, own)
    assert row["fixmedins_code"] == world.HOSPITAL
    assert row["med_list_codg"] == world.DRUG_A
    assert row["medins_list_name"] == "测试院内项目"
    assert (row["begndate"], row["enddate"], row["vali_flag"]) == ("2024-01-01", "2099-12-31", "1")
    assert (row["spec"], row["pacspec"], row["exct_cont"]) == ("10mg", "10mg*24片/盒", None)
    assert row["rid"]
    assert row["updt_time"]


async def test_many_rows_and_fields_of_older_texts_are_taken(caller: Caller) -> None:
    one, two = fresh("I"), fresh("I")
    rows = [{**messages.item_mapping(own)["data"], "scdz": "产地", "prdr_name": "厂家"} for own in (one, two)]
    await caller.output("3301", {"data": rows})
    assert len(await mapped(caller, one)) == len(await mapped(caller, two)) == 1


async def test_the_same_mapping_again_changes_nothing(caller: Caller) -> None:
    own = fresh("I")
    await caller.output("3301", messages.item_mapping(own))
    before = await mapped(caller, own)
    await caller.output("3301", messages.item_mapping(own))
    assert await mapped(caller, own) == before


async def test_another_code_from_a_day_on_ends_the_first(caller: Caller) -> None:
    own = fresh("I")
    await caller.output("3301", messages.item_mapping(own, enddate=""))
    later = messages.item_mapping(own, med_list_codg=world.DRUG_B, begndate="2024-07-01", enddate="")
    await caller.output("3301", later)
    rows = await mapped(caller, own)
    assert [(row["med_list_codg"], row["begndate"], row["enddate"]) for row in rows] == [
        (world.DRUG_A, "2024-01-01", "2024-06-30"),
        (world.DRUG_B, "2024-07-01", None),
    ]
    (on_day,) = await mapped(caller, own, query_date="2024-06-30")
    assert on_day["med_list_codg"] == world.DRUG_A


async def test_a_withdrawn_mapping_is_shown_as_not_valid(caller: Caller) -> None:
    own = fresh("I")
    await caller.output("3301", messages.item_mapping(own))
    assert await caller.output("3302", messages.mapping_withdrawal(own)) is None
    assert [row["vali_flag"] for row in await mapped(caller, own)] == ["0"]
    assert await mapped(caller, own, vali_flag="1") == []
    assert "MAPPING_NOT_FOUND" in await caller.refused("3302", messages.mapping_withdrawal(own))


async def test_another_institutions_mappings_are_not_shown_nor_withdrawn(caller: Caller) -> None:
    own = fresh("I")
    await caller.output("3301", messages.item_mapping(own))
    asked = {"data": {"medins_list_codg": own, **PAGE}}
    assert (await caller.output("1317", asked, caller=world.OTHER_HOSPITAL))["recordCounts"] == 0
    asked["data"]["fixmedins_code"] = world.HOSPITAL
    assert "FORBIDDEN" in await caller.refused("1317", asked, caller=world.OTHER_HOSPITAL)
    withdrawal = messages.mapping_withdrawal(own)
    assert "FORBIDDEN" in await caller.refused("3302", withdrawal, caller=world.OTHER_HOSPITAL)
    withdrawal["data"]["fixmedins_code"] = world.OTHER_HOSPITAL
    assert "MAPPING_NOT_FOUND" in await caller.refused("3302", withdrawal, caller=world.OTHER_HOSPITAL)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"med_list_codg": world.UNKNOWN_ITEM}, "MAPPING_CODE_UNKNOWN"),
        ({"begndate": "2019-12-31"}, "MAPPING_CODE_UNKNOWN"),
        ({"list_type": "201"}, "MAPPING_LIST_TYPE"),
        ({"list_type": "777"}, "UNKNOWN_CODE"),
        ({"enddate": "2023-12-31"}, "DATE_ORDER"),
        ({"begndate": "2024-02-30"}, "BAD_FIELD"),
        ({"begndate": ""}, "MISSING_FIELD"),
        ({"fixmedins_hilist_name": "长" * 201}, "BAD_FIELD"),
        ({"fixmedins_hilist_id": ""}, "MISSING_FIELD"),
    ],
)
async def test_a_mapping_that_cannot_be_is_refused_and_the_whole_message_with_it(
    caller: Caller, fields: dict[str, str], reason: str
) -> None:
    own = fresh("I")
    rows = [messages.item_mapping(own)["data"], messages.item_mapping(fresh("I"), **fields)["data"]]
    refused = await caller.refused("3301", {"data": rows})
    assert reason in refused
    assert "2" in refused
    assert await mapped(caller, own) == []


async def test_one_item_twice_in_a_message_is_refused(caller: Caller) -> None:
    own = fresh("I")
    rows = [
        messages.item_mapping(own)["data"],
        messages.item_mapping(own, med_list_codg=world.DRUG_B)["data"],
    ]
    assert "MAPPING_TWICE" in await caller.refused("3301", {"data": rows})


async def test_more_rows_than_a_node_may_have_are_refused(caller: Caller) -> None:
    row = messages.item_mapping()["data"]
    assert "TOO_MANY_LINES" in await caller.refused("3301", {"data": [row] * 1001})


async def test_uploads_at_once_of_one_item_come_one_after_another(caller: Caller) -> None:
    own = fresh("I")
    said = [
        messages.item_mapping(own, med_list_codg=code, begndate=f"2024-{month:02d}-01", enddate="")
        for month, code in enumerate([world.DRUG_A, world.DRUG_B] * 6, start=1)
    ]
    answers = await asyncio.gather(*(Caller(caller.app).call("3301", one) for one in said))
    assert {answer["infcode"] for answer in answers} == {0}
    valid = await mapped(caller, own, vali_flag="1")
    days = [(row["begndate"], row["enddate"] or "9999-12-31") for row in valid]
    assert all(one[1] < after[0] for one, after in itertools.pairwise(days))
    assert caller.app.platform is not None
    async with caller.app.platform.pool.acquire() as connection:
        assert await differences(connection) == ()


async def test_texts_come_back_as_they_were_sent(caller: Caller) -> None:
    evil = "<script>'; DROP TABLE catalog_mapping_entry; --"
    own = fresh("I")
    await caller.output("3301", messages.item_mapping(own, fixmedins_hilist_name=evil, memo=evil))
    (row,) = await mapped(caller, own, medins_list_name="DROP TABLE")
    assert row["medins_list_name"] == row["memo"] == evil


@pytest.mark.parametrize("spelling", ["med_list_codg", "medins_list_codg"])
async def test_the_insured_list_is_found_by_the_institutions_own_number(
    caller: Caller, spelling: str
) -> None:
    own = fresh("I")
    await caller.output("3301", messages.item_mapping(own, med_list_codg=world.DRUG_B))
    answer = await caller.output("1316", {"data": {spelling: own, **PAGE}})
    assert [(row["med_list_codg"], row["hilist_code"]) for row in answer["data"]] == [
        (world.DRUG_B, world.DRUG_B)
    ]
    other = await caller.output("1316", {"data": {spelling: own, **PAGE}}, caller=world.OTHER_HOSPITAL)
    assert other["data"] == []


async def test_the_insured_list_is_found_by_its_own_code(caller: Caller) -> None:
    answer = await caller.output("1316", {"data": {"hilist_code": world.DRUG_A, **PAGE}})
    (row,) = answer["data"]
    assert (row["med_list_codg"], row["list_type"], row["insu_admdvs"]) == (world.DRUG_A, "101", world.REGION)
