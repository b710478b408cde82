"""The web inside the server's application: which addresses are its own, its assets, and Django behind them."""

from __future__ import annotations

import io
import os
from collections.abc import MutableMapping
from typing import Any, Final

from gongji.gateway.app import MESSAGE_PATH, Receive, Scope, Send
from gongji.gateway.platform import Platform
from gongji.project.dbtools import configure

__all__ = ["Web"]

PARTS: Final = ("portal", "desk", "console", "signin", "signout", "account", "law", "static")
"""First words of addresses that are the web's, whatever follows them."""
MAX_BODY: Final = 48 * 1024 * 1024
"""Bytes of one form with its photographs. More is read to its end and dropped (a browser that is cut off shows nothing)."""
MAX_DROPPED: Final = 8 * MAX_BODY
GATEWAY: Final = frozenset({"/health", "/ready", "/metrics", "/status"})


class Web:
    """Django and the assets, made once the database is known. Raises Unguarded for a page outside the matrix."""

    def __init__(self, dsn: str) -> None:
        os.environ.setdefault("GONGJI_SERVE_DSN", dsn)
        configure()
        from django.core.asgi import get_asgi_application

        from gongji.project.assets import Assets
        from gongji.web.addresses import refuse_unguarded

        self._django: Any = get_asgi_application()
        refuse_unguarded()
        self._assets = Assets()

    @staticmethod
    def answers(scope: Scope) -> bool:
        """Whether the web answers here: its own parts, and every page asked for that is not one of the gateway's."""
        path = str(scope["path"])
        if path.split("/", 2)[1] in PARTS:
            return True
        return scope["method"] in ("GET", "HEAD") and path not in GATEWAY and not MESSAGE_PATH.fullmatch(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send, platform: Platform) -> None:
        from gongji.web.pages import PLATFORM

        if str(scope["path"]).startswith("/static/"):
            await self._assets(scope, receive, send)
            return
        body = Bounded(receive)
        known = {**scope, PLATFORM: platform}
        await self._django(known, body.receive, send)
        if body.too_large:
            await _refuse(known, send)


class Bounded:
    """A body of which Django sees at most ``MAX_BODY`` bytes: one that is larger looks to it as if the browser had gone."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0

    @property
    def too_large(self) -> bool:
        return self._size > MAX_BODY

    async def receive(self) -> MutableMapping[str, Any]:
        """The next message; once the body is too large it is read to its end and dropped."""
        message = await self._next()
        while self.too_large:
            if not message.get("more_body") or self._size > MAX_DROPPED:
                return {"type": "http.disconnect"}
            message = await self._next()
        return message

    async def _next(self) -> MutableMapping[str, Any]:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        return message


async def _refuse(scope: dict[str, Any], send: Send) -> None:
    """The page that says so."""
    from django.core.handlers.asgi import ASGIRequest

    from gongji.web.errors import too_large
    from gongji.web.middleware import guarded

    answer = guarded(too_large(ASGIRequest(scope, io.BytesIO())))
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.items()]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})
