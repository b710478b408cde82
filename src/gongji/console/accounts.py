"""Accounts at the officers' desks: the system officer makes and locks them, the security officer gives and takes roles.

Neither can do both, and nobody can do it to the own account: what one prepares another puts in force.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from gongji.access import ROLES, accounts, passwords
from gongji.access.accounts import NewAccount, Officer
from gongji.access.events import KINDS
from gongji.access.records import AccountRecord
from gongji.access.selectors import AccountFilter, EventFilter, by_number, creator, events
from gongji.access.selectors import accounts as list_accounts
from gongji.base.reasons import Refusal
from gongji.base.region_names import region_name
from gongji.base.sqlfiles import Connection
from gongji.console.account_forms import FilterForm, NewAccountForm, ReasonForm, RoleForm, grantable
from gongji.console.wording import actor_text, event_row, name_of
from gongji.web.pages import Page, page, url
from gongji.web.visits import address_of

__all__ = [
    "give_role",
    "listing",
    "make",
    "one",
    "reset_factor",
    "reset_password",
    "set_state",
    "take_role",
]

PAGE_SIZE: Final = 100
RECENT: Final = 50
SHOWN: Final = sorted(frozenset(KINDS) - {"tried", "code_tried", "log_read"})
Act = Callable[[Connection, Officer], Awaitable[int | Refusal]]


@page("console.accounts")
async def listing(page: Page) -> HttpResponse:
    """Accounts of staff and officers, filtered."""
    form = FilterForm(page.request.GET or None)
    given = form.cleaned_data if form.is_valid() else {}
    wanted = AccountFilter(
        given.get("words", "").strip(), given.get("role", ""), given.get("state", ""),
        page.request.GET.get("after", "").replace("\0", "")[:64], PAGE_SIZE + 1,
    )  # fmt: skip
    async with page.connection() as conn:
        found = await list_accounts(conn, wanted)
    following = urlencode({**given, "after": found[PAGE_SIZE - 1].username}) if len(found) > PAGE_SIZE else ""
    rows = [(account, _place(page, account)) for account in found[:PAGE_SIZE]]
    return await page.show("console/accounts.html", {"form": form, "rows": rows, "following": following})


@page("console.account")
async def one(page: Page, number: int) -> HttpResponse:
    """An account: what it may do, who made it, what happened to it."""
    async with page.connection() as conn:
        account = await by_number(conn, number)
        if account is None or account.is_member:
            return await _unknown(page)
        made_by = await creator(conn, number)
        recent = await events(
            conn, EventFilter(account.created_at, page.at, number, SHOWN, most=RECENT)
        )  # fmt: skip
    own = account.number == page.visitor.account
    rows = [event_row(event, name_of(page)) for event in recent]
    shown = {
        "account": account,
        "place": _place(page, account),
        "roles": [role for code, role in ROLES.items() if code in account.roles],
        "made_by": actor_text(made_by, name_of(page)),
        "own": own,
        "system": "system_officer" in page.visitor.roles and not own,
        "security": "security_officer" in page.visitor.roles and not own,
        "grantable": grantable(account),
        "recent": rows,
        "done": next((row for row in rows if row[0] == page.request.GET.get("done")), None),
    }  # fmt: skip
    return await page.show("console/account.html", shown)


@page("console.account_new")
async def make(page: Page) -> HttpResponse:
    """A new account without roles; its initial password is shown once, here."""
    form = NewAccountForm(page.request.POST or None)
    if page.request.method != "POST" or not form.is_valid():
        return await page.show("console/account_new.html", {"form": form}, 422 if form.errors else 200)
    given = form.cleaned_data
    new = NewAccount(
        given["username"], given["name"].strip(), given["institution"].strip().upper(),
        given["staff_code"].strip(), given["area"].strip(),
    )  # fmt: skip
    password = passwords.fresh()
    stored = await passwords.hashed(password)
    async with page.connection() as conn:
        made = await accounts.create(
            conn, page.platform.vault, _officer(page, given["reason"]), page.platform.providers, new, stored
        )
    if isinstance(made, Refusal):
        form.add_error("username" if made.code.startswith("ACCOUNT_NAME") else None, made.text)
        return await page.show("console/account_new.html", {"form": form}, 422)
    shown = {"number": made, "username": new.username, "name": new.name, "password": password, "new": True}
    return await page.show("console/account_password.html", shown)


@page("console.account_state")
async def set_state(page: Page, number: int) -> HttpResponse:
    """Lock an account, or unlock it and forget its wrong tries."""
    lock = page.request.GET.get("to") != "active"

    async def act(conn: Connection, officer: Officer) -> int | Refusal:
        return await accounts.set_active(conn, page.platform.vault, officer, number, not lock)

    if lock:
        return await _confirmed(
            page, number, "锁定账号", "锁定后不能登录，正在使用的会话从下一个请求起结束。", act
        )
    return await _confirmed(page, number, "解锁账号", "解锁后可以登录，登录失败的次数重新计算。", act)


@page("console.account_password")
async def reset_password(page: Page, number: int) -> HttpResponse:
    """A new initial password, shown once; the sessions of before end."""
    password = passwords.fresh()

    async def act(conn: Connection, officer: Officer) -> int | Refusal:
        stored = await passwords.hashed(password)
        return await accounts.reset_password(conn, page.platform.vault, officer, number, stored)

    title, text = "重置密码", "原来的密码作废，正在使用的会话结束；新的初始密码只显示一次，首次登录须修改。"
    return await _confirmed(page, number, title, text, act, password)


@page("console.account_factor")
async def reset_factor(page: Page, number: int) -> HttpResponse:
    """Forget the second factor; the next sign-in sets one up."""

    async def act(conn: Connection, officer: Officer) -> int | Refusal:
        return await accounts.reset_factor(conn, page.platform.vault, officer, number)

    text = "原来的认证器作废，正在使用的会话结束；下次登录时重新设置。请先核实本人身份。"
    return await _confirmed(page, number, "重置动态验证码", text, act)


@page("console.account_role_take")
async def take_role(page: Page, number: int, role: str) -> HttpResponse:
    """Withdraw a role."""

    async def act(conn: Connection, officer: Officer) -> int | Refusal:
        return await accounts.withdraw(conn, page.platform.vault, officer, number, role)

    name = ROLES[role].name if role in ROLES else ""
    if not name:
        return await _unknown(page)
    return await _confirmed(
        page, number, f"收回角色「{name}」", "从账号的下一个请求起生效，正在使用的会话结束。", act
    )


@page("console.account_role_give")
async def give_role(page: Page, number: int) -> HttpResponse:
    """Grant a role that fits the account, to an account that somebody else made."""
    account = await _account(page, number)
    if account is None:
        return await _unknown(page)
    form = RoleForm(account, page.request.POST or None)
    if page.request.method == "POST" and form.is_valid():
        async with page.connection() as conn:
            officer = _officer(page, form.cleaned_data["reason"])
            done = await accounts.grant(conn, page.platform.vault, officer, number, form.cleaned_data["role"])
        if not isinstance(done, Refusal):
            return _receipt(number, done)
        form.add_error(None, done.text)
    shown = {"form": form, "account": account, "place": _place(page, account), "choices": grantable(account)}
    return await page.show("console/account_role.html", shown, 422 if form.errors else 200)


async def _confirmed(
    page: Page, number: int, title: str, text: str, act: Act, password: str = ""
) -> HttpResponse:
    """Say in full what will happen, ask why, do it, and show the receipt; ``password`` is shown with it, once."""
    account = await _account(page, number)
    if account is None:
        return await _unknown(page)
    form = ReasonForm(page.request.POST or None)
    if page.request.method == "POST" and form.is_valid():
        async with page.connection() as conn:
            done = await act(conn, _officer(page, form.cleaned_data["reason"]))
        if isinstance(done, Refusal):
            form.add_error(None, done.text)
        elif password:
            shown = {
                "number": number,
                "username": account.username,
                "name": account.name,
                "password": password,
            }
            return await page.show("console/account_password.html", shown)
        else:
            return _receipt(number, done)
    shown = {"form": form, "account": account, "place": _place(page, account), "title": title, "text": text}
    return await page.show("console/account_confirm.html", shown, 422 if form.errors else 200)


async def _account(page: Page, number: int) -> AccountRecord | None:
    async with page.connection() as conn:
        account = await by_number(conn, number)
    return None if account is None or account.is_member else account


async def _unknown(page: Page) -> HttpResponse:
    return await page.no(404, "没有这个账号", "请从账号列表中选择。")


def _officer(page: Page, reason: str) -> Officer:
    return Officer(page.visitor.actor, page.at, address_of(page.request), reason.strip())


def _receipt(number: int, event: int) -> HttpResponse:
    return HttpResponseRedirect(f"{url('console.account', number)}?{urlencode({'done': event})}")


def _place(page: Page, account: AccountRecord) -> str:
    """For whom the account acts, in words."""
    if account.institution:
        provider = page.platform.provider(account.institution)
        return provider.name if provider else account.institution
    return region_name(account.area) if account.area else "平台"
