"""1301-1320 downloads: what a client lacks since its version, in the columns of the national text, made once for everybody."""

import asyncio
import io
import json
import zipfile
from typing import Any

import msgspec
import pytest

from gongji.gateway.downloads import diseases_of
from gongji.gateway.listfiles import columns, version_number, version_text
from gongji.gateway.platform import Platform
from gongji.policy import Law
from tests.gateway import offered, world
from tests.gateway.client import Caller, envelope, fresh

COLUMNS = {
    "1301": 97, "1302": 33, "1303": 83, "1305": 19, "1306": 71, "1307": 24, "1308": 24, "1309": 16, "1310": 15, "1311": 15,
    "1313": 11, "1314": 14, "1315": 14, "1320": 44,
}  # fmt: skip
"""Columns of each file in the national text."""


async def download(caller: Caller, infno: str, ver: str = "v0000", code: str = world.HOSPITAL) -> Any:
    return await caller.output(infno, {"data": {"ver": ver}}, caller=code)


async def unpacked(caller: Caller, listed: dict[str, Any], code: str = world.HOSPITAL) -> list[list[str]]:
    """Rows of the file."""
    asked = {
        "fsDownloadIn": {
            "file_qury_no": listed["file_qury_no"],
            "filename": listed["filename"],
            "fixmedins_code": "plc",
        }
    }
    body = await caller.raw(json.dumps(envelope("9102", asked, caller=code)).encode())
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        (name,) = archive.namelist()
        assert name.endswith(".txt")
        text = archive.read(name).decode("utf-8")
    return [line.split("\t") for line in text.splitlines()]


async def fetched(caller: Caller, infno: str, ver: str = "v0000") -> list[dict[str, str]]:
    """Rows of a list by the names of their columns."""
    rows = await unpacked(caller, await download(caller, infno, ver))
    return [dict(zip(columns(infno), row, strict=True)) for row in rows]


@pytest.fixture
async def drug(platform: Platform) -> str:
    """A drug that no other test knows."""
    code = f"X{fresh('')}"
    async with platform.pool.acquire() as connection:
        await world.add_item(connection, code, "复方\t甲硝唑\n片", "02", restricted=True)
    return code


def test_every_file_has_the_columns_of_the_national_text() -> None:
    assert {infno: len(columns(infno)) for infno in offered.DOWNLOADS} == COLUMNS


def test_versions_are_in_order_as_numbers_and_as_texts() -> None:
    texts = ["v0000", *(version_text(n) for n in (1, 9, 10, 123_456, 10**11))]
    assert texts == sorted(texts)
    assert [version_number(text) for text in texts] == [0, 1, 9, 10, 123_456, 10**11]


async def test_the_first_download_holds_everything_of_its_list(caller: Caller, drug: str) -> None:
    rows = {row["医疗目录编码"]: row for row in await fetched(caller, "1301")}
    assert {world.DRUG_A, world.DRUG_B, world.RESTRICTED, world.SELF_PAY, drug} <= set(rows)
    assert world.SERVICE not in rows
    row = rows[drug]
    assert row["药品通用名"] == "复方 甲硝唑 片"
    assert row["药品规格"] == "10mg"
    assert row["药品剂型名称"] == "片剂"
    assert row["国家医保药品目录甲乙类标识"] == "02"
    assert row["限制使用标志"] == "1"
    assert row["非处方药标志"] == "0"
    assert row["基本药物标志"] == "1"
    assert (row["开始日期"], row["结束日期"]) == ("2020-01-01", "null")
    assert row["化学名称"] == "null"
    assert row["拼音助记码"] == "ffjxzp"
    assert row["有效标志"] == "1"
    assert row["唯一记录号"] == f"{drug}-20200101"


async def test_services_are_a_list_of_their_own(caller: Caller) -> None:
    (row,) = await fetched(caller, "1305")
    assert (row["医疗目录编码"], row["医疗服务项目名称"]) == (world.SERVICE, "测试诊查费")


async def test_later_downloads_hold_what_came_later(caller: Caller, platform: Platform, drug: str) -> None:
    known = max(row["版本号"] for row in await fetched(caller, "1301"))
    assert await fetched(caller, "1301", known) == []
    async with platform.pool.acquire() as connection:
        await connection.execute("UPDATE catalog_item SET name = '改名片' WHERE code = $1", drug)
    (row,) = await fetched(caller, "1301", known)
    assert (row["医疗目录编码"], row["药品通用名"]) == (drug, "改名片")
    assert row["版本号"] > known
    assert await fetched(caller, "1301", row["版本号"]) == []


async def test_the_answer_counts_rows_and_names_the_last_day(caller: Caller, drug: str) -> None:
    listed = await download(caller, "1301")
    assert listed["data_cnt"] == len(await unpacked(caller, listed))
    assert len(listed["file_qury_no"]) <= 30
    assert listed["dld_end_time"] == listed["dld_endtime"]
    assert len(listed["dld_end_time"]) == 10


