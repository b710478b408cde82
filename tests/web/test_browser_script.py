"""The small JavaScript of the pages, in the real browser: keys, scanner, one submit, rows, focus, hints."""

import asyncio

from playwright.async_api import Page

from tests.web.chromium import Chrome, chrome, served

__all__ = ["chrome", "served"]

DESK_FORM = """
<form method="post" action="/nowhere" id="sale" data-again>
  <label for="note">备注</label><input id="note" name="note">
  <label for="code">条码</label><input id="code" name="code" data-scan="fill" data-key="F2">
  <button type="button" id="go" data-key="F8">结算</button>
</form>"""


async def with_parts(chrome: Chrome, html: str) -> Page:
    """A page of the product with these parts in its main; clicks are counted by the element's id."""
    tab = await chrome.tab()
    await tab.goto("/law/standards")
    await tab.evaluate("html => { document.querySelector('main').innerHTML = html }", html)
    await tab.evaluate(
        "() => { window.done = []; document.addEventListener('click', e => e.target.id && window.done.push(e.target.id)) }"
    )
    return tab


async def value(tab: Page, selector: str) -> str:
    return await tab.input_value(selector)


async def focused(tab: Page) -> str:
    found: str = await tab.evaluate("document.activeElement.id")
    return found


async def test_function_keys_press_and_focus_also_from_within_a_field(chrome: Chrome) -> None:
    tab = await with_parts(chrome, DESK_FORM)
    await tab.focus("#note")
    await tab.keyboard.press("F8")
    assert await tab.evaluate("window.done") == ["go"]
    await tab.keyboard.press("F2")
    assert await focused(tab) == "code"


async def test_a_key_that_is_a_letter_is_typed_while_one_types(chrome: Chrome) -> None:
    tab = await with_parts(
        chrome, '<input id="note"><input type="search" id="find"><a href="#x" id="p" data-key="p">打印</a>'
    )
    await tab.focus("#note")
    await tab.keyboard.type("p/", delay=60)
    assert await value(tab, "#note") == "p/"
    assert await tab.evaluate("window.done") == []
    await tab.evaluate("document.activeElement.blur()")
    await tab.keyboard.press("p")
    assert await tab.evaluate("window.done") == ["p"]
    await tab.keyboard.press("/")
    assert await focused(tab) == "find"


async def test_what_a_scanner_types_goes_to_the_scan_field_wherever_the_cursor_stands(chrome: Chrome) -> None:
    tab = await with_parts(chrome, DESK_FORM)
    await tab.focus("#note")
    await tab.keyboard.type("手写", delay=90)
    await asyncio.sleep(0.4)  # the hand goes to the scanner
    await tab.keyboard.type("81234567890123456789")
    await tab.keyboard.press("Enter")
    assert await value(tab, "#code") == "81234567890123456789"
    assert await value(tab, "#note") == "手写", "the field in which the cursor stood is as it was"
    assert await focused(tab) == "code"


async def test_what_is_typed_by_hand_stays_where_it_is(chrome: Chrome) -> None:
    tab = await with_parts(chrome, DESK_FORM)
    await tab.evaluate(
        "document.querySelector('form').addEventListener('submit', e => { e.preventDefault(); window.sent = true })"
    )
    await tab.focus("#note")
    await tab.keyboard.type("1234567", delay=90)
    await tab.keyboard.press("Enter")
    assert await value(tab, "#note") == "1234567"
    assert await value(tab, "#code") == ""


async def test_a_form_is_sent_once_however_often_one_clicks(chrome: Chrome) -> None:
    tab = await with_parts(
        chrome, '<form method="post" action="/law/standards" id="f"><button id="send">提交</button></form>'
    )
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.method))
    await tab.route("**/law/standards", lambda route: None)  # no answer comes
    resting = await tab.evaluate(
        "() => { const b = document.getElementById('send'); for (let i = 0; i < 4; i++) b.click(); return b.ariaDisabled }"
    )
    await asyncio.sleep(0.3)
    assert asked.count("POST") == 1
    assert resting == "true"


async def test_rows_of_a_table_are_walked_by_arrows_and_opened_by_enter(chrome: Chrome) -> None:
    rows = "".join(f'<tr><td><a href="#row{at}" id="link{at}">{at}</a></td></tr>' for at in range(4))
    tab = await with_parts(
        chrome,
        f'<table class="table" data-rows><thead><tr><th>号</th></tr></thead><tbody>{rows}</tbody></table>',
    )
    await tab.evaluate("document.dispatchEvent(new CustomEvent('htmx:afterSettle', {bubbles: true}))")
    await tab.focus("tbody tr")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "End", "ArrowDown", "Home", "ArrowDown"):
        await tab.keyboard.press(key)
    await tab.keyboard.press("Enter")
    assert await tab.evaluate("window.done") == ["link1"]
    assert await tab.evaluate("document.querySelectorAll('tbody tr[tabindex=\"0\"]').length") == 1


async def test_cells_learn_the_name_of_their_column(chrome: Chrome) -> None:
    tab = await chrome.tab(width=390)
    await tab.goto("/law/standards")
    assert await tab.get_attribute("table.table--cards tbody td", "data-label") == "适用情形"


async def test_an_amount_is_tidied_and_characters_are_counted(chrome: Chrome) -> None:
    tab = await with_parts(
        chrome,
        '<div class="field"><input id="sum" data-amount></div>'
        '<div class="field"><textarea id="text" maxlength="20" data-count></textarea></div>',
    )
    for typed, tidy in (("1,234.5", "1234.50"), ("¥ 007", "7.00"), ("十元", "十"), ("1.234", "1.234")):
        await tab.fill("#sum", typed)
        await tab.press("#sum", "Tab")
        assert (await value(tab, "#sum")).startswith(tidy)
    await tab.fill("#text", "您好")
    assert await tab.text_content("#text_count") == "还可以写 18 字"


async def test_escape_closes_an_open_menu_and_gives_the_focus_back(chrome: Chrome) -> None:
    tab = await with_parts(
        chrome, '<details data-menu><summary id="menu">更多</summary><a href="#a" id="a">甲</a></details>'
    )
    await tab.click("#menu")
    await tab.focus("#a")
    await tab.keyboard.press("Escape")
    assert await tab.evaluate("document.querySelector('details').open") is False
    assert await focused(tab) == "menu"


async def test_a_refused_form_takes_the_focus_to_its_summary_and_the_summary_into_the_field(
    chrome: Chrome,
) -> None:
    tab = await chrome.tab()
    await tab.goto("/signin")
    await tab.click("main button[type=submit]")
    await tab.wait_for_selector(".error-summary")
    assert await tab.evaluate("document.activeElement.matches('.error-summary')")
    await tab.click(".error-summary a")
    name = await tab.evaluate("document.activeElement.name")
    assert name == "username"
    described = await tab.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert await tab.locator(f"#{described.split()[-1]}").text_content()


async def test_a_part_that_fails_becomes_the_whole_page_that_says_so(chrome: Chrome) -> None:
    tab = await with_parts(chrome, "<p>x</p>")
    await tab.evaluate("htmx.ajax('GET', '/nothing-here', 'main p')")
    await tab.wait_for_selector("main h1:has-text('没有这一页')")
    assert await tab.locator("header.top").count() == 1
