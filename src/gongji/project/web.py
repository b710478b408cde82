"""The web inside the server's application: which addresses are its own, its assets, and Django behind them."""

from __future__ import annotations

import os
from typing import Any, Final

from gongji.gateway.app import MESSAGE_PATH, Receive, Scope, Send
from gongji.gateway.platform import Platform
from gongji.project.dbtools import configure

__all__ = ["Web"]

ASSETS: Final[list[str | tuple[str, str]]] = [("gongji.web", "static"), ("django_htmx", "static")]
PARTS: Final = ("portal", "desk", "console", "signin", "signout", "account", "law", "static")
"""First words of addresses that are the web's, whatever follows them."""
GATEWAY: Final = frozenset({"/health", "/ready", "/metrics", "/status"})


class Web:
    """Django and the assets, made once the database is known."""

    def __init__(self, dsn: str) -> None:
        os.environ.setdefault("GONGJI_SERVE_DSN", dsn)
        configure()
        from django.core.asgi import get_asgi_application
        from starlette.staticfiles import StaticFiles

        self._django: Any = get_asgi_application()
        self._assets: Any = StaticFiles(packages=ASSETS)

    @staticmethod
    def answers(scope: Scope) -> bool:
        """Whether the web answers here: its own parts, and every page asked for that is not one of the gateway's."""
        path = str(scope["path"])
        if path.split("/", 2)[1] in PARTS:
            return True
        return scope["method"] in ("GET", "HEAD") and path not in GATEWAY and not MESSAGE_PATH.fullmatch(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send, platform: Platform) -> None:
        from gongji.web.pages import PLATFORM

        path = str(scope["path"])
        if path.startswith("/static/"):
            within = dict(scope) | {"path": path.removeprefix("/static"), "root_path": ""}
            await self._assets(within, receive, send)
        else:
            await self._django({**scope, PLATFORM: platform}, receive, send)
