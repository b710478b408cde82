"""``python -m tests.web.screenshots``: every main screen at both widths as a picture for the docs, and checked while it is there.

Without ``--url`` a server of its own is started on a fresh database with the demonstration's past. ``--only`` takes a pattern of
names, ``--out`` another folder, ``--png`` full pictures to look at. The end is 1 when a check of any screen has failed.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.async_api import Error, Page

from gongji.project.embedded import temporary_server
from tests.databases import FAST, run_migrations
from tests.web.chromium import DESK, HEIGHTS, MISSING, PHONE, Chrome, executable, opened
from tests.web.looking import access_faults, empty_parts, foreign_words, overflow
from tests.web.screens import SCREENS, Screen
from tests.web.serving import Served, serving

OUT = Path(__file__).parents[2] / "docs" / "screens"
TALLEST = 2400
QUALITY = 60


async def shoot(chrome: Chrome, screen: Screen, width: int, out: Path, png: bool) -> list[str]:
    """Open, follow, check, and write the picture; what is wrong with the screen."""
    tab = await chrome.tab(screen.who, width=width)
    try:
        answer = await tab.goto(screen.path)
        status = answer.status if answer else 0
        for selector, text in screen.fill:
            await tab.fill(selector, text)
        for selector in screen.clicks:
            async with tab.expect_navigation() as after:
                await tab.locator(selector).first.click()
            status = (await (await after.value).request.response()).status  # type: ignore[union-attr]
        faults = [] if status == screen.status else [f"answered {status} instead of {screen.status}"]
        faults += await _checked(tab, screen)
        await _picture(tab, width, out / f"{screen.name}-{width}", png)
    except Error as error:
        faults = [f"{tab.url}: {error.message.splitlines()[0]}"]
    finally:
        await tab.context.close()
    faults += chrome.faults
    chrome.faults.clear()
    return faults


async def _checked(tab: Page, screen: Screen) -> list[str]:
    faults = [f"overflows: {each}" for each in await overflow(tab)]
    if not screen.code:
        faults += [f"foreign word: {each}" for each in await foreign_words(tab)]
    if not screen.empty:
        faults += [f"empty: {each}" for each in await empty_parts(tab)]
    return faults + [f"access: {each}" for each in await access_faults(tab)]


async def _picture(tab: Page, width: int, path: Path, png: bool) -> None:
    """The page down to its end or ``TALLEST``; what is fixed stands where the last screen has it."""
    tall: int = await tab.evaluate("document.documentElement.scrollHeight")
    await tab.set_viewport_size({"width": width, "height": max(HEIGHTS[width], min(tall, TALLEST))})
    await tab.evaluate("scrollTo(0, 0)")
    shot = await tab.screenshot()
    if png:
        path.with_suffix(".png").write_bytes(shot)
    else:
        Image.open(io.BytesIO(shot)).convert("RGB").save(path.with_suffix(".webp"), quality=QUALITY, method=6)


async def run(served: Served, program: str, screens: list[Screen], out: Path, png: bool) -> int:
    """All of them, one after the other; how many have faults."""
    wrong = 0
    async with opened(served, program) as chrome:
        for screen in screens:
            for width in (PHONE, DESK):
                faults = await shoot(chrome, screen, width, out, png)
                wrong += bool(faults)
                print(f"{'✕' if faults else '✓'} {screen.name} {width}", *faults, sep="\n    ", flush=True)
    return wrong


@contextmanager
def somewhere(url: str, dsn: str) -> Iterator[Served]:
    """The server named, or one of our own for as long as it takes."""
    if url:
        yield Served(url, dsn)
        return
    with tempfile.TemporaryDirectory() as name, temporary_server(Path(name) / "postgres", FAST) as server:
        run_migrations(server.dsn)
        with serving(server.dsn, Path(name)) as served:
            yield served


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.web.screenshots")
    parser.add_argument("--only", default="", help="pattern of the names")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--png", action="store_true", help="full pictures")
    parser.add_argument("--url", default="", help="a running server of the demonstration")
    parser.add_argument("--dsn", default="", help="its database")
    given = parser.parse_args()
    program = executable()
    if program is None:
        print(MISSING, file=sys.stderr)
        return 1
    screens = [screen for screen in SCREENS if re.search(given.only, screen.name)]
    given.out.mkdir(parents=True, exist_ok=True)
    with somewhere(given.url, given.dsn) as served:
        return 1 if asyncio.run(run(served, program, screens, given.out, given.png)) else 0


if __name__ == "__main__":
    sys.exit(main())
