"""The warden: a small process that outlives the users of a server and stops it when they died without a word.

Run as `python -I -m gongji.project.embedded.warden HOME SECONDS`. It waits, asleep in the kernel, until nobody
holds `users.lock`, then lingers, then stops the server if still nobody came. One per home; it ends with the server.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
import time
from pathlib import Path

from gongji.project.embedded import locks
from gongji.project.embedded.home import Home
from gongji.project.embedded.server import changing, release_unused, running

__all__ = ["watch"]


def watch(home: Home, linger_seconds: float) -> None:
    """Return when the server has stopped or is kept on purpose; at once when another warden watches."""
    office = locks.take_alone(home.warden_lock)
    if office is None:
        return
    try:
        while True:
            _sleep_while_used(home)
            if running(home) and not home.keep.exists():
                time.sleep(linger_seconds)
            with changing(home):
                if home.keep.exists() or release_unused(home):
                    os.close(office)  # given up while nobody can start a server that would count on us
                    office = -1
                    return
    finally:
        if office >= 0:
            os.close(office)


def _sleep_while_used(home: Home) -> None:
    descriptor = locks.open_lock(home.users_lock)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    with contextlib.suppress(FileNotFoundError):  # the home was deleted: the server ends by itself
        watch(Home(Path(sys.argv[1])), float(sys.argv[2]))
