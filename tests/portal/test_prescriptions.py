"""我的处方: what a member sees of prescriptions, the code that is shown, where to collect."""

import re
from datetime import timedelta

import pytest

from gongji.base.actors import Actor
from gongji.gateway.centre import office_at
from gongji.gateway.platform import Platform
from gongji.portal.sheet import sheet_of
from gongji.prescriptions import services
from tests.portal.rx import DRUGS, HOSPITAL, MEMBER, OTHER, PHARMACY, done, drug, prescribed, stocked
from tests.web.asgi import Browser, sign_in_as


@pytest.fixture
async def member(browser: Browser) -> Browser:
    await sign_in_as(browser, "member", psn_no=MEMBER, name="参保人")
    await browser.get("/portal/report")  # any form: its page brings the cookie that others carry back
    return browser


async def test_the_list_says_how_long_a_prescription_may_still_be_fetched(
    member: Browser, platform: Platform
) -> None:
    case = await prescribed(platform, MEMBER)
    text = (await member.get("/portal/prescriptions")).text
    assert f"/portal/prescriptions/{case.rx_no}" in text
    assert re.search(r"还剩 [12] 天 \d+ 小时，请在 ", text)
    assert HOSPITAL.name in text


async def test_a_page_names_drugs_quantities_and_what_happened(member: Browser, platform: Platform) -> None:
    case = await prescribed(platform, MEMBER, drug(0, 2), drug(1, 3))
    text = (await member.get(f"/portal/prescriptions/{case.rx_no}")).text
    assert DRUGS[0].name in text
    assert "3 盒" in text
    assert "急性上呼吸道感染" in text
    assert f"{HOSPITAL.name}开出处方，医保平台核验通过" in text
    assert "出示处方码" in text


async def test_somebody_elses_prescription_does_not_exist(member: Browser, platform: Platform) -> None:
    case = await prescribed(platform, OTHER)
    for address in (f"/portal/prescriptions/{case.rx_no}", f"/portal/collect?rx={case.rx_no}"):
        assert (await member.get(address)).status_code == 404
    assert (await member.send_form(f"/portal/prescriptions/{case.rx_no}/code", {})).status_code == 404


@pytest.mark.clause("SX2023-2.s2.g")
async def test_the_code_on_the_screen_opens_the_prescription_for_a_pharmacy_once(
    member: Browser, platform: Platform
) -> None:
    case = await prescribed(platform, MEMBER)
    shown = await member.send_form(f"/portal/prescriptions/{case.rx_no}/code", {})
    assert shown.status_code == 200
    assert "<svg" in shown.text
    assert "style=" not in shown.text
    found = re.search(r'<code id="code-text">([^<]+)</code>', shown.text)
    assert found is not None
    office = office_at(platform, Actor("institution", PHARMACY.code), platform.now())
    async with platform.pool.acquire() as conn:
        grant = done(await services.decode(conn, office, PHARMACY.code, found[1]))
        again = await services.decode(conn, office, PHARMACY.code, found[1])
    assert grant.case.rx_no == case.rx_no
    assert getattr(again, "code", "") == "RX_CODE_USED"


async def test_an_authorisation_is_for_the_pharmacy_that_was_chosen(
    member: Browser, platform: Platform
) -> None:
    case = await prescribed(platform, MEMBER)
    address = f"/portal/prescriptions/{case.rx_no}/code"
    shown = await member.send_form(address, {"pharmacy": PHARMACY.code})
    assert PHARMACY.name in shown.text
    number = re.search(r'<code id="code-text">([^<]+)</code>', shown.text)
    assert number is not None
    office = office_at(platform, Actor("institution", PHARMACY.code), platform.now())
    async with platform.pool.acquire() as conn:
        done(await services.authorise_online(conn, office, PHARMACY.code, case.rx_no, number[1]))
    assert (await member.send_form(address, {"pharmacy": "P00000000000"})).status_code == 404


