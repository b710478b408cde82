"""The counter of a hospital or clinic: a visit with its fees is read, pre-settled, settled and refunded, by forms alone."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gongji.gateway import inside
from gongji.gateway.platform import Platform
from gongji.project.story.messages import fee_row
from tests.desk import counter as c
from tests.desk.counter import Counter, counter_on
from tests.desk.till.test_sale import lose
from tests.web.asgi import Browser, sign_in_as

CLINIC, OTHER = "演示内科诊所", "演示区人民医院"
CONSULTATION, ECG = "普通门诊诊察费", "常规心电图检查"


@pytest.fixture
async def counter(platform: Platform, browser: Browser, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


class Desk:
    """Somebody at a counter, by its forms."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def do(self, what: str, **fields: str) -> str:
        answer = await self.browser.send_form("/desk/cashier", {"do": what, **fields}, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def settle(self, page: str, **fields: str) -> httpx.Response:
        found = re.search(r'action="/desk/cashier/settle".*?name="msgid" value="([^"]+)"', page, re.DOTALL)
        assert found is not None, c.told(page)
        return await self.browser.send_form(
            "/desk/cashier/settle", {"msgid": found[1], **fields}, follow_redirects=True
        )


async def at_counter(browser: Browser, counter: Counter, name: str = CLINIC) -> Desk:
    await sign_in_as(browser, "cashier", institution=counter.place(name).code, name="收费员乙")
    desk = Desk(browser)
    await desk.do("drop")
    return desk


@pytest.fixture
async def desk(browser: Browser, counter: Counter) -> Desk:
    return await at_counter(browser, counter)


async def treated(counter: Counter, member: Any, *names: str, batch: str = "1", mdtrt_id: str = "") -> str:
    """A visit at the clinic with fees that the doctor's software has uploaded."""
    place = counter.place(CLINIC)
    mdtrt_id = mdtrt_id or await counter.hands.registered(place, member)
    at = counter.hands.stamp()
    rows = [
        fee_row(member, mdtrt_id, batch, number, counter.good(name), at)
        | {"bilg_dr_codg": place.doctors[0].code, "bilg_dr_name": place.doctors[0].name}
        for number, name in enumerate(names, start=1)
    ]
    await counter.hands.trade(place, "2204", {"feedetail": rows})
    return mdtrt_id


async def test_the_only_visit_with_fees_is_found_by_the_voucher_and_settled(
    desk: Desk, counter: Counter
) -> None:
    member = counter.member()
    mdtrt_id = await treated(counter, member, CONSULTATION, ECG)
    page = await desk.do("read", text=member.token)
    assert c.told(page) == ""
    assert mdtrt_id in page
    assert member.name in page
    assert ECG in page
    page = await desk.do("preview")
    answer = await desk.settle(page, cash="1000")
    number = c.settlement_of(answer)
    row = await c.row_of(counter.hands.conn, number)
    assert row["total_fen"] == counter.good(CONSULTATION).amount_fen + counter.good(ECG).amount_fen
    assert c.amount(100_000 - row["cash_fen"]) in answer.text
    assert c.amount(row["pool_fen"]) in page
    assert c.amount(row["cash_fen"]) in page


async def test_a_visit_is_found_by_its_number(desk: Desk, counter: Counter) -> None:
    member = counter.member()
    mdtrt_id = await treated(counter, member, CONSULTATION)
    page = await desk.do("read", text=mdtrt_id)
    assert member.name in page
    assert c.settlement_of(await desk.settle(await desk.do("preview")))


async def test_a_clinic_without_a_doctors_station_registers_and_charges_at_the_counter(
    desk: Desk, counter: Counter
) -> None:
    member = counter.member()
    page = await desk.do("read", text=member.token)
    assert "登记就诊" in page
    doctor = counter.place(CLINIC).doctors[0]
    page = await desk.do("register", doctor=doctor.code)
    assert doctor.name in page
    page = await desk.do("read", text="心电图")
    item = counter.good(ECG).code
    assert f'name="add" value="{item}"' in page
    page = await desk.do("", add=item)
    page = await desk.do("keep", **{"price-1": "18.5", "quantity-1": "2"})
    assert "37.00" in page
    page = await desk.do("preview")
    assert c.told(page) == ""
    number = c.settlement_of(await desk.settle(page))
    assert (await c.row_of(counter.hands.conn, number))["total_fen"] == 3700


async def test_a_batch_of_fees_is_taken_back(desk: Desk, counter: Counter) -> None:
    member = counter.member()
    mdtrt_id = await treated(counter, member, CONSULTATION, batch="A1")
    await treated(counter, member, ECG, batch="B2", mdtrt_id=mdtrt_id)
    page = await desk.do("read", text=member.token)
    assert "A1" in page
    page = await desk.do("", cancel="A1")
    assert "费用批次 A1 已删除" in page
    page = await desk.do("preview", batch="B2")
    number = c.settlement_of(await desk.settle(page))
    assert (await c.row_of(counter.hands.conn, number))["total_fen"] == counter.good(ECG).amount_fen


async def test_fees_that_change_after_the_presettlement_are_not_settled_unseen(
    desk: Desk, counter: Counter
) -> None:
    member = counter.member()
    mdtrt_id = await treated(counter, member, CONSULTATION)
    await desk.do("read", text=member.token)
    page = await desk.do("preview")
    place, at = counter.place(CLINIC), counter.hands.stamp()
    row = fee_row(member, mdtrt_id, "1", 9, counter.good(ECG), at) | {"bilg_dr_codg": place.doctors[0].code}
    await counter.hands.trade(place, "2204", {"feedetail": [row]})
    answer = await desk.settle(page)
    assert re.search("TOTAL_MISMATCH|PRESETTLE_CHANGED", c.told(answer.text))
    assert member.name in answer.text


async def test_a_double_click_settles_once(desk: Desk, counter: Counter) -> None:
    member = counter.member()
    await treated(counter, member, CONSULTATION)
    await desk.do("read", text=member.token)
    page = await desk.do("preview")
    answers = await asyncio.gather(desk.settle(page), desk.settle(page))
    assert len({c.settlement_of(answer) for answer in answers}) == 1


async def test_the_account_may_be_left_alone(desk: Desk, counter: Counter) -> None:
    member = counter.member()
    await treated(counter, member, CONSULTATION)
    await desk.do("read", text=member.token)
    page = await desk.do("preview", account="0")
    row = await c.row_of(counter.hands.conn, c.settlement_of(await desk.settle(page)))
    assert (row["account_fen"], row["mutual_fen"]) == (0, 0)
    assert row["cash_fen"] == row["total_fen"] - row["pool_fen"]


async def test_the_family_account_pays_where_it_is_bound(desk: Desk, counter: Counter) -> None:
    member = counter.member("family_user")
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    page = await desk.do("preview", account="2")
    row = await c.row_of(counter.hands.conn, c.settlement_of(await desk.settle(page)))
    assert row["account_fen"] == 0
    assert row["mutual_fen"] == row["total_fen"] - row["pool_fen"]


async def test_less_cash_than_is_due_is_not_taken(desk: Desk, counter: Counter) -> None:
    member = counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    page = await desk.do("preview", account="0")
    answer = await desk.settle(page, cash="0.01")
    assert "AMOUNT_MISMATCH" in c.told(answer.text)
    assert "BAD_FIELD" in c.told((await desk.settle(answer.text, cash="一百")).text)
    assert c.settlement_of(await desk.settle(answer.text, cash="10000"))


async def test_a_lost_answer_of_a_visit_is_found(
    desk: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    page = await desk.do("preview")
    lose(monkeypatch, "2207", after=True)
    assert "笔结算没有回音" in (await desk.settle(page, cash="1000")).text
    monkeypatch.undo()
    lost = (await desk.browser.get("/desk/lost")).text
    assert "平台已经办成" in lost
    number = re.search(r'name="number" value="([^"]+)"', lost)
    assert number is not None
    asked = (await desk.browser.get("/desk/lost", params={"number": number[1]})).text
    assert "已办成" in asked
    done = await desk.browser.send_form(
        "/desk/lost", {"number": number[1], "do": "again"}, follow_redirects=True
    )
    assert c.settlement_of(done)
    assert "找零" in done.text


async def test_a_lost_settlement_can_be_undone(
    desk: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    page = await desk.do("preview")
    lose(monkeypatch, "2207", after=True)
    await desk.settle(page)
    monkeypatch.undo()
    lost = (await desk.browser.get("/desk/lost")).text
    number = re.search(r'name="number" value="([^"]+)"', lost)
    assert number is not None
    done = await desk.browser.send_form(
        "/desk/lost", {"number": number[1], "do": "undo"}, follow_redirects=True
    )
    assert "已退费" in done.text


async def test_a_refund_frees_the_fees_to_be_settled_again(desk: Desk, counter: Counter) -> None:
    member = counter.member()
    await treated(counter, member, ECG)
    await desk.do("read", text=member.token)
    number = c.settlement_of(await desk.settle(await desk.do("preview")))
    asked = await desk.browser.get(f"/desk/refund/{number}")
    assert "费用明细恢复为未结算" in asked.text
    msgid = re.search(r'name="msgid" value="([^"]+)"', asked.text)
    assert msgid is not None
    back = c.settlement_of(
        await desk.browser.send_form(f"/desk/refund/{number}", {"msgid": msgid[1]}, follow_redirects=True)
    )
    assert (await c.row_of(counter.hands.conn, back))["original_id"] == int(number)
    page = await desk.do("read", text=member.token)
    assert ECG in page
    assert c.settlement_of(await desk.settle(await desk.do("preview"))) not in (number, back)


async def test_visits_of_other_institutions_do_not_exist(
    desk: Desk, browser: Browser, counter: Counter
) -> None:
    mine = await treated(counter, counter.member(), ECG)
    other = await at_counter(browser, counter, OTHER)
    page = await other.do("read", text=mine)
    assert c.told(page)
    assert ECG not in page
    page = await other.do("", choose=mine)
    assert mine not in page.replace('value="', "")


async def test_the_counter_says_the_words_of_the_trade(desk: Desk, counter: Counter) -> None:
    page = await desk.do("read", text="110101199003070000")
    assert "UNKNOWN_MEMBER" in c.told(page)
    page = await desk.do("read", text="140199DEMO000015")
    assert "ACCOUNT_BLOCKED" in c.told(page)
    assert c.told(await desk.do("preview"))


async def test_every_amount_is_the_one_of_the_interface(desk: Desk, counter: Counter) -> None:
    member = counter.member()
    mdtrt_id = await treated(counter, member, CONSULTATION, ECG)
    await desk.do("read", text=member.token)
    page = await desk.do("preview")
    total = counter.good(CONSULTATION).amount_fen + counter.good(ECG).amount_fen
    data = {
        "psn_no": member.psn_no, "mdtrt_cert_type": "01", "mdtrt_cert_no": member.token, "med_type": "11",
        "medfee_sumamt": f"{total // 100}.{total % 100:02d}", "psn_setlway": "01", "mdtrt_id": mdtrt_id,
        "chrg_bchno": "1", "acct_used_flag": "1", "insutype": "310",
    }  # fmt: skip
    operator = inside.Operator(counter.place(CLINIC).code, "9", "别人", "")
    asked = await inside.trade(counter.hands.platform, operator, "2206", {"data": data}, "COMPARE1")
    assert isinstance(asked, inside.Done)
    info = asked.output["setlinfo"]
    for name in ("medfee_sumamt", "fund_pay_sumamt", "psn_cash_pay", "act_pay_dedc", "inscp_scp_amt", "balc"):
        assert c.amount(int(info[name] * 100)) in page, name
