"""Use the embedded database: start it or find it running, share it, and let the last user stop it.

Life of a server: every process that uses it holds `users.lock` shared. Whoever leaves last stops it, unless
`gongji db start` asked to keep it. If users die without leaving (kill -9), a small warden process sees their lock
go and stops the server a little later; a process that comes before that simply finds the server running.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from gongji.project.embedded import cluster as clusters
from gongji.project.embedded import locks, process
from gongji.project.embedded.account import account_for, own_name
from gongji.project.embedded.binaries import Binaries, for_account, of_wheel
from gongji.project.embedded.errors import EmbeddedError
from gongji.project.embedded.home import (
    OUTSIDE_ROOMS,
    Cluster,
    Home,
    base_for,
    chosen_home,
    prepare,
    socket_directory,
)
from gongji.project.embedded.locks import Progress, silent

__all__ = [
    "LINGER_SECONDS",
    "Making",
    "Server",
    "address",
    "changing",
    "database_url",
    "ensure",
    "release_unused",
    "running",
]

LINGER_SECONDS = 10
"""How long a server whose users died is kept for those who come back."""


@dataclass(frozen=True, slots=True)
class Making:
    """How a new data folder is made: PostgreSQL settings of its own, where it goes if the home is out of reach."""

    settings: Mapping[str, str] = field(default_factory=dict)
    outside: tuple[Path, ...] = OUTSIDE_ROOMS
    synced: bool = True


_CHANGING = "另一个 gongji 进程正在启动或停止数据库，等待它完成……"


def address(cluster: Cluster, role: str = clusters.OWNER, database: str = clusters.DATABASE) -> str:
    """The server as a URL that libpq, psycopg and asyncpg understand; there is no password in it."""
    return f"postgresql://{role}@/{database}?host={quote(cluster.socket, safe='')}"


@dataclass(slots=True)
class Server:
    """A database in use. `dsn` is the owner's address, `app_dsn` the application's; leave it with `close()`.

    For an external server both are DATABASE_URL (the second GONGJI_APP_DATABASE_URL if set) and nothing is stopped.
    """

    dsn: str
    app_dsn: str
    home: Home | None = None
    _share: int | None = None

    def close(self) -> None:
        """Stop using it; the last user of an embedded server that nobody asked to keep stops it."""
        if self.home is None or self._share is None:
            return
        with changing(self.home):
            os.close(self._share)
            self._share = None
            release_unused(self.home)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def changing(home: Home, progress: Progress = silent) -> Iterator[None]:
    """Nobody else starts, stops or exchanges the server of this home during the block."""
    with locks.exclusive(home.change_lock, progress, _CHANGING):
        yield


def ensure(
    env: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
    progress: Progress = silent,
    *,
    linger_seconds: float = LINGER_SECONDS,
) -> Server:
    """A usable database: DATABASE_URL if given, otherwise the embedded one, started if it does not run.

    Errors (EmbeddedError, in Chinese): the folder or the account cannot be used, the data is of another major
    version, the server does not start.
    """
    if external := env.get("DATABASE_URL"):
        if not external.startswith(("postgresql://", "postgres://")):
            raise EmbeddedError("DATABASE_URL 写得不对，应写成 postgresql://用户@主机/数据库。")
        return Server(external, env.get("GONGJI_APP_DATABASE_URL") or external)
    return use(chosen_home(env, cwd or Path.cwd()), env, progress, linger_seconds=linger_seconds)


def use(
    home: Home,
    env: Mapping[str, str] = os.environ,
    progress: Progress = silent,
    *,
    making: Making | None = None,
    linger_seconds: float = LINGER_SECONDS,
) -> Server:
    """The embedded database of this home, started or found running; `making` is for the case that it is new."""
    prepare(home)
    with changing(home, progress):
        share = locks.share(home.users_lock)
        try:
            cluster = home.cluster() or _first_cluster(home, env, progress, making or Making())
            cluster = start(home, cluster, env, progress)
            _appoint_warden(home, linger_seconds)
        except BaseException:
            os.close(share)
            raise
    return Server(address(cluster), address(cluster, clusters.APPLICATION), home, share)


def _first_cluster(home: Home, env: Mapping[str, str], progress: Progress, making: Making) -> Cluster:
    progress(f"首次使用，正在建立数据库：{home.path}")
    account = account_for(env)
    base = base_for(home, account, making.outside)
    if base != home.path:
        progress(f"用户 {account.name} 进不了 {home.path.parent}（不为它打开），数据存放在 {base}")
    binaries = for_account(of_wheel(), account, base)
    directory = clusters.create(base, account, binaries, making.settings, synced=making.synced)
    made = Cluster(str(directory), str(base), account.uid, str(socket_directory(base, account)))
    home.put_in_force(made)
    return made


def start(home: Home, cluster: Cluster, env: Mapping[str, str], progress: Progress) -> Cluster:
    """Have the server run on this data folder; the caller holds `change.lock`. Returns it with its socket's folder."""
    if process.wait_until_gone(home, cluster, progress):
        return cluster
    account = account_for(env, cluster.uid)
    base = Path(cluster.base)
    binaries = for_account(of_wheel(), account, base)
    _same_major(cluster, binaries)
    door = str(socket_directory(base, account, cluster.socket))
    if door != cluster.socket:
        cluster = Cluster(cluster.directory, cluster.base, cluster.uid, door)
        if home.cluster() is not None:
            home.put_in_force(cluster)
    options = clusters.write_access_rules(base, account, own_name())
    options |= {"unix_socket_directories": f'"{door}"', "unix_socket_permissions": "0700"}
    process.launch(home, cluster, account, binaries, options)
    process.wait_until_ready(home, cluster, progress)
    return cluster


def _same_major(cluster: Cluster, binaries: Binaries) -> None:
    try:
        found = (Path(cluster.directory) / "PG_VERSION").read_text("utf-8").strip()
    except OSError as error:
        raise EmbeddedError(f"数据目录 {cluster.directory} 不完整：{error.strerror}") from error
    if found != binaries.major:
        raise EmbeddedError(
            f"数据由 PostgreSQL {found} 写成，现在安装的是 {binaries.major}。请先用原来的版本执行 "
            "gongji db backup，再用新版本执行 gongji db restore。"
        )


def running(home: Home) -> bool:
    """Whether any process of the home's server lives."""
    return home.path.is_dir() and locks.is_held(home.server_lock)


def release_unused(home: Home, progress: Progress = silent) -> bool:
    """Stop the server if no process uses it and nobody asked to keep it; True if it does not run afterwards.

    The caller holds `change.lock`, so nobody can come in between.
    """
    if home.keep.exists() or (alone := locks.take_alone(home.users_lock)) is None:
        return not running(home)
    try:
        cluster = home.cluster()
        if cluster is not None:
            process.stop(home, cluster, progress)
    finally:
        os.close(alone)
    return True


def _appoint_warden(home: Home, linger_seconds: float) -> None:
    if locks.is_held(home.warden_lock):
        return
    command = [
        sys.executable,
        "-I",
        "-m",
        "gongji.project.embedded.warden",
        str(home.path),
        str(linger_seconds),
    ]
    subprocess.Popen(
        ["/bin/sh", "-c", '"$@" &', "sh", *command],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ).wait()


def database_url(env: Mapping[str, str] = os.environ, progress: Progress = silent) -> str:
    """DATABASE_URL, or the address of the embedded database, which this process then uses until it ends."""
    server = ensure(env, progress=progress)
    atexit.register(server.close)
    return server.dsn
