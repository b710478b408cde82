"""The interface as a bare ASGI application: reads a body, hands it to ``dispatch``, writes the answer.

A POST to any of the known kinds of address is a message, whatever its content type: the generic
``…/fsi/api/rsfComIfsService/callService``, one address a trade ``…/fsi/api/<service>/<method>``, or ``/{prefix…}/{infno}``.
Only ``infno`` in the body decides. The prescription centre's addresses are ``/{prefix…}/fixmedins/<function>``. Beside them:
``/health``, ``/ready``, ``/metrics`` and the status page ``/status``.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

import msgspec

from gongji.gateway import metrics
from gongji.gateway.dispatch import answer
from gongji.gateway.platform import Platform
from gongji.gateway.readiness import problems

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Page = Callable[[Platform], bytes]

SEGMENT = r"/[\w~-][\w.~-]*"
MESSAGE_PATH = re.compile(
    rf"(?:{SEGMENT}){{0,8}}?(?:/fsi/api(?:{SEGMENT}){{1,4}}|/\d{{4,6}}[A-Za-z]?)/?", re.ASCII
)
CENTRE_PATH = re.compile(rf"(?:{SEGMENT}){{0,8}}?/fixmedins/(?P<function>[A-Za-z]{{1,40}})/?", re.ASCII)
JSON = b"application/json; charset=utf-8"
TEXT = b"text/plain; charset=utf-8"
FILE = b"application/octet-stream"
"""Clients write an answer of this type into a file, and read any other as a message."""

_encode = msgspec.json.Encoder().encode


class Gateway:
    """The application. ``platform`` is set while the server runs; before and after, only ``/health`` answers well."""

    def __init__(self, page: Page) -> None:
        self.platform: Platform | None = None
        self.draining = False
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"unexpected ASGI scope {scope['type']}")
        path, method = scope["path"], scope["method"]
        platform = self.platform
        if method == "POST" and MESSAGE_PATH.fullmatch(path):
            await self._answer(scope, receive, send)
        elif method == "POST" and (centre := CENTRE_PATH.fullmatch(path)):
            await self._answer(scope, receive, send, centre["function"])
        elif method in ("GET", "HEAD"):
            await self._look(path, send, platform)
        else:
            await respond(send, 404, _encode({"infcode": -1, "err_msg": f"没有这个地址（{method}）"}))

    async def _answer(self, scope: Scope, receive: Receive, send: Send, function: str = "") -> None:
        platform = self.platform
        if platform is None:
            await respond(send, 503, _encode({"infcode": -1, "err_msg": "系统正在启动，请稍后重试"}))
            return
        body = await read_body(scope, receive, platform.settings.max_body)
        answered = await answer(platform, dict(scope["headers"]), body, function)
        if answered.file_name:
            name = f"attachment; filename*=UTF-8''{quote(answered.file_name)}"
            await respond(send, 200, answered.body, FILE, ((b"content-disposition", name.encode()),))
        else:
            await respond(send, 200, answered.body)

    async def _look(self, path: str, send: Send, platform: Platform | None) -> None:
        if path == "/health":
            await respond(send, 200, b'{"status":"ok"}')
        elif path == "/ready":
            problems = await self.unready()
            await respond(
                send, 503 if problems else 200, _encode({"ready": not problems, "problems": problems})
            )
        elif path == "/metrics":
            await respond(send, 200, metrics.exposition(), metrics.CONTENT_TYPE.encode())
        elif path == "/status" and platform is not None:
            await respond(send, 200, self._page(platform), b"text/html; charset=utf-8", PAGE_HEADERS)
        else:
            await respond(send, 404, "没有这个地址".encode(), TEXT)

    async def unready(self) -> list[str]:
        """Why no message should be sent here now, in Chinese; empty when all is well."""
        platform = self.platform
        if platform is None or self.draining:
            return ["正在启动或停机"]
        return await problems(platform)


PAGE_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body; of one that is longer than ``limit`` only so much that dispatch sees that it is."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body
    parts, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        part = message.get("body", b"")
        if size <= limit:
            parts.append(part)
        size += len(part)
    return b"".join(parts)


async def respond(
    send: Send,
    status: int,
    body: bytes,
    content_type: bytes = JSON,
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> None:
    """One complete answer."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", content_type),
                (b"content-length", str(len(body)).encode()),
                (b"x-content-type-options", b"nosniff"),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
