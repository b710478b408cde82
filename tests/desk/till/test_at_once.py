"""Several hands on one sale: two pharmacies, two windows, a server that ends at a bad moment. Goods and money move once."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gongji.gateway import inside
from gongji.gateway.platform import Platform
from tests.desk import counter as c
from tests.desk.counter import Counter, counter_on
from tests.desk.till.test_sale import ProcessEnded, lose, prices, ready
from tests.web.asgi import Browser, web_on


@pytest.fixture
async def counter(platform: Platform, browser: Browser, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


@pytest.fixture
async def till(browser: Browser, counter: Counter) -> c.Till:
    return await c.at_till(browser, counter.place(c.PHARMACY))


async def basket(till: c.Till, counter: Counter, packs: int = 2) -> tuple[str, list[str]]:
    """A sale without a prescription, pre-settled; the screen and the codes of its packs."""
    member = counter.member()
    codes = (await counter.on_shelf(c.PHARMACY, c.BANLANGEN, packs))[:packs]
    page = await till.read(member.token)
    for code in codes:
        page = await till.read(code)
    return await till.lines("preview", page, **prices(page)), codes


async def stock(counter: Counter, name: str = c.BANLANGEN) -> int:
    """What of a drug the pharmacy has by its books."""
    query = "SELECT sum(quantity_e4) FROM stock_on_hand WHERE institution = $1 AND local_name = $2"
    return int(await counter.hands.conn.fetchval(query, counter.place(c.PHARMACY).code, name))


async def refund(till: c.Till, number: str, msgid: str = "WREFUND") -> httpx.Response:
    fields = {"msgid": f"{msgid}{number[-8:]}"}
    return await till.browser.send_form(f"/desk/refund/{number}", fields, follow_redirects=True)


def end_at(monkeypatch: pytest.MonkeyPatch, infno: str) -> None:
    """The server ends before the trade is sent."""
    real = inside.trade

    async def ending(
        platform: Platform, operator: inside.Operator, number: str, nodes: dict[str, Any], msgid: str
    ) -> object:
        if number == infno:
            raise ProcessEnded
        return await real(platform, operator, number, nodes, msgid)

    monkeypatch.setattr(inside, "trade", ending)


async def take_up(till: c.Till) -> httpx.Response:
    """F9, Enter."""
    number = re.search(r'name="number" value="([^"]+)"', (await till.browser.get("/desk/lost")).text)
    assert number is not None, "nothing is without an answer"
    fields = {"number": number[1], "do": "again"}
    return await till.browser.send_form("/desk/lost", fields, follow_redirects=True)


async def test_of_two_pharmacies_that_take_one_prescription_at_once_one_has_it_and_the_other_hears_who(
    till: c.Till, counter: Counter, platform: Platform, world_url: str
) -> None:
    member = counter.member()
    issued = await counter.prescribed(member, c.AMLODIPINE)
    codes = [await counter.code(issued) for _ in range(2)]
    async with Browser(await web_on(world_url), platform) as other:
        second = await c.at_till(other, counter.place(c.OTHER_PHARMACY))
        pages = await asyncio.gather(till.read(codes[0]), second.read(codes[1]))
    won = ["本店保留至" in page for page in pages]
    assert sorted(won) == [False, True]
    words = c.told(pages[won.index(False)])
    assert "RX_HELD" in words
    assert (c.PHARMACY if won[0] else c.OTHER_PHARMACY) in words
    query = "SELECT count(*) FROM prescriptions_event WHERE rx_id = $1 AND verb = 'accept'"
    assert await counter.hands.conn.fetchval(query, int(issued.rx_no)) == 1


async def test_a_step_in_another_window_while_it_settles_does_not_bring_the_sale_back(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, codes = await basket(till, counter)
    real = inside.trade

    async def slow(
        platform: Platform, operator: inside.Operator, number: str, nodes: dict[str, Any], msgid: str
    ) -> object:
        if number == "2102":
            monkeypatch.setattr(inside, "trade", real)
            assert "预结算：将收" not in await till.do("back")
        return await real(platform, operator, number, nodes, msgid)

    monkeypatch.setattr(inside, "trade", slow)
    c.settlement_of(await till.settle(page))
    after = (await till.browser.get("/desk/till")).text
    assert not [code for code in codes if code in after], "what is settled is not on the screen again"
    assert c.told(await till.do("preview")), "and cannot be settled again"


async def test_who_still_waits_for_an_answer_cannot_be_charged_under_another_number(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await basket(till, counter)
    lose(monkeypatch, "2102", after=True)
    await till.settle(page)
    monkeypatch.undo()
    page = await till.do("back")
    line = re.search(r'name="uncode" value="([^"]+)"', page)
    while line is not None:  # without the codes of its packs nothing else would tell that they are sold
        page = await till.do("", uncode=line[1])
        line = re.search(r'name="uncode" value="([^"]+)"', page)
    page = await till.lines("preview", page)
    if "预结算：将收" in page:
        page = (await till.settle(page)).text
        assert "没有回音" in c.told(page)
        assert "F9" in c.told(page)
    assert c.told(page)
    assert "已发药、已出库" in (await take_up(till)).text


async def test_fields_of_the_sale_before_are_not_this_sales(till: c.Till, counter: Counter) -> None:
    page, _ = await basket(till, counter)
    old = c.fields_of(page)
    c.settlement_of(await till.settle(page))
    again = await till.do("preview", **old)
    assert "另一个窗口" in again or "还没有要买的药品" in again
    await basket(till, counter, packs=1)
    page = await till.do("keep", **(old | {"price-1": "0.01", "quantity-1": "99"}))
    assert "另一个窗口" in page
    assert 'value="99"' not in page
    assert "另一个窗口" in await till.do("drop", sale=old["sale"])
    assert c.BANLANGEN in (await till.browser.get("/desk/till")).text, "the new sale is not given up"


async def test_goods_come_back_once_though_the_server_ends_in_the_middle_of_a_refund(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await basket(till, counter)
    full = await stock(counter)
    number = c.settlement_of(await till.settle(page))
    assert await stock(counter) == full - 20_000
    end_at(monkeypatch, "3506")
    with contextlib.suppress(ProcessEnded):
        await refund(till, number)
    monkeypatch.undo()
    assert "笔结算没有回音" in (await till.browser.get("/desk/till")).text
    assert "退费完成" in (await take_up(till)).text
    assert await stock(counter) == full
    assert "笔结算没有回音" not in (await till.browser.get("/desk/till")).text


async def test_goods_that_do_not_come_back_are_named_on_both_receipts(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await basket(till, counter)
    number = c.settlement_of(await till.settle(page))
    real = inside.trade

    async def refusing(
        platform: Platform, operator: inside.Operator, infno: str, nodes: dict[str, Any], msgid: str
    ) -> object:
        if infno == "3506":
            return inside.Refused("BATCH_UNKNOWN", "〔BATCH_UNKNOWN〕没有这个批次")
        return await real(platform, operator, infno, nodes, msgid)

    monkeypatch.setattr(inside, "trade", refusing)
    done = await refund(till, number)
    monkeypatch.undo()
    for text in (done.text, (await till.browser.get(f"/desk/sold/{number}")).text):
        assert "药品没有退回库存" in text
        assert "没有这个批次" in text
        assert "已退回库存" not in text


async def test_what_is_refunded_before_it_left_the_shelf_does_not_leave_it_any_more(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await basket(till, counter)
    full = await stock(counter)
    lose(monkeypatch, "3505", after=False)
    answer = await till.settle(page)
    number = c.settlement_of(answer)
    assert "再发一次药" in answer.text
    monkeypatch.undo()
    c.settlement_of(await refund(till, number))
    answer = await till.browser.send_form(f"/desk/sold/{number}/again", {}, follow_redirects=True)
    assert "再发一次药" not in answer.text
    assert "没有发出" in answer.text
    assert await stock(counter) == full


async def test_a_server_that_ends_before_the_goods_left_leaves_a_way_to_hand_them_out(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await basket(till, counter)
    full = await stock(counter)
    end_at(monkeypatch, "3505")
    with contextlib.suppress(ProcessEnded):
        await till.settle(page)
    monkeypatch.undo()
    answer = await till.settle(page)  # the same button once more
    assert "再发一次药" in answer.text
    assert "已发药、已出库" in (await take_up(till)).text
    assert await stock(counter) == full - 20_000


async def test_goods_that_left_come_back_when_the_sale_is_undone(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gongji.desk.till import sold

    page, _ = await basket(till, counter)
    full = await stock(counter)

    async def ending(*_: object) -> None:
        raise ProcessEnded

    monkeypatch.setattr(sold, "finished", ending)
    with contextlib.suppress(ProcessEnded):
        await till.settle(page)
    monkeypatch.undo()
    assert await stock(counter) == full - 20_000
    number = re.search(r'name="number" value="([^"]+)"', (await till.browser.get("/desk/lost")).text)
    assert number is not None
    fields = {"number": number[1], "do": "undo", "msgid": "WUNDOTHIS"}
    answer = await till.browser.send_form("/desk/lost", fields, follow_redirects=True)
    assert "已退费" in answer.text
    assert await stock(counter) == full


async def test_a_pharmacist_who_presses_twice_reviews_once(till: c.Till, counter: Counter) -> None:
    _, rx_no = await ready(till, counter, c.AMLODIPINE)
    again = await till.review(rx_no)
    assert c.told(again.text) == ""
    assert "药师已审方" in again.text
