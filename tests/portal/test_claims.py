"""零星报销 on the portal: applied for with photographs, followed, added to, taken back."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from gongji.base.actors import Actor
from gongji.claims import Office, Taker, selectors, services
from gongji.gateway.platform import Platform
from gongji.policy.calendar import working_calendar
from tests.claims.test_files import photograph
from tests.portal.rx import DRUGS, HOSPITAL, MEMBER, OTHER, WORLD, done
from tests.web.asgi import Browser, sign_in_as

NEAR = {"place": HOSPITAL.name, "region": "", "kind": "hospital", "why": "failure"}
"""Settled by hand because the hospital's line was down: what a member of Shanxi may claim."""
FAR = {
    "place": "外省某医院",
    "region": "110000",
    "kind": "hospital",
    "level": "3",
    "designated": "yes",
    "why": "emergency",
}


def answers(**changes: str) -> dict[str, str]:
    """The form as it is filled in."""
    return {
        **NEAR, "service_on": "2026-03-02", "diagnosis": "急性阑尾炎", "voucher_type": "03",
        "excluded": "none", "invoice_no": "00610000001", "name_1": DRUGS[0].code, "amount_1": "48.00", "name_2": "本院自制合剂",
        "amount_2": "12.50", "total": "60.50", "holder": "张三", "bank": "某银行太原支行", "account_no": "6222 0200 0000 1234 567",
        "phone": "13900000000", "rows": "3", "document": "invoice",
    } | changes  # fmt: skip


@pytest.fixture
async def member(browser: Browser) -> Browser:
    await sign_in_as(browser, "member", psn_no=MEMBER, name="参保人")
    await browser.get("/portal/claims/apply")
    return browser


