"""`gongji db`: the embedded database by hand; `gongji migrate`: its tables."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from gongji.project import embedded
from gongji.project.cli.root import ChineseCommand, ChineseGroup
from gongji.project.embedded import EmbeddedError, locks, process
from gongji.project.embedded import backup as backups
from gongji.project.embedded.home import Home, chosen_home
from gongji.project.embedded.server import changing, release_unused, running
from gongji.project.embedded.status import Status, status_of

__all__ = ["db", "migrate"]


def _say(text: str) -> None:
    click.echo(text, err=True)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error
    except PermissionError as error:
        raise click.ClickException(f"没有权限：{error.filename}；请以建立数据目录的用户运行。") from error


def _home() -> Home:
    return chosen_home(os.environ, Path.cwd())


def _external() -> bool:
    return bool(os.environ.get("DATABASE_URL"))


def _no_external(what: str) -> None:
    if _external():
        raise click.ClickException(f"已由 DATABASE_URL 指定外部数据库，{what}")


@click.group(cls=ChineseGroup)
def db() -> None:
    """内嵌数据库：启动、停止、状态、备份、恢复。

    数据目录由环境变量 GONGJI_DATA 指定；设置了 DATABASE_URL 时使用外部数据库，不启动内嵌数据库。
    """


@db.command(cls=ChineseCommand)
def start() -> None:
    """启动并保持运行，直到 gongji db stop。"""
    _no_external("不启动内嵌数据库。")
    with _refusals(), embedded.ensure(progress=_say) as server:
        _home().keep.touch(mode=0o600)
        click.echo(f"数据库已启动：{server.dsn}")


@db.command(cls=ChineseCommand)
@click.option("--now", is_flag=True, help="立即停止，不等正在使用它的进程。")
def stop(now: bool) -> None:
    """停止；有进程正在使用时，等它们离开后自动停止。"""
    _no_external("它不由 gongji 停止。")
    home = _home()
    with _refusals():
        if not running(home):
            home.keep.unlink(missing_ok=True)
            click.echo("数据库没有运行。")
            return
    with _refusals(), changing(home, _say):
        home.keep.unlink(missing_ok=True)
        cluster = home.cluster()
        if now and cluster is not None:
            process.stop(home, cluster, _say)
        stopped = release_unused(home, _say)
        users = locks.holders(home.users_lock)
    if stopped:
        click.echo("数据库已停止。")
    else:
        click.echo(
            f"仍有进程在使用（{'、'.join(map(str, users))}），它们离开后自动停止；立即停止请加 --now。"
        )


@db.command(cls=ChineseCommand)
def status() -> None:
    """显示是否运行、位置、大小、版本、地址、进程。没有运行时退出码为 3。"""
    if _external():
        click.echo("使用外部数据库（DATABASE_URL），内嵌数据库不启动。")
        return
    with _refusals():
        found = status_of(_home())
    for name, value in _rows(found):
        click.echo(f"{name}：{value}")
    if not found.running:
        click.get_current_context().exit(3)


def _rows(found: Status) -> Iterator[tuple[str, str]]:
    if not found.exists:
        yield "状态", "还没有数据库（首次使用时自动建立）"
        yield "目录", str(found.home)
        return
    yield "状态", "运行中" if found.answering else "正在启动或停止" if found.running else "没有运行"
    if found.running:
        yield "运行方式", "保持运行，直到 gongji db stop" if found.kept else "最后一个使用它的进程离开后停止"
    yield "版本", f"PostgreSQL {found.version}"
    yield "目录", str(found.home)
    yield "数据", f"{found.data_directory}（{found.data_bytes / 1_000_000:.1f} MB）"
    for old in found.set_aside:
        yield "另存的旧数据", old
    yield "地址", found.address
    yield "运行用户", _user_name(found.account_uid)
    if found.postmaster_pid is not None:
        yield "数据库进程", str(found.postmaster_pid)
        yield "使用它的进程", "、".join(map(str, found.user_pids)) or "无"


def _user_name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return str(uid)


@db.command(cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="文件已存在时覆盖。")
def backup(file: Path, force: bool) -> None:
    """把整个数据库备份到一个文件（运行中也可以；外部数据库也可以）。"""
    with _refusals(), embedded.ensure(progress=_say) as server:
        size = backups.backup(server.dsn, file, overwrite=force, progress=_say)
    click.echo(f"已备份到 {file}（{size / 1_000_000:.1f} MB）。")


@db.command(cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="已有数据时替换；原数据另存，不删除。")
def restore(file: Path, force: bool) -> None:
    """从备份文件恢复：先完整读入，再一步替换；失败时原数据不变。"""
    _no_external("请用该数据库的 pg_restore 恢复。")
    with _refusals():
        before = backups.restore(_home(), file, overwrite=force, progress=_say)
    click.echo(
        f"已从 {file} 恢复。备份中没有个人信息的密钥，请确认原来的 data.keys 或密钥的环境变量仍在使用。"
    )
    if before is not None:
        click.echo(f"原数据另存在 {before.directory}；确认无误后可以删除。")


@click.command(cls=ChineseCommand)
def migrate() -> None:
    """建立或升级数据库的表（启动内嵌数据库，或用 DATABASE_URL）。"""
    from gongji.project import dbtools

    with _refusals(), embedded.ensure(progress=_say) as server:
        missing = dbtools.pending(server.dsn)
        try:
            dbtools.migrate(server.dsn)
        except dbtools.SchemaForeign as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"已执行 {len(missing)} 项数据库变更。" if missing else "数据库的表已是最新。")
