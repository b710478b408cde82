"""Signing in and out through the pages: passwords, vouchers, one-time codes, limits."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from gongji.access import factor
from gongji.access.demonstration import PASSWORD
from gongji.access.events import guess_of
from gongji.access.limits import TRIES, TRIES_AT_ADDRESS
from gongji.access.signing import LIMITED as LIMITED_AT_ALL
from gongji.access.signing import counted
from tests.vaults import VAULT
from tests.web.asgi import Browser, sign_in_as
from tests.web.staff import code_of, demo_accounts, sign_in, text_of

WRONG = "登录名或密码不正确"
LIMITED = "尝试次数过多"


@pytest.fixture(autouse=True)
async def accounts(world_url: str) -> None:
    await demo_accounts(world_url)


@pytest.fixture(autouse=True)
async def forgotten(accounts: None, platform: Any) -> None:
    """Each test begins as if the others had tried from somewhere else, long ago."""
    async with platform.pool.acquire() as conn:
        await conn.execute("ALTER TABLE access_event DISABLE TRIGGER access_event_append_only")
        await conn.execute("DELETE FROM access_event WHERE kind IN ('tried', 'code_tried')")
        await conn.execute("UPDATE access_account SET totp_step = 0")
        await conn.execute("ALTER TABLE access_event ENABLE TRIGGER access_event_append_only")


def said(answer: Any) -> str:
    """What the page answers to the form: the part before the list of the demonstration's accounts."""
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.text.split("演示账号")[0])


async def events_of(browser: Browser, username: str) -> list[str]:
    async with browser.platform.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT e.kind FROM access_event e JOIN access_account a ON a.id = e.account_id"
            " WHERE a.username = $1 ORDER BY event_no",
            username,
        )
    return [row["kind"] for row in rows]


async def test_a_cashier_signs_in_with_name_and_password_and_comes_to_the_desk(browser: Browser) -> None:
    answer = await sign_in(browser, "sq-cashier")
    assert (answer.status_code, answer.headers["location"]) == (302, "/desk/")
    assert (await browser.get("/account/")).status_code == 200
    assert (await events_of(browser, "sq-cashier"))[-2:] == ["tried", "signed_in"]


async def test_the_name_is_compared_without_blanks_and_capitals(browser: Browser) -> None:
    answer = await sign_in(browser, " SQ-Cashier ")
    assert answer.status_code == 302


async def test_a_wrong_password_and_a_name_that_nobody_has_are_answered_alike(browser: Browser) -> None:
    wrong = await browser.send_form("/signin", {"username": "sq-cashier", "password": "not-the-one"})
    unknown = await browser.send_form("/signin", {"username": "sq-nobody", "password": "not-the-one"})
    assert wrong.status_code == unknown.status_code == 422
    assert WRONG in wrong.text
    assert said(wrong).replace("sq-cashier", "") == said(unknown).replace("sq-nobody", "")


async def test_a_locked_account_is_answered_like_a_wrong_password(browser: Browser) -> None:
    async with browser.platform.pool.acquire() as conn:
        await conn.execute("UPDATE access_account SET is_active = false WHERE username = 'km-cashier'")
    answer = await browser.send_form("/signin", {"username": "km-cashier", "password": PASSWORD})
    assert answer.status_code == 422
    assert WRONG in answer.text


@pytest.mark.parametrize("username", ["yd-cashier", "nobody-has-this-name"])
async def test_after_five_wrong_passwords_even_the_right_one_is_refused(
    browser: Browser, username: str
) -> None:
    for _ in range(TRIES):
        answer = await browser.send_form("/signin", {"username": username, "password": "wrong-password"})
        assert answer.status_code == 422
    answer = await browser.send_form("/signin", {"username": username, "password": PASSWORD})
    assert answer.status_code == 429
    assert LIMITED in answer.text


