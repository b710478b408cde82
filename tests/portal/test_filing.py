"""异地就医备案 on the portal."""

from __future__ import annotations

import re

import pytest

from gongji.base.actors import Actor
from gongji.gateway.platform import Platform
from gongji.members import declarations
from gongji.members.writing import Act
from tests.portal.rx import MEMBER, OTHER, WORLD, done
from tests.web.asgi import Browser, sign_in_as

APPLICATION = {
    "kind": "LONG_TERM_IN_PROVINCE", "subtype": "long_term_resident", "region": "140800", "from_on": "2026-12-01",
    "address": "某街 1 号", "phone": "13900000000", "memo": "",
}  # fmt: skip


@pytest.fixture
async def member(browser: Browser) -> Browser:
    await sign_in_as(browser, "member", psn_no=MEMBER)
    await browser.get("/portal/filing/apply?kind=TEMPORARY")
    return browser


async def test_the_kinds_are_told_with_what_the_law_says_of_each(member: Browser) -> None:
    text = (await member.get("/portal/filing/apply")).text
    assert "临时外出可由统筹基金支付：<b>否</b>" in text
    assert "/law/SX2022-27.art26.4" in text


async def test_what_a_filing_changes_is_said_from_the_members_own_law(browser: Browser) -> None:
    await sign_in_as(browser, "member", psn_no=MEMBER)
    text = (await browser.get("/portal/filing/apply")).text
    assert "即使备了案，临时外出看的普通门诊统筹基金也不付" in text
    assert "按就医地的目录，起付标准、比例和限额按参保地的政策" in text
    await sign_in_as(browser, "member", psn_no=WORLD.member("qingyang_active"))
    assert "即使备了案" not in (await browser.get("/portal/filing/apply")).text


async def test_an_application_is_looked_at_then_sent_once(member: Browser, platform: Platform) -> None:
    look = await member.send_form("/portal/filing/apply", APPLICATION)
    assert look.status_code == 200
    assert "山西省运城市" in look.text
    assert "不限，到取消为止" in look.text
    first = await member.send_form("/portal/filing/apply", APPLICATION | {"send": "1"})
    second = await member.send_form("/portal/filing/apply", APPLICATION | {"send": "1"})
    assert first.headers["location"] == second.headers["location"]
    found = re.search(r"sent=(\d+)", first.headers["location"])
    assert found is not None
    async with platform.pool.acquire() as conn:
        listed = [one for one in await declarations.declarations_of(conn, MEMBER) if one.kind == "offsite"]
    assert [one.declaration_id for one in listed] == [int(found[1])]
    assert b"13900000000" not in (listed[0].sealed or b"")
    assert "待办" in (await member.get("/portal/filing")).text


async def test_what_the_room_refuses_is_said_at_the_form(member: Browser) -> None:
    wrong = await member.send_form("/portal/filing/apply", APPLICATION | {"region": "110000"})
    assert wrong.status_code == 422
    late = await member.send_form(
        "/portal/filing/apply",
        APPLICATION | {"kind": "TEMPORARY", "subtype": "referral", "until_on": "2020-01-01"},
    )
    assert late.status_code == 422
    assert "不能早于开始的日期" in late.text


async def test_an_application_can_be_taken_back_until_it_is_decided(
    browser: Browser, platform: Platform
) -> None:
    psn_no = WORLD.member("flexible_with_account")
    await sign_in_as(browser, "member", psn_no=psn_no)
    await browser.get("/portal/filing/apply?kind=TEMPORARY")
    sent = await browser.send_form("/portal/filing/apply", APPLICATION | {"send": "1"})
    number = sent.headers["location"].partition("sent=")[2]
    assert (await browser.send_form(f"/portal/filing/applications/{number}/withdraw", {})).status_code == 302
    assert (await browser.send_form(f"/portal/filing/applications/{number}/withdraw", {})).status_code == 409
    again = await browser.send_form("/portal/filing/apply", APPLICATION | {"send": "1"})
    number = again.headers["location"].partition("sent=")[2]
    act = Act(Actor("agency", "li"), platform.now(), "", platform.ids)
    async with platform.pool.acquire() as conn:
        done(await declarations.decide(conn, act, platform.law, psn_no, int(number), approve=True))
    text = (await browser.get("/portal/filing")).text
    assert "已通过" in text
    assert "取消备案" in text


async def test_a_filing_ends_only_when_the_law_lets_it(browser: Browser, platform: Platform) -> None:
    psn_no = WORLD.member("filed_out_of_province")
    await sign_in_as(browser, "member", psn_no=psn_no)
    text = (await browser.get("/portal/filing")).text
    found = re.search(r"/portal/filing/(\d+)/cancel", text)
    assert found is not None
    assert "北京市" in text
    await browser.get(f"/portal/filing/{found[1]}/cancel")
    ended = await browser.send_form(f"/portal/filing/{found[1]}/cancel", {})
    assert ended.status_code == 302
    assert "现在没有有效的备案" in (await browser.get("/portal/filing")).text


async def test_applications_and_filings_of_others_do_not_exist(member: Browser, platform: Platform) -> None:
    sent = await member.send_form(
        "/portal/filing/apply", APPLICATION | {"send": "1", "from_on": "2027-02-01"}
    )
    number = sent.headers["location"].partition("sent=")[2]
    await sign_in_as(member, "member", psn_no=OTHER)
    for address in (
        f"/portal/filing/applications/{number}/withdraw", "/portal/filing/99/cancel", "/portal/filing/x/cancel",
        "/portal/filing/99999999999999999999/cancel",
    ):  # fmt: skip
        assert (await member.get(address)).status_code == 404, address
