"""A caller of the interface inside the test's process: builds messages, posts them to the ASGI application."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from gongji.gateway.app import Gateway
from gongji.gateway.signature import NAMES, sign
from tests.gateway import world

GENERIC = "/fsi/api/rsfComIfsService/callService"
_numbers = count(1)


def fresh(prefix: str = "M") -> str:
    """A number that no other message of this run has."""
    return f"{prefix}{next(_numbers):012d}"


def envelope(
    infno: str, nodes: Any, *, caller: str = world.HOSPITAL, msgid: str | None = None, **head: Any
) -> dict[str, Any]:
    """A message as a hospital's software sends it."""
    return {
        "infno": infno,
        "msgid": msgid or fresh(),
        "mdtrtarea_admvs": world.REGION,
        "insuplc_admdvs": world.REGION,
        "recer_sys_code": "GONGJI",
        "dev_no": "",
        "dev_safe_info": "null",
        "cainfo": "",
        "signtype": "",
        "infver": "V1.0",
        "opter_type": "1",
        "opter": "0001",
        "opter_name": "测试收费员",
        "inf_time": "2026-01-01 10:00:00",
        "fixmedins_code": caller,
        "fixmedins_name": "测试机构",
        "sign_no": "",
        "input": nodes,
        **head,
    }


def signed(
    code: str, at: datetime, *, secret: str | None = None, key: str | None = None, name: str = "x"
) -> dict[str, str]:
    """Headers of the ``_api_*`` scheme of an institution."""
    values = {
        "_api_access_key": key or f"key-{code}",
        "_api_name": name,
        "_api_timestamp": str(int(at.timestamp() * 1000)),
        "_api_version": "1.0.0",
    }
    assert set(values) == set(NAMES)
    return {**values, "_api_signature": sign(values, secret or world.secret_of(code))}


class Caller:
    """Posts messages and reads answers."""

    def __init__(self, app: Gateway) -> None:
        self.app = app
        self.status = 0
        self.headers: dict[str, str] = {}

    async def raw(
        self,
        body: bytes,
        *,
        path: str = GENERIC,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The bytes that the application answers to ``body``."""
        sent: list[Any] = []
        chunks = [body[i : i + 65_536] for i in range(0, len(body), 65_536)] or [b""]

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        }
        await self.app(scope, receive, send)
        self.status = sent[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return b"".join(message.get("body", b"") for message in sent[1:])

    async def send(self, message: Mapping[str, Any], **options: Any) -> dict[str, Any]:
        """The answer to one message."""
        answer: dict[str, Any] = json.loads(
            await self.raw(json.dumps(message, ensure_ascii=False).encode(), **options)
        )
        return answer

    async def call(self, infno: str, nodes: Any, **options: Any) -> dict[str, Any]:
        """The whole answer of one trade."""
        return await self.send(envelope(infno, nodes, **options))

    async def output(self, infno: str, nodes: Any, **options: Any) -> Any:
        """The output of a trade that must succeed."""
        answer = await self.call(infno, nodes, **options)
        assert answer["infcode"] == 0, answer["err_msg"]
        return answer["output"]

    async def refused(self, infno: str, nodes: Any, **options: Any) -> str:
        """The err_msg of a trade that must fail."""
        answer = await self.call(infno, nodes, **options)
        assert answer["infcode"] == -1, answer
        assert answer["output"] is None
        return str(answer["err_msg"])