async def test_fifty_wrong_passwords_at_the_same_time_are_not_more_than_five_tries(browser: Browser) -> None:
    await browser.get("/signin")
    fields = {"username": "yd-manager", "password": "wrong-password"}
    answers = await asyncio.gather(*(browser.send_form("/signin", fields) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [422] * TRIES + [429] * (50 - TRIES)
    kinds = await events_of(browser, "yd-manager")
    assert (kinds.count("tried"), kinds.count("failed")) == (TRIES, TRIES)


async def test_many_names_tried_from_one_address_are_stopped(browser: Browser) -> None:
    async with browser.platform.pool.acquire() as conn:
        await conn.executemany(
            "INSERT INTO access_event (at, kind, guess, address) VALUES (now(), 'tried', $1, '127.0.0.1')",
            [(bytes((number,)),) for number in range(TRIES_AT_ADDRESS)],
        )
    answer = await browser.send_form("/signin", {"username": "sy-cashier", "password": PASSWORD})
    assert answer.status_code == 429
    assert "网络地址" in answer.text


async def tries_at(browser: Browser, username: str, address: str, number: int) -> None:
    """So many wrong passwords of an account, from somewhere else."""
    async with browser.platform.pool.acquire() as conn:
        await conn.executemany(
            "INSERT INTO access_event (at, kind, guess, address) VALUES (now(), 'tried', $1, $2)",
            [(guess_of(VAULT, username), address)] * number,
        )


async def test_guessing_from_elsewhere_does_not_shut_out_who_signs_in_where_always(browser: Browser) -> None:
    assert (await sign_in(browser, "sq-cashier")).status_code == 302
    await tries_at(browser, "sq-cashier", "203.0.113.9", TRIES)
    await tries_at(browser, "nobody", "127.0.0.1", TRIES_AT_ADDRESS)
    browser.cookies.clear()
    assert (await sign_in(browser, "sq-cashier")).status_code == 302


async def test_where_an_account_has_never_signed_in_all_tries_at_its_name_count(browser: Browser) -> None:
    await tries_at(browser, "sy-pharmacist", "203.0.113.9", TRIES)
    assert (await sign_in(browser, "sy-pharmacist")).status_code == 429


async def test_a_known_address_is_no_licence_to_guess(browser: Browser) -> None:
    assert (await sign_in(browser, "yd-pharmacist")).status_code == 302
    browser.cookies.clear()
    wrong = {"username": "yd-pharmacist", "password": "wrong-password"}
    answers = [(await browser.send_form("/signin", wrong)).status_code for _ in range(TRIES + 1)]
    assert answers == [422] * TRIES + [429]


async def test_an_owner_who_signs_in_does_not_give_a_guesser_elsewhere_new_tries(browser: Browser) -> None:
    await tries_at(browser, "km-pharmacist", "203.0.113.9", TRIES - 1)
    assert (await sign_in(browser, "km-pharmacist")).status_code == 302
    await tries_at(browser, "km-pharmacist", "203.0.113.9", 1)
    async with browser.platform.pool.acquire() as conn:
        guess = guess_of(VAULT, "km-pharmacist")
        refused = await counted(conn, "tried", guess, browser.platform.now(), "203.0.113.9")
    assert refused == LIMITED_AT_ALL


async def test_agency_staff_give_a_one_time_code_as_well(browser: Browser) -> None:
    first = await browser.send_form("/signin", {"username": "shouli", "password": PASSWORD})
    assert first.headers["location"] == "/signin/code"
    behind = await browser.get("/console/")
    assert (behind.status_code, behind.headers["location"]) == (302, "/signin/code?next=%2Fconsole%2F")
    shown = await browser.get("/signin/code")
    assert code_of(browser, "shouli") in shown.text
    answer = await browser.send_form(
        "/signin/code", {"code": code_of(browser, "shouli"), "next": "/console/"}
    )
    assert (answer.status_code, answer.headers["location"]) == (302, "/console/")
    assert (await browser.get("/console/")).status_code == 200


async def test_a_code_is_taken_once(browser: Browser) -> None:
    code = code_of(browser, "fushen")
    for status in (302, 422):
        await browser.send_form("/signin", {"username": "fushen", "password": PASSWORD})
        answer = await browser.send_form("/signin/code", {"code": code})
        assert answer.status_code == status


async def test_fifty_wrong_codes_at_the_same_time_are_not_more_than_five_tries(browser: Browser) -> None:
    await browser.send_form("/signin", {"username": "jihe", "password": PASSWORD})
    right = code_of(browser, "jihe")
    wrong = [f"{(int(right) + number) % 1_000_000:06d}" for number in range(1_000, 1_050)]
    answers = await asyncio.gather(*(browser.send_form("/signin/code", {"code": code}) for code in wrong))
    assert sorted(answer.status_code for answer in answers) == [422] * TRIES + [429] * (50 - TRIES)
    assert (await browser.send_form("/signin/code", {"code": right})).status_code == 429


@pytest.mark.parametrize("code", ["12345", "１２３４５６", "abcdef", "", "0000000", "123 45a"])
async def test_what_is_no_code_is_said_at_the_field(browser: Browser, code: str) -> None:
    await browser.send_form("/signin", {"username": "caiwu", "password": PASSWORD})
    answer = await browser.send_form("/signin/code", {"code": code})
    assert answer.status_code == 422
    assert "error-summary" in answer.text


async def test_the_first_sign_in_sets_the_second_factor_up_and_then_the_password(browser: Browser) -> None:
    async with browser.platform.pool.acquire() as conn:
        await conn.execute(
            "UPDATE access_account SET totp_sealed = NULL, totp_step = 0, must_change = true WHERE username = 'dingdian'"
        )
    first = await browser.send_form("/signin", {"username": "dingdian", "password": PASSWORD})
    assert first.headers["location"] == "/signin/factor"
    shown = await browser.get("/signin/factor")
    assert "<svg" in shown.text
    assert (await browser.get("/signin/factor")).text.count("密钥") == shown.text.count("密钥")
    secret = text_of(shown).split("密钥 ")[1][:39].replace(" ", "")
    assert secret in (await browser.get("/signin/factor")).text.replace(" ", "")
    code = factor.code_at(secret, browser.platform.now())
    second = await browser.send_form("/signin/factor", {"code": code})
    assert second.headers["location"] == "/signin/password"
    for new, again, said in (
        ("short", "short", "至少"),
        ("dingdian-dingdian", "dingdian-dingdian", "登录名"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "重复"),
        ("1234567890", "1234567890", "太常见"),
        (PASSWORD, PASSWORD, "相同"),
        ("a-good-new-one", "another-new-one", "不一样"),
    ):
        answer = await browser.send_form("/signin/password", {"new": new, "again": again})
        assert answer.status_code == 422, new
        assert said in answer.text
    third = await browser.send_form("/signin/password", {"new": "a-good-new-one", "again": "a-good-new-one"})
    assert third.headers["location"] == "/console/"
    assert (await events_of(browser, "dingdian"))[-3:] == ["factor_set", "password_changed", "signed_in"]


async def test_a_member_signs_in_with_a_demo_voucher_and_has_one_account_for_good(browser: Browser) -> None:
    for _ in range(2):
        answer = await browser.send_form("/signin/voucher", {"voucher": "demo-voucher-000001"})
        assert (answer.status_code, answer.headers["location"]) == (302, "/portal/")
    async with browser.platform.pool.acquire() as conn:
        count = await conn.fetchval("SELECT count(*) FROM access_account WHERE psn_no = '1401990000000001'")
    assert count == 1


@pytest.mark.parametrize("voucher", ["demo-voucher-999999", "140199DEMO000001", "'; --", "x\1y", "演示"])
async def test_a_voucher_that_is_none_is_refused(browser: Browser, voucher: str) -> None:
    answer = await browser.send_form("/signin/voucher", {"voucher": voucher})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "change",
    ["blocked_from = '2024-01-01'", "until_on = '2024-01-01'"],
    ids=["blocked", "expired"],
)
async def test_a_blocked_or_expired_voucher_is_refused(browser: Browser, change: str) -> None:
    async with browser.platform.pool.acquire() as conn:
        await conn.execute(f"UPDATE members_credential SET {change} WHERE number = 'demo-voucher-000003'")
    answer = await browser.send_form("/signin/voucher", {"voucher": "demo-voucher-000003"})
    assert answer.status_code == 422
    assert "挂失" in answer.text


async def test_a_dead_member_does_not_sign_in(browser: Browser) -> None:
    async with browser.platform.pool.acquire() as conn:
        await conn.execute(
            "UPDATE members_person SET died_on = '2024-01-01' WHERE psn_no = '1401990000000004'"
        )
    answer = await browser.send_form("/signin/voucher", {"voucher": "demo-voucher-000004"})
    assert answer.status_code == 422


async def test_signing_out_ends_the_session_for_everybody_who_has_the_cookie(browser: Browser) -> None:
    await sign_in(browser, "sq-cashier")
    token = browser.cookies["gongji_session"]
    assert (await browser.get("/signout")).status_code == 200
    answer = await browser.send_form("/signout", {})
    assert answer.headers["location"] == "/signin"
    browser.cookies.set("gongji_session", token, domain="127.0.0.1")
    assert (await browser.get("/account/")).headers["location"].startswith("/signin")
    assert (await events_of(browser, "sq-cashier"))[-1] == "signed_out"


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\\\\evil",
        "http:///x",
    ],
)
async def test_nobody_is_sent_to_another_site_after_signing_in(browser: Browser, where: str) -> None:
    answer = await browser.send_form(
        "/signin", {"username": "sq-cashier", "password": PASSWORD, "next": where}
    )
    assert (answer.status_code, answer.headers["location"]) == (302, "/desk/")


