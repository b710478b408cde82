"""The web on a module's database, asked without a network: one Django a process, so it is turned to the database at hand."""

from datetime import UTC, datetime
from typing import Any

import httpx
from asgiref.sync import sync_to_async

from gongji.gateway.platform import Platform
from gongji.project.dbtools import configure, databases
from gongji.project.web import Web

HOST = "http://127.0.0.1"


def _turn(url: str) -> None:
    from django.db import connections

    connections.close_all()
    connections.settings["default"].update(databases(url)["default"])


async def web_on(url: str) -> Web:
    """Django on the database ``url``."""
    from django.apps import apps

    if not apps.ready:
        import os

        os.environ["DATABASE_URL"] = url
        os.environ["GONGJI_HTTPS"] = "0"
        configure()
    await sync_to_async(_turn)(url)
    return Web("")


class Browser(httpx.AsyncClient):
    """A client with cookies that carries the CSRF token of the last page in what it posts."""

    def __init__(self, web: Web, platform: Platform) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await web(scope, receive, send, platform)

        super().__init__(transport=httpx.ASGITransport(app=app), base_url=HOST)

    async def send_form(self, address: str, fields: dict[str, Any], **more: Any) -> httpx.Response:
        """POST of a form, as a page's own button sends it."""
        if "gongji_csrf" not in self.cookies:
            await self.get("/signin")
        token = self.cookies.get("gongji_csrf", "")
        headers = {"X-CSRFToken": token, "Referer": HOST + "/", **more.pop("headers", {})}
        return await self.post(address, data=fields, headers=headers, **more)


async def sign_in_as(
    browser: Browser,
    *roles: str,
    psn_no: str = "",
    institution: str = "",
    staff_code: str = "",
    area: str = "",
    name: str = "测试用户",
) -> Any:
    """An account with these roles, signed in in this browser without going through the sign-in page; answers the account."""
    from gongji.access.models import Account, Grant
    from gongji.access.sessions import SessionStore
    from gongji.access.signedin import ACCOUNT, GENERATION

    username = f"t-{'-'.join(sorted(roles))}-{psn_no or institution or area}"[:64]
    account = await Account.objects.filter(username=username).afirst()
    if account is None:
        account = await Account.objects.acreate(
            username=username, name=name, psn_no=psn_no, institution=institution, staff_code=staff_code, area=area,
            created_at=datetime.now(UTC), password="!",
        )  # fmt: skip
        for role in roles:
            await Grant.objects.acreate(account=account, role=role)
    session = SessionStore()
    await session.aset(ACCOUNT, account.pk)
    await session.aset(GENERATION, account.generation)
    await session.acreate()
    browser.cookies.set("gongji_session", str(session.session_key))
    return account


__all__ = ["Browser", "sign_in_as", "web_on"]
