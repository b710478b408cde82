"""File locks that the kernel gives back when their holder dies, however it dies.

`flock` belongs to the open file, not to the process: a child that inherits the descriptor keeps the lock, and
kill -9 releases it. No number in a file has to be believed, so nothing here can be stale.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = [
    "Progress",
    "exclusive",
    "holders",
    "is_held",
    "open_lock",
    "share",
    "silent",
    "take_alone",
    "try_exclusive",
]

Progress = Callable[[str], None]
"""Called with a Chinese sentence while something takes long."""

_POLL_SECONDS = 0.02
_PATIENCE_SECONDS = 2.0
_GLANCES = 10
_GLANCE_SECONDS = 0.002


def silent(_: str) -> None:
    """A progress that says nothing."""


def open_lock(path: Path) -> int:
    """A descriptor of the lock file, made 0600 if it is missing; never inherited unless passed on purpose."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def try_exclusive(path: Path) -> int | None:
    """The descriptor that now holds the lock alone, or None when anybody else holds it."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def take_alone(path: Path) -> int | None:
    """The descriptor that now holds the lock alone, or None when others hold it.

    Whoever only looks holds it for an instant (`is_held`, the warden); that is waited for.
    """
    for _ in range(_GLANCES):
        if (descriptor := try_exclusive(path)) is not None:
            return descriptor
        time.sleep(_GLANCE_SECONDS)
    return None


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock alone. Those who ask do not stand in each other's way."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def share(path: Path) -> int:
    """A descriptor that holds the lock together with others; waits while somebody holds it alone."""
    descriptor = open_lock(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


@contextmanager
def exclusive(path: Path, progress: Progress = silent, waiting: str = "") -> Iterator[None]:
    """Hold the lock alone for the block; says `waiting` once when it takes long to get."""
    began = time.monotonic()
    told = False
    while (descriptor := try_exclusive(path)) is None:
        if not told and time.monotonic() - began > _PATIENCE_SECONDS:
            progress(waiting)
            told = True
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        os.close(descriptor)


def holders(path: Path) -> tuple[int, ...]:
    """Process ids that took the lock, as far as the system tells (Linux does; elsewhere empty)."""
    try:
        status = path.stat()
        table = Path("/proc/locks").read_text()
    except OSError:
        return ()
    pids = set()
    for line in table.splitlines():
        # "1: FLOCK  ADVISORY  READ 4711 fe:00:262184 0 EOF"; a waiting entry has "->" after the number
        fields = line.split()
        if "->" in fields or len(fields) < 6 or fields[1] != "FLOCK":
            continue
        if int(fields[5].rsplit(":", 1)[1]) == status.st_ino and int(fields[4]) > 0:
            pids.add(int(fields[4]))
    return tuple(sorted(pids))
