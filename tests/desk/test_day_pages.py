"""The day at the counter: its list, its closing, its comparison with the platform; the paper."""

import re
from collections.abc import AsyncIterator

import pytest

from gongji.gateway.platform import Platform
from tests.desk import counter as c
from tests.desk.counter import Counter, counter_on
from tests.desk.test_cashier_visit import CLINIC, ECG, Desk, at_counter, treated
from tests.desk.test_till_sale import lose
from tests.web.asgi import Browser, sign_in_as


@pytest.fixture
async def counter(platform: Platform, browser: Browser, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


async def paid(desk: Desk, counter: Counter, account: str = "0") -> str:
    """A settled visit; its number."""
    member = counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    return c.settlement_of(await desk.settle(await desk.do("preview", account=account)))


async def test_the_list_shows_what_was_settled_by_whom_and_its_sums(
    browser: Browser, counter: Counter
) -> None:
    desk = await at_counter(browser, counter)
    numbers = [await paid(desk, counter), await paid(desk, counter, "1")]
    rows = [await c.row_of(counter.hands.conn, number) for number in numbers]
    page = (await browser.get("/desk/day?who=own")).text
    for number in numbers:
        assert number in page
    assert "收费员乙" in page
    assert c.amount(sum(row["total_fen"] for row in rows)) in page
    one = (await browser.get(f"/desk/day?q={numbers[0]}")).text
    assert numbers[0] in one
    assert numbers[1] not in one
    assert numbers[0] not in (await browser.get("/desk/day?kind=refunded")).text
    assert numbers[0] not in (await browser.get("/desk/day?on=2026-01-01")).text


@pytest.mark.parametrize("query", ["on=x", "on=9999-99-99", "q=%00", "kind=x", "who=x", "on=", "q=<b>"])
async def test_whatever_is_asked_of_the_list_is_answered(
    browser: Browser, counter: Counter, query: str
) -> None:
    await at_counter(browser, counter)
    for page in ("day", "closing", "reconcile", "lost"):
        assert (await browser.get(f"/desk/{page}?{query}")).status_code == 200


async def test_the_closing_is_written_once_and_fits_the_facts(browser: Browser, counter: Counter) -> None:
    await sign_in_as(browser, "cashier", "manager", institution=counter.place(CLINIC).code, name="日结员")
    desk = Desk(browser)
    await desk.do("drop")
    number = await paid(desk, counter)
    row = await c.row_of(counter.hands.conn, number)
    page = (await browser.get("/desk/closing")).text
    assert c.amount(row["cash_fen"]) in page
    answer = await browser.send_form("/desk/closing", {}, follow_redirects=True)
    assert "已日结" in answer.text
    again = await browser.send_form("/desk/closing", {}, follow_redirects=True)
    numbers = {re.findall(r"编号 (\d+)", text)[0] for text in (answer.text, again.text)}
    assert len(numbers) == 1
    kept = await counter.hands.conn.fetchrow(
        "SELECT (sums ->> 'cash_fen')::bigint AS cash, (sums ->> 'settled')::int AS settled FROM desk_closing"
        " WHERE operator = '日结员'"
    )
    assert (kept["cash"], kept["settled"]) == (row["cash_fen"], 1)
    await paid(desk, counter)
    assert "日结之后又经手 1 笔" in (await browser.get("/desk/closing")).text


async def test_a_day_with_a_lost_answer_is_not_closed(
    browser: Browser, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in_as(browser, "cashier", "doctor", institution=counter.place(CLINIC).code, name="另一位")
    desk = Desk(browser)
    await desk.do("drop")
    member = counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    page = await desk.do("preview")
    lose(monkeypatch, "2207", after=True)
    await desk.settle(page)
    monkeypatch.undo()
    answer = await browser.send_form("/desk/closing", {})
    assert answer.status_code == 422
    assert "请先查清" in answer.text
    compared = (await browser.get("/desk/reconcile")).text
    assert "有结算没有回音" in compared
    number = re.search(r'name="number" value="([^"]+)"', (await browser.get("/desk/lost")).text)
    assert number is not None
    await browser.send_form("/desk/lost", {"number": number[1], "do": "again"})
    assert "没有待查的结算" in (await browser.get("/desk/reconcile")).text


async def test_the_comparison_tells_what_came_from_other_software(browser: Browser, counter: Counter) -> None:
    await at_counter(browser, counter)
    before = (await browser.get("/desk/reconcile")).text
    member = counter.member()
    place = counter.place(CLINIC)
    await counter.hands.visit(place, member, counter.good(ECG))
    after = (await browser.get("/desk/reconcile")).text

    def elsewhere(page: str) -> int:
        found = re.search(r"工作站没有发.*?<td class=\"money\">(\d+)</td>", page, re.DOTALL)
        assert found is not None
        return int(found[1])

    assert elsewhere(after) == elsewhere(before) + 1


@pytest.mark.parametrize("paper", ["", "?paper=80"])
async def test_the_paper_of_a_settlement_is_printed(browser: Browser, counter: Counter, paper: str) -> None:
    desk = await at_counter(browser, counter)
    number = await paid(desk, counter)
    answer = await browser.get(f"/desk/sold/{number}/paper{paper}")
    assert answer.status_code == 200
    assert number in answer.text
    assert ECG in answer.text


async def test_looks_at_a_person_are_recorded_with_the_page(browser: Browser, counter: Counter) -> None:
    desk = await at_counter(browser, counter)
    number = await paid(desk, counter)
    await browser.get(f"/desk/sold/{number}/paper")
    row = await c.row_of(counter.hands.conn, number)
    purposes = await counter.hands.conn.fetch(
        "SELECT purpose FROM members_access WHERE psn_no = $1", row["psn_no"]
    )
    found = {record["purpose"].split()[0] for record in purposes}
    assert {"desk.cashier", "desk.sold", "desk.receipt", "1101", "2206"} <= found
