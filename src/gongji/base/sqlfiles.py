"""SQL in SQL files: a room's statements and schema objects are read by name from its ``sql`` folder.

Queries are read once, when the module that uses them is imported. Schema files (tables of facts, triggers,
functions, views) are run by the migrations of their room: ``migrations.RunSQL(sql("gongji.accounts",
"010_entry"))``.
"""

from contextlib import AbstractAsyncContextManager
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

__all__ = ["Connection", "sql"]


class Connection(Protocol):
    """What the rooms use of an asyncpg connection, pooled or not; rows answer ``row["column"]``."""

    async def execute(self, query: str, *args: Any) -> str: ...

    async def fetch(self, query: str, *args: Any) -> list[Any]: ...

    async def fetchrow(self, query: str, *args: Any) -> Any: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...

    def transaction(self) -> AbstractAsyncContextManager[Any]: ...

    def cursor(self, query: str, *args: Any) -> Any: ...


@cache
def sql(package: str, name: str) -> str:
    """Text of ``sql/<name>.sql`` in ``package``; raises FileNotFoundError when there is none."""
    return files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
