"""The versions of the law that stored settlements may have been settled by, by digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from gongji.base.sqlfiles import Connection
from gongji.lawbook.selectors import laws
from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library

__all__ = ["known_laws"]


async def known_laws(conn: Connection, overlays: Sequence[Path] = ()) -> Mapping[str, Law]:
    """Every version that this program has by itself, those with the overlays given, and those that the database recorded."""
    libraries = [load_library(), *(load_library(overlay=path) for path in (DEMO_OVERLAY, *overlays))]
    return {library.digest: compile_law(library) for library in libraries} | await laws(conn)
