"""A sale at the pharmacy's till: read, reviewed, pre-settled, settled and handed out, by forms alone."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

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


async def ready(till: c.Till, counter: Counter, *names: str, packs: int = 1) -> tuple[str, str]:
    """A prescription read with the member's voucher and reviewed; the screen and the prescription's number."""
    member = counter.member()
    for name in names:
        await counter.on_shelf(c.PHARMACY, name, 5)
    issued = await counter.prescribed(member, *names, packs=packs)
    await till.read(await counter.code(issued))
    page = await till.read(member.token)
    page = (await till.review(issued.rx_no)).text
    return page, issued.rx_no


def prices(page: str, price: str = "10") -> dict[str, str]:
    return {name: price for name in c.fields_of(page) if name.startswith("price-")}


@pytest.fixture
async def till(browser: Browser, counter: Counter) -> c.Till:
    return await c.at_till(browser, counter.place(c.PHARMACY))


async def test_every_amount_is_the_one_that_the_interface_answers(till: c.Till, counter: Counter) -> None:
    page, _ = await ready(till, counter, c.AMLODIPINE, packs=3)
    page = await till.lines("preview", page, **prices(page, "33.33"))
    from gongji.desk.till.sale import Sale
    from gongji.gateway import inside

    sale = await draft_of(counter, till)
    assert isinstance(sale, Sale)
    assert sale.prepared is not None
    place = counter.place(c.PHARMACY)
    asked = await inside.trade(
        counter.hands.platform,
        inside.Operator(place.code, "9", "别人", ""),
        "2101",
        sale.prepared.nodes,
        "AGAIN1",
    )
    assert isinstance(asked, inside.Done)
    info = asked.output["setlinfo"]
    split = sale.prepared.split
    assert split.total_fen == 9999 == info["medfee_sumamt"] * 100
    assert split.fund_fen == info["fund_pay_sumamt"] * 100
    assert split.own_fen + split.mutual_fen == info["acct_pay"] * 100
    assert split.cash_fen == info["psn_cash_pay"] * 100
    assert split.fund_fen + split.own_fen + split.mutual_fen + split.cash_fen == split.total_fen
    for amount in (split.fund_fen, split.own_fen, split.cash_fen):
        assert c.amount(amount) in page


async def draft_of(counter: Counter, till: c.Till) -> object:
    """The sale on the screen."""
    from gongji.desk import drafts
    from gongji.desk.till.sale import Sale

    account = await counter.hands.conn.fetchval("SELECT max(account) FROM desk_draft WHERE kind = 'till'")
    return await drafts.draft(page_of(counter, account), "till", "", Sale)


def page_of(counter: Counter, account: int, name: str = c.PHARMACY) -> Any:
    from django.http import HttpRequest

    from gongji.access import OPERATIONS, Visitor
    from gongji.web.pages import Page

    place = counter.place(name)
    who = Visitor(account, "x", "收费员", frozenset({"cashier"}), institution=place.code)
    platform = counter.hands.platform
    return Page(HttpRequest(), OPERATIONS["desk.till"], platform, platform.now(), who)


async def test_a_double_click_settles_once(till: c.Till, counter: Counter) -> None:
    page, rx_no = await ready(till, counter, c.AMLODIPINE)
    page = await till.lines("preview", page, **prices(page))
    first, second = await asyncio.gather(till.settle(page), till.settle(page))
    numbers = {c.settlement_of(answer) for answer in (first, second)}
    assert len(numbers) == 1
    third = await till.settle(page)
    assert c.settlement_of(third) in numbers
    count = await counter.hands.conn.fetchval(
        "SELECT count(*) FROM settlement_fact f JOIN settlement_message m USING (psn_no, settlement_id)"
        " WHERE m.settlement_id = $1", int(numbers.pop())
    )  # fmt: skip
    assert count == 1
    out = await counter.hands.conn.fetchval(
        "SELECT count(*) FROM stock_movement WHERE kind = 'sale' AND rx_no = $1", rx_no
    )
    assert out == 1


async def test_a_sale_on_the_screen_is_there_again_after_a_reload(till: c.Till, counter: Counter) -> None:
    page, rx_no = await ready(till, counter, c.AMLODIPINE)
    await till.lines("keep", page, **prices(page, "7.77"))
    again = (await till.browser.get("/desk/till")).text
    assert rx_no in again
    assert 'value="7.77"' in again


async def test_a_refund_gives_back_stock_prescription_and_account(till: c.Till, counter: Counter) -> None:
    page, rx_no = await ready(till, counter, c.VALSARTAN, packs=2)
    page = await till.lines("preview", page, **prices(page, "20"))
    number = c.settlement_of(await till.settle(page))
    conn, place = counter.hands.conn, counter.place(c.PHARMACY)
    stock = "SELECT sum(quantity_e4) FROM stock_on_hand WHERE institution = $1 AND local_name = $2"
    sold = await conn.fetchval(stock, place.code, c.VALSARTAN)
    asked = await till.browser.get(f"/desk/refund/{number}")
    assert "将会发生什么" in asked.text
    assert rx_no in asked.text
    msgid = re.search(r'name="msgid" value="([^"]+)"', asked.text)
    assert msgid is not None
    forms = [till.browser.send_form(f"/desk/refund/{number}", {"msgid": msgid[1]}, follow_redirects=True)] * 1
    done = await forms[0]
    again = await till.browser.send_form(f"/desk/refund/{number}", {"msgid": msgid[1]}, follow_redirects=True)
    back = c.settlement_of(done)
    assert c.settlement_of(again) == back
    before, after = await c.row_of(conn, number), await c.row_of(conn, back)
    assert after["original_id"] == int(number)
    assert (before["total_fen"], before["cash_fen"], before["account_fen"]) == (
        -after["total_fen"], -after["cash_fen"], -after["account_fen"],
    )  # fmt: skip
    assert await conn.fetchval(stock, place.code, c.VALSARTAN) == sold + 20_000
    state = await conn.fetchval("SELECT state FROM prescriptions_v_prescription WHERE rx_no = $1", rx_no)
    assert state == "circulating"
    other = await till.browser.send_form(f"/desk/refund/{number}", {"msgid": "ANOTHER1"})
    assert other.status_code == 422
    assert "ALREADY_REVERSED" in other.text


async def test_a_lost_answer_is_found_by_its_number_and_the_drugs_are_handed_out(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, rx_no = await ready(till, counter, c.AMLODIPINE)
    page = await till.lines("preview", page, **prices(page))
    lose(monkeypatch, "2102", after=True)
    answer = await till.settle(page, cash="50")
    assert "笔结算没有回音" in answer.text
    assert rx_no in answer.text
    monkeypatch.undo()
    lost = (await till.browser.get("/desk/lost")).text
    assert "平台已经办成" in lost
    number = re.search(r'name="number" value="([^"]+)"', lost)
    assert number is not None
    done = await till.browser.send_form(
        "/desk/lost", {"number": number[1], "do": "again"}, follow_redirects=True
    )
    assert c.settlement_of(done)
    assert "已发药、已出库" in done.text
    assert "50.00" in done.text
    assert "您没有等不到回音的结算" in (await till.browser.get("/desk/lost")).text
    assert rx_no not in (await till.browser.get("/desk/till")).text


async def test_what_never_arrived_is_made_void_and_can_be_settled_anew(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await ready(till, counter, c.AMLODIPINE)
    page = await till.lines("preview", page, **prices(page))
    lose(monkeypatch, "2102", after=False)
    assert "笔结算没有回音" in (await till.settle(page)).text
    monkeypatch.undo()
    lost = (await till.browser.get("/desk/lost")).text
    assert "平台没有这笔" in lost
    number = re.search(r'name="number" value="([^"]+)"', lost)
    assert number is not None
    told = await till.browser.send_form(
        "/desk/lost", {"number": number[1], "do": "undo"}, follow_redirects=True
    )
    assert "编号已作废" in told.text
    stale = await till.settle(page)
    assert "PRESETTLE_CHANGED" in c.told(stale.text)
    page = await till.do("preview")
    assert c.settlement_of(await till.settle(page))


async def test_a_server_that_ends_between_settling_and_answering_leaves_the_sale_to_be_found(
    till: c.Till, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gongji.gateway import inside

    real = inside.trade

    async def killed(
        platform: Platform, operator: inside.Operator, number: str, nodes: dict[str, Any], msgid: str
    ) -> object:
        answer = await real(platform, operator, number, nodes, msgid)
        if number == "2102":
            raise ProcessEnded
        return answer

    page, rx_no = await ready(till, counter, c.AMLODIPINE)
    page = await till.lines("preview", page, **prices(page))
    monkeypatch.setattr(inside, "trade", killed)
    with contextlib.suppress(ProcessEnded):
        await till.settle(page, cash="50")
    monkeypatch.undo()
    again = (await till.browser.get("/desk/till")).text
    assert "笔结算没有回音" in again
    assert rx_no in again
    number = c.settlement_of(await till.settle(page, cash="50"))  # the same button once more
    assert "笔结算没有回音" not in (await till.browser.get("/desk/till")).text
    assert f"/desk/sold/{number}" in (await till.browser.get("/desk/till")).text
    out = "SELECT count(*) FROM stock_movement WHERE kind = 'sale' AND rx_no = $1"
    assert await counter.hands.conn.fetchval(out, rx_no) == 1
    paid = "SELECT count(*) FROM desk_sent WHERE msgid = $1"
    assert await counter.hands.conn.fetchval(paid, c.number_of(page)) == 1


class ProcessEnded(BaseException):
    """The end of a process: nothing after it runs."""


def lose(monkeypatch: pytest.MonkeyPatch, infno: str, *, after: bool) -> None:
    """Answers of the trade do not come back: the message arrives (``after``), or not even that."""
    from gongji.gateway import inside

    real = inside.trade

    async def lossy(
        platform: Platform, operator: inside.Operator, number: str, nodes: object, msgid: str
    ) -> object:
        if number != infno:
            return await real(platform, operator, number, nodes, msgid)  # type: ignore[arg-type]
        if after:
            await real(platform, operator, number, nodes, msgid)  # type: ignore[arg-type]
        return inside.Refused("DATABASE_UNAVAILABLE", "数据库没有及时答复。本次交易是否生效未知")

    monkeypatch.setattr(inside, "trade", lossy)
