"""A database for tests: in a folder of the caller's, gone at the end with everything it put elsewhere."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gongji.project.embedded import process
from gongji.project.embedded.home import Home
from gongji.project.embedded.locks import silent
from gongji.project.embedded.server import Making, Server, changing, use

__all__ = ["destroy", "temporary_server"]

_SMALL = {"shared_buffers": "64MB", "max_wal_size": "1GB", "min_wal_size": "32MB"}


@contextmanager
def temporary_server(
    directory: Path, settings: Mapping[str, str] | None = None, env: Mapping[str, str] = os.environ
) -> Iterator[Server]:
    """A fresh server in `directory` with fsync on; `settings` are PostgreSQL's. It is deleted at the end."""
    home = Home(Path(os.path.abspath(directory)))
    rooms = (Path(tempfile.gettempdir()), Path("/tmp"))
    making = Making(_SMALL | dict(settings or {}), rooms, synced=False)
    server = use(home, env, making=making, linger_seconds=0)
    try:
        yield server
    finally:
        server.close()
        destroy(home)


def destroy(home: Home) -> None:
    """Stop the server, whoever uses it, and delete the home, its data and its socket's folder."""
    if not home.path.is_dir():
        return
    with changing(home):
        cluster = home.cluster()
        if cluster is not None:
            process.stop(home, cluster, silent)
            for folder in {cluster.socket, cluster.base} - {str(home.path)}:
                shutil.rmtree(folder, ignore_errors=True)
        # moved away first: a warden that looks in meanwhile must not put a lock file back under our hands
        grave = Path(tempfile.mkdtemp(dir=home.path.parent, prefix=".gone-"))
        home.path.rename(grave / home.path.name)
        shutil.rmtree(grave)
