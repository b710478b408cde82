"""The later steps of signing in: the one-time code, setting up the second factor, the first password of one's own."""

import segno
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString, mark_safe

from gongji.access import accounts, factor, passwords
from gongji.access.demonstration import told_secret
from gongji.access.records import AccountRecord, Need, Session
from gongji.access.selectors import by_number
from gongji.access.sessions import keep_pending
from gongji.access.signing import Failed, check_code
from gongji.web.pages import Page, page, url
from gongji.web.signin import TRY_LATER
from gongji.web.signin_forms import CodeForm, FirstPasswordForm
from gongji.web.visits import address_of, begin, go_on, wanted

__all__ = [
    "again",
    "drawn",
    "pending_secret",
    "set_factor",
    "sign_in_code",
    "sign_in_factor",
    "sign_in_password",
]

QR_SCALE = 5


def _elsewhere(page: Page, need: Need) -> HttpResponse | None:
    """Away from a step that is not the next one."""
    if page.session is None:
        return HttpResponseRedirect(url("web.sign_in"))
    return None if page.session.need == need else go_on(page, page.session)


def _session(page: Page) -> Session:
    if page.session is None:
        raise RuntimeError("a step of signing in without a session")
    return page.session


@page("web.sign_in_code")
async def sign_in_code(page: Page) -> HttpResponse:
    """The one-time code of the authenticator."""
    if (elsewhere := _elsewhere(page, "code")) is not None:
        return elsewhere
    form = CodeForm(page.request.POST or None)
    if page.request.method != "POST" or not form.is_valid():
        return await _ask_code(page, form, 422 if page.request.method == "POST" else 200)
    account, vault = _session(page).account, page.platform.vault
    secret = factor.opened(vault, account.number, account.totp_sealed or b"")
    async with page.connection() as conn:
        failed = await check_code(
            conn, vault, account, secret, form.cleaned_data["code"], page.at, address_of(page.request)
        )
    if failed is not None:
        form.add_error("code", failed.text)
        return await _ask_code(page, form, TRY_LATER if failed.limited else 422)
    return await begin(page, account, "code", factor=True)


async def _ask_code(page: Page, form: CodeForm, status: int) -> HttpResponse:
    account = _session(page).account
    secret = told_secret(page.platform.vault, account) if page.platform.settings.demo else ""
    shown = {
        "form": form,
        "next": wanted(page.request),
        "account": account,
        "demo_code": factor.code_at(secret, page.at) if secret else "",
    }
    return await page.show("web/sign_in_code.html", shown, status)


@page("web.sign_in_factor")
async def sign_in_factor(page: Page) -> HttpResponse:
    """Before anything else the first sign-in sets the second factor up."""
    if (elsewhere := _elsewhere(page, "factor")) is not None:
        return elsewhere
    form = CodeForm(page.request.POST or None)
    secret = await pending_secret(page)
    if page.request.method == "POST" and form.is_valid():
        failed = await set_factor(page, secret, form.cleaned_data["code"])
        if failed is None:
            return await again(page, "factor", factor=True)
        form.add_error("code", failed.text)
    account = _session(page).account
    shown = {"form": form, "next": wanted(page.request), **drawn(account, secret)}
    return await page.show("web/sign_in_factor.html", shown, 422 if form.errors else 200)


async def pending_secret(page: Page) -> str:
    """The secret that this session is setting up, made when it first asks; the authenticator has it already when the page is
    shown a second time.
    """
    session, vault = _session(page), page.platform.vault
    number = session.account.number
    if session.pending_sealed is not None:
        return factor.opened(vault, number, session.pending_sealed)
    secret = factor.new_secret()
    async with page.connection() as conn:
        await keep_pending(conn, session, factor.sealed(vault, number, secret))
    return secret


async def set_factor(page: Page, secret: str, code: str) -> Failed | None:
    """Put the second factor in force if ``code`` shows that the authenticator has the secret; None: done."""
    account, vault, address = _session(page).account, page.platform.vault, address_of(page.request)
    async with page.connection() as conn:
        failed = await check_code(conn, vault, account, secret, code, page.at, address)
        if failed is None:
            step = factor.step_of(secret, code, page.at) or 0
            await accounts.own_factor(conn, vault, account, secret, step, page.at, address)
    return failed


def drawn(account: AccountRecord, secret: str) -> dict[str, SafeString | str]:
    """The secret as a picture for the authenticator's camera, and in groups of four to type."""
    picture = segno.make(factor.address_of(secret, account.username), micro=False)
    svg = picture.svg_inline(
        scale=QR_SCALE, border=4, dark="#000", light="#fff", svgclass="qr", omitsize=True
    )
    return {
        "picture": mark_safe(svg),  # noqa: S308 - made by segno of our own text, not by anybody's input
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
    }


@page("web.sign_in_password")
async def sign_in_password(page: Page) -> HttpResponse:
    """An initial password is replaced by one that nobody else knows."""
    if (elsewhere := _elsewhere(page, "password")) is not None:
        return elsewhere
    form, account = FirstPasswordForm(page.request.POST or None), _session(page).account
    if page.request.method == "POST" and form.is_valid():
        fault = await new_password_fault(account, form.cleaned_data["new"])
        if not fault:
            await put_password(page, account, form.cleaned_data["new"])
            return await again(page, "password", factor=_session(page).factor)
        form.add_error("new", fault)
    shown = {"form": form, "next": wanted(page.request), "account": account}
    return await page.show("web/sign_in_password.html", shown, 422 if form.errors else 200)


async def new_password_fault(account: AccountRecord, password: str) -> str:
    """Why ``password`` cannot be the account's new one; "" when it can."""
    fault = passwords.fault_of(password, account.username, account.name)
    if not fault and await passwords.matches(password, account.password):
        return "新密码不能与现在的密码相同。"
    return fault


async def put_password(page: Page, account: AccountRecord, password: str) -> None:
    """The account's new password, hashed before a connection is taken."""
    stored = await passwords.hashed(password)
    async with page.connection() as conn:
        await accounts.own_password(
            conn, page.platform.vault, account, stored, page.at, address_of(page.request)
        )


async def again(page: Page, way: str, *, factor: bool) -> HttpResponse:
    """A new session for the account as it is after its own change, which has ended all earlier ones."""
    async with page.connection() as conn:
        account = await by_number(conn, _session(page).account.number)
    if account is None or not account.active:
        return HttpResponseRedirect(url("web.sign_in"))
    return await begin(page, account, way, factor=factor)
