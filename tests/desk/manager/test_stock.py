"""Stock is stated by form and by file through the trades, shown with what ends soon, balanced, and its trace codes looked up."""

import asyncpg
import pytest

from gongji.gateway.platform import Platform
from gongji.stock.selectors import batches_of
from tests.desk.managing import CENTRE, SHOP, WORLD, fields_of, send_file, table
from tests.web.asgi import Browser, sign_in_as

ITEM = WORLD.item("感冒清热颗粒")
OWN = f"YP{ITEM.code[-6:]}"


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


async def on_hand(platform: Platform, batch: str) -> int | None:
    async with platform.pool.acquire() as conn:
        found = {one.batch: one.quantity_e4 for one in await batches_of(conn, SHOP)}
    return found.get(batch)


def purchase(batch: str, **more: str) -> dict[str, str]:
    return {
        "item": f"{OWN} {ITEM.name}", "batch": batch, "quantity": "3", "supplier": "演示医药配送有限公司",
        "expires_on": "2028-01-31", "at": "2026-01-05T09:30", "codes": "", "price": "12.50", **more,
    }  # fmt: skip


async def test_a_purchase_by_form_stands_on_the_shelf_once(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "pharmacist", institution=SHOP)
    form = await fields_of(browser, "/desk/stock/add") | purchase(
        "T-1", codes="83000000000000000001\n83000000000000000002"
    )
    for _ in range(2):
        answer = await browser.send_form("/desk/stock/add?kind=purchase", form)
        assert answer.status_code == 302, answer.text
    assert await on_hand(platform, "T-1") == 30_000
    shown = await browser.get(answer.headers["location"])
    assert form["msgid"] in shown.text
    assert "采购入库" in shown.text


async def test_what_the_trade_refuses_stands_at_its_field(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    form = await fields_of(browser, "/desk/stock/add") | purchase("T-2", at="2999-01-01T00:00")
    answer = await browser.send_form("/desk/stock/add?kind=purchase", form)
    assert answer.status_code == 422
    assert 'id="id_at_error"' in answer.text
    assert await on_hand(platform, "T-2") is None


async def test_an_unknown_item_and_an_empty_form_are_said_in_chinese(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    form = await fields_of(browser, "/desk/stock/add")
    answer = await browser.send_form("/desk/stock/add", form | purchase("T-3", item="没有的药"))
    assert answer.status_code == 422
    assert "没有这个编码" in answer.text
    empty = await browser.send_form("/desk/stock/add", {})
    assert empty.status_code == 422
    assert "请填写批次" in empty.text
    assert "This field" not in empty.text


async def test_a_file_is_shown_first_and_keeps_its_good_rows(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    content = table(
        ("本院编码", "批次", "数量", "发生时间", "供货商", "有效期至"),
        (OWN, "F-1", "7", "2026-02-01 08:00:00", "演示供货", "2028-02-28"),
        ("不存在", "F-2", "1", "2026-02-01", "演示供货", "2028-02-28"),
        (OWN, "F-3", "一盒", "2026-02-01", "演示供货", "2028-02-28"),
    )
    shown = await send_file(browser, "/desk/stock/import", content, kind="purchase", do="read")
    assert "可以登记 2 行" in shown.text
    assert await on_hand(platform, "F-1") is None
    done = await browser.send_form("/desk/stock/import", {"do": "send"}, follow_redirects=True)
    assert "已登记 1 行" in done.text
    assert await on_hand(platform, "F-1") == 70_000
    assert await on_hand(platform, "F-3") is None
    again = await browser.send_form("/desk/stock/import", {"do": "send"}, follow_redirects=True)
    assert "已登记 1 行" in again.text
    assert await on_hand(platform, "F-1") == 70_000
    await browser.send_form("/desk/stock/import", {"do": "drop"})


async def test_a_file_with_other_columns_is_refused_by_name(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    answer = await send_file(
        browser, "/desk/stock/import", table(("颜色",), ("红",)), kind="purchase", do="read"
    )
    assert answer.status_code == 422
    assert "IMPORT_COLUMN_UNKNOWN" in answer.text


async def test_a_batch_is_taken_back_after_it_was_shown_in_full(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    form = await fields_of(browser, "/desk/stock/add") | purchase("D-1")
    await browser.send_form("/desk/stock/add", form)
    asked = await fields_of(browser, "/desk/stock/delete?batch=D-1")
    assert asked["type"] == "3"
    done = await browser.send_form("/desk/stock/delete", asked | {"reason": "重复登记"})
    assert done.status_code == 302, done.text
    assert not await on_hand(platform, "D-1")
    assert (await browser.get("/desk/stock/delete?batch=D-1")).status_code == 404


async def test_another_institutions_batch_does_not_exist_here(browser: Browser, world_url: str) -> None:
    conn = await asyncpg.connect(world_url)
    batch = await conn.fetchval("SELECT batch FROM stock_on_hand WHERE institution = $1 LIMIT 1", SHOP)
    await conn.close()
    await sign_in_as(browser, "manager", institution=CENTRE)
    assert (await browser.get(f"/desk/stock/delete?batch={batch}")).status_code == 404
    assert batch not in (await browser.get("/desk/stock")).text


async def test_batches_that_end_soon_or_are_over_are_named(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    answer = await browser.get("/desk/stock")
    assert "已过有效期" in answer.text
    assert "天到期" in answer.text
    over = await browser.get("/desk/stock?state=over")
    assert "还有" not in over.text.split("<tbody>")[1].split("</tbody>")[0]
    home = await browser.get("/desk/")
    assert "个批次快到有效期" in home.text


async def test_filters_sort_and_export_speak_of_the_same_rows(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    address = f"/desk/stock/moves?kind=adjust&days=365&q={WORLD.item('双黄连口服液').name}"
    shown = await browser.get(address)
    assert "1 行" in shown.text
    assert "盘损" in shown.text
    exported = (await browser.get(f"{address}&as=csv")).content.decode("utf-8-sig").splitlines()
    assert len(exported) == 2
    assert "盘损" in exported[1]
    workbook = await browser.get(f"{address}&as=xlsx")
    assert workbook.content[:2] == b"PK"
    assert "filename*=UTF-8''" in workbook.headers["content-disposition"]


async def test_the_balance_adds_up_and_names_the_difference_of_a_count(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=SHOP)
    answer = await browser.get("/desk/stock/balance?days=90&differs=1")
    assert "盘存数与账面数不符" in answer.text
    assert "不平" not in answer.text


async def test_a_trace_code_tells_its_own_way_and_not_whose_elsewhere(
    browser: Browser, world_url: str
) -> None:
    conn = await asyncpg.connect(world_url)
    code, psn_no = await conn.fetchrow(
        "SELECT code, psn_no FROM stock_trace_use WHERE institution = $1 AND kind = 1 ORDER BY code LIMIT 1",
        SHOP,
    )
    await conn.close()
    await sign_in_as(browser, "manager", institution=SHOP)
    own = await browser.get(f"/desk/stock/trace?code={code}")
    assert "采购入库" in own.text
    assert "结算编号" in own.text
    await sign_in_as(browser, "manager", institution=CENTRE)
    other = await browser.get(f"/desk/stock/trace?code={code}")
    assert "已在其他定点医药机构结算" in other.text
    assert SHOP not in other.text
    assert psn_no not in own.text + other.text
    assert "结算编号" not in other.text
