"""The till in a real browser: a whole sale by keyboard alone with its strokes counted, a refund, the screens themselves."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Route

from gongji.gateway.platform import Platform
from gongji.project.story.cast import Member
from tests.desk import counter as c
from tests.desk.counter import Counter, counter_on
from tests.web.chromium import DESK, PHONE, Chrome, chrome, served
from tests.web.looking import access_faults, foreign_words, overflow

__all__ = ["chrome", "served"]


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


@pytest.fixture
async def counter(platform: Platform, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        await opened.hands.conn.execute(
            "DELETE FROM desk_draft"
        )  # nothing is left on a screen by another test
        yield opened


BURST = """codes => { for (const code of codes) for (const key of [...code, "Enter"])
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})) }"""
"""A scanner that is faster than the screen, whatever else the machine is doing."""


class Keys:
    """A keyboard and a scanner; ``strokes`` counts what a hand does: a key is one, a scan is one."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self.strokes = 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.strokes += 1
            await self.tab.keyboard.press(key)

    async def scan(self, code: str) -> None:
        self.strokes += 1
        await self.tab.keyboard.type(code)
        await self.tab.keyboard.press("Enter")

    async def sees(self, text: str) -> None:
        await self.tab.get_by_text(text).first.wait_for()


async def at_till(chrome: Chrome, who: str = "yd-cashier", address: str = "/desk/till") -> Keys:
    tab = await chrome.tab(who)
    await tab.goto(address)
    return Keys(tab)


async def test_a_sale_on_a_prescription_takes_less_than_ten_strokes_and_no_mouse(
    chrome: Chrome, counter: Counter
) -> None:
    member = counter.member("flexible_without_account")  # who pays cash
    code = (await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 3))[0]
    issued = await counter.prescribed(member, c.AMLODIPINE)
    till, reviewer = await at_till(chrome), await at_till(chrome, "yd-pharmacist", "/desk/till/reviews")
    await till.scan(member.token)
    await till.sees("可以在本店取药的处方")
    await till.press("Enter")
    await till.sees("待药师审方")
    await reviewer.tab.reload()
    await reviewer.sees(issued.rx_no)
    await reviewer.press("F6")  # the first of what was taken over here, whatever other software holds
    await reviewer.tab.get_by_text(issued.rx_no).first.wait_for(state="detached")
    await till.sees("药师已审方")  # without a key
    await till.scan(code)
    await till.sees("已扫齐")
    await till.press("F4")
    await till.sees("预结算：将收")
    await till.press(*"200")
    await till.press("F8")
    await till.sees("结算完成")
    await till.sees("已发药、已出库")
    assert till.strokes < 10, till.strokes
    assert await till.tab.get_by_text("找零").count() == 1
    await till.press("F2")
    await till.sees("药店收银台")
    assert await till.tab.evaluate("document.activeElement.id") == "scan"


async def test_packs_scanned_one_after_the_other_are_all_counted_wherever_the_cursor_stands(
    chrome: Chrome, counter: Counter
) -> None:
    member = counter.member()
    codes = await counter.on_shelf(c.PHARMACY, c.BANLANGEN, 4, "F")
    till = await at_till(chrome)
    await till.scan(member.token)
    await till.sees("正常参保")
    await till.tab.focus("#proxy_name, summary >> nth=0")
    await till.tab.evaluate(BURST, codes)  # nobody waits for an answer
    await till.tab.locator('[name=quantity-1][value="4"]').wait_for()
    await till.sees("已扫齐")
    await till.tab.focus("[name=quantity-1]")
    await till.tab.evaluate(BURST, codes[:1])
    await till.sees("TRACE_CODE_TWICE")
    assert await till.tab.input_value("[name=quantity-1]") == "4", "what was typed there is what it was"
    await till.press("F4")
    await till.sees("预结算：将收")


