"""What holds for every answer of the web: headers that keep a browser in check, and a page in words for what went wrong."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from gongji.gateway import journal
from gongji.gateway.platform import LOST_DATABASE
from gongji.web.errors import TEXTS, error_page

__all__ = ["HEADERS", "guarded", "headers", "kept", "pages"]

ANSWERED: Final = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)
"""What Django has an answer for."""
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self';"
        " manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


def kept() -> dict[str, str]:
    """``HEADERS``; in service also the word to come back by TLS only."""
    if not settings.SECURE_HSTS_SECONDS:
        return HEADERS
    forced = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return HEADERS | {"Strict-Transport-Security": forced}


def guarded(answer: HttpResponse) -> HttpResponse:
    """The answer with the headers of all, unless it has stricter ones of its own."""
    for name, value in kept().items():
        answer.headers.setdefault(name, value)
    return answer


class headers:  # noqa: N801 - a middleware is named like a function
    """``guarded`` for every answer of Django's."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> None:
        from asgiref.sync import markcoroutinefunction

        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        return guarded(await self.get_response(request))


class pages:  # noqa: N801 - the same
    """Words where Django sends none: an answer without a body, a database that is not there. A part of a page that fails shows
    the whole page that says so.
    """

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> None:
        from asgiref.sync import markcoroutinefunction

        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = await self.get_response(request)
        if answer.status_code in TEXTS and not answer.streaming and not answer.content:
            said = error_page(request, answer.status_code)
            if answer.has_header("Allow"):
                said["Allow"] = answer["Allow"]
            answer = said
        if (
            answer.status_code in TEXTS
            and request.headers.get("HX-Request") == "true"
            and answer.content.lstrip().startswith(b"<!doctype")
        ):
            answer["HX-Retarget"] = answer["HX-Reselect"] = "#main"
            answer["HX-Reswap"] = "outerHTML"
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a database that does not answer, or for a bug: then with the number under which the log has it."""
        if isinstance(exception, LOST_DATABASE):
            return error_page(request, 503)
        if settings.DEBUG or isinstance(exception, ANSWERED):
            return None
        number, match = secrets.token_hex(4).upper(), request.resolver_match
        operation = match.view_name if match is not None else ""
        journal.log().error("page failed", operation=operation, number=number, **journal.anatomy(exception))
        return error_page(request, 500, number=number)
