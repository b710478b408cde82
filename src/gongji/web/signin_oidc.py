"""Members signing in by an identity provider: away to it, and back with a person that the members' register knows."""

from secrets import compare_digest
from typing import Final

import msgspec
from django.conf import settings
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect

from gongji.access.events import record
from gongji.access.members import account_of_member, by_certificate
from gongji.access.records import AccountRecord
from gongji.web import oidc
from gongji.web.oidc import Departure, OidcFailed
from gongji.web.pages import Page, page, url
from gongji.web.signin import closed
from gongji.web.visits import address_of, begin, wanted

__all__ = ["sign_in_oidc", "sign_in_oidc_back"]

SALT: Final = "gongji.oidc"
UNDER_WAY_S: Final = 600
BAD_GATEWAY: Final = 502


@page("web.sign_in_oidc")
async def sign_in_oidc(page: Page) -> HttpResponse:
    """Away to the provider."""
    asked = oidc.provider()
    if asked is None:
        return await page.no(404, "没有这个页面", "本平台没有开通统一身份认证登录。")
    if (refused := await closed(page)) is not None:
        return refused
    try:
        address, leaving = await oidc.depart(asked, _back(page), page.at, wanted(page.request))
    except OidcFailed:
        return await page.no(BAD_GATEWAY, "暂时不能登录", f"连不上「{asked.name}」，请过几分钟再试。")
    answer = HttpResponseRedirect(address)
    answer.set_cookie(
        _cookie(),
        signing.dumps(msgspec.to_builtins(leaving), salt=SALT),
        max_age=UNDER_WAY_S,
        path=url("web.sign_in_oidc"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


@page("web.sign_in_oidc_back")
async def sign_in_oidc_back(page: Page) -> HttpResponse:
    """Back from the provider; what the browser brings must be what it was sent away with, and is good once."""
    asked = oidc.provider()
    if asked is None:
        return await page.no(404, "没有这个页面", "本平台没有开通统一身份认证登录。")
    leaving = _brought(page)
    if leaving is None:
        return _once(await _refused(page, "state", "这次登录已经过期，或者不是从本页面发起的。"))
    code = page.request.GET.get("code", "")
    if not code:
        return _once(await _refused(page, "declined", f"在「{asked.name}」没有完成登录。"))
    try:
        value = await oidc.person_claim(asked, leaving, code, _back(page), page.at)
    except OidcFailed as failed:
        return _once(await _refused(page, failed.reason, f"「{asked.name}」的答复不能采信。"))
    account = await _account(page, value)
    if account is None or not account.active:
        return _once(
            await _refused(page, "person", "没有找到可以登录的参保人。请向参保地经办机构核对参保登记。")
        )
    return _once(await begin(page, account, "oidc", where=leaving.next))


def _cookie() -> str:
    """Name of the cookie of a sign-in under way; over TLS one that a browser takes in no other way."""
    return "__Secure-gongji_oidc" if settings.SESSION_COOKIE_SECURE else "gongji_oidc"


def _back(page: Page) -> str:
    return page.request.build_absolute_uri(url("web.sign_in_oidc_back"))


def _brought(page: Page) -> Departure | None:
    """What the browser was sent away with, if it is ours, not old, and of this sign-in."""
    try:
        kept = signing.loads(page.request.COOKIES.get(_cookie(), ""), salt=SALT, max_age=UNDER_WAY_S)
        leaving = msgspec.convert(kept, Departure)
    except (signing.BadSignature, msgspec.ValidationError):
        return None
    return (
        leaving
        if compare_digest(leaving.state.encode(), page.request.GET.get("state", "").encode())
        else None
    )


async def _account(page: Page, cert_no: str) -> AccountRecord | None:
    async with page.connection() as conn:
        person = await by_certificate(conn, page.platform.vault, cert_no, page.at)
        return await account_of_member(conn, person, page.at) if person is not None else None


async def _refused(page: Page, reason: str, text: str) -> HttpResponse:
    async with page.connection() as conn:
        await record(conn, "failed", page.at, address=address_of(page.request), detail=f"oidc {reason}")
    return await page.no(403, "没有登录", f"{text} 请回到登录页再试一次。")


def _once(answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(_cookie(), path=url("web.sign_in_oidc"), samesite="Lax")
    return answer
