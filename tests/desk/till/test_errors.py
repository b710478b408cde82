"""What cannot be sold at the till: said at once, in the trade's words, at the place where it can be mended; the sale stays."""

import re
from collections.abc import AsyncIterator

import pytest

from gongji.gateway.platform import Platform
from tests.desk import counter as c
from tests.desk.counter import Counter, counter_on
from tests.web.asgi import Browser, sign_in_as


@pytest.fixture
async def counter(platform: Platform, browser: Browser, world_url: str) -> AsyncIterator[Counter]:
    async with counter_on(platform, world_url) as opened:
        yield opened


@pytest.fixture
async def till(browser: Browser, counter: Counter) -> c.Till:
    return await c.at_till(browser, counter.place(c.PHARMACY))


async def sheet(till: c.Till, counter: Counter, *names: str, packs: int = 1) -> tuple[str, str]:
    member = counter.member()
    issued = await counter.prescribed(member, *names, packs=packs)
    await till.read(await counter.code(issued))
    return await till.read(member.token), issued.rx_no


def priced(page: str) -> dict[str, str]:
    return {name: "10" for name in c.fields_of(page) if name.startswith("price-")}


async def test_a_pack_of_another_pharmacy_is_refused_when_it_is_scanned(
    till: c.Till, counter: Counter
) -> None:
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 2)
    strange = (await counter.on_shelf(c.OTHER_PHARMACY, c.AMLODIPINE, 2, "Q"))[0]
    await sheet(till, counter, c.AMLODIPINE)
    page = await till.read(strange)
    assert "TRACE_CODE_UNKNOWN" in c.told(page)
    assert strange in c.told(page)


async def test_a_pack_that_was_settled_cannot_be_scanned_again(till: c.Till, counter: Counter) -> None:
    code = (await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 3))[0]
    page, rx_no = await sheet(till, counter, c.AMLODIPINE)
    await till.read(code)
    page = (await till.review(rx_no)).text
    page = await till.lines("preview", page, **priced(page))
    c.settlement_of(await till.settle(page))
    await sheet(till, counter, c.AMLODIPINE)
    page = await till.read(code)
    assert re.search("TRACE_CODE_(SOLD|SETTLED)", c.told(page))
    assert "已扫齐" not in page


async def test_a_colleague_carries_on_a_reviewed_prescription_without_a_second_review(
    till: c.Till, counter: Counter
) -> None:
    code = (await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 3))[0]
    member = counter.member()
    issued = await counter.prescribed(member, c.AMLODIPINE)
    await till.read(await counter.code(issued))
    await till.review(issued.rx_no)
    await sign_in_as(till.browser, "cashier", institution=counter.place(c.PHARMACY).code)
    colleague = c.Till(till.browser)
    screen = (await till.browser.get("/desk/till")).text
    assert f'name="carry" value="{issued.rx_no}"' in screen
    assert "已审方，待取药" in screen
    page = await colleague.do("carry", carry=issued.rx_no)
    assert "已审方" in page
    await colleague.read(member.token)
    page = await colleague.read(code)
    page = await colleague.lines("preview", page, **priced(page))
    c.settlement_of(await colleague.settle(page))
    assert f'value="{issued.rx_no}"' not in (await till.browser.get("/desk/till")).text
    assert "已经不在本店手里" in await colleague.do("carry", carry=issued.rx_no)


async def test_a_code_scanned_twice_is_counted_once(till: c.Till, counter: Counter) -> None:
    code = (await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 3))[0]
    await sheet(till, counter, c.AMLODIPINE, packs=2)
    await till.read(code)
    page = await till.read(code)
    assert "TRACE_CODE_TWICE" in c.told(page)
    assert "还差 1 个" in page


async def test_a_pack_that_is_not_on_the_prescription_says_so(till: c.Till, counter: Counter) -> None:
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 2)
    other = (await counter.on_shelf(c.PHARMACY, c.VALSARTAN, 2))[0]
    await sheet(till, counter, c.AMLODIPINE)
    assert "RX_ITEM_NOT_ON_PRESCRIPTION" in c.told(await till.read(other))


async def test_what_another_pharmacy_holds_says_who_and_until_when(
    till: c.Till, browser: Browser, counter: Counter
) -> None:
    member = counter.member()
    issued = await counter.prescribed(member, c.AMLODIPINE)
    code, later = await counter.code(issued), await counter.code(issued)
    await till.read(code)
    other = await c.at_till(browser, counter.place(c.OTHER_PHARMACY))
    page = await other.read(later)
    assert "RX_HELD" in c.told(page)
    assert c.PHARMACY in c.told(page)


