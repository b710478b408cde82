"""The web's assets as they lie in the packages: asked for again each time by their tag, so that a new version shows at once."""

from __future__ import annotations

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles

from gongji.gateway.app import Receive, Scope, Send
from gongji.web import middleware

__all__ = ["Assets"]

PACKAGES: Final[list[str | tuple[str, str]]] = [("gongji.web", "static"), ("django_htmx", "static")]


class Assets:
    """Files below ``/static/``. What is not there is a plain 404, anything but reading a 405."""

    def __init__(self) -> None:
        self._files = StaticFiles(packages=PACKAGES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        within = dict(scope) | {"path": str(scope["path"]).removeprefix("/static"), "root_path": ""}
        answer: Any
        try:
            answer = await self._files.get_response(self._files.get_path(within), within)
        except HTTPException as no:
            answer = PlainTextResponse(no.detail, status_code=no.status_code)
        answer.headers.update(middleware.kept() | {"Cache-Control": "no-cache"})
        await answer(within, receive, send)
