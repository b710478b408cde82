"""What the embedded database is doing right now, for people."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from gongji.project.embedded import locks, process
from gongji.project.embedded.home import Home
from gongji.project.embedded.server import address

__all__ = ["Status", "status_of"]


@dataclass(frozen=True, slots=True)
class Status:
    """A look at one home; `data_bytes` counts the files of the data folder in force."""

    home: Path
    exists: bool
    running: bool = False
    answering: bool = False
    kept: bool = False
    version: str = ""
    data_directory: str = ""
    data_bytes: int = 0
    set_aside: tuple[str, ...] = ()
    address: str = ""
    account_uid: int | None = None
    postmaster_pid: int | None = None
    user_pids: tuple[int, ...] = ()


def status_of(home: Home) -> Status:
    """Look without changing, starting or waiting for anything."""
    cluster = home.cluster() if home.path.is_dir() else None
    if cluster is None:
        return Status(home.path, exists=False)
    pid = process.postmaster_pid(home, cluster)
    directory = Path(cluster.directory)
    others = sorted(str(path) for path in Path(cluster.base).glob("pg-*") if path != directory)
    return Status(
        home.path,
        exists=True,
        running=pid is not None,
        answering=pid is not None and process.answers(cluster),
        kept=home.keep.exists(),
        version=(directory / "PG_VERSION").read_text("utf-8").strip(),
        data_directory=cluster.directory,
        data_bytes=_bytes_below(directory),
        set_aside=tuple(others),
        address=address(cluster),
        account_uid=cluster.uid,
        postmaster_pid=pid,
        user_pids=locks.holders(home.users_lock),
    )


def _bytes_below(directory: Path) -> int:
    total = 0
    for folder, _, files in os.walk(directory):
        for name in files:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size
            except FileNotFoundError:
                continue  # the server removes files while we look
    return total
