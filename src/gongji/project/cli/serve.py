"""`gongji serve`: database, tables, law and demonstration data made ready, then worker processes that answer."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gongji.base.os_errors import os_error_text
from gongji.project.cli.root import ChineseCommand

__all__ = ["prepare", "serve"]

APP = "gongji.project.asgi:app"
STOP_S = 35
"""A stopping worker answers what it accepted; after this time it is ended."""
BACKLOG = 2048
TOLD = {
    "now": "演示的往来记录已写入：去年一月至今的就诊、购药、处方、账户和报销。",
    "before": "演示的往来记录已经在库中。",
    "in part": "演示的往来记录上次没有写完就停了，会缺一些；要完整的，请换一个空的数据目录（GONGJI_DATA）或数据库再启动。",
}
"""What became of the demonstration's past (``history.live``)."""


def _say(text: str) -> None:
    click.echo(text, err=True)


@click.command(cls=ChineseCommand)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="监听端口。")
@click.option(
    "--workers",
    default=0,
    type=click.IntRange(0, 64),
    help="工作进程数；默认按处理器个数，最多 4 个。",
)
@click.option("--demo", is_flag=True, help="装入演示数据和演示补充参数（编造的，不能用于真实结算）。")
@click.option(
    "--signature",
    type=click.Choice(["api", "off"]),
    default=None,
    help="接口签名：api 验证，off 由前置网关负责。",
)
@click.option("--read-only", is_flag=True, help="只读：只受理查询交易。")
def serve(host: str, port: int, workers: int, demo: bool, signature: str | None, read_only: bool) -> None:
    """启动服务（国家接口和状态页），Ctrl+C 停止；停止前答复已受理的报文。"""
    from gongji.project.embedded import EmbeddedError, ensure

    if signature is not None:
        os.environ["GONGJI_SIGNATURE"] = signature
    if read_only:
        os.environ["GONGJI_READ_ONLY"] = "1"
    if demo:
        os.environ["GONGJI_DEMO"] = "1"
        os.environ.setdefault("GONGJI_OVERLAY", "demo")
        os.environ.setdefault("GONGJI_HTTPS", "0")
    _check_settings()
    _check_port(host, port)
    try:
        with ensure(progress=_say) as server:
            os.environ.update(_keys())
            prepare(server.dsn, demo, _say)
            asyncio.run(_check_keys(server.dsn))
            if demo:
                _say(asyncio.run(_live(server.app_dsn)))
            os.environ["GONGJI_SERVE_DSN"] = server.app_dsn
            os.environ["GONGJI_SERVE_PARENT"] = str(os.getpid())
            _run(host, port, workers or min(os.cpu_count() or 1, 4))
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error


def _check_settings() -> None:
    """Wrong settings and wrong law are said here, once and in words, not by every worker."""
    from gongji.gateway.settings import from_environment
    from gongji.policy import LibraryError
    from gongji.project.asgi import current_law
    from gongji.web.oidc import provider

    try:
        from_environment(os.environ)
        provider(os.environ)
        _say(f"政策库已装入，版本 {current_law().digest[:16]}")
    except LibraryError as error:
        raise click.ClickException(f"政策库有问题：\n{error}") from error
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _keys() -> dict[str, str]:
    """The keys of personal data, as the workers are to find them; made here once when the database is the embedded one."""
    from gongji.project.vault import KeysMissing, vault_environment

    try:
        return vault_environment(os.environ, Path.cwd())
    except KeysMissing as error:
        raise click.ClickException(str(error)) from error


async def _check_keys(dsn: str) -> None:
    """Keys that are not those of the database are said here, before anybody is looked for in vain."""
    import asyncpg

    from gongji.members import selectors as members
    from gongji.project.vault import NOT_THESE_KEYS, data_vault
    from gongji.providers import selectors as providers

    connection = await asyncpg.connect(dsn)
    try:
        vault = data_vault(os.environ, Path.cwd())
        if not await members.vault_fits(connection, vault) or not await providers.vault_fits(
            connection, vault
        ):
            raise click.ClickException(NOT_THESE_KEYS)
    finally:
        await connection.close()


