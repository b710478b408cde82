"""The look in a real browser: the dark scheme, what the keyboard reaches, and what works without JavaScript."""

from playwright.async_api import Page

from tests.web.chromium import DESK, Chrome, chrome, served
from tests.web.looking import access_faults, overflow

__all__ = ["chrome", "served"]

PAGES = ("/", "/law?q=70%25", "/law/SX2024-11.s1.e1", "/law/standards", "/nothing-here", "/styleguide")


async def focused(page: Page) -> str:
    text: str = await page.evaluate(
        "document.activeElement.textContent.trim() || document.activeElement.value"
    )
    return text


async def test_in_the_dark_and_on_a_wide_screen_pages_have_no_serious_fault_of_access(chrome: Chrome) -> None:
    """By day and on a phone they are among the screens of ``test_browser_screens``."""
    tab = await chrome.tab(width=DESK, dark=True)
    for address in PAGES:
        await tab.goto(address)
        assert await overflow(tab) == [], address
        assert await access_faults(tab) == [], address


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


async def test_the_question_mark_lists_the_keys_of_the_page_and_escape_closes_only_the_list(
    chrome: Chrome,
) -> None:
    tab = await chrome.tab("yd-cashier")
    await tab.goto("/desk/closing")
    await tab.keyboard.press("?")
    listed = await tab.locator("dialog.help").inner_text()
    assert all(words in listed for words in ("快捷键", "打印", "Esc", "返回", "本说明"))
    assert await access_faults(tab) == []
    await tab.keyboard.press("Escape")
    assert await tab.locator("dialog.help").count() == 0
    assert tab.url.endswith("/desk/closing")
    await tab.goto("/law")
    await tab.fill("main input[type=search]", "")
    await tab.keyboard.type("?")
    assert await tab.locator("dialog.help").count() == 0, "somebody asks a question there"


async def test_escape_leaves_a_field_with_something_new_in_it_before_it_leaves_the_page(
    chrome: Chrome,
) -> None:
    tab = await chrome.tab("sq-manager")
    await tab.goto("/desk/departments/open")
    await tab.locator("main form input:not([type=hidden])").first.fill("内科")
    await tab.keyboard.press("Escape")
    assert tab.url.endswith("/desk/departments/open")
    async with tab.expect_navigation():
        await tab.keyboard.press("Escape")
    assert tab.url.endswith("/desk/departments")


async def test_without_javascript_the_search_is_a_form(chrome: Chrome) -> None:
    tab = await chrome.tab(script=False)
    await tab.goto("/law")
    await tab.fill("input[name=q]", "年度最高支付限额")
    await tab.press("input[name=q]", "Enter")
    await tab.wait_for_url("**/law?q=*")
    assert await tab.locator("#found mark").count() > 0
