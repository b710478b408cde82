"""What a command says when the database or a file outside it fails: one Chinese sentence instead of a traceback."""

from __future__ import annotations

import socket
from typing import Final

from gongji.base.os_errors import os_error_text

__all__ = ["failure_text"]

DATABASE: Final = {
    "CannotConnectNowError": "数据库正在启动或停止，请稍后再试。",
    "ClientConfigurationError": "DATABASE_URL 写得不对，应写成 postgresql://用户@主机/数据库。",
    "ConnectionDoesNotExistError": "与数据库的连接中断；没有提交的办理不生效，请查看后再办。",
    "DiskFullError": "数据库的磁盘已满。",
    "InsufficientPrivilegeError": "数据库用户没有办理所需的权限。",
    "InvalidAuthorizationSpecificationError": "数据库没有这个用户，或不允许它连接。",
    "InvalidCatalogNameError": "没有 DATABASE_URL 所写的数据库。",
    "InvalidPasswordError": "数据库用户的密码不对。",
    "OperationalError": "连不上数据库；请检查 DATABASE_URL，以及数据库是否在运行。",
    "ReadOnlySQLTransactionError": "数据库是只读的（备用服务器），不能办理。",
    "TooManyConnectionsError": "数据库的连接数已满，请稍后再试。",
    "UndefinedTableError": "数据库里还没有表，请先运行 gongji migrate。",
}
DRIVERS: Final = ("asyncpg.", "psycopg.", "django.db.")
OWN: Final = {
    "EmbeddedError": "",
    "KeysMissing": "",
    "LibraryError": "",
    "SealBroken": "有一项加密的个人信息不能用现有的密钥打开；请检查 GONGJI_DATA_KEYS 是否包含全部用过的密钥。",
}
"""The project's own errors of surroundings; without a sentence here they say it themselves."""


def failure_text(error: Exception) -> str | None:
    """The sentence, or None for what only a mistake in the program can cause.

    Drivers' errors are known by name, so that a command without a database does not load them.
    """
    for kind in type(error).__mro__:
        if f"{kind.__module__}.".startswith(DRIVERS) and kind.__name__ in DATABASE:
            return DATABASE[kind.__name__]
        if kind.__module__.startswith("gongji.") and kind.__name__ in OWN:
            return OWN[kind.__name__] or str(error)
    match error:
        case socket.gaierror():
            return "找不到 DATABASE_URL 所写的主机。"
        case ConnectionError() | TimeoutError():
            return DATABASE["OperationalError"]
        case OSError() if error.filename is not None:
            return f"{error.filename}：{os_error_text(error)}"
        case _:
            return None