async def test_a_used_code_is_refused_in_words(till: c.Till, browser: Browser, counter: Counter) -> None:
    issued = await counter.prescribed(counter.member(), c.AMLODIPINE)
    code = await counter.code(issued)
    await till.read(code)
    other = await c.at_till(browser, counter.place(c.OTHER_PHARMACY))
    assert "RX_CODE_USED" in c.told(await other.read(code))


async def test_a_drug_out_of_stock_is_not_chosen_and_cannot_be_sold(till: c.Till, counter: Counter) -> None:
    page, rx_no = await sheet(till, counter, "达格列净片")
    assert "缺货" in page
    assert "本店缺药" in page
    page = (await till.review(rx_no)).text
    page = await till.lines("preview", page, **priced(page), **{"chosen-1": "on"})
    assert "OUT_OF_STOCK" in c.told(page)


async def test_more_than_prescribed_is_refused_at_the_line(till: c.Till, counter: Counter) -> None:
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 5)
    page, rx_no = await sheet(till, counter, c.AMLODIPINE)
    page = (await till.review(rx_no)).text
    page = await till.lines("preview", page, **priced(page), **{"quantity-1": "3"})
    assert "RX_QUANTITY_EXCEEDED" in c.told(page)
    assert 'name="quantity-1" value="3"' in page


async def test_without_a_review_nothing_is_settled(till: c.Till, counter: Counter) -> None:
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 5)
    page, _ = await sheet(till, counter, c.AMLODIPINE)
    page = await till.lines("preview", page, **priced(page))
    assert c.told(page)
    assert "settle" not in page.split("预结算：")[-1][:20] or "预结算：将收" not in page


async def test_a_pharmacist_who_refuses_says_why_and_the_sheet_goes_back(
    till: c.Till, counter: Counter
) -> None:
    _, rx_no = await sheet(till, counter, c.AMLODIPINE)
    answer = await till.review(rx_no, "refuse")
    assert "MISSING_FIELD" in c.told(answer.text)
    answer = await till.review(rx_no, "refuse", opinion="剂量偏大，请核实")
    assert "已退回开方医师" in answer.text


async def test_a_pharmacy_whose_agreement_has_ended_hears_it(browser: Browser, counter: Counter) -> None:
    issued = await counter.prescribed(counter.member(), c.AMLODIPINE)
    till = await c.at_till(browser, counter.place(c.ENDED))
    page = await till.read(await counter.code(issued))
    assert re.search("PROVIDER_TERMINATED|NOT_DESIGNATED|NOT_POOLED", c.told(page)), c.told(page)


async def test_part_of_a_prescription_needs_a_reason_and_leaves_the_rest_for_others(
    till: c.Till, browser: Browser, counter: Counter
) -> None:
    for name in (c.AMLODIPINE, c.VALSARTAN):
        await counter.on_shelf(c.PHARMACY, name, 2)
    page, rx_no = await sheet(till, counter, c.AMLODIPINE, c.VALSARTAN)
    page = (await till.review(rx_no)).text
    fields = c.fields_of(page) | priced(page)
    fields.pop("chosen-2")
    page = await till.do("preview", **(fields | {"reason": ""}))
    assert "RX_SPLIT_REASON_MISSING" in c.told(page)
    page = await till.do("preview", **(fields | {"reason": "患者只需要一部分"}))
    assert c.told(page) == ""
    number = c.settlement_of(await till.settle(page))
    assert number
    conn = counter.hands.conn
    assert (
        await conn.fetchval("SELECT state FROM prescriptions_v_prescription WHERE rx_no = $1", rx_no)
        == "circulating"
    )
    assert await conn.fetchval(
        "SELECT count(*) FROM prescriptions_event WHERE rx_id = $1 AND reason = '患者只需要一部分'",
        int(rx_no),
    )


async def test_a_proxy_is_registered_and_has_to_sign(till: c.Till, counter: Counter) -> None:
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 2)
    member = counter.member()
    issued = await counter.prescribed(member, c.AMLODIPINE)
    code = await counter.code(issued)
    bad = {"proxy_name": "王代购", "proxy_no": "140199199001011111"}
    page = await till.read(code, **bad)
    assert "CERT_INVALID" in c.told(page)
    proxy = {"proxy_name": "王代购", "proxy_no": "11010119900307109X", "proxy_tel": "", "proxy_relation": ""}
    offer = re.search(r'name="accept" value="([^"]+)"', page)
    assert offer is not None, "the prescription is not lost"
    page = await till.do("", accept=offer[1], **proxy)
    assert c.told(page) == "", c.told(page)
    page = await till.read(member.token)
    page = (await till.review(issued.rx_no)).text
    page = await till.lines("preview", page, **priced(page))
    assert "PROXY_SIGNATURE_MISSING" in c.told(page)
    page = await till.lines("preview", page, **priced(page), proxy_signed="on")
    answer = await till.settle(page)
    assert "已发药、已出库" in answer.text


