"""The public pages in a real browser: both widths, both colour schemes, by keyboard, with the checker of accessibility."""

import pytest
from playwright.async_api import Page

from tests.web.chromium import DESK, PHONE, Chrome, chrome, served
from tests.web.looking import access_faults, foreign_words, overflow

__all__ = ["chrome", "served"]

PAGES = (
    "/",
    "/law",
    "/law?q=70%25",
    "/law/SX2024-11.s1.e1",
    "/law/standards",
    "/law/documents/SX2024-11",
    "/nothing-here",
)


async def focused(page: Page) -> str:
    text: str = await page.evaluate(
        "document.activeElement.textContent.trim() || document.activeElement.value"
    )
    return text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_public_pages_fit_the_screen_and_have_no_serious_fault_of_access(
    chrome: Chrome, width: int, dark: bool
) -> None:
    tab = await chrome.tab(width=width, dark=dark)
    for address in (*PAGES, "/styleguide"):
        await tab.goto(address)
        assert await overflow(tab) == [], address
        assert await access_faults(tab) == [], address
        if address != "/styleguide":  # its business is the code
            assert await foreign_words(tab) == [], address


async def test_the_first_stop_of_the_tab_key_leads_to_the_text(chrome: Chrome) -> None:
    tab = await chrome.tab()
    await tab.goto("/law")
    await tab.keyboard.press("Tab")
    assert await focused(tab) == "跳到正文"
    await tab.keyboard.press("Enter")
    await tab.keyboard.press("Tab")
    assert await tab.evaluate("document.activeElement.name") == "q"


async def test_the_slash_goes_to_the_search_field_and_results_come_while_typing(chrome: Chrome) -> None:
    tab = await chrome.tab()
    await tab.goto("/law")
    await tab.keyboard.press("/")
    await tab.keyboard.type("退休 支付比例")
    await tab.wait_for_selector("#found mark")
    assert "q=" in tab.url
    assert await tab.evaluate("document.activeElement.value") == "退休 支付比例"


async def test_without_javascript_the_search_is_a_form(chrome: Chrome) -> None:
    tab = await chrome.tab(script=False)
    await tab.goto("/law")
    await tab.fill("input[name=q]", "年度最高支付限额")
    await tab.press("input[name=q]", "Enter")
    await tab.wait_for_url("**/law?q=*")
    assert await tab.locator("#found mark").count() > 0
