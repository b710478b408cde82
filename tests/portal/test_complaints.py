"""投诉举报: on the portal, without a name, and at the inspector's desk."""

from __future__ import annotations

import re

import pytest

from gongji.gateway.platform import Platform
from tests.portal.rx import MEMBER, OTHER
from tests.web.asgi import Browser, sign_in_as

TEXT = "三月二日被重复收取挂号费"


@pytest.fixture
async def member(browser: Browser) -> Browser:
    await sign_in_as(browser, "member", psn_no=MEMBER)
    return browser


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', text)
    assert found is not None
    return found[1]


async def complained(
    browser: Browser, kind: str = "complaint", topic: str = "charge", region: str = "140100"
) -> str:
    form = await browser.get(f"/portal/complaints/new?kind={kind}")
    sent = await browser.send_form(
        "/portal/complaints/new",
        {
            "kind": kind, "number": hidden(form.text, "number"), "topic": topic, "place": "演示省人民医院", "region": region,
            "happened_on": "2026-03-02", "text": TEXT, "phone": "13900000000",
        },
    )  # fmt: skip
    assert sent.status_code == 302, sent.text
    found = re.search(r"/portal/complaints/(\d+)", sent.headers["location"])
    assert found is not None
    return found[1]


async def inspector(browser: Browser, name: str = "稽核甲", area: str = "140100") -> None:
    await sign_in_as(browser, "inspector", area=area, name=name)


async def test_a_complaint_goes_to_the_inspector_and_comes_back_answered(
    member: Browser, platform: Platform
) -> None:
    number = await complained(member)
    await inspector(member)
    assert number in (await member.get("/console/complaints?state=received")).text
    page = await member.get(f"/console/complaints/{number}")
    assert TEXT in page.text
    assert "13900000000" not in page.text
    for action, words in (("take", ""), ("ask", "请提供票据号码")):
        assert (
            await member.send_form(f"/console/complaints/{number}", {"action": action, "words": words})
        ).status_code == 302
    await sign_in_as(member, "member", psn_no=MEMBER)
    text = (await member.get(f"/portal/complaints/{number}")).text
    assert "请提供票据号码" in text
    assert "待补充情况" in text
    await member.send_form(
        f"/portal/complaints/{number}/step", {"action": "supplement", "words": "票据 0061"}
    )
    await inspector(member)
    await member.send_form(f"/console/complaints/{number}", {"action": "answer", "words": "已责成医院退费"})
    await sign_in_as(member, "member", psn_no=MEMBER)
    assert "已责成医院退费" in (await member.get(f"/portal/complaints/{number}")).text
    await member.send_form(f"/portal/complaints/{number}/step", {"action": "close"})
    assert "已办结" in (await member.get("/portal/complaints")).text


async def test_who_complains_is_shown_on_demand_and_every_look_is_recorded(
    member: Browser, platform: Platform
) -> None:
    number = await complained(member)
    await inspector(member)
    await member.get(f"/console/complaints/{number}")
    shown = await member.send_form(f"/console/complaints/{number}", {"action": "reveal"})
    assert "13900000000" in shown.text
    async with platform.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT fields FROM members_access WHERE psn_no = $1 AND purpose = $2 ORDER BY access_id",
            MEMBER,
            f"console.complaint {number}",
        )
    assert [row["fields"] for row in rows] == ["complaint", "complaint,psn_name,phone"]


async def test_an_inspector_sees_complaints_of_the_own_area_only(member: Browser) -> None:
    number = await complained(member)
    await inspector(member, area="140800")
    assert number not in (await member.get("/console/complaints")).text
    assert (await member.get(f"/console/complaints/{number}")).status_code == 404
    refused = await member.send_form(f"/console/complaints/{number}", {"action": "take"})
    assert refused.status_code == 404


async def test_others_see_no_complaint_and_clerks_have_no_right(member: Browser) -> None:
    number = await complained(member)
    await sign_in_as(member, "member", psn_no=OTHER)
    assert (await member.get(f"/portal/complaints/{number}")).status_code == 404
    step = await member.send_form(f"/portal/complaints/{number}/step", {"action": "withdraw"})
    assert step.status_code == 404
    await sign_in_as(member, "clerk", area="140100")
    assert (await member.get(f"/console/complaints/{number}")).status_code == 403


