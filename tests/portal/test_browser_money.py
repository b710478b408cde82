"""A member on a phone, in a real browser: reads why an amount is what it is, asks what a visit would cost, lends the account to a
spouse who then pays from it at a pharmacy's till.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from gongji.accounts.selectors import balances
from gongji.base.money import format_yuan, parse_yuan
from gongji.demo_data import generate
from gongji.demo_data.population import psn_no_of
from gongji.gateway.platform import Platform
from tests.desk import counter as c
from tests.desk.counter import Counter, counter_on
from tests.web.chromium import DESK, PHONE, Chrome, chrome, served
from tests.web.looking import access_faults, foreign_words, overflow

__all__ = ["chrome", "served"]

WORLD = generate()
ME = "demo-voucher-000001"
OWNER, SPOUSE = "demo-voucher-000020", "demo-voucher-000205"
"""Two members who are bound to nobody; the second one has less than ``PRICE``."""
PRICE = "300.00"
NAMES = {str(row["psn_no"]): row for row in WORLD.tables["members_person"]}


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    return lived_url


@pytest.fixture
async def counter(platform: Platform, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


async def is_sound(tab: Page) -> None:
    assert await overflow(tab) == []
    assert await access_faults(tab) == []
    assert await foreign_words(tab) == []


async def test_a_member_reads_why_the_fund_paid_what_it_paid_down_to_the_law(chrome: Chrome) -> None:
    tab = await chrome.tab(ME, width=PHONE)
    await tab.goto("/portal/")
    await tab.get_by_role("link", name="结算", exact=True).click()
    await tab.locator("main a.list__item").first.click()
    await tab.get_by_role("heading", name="为什么？").wait_for()
    rate = tab.locator("details", has_text="按什么比例报销")
    assert await rate.locator(".law").first.is_hidden()
    await rate.locator("summary").press("Enter")
    await rate.locator(".law").first.wait_for()
    said = await rate.inner_text()
    assert "×" in said
    assert "晋医保发〔2024〕11号" in said
    assert "起施行" in said
    assert "此前" in said
    await is_sound(tab)
    await rate.locator("a.why").first.click()
    await tab.get_by_text("支付比例").first.wait_for()
    assert "/law/SX2024-11" in tab.url
    await tab.go_back()
    await tab.get_by_role("link", name="打印结算单").click()
    await tab.get_by_text("参保人联").first.wait_for()
    await is_sound(tab)


async def test_a_member_reads_it_all_without_script(chrome: Chrome) -> None:
    tab = await chrome.tab(ME, width=PHONE, script=False)
    await tab.goto("/portal/settlements")
    await tab.locator("main a.list__item").first.click()
    await tab.locator("summary", has_text="剩下的谁来付").click()
    await tab.get_by_text("个人负担", exact=True).first.wait_for()
    await tab.goto("/portal/account?year=2025")
    folded = tab.locator("details.disclose").nth(1)
    assert await folded.locator("li").first.is_hidden()
    await folded.locator("summary").press("Enter")
    await folded.locator("li").first.wait_for()
    async with tab.expect_download() as saved:
        await tab.get_by_role("link", name="电子表格").click()
    assert (await saved.value).suggested_filename == "account-2025.xlsx"


async def test_a_member_asks_what_a_visit_would_cost_and_where_it_would_cost_less(chrome: Chrome) -> None:
    tab = await chrome.tab(ME, width=PHONE)
    await tab.goto("/portal/estimate")
    await is_sound(tab)
    await tab.get_by_role("link", name="一类收费价格医疗机构").click()
    await tab.get_by_label("名称、拼音首字母或编码").fill("atft")
    await tab.keyboard.press("Enter")
    await tab.get_by_role("button", name="加入").first.click()
    await tab.get_by_label("数量").fill("3")
    await tab.get_by_label("单价").fill("")
    await tab.get_by_role("button", name="算一算").click()
    await tab.get_by_text("有 1 处需要改正").wait_for()
    await is_sound(tab)
    await tab.get_by_label("单价").fill("40")
    await tab.locator("summary", has_text="只知道金额").click()
    await tab.get_by_label("甲类检查、治疗").fill("180")
    await tab.get_by_role("button", name="算一算").click()
    await tab.get_by_text("大约要您自己负担").wait_for()
    assert "可以少付" in await tab.locator("main").inner_text()
    assert "300.00" in await tab.locator("tfoot").first.inner_text()
    await is_sound(tab)
    await tab.go_back()
    assert await tab.get_by_label("数量").input_value() == "3"


async def test_binding_a_spouse_and_paying_from_the_account(
    chrome: Chrome, counter: Counter, platform: Platform
) -> None:
    spouse = NAMES[psn_no_of(int(SPOUSE[-6:]))]
    async with platform.pool.acquire() as conn:
        held_fen, _ = (await balances(conn, [str(spouse["psn_no"])]))[str(spouse["psn_no"])]
    lent = format_yuan(parse_yuan(PRICE) - held_fen)
    owner = await chrome.tab(OWNER, width=PHONE)
    await owner.goto("/portal/")
    await owner.get_by_role("link", name="让家人用我的账户，看谁用了多少").click()
    await owner.get_by_role("link", name="让家人用我的账户").click()
    await owner.get_by_label("我的配偶").check()
    await is_sound(owner)
    await owner.get_by_role("button", name="继续").click()
    await owner.get_by_label("姓名").fill(str(spouse["name"]))
    await owner.get_by_label("身份证号码").fill("110101199003070000")
    await owner.get_by_role("button", name="继续").click()
    await owner.get_by_text("身份证号码不对").first.wait_for()
    await owner.get_by_label("身份证号码").fill(str(spouse["cert_no"]))
    await owner.get_by_role("button", name="继续").click()
    await owner.get_by_label("结婚证").check()
    await owner.get_by_role("button", name="继续").click()
    await owner.get_by_text("核对后提交").first.wait_for()
    await is_sound(owner)
    await owner.get_by_label("我声明以上关系属实").check()
    await owner.get_by_role("button", name="提交申请").dblclick()
    await owner.get_by_role("heading", name="申请已经提交").wait_for()
    number = await owner.locator("dd.code").first.inner_text()

    reviewer = await chrome.tab("chushen", width=DESK)
    await reviewer.goto("/console/bindings")
    await is_sound(reviewer)
    await reviewer.get_by_role("link", name=number).click()
    await is_sound(reviewer)
    await reviewer.get_by_role("button", name="同意", exact=True).click()
    await reviewer.get_by_role("heading", name="办理结果").wait_for()

    await owner.reload()
    await owner.get_by_role("heading", name="绑定已经生效").wait_for()

    code = (await counter.on_shelf(c.PHARMACY, c.BANLANGEN, 2, "F"))[0]
    till = await chrome.tab("yd-cashier")
    await till.goto("/desk/till")
    await till.keyboard.type(SPOUSE)
    await till.keyboard.press("Enter")
    await till.get_by_text(str(spouse["name"])).first.wait_for()
    await till.keyboard.type(code)
    await till.keyboard.press("Enter")
    await till.get_by_text("已扫齐").first.wait_for()
    await till.fill("input[name=price-1]", PRICE)
    await till.keyboard.press("F4")
    await till.get_by_text("预结算：将收").first.wait_for()
    await till.keyboard.press("F8")
    await till.get_by_text("结算完成").first.wait_for()

    user = await chrome.tab(SPOUSE, width=PHONE)
    await user.goto("/portal/")
    await user.get_by_text("1 位家人的账户可以给您用").wait_for()
    await user.goto("/portal/family")
    assert lent in await user.locator("section", has_text="今年家人替我付的").last.inner_text()
    await is_sound(user)
    await owner.goto("/portal/family")
    drawn = await owner.locator("section", has_text="今年家人用了我的").last.inner_text()
    assert lent in drawn
    assert c.PHARMACY in drawn
    assert str(spouse["name"]) not in drawn
    await is_sound(owner)