async def test_while_a_pharmacy_has_it_the_page_says_who_and_shows_no_code(
    member: Browser, platform: Platform
) -> None:
    case = await prescribed(platform, MEMBER)
    office = office_at(platform, Actor("institution", PHARMACY.code), platform.now())
    async with platform.pool.acquire() as conn:
        grants = done(await services.authorise(conn, office, PHARMACY.code, MEMBER, "test"))
        grant = next(one for one in grants if one.case.rx_no == case.rx_no)
        done(await services.accept(conn, office, PHARMACY.code, grant.token, grant.auth_no, "收银员"))
    text = (await member.get(f"/portal/prescriptions/{case.rx_no}")).text
    assert f"{PHARMACY.name}正在为您配药，保留至" in text
    assert "出示处方码" not in text
    refused = await member.send_form(f"/portal/prescriptions/{case.rx_no}/code", {})
    assert refused.status_code == 409
    assert "已被" in refused.text or PHARMACY.name in refused.text


async def test_past_its_last_instant_a_prescription_is_over_though_nobody_wrote_it_down(
    platform: Platform,
) -> None:
    case = await prescribed(platform, MEMBER)
    last = sheet_of(platform, case, case.deadline - timedelta(seconds=30))
    assert (last.word, last.can_show, last.left) == ("待取药", True, "不到 1 分钟")
    over = sheet_of(platform, case, case.deadline + timedelta(seconds=1))
    assert (over.word, over.group, over.can_show, over.left) == ("已失效", "over", False, "")


async def test_a_withdrawn_prescription_says_so_and_shows_no_code(
    member: Browser, platform: Platform
) -> None:
    case = await prescribed(platform, MEMBER)
    office = office_at(platform, Actor("institution", HOSPITAL.code), platform.now())
    doctor = case.prescription.doctor_code
    async with platform.pool.acquire() as conn:
        done(await services.withdraw(conn, office, HOSPITAL.code, case.rx_no, doctor, "换药"))
    text = (await member.get(f"/portal/prescriptions/{case.rx_no}")).text
    assert "已撤销" in text
    assert "换药" in text
    assert "出示处方码" not in text
    assert (await member.send_form(f"/portal/prescriptions/{case.rx_no}/code", {})).status_code == 409


async def test_who_fetches_for_a_member_is_told_what_to_bring(member: Browser, platform: Platform) -> None:
    case = await prescribed(platform, MEMBER)
    text = (await member.get(f"/portal/prescriptions/{case.rx_no}")).text
    assert "请家人代取" in text
    assert "/law/SX2022-27.art12.d" in text


async def test_a_long_prescription_shows_its_fills(member: Browser, platform: Platform) -> None:
    case = await prescribed(
        platform, MEMBER, drug(0, 6, 84), long=True, long_reason="病情稳定", long_confirmed=True, fills=3, interval_days=28
    )  # fmt: skip
    text = (await member.get(f"/portal/prescriptions/{case.rx_no}")).text
    assert "分 3 次取药" in text
    assert "上一次取药 28 天后可取" in text
    assert "本次 2 盒，共 6 盒" in text


@pytest.mark.clause("SX2023-2.s2.g")
@pytest.mark.clause("YC2024-16.s1.b")
async def test_pharmacies_near_are_drawn_and_listed_with_what_they_have(
    member: Browser, platform: Platform
) -> None:
    case = await prescribed(platform, MEMBER, drug(2, 2), drug(3, 2))
    await stocked(platform, PHARMACY.code, DRUGS[2].code, 50)
    await stocked(platform, PHARMACY.code, DRUGS[3].code, 1)
    text = (await member.get(f"/portal/collect?rx={case.rx_no}")).text
    assert PHARMACY.name in text
    assert '<svg class="bar map"' in text
    assert "有货但不够" in text
    assert "缺货" in text
    assert "提供配送服务" in text
    assert re.search(r"约 (\d+ 米|\d+\.\d 公里)", text)
    assert len(re.findall(r'id="shop-\d+"', text)) > 1, "the nearest may not have the drug"
    assert "惠民药房" not in text, "a pharmacy without the pooled agreement fills no prescription"


async def test_a_member_without_a_known_home_gets_the_pharmacies_of_the_area(
    browser: Browser, platform: Platform
) -> None:
    async with platform.pool.acquire() as conn:
        psn_no = await conn.fetchval(
            "SELECT psn_no FROM members_relation r WHERE region = '140100' AND until_on IS NULL AND NOT EXISTS"
            " (SELECT FROM members_residence h WHERE h.psn_no = r.psn_no) LIMIT 1"
        )
    await sign_in_as(browser, "member", psn_no=psn_no)
    text = (await browser.get("/portal/collect")).text
    assert "没有登记您的常住地" in text
    assert PHARMACY.name in text
    assert "bar map" not in text
