"""``python -m tests.web.screenshots``: every main screen at both widths as a picture for the docs, and checked while it is there.

Without ``--url`` a server of its own is started on a fresh database with the demonstration's past. ``--only`` takes a pattern of
names, ``--width`` one of the widths, ``--out`` another folder, ``--png`` full pictures to look at. A complete run writes the
folder's page as well. The end is 1 when a check of any screen has failed.
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
from tests.web.chromium import DESK, HEIGHTS, MISSING, PHONE, executable, opened
from tests.web.gallery import README, page_of
from tests.web.screens import SCREENS, Screen
from tests.web.serving import Served, serving
from tests.web.walking import faults_of, walk

OUT = README.parent
WIDTHS = (PHONE, DESK)
TALLEST = {PHONE: 1400, DESK: 1000}
KEPT = {PHONE: 390, DESK: 1152}
"""How wide the pictures are kept: all of them have to fit into a few megabytes."""
QUALITY = 28


async def shoot(tab: Page, screen: Screen, width: int, out: Path, png: bool) -> list[str]:
    """Walk to the screen, check it, and write the picture; what is wrong with it."""
    try:
        status = await walk(tab, screen)
        faults = await faults_of(tab, screen, status)
        await _picture(tab, width, out / f"{screen.name}-{width}", png)
    except Error as error:
        faults = [f"{tab.url}: {error.message.splitlines()[0]}"]
    return faults


async def _picture(tab: Page, width: int, path: Path, png: bool) -> None:
    """The page down to its end or ``TALLEST``; what is fixed stands where the last screen has it."""
    tall: int = await tab.evaluate("document.documentElement.scrollHeight")
    await tab.set_viewport_size({"width": width, "height": max(HEIGHTS[width], min(tall, TALLEST[width]))})
    await tab.evaluate("scrollTo(0, 0)")
    shot = await tab.screenshot(caret="initial")
    await tab.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    if png:
        path.with_suffix(".png").write_bytes(shot)
    else:
        picture = Image.open(io.BytesIO(shot)).convert("RGB")
        picture = picture.resize((KEPT[width], picture.height * KEPT[width] // width))
        picture.save(path.with_suffix(".webp"), quality=QUALITY, method=6)


async def run(
    served: Served, program: str, screens: list[Screen], widths: tuple[int, ...], out: Path, png: bool
) -> int:
    """All of them, one after the other, a window for each visitor; how many have faults."""
    wrong = 0
    async with opened(served, program) as chrome:
        tabs: dict[tuple[str, int], Page] = {}
        for screen in screens:
            for width in widths:
                if (screen.who, width) not in tabs:
                    tabs[screen.who, width] = await chrome.tab(screen.who, width=width)
                faults = await shoot(tabs[screen.who, width], screen, width, out, png) + chrome.faults
                chrome.faults.clear()
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


def clear(out: Path) -> None:
    """Pictures of an earlier run, some of screens that are no more."""
    for old in out.glob("*.webp"):
        old.unlink()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.web.screenshots")
    parser.add_argument("--only", default="", help="pattern of the names")
    parser.add_argument("--width", type=int, choices=WIDTHS, help="one width instead of both")
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
    widths = (given.width,) if given.width else WIDTHS
    given.out.mkdir(parents=True, exist_ok=True)
    with somewhere(given.url, given.dsn) as served:
        if given.out == OUT and screens == list(SCREENS) and widths == WIDTHS:
            clear(OUT)
            README.write_text(page_of(SCREENS), encoding="utf-8")
        return 1 if asyncio.run(run(served, program, screens, widths, given.out, given.png)) else 0


if __name__ == "__main__":
    sys.exit(main())
