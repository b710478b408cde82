"""Under which user of the machine the server runs, and what that user can reach.

PostgreSQL refuses to run as root. An ordinary user runs it as himself; root runs it under an unprivileged
account that exists already. No folder is opened for that account: where it cannot go, our files go elsewhere.
"""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gongji.project.embedded.errors import EmbeddedError

__all__ = ["ACCOUNTS", "Account", "account_for", "can_search", "own_name"]

ACCOUNTS: Final = ("gongji", "postgres", "nobody")
"""Accounts tried when root starts the server. An operator who wants one for it alone creates `gongji`."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user the server runs under. `switched` is set when that is not the caller, that is, under root."""

    name: str
    uid: int
    gid: int
    switched: bool

    def process_options(self) -> dict[str, Any]:
        """Arguments for `subprocess` that make a child run as this account, private and at home nowhere."""
        options: dict[str, Any] = {"cwd": "/", "umask": 0o077, "env": _clean_environment()}
        if self.switched:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options


def _clean_environment() -> dict[str, str]:
    # PG* of the caller (PGDATA, PGPORT, PGOPTIONS…) and preloaded libraries must not steer our server
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def own_name() -> str:
    """The caller's name in the user table; PostgreSQL's peer check compares it."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise EmbeddedError(
            f"本机用户表里没有当前用户（编号 {os.geteuid()}），PostgreSQL 无法以它运行。"
            "请换一个有名字的用户，或用 DATABASE_URL 指定外部数据库。"
        ) from None


def account_for(env: Mapping[str, str], recorded_uid: int | None = None) -> Account:
    """Who runs the server: the caller; under root the data's recorded owner, GONGJI_DB_USER, or an existing account.

    Errors: the named user does not exist or is root; none of the known accounts exists.
    """
    if os.geteuid() != 0:
        return Account(own_name(), os.geteuid(), os.getegid(), switched=False)
    if recorded_uid is not None:
        return _named(_entry_by_uid(recorded_uid))
    if name := env.get("GONGJI_DB_USER"):
        try:
            return _named(pwd.getpwnam(name))
        except KeyError:
            raise EmbeddedError(f"GONGJI_DB_USER 指定的用户 {name} 不存在。") from None
    for name in ACCOUNTS:
        try:
            return _named(pwd.getpwnam(name))
        except KeyError:
            continue
    raise EmbeddedError(
        f"以 root 运行时，数据库需要一个普通用户；本机没有 {'、'.join(ACCOUNTS)}。"
        "请建立一个用户，并用 GONGJI_DB_USER 指定。"
    )


def _entry_by_uid(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(f"数据属于编号为 {uid} 的用户，本机已没有这个用户。") from None


def _named(entry: pwd.struct_passwd) -> Account:
    if entry.pw_uid == 0:
        raise EmbeddedError("数据库不能以 root 运行，请另选一个普通用户。")
    return Account(entry.pw_name, entry.pw_uid, _private_gid(entry), switched=True)


def _private_gid(entry: pwd.struct_passwd) -> int:
    # the account's own group if it has one of its name: a shared primary group would let its members in
    try:
        return grp.getgrnam(entry.pw_name).gr_gid
    except KeyError:
        return entry.pw_gid


def can_search(directory: Path, account: Account) -> bool:
    """Whether the account can pass through the folder and all its parents (mode bits; the caller's own always)."""
    if not account.switched:
        return True
    return all(_searchable(part.stat(), account) for part in (directory, *directory.parents))


def _searchable(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
