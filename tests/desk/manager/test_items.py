"""Own items stand for national ones: proposed by hand, withdrawn, imported with the difference shown before anything is said."""

import io
import threading
import zipfile
from datetime import date
from typing import Any

import pytest

from gongji.catalog.items import CeilingSpell
from gongji.catalog.mappings import MappingQuery, mapping_page
from gongji.desk.manager.files import read_rows
from gongji.gateway.platform import Platform
from tests.desk.managing import CENTRE, SHOP, WORLD, fields_of, send_file, table
from tests.web.asgi import Browser, sign_in_as

ITEM = WORLD.item("铝碳酸镁咀嚼片")
OTHER = WORLD.item("奥美拉唑肠溶胶囊")
KNOWN = WORLD.item("感冒清热颗粒")
OWN = f"YP{KNOWN.code[-6:]}"


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


async def code_of(platform: Platform, institution: str, local: str) -> list[str]:
    async with platform.pool.acquire() as conn:
        _, found = await mapping_page(conn, institution, MappingQuery(local_item=local, valid=True), 100, 0)
    return [one.mapping.code for one in found]


async def test_an_item_is_found_mapped_and_withdrawn(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "manager", institution=CENTRE)
    found = await browser.get("/desk/items/map?q=lts")
    assert ITEM.name in found.text
    form = await fields_of(browser, f"/desk/items/map?code={ITEM.code}&local=L1")
    said = {
        "code": ITEM.code,
        "local": "L1",
        "name": "铝碳酸镁片（院内）",
        "from_on": "2026-01-01",
        "until_on": "",
        "spec": "",
        "unit": "",
    }
    answer = await browser.send_form("/desk/items/map", form | said)
    assert answer.status_code == 302, answer.text
    assert await code_of(platform, CENTRE, "L1") == [ITEM.code]
    shown = await browser.get("/desk/items?q=L1")
    assert "铝碳酸镁片（院内）" in shown.text
    asked = await fields_of(browser, f"/desk/items/withdraw?list={ITEM.list_type}&local=L1")
    assert (await browser.send_form("/desk/items/withdraw", asked)).status_code == 302
    assert await code_of(platform, CENTRE, "L1") == []
    assert (await browser.get(f"/desk/items/withdraw?list={ITEM.list_type}&local=L1")).status_code == 404


async def test_a_code_that_is_none_is_said_at_its_field(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=CENTRE)
    form = await fields_of(browser, "/desk/items/map")
    said = {"code": "XNONE", "local": "L2", "name": "某药", "from_on": "2026-01-01"}
    answer = await browser.send_form("/desk/items/map", form | said)
    assert answer.status_code == 422
    assert 'id="id_code_error"' in answer.text


async def test_an_import_shows_the_difference_and_then_says_it(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    content = table(
        ("本院编码", "本院名称", "医保目录编码", "起始日", "规格", "操作"),
        ("N1", ITEM.name, ITEM.code, "2026-01-01", "", "对照"),
        (OWN, "感冒清热颗粒（新包装）", KNOWN.code, "", KNOWN.spec, ""),
        ("YP000000", "没有", "XNONE", "2026-01-01", "", ""),
        (f"YP{WORLD.item('板蓝根颗粒').code[-6:]}", "", WORLD.item("板蓝根颗粒").code, "", "", "撤销"),
    )
    shown = await send_file(browser, "/desk/items/import", content, do="read")
    for words in ("新增", "变更", "撤销", "有误", "名称原为 感冒清热颗粒", "登记这 3 行"):
        assert words in shown.text, words
    assert await code_of(platform, SHOP, "N1") == []
    done = await browser.send_form("/desk/items/import", {"do": "send"}, follow_redirects=True)
    assert "已登记 3 行" in done.text
    assert await code_of(platform, SHOP, "N1") == [ITEM.code]
    assert await code_of(platform, SHOP, f"YP{WORLD.item('板蓝根颗粒').code[-6:]}") == []
    listed = await browser.get("/desk/items?state=missing")
    assert "板蓝根颗粒" in listed.text, "what stands on the shelf without a mapping is named"
    await browser.send_form("/desk/items/import", {"do": "drop"})


async def test_what_was_charged_stands_beside_the_highest_price_and_is_marked_above_it(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    assert "高于最高限价，请核对" not in (await browser.get("/desk/items")).text
    platform.catalogue.merge((), (), [CeilingSpell(KNOWN.code, "CN", "", date(2025, 1, 1), None, 1_000_000)])
    assert "高于最高限价，请核对" in (await browser.get("/desk/items")).text
    listed = (await browser.get("/desk/items?price=over&as=csv")).content.decode("utf-8-sig").splitlines()
    assert len(listed) == 2
    assert KNOWN.code in listed[1]
    assert "生效，高于最高限价" in listed[1]


async def test_faults_of_a_file_are_named_by_line_and_column(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    content = table(
        ("本院编码", "医保目录编码", "起始日", "终止日", "操作"),
        ("", ITEM.code, "昨天", "2026-13-01", "删"),
        ("N2", "", "2026-01-01", "", ""),
    )
    shown = await send_file(browser, "/desk/items/import", content, do="read")
    for words in (
        "本院编码：没有填写", "起始日：“昨天”不是日期", "终止日：“2026-13-01”不是日期", "操作：“删”不是对照或撤销",
        "医保目录编码：没有填写",
    ):  # fmt: skip
        assert words in shown.text, words
    assert "登记这" not in shown.text
    await browser.send_form("/desk/items/import", {"do": "drop"})


async def test_the_template_can_be_read_back(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    sheet = (await browser.get("/desk/items/import?as=template")).content
    assert sheet.startswith(b"\xef\xbb\xbf")
    shown = await send_file(browser, "/desk/items/import", sheet, do="read")
    assert shown.status_code == 200
    assert "1 行" in shown.text
    await browser.send_form("/desk/items/import", {"do": "drop"})
    assert OTHER.code not in shown.text


async def test_a_small_workbook_that_unpacks_to_much_is_refused_at_once_and_beside_other_work(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    def watched(*given: Any) -> Any:
        threads.append(threading.current_thread())
        return read_rows(*given)

    monkeypatch.setattr("gongji.desk.manager.items_import.read_rows", watched)
    row = b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", row * 150_000)
    assert len(packed.getvalue()) < 2**20
    await sign_in_as(browser, "manager", institution=CENTRE)
    answer = await send_file(browser, "/desk/items/import", packed.getvalue(), do="read")
    assert answer.status_code == 422
    assert "解压后超过 32 MB" in answer.text
    assert threads
    assert threading.main_thread() not in threads
