"""The officers' pages: accounts made by one, given roles by another, read about by a third."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from gongji.access.demonstration import PASSWORD
from tests.web.asgi import Browser, sign_in_as
from tests.web.staff import demo_accounts, sign_in, text_of

CENTRE = "H14010090011"
DOCTOR = "D140100011001"
WHY = {"reason": "工单 2026-11"}


@pytest.fixture(autouse=True)
async def accounts(world_url: str) -> None:
    await demo_accounts(world_url)


async def as_system(browser: Browser) -> None:
    await sign_in_as(browser, "system_officer", name="系统员")


async def as_security(browser: Browser) -> None:
    await sign_in_as(browser, "security_officer", name="安全员")


async def as_auditor(browser: Browser) -> None:
    await sign_in_as(browser, "audit_officer", name="审计员")


async def made(browser: Browser, username: str, **bound: str) -> tuple[int, str]:
    """A new account's number and initial password."""
    await as_system(browser)
    fields = {"username": username, "name": "新来的人", **bound, **WHY}
    answer = await browser.send_form("/console/accounts/new", fields)
    assert answer.status_code == 200, text_of(answer)
    number = re.search(r"/console/accounts/(\d+)", answer.text)
    password = re.search(r"初始密码</dt><dd><code>([^<]+)", answer.text)
    assert number
    assert password
    return int(number[1]), password[1]


async def number_of(browser: Browser, username: str) -> int:
    async with browser.platform.pool.acquire() as conn:
        return int(await conn.fetchval("SELECT id FROM access_account WHERE username = $1", username))


async def test_two_officers_bring_a_doctor_in_who_then_sets_an_own_password(browser: Browser) -> None:
    number, password = await made(browser, "new-doctor", institution=CENTRE, staff_code=DOCTOR)
    await as_security(browser)
    given = await browser.send_form(f"/console/accounts/{number}/roles", {"role": "doctor", **WHY})
    assert given.status_code == 302
    receipt = text_of(await browser.get(given.headers["location"]))
    assert "已办理：授予角色「医生」" in receipt
    assert "记录编号" in receipt
    browser.cookies.clear()
    first = await sign_in(browser, "new-doctor", password)
    assert first.headers["location"] == "/signin/password"
    second = await browser.send_form(
        "/signin/password", {"new": "my-own-words-now", "again": "my-own-words-now"}
    )
    assert second.headers["location"] == "/desk/"


async def test_who_made_an_account_does_not_give_it_a_role(browser: Browser) -> None:
    number, _ = await made(browser, "four-eyes", area="1401")
    async with browser.platform.pool.acquire() as conn:
        await conn.execute("UPDATE access_grant SET role = 'security_officer' WHERE role = 'system_officer' AND account_id ="
                           " (SELECT id FROM access_account WHERE username = 't-system_officer-')")  # fmt: skip
    try:
        answer = await browser.send_form(f"/console/accounts/{number}/roles", {"role": "clerk", **WHY})
        assert answer.status_code == 422
        assert "不同的人" in answer.text
    finally:
        async with browser.platform.pool.acquire() as conn:
            await conn.execute("UPDATE access_grant SET role = 'system_officer' WHERE account_id ="
                               " (SELECT id FROM access_account WHERE username = 't-system_officer-')")  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": "sq-doctor"}, "已经有人使用"),
        ({"username": "1abc"}, "小写字母"),
        ({"username": "a" * 41}, "不超过"),
        ({"username": "x'; DROP TABLE access_account; --"}, "小写字母"),
        ({"institution": "H99999999999"}, "没有机构"),
        ({"institution": CENTRE, "staff_code": "D0"}, "没有编码为"),
        ({"institution": CENTRE, "area": "14"}, "只绑定一个"),
        ({"area": "1"}, "统筹区"),
        ({"area": "一四"}, "统筹区"),
        ({"name": ""}, "请填写姓名"),
        ({"reason": ""}, "请填写事由"),
    ],
)
async def test_a_wrong_account_is_said_at_the_form(
    browser: Browser, fields: dict[str, str], said: str
) -> None:
    await as_system(browser)
    answer = await browser.send_form(
        "/console/accounts/new", {"username": "fresh-one", "name": "某人", **WHY, **fields}
    )
    assert answer.status_code == 422
    assert said in text_of(answer)


@pytest.mark.parametrize("role", ["clerk", "member", "system_officer", "doctor", "nothing", ""])
async def test_a_role_that_does_not_fit_is_not_given(browser: Browser, role: str) -> None:
    number = await number_of(browser, "chushen" if role == "clerk" else "sq-doctor")
    await as_security(browser)
    answer = await browser.send_form(f"/console/accounts/{number}/roles", {"role": role, **WHY})
    assert answer.status_code == 422


