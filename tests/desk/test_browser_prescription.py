"""A doctor prescribes, the hospital's pharmacist lets it go, a pharmacy dispenses and settles: in browsers of their own at once, by
keyboard alone; and the doctor's screens as they look."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from gongji.gateway.platform import Platform
from gongji.prescriptions import selectors as prescriptions
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
        # nothing is on a screen from another test or from the past, whose prescriptions in hand come last then
        await opened.hands.conn.execute("DELETE FROM desk_draft")
        yield opened


class Hands:
    """Somebody at a keyboard, who never touches a mouse."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab

    async def press(self, *keys: str) -> None:
        """As fast as a machine, but not before the page has put the cursor where it goes."""
        for key in keys:
            if key == "Enter":
                await self.tab.locator(":focus").first.wait_for(state="attached")
            await self.tab.keyboard.press(key)

    async def goes(self, *keys: str) -> None:
        """The keys, the last of which leads to another page."""
        *before, last = keys
        await self.press(*before)
        async with self.tab.expect_navigation():
            await self.tab.keyboard.press(last)

    async def types(self, text: str) -> None:
        """Into the field where the cursor is."""
        await self.tab.locator(":focus").first.wait_for(state="attached")
        await self.tab.keyboard.type(text)

    async def scans(self, code: str) -> None:
        await self.tab.keyboard.type(code)
        await self.tab.keyboard.press("Enter")

    async def sees(self, text: str) -> None:
        """The text is there, and the page is ready for keys."""
        await self.tab.get_by_text(text).first.wait_for()
        await self.tab.wait_for_load_state("load")


async def at(chrome: Chrome, who: str, address: str, width: int = DESK) -> Hands:
    """Somebody before an open page, with the cursor where the page wants it."""
    tab = await chrome.tab(who, width=width)
    await tab.goto(address)
    if await tab.locator("[autofocus]").count():
        await tab.locator(":focus").first.wait_for(state="attached")
    return Hands(tab)


async def prescribed(doctor: Hands, token: str) -> str:
    """From the voucher to the signed sheet; answers the prescription's number."""
    async with doctor.tab.expect_navigation():
        await doctor.scans(token)
    await doctor.sees("可以享受")
    await doctor.goes("F8")
    await doctor.types("I10.x00x002 高血压")
    await doctor.goes("Enter")
    await doctor.types("bhsaldp")
    await doctor.goes("Enter")
    await doctor.tab.locator("#found a:focus").wait_for()
    await doctor.press("Enter")
    await doctor.sees("可以开具")
    await doctor.goes("Enter")
    await doctor.sees("患者付")
    await doctor.goes("F8")
    await doctor.sees("签发后不能修改")
    await doctor.goes("F8")
    await doctor.sees("待本院药师审方")
    return doctor.tab.url.rpartition("/")[2]


async def test_a_doctor_prescribes_and_a_pharmacy_dispenses_and_settles(
    chrome: Chrome, counter: Counter, platform: Platform
) -> None:
    member = counter.member()
    pack = (await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 3))[0]
    doctor = await at(chrome, "sy-doctor", "/desk/doctor")
    till = await at(chrome, "yd-cashier", "/desk/till")
    rx_no = await prescribed(doctor, member.token)

    house = await at(chrome, "sy-pharmacist", f"/desk/review/{rx_no}")
    await house.sees(c.AMLODIPINE)
    await house.goes("F8")
    await house.sees("审核通过，已流转")

    reviewer = await at(chrome, "yd-pharmacist", "/desk/till/reviews")
    await till.scans(member.token)
    await till.sees("可以在本店取药的处方")
    await till.press("Enter")
    await till.sees("待药师审方")
    await doctor.tab.reload()
    await doctor.sees("药店已接单")
    await reviewer.tab.reload()
    await reviewer.sees(rx_no)
    await reviewer.press("F6")
    await reviewer.tab.get_by_text(rx_no).first.wait_for(state="detached")
    await till.sees("药师已审方")
    await till.scans(pack)
    await till.sees("已扫齐")
    await till.press("F4")
    await till.sees("预结算：将收")
    await till.press("F8")
    await till.sees("结算完成")

    await doctor.tab.reload()
    await doctor.sees("已取完")
    await doctor.sees("医保结算")
    async with platform.pool.acquire() as connection:
        case = await prescriptions.case(connection, rx_no)
    assert case is not None
    assert (case.state, [taking.institution for taking in case.takings]) == (
        "filled",
        [counter.place(c.PHARMACY).code],
    )


