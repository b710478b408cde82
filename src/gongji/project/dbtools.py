"""Database tools of the project: SQL files by name, and Django's migrations run on a database named by its
URL.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gongji.base.sqlfiles import sql

__all__ = ["SchemaForeign", "configure", "databases", "drift", "grant", "migrate", "pending", "sql"]

COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
)


class SchemaForeign(Exception):
    """The database says that its migrations are done, but lacks columns of theirs: an earlier development build made it."""


def databases(url: str | None) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES`` for a PostgreSQL URL; without one, no database (commands that need none still
    run).

    A server on a Unix socket is written with the folder as ``host`` parameter:
    ``postgresql:///gongji?host=/run/pg&user=gongji``. Raises ValueError on any other scheme.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must name a PostgreSQL server: postgresql://user@host/name")
    given = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.pop("dbname", "") or unquote(parts.path.lstrip("/")) or "gongji",
        "USER": given.pop("user", "") or unquote(parts.username or ""),
        "PASSWORD": given.pop("password", "") or unquote(parts.password or ""),
        "HOST": given.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": given.pop("port", "") or str(parts.port or ""),
        "OPTIONS": given,
    }
    return {"default": database}


def configure(database_url: str | None = None) -> None:
    """Make Django ready in a process that is not a web server; a second call does nothing.

    Raises RuntimeError when Django already runs on another database: one process, one database.
    """
    import django
    from django.apps import apps
    from django.conf import settings

    if database_url is not None:
        os.environ.setdefault("DATABASE_URL", database_url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongji.project.settings")
    if not apps.ready:
        django.setup()
    if (
        database_url is not None
        and settings.DATABASES.get("default", {}).get("NAME") != (databases(database_url)["default"]["NAME"])
    ):
        raise RuntimeError("this process already works on another database")


def migrate(database_url: str, *, verbosity: int = 0) -> None:
    """Bring the database up to the newest migration of every room; does nothing when it is there.

    Raises SchemaForeign for a database of an earlier development build, before anything works on half of a schema.
    """
    from django.core.management import call_command

    configure(database_url)
    call_command("migrate", interactive=False, verbosity=verbosity)
    missing = drift()
    if missing:
        raise SchemaForeign(
            f"这个数据库由较早的开发版本建立，缺少 {missing[0]} 等 {len(missing)} 列，不能升级。"
            "请先用 gongji db backup 备份，再用新的数据目录（GONGJI_DATA）或新的数据库重新建立。"
        )
    grant()


def drift() -> list[str]:
    """Columns of the rooms' tables and views that the database lacks, as ``table.column``; sorted."""
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        there = set(cursor.fetchall())
    wanted = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if field.column
    }
    return sorted(f"{table}.{column}" for table, column in wanted - there)


def grant() -> None:
    """Let the application's role (where there is one) read and write, but never change or delete a fact.

    A fact table is one that carries the trigger ``refuse_change``; what the trigger refuses is not granted
    either.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql("gongji.project", "grant"))


def pending(database_url: str) -> list[str]:
    """Migrations that the database still lacks, as ``room.name``."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    configure(database_url)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
