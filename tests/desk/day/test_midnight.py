"""A day at the counter ends while something is on its way: it belongs to the day on which it was settled, and to who sent it."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest

from gongji.gateway.platform import Platform, system_now
from tests.desk import counter as c
from tests.desk.cashier.test_visit import CLINIC, ECG, Desk, treated
from tests.desk.counter import Counter, counter_on
from tests.desk.till.test_sale import lose
from tests.web.asgi import Browser, sign_in_as

SENDER = "跨日员"


class Time:
    """The platform's clock, which a test moves on."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return system_now() + self.passed


@pytest.fixture
def now() -> Callable[[], datetime]:
    return Time()


@pytest.fixture
async def counter(platform: Platform, browser: Browser, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


async def test_what_is_sent_on_one_day_and_settled_on_the_next_is_in_the_senders_closing_of_the_next(
    browser: Browser, counter: Counter, now: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sign_in() -> None:
        await sign_in_as(browser, "cashier", "manager", institution=counter.place(CLINIC).code, name=SENDER)

    await sign_in()
    desk, member = Desk(browser), counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    page = await desk.do("preview", account="0")
    lose(monkeypatch, "2207", after=False)
    await desk.settle(page)
    monkeypatch.undo()
    number = re.search(r'name="number" value="([^"]+)"', (await browser.get("/desk/lost")).text)
    assert number is not None
    before = f"{browser.platform.now() + timedelta(hours=8):%Y-%m-%d}"
    now.passed = timedelta(days=1)
    await sign_in()
    await browser.send_form("/desk/lost", {"number": number[1], "do": "again"})
    closing = (await browser.get("/desk/closing")).text
    assert '结算</th><td class="money">1 笔' in closing
    compared = (await browser.get("/desk/reconcile")).text
    assert SENDER in compared.split("按经手人")[1].split("</section>")[0]
    elsewhere = re.search(r"平台有，工作站没有发.*?</tr>", compared, re.DOTALL)
    assert elsewhere is not None
    assert re.findall(r'money">(\d+)<', elsewhere[0])[:2] == ["0", "0"]
    assert c.amount(counter.good(ECG).amount_fen) in compared
    earlier = (await browser.get("/desk/reconcile", params={"on": before})).text
    assert "没有。发出的每一笔都生效了。" in earlier