async def test_a_code_that_cannot_be_sold_is_told_at_once_and_the_sale_stays(
    chrome: Chrome, counter: Counter
) -> None:
    member = counter.member()
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 2)
    strange = (await counter.on_shelf(c.OTHER_PHARMACY, c.AMLODIPINE, 2, "Q"))[0]
    issued = await counter.prescribed(member, c.AMLODIPINE)
    till = await at_till(chrome)
    await till.scan(await counter.code(issued))
    await till.sees(issued.rx_no)
    await till.scan(strange)
    await till.sees("TRACE_CODE_UNKNOWN")
    await till.tab.reload()
    await till.sees(issued.rx_no)
    assert await till.tab.evaluate("document.activeElement.id") == "scan"
    assert await overflow(till.tab) == []
    assert await access_faults(till.tab) == []
    await till.tab.get_by_text("放弃这笔购药").click()
    await till.tab.get_by_role("button", name="放弃", exact=True).click()
    await till.sees("处方已释放")


async def test_an_answer_that_does_not_reach_the_screen_is_found_and_nothing_is_paid_twice(
    chrome: Chrome, counter: Counter
) -> None:
    member = counter.member()
    code = (await counter.on_shelf(c.PHARMACY, c.BANLANGEN, 2, "L"))[0]
    till = await at_till(chrome)
    await till.scan(member.token)
    await till.sees("正常参保")
    await till.scan(code)
    await till.sees("已扫齐")
    await till.press("F4")
    await till.sees("预结算：将收")
    stale = await at_till(chrome)  # a second window with the same pre-settlement
    await stale.sees("预结算：将收")
    done = asyncio.Event()

    async def cut(route: Route) -> None:
        await route.fetch(max_redirects=0)
        done.set()
        await route.abort()

    await till.tab.route("**/desk/till/settle", cut)
    await till.press("F8")
    await done.wait()
    await till.tab.unroute("**/desk/till/settle")
    other = await at_till(chrome)  # the window was closed, another is opened
    await other.sees("上一笔：")
    number = await other.tab.locator("main a[href^='/desk/sold/']").first.inner_text()
    before = await settled(counter, member)
    await stale.press("F8")
    await stale.sees(f"结算完成　{number}")
    await stale.tab.reload()
    await stale.sees(f"结算完成　{number}")
    assert await settled(counter, member) == before


async def settled(counter: Counter, member: Member) -> int:
    """How many settlements the member has at all."""
    found: int = await counter.hands.conn.fetchval(
        "SELECT count(*) FROM settlement_fact WHERE psn_no = $1", member.psn_no
    )
    return found


async def test_a_refund_shows_what_will_happen_first_and_ends_with_a_number(
    chrome: Chrome, counter: Counter
) -> None:
    member = counter.member()
    code = (await counter.on_shelf(c.PHARMACY, c.BANLANGEN, 2))[0]
    till = await at_till(chrome)
    await till.scan(member.token)
    await till.sees(member.name)
    await till.scan(code)
    await till.sees("板蓝根颗粒")
    assert await till.tab.input_value("input[name=price-1]"), "the price that was charged last"
    await till.press("F4")
    await till.sees("预结算：将收")
    await till.press("F8")
    await till.sees("结算完成")
    await till.tab.get_by_role("link", name="退费").click()
    await till.sees("将会发生什么")
    await till.sees("追溯码可以再次结算")
    assert await access_faults(till.tab) == []
    await till.press("F8")
    await till.sees("退费完成")
    number = (await till.tab.locator("h1").inner_text()).split()[-1]
    assert number.isdigit()


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_the_screens_of_the_counter_fit_and_have_no_fault_of_access(chrome: Chrome, width: int) -> None:
    for who, pages in (
        ("yd-cashier", ("/desk/till", "/desk/day", "/desk/closing", "/desk/reconcile", "/desk/lost")),
        ("sq-cashier", ("/desk/cashier", "/desk/day")),
        ("yd-pharmacist", ("/desk/till/reviews",)),
    ):
        tab = await chrome.tab(who, width=width)
        for address in pages:
            await tab.goto(address)
            assert await overflow(tab) == [], (who, address)
            assert await access_faults(tab) == [], (who, address)
            assert await foreign_words(tab) == [], (who, address)
