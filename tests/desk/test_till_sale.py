"""A sale at the pharmacy's till: read, reviewed, pre-settled, settled and handed out, by forms alone."""

from collections.abc import AsyncIterator

import pytest

from gongji.gateway.platform import Platform
from tests.desk import counter as c
from tests.desk.counter import Counter, counter_on
from tests.web.asgi import Browser


@pytest.fixture
async def counter(platform: Platform, browser: Browser, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


async def test_a_prescription_is_read_reviewed_paid_and_handed_out(
    browser: Browser, counter: Counter
) -> None:
    member = counter.member()
    codes = await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 3)
    issued = await counter.prescribed(member, c.AMLODIPINE, packs=2)
    till = await c.at_till(browser, counter.place(c.PHARMACY))
    page = await till.read(await counter.code(issued))
    assert c.told(page) == ""
    assert issued.rx_no in page
    page = await till.read(member.token)
    assert member.name in page
    for code in codes[:2]:
        page = await till.read(code)
    assert "已扫齐" in page
    page = (await till.review(issued.rx_no)).text
    assert "药师已审方" in page
    page = await till.lines("preview", page, **{"price-1": "12.5"})
    assert c.told(page) == ""
    answer = await till.settle(page, cash="100")
    number = c.settlement_of(answer)
    assert "已发药、已出库" in answer.text
    row = await c.row_of(counter.hands.conn, number)
    assert row["total_fen"] == 2500
    assert c.amount(10_000 - row["cash_fen"]) in answer.text
    state = await counter.hands.conn.fetchval(
        "SELECT state FROM prescriptions_v_prescription WHERE rx_no = $1", issued.rx_no
    )
    assert state == "filled"
