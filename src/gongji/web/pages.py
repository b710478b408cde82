"""A page: a view behind the matrix. Who may not is refused before the view runs; whose data is shown is recorded before it is.

``page("portal.home")`` makes a view of ``async def home(page: Page, …) -> HttpResponse``. ``Page`` is all that a view works with:
who visits, the platform of this worker, the time, and the three ways to the rooms: a connection, a trade, a record of a look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from gongji.access import OPERATIONS, Operation, Visitor, permitted
from gongji.access.records import Session
from gongji.access.signedin import signed_in
from gongji.base.times import day_in_china
from gongji.gateway import inside
from gongji.gateway.platform import Platform
from gongji.members.access import Access
from gongji.web.errors import TEXTS

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

__all__ = ["Page", "operation_of", "page", "url"]

P = ParamSpec("P")
View = Callable[Concatenate["Page", P], Awaitable[HttpResponse]]
Guarded = Callable[Concatenate[HttpRequest, P], Coroutine[Any, Any, HttpResponse]]
METHODS = ("GET", "HEAD", "POST")
LARGEST = 2**63 - 1
"""Of numbers in addresses: what the database can hold."""
PLATFORM = "gongji.platform"
"""Where the application puts the worker's platform into an ASGI scope."""


@dataclass(frozen=True, slots=True)
class Page:
    """One request for one operation. ``who`` is None on public pages only; ``session`` may be one on its way to a sign-in."""

    request: HttpRequest
    operation: Operation
    platform: Platform
    at: datetime
    who: Visitor | None
    session: Session | None = None

    @property
    def visitor(self) -> Visitor:
        """Who visits. Raises RuntimeError on a public page that did not ask whether somebody is there."""
        if self.who is None:
            raise RuntimeError(f"{self.operation.code} is public")
        return self.who

    @property
    def today(self) -> date:
        return day_in_china(self.at)

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a part of the page."""
        return self.request.headers.get("HX-Request") == "true"

    def connection(self) -> AbstractAsyncContextManager[Any]:
        """A connection of the worker's pool. Not to be held while ``trade`` or ``look`` run: they take their own."""
        return self.platform.pool.acquire()

    async def look(self, psn_no: str, fields: tuple[str, ...], why: str = "") -> None:
        """Record, durably and before anything is shown, that the visitor sees ``fields`` of the person."""
        purpose = f"{self.operation.code}{' ' if why else ''}{why}"
        await self.platform.accesses.record(
            Access(psn_no, self.platform.ids.next(), self.at, self.visitor.actor, purpose, fields)
        )

    async def trade(
        self, infno: str, nodes: dict[str, Any], msgid: str, *, insured_region: str = ""
    ) -> inside.Done | inside.Refused:
        """A trade of the national interface by the visitor's institution under the number ``msgid`` (which a form carries, so
        that a form sent twice takes effect once).
        """
        who = self.visitor
        operator = inside.Operator(who.institution, who.staff_code or who.username, who.name, insured_region)
        return await inside.trade(self.platform, operator, infno, nodes, msgid)

    def msgid(self) -> str:
        """A new number for a trade: 30 characters at most, unique on the platform."""
        return f"W{self.platform.ids.next()}"

    async def show(
        self, template: str, context: Mapping[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        """The template with the context, beside the event loop; ``page`` and ``visitor`` are in every context."""
        full = {"page": self, "visitor": self.who, "operation": self.operation, **(context or {})}
        text = await asyncio.to_thread(render_to_string, template, full, self.request)
        return HttpResponse(text, status=status)

    async def no(self, status: int, title: str, text: str) -> HttpResponse:
        """A page that says why not, and what to do."""
        return await self.show("web/refused.html", {"title": title, "text": text}, status)


def page(code: str) -> Callable[[View[P]], Guarded[P]]:
    """Put a view behind the row ``code`` of the matrix. Raises KeyError when there is no such row: nothing is open by omission."""
    operation = OPERATIONS[code]

    def decorate(view: View[P]) -> Guarded[P]:
        async def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            platform: Platform = request.scope[PLATFORM]  # type: ignore[attr-defined]
            shown = await _page(request, operation, platform)
            who = shown.who
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            if _unreadable(request):
                return await shown.no(400, *TEXTS[400])
            if operation.scope == "public":
                return await view(shown, *args, **kwargs)
            if who is None:
                return _to_sign_in(request, shown.session)
            if not permitted(who.roles, code):
                return await shown.no(
                    403, "没有权限", f"「{operation.name}」不在您的角色（{who.role_names}）的权限内。"
                )
            if operation.scope == "own institution" and _has_left(shown, who):
                return await shown.no(
                    403,
                    "人员登记已经终止",
                    "您在本机构的人员登记今日无效，不能办理业务。请联系本机构的管理员。",
                )
            if any(isinstance(part, int) and part > LARGEST for part in kwargs.values()):
                return await shown.no(404, "没有找到", "地址中的编号不存在。请从列表中选择。")
            return await view(shown, *args, **kwargs)

        update_wrapper(guarded, view).operation = operation  # type: ignore[attr-defined]
        return guarded

    return decorate


def _unreadable(request: HttpRequest) -> bool:
    """Whether a NUL came along, which nobody types and no text of the database can hold."""
    given = (*request.GET.lists(), *request.POST.lists())
    return any("\0" in text for name, texts in given for text in (name, *texts))


def _has_left(page: Page, who: Visitor) -> bool:
    """Whether somebody whom the institution's register of staff named is in it no more today."""
    return (
        bool(who.staff_code)
        and page.platform.providers.staff(who.institution, who.staff_code, page.today) is None
    )


def operation_of(view: Any) -> Operation | None:
    """The row of the matrix that a view stands behind; None for one that stands behind none."""
    found = getattr(view, "operation", None)
    return found if isinstance(found, Operation) else None


def url(code: str, *args: object) -> str:
    """The address of an operation."""
    return reverse(code, args=args)


async def _page(request: HttpRequest, operation: Operation, platform: Platform) -> Page:
    """Who asks for what, now. A part that a page fetches by itself (``X-Poll``) does not keep a session from falling idle."""
    at = platform.now()
    token = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    use = not platform.settings.read_only and "X-Poll" not in request.headers
    session = await signed_in(platform.pool.acquire, token, at, use=use)
    who = session.account.visitor if session is not None and session.complete else None
    return Page(request, operation, platform, at, who, session)


STEPS = {
    "": "web.sign_in",
    "code": "web.sign_in_code",
    "factor": "web.sign_in_factor",
    "password": "web.sign_in_password",
}
"""Where a sign-in goes on."""


def _to_sign_in(request: HttpRequest, session: Session | None) -> HttpResponse:
    """To the sign-in or its next step, and back afterwards; a part of a page sends the whole page there."""
    step = reverse(STEPS[session.need if session is not None else ""])
    address = f"{step}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
