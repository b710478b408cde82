"""Sessions as a browser carries them: the cookie, the address a request comes from, where to go after signing in."""

import os
import secrets
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from gongji.access import sessions
from gongji.access.events import guess_of
from gongji.access.limits import LONGEST
from gongji.access.records import AccountRecord, Session
from gongji.web.pages import STEPS, Page, url

__all__ = ["address_of", "begin", "forget", "go_on", "wanted"]

NEXT = "next"
UNKNOWN = "unknown"


def address_of(request: HttpRequest) -> str:
    """The address that a request comes from. Behind reverse proxies named in GONGJI_PROXIES it is the last one of X-Forwarded-For
    that is none of them; without the setting nobody's word is taken for it.
    """
    proxies = {part.strip() for part in os.environ.get("GONGJI_PROXIES", "").split(",") if part.strip()}
    client: tuple[str, int] | None = request.scope.get("client")  # type: ignore[attr-defined]
    peer = client[0] if client else UNKNOWN
    if peer not in proxies:
        return peer
    named = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return next((_normal(part) for part in reversed(named) if part and part not in proxies), peer)


def _normal(address: str) -> str:
    try:
        return str(ip_address(address))
    except ValueError:
        return UNKNOWN


def wanted(request: HttpRequest) -> str:
    """Where somebody wanted to go before being asked to sign in: a path of our own, else ""."""
    address = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    own = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if own else ""


async def begin(
    page: Page,
    account: AccountRecord,
    way: str,
    *,
    factor: bool = False,
    where: str | None = None,
    guess: bytes | None = None,
) -> HttpResponse:
    """A session under a new token after a step of signing in (an earlier one is worth nothing), and on to what is next."""
    token = secrets.token_urlsafe(32)
    guess = guess or guess_of(page.platform.vault, account.username)
    agent = "".join(part for part in page.request.headers.get("User-Agent", "") if part.isprintable())
    async with page.connection() as conn:
        if page.session is not None:
            changed = page.session.generation != account.generation
            await sessions.end(
                conn, page.session, page.at, "session_ended", "changed" if changed else "owner"
            )
        session = await sessions.start(
            conn, account, token, page.at,
            address=address_of(page.request), agent=agent, factor=factor, guess=guess, way=way,
        )  # fmt: skip
    rotate_token(page.request)
    answer = go_on(page, session, where)
    answer.set_cookie(
        settings.SESSION_COOKIE_NAME,
        token,
        max_age=int(LONGEST.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )
    return answer


def go_on(page: Page, session: Session, where: str | None = None) -> HttpResponse:
    """To the next step of signing in, or where the visitor wanted to go, or home."""
    where = wanted(page.request) if where is None else where
    if session.need:
        return HttpResponseRedirect(with_next(reverse(STEPS[session.need]), where))
    return HttpResponseRedirect(where or url(session.account.visitor.home))


def with_next(address: str, where: str) -> str:
    return f"{address}?{urlencode({NEXT: where})}" if where else address


def forget(answer: HttpResponse) -> HttpResponse:
    """The browser forgets the session."""
    answer.delete_cookie(settings.SESSION_COOKIE_NAME, samesite=settings.SESSION_COOKIE_SAMESITE)
    return answer
