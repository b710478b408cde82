"""A new data folder: made whole beside its place, with its roles, its database and its settings.

Roles: `gongji` owns everything and runs migrations, backup and restore; `gongji_app` is what the running
application may be. Both are open to the owner of the home only, who is known by the kernel's word (peer), so
there is no password that could leak.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gongji.project.embedded.account import Account
from gongji.project.embedded.binaries import Binaries
from gongji.project.embedded.errors import EmbeddedError
from gongji.project.embedded.home import sync_folder, write_privately

__all__ = ["APPLICATION", "DATABASE", "OWNER", "create", "settings", "write_access_rules"]

OWNER: Final = "gongji"
APPLICATION: Final = "gongji_app"
DATABASE: Final = "gongji"

_FIRST_STATEMENTS: Final = f"""\
CREATE ROLE {APPLICATION} LOGIN;
CREATE DATABASE {DATABASE} OWNER {OWNER};
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APPLICATION};
"""


def settings(memory_bytes: int) -> dict[str, str]:
    """PostgreSQL's settings for a machine with this much memory; written once, an operator may change them later.

    Durability is never traded: fsync, full page writes and synchronous commit keep PostgreSQL's defaults (on).
    """
    mebibytes = memory_bytes // 2**20
    shared = max(32, min(mebibytes // 8, 4096))
    return {
        "listen_addresses": "",
        "max_connections": "100",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(64, mebibytes // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(32, min(mebibytes // 32, 512))}MB",
        "wal_compression": "pglz",
        "wal_buffers": "16MB",
        "min_wal_size": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "32",
        "jit": "off",
        "timezone": "Asia/Shanghai",
        "log_timezone": "Asia/Shanghai",
        # The log keeps seven days and stays free of personal data: no statements, no key values of an error.
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }


def memory_bytes() -> int:
    """The machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def create(
    base: Path,
    account: Account,
    binaries: Binaries,
    extra: Mapping[str, str] | None = None,
    *,
    synced: bool = True,
) -> Path:
    """A new data folder `pg-N` under `base` with its roles and database; it appears only when it is whole.

    `synced=False` leaves it to the system when the files reach the disk: for tests, which no power cut concerns.
    """
    directory = base / f"pg-{_next_number(base)}"
    partial = base / "pg.partial"  # left behind by a run that was killed, if it exists
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    os.chown(partial, account.uid, account.gid)
    try:
        _initdb(partial, account, binaries)
        _first_statements(partial, account, binaries, settings(memory_bytes()) | dict(extra or {}))
        if synced:
            # once for all: the two steps before leave their files to the system
            _run([binaries.program("initdb"), "--sync-only", f"--pgdata={partial}"], account, "", "写盘失败")
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    partial.rename(directory)
    sync_folder(base)
    return directory


def _next_number(base: Path) -> int:
    taken = [int(name[3:]) for name in os.listdir(base) if name.startswith("pg-") and name[3:].isdigit()]
    return max(taken, default=0) + 1


def _initdb(directory: Path, account: Account, binaries: Binaries) -> None:
    command = [
        binaries.program("initdb"),
        f"--pgdata={directory}",
        f"--username={OWNER}",
        "--encoding=UTF8",
        "--locale=C",  # with the builtin provider: the same order and the same letters on every machine
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--auth=reject",  # our own rules are named at every start; without them nobody comes in
        "--no-instructions",
        "--no-sync",
    ]
    _run(command, account, "", "建立数据库目录失败")


def _first_statements(
    directory: Path, account: Account, binaries: Binaries, values: Mapping[str, str]
) -> None:
    # One process without a network, before anybody can connect; each line is one statement. The settings come here
    # and not with initdb, whose many short runs would each fill shared buffers of the final size.
    command = [binaries.program("postgres"), "--single", "-D", str(directory)]
    for setting in ("exit_on_error=on", "fsync=off"):
        command += ["-c", setting]
    command.append("postgres")
    chosen = "".join(f"ALTER SYSTEM SET {name} = '{value}';\n" for name, value in values.items())
    _run(command, account, _FIRST_STATEMENTS + chosen, "建立数据库角色失败")


def _run(command: list[str], account: Account, text: str, failure: str) -> None:
    try:
        done = subprocess.run(
            command, check=False, input=text, capture_output=True, text=True, **account.process_options()
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedError(f"{failure}：{error}") from error
    if done.returncode != 0:
        raise EmbeddedError(f"{failure}：\n{(done.stderr or done.stdout).strip()[-2000:]}")


def write_access_rules(base: Path, account: Account, owner_name: str) -> dict[str, str]:
    """Write who may come in, outside the data folder where the server itself cannot change it; returns the settings.

    One door: the socket, for the operating-system user who owns the home. No rule for any network address.
    """
    gid = account.gid if account.switched else None
    rules, names = base / "pg_hba.conf", base / "pg_ident.conf"
    write_privately(rules, "local all all peer map=gongji\nlocal replication all peer map=gongji\n", gid)
    write_privately(names, f'gongji "{owner_name}" all\n', gid)
    return {"hba_file": str(rules), "ident_file": str(names)}