async def test_a_withdrawn_role_is_gone_with_the_next_request(world_url: str, browser: Browser) -> None:
    await sign_in(browser, "sy-cashier")
    token = browser.cookies["gongji_session"]
    number = await number_of(browser, "sy-cashier")
    await as_security(browser)
    taken = await browser.send_form(f"/console/accounts/{number}/roles/cashier", WHY)
    assert taken.status_code == 302
    browser.cookies.set("gongji_session", token, domain="127.0.0.1")
    poll = await browser.get("/account/", headers={"HX-Request": "true", "X-Poll": "1"})
    assert poll.status_code == 204
    assert poll.headers["hx-redirect"].startswith("/signin")


async def test_a_locked_account_is_out_and_an_unlocked_one_in_again(browser: Browser) -> None:
    number = await number_of(browser, "km-manager")
    await as_system(browser)
    locked = await browser.send_form(f"/console/accounts/{number}/state?to=locked", WHY)
    assert locked.status_code == 302
    again = await browser.send_form(f"/console/accounts/{number}/state?to=locked", WHY)
    assert (again.status_code, "已经是这个状态" in again.text) == (422, True)
    browser.cookies.clear()
    assert (await sign_in(browser, "km-manager")).status_code == 422
    await as_system(browser)
    await browser.send_form(f"/console/accounts/{number}/state?to=active", WHY)
    browser.cookies.clear()
    assert (await sign_in(browser, "km-manager")).status_code == 302


async def test_unlocking_forgets_wrong_tries(browser: Browser) -> None:
    for _ in range(6):
        answer = await browser.send_form("/signin", {"username": "yd-cashier", "password": "wrong-password"})
    assert answer.status_code == 429
    number = await number_of(browser, "yd-cashier")
    await as_system(browser)
    await browser.send_form(f"/console/accounts/{number}/state?to=active", WHY)
    browser.cookies.clear()
    assert (await sign_in(browser, "yd-cashier")).status_code == 302


async def test_a_reset_password_is_shown_once_and_must_be_changed(browser: Browser) -> None:
    number = await number_of(browser, "km-cashier")
    await as_system(browser)
    answer = await browser.send_form(f"/console/accounts/{number}/password", WHY)
    found = re.search(r"初始密码</dt><dd><code>([^<]+)", answer.text)
    assert found
    browser.cookies.clear()
    assert (await sign_in(browser, "km-cashier", PASSWORD)).status_code == 422
    assert (await sign_in(browser, "km-cashier", found[1])).headers["location"] == "/signin/password"


async def test_after_a_reset_of_the_second_factor_the_next_sign_in_sets_one_up(browser: Browser) -> None:
    number = await number_of(browser, "jihe")
    await as_security(browser)
    assert (await browser.send_form(f"/console/accounts/{number}/factor", WHY)).status_code == 302
    browser.cookies.clear()
    answer = await browser.send_form("/signin", {"username": "jihe", "password": PASSWORD})
    assert answer.headers["location"] == "/signin/factor"


async def test_nobody_manages_the_own_account(browser: Browser) -> None:
    account = await sign_in_as(browser, "system_officer", name="系统员")
    answer = await browser.send_form(f"/console/accounts/{account.number}/password", WHY)
    assert answer.status_code == 422
    assert "自己的账号" in answer.text


async def test_the_last_officer_of_a_kind_is_neither_locked_nor_without_the_role(browser: Browser) -> None:
    await as_system(browser)
    async with browser.platform.pool.acquire() as conn:
        await conn.execute(
            "UPDATE access_account SET is_active = false WHERE id IN (SELECT account_id FROM access_grant"
            " WHERE role = 'audit_officer') AND username <> 'auditor'"
        )
    number = await number_of(browser, "auditor")
    answer = await browser.send_form(f"/console/accounts/{number}/state?to=locked", WHY)
    assert (answer.status_code, "最后一个" in answer.text) == (422, True)
    await as_security(browser)
    answer = await browser.send_form(f"/console/accounts/{number}/roles/audit_officer", WHY)
    assert (answer.status_code, "最后一个" in answer.text) == (422, True)
    async with browser.platform.pool.acquire() as conn:
        await conn.execute("UPDATE access_account SET is_active = true")


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999"])
async def test_an_account_that_does_not_exist_has_no_page(browser: Browser, number: str) -> None:
    await as_system(browser)
    assert (await browser.get(f"/console/accounts/{number}")).status_code == 404


async def test_a_members_account_is_no_officers_business(browser: Browser) -> None:
    await browser.send_form("/signin/voucher", {"voucher": "demo-voucher-000001"})
    number = await number_of(browser, "member:1401990000000001")
    await as_system(browser)
    assert (await browser.get(f"/console/accounts/{number}")).status_code == 404
    answer = await browser.send_form(f"/console/accounts/{number}/state?to=locked", WHY)
    assert answer.status_code == 404


async def test_the_list_is_filtered_by_words_role_and_state(browser: Browser) -> None:
    await as_system(browser)
    page = text_of(await browser.get("/console/accounts/?words=yd-&role=pharmacist&state=active"))
    assert "yd-pharmacist" in page
    assert "yd-manager" not in page
    assert "1 个账号" in page
    assert "没有符合条件" in text_of(await browser.get("/console/accounts/?words=%25"))


