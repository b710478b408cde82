"""Signing in with a name and a password or, in a demonstration, an e-voucher; signing out."""

from django.http import HttpResponse, HttpResponseRedirect

from gongji.access import sessions
from gongji.access.demonstration import PASSWORD, VOUCHERS
from gongji.access.events import guess_of, record
from gongji.access.members import account_of_member, by_voucher
from gongji.access.records import AccountRecord
from gongji.access.selectors import created_by
from gongji.access.signing import Failed, check_password, counted
from gongji.base.actors import SYSTEM
from gongji.web import oidc
from gongji.web.pages import Page, page, url
from gongji.web.signin_forms import SignInForm, VoucherForm
from gongji.web.visits import address_of, begin, forget, go_on, wanted

__all__ = ["closed", "sign_in", "sign_in_voucher", "sign_out"]

TRY_LATER = 429
WRONG_VOUCHER = Failed("这个凭证不能登录：凭证码不正确，或者凭证已经挂失、过期。可以在参保地经办机构查询。")


@page("web.sign_in")
async def sign_in(page: Page) -> HttpResponse:
    """Name and password; whoever is signed in already goes on."""
    if page.request.method != "POST":
        if page.session is not None:
            return go_on(page, page.session)
        return await _ask(page, SignInForm())
    form = SignInForm(page.request.POST)
    if not form.is_valid():
        return await _ask(page, form, 422)
    if (refused := await closed(page)) is not None:
        return refused
    found = await check_password(
        page.connection, page.platform.vault, form.cleaned_data["username"], form.cleaned_data["password"],
        page.at, address_of(page.request),
    )  # fmt: skip
    if isinstance(found, Failed):
        form.add_error(None, found.text)
        return await _ask(page, form, TRY_LATER if found.limited else 422)
    return await begin(page, found, "password")


async def _ask(page: Page, form: SignInForm, status: int = 200) -> HttpResponse:
    demo = page.platform.settings.demo
    shown = {
        "form": form,
        "next": wanted(page.request),
        "oidc": asked.name if (asked := oidc.provider()) else "",
        "demo": demo,
        "demo_accounts": await _demo_accounts(page) if demo else [],
        "demo_password": PASSWORD,
    }
    return await page.show("web/sign_in.html", shown, status)


async def _demo_accounts(page: Page) -> list[tuple[str, list[AccountRecord]]]:
    """The demonstration's accounts by where they work."""
    async with page.connection() as conn:
        found = await created_by(conn, str(SYSTEM))
    places: dict[str, list[AccountRecord]] = {}
    for account in found:
        provider = page.platform.provider(account.institution) if account.institution else None
        where = provider.name if provider else "经办机构" if account.area else "平台"
        places.setdefault(where, []).append(account)
    return list(places.items())


@page("web.sign_in_voucher")
async def sign_in_voucher(page: Page) -> HttpResponse:
    """A member shows the e-voucher: in a demonstration the token itself, which in service only the national application knows."""
    if not page.platform.settings.demo:
        return await page.no(
            404,
            "没有这个页面",
            "本平台不用凭证码登录。请从登录页选择统一身份认证，或者向参保地经办机构咨询。",
        )
    form = VoucherForm(page.request.POST or None)
    if page.request.method != "POST" or not form.is_valid():
        return await _ask_voucher(page, form, 200 if page.request.method != "POST" else 422)
    if (refused := await closed(page)) is not None:
        return refused
    guess = guess_of(page.platform.vault, form.cleaned_data["voucher"])
    found = await _by_voucher(page, form.cleaned_data["voucher"], guess)
    if isinstance(found, Failed):
        form.add_error("voucher", found.text)
        return await _ask_voucher(page, form, TRY_LATER if found.limited else 422)
    return await begin(page, found, "voucher", guess=guess)


async def _by_voucher(page: Page, token: str, guess: bytes) -> AccountRecord | Failed:
    address = address_of(page.request)
    async with page.connection() as conn:
        limited = await counted(conn, "tried", guess, page.at, address)
        if limited is not None:
            return limited
        person = await by_voucher(conn, page.platform.vault, token, page.at)
        account = await account_of_member(conn, person, page.at) if person is not None else None
        if account is None or not account.active:
            await record(conn, "failed", page.at, guess=guess, address=address, detail="voucher")
            return WRONG_VOUCHER
    return account


async def _ask_voucher(page: Page, form: VoucherForm, status: int) -> HttpResponse:
    shown = {"form": form, "next": wanted(page.request), "vouchers": VOUCHERS}
    return await page.show("web/sign_in_voucher.html", shown, status)


@page("web.sign_out")
async def sign_out(page: Page) -> HttpResponse:
    """Ends the session; a page that merely asks for it (GET) asks back."""
    if page.request.method != "POST" or page.session is None:
        return await page.show("web/sign_out.html")
    async with page.connection() as conn:
        await sessions.end(conn, page.session, page.at)
    return forget(HttpResponseRedirect(url("web.sign_in")))


async def closed(page: Page) -> HttpResponse | None:
    """A server that only reads signs nobody in: it could not write that down."""
    if not page.platform.settings.read_only:
        return None
    return await page.no(503, "系统维护", "系统正在维护，暂时只供查询，不能登录。请稍后再试。")
