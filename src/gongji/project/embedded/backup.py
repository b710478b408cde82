"""Backup to one file and restore from it.

The file is pg_dump's custom format: consistent, compressed, independent of PostgreSQL's major version, and
readable by any other server, so a small installation can move to a big one. A restore builds a new data folder
beside the old one and puts it in force in one step; the old one is kept.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from gongji.project.embedded import cluster as clusters
from gongji.project.embedded import locks, process
from gongji.project.embedded.account import Account, account_for
from gongji.project.embedded.binaries import Binaries, for_account, of_wheel
from gongji.project.embedded.errors import EmbeddedError
from gongji.project.embedded.home import Cluster, Home, base_for, prepare, socket_directory
from gongji.project.embedded.locks import Progress, silent
from gongji.project.embedded.server import address, changing, start

__all__ = ["backup", "restore"]

_MAGIC = b"PGDMP"


def backup(dsn: str, target: Path, *, overwrite: bool = False, progress: Progress = silent) -> int:
    """Write the whole database to `target` (0600), which appears only when it is complete; returns its bytes.

    Errors: the file exists and `overwrite` is not set; the folder cannot be written; pg_dump fails.
    """
    if target.exists() and not overwrite:
        raise EmbeddedError(f"文件 {target} 已存在；确要覆盖请加 --force。")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            progress("正在备份……")
            # by name: pg_dump then goes back and notes in the head where each table's rows are
            _client(of_wheel(), "pg_dump", dsn, ["--format=custom", f"--file={partial.absolute()}"])
            os.fsync(descriptor)
            size = os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)
        if overwrite:
            partial.replace(target)
        else:
            os.link(partial, target)  # fails if the name appeared meanwhile: nothing is overwritten
        return size
    except OSError as error:
        raise EmbeddedError(f"不能写备份文件 {target}：{error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def restore(
    home: Home,
    source: Path,
    *,
    overwrite: bool = False,
    env: Mapping[str, str] = os.environ,
    progress: Progress = silent,
) -> Cluster | None:
    """Put the backup in force; returns the data folder that was in force before, which is kept.

    Errors, each leaving everything as it was: not a backup; data exists and `overwrite` is not set; a process uses
    the database; the backup cannot be read in completely.
    """
    _must_be_backup(source)
    prepare(home)
    with changing(home, progress):
        alone = locks.take_alone(home.users_lock)
        if alone is None:
            pids = "、".join(map(str, locks.holders(home.users_lock)))
            raise EmbeddedError(f"数据库正在使用（进程 {pids}），请先停止它们再恢复。")
        try:
            before = home.cluster()
            if before is not None and not overwrite:
                raise EmbeddedError(f"{home.path} 里已有数据；确要以备份替换请加 --force（原数据会另存）。")
            if before is not None:
                process.stop(home, before, progress)
            _exchange(home, before, source, env, progress)
            if home.keep.exists() and (now := home.cluster()) is not None:
                start(home, now, env, progress)
        finally:
            os.close(alone)
    return before


def _must_be_backup(source: Path) -> None:
    try:
        with open(source, "rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise EmbeddedError(f"不能读备份文件 {source}：{error.strerror}") from error
    if magic != _MAGIC:
        raise EmbeddedError(f"{source} 不是 gongji db backup 写的备份文件。")


def _exchange(
    home: Home, before: Cluster | None, source: Path, env: Mapping[str, str], progress: Progress
) -> None:
    account = account_for(env, before.uid if before else None)
    base = Path(before.base) if before else base_for(home, account)
    binaries = for_account(of_wheel(), account, base)
    directory = clusters.create(base, account, binaries)
    try:
        made = _filled(home, directory, base, account, source, env, progress)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    home.put_in_force(made)


def _filled(
    home: Home,
    directory: Path,
    base: Path,
    account: Account,
    source: Path,
    env: Mapping[str, str],
    progress: Progress,
) -> Cluster:
    previous = home.cluster()
    door = str(socket_directory(base, account, previous.socket if previous else None))
    made = Cluster(str(directory), str(base), account.uid, door)
    start(home, made, env, progress)
    try:
        progress("正在恢复……")
        arguments = ["--exit-on-error", "--no-owner", "--jobs=2", str(source.absolute())]
        _client(of_wheel(), "pg_restore", address(made), arguments)
        _client(of_wheel(), "psql", address(made), ["--quiet", "--no-psqlrc", "--command=ANALYZE"])
    finally:
        process.stop(home, made, progress)
    return made


def _client(binaries: Binaries, program: str, dsn: str, arguments: list[str]) -> None:
    url, password = _without_password(dsn)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment["LC_ALL"] = "C"
    if password is not None:
        environment["PGPASSWORD"] = password
    command = [binaries.program(program), f"--dbname={url}", *arguments]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip()[-2000:]
        raise EmbeddedError(f"{program} 失败：\n{said}")


def _without_password(dsn: str) -> tuple[str, str | None]:
    """The address without its password: what is on a command line, everybody on the machine can read."""
    parts = urlsplit(dsn)
    if parts.password is None:
        return dsn, None
    user, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=user.split(":", 1)[0] + at + host)), unquote(parts.password)