async def test_clients_who_lack_the_same_get_the_same_file(
    caller: Caller, platform: Platform, drug: str
) -> None:
    listed = await download(caller, "1301")
    assert await download(caller, "1301", "v0", code=world.PHARMACY) == listed
    assert await unpacked(caller, listed, world.PHARMACY) == await unpacked(caller, listed)
    async with platform.pool.acquire() as connection:
        price = await connection.fetchval("SELECT version FROM catalog_version")
        await connection.execute("UPDATE catalog_price SET standard_micro = standard_micro")
    up_to_date = await download(caller, "1301", version_text(price))
    assert await download(caller, "1301", version_text(price + 1)) == up_to_date


async def test_many_who_ask_at_once_get_one_file(caller: Caller, platform: Platform, drug: str) -> None:
    listed = await asyncio.gather(*(download(Caller(caller.app), "1301") for _ in range(20)))
    assert all(one == listed[0] for one in listed)
    async with platform.pool.acquire() as connection:
        kept = await connection.fetchval(
            "SELECT count(*) FROM gateway_file WHERE name = $1", listed[0]["filename"]
        )
    assert kept == 1


async def test_versions_that_mean_the_same_do_not_fill_the_store(caller: Caller, platform: Platform) -> None:
    async def kept() -> int:
        async with platform.pool.acquire() as connection:
            found: int = await connection.fetchval("SELECT count(*) FROM gateway_file")
            return found

    for infno in ("1302", "1308", "1309"):
        await download(caller, infno, "v1")
        before = await kept()
        for version in range(2, 5):
            await download(caller, infno, f"v{version}")
        assert await kept() == before


async def test_a_deleted_row_is_told_to_those_who_may_have_it(
    caller: Caller, platform: Platform, drug: str
) -> None:
    async with platform.pool.acquire() as connection:
        await world.add_item(connection, f"X{fresh('')}", "后来的片", "01")
    known = max(row["版本号"] for row in await fetched(caller, "1301"))
    async with platform.pool.acquire() as connection:
        await connection.execute("DELETE FROM catalog_item WHERE code = $1", drug)
    answer = await caller.call("1301", {"data": {"ver": known}})
    assert "v0000" in answer["warn_msg"]
    assert (await caller.call("1301", {"data": {"ver": "v0000"}}))["warn_msg"] is None
    assert drug not in {row["医疗目录编码"] for row in await fetched(caller, "1301")}


@pytest.mark.parametrize("infno", sorted(set(offered.DOWNLOADS) - {"1301", "1305", "1309"}))
async def test_a_list_without_rows_is_an_empty_file(caller: Caller, infno: str) -> None:
    listed = await download(caller, infno)
    assert listed["data_cnt"] == 0
    assert await unpacked(caller, listed) == []


@pytest.mark.parametrize("infno", ["1307", "1308", "1314"])
async def test_a_list_that_is_not_kept_says_so(caller: Caller, infno: str) -> None:
    answer = await caller.call(infno, {"data": {"ver": "v0000"}})
    assert "不保存" in answer["warn_msg"]


async def test_chronic_diseases_of_the_law_are_a_list(caller: Caller, platform: Platform) -> None:
    found = await fetched(caller, "1309")
    named = diseases_of(platform.law, world.REGION)
    assert {row["门慢门特病种目录代码"]: row["门慢门特病种名称"] for row in found} == {
        one.code: one.name for one in named
    }
    assert await fetched(caller, "1309", max(row["版本号"] for row in found)) == []


def test_chronic_diseases_are_those_that_documents_name(law: Law) -> None:
    named = {one.code: one for one in diseases_of(law, "140830")}
    assert named["M03900"].name == "高血压"
    assert all(one.region == one.region.ljust(6, "0") for one in named.values())


@pytest.mark.parametrize(
    "ver",
    [
        "V99999999999999999999",
        "2024年",
        "v-1",
        "１２",
        "'; DROP TABLE catalog_item; --",
        "v",
        "v999999999999",
    ],
)
async def test_a_version_that_never_was_is_refused(caller: Caller, ver: str) -> None:
    refused = await caller.refused("1301", {"data": {"ver": ver}})
    assert "CATALOG_VERSION_UNKNOWN" in refused or "BAD_FIELD" in refused


async def test_a_platform_that_may_not_write_gives_only_files_that_exist(
    caller: Caller, platform: Platform, drug: str
) -> None:
    listed = await download(caller, "1301")
    platform.settings = msgspec.structs.replace(platform.settings, read_only=True)
    assert await download(caller, "1301") == listed
    async with platform.pool.acquire() as connection:
        await connection.execute("UPDATE catalog_item SET name = '又改名' WHERE code = $1", drug)
    assert "READ_ONLY" in await caller.refused("1301", {"data": {"ver": "v0000"}})
