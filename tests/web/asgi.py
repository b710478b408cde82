"""The web on a module's database, asked without a network: one Django a process, so it is turned to the database at hand."""

import secrets
from typing import Any

import httpx
import msgspec
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from gongji.access import sessions
from gongji.access.records import AccountRecord
from gongji.access.selectors import by_name, by_number, of_person
from gongji.base.sqlfiles import sql
from gongji.gateway.platform import Platform
from gongji.project.dbtools import configure, databases
from gongji.project.web import Web

HOST = "http://127.0.0.1"
ADD = sql("gongji.access", "account_add")
GRANT = sql("gongji.access", "grant_add")


def _turn(url: str) -> None:
    from django.db import connections

    connections.close_all()
    connections.settings["default"].update(databases(url)["default"])


async def web_on(url: str) -> Web:
    """Django on the database ``url``; later tests find the environment as it was."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("DATABASE_URL", url), ("GONGJI_SERVE_DSN", url), ("GONGJI_HTTPS", "0")):
            patch.setenv(name, value)
        configure()
        await sync_to_async(_turn)(url)
        return Web(url)


class Browser(httpx.AsyncClient):
    """A client with cookies that carries the CSRF token of the last page in what it posts."""

    def __init__(self, web: Web, platform: Platform) -> None:
        self.platform = platform

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await web(scope, receive, send, platform)

        super().__init__(transport=httpx.ASGITransport(app=app), base_url=HOST)

    async def send_form(self, address: str, fields: dict[str, Any], **more: Any) -> httpx.Response:
        """POST of a form, as a page's own button sends it."""
        if settings.CSRF_COOKIE_NAME not in self.cookies:
            await self.get("/styleguide")  # a page that everybody may see, signed in or not
        token = self.cookies.get(settings.CSRF_COOKIE_NAME, "")
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
) -> AccountRecord:
    """An account with these roles, signed in in this browser without going through the sign-in page; answers the account."""
    username = f"t-{'-'.join(sorted(roles))}-{psn_no or institution or area}"[:64].lower()
    platform = browser.platform
    token = secrets.token_urlsafe(32)
    async with platform.pool.acquire() as conn:
        account = await (of_person(conn, psn_no) if psn_no else by_name(conn, username))
        if account is None:
            bound = (psn_no, institution, staff_code, area)
            number = await conn.fetchval(ADD, username, name, *bound, platform.now(), "", False)
            for role in roles:
                await conn.fetchval(GRANT, number, role)
            account = await by_number(conn, number)
            assert account is not None
        # a second factor that nobody set up is not asked for here: the session is made as if it had been given
        account = msgspec.structs.replace(account, totp_sealed=account.totp_sealed or b"set up")
        await sessions.start(
            conn, account, token, platform.now(), address="127.0.0.1", agent="test", factor=True
        )
    browser.cookies.set(settings.SESSION_COOKIE_NAME, token, domain=HOST.rpartition("/")[2])
    return account


__all__ = ["Browser", "sign_in_as", "web_on"]
