"""Whether this worker should get messages: the database answers, its tables are those of this version, data is there."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from gongji.base.sqlfiles import Connection

if TYPE_CHECKING:
    from gongji.gateway.platform import Platform

PATIENCE_S = 3.0
APPLIED = "SELECT app, name FROM django_migrations"
MIGRATION = re.compile(r"(\d{4}_\w+)\.pyc?$")


@cache
def expected_migrations() -> frozenset[tuple[str, str]]:
    """(room, name) of every migration that this version brings, read from its folders."""
    found = set()
    for room in files("gongji").iterdir():
        folder = room.joinpath("migrations")
        if room.is_dir() and folder.is_dir():
            found |= {
                (room.name, match[1]) for entry in folder.iterdir() if (match := MIGRATION.match(entry.name))
            }
    return frozenset(found)


async def missing_migrations(connection: Connection) -> list[str]:
    """Migrations that the database still lacks, as ``room.name``."""
    applied = {(row["app"], row["name"]) for row in await connection.fetch(APPLIED)}
    return sorted(f"{room}.{name}" for room, name in expected_migrations() - applied)


async def problems(platform: Platform) -> list[str]:
    """Why this worker should get no messages now, in Chinese; empty when all is well."""
    from gongji.gateway.platform import LOST_DATABASE

    if platform.orphaned:
        return ["进程编号已失效，须重启"]
    try:
        async with platform.pool.acquire(timeout=PATIENCE_S) as connection:
            missing = await missing_migrations(connection)
    except LOST_DATABASE:
        return ["数据库不可用"]
    found = [f"数据库的表尚未升级（{'、'.join(missing)}），请执行 gongji migrate"] if missing else []
    if not len(platform.providers):
        found.append("没有定点医药机构，请装入数据")
    if not len(platform.catalogue):
        found.append("没有医保目录，请装入数据")
    return found
