"""A real PostgreSQL for the tests that need one: one server a session, one migrated database a test module.

`pg_url` is the module's own database, cloned from a template that the migrations filled once; `conn` an asyncpg
connection to it for one test. A test that changes something uses persons of its own.
fsync is off here: what must survive a kill -9 has its own servers.
"""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import psycopg
import pytest

from gongji.project.embedded import temporary_server

TEMPLATE = "gongji_template"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_numbers = count(1)


def database_of(server_url: str, name: str) -> str:
    """The server's URL with another database."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


def create_database(server_url: str, name: str, template: str = "template0") -> str:
    """A new database on the server, a copy of the template."""
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return database_of(server_url, name)


def run_migrations(url: str) -> None:
    """Migrate in a process of its own: Django is bound to one database for the life of a process."""
    code = "import sys; from gongji.project.dbtools import migrate; migrate(sys.argv[1])"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", code, url], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise RuntimeError(f"migrations failed:\n{done.stderr}")


@pytest.fixture(scope="session")
def pg_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a server of this test session; its roles are those of the embedded database."""
    directory: Path = tmp_path_factory.mktemp("postgres")
    with temporary_server(directory, FAST) as server:
        yield server.dsn


@pytest.fixture(scope="session")
def pg_template(pg_server: str) -> str:
    """Name of the migrated database that others are cloned from."""
    run_migrations(create_database(pg_server, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="module")
def pg_url(pg_server: str, pg_template: str) -> Iterator[str]:
    """URL of a freshly migrated database that this test module has for itself."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    yield create_database(pg_server, name, pg_template)
    with psycopg.connect(pg_server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
async def conn(pg_url: str) -> AsyncIterator[asyncpg.Connection]:
    """An asyncpg connection to the module's database."""
    connection = await asyncpg.connect(pg_url)
    yield connection
    await connection.close()