async def draft(browser: Browser) -> str:
    page = await browser.get("/portal/claims/apply")
    found = re.search(r'name="draft" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


async def applied(browser: Browser, **changes: Any) -> httpx.Response:
    """The last answer of an application with one photograph."""
    token = await draft(browser)
    given = answers(draft=token, **changes)
    files = [("files", ("photo.jpg", photograph(), "image/jpeg"))]
    await browser.send_form("/portal/claims/apply", {**given, "upload": "1"}, files=files)
    return await browser.send_form("/portal/claims/apply", {**given, "send": "1"})


async def claim_no(answer: httpx.Response) -> int:
    assert answer.status_code == 302, re.findall(r"<li>(.*?)</li>", answer.text)
    found = re.search(r"/portal/claims/(\d+)\?sent", answer.headers["location"])
    assert found is not None
    return int(found[1])


async def test_an_application_with_a_photograph_becomes_a_claim(member: Browser, platform: Platform) -> None:
    number = await claim_no(await applied(member, invoice_no="A1"))
    async with platform.pool.acquire() as conn:
        case = await selectors.case(conn, number, MEMBER)
    assert case is not None
    assert case.application.total_fen == 6_050
    assert case.application.documents == ("invoice",)
    first, second = case.application.visits[0].lines
    assert first.item == DRUGS[0].code
    assert (second.item, second.local_item) == ("", "本院自制合剂")
    page = await member.get(f"/portal/claims/{number}?sent=1")
    assert f"报销编号 {number}" in page.text
    assert "还缺：" in page.text
    assert "办结" in page.text
    picture = await member.get(f"/portal/claims/{number}/files/1")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content[:2] == b"\xff\xd8"
    assert "sandbox" in picture.headers["content-security-policy"]


async def test_the_last_look_shows_everything_before_it_is_sent(member: Browser, platform: Platform) -> None:
    token = await draft(member)
    page = await member.send_form("/portal/claims/apply", answers(draft=token, check="1", invoice_no="A2"))
    assert page.status_code == 200
    for words in (HOSPITAL.name, "急性阑尾炎", "60.50", "目录外，全部自费", "还缺材料：", "提交申请"):
        assert words in page.text
    async with platform.pool.acquire() as conn:
        rows = await selectors.claims(conn, psn_no=MEMBER)
    assert all(row.institution != "A2" for row in rows)
    back = await member.send_form("/portal/claims/apply", answers(draft=token, back="1", invoice_no="A2"))
    assert 'value="A2"' in back.text


async def test_a_form_sent_twice_is_one_claim(member: Browser, platform: Platform) -> None:
    token = await draft(member)
    given = answers(draft=token, send="1", invoice_no="A3")
    first = await member.send_form("/portal/claims/apply", given)
    second = await member.send_form("/portal/claims/apply", given)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["location"].startswith(second.headers["location"])


async def test_faults_are_named_at_their_fields(member: Browser) -> None:
    token = await draft(member)
    given = answers(draft=token, check="1", total="70.00", invoice_no="A4")
    page = await member.send_form("/portal/claims/apply", given)
    assert page.status_code == 422
    assert "与各项金额之和不一致" in page.text
    page = await member.send_form(
        "/portal/claims/apply", given | {"total": "abc", "service_on": "2026-13-01"}
    )
    assert "请写成 128.50 这样的金额" in page.text
    future = await member.send_form(
        "/portal/claims/apply", answers(draft=token, check="1", service_on="2099-01-01")
    )
    assert future.status_code == 422
    nowhere = await member.send_form(
        "/portal/claims/apply", answers(draft=token, check="1", invoice_no="A5", **(FAR | {"region": ""}))
    )
    assert "请选它在哪里" in nowhere.text


async def test_what_is_no_photograph_is_refused_with_words_and_the_answers_stay(member: Browser) -> None:
    token = await draft(member)
    for data, words in ((b"\x00\x00\x00\x18ftypheic" + bytes(50), "HEIC"), (b"MZ", "不是能识别的照片")):
        page = await member.send_form(
            "/portal/claims/apply",
            answers(draft=token, upload="1"),
            files=[("files", ("x.heic", data, "image/heic"))],
        )
        assert page.status_code == 422
        assert words in page.text
        assert "急性阑尾炎" in page.text


async def test_a_name_that_fits_several_items_is_put_to_the_member(member: Browser) -> None:
    token = await draft(member)
    page = await member.send_form("/portal/claims/apply", answers(draft=token, check="1", name_1="片"))
    assert page.status_code == 422
    assert "都不是（按目录外，全部自费）" in page.text


async def test_a_visit_that_the_law_does_not_pay_is_said_before_it_is_sent(
    member: Browser, platform: Platform
) -> None:
    token = await draft(member)
    page = await member.send_form(
        "/portal/claims/apply", answers(draft=token, check="1", invoice_no="A6", **FAR)
    )
    assert "这次费用统筹基金不予支付" in page.text
    assert "/law/" in page.text
    sent = await member.send_form(
        "/portal/claims/apply", answers(draft=token, send="1", invoice_no="A6", **FAR)
    )
    text = (await member.get(f"/portal/claims/{await claim_no(sent)}")).text
    assert "临时外出" in text
    assert "不予支付" in text


async def test_a_claim_photograph_and_draft_of_somebody_else_do_not_exist(
    member: Browser, platform: Platform
) -> None:
    number = await claim_no(await applied(member, invoice_no="A7"))
    token = await draft(member)
    files = [("files", ("photo.jpg", photograph(), "image/jpeg"))]
    await member.send_form("/portal/claims/apply", answers(draft=token, upload="1"), files=files)
    assert (await member.get(f"/portal/claims/apply/{token}/1")).status_code == 200
    await sign_in_as(member, "member", psn_no=OTHER)
    for address in (
        f"/portal/claims/{number}", f"/portal/claims/{number}/files/1", f"/portal/claims/{number}/supplement",
        f"/portal/claims/{number}/withdraw", f"/portal/claims/apply/{token}/1", "/portal/claims/99999999999999999999",
        "/portal/claims/abc", f"/portal/claims/{number}/files/99999",
    ):  # fmt: skip
        assert (await member.get(address)).status_code == 404, address
    stolen = await member.send_form("/portal/claims/apply", answers(draft=token, send="1"))
    assert stolen.status_code == 400


async def test_a_claim_can_be_taken_back_after_one_has_seen_what_that_means(
    member: Browser, platform: Platform
) -> None:
    number = await claim_no(await applied(member, invoice_no="A8"))
    page = await member.get(f"/portal/claims/{number}/withdraw")
    assert "同一张发票可以重新申请" in page.text
    assert (await member.send_form(f"/portal/claims/{number}/withdraw", {})).status_code == 302
    assert "已撤回" in (await member.get(f"/portal/claims/{number}")).text
    again = await member.send_form(f"/portal/claims/{number}/withdraw", {})
    assert again.status_code == 409
    await claim_no(await applied(member, invoice_no="A8"))


async def test_what_is_asked_for_is_handed_in_on_the_portal(member: Browser, platform: Platform) -> None:
    number = await claim_no(await applied(member, invoice_no="A9"))
    desk = Office(platform.law, working_calendar(), platform.providers, platform.vault, platform.ids)
    async with platform.pool.acquire() as conn:
        clerk = Taker(Actor("agency", "li"), platform.now())
        done(await services.give_back(conn, desk, number, clerk, "请补诊断证明"))
    text = (await member.get(f"/portal/claims/{number}")).text
    assert "退回补正" in text
    assert "请补诊断证明" in text
    empty = await member.send_form(f"/portal/claims/{number}/supplement", {"send": "1"})
    assert empty.status_code == 422
    files = [("files", ("photo.jpg", photograph(colour="black"), "image/jpeg"))]
    sent = await member.send_form(
        f"/portal/claims/{number}/supplement",
        {"document": "diagnosis", "send": "1", "note": "补上"},
        files=files,
    )
    assert sent.status_code == 302
    async with platform.pool.acquire() as conn:
        case = await selectors.case(conn, number)
    assert case is not None
    assert case.state == "received"
    assert "diagnosis" in case.documents


async def test_the_register_knows_an_institution_by_its_name(member: Browser, platform: Platform) -> None:
    place = WORLD.institution("演示区人民医院")
    token = await draft(member)
    given = answers(draft=token, check="1", place=f" {place.name} ", invoice_no="B1")
    page = await member.send_form("/portal/claims/apply", given)
    assert page.status_code == 200
    sent = await member.send_form("/portal/claims/apply", given | {"send": "1"})
    async with platform.pool.acquire() as conn:
        case = await selectors.case(conn, await claim_no(sent))
    assert case is not None
    assert (case.application.place.code, case.application.place.name) == (place.code, "")
