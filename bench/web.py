"""Pages of the web on the demonstration's data: how long each main page takes, alone and with others, on a real server.

    python -m bench.web [--visits 40] [--together 8]

`gongji serve --demo` with its history on an embedded PostgreSQL (fsync on) and two worker processes. Somebody of every role
signs in through the pages; every page of the matrix that this role may open and that needs no number in its address is asked
for, first alone, then by several browsers at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from gongji.access.demonstration import PASSWORD, VOUCHERS
from gongji.access.factor import code_at, demonstration_secret
from gongji.access.matrix import OPERATIONS, permitted
from gongji.access.roles import MEMBER, ROLES
from gongji.demo_data import generate
from gongji.demo_data.accounts import accounts
from gongji.project.dbtools import configure
from gongji.project.embedded import temporary_server
from gongji.project.story.service import answers, free_port

KEYS = {"GONGJI_DATA_KEYS": f"1:{bytes(16).hex()}", "GONGJI_INDEX_KEY": bytes(32).hex()}
START_S = 90.0
REACH_MS = 200
"""What a page may take (docs/performance.md)."""


@asynccontextmanager
async def signed_in(base: str, role: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which the demonstration's account of this role has signed in through the pages."""
    async with httpx.AsyncClient(base_url=base, follow_redirects=True, timeout=30) as browser:
        if role == MEMBER:
            await _send(browser, "/signin/voucher", {"voucher": VOUCHERS[0][0]})
        else:
            account = next(account for account in accounts(generate()) if account.role == role)
            await _send(browser, "/signin", {"username": account.username, "password": PASSWORD})
            if ROLES[role].second_factor:
                code = code_at(demonstration_secret(account.username), datetime.now(UTC))
                await _send(browser, "/signin/code", {"code": code})
        yield browser


async def _send(browser: httpx.AsyncClient, address: str, fields: dict[str, str]) -> None:
    page = await browser.get(address)
    token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = await browser.post(address, data={**fields, "csrfmiddlewaretoken": token})
    if answer.status_code != httpx.codes.OK:
        raise SystemExit(f"{address}: {answer.status_code}")


def pages_of(role: str) -> list[str]:
    """Addresses of the pages that the role may open and that are about no single thing."""
    from django.urls import NoReverseMatch, reverse

    found = []
    for code, operation in OPERATIONS.items():
        part = code.partition(".")[0]
        if operation.changes or part == "web" or not permitted(frozenset({role}), code):
            continue
        try:
            found.append(reverse(code))
        except NoReverseMatch:
            continue
    return found


async def _times(browser: httpx.AsyncClient, address: str, visits: int, together: int) -> list[float]:
    """Milliseconds of each of ``visits`` visits, ``together`` at a time; nothing when the page is no page for this visitor now."""
    taken: list[float] = []
    if (await browser.get(address)).status_code != httpx.codes.OK:
        return taken
    numbers = iter(range(visits))

    async def visit() -> None:
        for _ in numbers:
            begun = time.perf_counter()
            answer = await browser.get(address)
            if answer.status_code != httpx.codes.OK:
                raise SystemExit(f"{address}: {answer.status_code}")
            taken.append((time.perf_counter() - begun) * 1000)

    await asyncio.gather(*(visit() for _ in range(together)))
    return taken


async def measured(base: str, visits: int, together: int) -> dict[str, tuple[float, float, float]]:
    """By page: median alone, the slowest of twenty alone (95 %), median with others; milliseconds."""
    figures: dict[str, tuple[float, float, float]] = {}
    for role in ROLES:
        async with signed_in(base, role) as browser:
            for address in pages_of(role):
                if address in figures:
                    continue
                alone = await _times(browser, address, visits, 1)
                if not alone:
                    continue
                busy = await _times(browser, address, visits, together)
                late = statistics.quantiles(alone, n=20)[-1]
                figures[address] = (statistics.median(alone), late, statistics.median(busy))
    return figures


def main() -> None:
    """Print the pages, slowest first, and the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=40)
    parser.add_argument("--together", type=int, default=8)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongji-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  the server's own account has to reach its folder
        with temporary_server(Path(folder) / "data", {"fsync": "on"}) as server:
            os.environ |= {"DATABASE_URL": server.dsn, "GONGJI_HTTPS": "0", **KEYS}
            configure()
            port = free_port()
            command = [
                sys.executable,
                "-m",
                "gongji",
                "serve",
                "--demo",
                "--port",
                str(port),
                "--workers",
                "2",
            ]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            base, until = f"http://127.0.0.1:{port}", time.monotonic() + START_S
            try:
                while not answers(base, "/ready"):
                    if process.poll() is not None or time.monotonic() > until:
                        raise SystemExit("the server did not start")
                    time.sleep(0.1)
                figures = asyncio.run(measured(base, arguments.visits, arguments.together))
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()
    _print(figures, arguments.together)


def _print(figures: dict[str, tuple[float, float, float]], together: int) -> None:
    for address, (median, late, busy) in sorted(figures.items(), key=lambda item: -item[1][0]):
        print(f"{median:7.1f} ms  {late:7.1f} ms of 95 %  {busy:7.1f} ms with {together}  {address}")
    slow = [address for address, (_, late, _) in figures.items() if late > REACH_MS]
    summary = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "pages": len(figures),
        "median_ms": round(statistics.median(median for median, _, _ in figures.values()), 1),
        "slowest_median_ms": round(max(median for median, _, _ in figures.values()), 1),
        "slowest_p95_ms": round(max(late for _, late, _ in figures.values()), 1),
        "slowest_with_others_ms": round(max(busy for _, _, busy in figures.values()), 1),
        f"over_{REACH_MS}_ms": slow,
    }
    print(json.dumps(summary, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
