"""A delivery is put into stock without the mouse: scanned, typed, sent by F8, once."""

from tests.web.chromium import Chrome, chrome, served
from tests.web.serving import Served

__all__ = ["chrome", "served"]


async def test_stock_is_added_by_keyboard(chrome: Chrome, served: Served) -> None:
    tab = await chrome.tab("yd-pharmacist")
    await tab.goto("/desk/stock")
    await tab.keyboard.press("F2")
    await tab.wait_for_url("**/desk/stock/add")
    assert await tab.evaluate("document.activeElement.name") == "item", "the first field has the cursor"
    await tab.keyboard.type("YP190001")
    for text in ("K-BROWSER", "2", "演示医药配送有限公司", "L-1"):
        await tab.keyboard.press("Tab")
        await tab.keyboard.type(text)
    await tab.fill("[name=expires_on]", "2028-06-30")
    await tab.focus("[name=codes]")
    for code in ("84000000000000000001", "84000000000000000002"):
        await tab.keyboard.type(code)
        await tab.keyboard.press("Enter")
    async with tab.expect_navigation():
        await tab.keyboard.press("F8")
    assert "已登记" in await tab.inner_text("main")
    row = tab.locator("main tbody tr", has_text="K-BROWSER")
    assert await row.count() == 1
    assert "采购入库" in await row.inner_text()
    await tab.goto("/desk/stock?q=K-BROWSER")
    assert "可售" in await tab.inner_text("main tbody")
    await tab.goto("/desk/stock/trace?code=84000000000000000002")
    assert "采购入库" in await tab.inner_text("main")


async def test_a_mistake_takes_the_focus_and_keeps_what_was_typed(chrome: Chrome) -> None:
    tab = await chrome.tab("yd-pharmacist")
    await tab.goto("/desk/stock/add")
    await tab.fill("[name=item]", "没有的药")
    await tab.fill("[name=batch]", "K-2")
    async with tab.expect_navigation():
        await tab.keyboard.press("F8")
    assert await tab.evaluate("document.activeElement.classList.contains('error-summary')")
    assert await tab.input_value("[name=batch]") == "K-2"
    assert "没有这个编码" in await tab.inner_text("#id_item_error")
