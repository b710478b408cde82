"""What holds for every answer of the web: headers that keep a browser in check, and a page in words for what went wrong."""

from collections.abc import Awaitable, Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from gongji.gateway.platform import LOST_DATABASE
from gongji.web.errors import TEXTS, error_page

__all__ = ["HEADERS", "headers", "pages"]

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self';"
        " manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class headers:  # noqa: N801 - a middleware is named like a function
    """Adds ``HEADERS`` to every answer."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> None:
        from asgiref.sync import markcoroutinefunction

        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = await self.get_response(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer


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
        """The page for a database that does not answer; anything else is a bug and goes on."""
        if isinstance(exception, LOST_DATABASE):
            return error_page(request, 503)
        return None
