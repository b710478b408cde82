"""The checks of screens find what they are for."""

from tests.web.chromium import PHONE, Chrome, chrome, served
from tests.web.looking import access_faults, empty_parts, foreign_words, overflow

__all__ = ["chrome", "served"]

BAD = """<!doctype html><html lang="zh"><title>坏页</title><body>
<header style="display:flex"><a href="/a" style="flex:none;width:150px">政策</a>
<button style="margin-left:-40px;width:90px">登录</button></header>
<main><h1>坏页 Settings</h1>
<div style="width:500px">宽</div><div style="overflow:hidden;width:40px;white-space:nowrap">被切掉的一长串文字</div>
<table><thead><tr><th>列</th></tr></thead><tbody></tbody></table><p class="empty">什么也没有</p>
<p style="color:#bbb;background:#fff">看不清</p><input><code>fine</code> H14010000001 A4</main>"""


async def test_each_kind_of_fault_is_found(chrome: Chrome) -> None:
    tab = await chrome.tab(width=PHONE)
    await tab.set_content(BAD)
    assert "covered a." in await overflow(tab)
    assert "div." in await overflow(tab)
    assert "cut div." in await overflow(tab)
    assert await foreign_words(tab) == ["Settings"]
    assert await empty_parts(tab) == ["什么也没有", "a table without rows"]
    faults = " ".join(await access_faults(tab))
    assert "color-contrast" in faults
    assert "label" in faults


async def test_a_script_that_fails_and_an_asset_that_is_missing_are_heard(chrome: Chrome) -> None:
    tab = await chrome.tab()
    await tab.goto("/styleguide")
    await tab.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: '/static/web/none.svg'}))"
    )
    await tab.evaluate("setTimeout(() => { throw new Error('oh') })")
    await tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    await tab.wait_for_timeout(200)
    heard = "\n".join(chrome.faults)
    chrome.faults.clear()
    assert "none.svg answered 404" in heard
    assert "oh" in heard
    assert "Content Security Policy" in heard
