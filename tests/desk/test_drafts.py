"""Work under way is kept for whoever began it, one edit after the other."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from gongji.gateway.platform import Platform
from tests.web.asgi import web_on

AT = datetime(2026, 11, 22, 1, tzinfo=UTC)


class Basket(msgspec.Struct, frozen=True):
    codes: tuple[str, ...] = ()


@pytest.fixture
async def drafts(world_url: str) -> Any:
    """The module; Django has to be there before it is imported."""
    await web_on(world_url)
    from gongji.desk import drafts

    return drafts


def page_of(
    platform: Platform, account: int = 1, institution: str = "P14010000001", at: datetime = AT
) -> Any:
    from django.http import HttpRequest

    from gongji.access import OPERATIONS, Visitor
    from gongji.web.pages import Page

    who = Visitor(account, f"a{account}", "收费员", frozenset({"cashier"}), institution=institution)
    return Page(HttpRequest(), OPERATIONS["web.no_role"], platform, at, who)


async def test_a_draft_is_there_again_for_its_owner_and_for_nobody_else(
    drafts: Any, platform: Platform
) -> None:
    mine = page_of(platform)
    await drafts.keep(mine, "till", "own", Basket(("A",)))
    assert await drafts.draft(mine, "till", "own", Basket) == Basket(("A",))
    assert await drafts.draft(page_of(platform, account=2), "till", "own", Basket) is None
    assert await drafts.draft(page_of(platform, institution="P14010000002"), "till", "own", Basket) is None
    await drafts.drop(mine, "till", "own")
    assert await drafts.draft(mine, "till", "own", Basket) is None


async def test_codes_scanned_at_once_are_all_kept(drafts: Any, platform: Platform) -> None:
    mine = page_of(platform)

    def adding(code: str) -> Callable[[Basket | None], Basket]:
        return lambda old: Basket((*(old or Basket()).codes, code))

    await asyncio.gather(*(drafts.change(mine, "till", "many", Basket, adding(str(n))) for n in range(12)))
    kept = await drafts.draft(mine, "till", "many", Basket)
    assert sorted(kept.codes, key=int) == [str(n) for n in range(12)]


async def test_what_is_kept_cannot_be_read_in_the_table_or_moved_to_another_account(
    drafts: Any, platform: Platform, world_url: str
) -> None:
    await drafts.keep(page_of(platform), "till", "sealed", Basket(("王小明",)))
    conn = await asyncpg.connect(world_url)
    try:
        kept = await conn.fetchval("SELECT content FROM desk_draft WHERE key = 'sealed'")
        assert "王小明".encode() not in kept
        await conn.execute("UPDATE desk_draft SET account = 7 WHERE key = 'sealed'")
    finally:
        await conn.close()
    assert await drafts.draft(page_of(platform, account=7), "till", "sealed", Basket) is None


async def test_a_draft_that_nobody_touches_is_forgotten(drafts: Any, platform: Platform) -> None:
    await drafts.keep(page_of(platform, account=3), "till", "old", Basket(("A",)))
    later = AT + drafts.KEPT + timedelta(minutes=1)
    await drafts.keep(page_of(platform, account=4, at=later), "till", "new", Basket())
    assert await drafts.drafts(page_of(platform, account=3), "till", Basket) == []
    assert [key for key, _, _ in await drafts.drafts(page_of(platform, account=4), "till", Basket)] == ["new"]