async def test_what_a_pharmacist_sends_back_the_doctor_confirms_or_withdraws(
    chrome: Chrome, counter: Counter
) -> None:
    member = counter.member()
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 3)
    doctor = await at(chrome, "sy-doctor", "/desk/doctor")
    rx_no = await prescribed(doctor, member.token)
    house = await at(chrome, "sy-pharmacist", f"/desk/review/{rx_no}")
    await house.goes("F8")
    till = await at(chrome, "yd-cashier", "/desk/till")
    await till.scans(member.token)
    await till.sees("可以在本店取药的处方")
    await till.press("Enter")
    await till.sees("待药师审方")
    await doctor.tab.goto(f"/desk/doctor/rx/{rx_no}/withdraw")
    await doctor.sees("药店下一步操作时会被告知")
    assert await access_faults(doctor.tab) == []
    await doctor.types("调整用药")
    await doctor.goes("Enter")
    await doctor.sees("医嘱")
    await doctor.tab.goto(f"/desk/doctor/rx/{rx_no}")
    await doctor.sees("已撤销")
    await till.press("F4")
    await till.tab.wait_for_timeout(300)
    assert await till.tab.get_by_text("预结算：将收").count() == 0


async def test_what_is_typed_is_answered_while_it_is_typed(chrome: Chrome, counter: Counter) -> None:
    doctor = await at(chrome, "sy-doctor", "/desk/doctor")
    async with doctor.tab.expect_navigation():
        await doctor.scans(counter.member().token)
    await doctor.goes("F8")
    await doctor.types("I10.x00x002 高血压")
    await doctor.goes("Enter")
    async with doctor.tab.expect_response(lambda answer: answer.url.endswith("q=bhsaldp")):
        await doctor.types("bhsaldp")
    await doctor.tab.locator("#found:not(.htmx-settling) a").first.wait_for()
    await doctor.press("Tab", "Enter")
    await doctor.sees("可以开具")
    await doctor.tab.fill("#o_days", "9")
    await doctor.sees("处方用量超过一般期限须注明理由")
    await doctor.tab.fill("#o_days", "999")
    await doctor.sees("天数：")
    assert await access_faults(doctor.tab) == []
    assert await overflow(doctor.tab) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_the_screens_of_the_station_fit_and_have_no_fault_of_access(
    chrome: Chrome, counter: Counter, width: int
) -> None:
    doctor = await at(chrome, "sy-doctor", "/desk/doctor")
    rx_no = await prescribed(doctor, counter.member().token)
    await doctor.tab.goto(f"/desk/doctor/rx/{rx_no}")
    visit = await doctor.tab.get_by_role("link", name="回到就诊").get_attribute("href")
    sheet = f"/desk/doctor/rx/{rx_no}"
    for who, pages in (
        (
            "sy-doctor",
            ("/desk/doctor", f"{visit}", f"{visit}?q=a", sheet, f"{sheet}/withdraw", f"{visit}/cancel"),
        ),
        ("sy-pharmacist", ("/desk/review", f"/desk/review/{rx_no}")),
    ):
        tab = await chrome.tab(who, width=width)
        for address in pages:
            await tab.goto(address)
            assert await overflow(tab) == [], address
            assert await access_faults(tab) == [], address
            assert await foreign_words(tab) == [], address
