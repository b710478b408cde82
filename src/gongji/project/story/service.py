"""The service that a story is played against: one that runs already, or one of our own for as long as it takes."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

__all__ = ["DEFAULT_URL", "ServiceFailed", "answers", "free_port", "service"]

DEFAULT_URL = "http://127.0.0.1:8000"
START_SECONDS = 60


class ServiceFailed(Exception):
    """The service did not start; the text is what it said last."""


@contextmanager
def service(url: str | None, say: Callable[[str], object]) -> Iterator[str]:
    """The address of a running service; one of our own for the time of the story when there is none. Raises ServiceFailed."""
    if url is not None:
        yield url.rstrip("/")
    elif answers(DEFAULT_URL, "/ready"):
        say(f"使用已运行的服务 {DEFAULT_URL}")
        yield DEFAULT_URL
    else:
        say("启动服务……")
        with _own_service() as base_url:
            yield base_url


@contextmanager
def _own_service() -> Iterator[str]:
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gongji", "serve", "--demo", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ.copy()
    )
    try:
        _wait_until_ready(process, base_url)
        yield base_url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_ready(process: subprocess.Popen[bytes], base_url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(base_url, "/ready"):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            _, errors = process.communicate()
            raise ServiceFailed(f"服务没有启动：{errors.decode(errors='replace')[-2000:]}")
        time.sleep(0.1)


def answers(base_url: str, path: str) -> bool:
    """Whether a GET of ``path`` is answered with status 200."""
    parts = urlsplit(base_url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