async def test_words_of_strangers_are_shown_as_words(till: c.Till, counter: Counter) -> None:
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 2)
    page, _ = await sheet(till, counter, c.AMLODIPINE)
    evil = "<script>alert(1)</script>"
    page = await till.lines("keep", page, reason=evil, proxy_name=evil)
    assert evil not in page
    assert "&lt;script&gt;" in page
    page = await till.read(f"药{evil}")
    assert evil not in page


@pytest.mark.parametrize(
    "text", ["", " ", "x" * 500, "\x01", "\u202e12", "99999999999999999999", "-1", "a@b"]
)
async def test_whatever_is_read_is_answered_in_words(till: c.Till, text: str) -> None:
    page = await till.read(text)
    assert c.told(page)


async def test_numbers_that_are_none_are_refused_at_their_line(till: c.Till, counter: Counter) -> None:
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 2)
    page, _ = await sheet(till, counter, c.AMLODIPINE)
    for price, quantity in (
        ("abc", "1"),
        ("1", "-1"),
        ("-3", "1"),
        ("9" * 20, "1"),
        ("1.23456789", "1"),
        ("1", "0"),
    ):
        page = await till.lines("preview", page, **{"price-1": price, "quantity-1": quantity})
        assert "BAD_FIELD" in c.told(page), (price, quantity)


async def test_bought_without_a_prescription_from_the_account(till: c.Till, counter: Counter) -> None:
    member = counter.member()
    codes = await counter.on_shelf(c.PHARMACY, c.BANLANGEN, 3)
    page = await till.read(member.token)
    for code in codes[:2]:
        page = await till.read(code)
    assert "板蓝根颗粒" in page
    page = await till.lines("preview", page, **priced(page))
    assert c.told(page) == ""
    answer = await till.settle(page)
    number = c.settlement_of(answer)
    assert "已发药、已出库" in answer.text
    row = await c.row_of(counter.hands.conn, number)
    assert (row["total_fen"], row["pool_fen"]) == (2000, 0)
    assert row["account_fen"] + row["mutual_fen"] + row["cash_fen"] == 2000
    refund = await till.browser.get(f"/desk/refund/{number}")
    msgid = re.search(r'name="msgid" value="([^"]+)"', refund.text)
    assert msgid is not None
    back = await till.browser.send_form(f"/desk/refund/{number}", {"msgid": msgid[1]}, follow_redirects=True)
    assert c.settlement_of(back)
    assert "放回收银台" in back.text
    page = await till.do("restore", number=number)
    assert [code for code in codes if code in page] == codes[:2], "the codes may be sold again"
    page = await till.do("restore", number=number)
    assert "还有一笔没有结算" in page
    page = await till.do("", uncode=f"1:{codes[1]}")
    page = await till.lines("preview", page)
    kept = c.settlement_of(await till.settle(page))
    assert (await c.row_of(counter.hands.conn, kept))["total_fen"] == 1000


async def test_settlements_and_sheets_of_others_do_not_exist(
    till: c.Till, browser: Browser, counter: Counter
) -> None:
    await counter.on_shelf(c.PHARMACY, c.AMLODIPINE, 2)
    page, rx_no = await sheet(till, counter, c.AMLODIPINE)
    page = (await till.review(rx_no)).text
    page = await till.lines("preview", page, **priced(page))
    number = c.settlement_of(await till.settle(page))
    await c.at_till(browser, counter.place(c.OTHER_PHARMACY))
    for address in (f"/desk/sold/{number}", f"/desk/refund/{number}", f"/desk/sold/{number}/paper"):
        assert (await browser.get(address)).status_code == 404, address
    answer = await browser.send_form(f"/desk/till/reviews/{rx_no}", {"verdict": "pass", "msgid": "X1"})
    assert answer.status_code == 404
    for number in ("0", "1", "9" * 19, "9" * 30, "abc", "12.5", "１２"):
        assert (await browser.get(f"/desk/sold/{number}")).status_code == 404