async def test_the_same_form_sent_twice_is_one_complaint(member: Browser) -> None:
    form = await member.get("/portal/complaints/new?kind=complaint")
    given = {
        "kind": "complaint",
        "number": hidden(form.text, "number"),
        "topic": "attitude",
        "region": "140100",
        "text": TEXT,
    }
    first = await member.send_form("/portal/complaints/new", given)
    second = await member.send_form("/portal/complaints/new", given)
    assert first.headers["location"] == second.headers["location"]


async def test_a_form_without_words_or_topic_says_so_at_the_field(member: Browser) -> None:
    form = await member.get("/portal/complaints/new?kind=complaint")
    given = {"kind": "complaint", "number": hidden(form.text, "number"), "region": "140100"}
    page = await member.send_form("/portal/complaints/new", given)
    assert page.status_code == 422
    assert "error-summary" in page.text


async def test_fraud_is_reported_without_a_name_and_followed_with_number_and_code(
    browser: Browser, platform: Platform
) -> None:
    form = await browser.get("/portal/report")
    assert form.status_code == 200
    given = {
        "draft": hidden(form.text, "draft"),
        "topic": "false_invoice",
        "place": "演示惠民药房",
        "region": "140100",
        "text": "虚开药品发票",
    }
    receipt = await browser.send_form("/portal/report", given)
    number = re.search(r'id="report-number">(\d+)<', receipt.text)
    code = re.search(r'id="report-code">([A-Z2-7-]+)<', receipt.text)
    assert number is not None
    assert code is not None
    again = await browser.send_form("/portal/report", given)
    assert number[1] in again.text, "sent twice it is one report"
    async with platform.pool.acquire() as conn:
        rows = await conn.fetch("SELECT * FROM supervision_complaint WHERE psn_no = ''")
    assert len(rows) == 1
    wrong = await browser.send_form(
        "/portal/report/status", {"number": number[1], "code": "AAAA-AAAA-AAAA-AAAA"}
    )
    assert wrong.status_code == 404
    keys = {"number": number[1], "code": code[1]}
    found = await browser.send_form("/portal/report/status", keys)
    assert "虚开药品发票" in found.text
    more = await browser.send_form(
        "/portal/report/status", keys | {"action": "supplement", "words": "还有一张"}
    )
    assert "还有一张" in more.text
    await inspector(browser)
    page = await browser.get(f"/console/complaints/{number[1]}")
    assert "匿名" in page.text
    assert "查看姓名" not in page.text


async def test_an_expired_or_forged_draft_of_a_report_is_not_taken(browser: Browser) -> None:
    await browser.get("/portal/report")
    page = await browser.send_form(
        "/portal/report", {"draft": "forged", "topic": "other", "region": "140100", "text": "x"}
    )
    assert page.status_code == 422
    assert "页面已经过期" in page.text


async def test_nothing_is_sent_to_where_no_agency_of_this_platform_reads_it(browser: Browser) -> None:
    form = await browser.get("/portal/report")
    assert "山西省太原市" in form.text
    assert "河北省" not in form.text
    given = {"draft": hidden(form.text, "draft"), "topic": "other", "text": "倒卖药品"}
    for region in ("130000", "", "149900"):
        page = await browser.send_form("/portal/report", given | {"region": region})
        assert page.status_code == 422, region
        assert "在哪个地方：" in page.text


async def test_one_address_reports_only_so_often_and_what_it_sent_stays_readable(
    browser: Browser, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with platform.pool.acquire() as conn:
        await conn.execute("DELETE FROM supervision_sender")
    monkeypatch.setattr("gongji.supervision.limits.PER_HOUR", 2)
    answers = []
    for _ in range(3):
        form = await browser.get("/portal/report")
        given = {
            "draft": hidden(form.text, "draft"),
            "topic": "other",
            "region": "140100",
            "text": "倒卖药品",
        }
        answers.append((given, await browser.send_form("/portal/report", given)))
    assert [answer.status_code for _, answer in answers] == [200, 200, 429]
    assert "一小时内的匿名举报过多" in answers[2][1].text
    again = await browser.send_form("/portal/report", answers[0][0])
    assert again.status_code == 200, "the receipt of what was taken is shown as often as it is asked for"
    code = re.search(r'id="report-code">([A-Z2-7-]+)<', again.text)
    number = re.search(r'id="report-number">(\d+)<', again.text)
    assert code is not None
    assert number is not None
    keys = {"number": number[1], "code": code[1]}
    assert (await browser.send_form("/portal/report/status", keys)).status_code == 200
    more = await browser.send_form(
        "/portal/report/status", keys | {"action": "supplement", "words": "还有一张"}
    )
    assert more.status_code == 429
    assert "还有一张" not in more.text.replace("还有一张</textarea>", "")
