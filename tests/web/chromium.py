"""Tests in a real browser: the system's Chromium against a real server process. A test module asks for them by

``from tests.web.chromium import chrome, served  # noqa: F401`` (or in the folder's conftest), and for ``chrome.tab("sq-cashier")``.
"""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    async_playwright,
)

from tests.web.serving import SESSION_COOKIE, Served, serving

__all__ = ["DESK", "PHONE", "Chrome", "chrome", "executable", "opened", "served"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "no Chromium on the PATH: tests in a real browser are left out."
    " Debian, Ubuntu: apt-get install chromium fonts-noto-cjk; then run them again"
)
PHONE = 390
DESK = 1440
CHINESE: dict[str, str | float | bool] = {**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
"""The browser's own words (of a date field) in Chinese."""
HEIGHTS = {PHONE: 844, DESK: 900}


def executable() -> str | None:
    """The system's Chromium."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Chrome:
    """One browser; each tab is a visitor of its own, with a session, a size, and an ear for everything that goes wrong."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self.browser = browser
        self.served = served
        self.faults: list[str] = []

    async def tab(self, who: str = "", *, width: int = DESK, dark: bool = False, script: bool = True) -> Page:
        """A new window, signed in as ``who`` (a demonstration's user name or e-voucher; nobody by default)."""
        context = await self.browser.new_context(
            base_url=self.served.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            has_touch=width == PHONE,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        if who:
            await self.sign_in(context, who)
        page = await context.new_page()
        self._listen(page)
        return page

    async def sign_in(self, context: BrowserContext, who: str) -> None:
        """Put the cookie of a session of ``who`` into a window."""
        token = await self.served.token(who)
        await context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.served.url}])

    def _listen(self, page: Page) -> None:
        """Errors of scripts, breaches of the content policy, missing assets, requests to elsewhere: each fails the test."""

        def console(message: ConsoleMessage) -> None:
            # the status of a page is the test's business; that of an asset is heard below
            if message.type == "error" and "Failed to load resource" not in message.text:
                self.faults.append(f"{page.url}: {message.text}")

        def response(answer: Response) -> None:
            if answer.status >= 400 and answer.request.resource_type not in ("document", "xhr", "fetch"):
                self.faults.append(f"{page.url}: {answer.url} answered {answer.status}")

        def request(asked: Request) -> None:
            if not asked.url.startswith((self.served.url, "data:", "blob:", "about:")):
                self.faults.append(f"{page.url}: asks {asked.url}")

        page.on("console", console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", response)
        page.on("request", request)


@asynccontextmanager
async def opened(served: Served, program: str) -> AsyncIterator[Chrome]:
    """The browser ``program``, closed at the end."""
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=[*flags, "--disable-dev-shm-usage", "--lang=zh-CN"], env=CHINESE
        )
        try:
            yield Chrome(browser, served)
        finally:
            await browser.close()


def chromium_or_skip() -> str:
    """The program; without one the test is skipped with a word on how to get it, and in CI it fails."""
    program = executable()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return program


@pytest.fixture(scope="module")
def served(lived_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on the module's database: the demonstration with its past and an account for each role."""
    chromium_or_skip()
    directory: Path = tmp_path_factory.mktemp("served")
    with serving(lived_url, directory) as running:
        yield running


@pytest.fixture
async def chrome(served: Served) -> AsyncIterator[Chrome]:
    """A browser for one test, which fails when anything went wrong in a page behind the test's back."""
    async with opened(served, chromium_or_skip()) as browser:
        yield browser
        assert not browser.faults, "\n".join(browser.faults)