async def test_after_signing_in_one_comes_where_one_wanted_to_go(browser: Browser) -> None:
    asked = await browser.get("/account/password?x=1")
    assert asked.headers["location"] == "/signin?next=%2Faccount%2Fpassword%3Fx%3D1"
    form = await browser.get(asked.headers["location"])
    assert 'value="/account/password?x=1"' in form.text
    fields = {"username": "sq-cashier", "password": PASSWORD, "next": "/account/password?x=1"}
    answer = await browser.send_form("/signin", fields)
    assert answer.headers["location"] == "/account/password?x=1"


async def test_a_fourth_session_ends_the_oldest(browser: Browser) -> None:
    tokens = []
    for _ in range(4):
        browser.cookies.clear()
        await sign_in(browser, "sy-manager")
        tokens.append(browser.cookies["gongji_session"])
    statuses = []
    for token in tokens:
        browser.cookies.set("gongji_session", token, domain="127.0.0.1")
        statuses.append((await browser.get("/account/")).status_code)
    assert statuses == [302, 200, 200, 200]
    assert (await events_of(browser, "sy-manager"))[-1] == "session_ended"


async def test_a_page_that_asks_by_itself_is_sent_to_the_sign_in_as_a_whole(browser: Browser) -> None:
    answer = await browser.get("/account/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["hx-redirect"].startswith("/signin?next=")


async def test_signing_in_gives_a_new_session_and_a_new_csrf_token(browser: Browser) -> None:
    browser.cookies.set("gongji_session", "fixed-by-somebody-else", domain="127.0.0.1")
    await browser.get("/signin")
    before = browser.cookies["gongji_csrf"]
    await sign_in(browser, "sq-manager")
    assert browser.cookies["gongji_session"] != "fixed-by-somebody-else"
    assert browser.cookies["gongji_csrf"] != before


async def test_the_step_after_the_password_has_another_token_than_the_finished_session(
    browser: Browser,
) -> None:
    await browser.send_form("/signin", {"username": "zhengce", "password": PASSWORD})
    half = browser.cookies["gongji_session"]
    await browser.send_form("/signin/code", {"code": code_of(browser, "zhengce")})
    assert browser.cookies["gongji_session"] != half
    browser.cookies.set("gongji_session", half, domain="127.0.0.1")
    assert (await browser.get("/account/")).status_code == 302


async def test_a_form_without_the_token_is_refused(browser: Browser) -> None:
    answer = await browser.post("/signin", data={"username": "sq-cashier", "password": PASSWORD})
    assert answer.status_code == 403


async def test_nothing_that_was_typed_as_a_name_is_kept(browser: Browser) -> None:
    await browser.send_form("/signin", {"username": "My-Secret-Password", "password": "typed-too-early"})
    async with browser.platform.pool.acquire() as conn:
        kept = await conn.fetch("SELECT row_to_json(e)::text AS line FROM access_event e")
    assert "secret" not in " ".join(row["line"] for row in kept).lower()


async def test_whoever_is_signed_in_goes_on_from_the_sign_in_page(browser: Browser) -> None:
    await sign_in_as(browser, "doctor", institution="H14010000001")
    assert (await browser.get("/signin")).headers["location"] == "/desk/"


async def test_the_demonstration_shows_its_accounts_on_the_sign_in_page(browser: Browser) -> None:
    page = text_of(await browser.get("/signin"))
    assert "演示街道社区卫生服务中心" in page
    assert "sysadmin" in page


async def test_an_idle_session_ends_but_not_one_in_use(browser: Browser) -> None:
    account = await sign_in_as(browser, "manager", institution="H14010000001")
    now = browser.platform.now
    start = now()
    try:
        for minutes in (20, 40, 60):
            browser.platform.now = lambda at=start + timedelta(minutes=minutes): at
            assert (await browser.get("/account/")).status_code == 200
        browser.platform.now = lambda: start + timedelta(minutes=91)
        assert (await browser.get("/account/")).status_code == 302
    finally:
        browser.platform.now = now
    assert account.number


async def test_in_service_without_an_identity_provider_members_are_told_what_to_do(
    browser: Browser, platform: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "settings", msgspec.structs.replace(platform.settings, demo=False))
    text = (await browser.get("/signin")).text
    assert "参保人暂时不能在网上登录" in text
    assert 'href="/law"' in text
    assert PASSWORD not in text
