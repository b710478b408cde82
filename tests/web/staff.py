"""The demonstration's accounts in a module's database, and signing in as one of them through the pages."""

import re
from datetime import UTC, datetime

import asyncpg
import httpx

from gongji.access import factor
from gongji.access.demonstration import PASSWORD, make
from gongji.demo_data import generate
from gongji.demo_data.accounts import accounts
from tests.vaults import VAULT
from tests.web.asgi import Browser

__all__ = ["code_of", "demo_accounts", "sign_in", "text_of"]


async def demo_accounts(url: str) -> None:
    """Make the accounts that ``gongji serve --demo`` makes; a second time nothing happens."""
    connection = await asyncpg.connect(url)
    await make(connection, VAULT, accounts(generate()), datetime(2024, 1, 1, tzinfo=UTC))
    await connection.close()


def code_of(browser: Browser, username: str) -> str:
    """What the account's authenticator shows now."""
    return factor.code_at(factor.demonstration_secret(username), browser.platform.now())


async def sign_in(browser: Browser, username: str, password: str = PASSWORD) -> httpx.Response:
    """Name and password, and the code where one is asked for; answers the last response."""
    answer = await browser.send_form("/signin", {"username": username, "password": password})
    if answer.headers.get("location", "").startswith("/signin/code"):
        return await browser.send_form("/signin/code", {"code": code_of(browser, username)})
    return answer


def text_of(answer: httpx.Response) -> str:
    """The words of a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