async def test_the_auditor_reads_who_did_what_when_and_why(browser: Browser) -> None:
    number = await number_of(browser, "sy-doctor")
    await as_system(browser)
    await browser.send_form(f"/console/accounts/{number}/state?to=active", {"reason": "忘记密码，本人来电"})
    await as_auditor(browser)
    page = text_of(await browser.get("/console/events?kind=unlocked&username=sy-doctor"))
    assert "解锁账号" in page
    assert "忘记密码，本人来电" in page
    assert "t-system_officer-" in page


async def test_an_export_holds_exactly_the_rows_of_the_page(browser: Browser) -> None:
    for username in ("exported-one", "exported-two"):
        await made(browser, username)
    await as_auditor(browser)
    asked = "?kind=created&rows=50"
    page = await browser.get(f"/console/events{asked}")
    shown = [
        re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)
    ]
    file = await browser.get(f"/console/events.csv{asked}")
    lines = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert file.headers["content-type"].startswith("text/csv")
    assert lines[1:] == [row for row in shown if row]
    assert len(lines) > 2


async def test_the_auditor_sees_who_looked_at_whose_data_and_the_reading_is_an_event(
    browser: Browser,
) -> None:
    from gongji.base.actors import Actor
    from gongji.members.access import Access

    platform = browser.platform
    who = Actor("institution", "H14010090011/=cmd")
    await platform.accesses.record(
        Access(
            "1401990000000009",
            platform.ids.next(),
            platform.now(),
            who,
            "console.complaint 办理",
            ("psn_name", "certno"),
        )
    )
    await as_auditor(browser)
    page = text_of(await browser.get("/console/accesses?psn_no=1401990000000009"))
    assert "演示街道社区卫生服务中心 H14010090011/=cmd" in page
    assert "投诉举报办理（console.complaint）办理" in page
    assert "姓名、证件号码" in page
    events = text_of(await browser.get("/console/events?kind=log_read"))
    assert "psn_no=1401990000000009" in events


async def test_words_that_find_nothing_in_the_log_are_kept_as_a_digest(browser: Browser) -> None:
    await as_auditor(browser)
    for asked in (
        "/console/accesses?psn_no=140106197001019999",
        "/console/accesses.csv?actor=140106197001019999",
        "/console/events?username=140106197001019999",
        "/console/events.csv?address=140106197001019999",
    ):
        assert (await browser.get(asked)).status_code == 200
    async with browser.platform.pool.acquire() as conn:
        kept = await conn.fetch(
            "SELECT reason FROM access_event WHERE kind = 'log_read' ORDER BY event_no DESC LIMIT 4"
        )
    digests = {row["reason"].partition("=")[2] for row in kept}
    assert len(digests) == 1, "the same words are known again"
    assert "没有查到，摘要" in digests.pop()
    async with browser.platform.pool.acquire() as conn:
        assert not await conn.fetchval(
            "SELECT count(*) FROM access_event e WHERE row_to_json(e)::text LIKE '%140106197001019999%'"
        )


async def test_a_cell_is_no_formula_for_a_spreadsheet(browser: Browser) -> None:
    number = await number_of(browser, "sy-manager")
    await as_system(browser)
    await browser.send_form(f"/console/accounts/{number}/state?to=active", {"reason": "=HYPERLINK(1)"})
    await as_auditor(browser)
    file = await browser.get("/console/events.csv?kind=unlocked&username=sy-manager")
    assert ",'=HYPERLINK(1)" in file.text


@pytest.mark.parametrize(
    "asked",
    ["since=2026-13-01", "since=0001-01-01", "until=0001-01-01", "until=9999-12-31",
     "since=2020-01-01&until=2026-01-01", "rows=7", "before=-1", f"before={10**22}", "kind=x"],
)  # fmt: skip
async def test_a_wrong_question_is_said_and_answers_nothing(browser: Browser, asked: str) -> None:
    await as_auditor(browser)
    for page in ("events", "accesses"):
        if asked == "kind=x" and page == "accesses":
            continue
        answer = await browser.get(f"/console/{page}?{asked}")
        assert answer.status_code == 422, page


async def test_a_list_goes_on_where_the_page_ended(browser: Browser) -> None:
    async with browser.platform.pool.acquire() as conn:
        await conn.executemany("INSERT INTO access_event (at, kind) VALUES (now(), $1)", [("failed",)] * 60)
    await as_auditor(browser)
    first: Any = await browser.get("/console/events?rows=50")
    following = re.search(r'href="(\?[^"]*before=\d+)"', first.text)
    assert following
    second = await browser.get("/console/events" + following[1].replace("&amp;", "&"))
    numbers = [
        [int(n) for n in re.findall(r"<tr><td[^>]*>(\d+)</td>", page.text)] for page in (first, second)
    ]
    assert numbers[0][-1] > numbers[1][0]
