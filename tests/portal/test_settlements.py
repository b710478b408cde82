"""The member's settlements: by month with sums that add up, each explained with this member's numbers, refunds beside their own."""

from __future__ import annotations

import re

import pytest

from gongji.base.money import format_scaled, format_yuan
from gongji.claims.selectors import claimed_visits
from gongji.demo_data import generate
from gongji.gateway.platform import Platform
from gongji.kernel import layout
from gongji.settlement import selectors
from gongji.settlement.selectors import StoredSettlement
from tests.web.asgi import Browser, sign_in_as

WORLD = generate()
ME, OTHER = WORLD.member("active"), WORLD.member("chronic")


@pytest.fixture(scope="module")
def world_url(lived_url: str) -> str:
    """The demonstration with its past."""
    return lived_url


async def mine(platform: Platform, psn_no: str = ME) -> list[StoredSettlement]:
    async with platform.pool.acquire() as conn:
        return await selectors.settlements(conn, psn_no, platform.laws)


def shown(fen: int) -> str:
    """An amount as pages write it."""
    sign, text = ("−", format_yuan(-fen)) if fen < 0 else ("", format_yuan(fen))
    whole, _, cents = text.partition(".")
    return f"{sign}{int(whole):,}.{cents}".replace(",", "\u2009")


