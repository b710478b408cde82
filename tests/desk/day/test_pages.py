"""The day at the counter: its list, its closing, its comparison with the platform; the paper."""

import re
from collections.abc import AsyncIterator

import pytest

from gongji.gateway.platform import Platform
from tests.desk import counter as c
from tests.desk.cashier.test_visit import CLINIC, ECG, Desk, at_counter, treated
from tests.desk.counter import Counter, counter_on
from tests.desk.till.test_sale import lose
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
    one = await browser.get("/desk/day", params={"q": rows[0]["msgid"]})
    assert numbers[0] in one.text
    assert numbers[1] not in one.text
    found = await browser.get(f"/desk/day?on=2026-01-01&q={numbers[0]}")
    assert found.headers["location"] == f"/desk/sold/{numbers[0]}", "a number is found whatever the day"
    assert numbers[0] not in (await browser.get("/desk/day?kind=refunded")).text
    assert numbers[0] not in (await browser.get("/desk/day?on=2026-01-01")).text


@pytest.mark.parametrize(
    "query", ["on=x", "on=9999-99-99", "on=0001-01-01", "on=9999-12-31", "kind=x", "who=x", "on=", "q=<b>"]
)
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
    answers = [
        await browser.send_form("/desk/closing", {"shift": "1"}, follow_redirects=True) for _ in range(2)
    ]
    numbers = {re.findall(r"编号 (\d+)", answer.text)[0] for answer in answers}
    assert len(numbers) == 1
    assert await shifts(counter, "日结员") == [(row["cash_fen"], 1, [int(number)])]


async def shifts(counter: Counter, operator: str) -> list[tuple[int, int, list[int]]]:
    """Cash, settlements and their numbers of each closed shift of somebody."""
    rows = await counter.hands.conn.fetch(
        "SELECT (sums ->> 'cash_fen')::bigint AS cash, (sums ->> 'settled')::int AS settled, settlements"
        " FROM desk_closing WHERE operator = $1 ORDER BY shift_no",
        operator,
    )
    return [(row["cash"], row["settled"], row["settlements"]) for row in rows]


async def test_what_is_settled_after_the_closing_is_the_next_shift(
    browser: Browser, counter: Counter
) -> None:
    await sign_in_as(browser, "cashier", "pharmacist", institution=counter.place(CLINIC).code, name="两班员")
    desk = Desk(browser)
    await desk.do("drop")
    first = await paid(desk, counter)
    await browser.send_form("/desk/closing", {"shift": "1"})
    second = await paid(desk, counter)
    page = (await browser.get("/desk/closing")).text
    assert "日结之后经手的（第 2 班）" in page
    hands = (await browser.get("/desk/reconcile")).text.split("按经手人")[1].split("两班员")[1][:400]
    assert "未日结" in hands
    stale = await browser.send_form("/desk/closing", {"shift": "1"}, follow_redirects=True)
    assert "第 2 班" in stale.text, "the form of the first shift closes nothing of the second"
    await browser.send_form("/desk/closing", {"shift": "2"})
    assert [numbers for _, _, numbers in await shifts(counter, "两班员")] == [[int(first)], [int(second)]]
    hands = (await browser.get("/desk/reconcile")).text.split("按经手人")[1].split("两班员")[1][:400]
    assert "未日结" not in hands


async def test_what_was_settled_since_the_cash_was_counted_is_not_closed_unseen(
    browser: Browser, counter: Counter
) -> None:
    await sign_in_as(
        browser, "cashier", "manager", "doctor", institution=counter.place(CLINIC).code, name="点款员"
    )
    desk = Desk(browser)
    await desk.do("drop")
    await paid(desk, counter)
    form = re.search(r'name="seen" value="([^"]+)"', (await browser.get("/desk/closing")).text)
    assert form is not None
    second = await paid(desk, counter)
    refused = await browser.send_form("/desk/closing", {"shift": "1", "seen": form[1]})
    assert refused.status_code == 422
    assert "合计已经不同" in refused.text
    assert second in refused.text
    assert await shifts(counter, "点款员") == []
    form = re.search(r'name="seen" value="([^"]+)"', refused.text)
    assert form is not None
    await browser.send_form("/desk/closing", {"shift": "1", "seen": form[1]})
    assert [len(numbers) for _, _, numbers in await shifts(counter, "点款员")] == [2]


async def test_an_empty_shift_is_not_closed(browser: Browser, counter: Counter) -> None:
    await at_counter(browser, counter, "演示区人民医院")
    answer = await browser.send_form("/desk/closing?on=2026-01-01", {"shift": "1"})
    assert answer.status_code == 422
    assert "还没有经手" in answer.text


async def test_amounts_that_differ_from_the_platforms_are_named_line_by_line(
    browser: Browser, counter: Counter
) -> None:
    from gongji.desk.day.sent import Amounts, Sender
    from gongji.desk.day.trades import compared
    from gongji.desk.day.views import rows_on
    from tests.desk.till.test_sale import page_of

    desk = await at_counter(browser, counter)
    await paid(desk, counter)
    page = page_of(counter, 1, CLINIC)
    row = (await rows_on(page, page.today))[-1]
    right = row.amounts
    wrong = right + Amounts(0, -1, 0, 1)
    infno, msgid = row.number
    for shown, off in ((right, []), (wrong, [Amounts(0, 1, 0, -1)])):
        sender = Sender(infno, msgid, 1, "某人", row.taken.psn_no, row.taken.settled_at, shown)
        result = compared([row], [sender], [])
        assert [pair.off for pair in result.differing] == off
        assert result.fits is not bool(off)
    assert "本机构记录与平台相符" in (await browser.get("/desk/reconcile")).text


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
    answer = await browser.send_form("/desk/closing", {"shift": "1"})
    assert answer.status_code == 422
    assert "请先查清" in answer.text
    compared = (await browser.get("/desk/reconcile")).text
    assert "有结算没有回音" in compared
    number = re.search(r'name="number" value="([^"]+)"', (await browser.get("/desk/lost")).text)
    assert number is not None
    await browser.send_form("/desk/lost", {"number": number[1], "do": "again"})
    assert "本机构记录与平台相符" in (await browser.get("/desk/reconcile")).text


async def test_a_lost_answer_is_taken_up_by_whoever_waited_for_it(
    browser: Browser, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await at_counter(browser, counter)
    member = counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    page = await desk.do("preview")
    lose(monkeypatch, "2207", after=True)
    await desk.settle(page)
    monkeypatch.undo()
    number = re.search(r'name="number" value="([^"]+)"', (await browser.get("/desk/lost")).text)
    assert number is not None
    colleague = ("cashier", "pharmacist")
    await sign_in_as(browser, *colleague, institution=counter.place(CLINIC).code, name="两班员")
    assert member.name not in (await browser.get("/desk/lost")).text
    for what in ("again", "undo"):
        answer = await browser.send_form("/desk/lost", {"number": number[1], "do": what})
        assert answer.status_code == 200
        assert "不是您等着的" in answer.text
    kinds = await counter.hands.conn.fetch(
        "SELECT kind FROM settlement_v_settlement WHERE psn_no = $1", member.psn_no
    )
    assert len(kinds) == 1, "settled, and not undone"


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