def _check_port(host: str, port: int) -> None:
    """A port that is taken is said before a database is started for nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"不能在 {host}:{port} 监听：{os_error_text(error)}；换一个端口用 --port（make run 用 PORT=端口）"
            ) from error


def prepare(dsn: str, demo: bool, say: Callable[[str], object]) -> None:
    """Tables, the law's version and, where wanted, the demonstration's data."""
    from gongji.project.dbtools import SchemaForeign, migrate

    say("正在检查数据库的表……")
    try:
        migrate(dsn)
    except SchemaForeign as error:
        raise click.ClickException(str(error)) from error
    asyncio.run(_record_law(dsn))
    if demo:
        say(asyncio.run(_load_demo(dsn)))


async def _record_law(dsn: str) -> None:
    """Keep the law that this server settles by, whole, so that its settlements can be computed again years later."""
    import asyncpg

    from gongji.lawbook.services import record
    from gongji.project.asgi import current_library

    connection = await asyncpg.connect(dsn)
    try:
        source = os.environ.get("GONGJI_OVERLAY") or "内置政策库"
        await record(connection, current_library(), source=source, at=datetime.now(UTC))
    finally:
        await connection.close()


async def _load_demo(dsn: str) -> str:
    import asyncpg

    from gongji.access.demonstration import make
    from gongji.demo_data import generate, load
    from gongji.demo_data.accounts import accounts
    from gongji.demo_data.load import summary
    from gongji.project.vault import data_vault

    connection = await asyncpg.connect(dsn)
    try:
        world, vault = generate(), data_vault(os.environ, Path.cwd())
        loaded = summary(await load(connection, world, vault))
        await make(connection, vault, accounts(world), datetime.now(UTC))
        return loaded
    finally:
        await connection.close()


async def _live(dsn: str) -> str:
    """The demonstration's past, told once; a server starts without it rather than not at all."""
    from gongji.base.noise import libraries_silent
    from gongji.demo_data import generate
    from gongji.gateway import journal
    from gongji.project.asgi import current_law
    from gongji.project.history import HistoryBroken, live
    from gongji.project.vault import data_vault

    _say("正在准备演示的往来记录……")
    journal.configure(io.BytesIO())  # the log of what has been made up is nobody's
    try:
        with libraries_silent():
            told = await live(dsn, current_law(), data_vault(os.environ, Path.cwd()), generate())
    except HistoryBroken as broken:
        return f"演示的往来记录没有写完：{broken}"
    return TOLD[told]


def _run(host: str, port: int, workers: int) -> None:
    """Serve until stopped. Figures of all workers meet in a folder that lives as long as the server."""
    import uvicorn

    figures = Path(tempfile.mkdtemp(prefix="gongji-metrics-"))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
    _say(_welcome(host, port, workers))
    try:
        uvicorn.run(
            APP,
            host=host,
            port=port,
            workers=workers,
            loop="uvloop",
            http="httptools",
            lifespan="on",
            access_log=False,
            log_config=_log_config(),
            backlog=BACKLOG,
            timeout_graceful_shutdown=STOP_S,
            timeout_keep_alive=75,
            server_header=False,
            date_header=False,
            proxy_headers=False,
        )
    finally:
        shutil.rmtree(figures, ignore_errors=True)
    _say("共济已停止。")


def _log_config() -> dict[str, Any]:
    """uvicorn's own messages as JSON lines beside ours; nothing of a request is among them."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "gongji.gateway.journal.JsonLines"}},
        "handlers": {
            "out": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}
        },
        "root": {"handlers": ["out"], "level": "WARNING"},
        # Django's warnings name the address asked for, which may name a person
        "loggers": {
            "uvicorn.error": {"level": "INFO"},
            "uvicorn.access": {"level": "CRITICAL"},
            "django": {"level": "ERROR"},
        },
    }


def _welcome(host: str, port: int, workers: int) -> str:
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    lines = [
        f"共济正在启动：{url}（{workers} 个工作进程）",
        f"  网页        {url}/（登录 {url}/signin）{'' if _plain() else '，经反向代理用 https 打开'}",
        f"  状态页      {url}/status",
        f"  国家接口    POST {url}/fsi/api/rsfComIfsService/callService",
        f"  能否接报文  {url}/ready",
    ]
    if os.environ.get("GONGJI_DEMO"):
        lines += ["试一试（另开一个终端）：", f"  {_program()} demo --url {url}", *_demo_accounts()]
        lines.append("演示机构自带接入凭据；报文怎样签名，见 docs/interface.md。")
    else:
        lines.append(f"还没有账号时，先用 {_program()} access 建立平台三员，见 docs/operations.md。")
    if not _plain():
        lines.append(
            "直接用 http 打开网页会转到 https，须由反向代理提供；只在本机试用时，设 GONGJI_HTTPS=0 再启动。"
        )
    lines.append("停止：按 Ctrl+C。")
    return "\n".join(lines)


def _plain() -> bool:
    """Whether pages are served without TLS in front of them."""
    return os.environ.get("GONGJI_HTTPS") == "0"


def _demo_accounts() -> list[str]:
    """Who may be tried in the demonstration and how, an institution a line."""
    from gongji.access import ROLES
    from gongji.access.demonstration import PASSWORD, VOUCHERS
    from gongji.demo_data import generate
    from gongji.demo_data.accounts import accounts

    world = generate()
    names = {place.code: place.name for place in world.institutions}
    places: dict[str, list[str]] = {}
    for account in accounts(world):
        role = ROLES[account.role]
        where = names.get(account.institution) or ("经办机构" if account.area else "平台三员")
        places.setdefault(where, []).append(
            f"{account.username} {role.name}{' *' if role.second_factor else ''}"
        )
    return [
        f"演示账号（密码都是 {PASSWORD}；带 * 的还要动态验证码，登录时会显示，或用 {_program()} access code 登录名）：",
        *(f"  {where}：{'，'.join(people)}" for where, people in places.items()),
        f"  参保人（用电子凭证登录）：{'，'.join(f'{token} {who}' for token, who in VOUCHERS)}",
    ]


def _program() -> str:
    """How this user calls the command: by name where the shell finds it, else by its place, as in a checkout."""
    return "gongji" if shutil.which("gongji") else str(Path(sys.executable).parent / "gongji")
