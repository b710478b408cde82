"""Several hands on one bill: two cashiers, two windows, a key pressed twice, an answer that is lost. Money moves once."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gongji.gateway.platform import Platform
from tests.desk import counter as c
from tests.desk.cashier.test_visit import CLINIC, CONSULTATION, ECG, OTHER, Desk, at_counter, treated
from tests.desk.counter import Counter, counter_on
from tests.desk.till.test_sale import lose
from tests.web.asgi import Browser, sign_in_as, web_on


@pytest.fixture
async def counter(platform: Platform, browser: Browser, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


@pytest.fixture
async def desk(browser: Browser, counter: Counter) -> Desk:
    return await at_counter(browser, counter)


@pytest.fixture
async def beside(platform: Platform, world_url: str, counter: Counter) -> AsyncIterator[Desk]:
    """A colleague at the same counter, with a browser and an account of the own."""
    async with Browser(await web_on(world_url), platform) as other:
        clinic = counter.place(CLINIC).code
        await sign_in_as(other, "cashier", "manager", institution=clinic, name="收费员丁")
        second = Desk(other)
        await second.do("drop")
        yield second


async def settlements(counter: Counter, psn_no: str) -> list[Any]:
    """What was settled of a person, in order."""
    query = "SELECT * FROM settlement_v_settlement WHERE psn_no = $1 AND kind = 1 ORDER BY settlement_id"
    return list(await counter.hands.conn.fetch(query, psn_no))


async def batches(counter: Counter, mdtrt_id: str) -> int:
    """How many batches of fees the visit has."""
    query = "SELECT count(*) FROM encounters_fee_batch WHERE visit_id = $1 AND cancelled_at IS NULL"
    return int(await counter.hands.conn.fetchval(query, int(mdtrt_id)))


async def test_of_two_cashiers_who_settle_one_visit_at_once_one_does_and_the_other_hears_it(
    desk: Desk, beside: Desk, counter: Counter
) -> None:
    member = counter.member()
    await treated(counter, member, CONSULTATION, ECG)
    pages = []
    for one in (desk, beside):
        await one.do("read", text=member.token)
        pages.append(await one.do("preview"))
    answers = await asyncio.gather(desk.settle(pages[0]), beside.settle(pages[1]))
    won = [answer for answer in answers if "/desk/sold/" in str(answer.url)]
    (lost,) = [answer for answer in answers if answer not in won]
    (winner,) = won
    assert c.told(lost.text).startswith("这个收费批次已经结算"), c.told(lost.text)
    assert "没有回音" not in lost.text.split("<ol", 1)[0].split("page-head", 1)[1]
    (row,) = await settlements(counter, member.psn_no)
    assert str(row["settlement_id"]) == c.settlement_of(winner)
    assert row["total_fen"] == counter.good(CONSULTATION).amount_fen + counter.good(ECG).amount_fen
    assert row["pool_fen"] + row["account_fen"] + row["mutual_fen"] + row["cash_fen"] == row["total_fen"]
    loser = beside if winner is answers[0] else desk
    assert c.told(await loser.do("preview")), "nothing is left to settle"
    closings = [(await one.browser.get("/desk/closing")).text for one in (desk, beside)]
    number = c.settlement_of(winner)
    assert [number in page for page in closings] == [winner is answers[0], winner is answers[1]]


async def charged(desk: Desk, counter: Counter) -> str:
    """A visit with one charge that waits to be uploaded; its number."""
    await desk.do("read", text=counter.member().token)
    page = await desk.do("register", doctor=counter.place(CLINIC).doctors[0].code)
    found = re.search(r"就诊编号</dt><dd>(\d+)", page)
    assert found is not None
    await desk.do("read", text="心电图")
    await desk.do("", add=counter.good(ECG).code)
    return found[1]


async def test_charges_are_uploaded_once_when_the_key_is_pressed_twice(desk: Desk, counter: Counter) -> None:
    mdtrt_id = await charged(desk, counter)
    await asyncio.gather(desk.do("preview"), desk.do("preview"), desk.do("upload"))
    assert await batches(counter, mdtrt_id) == 1
    page = await desk.do("preview")
    assert c.settlement_of(await desk.settle(page))
    assert "没有未结算的费用" in await desk.do("read", text=mdtrt_id)


async def test_charges_whose_upload_had_no_answer_are_not_uploaded_again(
    desk: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    mdtrt_id = await charged(desk, counter)
    lose(monkeypatch, "2204", after=True)
    assert "DATABASE_UNAVAILABLE" in c.told(await desk.do("preview"))
    monkeypatch.undo()
    assert "预结算：将收" in await desk.do("preview")
    assert await batches(counter, mdtrt_id) == 1


async def test_registering_twice_is_one_visit(desk: Desk, counter: Counter) -> None:
    member = counter.member()
    await desk.do("read", text=member.token)
    fields = {"doctor": counter.place(CLINIC).doctors[0].code, "msgid": "WTWICE1"}
    await asyncio.gather(desk.do("register", **fields), desk.do("register", **fields))
    await desk.do("register", **fields)
    query = "SELECT count(*) FROM encounters_visit WHERE psn_no = $1"
    assert await counter.hands.conn.fetchval(query, member.psn_no) == 1
    assert "就诊编号" in (await desk.browser.get("/desk/cashier")).text


async def test_a_window_with_the_visit_before_does_nothing_to_this_one(desk: Desk, counter: Counter) -> None:
    first, second = counter.member(), counter.member()
    old = await treated(counter, first, ECG, batch="7")
    new = await treated(counter, second, ECG, batch="7")
    await desk.do("read", text=old)
    await desk.do("read", text=new)
    page = await desk.do("", cancel="7", visit=old)
    assert "另一个窗口" in page
    assert ECG in page
    assert await batches(counter, new) == 1


async def test_fields_of_another_bill_are_not_this_bills(desk: Desk, counter: Counter) -> None:
    await charged(desk, counter)
    before = re.search(r'name="added" value="(\d+)"', (await desk.browser.get("/desk/cashier")).text)
    assert before is not None
    await charged(desk, counter)
    page = await desk.do("keep", added=before[1], **{"price-1": "0.01", "quantity-1": "999"})
    assert "另一个窗口" in page
    assert 'value="999"' not in page


async def test_of_two_steps_at_once_the_second_does_not_undo_the_first(desk: Desk, counter: Counter) -> None:
    await charged(desk, counter)
    item = counter.good(CONSULTATION).code
    pages: list[str] = await asyncio.gather(desk.do("", add=item), desk.do("keep", **{"price-1": "9.99"}))
    page = (await desk.browser.get("/desk/cashier")).text
    kept = (CONSULTATION in page, 'value="9.99"' in page)
    assert any(kept)
    assert all(kept) or any("另一个窗口" in one for one in pages)


async def test_the_answer_of_a_refund_asked_for_twice_is_one(desk: Desk, counter: Counter) -> None:
    member = counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    number = c.settlement_of(await desk.settle(await desk.do("preview")))

    async def refund(msgid: str) -> httpx.Response:
        fields = {"msgid": msgid}
        return await desk.browser.send_form(f"/desk/refund/{number}", fields, follow_redirects=True)

    answers = await asyncio.gather(refund("WSAME1"), refund("WSAME1"), refund("WOTHER1"))
    backs = {c.settlement_of(answer) for answer in answers if "/desk/sold/" in str(answer.url)}
    refused = [answer for answer in answers if "/desk/sold/" not in str(answer.url)]
    assert len(backs) == 1
    assert all("ALREADY_REVERSED" in answer.text for answer in refused)
    query = "SELECT count(*), sum(cash_fen) AS cash FROM settlement_v_settlement WHERE psn_no = $1"
    row = await counter.hands.conn.fetchrow(query, member.psn_no)
    assert (row["count"], row["cash"]) == (2, 0)


async def test_nothing_of_one_hospital_moves_by_its_numbers_at_another(
    desk: Desk, browser: Browser, counter: Counter
) -> None:
    member = counter.member()
    mdtrt_id = await treated(counter, member, ECG, batch="X9")
    await desk.do("read", text=member.token)
    page = await desk.do("preview")
    msgid = re.search(r'action="/desk/cashier/settle".*?name="msgid" value="([^"]+)"', page, re.DOTALL)
    assert msgid is not None
    other = await at_counter(browser, counter, OTHER)
    stolen = await browser.send_form("/desk/cashier/settle", {"msgid": msgid[1]}, follow_redirects=True)
    assert "/desk/cashier" in str(stolen.url)
    for fields in (
        {"choose": mdtrt_id},
        {"cancel": "X9", "visit": mdtrt_id},
        {"do": "preview", "batch": "X9"},
    ):
        assert ECG not in await other.do(fields.pop("do", ""), **fields)
    assert await batches(counter, mdtrt_id) == 1
    assert await settlements(counter, member.psn_no) == []
    await at_counter(browser, counter)
    await desk.do("read", text=member.token)
    number = c.settlement_of(await desk.settle(await desk.do("preview")))
    await at_counter(browser, counter, OTHER)
    for address in (f"/desk/refund/{number}", f"/desk/sold/{number}/again"):
        assert (await browser.send_form(address, {"msgid": "WTHIEF1"})).status_code == 404, address
    lost = await browser.send_form("/desk/lost", {"number": msgid[1], "do": "undo", "msgid": "WTHIEF2"})
    assert "不是您等着的" in lost.text
    assert number not in (await browser.get("/desk/lost", params={"number": msgid[1]})).text
    query = "SELECT count(*) FROM settlement_v_settlement WHERE psn_no = $1"
    assert await counter.hands.conn.fetchval(query, member.psn_no) == 1
