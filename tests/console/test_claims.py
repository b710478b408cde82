"""零星报销 at the agency's desk: what a member has sent is opened, reviewed twice by two persons, given back, not paid."""

from __future__ import annotations

import re

import pytest

from gongji.claims import Case, selectors
from gongji.gateway.platform import Platform
from tests.claims.test_files import photograph
from tests.portal.rx import DRUGS, HOSPITAL, MEMBER
from tests.web.asgi import Browser, sign_in_as

AREA = "140100"
ADDRESS = "/portal/claims/apply"


async def sent(browser: Browser, invoice_no: str, *documents: str) -> str:
    """The number of a claim that a member has sent with a photograph of each document."""
    await sign_in_as(browser, "member", psn_no=MEMBER)
    page = await browser.get(ADDRESS)
    token = re.search(r'name="draft" value="([^"]+)"', page.text)
    assert token is not None
    given = {
        "draft": token[1], "place": HOSPITAL.name, "kind": "hospital", "why": "failure", "service_on": "2026-03-02",
        "diagnosis": "急性阑尾炎", "voucher_type": "03", "excluded": "none", "invoice_no": invoice_no,
        "name_1": DRUGS[0].code, "amount_1": "48.00", "name_2": "本院自制合剂", "amount_2": "12.50", "total": "60.50",
        "holder": "张三", "bank": "某银行太原支行", "account_no": "6222020000001234567", "rows": "2",
    }  # fmt: skip
    for shade, document in enumerate(documents):
        files = [("files", ("photo.jpg", photograph(size=(300, 200 + shade)), "image/jpeg"))]
        await browser.send_form(ADDRESS, given | {"document": document, "upload": "1"}, files=files)
    answer = await browser.send_form(ADDRESS, given | {"send": "1"})
    assert answer.status_code == 302, re.findall(r"<li>(.*?)</li>", answer.text)
    return answer.headers["location"].removeprefix("/portal/claims/").removesuffix("?sent=1")


async def whole(browser: Browser, platform: Platform, invoice_no: str) -> str:
    """A claim with everything that the law asks for."""
    number = await sent(browser, invoice_no, "invoice")
    page = await browser.get(f"/portal/claims/{number}")
    missing = re.search(r"还缺：(.*?)。", page.text)
    assert missing is not None
    names = missing[1].split("、")
    form = (await browser.get(f"/portal/claims/{number}/supplement")).text
    for shade, name in enumerate(names):
        code = re.search(rf'<option value="([a-z_]+)"[^>]*>{name}</option>', form)
        assert code is not None, name
        files = [("files", ("photo.jpg", photograph(size=(400, 200 + shade)), "image/jpeg"))]
        await browser.send_form(
            f"/portal/claims/{number}/supplement", {"document": code[1], "upload": "1"}, files=files
        )
    answer = await browser.send_form(f"/portal/claims/{number}/supplement", {"send": "1"})
    assert answer.status_code == 302
    return number


async def officer(browser: Browser, role: str = "first_review", name: str = "", area: str = AREA) -> None:
    await sign_in_as(browser, role, area=area, name=name or role)


async def case_of(platform: Platform, number: str) -> Case:
    async with platform.pool.acquire() as conn:
        case = await selectors.case(conn, int(number))
    assert case is not None
    return case


async def test_what_a_member_has_sent_is_opened_at_the_desk_with_its_photographs(
    browser: Browser, platform: Platform
) -> None:
    number = await sent(browser, "C1", "invoice")
    await officer(browser, "clerk")
    assert number in (await browser.get("/console/claims")).text
    page = await browser.get(f"/console/claims/{number}")
    for words in ("急性阑尾炎", "C1", "本院自制合剂", "60.50", "还缺：", "***", "办结"):
        assert words in page.text
    assert "6222020000001234567" not in page.text
    picture = await browser.get(f"/console/claims/{number}/files/1")
    assert picture.headers["content-type"] == "image/jpeg"
    assert "sandbox" in picture.headers["content-security-policy"]
    async with platform.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT purpose, fields FROM members_access WHERE psn_no = $1 AND purpose LIKE $2 ORDER BY access_id",
            MEMBER,
            f"console.claim% {number}%",
        )
    assert [row["fields"] for row in rows] == ["psn_name,claim", "claim_file"]


async def test_a_claim_of_another_area_does_not_exist(browser: Browser, platform: Platform) -> None:
    number = await sent(browser, "C2", "invoice")
    await officer(browser, area="140800")
    assert number not in (await browser.get("/console/claims")).text
    for address in (f"/console/claims/{number}", f"/console/claims/{number}/files/1", "/console/claims/x"):
        assert (await browser.get(address)).status_code == 404, address
    refused = await browser.send_form(f"/console/claims/{number}/first", {"action": "refuse"})
    assert refused.status_code == 404
    await officer(browser)
    for file_no in ("2", "0", "99999", "x"):
        assert (await browser.get(f"/console/claims/{number}/files/{file_no}")).status_code == 404