async def test_the_list_has_every_settlement_and_its_sum_is_theirs(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    text = (await browser.get("/portal/settlements")).text
    found = await mine(platform)
    assert found
    total = sum(one.settled.outcome.waterfall[layout.W_TOTAL_FEN] for one in found)
    assert f"合计 {len(found)} 笔" in text
    assert f"{shown(total)} 元" in text
    for one in found:
        assert f'/portal/settlements/{one.settled.settlement_id}"' in text


async def test_the_list_is_cut_by_what_stands_in_the_address(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    found = await mine(platform)
    years = {one.settled.service_on.year for one in found}
    assert len(years) > 1
    year = min(years)
    text = (await browser.get(f"/portal/settlements?year={year}&kind=pharmacy")).text
    for one in found:
        fits = one.settled.service_on.year == year and one.settled.place_kind == "pharmacy"
        assert (f'/portal/settlements/{one.settled.settlement_id}"' in text) == fits
    refunds = (await browser.get("/portal/settlements?kind=refund")).text
    undone = [one for one in found if one.reversed_by or one.settled.original_id]
    assert len(re.findall(r'/portal/settlements/\d+"', refunds)) == len(undone)
    assert "没有结果" in (await browser.get("/portal/settlements?year=1999")).text
    for bent in ("year=x", "year=99999999", "kind=none", "page=-3", "page=9999", "page=x"):
        assert (await browser.get(f"/portal/settlements?{bent}")).status_code == 200


async def test_pages_show_each_settlement_once_under_the_sum_of_its_whole_month(
    browser: Browser, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gongji.portal import settlements

    monkeypatch.setattr(settlements, "PAGE", 4)
    await sign_in_as(browser, "member", psn_no=ME)
    found = await mine(platform)
    numbers: list[str] = []
    for number in range(1, -(-len(found) // 4) + 1):
        text = (await browser.get(f"/portal/settlements?page={number}")).text
        numbers += re.findall(r'list__item" href="/portal/settlements/(\d+)"', text)
    assert sorted(numbers) == sorted(str(one.settled.settlement_id) for one in found)


@pytest.mark.clause("SX2022-27.art13.b")
async def test_every_settlement_is_explained_and_its_table_proves_it(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    for one in await mine(platform):
        answer = await browser.get(f"/portal/settlements/{one.settled.settlement_id}")
        assert answer.status_code == 200
        water = one.settled.outcome.waterfall
        for at in (layout.W_TOTAL_FEN, layout.W_ACCOUNT_FEN, layout.W_MUTUAL_FEN, layout.W_CASH_FEN):
            assert f'<td class="money">{shown(water[at])}</td>' in answer.text
        if one.settled.original_id is None:
            assert "为什么？" in answer.text
            assert "剩下的谁来付" in answer.text


async def test_an_explanation_has_formula_words_of_the_article_since_when_and_what_was_before(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    paid = next(
        one for one in await mine(platform)
        if one.settled.outcome.waterfall[layout.W_POOL_PAY_FEN] > 0 and not one.settled.original_id
    )  # fmt: skip
    text = (await browser.get(f"/portal/settlements/{paid.settled.settlement_id}")).text
    water, ratio = paid.settled.outcome.waterfall, paid.settled.outcome.ratio_bp
    assert ratio is not None
    formula = f"{format_yuan(water[layout.W_BASE_FEN])} × {ratio // 100}% = {format_yuan(water[layout.W_POOL_BEFORE_CAP_FEN])}"
    assert formula in text
    assert "晋医保发〔2024〕11号 一" in text
    assert "自 <time>2024-07-01</time> 起施行" in text
    assert "此前 " in text
    assert "min(" not in text
    assert '<details class="disclose" open>' not in text
    unfolded = (await browser.get(f"/portal/settlements/{paid.settled.settlement_id}?open=1")).text
    assert unfolded.count('<details class="disclose" open>') == text.count('<details class="disclose">') > 3
    for paper in ("", "?paper=80"):
        printed = (await browser.get(f"/portal/settlements/{paid.settled.settlement_id}/print{paper}")).text
        assert formula in printed
        assert "依据：" in printed


async def test_a_refund_and_its_original_lead_to_each_other(browser: Browser, platform: Platform) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    refund = next(one for one in await mine(platform) if one.settled.original_id is not None)
    text = (await browser.get(f"/portal/settlements/{refund.settled.settlement_id}")).text
    assert f'/portal/settlements/{refund.settled.original_id}"' in text
    assert "从哪里付的退回哪里" in text
    original = (await browser.get(f"/portal/settlements/{refund.settled.original_id}")).text
    assert "已退费" in original
    assert f'/portal/settlements/{refund.settled.settlement_id}"' in original


async def test_the_paper_can_be_printed_wide_and_narrow_also_of_what_was_undone(
    browser: Browser, platform: Platform
) -> None:
    await sign_in_as(browser, "member", psn_no=ME)
    found = await mine(platform)
    undone = next(one for one in found if one.reversed_by is not None)
    refund = next(one for one in found if one.settled.settlement_id == undone.reversed_by)
    plain = next(one for one in found if not one.reversed_by and not one.settled.original_id)
    said = [
        (plain, "医疗保障基金结算单"),
        (undone, f"已退费：退费结算ID {undone.reversed_by}"),
        (refund, f"退费：原结算ID {refund.settled.original_id}"),
    ]
    for one, words in said:
        for paper in ("", "?paper=80", "?paper=x"):
            text = (await browser.get(f"/portal/settlements/{one.settled.settlement_id}/print{paper}")).text
            assert words in text
            assert "参保人联" in text
            assert str(one.settled.settlement_id) in text
            total = one.settled.outcome.waterfall[layout.W_TOTAL_FEN]
            assert format_yuan(abs(total)) in text


async def test_another_members_settlement_does_not_exist_here(browser: Browser, platform: Platform) -> None:
    theirs = (await mine(platform, OTHER))[0].settled.settlement_id
    await sign_in_as(browser, "member", psn_no=ME)
    for number in (theirs, 1, 10**30):
        for more in ("", "/print"):
            answer = await browser.get(f"/portal/settlements/{number}{more}")
            assert answer.status_code == 404
            assert str(PEOPLE_NAME) not in answer.text


PEOPLE_NAME = next(row["name"] for row in WORLD.tables["members_person"] if row["psn_no"] == OTHER)


async def test_a_manual_claim_says_that_the_member_gets_the_money(
    browser: Browser, platform: Platform
) -> None:
    async with platform.pool.acquire() as conn:
        row = await conn.fetchrow(
            "SELECT psn_no, settlement_id, visit_id FROM settlement_fact WHERE options & 16 <> 0 AND kind = 1 LIMIT 1"
        )
        assert row is not None, "the demonstration's past has a claim that was settled"
        by = (await claimed_visits(conn, row["psn_no"]))[row["visit_id"]]
    known = platform.provider(by.place.code) if by.place.code else None
    place = known.name if known is not None else by.place.name
    assert place
    await sign_in_as(browser, "member", psn_no=row["psn_no"])
    number = row["settlement_id"]
    text = (await browser.get(f"/portal/settlements/{number}")).text
    assert f"<h1>{place}</h1>" in text
    assert "零星报销" in text
    assert "报销给您" in text
    assert f'href="/portal/claims/{by.claim_id}"' in text
    assert f"<b>{place}</b>" in (await browser.get("/portal/settlements?kind=claim")).text
    for paper in ("", "?paper=80"):
        text = (await browser.get(f"/portal/settlements/{number}/print{paper}")).text
        assert place in text
        assert "（）" not in text
        line = by.visit.lines[0]
        quantity, price = format_scaled(line.quantity_e4, 4), format_scaled(line.price_micro, 6, least=2)
        assert f"{quantity} × {price}" in text or f"<td>{quantity}</td><td>{price}</td>" in text


async def test_a_settlement_on_a_prescription_names_it(browser: Browser, platform: Platform) -> None:
    async with platform.pool.acquire() as conn:
        row = await conn.fetchrow(
            "SELECT psn_no, rx_id, detail ->> 'settlement_id' AS number FROM prescriptions_event WHERE verb = 'settle' LIMIT 1"
        )
    assert row is not None
    await sign_in_as(browser, "member", psn_no=row["psn_no"])
    text = (await browser.get(f"/portal/settlements/{row['number']}")).text
    assert str(row["rx_id"]) in text
