"""In a real browser each role sees its own beginning and is told in Chinese which page is not its own; signing in by hand."""

import re

import pytest
from playwright.async_api import Page, expect

from gongji.access import ROLES, permitted
from gongji.access.demonstration import PASSWORD, VOUCHERS
from gongji.demo_data import generate
from gongji.demo_data.accounts import accounts
from tests.web.chromium import DESK, PHONE, Chrome, chrome, served
from tests.web.looking import access_faults, foreign_words, overflow

__all__ = ["chrome", "served"]

PEOPLE = {"member": VOUCHERS[0][0]} | {
    account.role: account.username for account in reversed(accounts(generate()))
}
"""Somebody of the demonstration for each role."""
ELSEWHERE = {
    "portal": ("/desk/till", "desk.till"),
    "desk": ("/console/accounts/", "console.accounts"),
    "console": ("/portal/", "portal.home"),
}
"""For whom begins in a part, a page of another."""
BEGINNINGS = {
    role: "portal" if role == "member" else "desk" if ROLES[role].binding == "institution" else "console"
    for role in ROLES
}


async def signed_in(tab: Page, role: str) -> None:
    """The way through the pages: the voucher of a member; name and password of others, and the code where one is asked for."""
    if role == "member":
        await tab.goto("/signin/voucher")
        await tab.fill("#id_voucher", PEOPLE[role])
    else:
        await tab.goto("/signin")
        await tab.fill("#id_username", PEOPLE[role])
        await tab.fill("#id_password", PASSWORD)
    await tab.keyboard.press("Enter")
    await tab.wait_for_url(lambda url: not url.endswith(("/signin", "/signin/voucher")))
    if ROLES[role].second_factor:
        assert tab.url.endswith("/signin/code")
        await tab.fill("#id_code", await tab.inner_text(".notice code"))
        await tab.keyboard.press("Enter")
        await tab.wait_for_url("**/console/")


@pytest.mark.parametrize("part", ELSEWHERE)
async def test_each_role_has_its_own_beginning_and_a_forbidden_page_says_so(
    chrome: Chrome, part: str
) -> None:
    address, operation = ELSEWHERE[part]
    for role in (role for role, beginning in BEGINNINGS.items() if beginning == part):
        tab = await chrome.tab(PEOPLE[role], width=PHONE if role == "member" else DESK)
        await tab.goto("/")
        assert re.search(f"/{part}/$", tab.url), role
        assert not permitted(frozenset({role}), operation)
        answer = await tab.goto(address)
        assert answer is not None
        assert answer.status == 403, role
        await expect(tab.get_by_role("heading", name="没有权限")).to_be_visible()
        await expect(tab.locator("#main")).to_contain_text(f"您的角色（{ROLES[role].name}）")
        assert await overflow(tab) == []
        assert await foreign_words(tab) == []
        await tab.get_by_role("link", name="回到首页").click()
        await tab.wait_for_url(f"**/{part}/")
        await tab.context.close()


@pytest.mark.parametrize(("role", "script"), [("member", True), ("cashier", False), ("clerk", False)])
async def test_signing_in_by_hand_leads_to_the_own_beginning_without_scripts_too(
    chrome: Chrome, role: str, script: bool
) -> None:
    tab = await chrome.tab(width=PHONE, script=script)
    await signed_in(tab, role)
    assert re.search(f"/{BEGINNINGS[role]}/$", tab.url)


async def test_a_forbidden_page_has_no_serious_fault_of_access_and_its_way_out_is_the_next_stop(
    chrome: Chrome,
) -> None:
    tab = await chrome.tab(PEOPLE["clerk"])
    await tab.goto("/portal/")
    assert await access_faults(tab) == []
    await tab.focus("#main")
    await tab.keyboard.press("Tab")
    assert await tab.evaluate("document.activeElement.textContent.trim()") == "回到首页"


def test_these_people_have_every_role() -> None:
    assert PEOPLE.keys() == ROLES.keys()
