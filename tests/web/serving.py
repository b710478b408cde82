"""A real server process on a database of the demonstration, and sessions of its accounts made without the sign-in page."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import msgspec

from gongji.access import sessions
from gongji.access.members import account_of_member, by_voucher
from gongji.access.records import AccountRecord
from gongji.access.selectors import by_name
from gongji.base.sqlfiles import Connection
from tests.vaults import ENVIRONMENT, VAULT

__all__ = ["MEMBER", "SESSION_COOKIE", "Served", "serving"]

SESSION_COOKIE = "gongji_session"
MEMBER = "demo-voucher-000001"
"""The e-voucher of the demonstration's first member."""
START_S = 240


class Served(msgspec.Struct, frozen=True):
    """A server that answers at ``url`` on the database ``dsn``."""

    url: str
    dsn: str

    async def token(self, who: str) -> str:
        """The session cookie of an account of the demonstration: a user name, or a member's e-voucher."""
        connection = await asyncpg.connect(self.dsn)
        try:
            account = await self._account(connection, who)
            # a second factor is taken as given: tests of it go through the sign-in page
            account = msgspec.structs.replace(account, totp_sealed=account.totp_sealed or b"set up")
            token = secrets.token_urlsafe(32)
            await sessions.start(
                connection,
                account,
                token,
                datetime.now(UTC),
                address="127.0.0.1",
                agent="测试用的浏览器",
                factor=True,
            )
            return token
        finally:
            await connection.close()

    @staticmethod
    async def _account(conn: Connection, who: str) -> AccountRecord:
        now = datetime.now(UTC)
        account = await by_name(conn, who)
        if account is None:
            person = await by_voucher(conn, VAULT, who, now)
            assert person is not None, f"nobody in the demonstration is called {who!r} or has this e-voucher"
            account = await account_of_member(conn, person, now)
        return account


@contextmanager
def serving(dsn: str, directory: Path) -> Iterator[Served]:
    """``gongji serve --demo`` with one worker on a free loopback port, until the block ends; what it says goes to a file there."""
    port = free_port()
    environment = {
        **os.environ,
        **ENVIRONMENT,
        "DATABASE_URL": dsn,
        "GONGJI_SIGNATURE": "off",
        "GONGJI_HTTPS": "0",
    }
    for name in ("GONGJI_SERVE_DSN", "GONGJI_DEBUG", "PROMETHEUS_MULTIPROC_DIR"):
        environment.pop(name, None)
    log = directory / "serve.log"
    command = [sys.executable, "-m", "gongji", "serve", "--demo", "--port", str(port), "--workers", "1"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out, cwd=directory)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, log)
        yield Served(url, dsn)
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server is ready. Raises RuntimeError with what it said when it ends or takes too long."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/ready", timeout=2, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError(
        f"the server did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}"
    )
