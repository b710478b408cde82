"""What is taken away is gone with the very next request of a session that is open, whatever it was and whoever took it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from gongji.access import accounts
from gongji.access.accounts import Officer
from gongji.access.records import AccountRecord
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.demo_data import generate
from tests.web.asgi import Browser, sign_in_as

WORLD = generate()
CENTRE = WORLD.institution("演示街道社区卫生服务中心").code
DOCTORS = [
    str(row["staff_code"])
    for row in WORLD.tables["providers_staff"]
    if row["code"] == CENTRE and row["kind"] == "doctor"
]
Change = Callable[[Any, Any, Officer, int], Awaitable[int | Refusal]]


async def changed(browser: Browser, account: AccountRecord, change: Change) -> None:
    """The change by an officer who has nothing to do with this browser."""
    platform = browser.platform
    officer = Officer(Actor("agency", "somebody-else"), platform.now(), "192.0.2.1", "test")
    async with platform.pool.acquire() as conn:
        done = await change(conn, platform.vault, officer, account.number)
    assert not isinstance(done, Refusal), done


CHANGES: dict[str, Change] = {
    "the role is withdrawn": lambda conn, vault, officer, number: accounts.withdraw(conn, vault, officer, number, "cashier"),
    "another role is given": lambda conn, vault, officer, number: accounts.grant(conn, vault, officer, number, "manager"),
    "the account is locked": lambda conn, vault, officer, number: accounts.set_active(conn, vault, officer, number, False),
    "the password is reset": lambda conn, vault, officer, number: accounts.reset_password(conn, vault, officer, number, "x"),
    "the second factor is reset": accounts.reset_factor,
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "place"),
    list(zip(CHANGES, WORLD.institutions, strict=False)),
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_session_that_was_open_is_over(browser: Browser, what: str, place: Any) -> None:
    account = await sign_in_as(browser, "cashier", institution=place.code)
    assert (await browser.get("/desk/")).status_code == 200
    await changed(browser, account, CHANGES[what])
    after = await browser.get("/desk/")
    assert after.status_code == 302
    assert after.headers["location"].startswith("/signin?next=")
    form = await browser.send_form("/desk/closing", {})
    assert (form.status_code, form.headers["location"][:7]) == (302, "/signin")


async def test_every_session_of_the_account_is_over_at_once(browser: Browser) -> None:
    tokens = []
    for _ in range(3):
        account = await sign_in_as(browser, "pharmacist", institution=CENTRE)
        tokens.append(browser.cookies["gongji_session"])
    await changed(browser, account, lambda c, v, o, n: accounts.set_active(c, v, o, n, False))
    for token in tokens:
        browser.cookies.set("gongji_session", token, domain="127.0.0.1")
        assert (await browser.get("/desk/")).status_code == 302


async def test_who_has_left_the_institution_does_nothing_there_any_more(browser: Browser) -> None:
    await sign_in_as(browser, "manager", institution=CENTRE)
    manager = browser.cookies["gongji_session"]
    await sign_in_as(browser, "doctor", institution=CENTRE, staff_code=DOCTORS[-1])
    doctor = browser.cookies["gongji_session"]
    assert (await browser.get("/desk/doctor")).status_code == 200
    browser.cookies.set("gongji_session", manager, domain="127.0.0.1")
    yesterday = browser.platform.now().date() - timedelta(days=1)
    left = await browser.send_form(f"/desk/staff/{DOCTORS[-1]}/leave", {"last_on": str(yesterday)})
    assert left.status_code == 302, left.text
    browser.cookies.set("gongji_session", doctor, domain="127.0.0.1")
    answer = await browser.get("/desk/doctor")
    assert answer.status_code == 403
    assert "人员登记已经终止" in answer.text
    assert (await browser.get("/account/")).status_code == 200
