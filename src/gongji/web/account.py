"""One's own account: what it may do, its sessions, its password and second factor."""

from django.http import HttpResponse, HttpResponseRedirect

from gongji.access import ROLES, sessions
from gongji.access.events import ENDS, KINDS
from gongji.access.limits import IDLE, IDLE_OFFICER, LONGEST, SESSIONS
from gongji.access.records import AccountRecord
from gongji.access.selectors import EventFilter, events
from gongji.access.signing import repeated_password
from gongji.base.region_names import region_name
from gongji.web.agents import agent_text
from gongji.web.pages import Page, page, url
from gongji.web.signin import TRY_LATER
from gongji.web.signin_forms import FactorForm, PasswordChangeForm
from gongji.web.signin_steps import again, drawn, new_password_fault, pending_secret, put_password, set_factor
from gongji.web.visits import address_of, forget

__all__ = ["change_factor", "change_password", "end_session", "home"]

SHOWN = frozenset(KINDS) - {"tried", "code_tried", "log_read"}
RECENT = 20


def _account(page: Page) -> AccountRecord:
    if page.session is None:
        raise RuntimeError("an account without a session")
    return page.session.account


@page("account.home")
async def home(page: Page) -> HttpResponse:
    """Roles, sessions and what happened lately, so that somebody notices a sign-in that was not theirs."""
    account = _account(page)
    lately = EventFilter(account.created_at, page.at, account.number, sorted(SHOWN), most=RECENT)
    async with page.connection() as conn:
        own = await sessions.own(conn, account.number)
        recent = await events(conn, lately)
    provider = page.platform.provider(account.institution) if account.institution else None
    shown = {
        "account": account,
        "roles": [role for code, role in ROLES.items() if code in account.roles],
        "place": provider.name if provider else "",
        "area": region_name(account.area) if account.area else "",
        "sessions": [(one, agent_text(one.agent)) for one in own],
        "here": page.session.digest if page.session else "",
        "recent": [
            (event, KINDS.get(event.kind, event.kind), ENDS.get(event.detail, "")) for event in recent
        ],
        "idle_minutes": int((IDLE_OFFICER if account.visitor.is_officer else IDLE).total_seconds()) // 60,
        "longest_hours": int(LONGEST.total_seconds()) // 3600,
        "most": SESSIONS,
    }
    return await page.show("web/account.html", shown)


@page("account.session_end")
async def end_session(page: Page, handle: str) -> HttpResponse:
    """End one of the own sessions; the present one is left by signing out."""
    if page.request.method != "POST":
        return HttpResponseRedirect(url("account.home"))
    async with page.connection() as conn:
        found = await sessions.end_own(conn, _account(page), handle, page.at)
    if not found:
        return await page.no(404, "没有这个会话", "这个会话已经结束，或者不是您的。")
    answer = HttpResponseRedirect(url("account.home"))
    here = page.session is not None and page.session.digest.startswith(handle)
    return forget(answer) if here else answer


@page("account.password")
async def change_password(page: Page) -> HttpResponse:
    """A new password, after the present one; all other sessions end."""
    form, account = PasswordChangeForm(page.request.POST or None), _account(page)
    status = 200
    if page.request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            wrong = await repeated_password(
                page.connection,
                page.platform.vault,
                account,
                given["current"],
                page.at,
                address_of(page.request),
            )
            fault = "" if wrong else await new_password_fault(account, given["new"])
            if wrong is None and not fault:
                await put_password(page, account, given["new"])
                return await again(page, "password", factor=True)
            form.add_error("current" if wrong else "new", wrong.text if wrong else fault)
            status = TRY_LATER if wrong and wrong.limited else 422
    return await page.show("web/account_password.html", {"form": form, "account": account}, status)


@page("account.factor")
async def change_factor(page: Page) -> HttpResponse:
    """Another authenticator, after the password; all other sessions end."""
    form, account = FactorForm(page.request.POST or None), _account(page)
    secret = await pending_secret(page)
    status = 200
    if page.request.method == "POST":
        status = 422
        if form.is_valid():
            wrong = await repeated_password(
                page.connection, page.platform.vault, account,
                form.cleaned_data["current"], page.at, address_of(page.request),
            )  # fmt: skip
            failed = wrong or await set_factor(page, secret, form.cleaned_data["code"])
            if failed is None:
                return await again(page, "factor", factor=True)
            form.add_error("current" if wrong else "code", failed.text)
            status = TRY_LATER if failed.limited else 422
    shown = {"form": form, "account": account, **drawn(account, secret)}
    return await page.show("web/account_factor.html", shown, status)