async def test_only_who_handles_claims_sees_them(browser: Browser, platform: Platform) -> None:
    number = await sent(browser, "C3", "invoice")
    for role in ("inspector", "finance", "policy", "designation"):
        await officer(browser, role)
        for address in ("/console/claims", f"/console/claims/{number}", f"/console/claims/{number}/files/1"):
            assert (await browser.get(address)).status_code == 403, (role, address)
    await officer(browser, "clerk")
    assert (
        await browser.send_form(f"/console/claims/{number}/first", {"action": "review"})
    ).status_code == 403


@pytest.mark.clause("QY.art5.b")
async def test_a_claim_is_reviewed_by_two_persons_and_the_member_sees_what_was_taken_out(
    browser: Browser, platform: Platform
) -> None:
    number = await whole(browser, platform, "C4")
    await officer(browser, name="初审甲")
    page = await browser.get(f"/console/claims/{number}")
    assert "初审通过" in page.text
    assert "复审通过" not in page.text
    done = await browser.send_form(
        f"/console/claims/{number}/first",
        {"action": "review", "out_1": "12.50", "reason_1": "OUT_OF_CATALOGUE", "note": "自制剂不在目录"},
    )
    assert done.status_code == 302
    again = await browser.send_form(f"/console/claims/{number}/first", {"action": "review"})
    assert again.status_code == 409
    await officer(browser, "second_review", name="复审乙")
    text = (await browser.get(f"/console/claims/{number}")).text
    assert "自制剂不在目录" in text
    done = await browser.send_form(f"/console/claims/{number}/second", {"action": "approve"})
    assert done.status_code == 302
    assert (await case_of(platform, number)).state == "approved"
    await sign_in_as(browser, "member", psn_no=MEMBER)
    text = (await browser.get(f"/portal/claims/{number}")).text
    assert "审核剔除" in text
    assert "复审已通过" in text


async def test_what_is_written_wrong_at_the_first_review_is_said_at_its_field(
    browser: Browser, platform: Platform
) -> None:
    number = await whole(browser, platform, "C5")
    await officer(browser)
    wrong: tuple[tuple[dict[str, str], str], ...] = (
        ({"out_0": "48.01", "reason_0": "RESTRICTED"}, "不超过这一项的金额"),
        ({"out_0": "一块", "reason_0": "RESTRICTED"}, "请写成 12.50 这样的金额"),
        ({"out_0": "1.00"}, "请选择剔除原因"),
        ({"reason_0": "RESTRICTED"}, "请写成 12.50 这样的金额"),
        ({"out_0": "1.00", "reason_0": "NO_SUCH"}, "请选择"),
    )
    for given, words in wrong:
        page = await browser.send_form(f"/console/claims/{number}/first", {"action": "review"} | given)
        assert page.status_code == 422, given
        assert words in page.text
    assert (await case_of(platform, number)).state == "received"


async def test_what_is_missing_is_asked_for_once(browser: Browser, platform: Platform) -> None:
    number = await sent(browser, "C6", "invoice")
    await officer(browser)
    early = await browser.send_form(f"/console/claims/{number}/first", {"action": "review"})
    assert early.status_code == 409
    assert "申请材料不齐" in early.text
    asked = await browser.send_form(
        f"/console/claims/{number}/first", {"action": "return", "note": "请补清晰的发票"}
    )
    assert asked.status_code == 302
    await sign_in_as(browser, "member", psn_no=MEMBER)
    assert "请补清晰的发票" in (await browser.get(f"/portal/claims/{number}")).text


async def test_a_claim_is_not_paid_only_with_a_reason_and_its_clause(
    browser: Browser, platform: Platform
) -> None:
    number = await sent(browser, "C7", "invoice")
    await officer(browser)
    address = f"/console/claims/{number}/first"
    for given, words in (
        ({"reason": "INVOICE_FALSE"}, "须写明依据的条款"),
        ({"reason": "INVOICE_FALSE", "clause": "XX.art1"}, "政策库里没有这个条款编号"),
    ):
        page = await browser.send_form(address, {"action": "refuse"} | given)
        assert page.status_code == 422
        assert words in page.text
    nothing = await browser.send_form(address, {"action": "refuse"})
    assert nothing.status_code == 409, "the law pays: without a reason of one's own there is none"
    done = await browser.send_form(
        address,
        {"action": "refuse", "reason": "INVOICE_FALSE", "clause": "SX2021-103.s2.5.i", "words": "查无此票"},
    )
    assert done.status_code == 302
    await sign_in_as(browser, "member", psn_no=MEMBER)
    text = (await browser.get(f"/portal/claims/{number}")).text
    assert "查无此票" in text
    assert "/law/SX2021-103.s2.5.i" in text


@pytest.mark.parametrize("action", ["", "approve", "pay", "review; DROP"])
async def test_no_other_step_is_taken_at_the_first_review(
    browser: Browser, platform: Platform, action: str
) -> None:
    number = await sent(browser, f"D{len(action)}", "invoice")
    await officer(browser)
    answer = await browser.send_form(f"/console/claims/{number}/first", {"action": action})
    assert answer.status_code == 404
    assert (await case_of(platform, number)).state == "received"
