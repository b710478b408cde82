"""What is undone (冲正) counts in the day of who undid it, so that the cash in the drawer is what the closing says."""

import re
from collections.abc import AsyncIterator

import pytest

from gongji.gateway.platform import Platform
from tests.desk import counter as c
from tests.desk.cashier.test_visit import CLINIC, ECG, Desk, treated
from tests.desk.counter import Counter, counter_on
from tests.desk.till.test_sale import lose
from tests.web.asgi import Browser, sign_in_as


@pytest.fixture
async def counter(platform: Platform, browser: Browser, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


@pytest.mark.parametrize("arrived", [True, False])
async def test_the_closing_has_what_was_undone_beside_what_was_settled(
    browser: Browser, counter: Counter, monkeypatch: pytest.MonkeyPatch, *, arrived: bool
) -> None:
    role = "manager" if arrived else "pharmacist"
    await sign_in_as(
        browser, "cashier", role, institution=counter.place(CLINIC).code, name=f"冲正员{arrived}"
    )
    desk = Desk(browser)
    member = counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    page = await desk.do("preview", account="0")
    lose(monkeypatch, "2207", after=arrived)
    await desk.settle(page)
    monkeypatch.undo()
    number = re.search(r'name="number" value="([^"]+)"', (await browser.get("/desk/lost")).text)
    assert number is not None
    await browser.send_form("/desk/lost", {"number": number[1], "do": "undo", "msgid": f"WUNDO{arrived}"})
    closing = (await browser.get("/desk/closing")).text
    counts = dict(re.findall(r'<th scope="row">(结算|退费)</th><td class="money">(\d+) 笔', closing))
    assert counts == {"结算": str(int(arrived)), "退费": str(int(arrived))}
    due = re.search(r'应交现金（元）</th><td class="money"><b>([^<]+)', closing)
    assert due is not None
    assert due[1] == c.amount(0), "what was given back is not owed"
    compared = (await browser.get("/desk/reconcile")).text
    assert "本机构记录与平台相符" in compared
    elsewhere = re.search(r"平台有，工作站没有发.*?</tr>", compared, re.DOTALL)
    assert elsewhere is not None
    assert re.findall(r'money">(\d+)<', elsewhere[0])[:2] == ["0", "0"]
