"""The law is kept whole, once, and comes back with the digest it had."""

from datetime import UTC, datetime

import asyncpg
import pytest

from gongji.lawbook.selectors import law, laws
from gongji.lawbook.services import record
from gongji.policy import DEMO_OVERLAY, compile_law, load_library

AT = datetime(2024, 8, 15, tzinfo=UTC)


async def test_a_kept_law_comes_back_with_its_digest(conn):
    library = load_library()
    await record(conn, library, source="built-in", at=AT)
    assert (await law(conn, library.digest)).digest == compile_law(library).digest


async def test_a_law_is_kept_once(conn):
    library = load_library(overlay=DEMO_OVERLAY)
    kept = [await record(conn, library, source="demo", at=AT) for _ in range(2)]
    assert kept == [True, False]
    assert library.digest in await laws(conn)


async def test_a_law_that_was_never_used_is_not_there(conn):
    assert await law(conn, "0" * 64) is None


async def test_a_kept_law_is_never_changed(conn):
    await record(conn, load_library(), source="built-in", at=AT)
    with pytest.raises(asyncpg.RestrictViolationError):
        await conn.execute("UPDATE lawbook_version SET source = 'x'")
