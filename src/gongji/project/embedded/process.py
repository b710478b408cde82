"""The server's processes: started, recognised, stopped. Nothing here believes a number in a file.

`server.lock` is inherited by the postmaster and by every backend, so it is held exactly as long as any of them
lives. Whether the server answers is asked at its socket. `postmaster.pid` is used only while the lock proves that
somebody is there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from gongji.project.embedded.account import Account
from gongji.project.embedded.binaries import Binaries
from gongji.project.embedded.errors import EmbeddedError, StartError
from gongji.project.embedded.home import SOCKET_NAME, Cluster, Home
from gongji.project.embedded.locks import Progress, is_held, take_alone

__all__ = ["answers", "launch", "postmaster_pid", "stop", "wait_until_gone", "wait_until_ready"]

_POLL_SECONDS = 0.02
_PROGRESS_SECONDS = 2.0
_REPLY_SECONDS = 5.0
_DYING_POLLS = 50
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)  # the smallest question a postmaster answers, with one byte
_LOG_TAIL_CHARACTERS = 2000


def launch(
    home: Home, cluster: Cluster, account: Account, binaries: Binaries, options: Mapping[str, str]
) -> None:
    """Start the postmaster detached from us; returns at once. The caller holds `change.lock`.

    Errors: somebody else's server uses the data folder; the shell or the program cannot run.
    """
    lock = take_alone(home.server_lock)
    if lock is None:
        raise EmbeddedError("数据库的进程还在运行，不能再次启动。")
    try:
        _remove_stale_files(cluster)
        command = [binaries.program("postgres"), "-D", cluster.directory]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with open(home.start_log, "wb", opener=_private) as log:
            # the shell's child outlives the shell: the server is nobody's child and leaves no zombie behind
            subprocess.run(
                ["/bin/sh", "-c", '"$@" </dev/null &', "sh", *command],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(lock,),
                **account.process_options(),
            )
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedError(f"数据库无法启动：{error}") from error
    finally:
        os.close(lock)  # from here on only the server's processes hold it


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _remove_stale_files(cluster: Cluster) -> None:
    """Remove the pid files that a killed server left, data folder's and socket's.

    Nobody holds server.lock, so they are left over, and their numbers may by now belong to other programs:
    PostgreSQL would believe them and refuse to start. Only a server that a stranger started on our data is real.
    """
    directory = Path(cluster.directory)
    pid = _pid_in_file(directory)
    if pid is not None:
        _must_not_work_in(pid, directory)
        (directory / "postmaster.pid").unlink()
    for name in (SOCKET_NAME, SOCKET_NAME + ".lock"):
        (Path(cluster.socket) / name).unlink(missing_ok=True)


def _must_not_work_in(pid: int, directory: Path) -> None:
    # a dying process gives its locks back a moment before its working directory
    for _ in range(_DYING_POLLS):
        if not _works_in(pid, directory):
            return
        time.sleep(_POLL_SECONDS)
    raise EmbeddedError(
        f"另有 PostgreSQL（进程 {pid}）正在使用 {directory}，它不是由共济启动的；请先停止它。"
    )


def _pid_in_file(directory: Path) -> int | None:
    try:
        return abs(int((directory / "postmaster.pid").read_text("utf-8").split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def _works_in(pid: int, directory: Path) -> bool:
    try:
        return os.readlink(f"/proc/{pid}/cwd") == os.path.realpath(directory)
    except OSError:
        return False


def postmaster_pid(home: Home, cluster: Cluster) -> int | None:
    """The postmaster's process id while the server runs, otherwise None."""
    return _pid_in_file(Path(cluster.directory)) if is_held(home.server_lock) else None


def answers(cluster: Cluster) -> bool:
    """Whether a living server replies at the socket and says it is ready for everybody.

    Being connected proves nothing: the kernel does that for a postmaster that is about to die. A reply does.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_REPLY_SECONDS)
        try:
            probe.connect(os.path.join(cluster.socket, SOCKET_NAME))
            probe.sendall(_SSL_REQUEST)
            replied = probe.recv(1)
        except OSError:
            return False
    return bool(replied) and _status_word(Path(cluster.directory)) == "ready"


def _status_word(directory: Path) -> str:
    try:
        lines = (directory / "postmaster.pid").read_text("utf-8").split("\n")
    except OSError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""


def wait_until_ready(home: Home, cluster: Cluster, progress: Progress) -> None:
    """Wait for a server just launched, however long its recovery takes.

    Errors: StartError when all of its processes have ended.
    """
    waited = _Waited(progress, "数据库正在启动（上次没有正常结束时要先恢复）")
    while not answers(cluster):
        if not is_held(home.server_lock):
            raise StartError(f"数据库启动失败：\n{_log_tail(home, Path(cluster.directory))}")
        waited.a_little()


def wait_until_gone(home: Home, cluster: Cluster, progress: Progress) -> bool:
    """See what a held `server.lock` means: True when the server answers, False once all its processes have ended.

    A postmaster that is still recovering is waited for; one that is shutting down is hurried; backends that lost
    their postmaster (kill -9) are told to end, since only then can the next server start.
    """
    directory = Path(cluster.directory)
    waited = _Waited(progress, "等待上一次的数据库进程结束")
    while is_held(home.server_lock):
        if answers(cluster):
            return True
        pid = _pid_in_file(directory)
        if pid is None or not _alive(pid):
            _end_orphans(directory)
        elif _status_word(directory) == "stopping" and _works_in(pid, directory):
            _signal(pid, signal.SIGINT)
        waited.a_little()
    return False


def stop(home: Home, cluster: Cluster, progress: Progress) -> None:
    """Fast, orderly shutdown: sessions are cut, everything committed is on disk. Waits until the last process ended."""
    waited = _Waited(progress, "数据库正在停止（写完检查点）")
    directory = Path(cluster.directory)
    while is_held(home.server_lock):
        pid = _pid_in_file(directory)
        if pid is not None and _alive(pid) and _status_word(directory) != "stopping":
            _signal(pid, signal.SIGINT)
        elif pid is None or not _alive(pid):
            _end_orphans(directory)
        waited.a_little()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _end_orphans(directory: Path) -> None:
    for entry in Path("/proc").glob("[0-9]*"):
        if _works_in(int(entry.name), directory):
            _signal(int(entry.name), signal.SIGQUIT)


def _log_tail(home: Home, directory: Path) -> str:
    """What this start said last: at first on its output, and in the log file once it says that it goes there."""
    said = home.start_log.read_text("utf-8", errors="replace").strip()
    logs = sorted(directory.glob("log/*.log"), key=lambda path: path.stat().st_mtime)
    if logs and "redirecting log output" in said:
        said = logs[-1].read_text("utf-8", errors="replace").strip()
    return said[-_LOG_TAIL_CHARACTERS:]


class _Waited:
    """Short naps that report, every two seconds, what is being waited for and since when."""

    def __init__(self, progress: Progress, what: str) -> None:
        self._progress = progress
        self._what = what
        self._began = self._told = time.monotonic()

    def a_little(self) -> None:
        now = time.monotonic()
        if now - self._told >= _PROGRESS_SECONDS:
            self._told = now
            self._progress(f"{self._what}，已 {now - self._began:.0f} 秒……")
        time.sleep(_POLL_SECONDS)
