"""The catalogue as lists: what came later than a version, page by page, with the time of each change."""

import asyncpg
import pytest

from gongji.catalog import lists
from gongji.catalog.lists import ItemQuery, Selection, item_page, items_since, range_since


async def add(
    conn: asyncpg.Connection, code: str, list_type: str, kind: str = "drug", level: str = "01"
) -> None:
    await conn.execute(
        "INSERT INTO catalog_item (code, from_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform,"
        " maker, restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, version)"
        " VALUES ($1, '2023-01-01', '名', $2, $3, $4, '09', '', '盒', '', '', false, '', true, false, false, false, false, 0)",
        code,
        kind,
        list_type,
        level,
    )


async def since(conn: asyncpg.Connection, list_type: str, version: int) -> list[str]:
    async with conn.transaction():
        return [item.code async for items in items_since(conn, (list_type,), version) for item in items]


async def test_a_client_lacks_what_came_after_its_version_of_its_own_list(conn: asyncpg.Connection) -> None:
    await add(conn, "L1", "102")
    first = (await range_since(conn, ("102",), 0)).newest
    await add(conn, "OTHER", "103")
    await add(conn, "L2", "102")
    lacks = await range_since(conn, ("102",), first + 1)
    assert lacks.known == first
    assert lacks.newest == lacks.catalogue == first + 2
    assert await since(conn, "102", first) == ["L2"]
    assert await since(conn, "102", 0) == ["L1", "L2"]


async def test_a_long_list_comes_in_chunks(conn: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        await add(conn, f"CH{number}", "106")
    monkeypatch.setattr(lists, "CHUNK", 3)
    async with conn.transaction():
        chunks = [len(items) async for items in items_since(conn, ("106",), 0)]
    assert chunks == [3, 3, 1]


async def test_every_version_has_the_time_at_which_it_came(conn: asyncpg.Connection) -> None:
    await add(conn, "T1", "104")
    _, before = await item_page(conn, ItemQuery(list_types=("104",)), 10, 0)
    await conn.execute("UPDATE catalog_item SET spec = '新' WHERE code = 'T1'")
    _, after = await item_page(conn, ItemQuery(list_types=("104",)), 10, 0)
    assert before[0].changed_at is not None
    assert after[0].changed_at is not None
    assert after[0].changed_at > before[0].changed_at
    _, none = await item_page(conn, ItemQuery(list_types=("104",), since=after[0].changed_at), 10, 0)
    assert none == []


async def test_items_are_selected_by_kind_and_level_and_by_code_apart_from_them(
    conn: asyncpg.Connection,
) -> None:
    await add(conn, "S-DRUG", "105", "drug", "02")
    await add(conn, "S-OWN", "105", "drug", "02")
    await add(conn, "S-LEFT", "105", "drug", "02")
    await add(conn, "S-THING", "105", "consumable", "02")
    chosen = Selection((("drug", "02"),), apart=("S-OWN", "S-LEFT"), also=("S-OWN",))
    total, items = await item_page(conn, ItemQuery(list_types=("105",), selection=chosen), 10, 0)
    assert (total, [item.code for item in items]) == (2, ["S-DRUG", "S-OWN"])


async def test_a_level_that_is_none_counts_as_borne_in_full(conn: asyncpg.Connection) -> None:
    await add(conn, "V9", "301", "consumable", "99")
    chosen = Selection((("consumable", "03"),))
    total, _ = await item_page(conn, ItemQuery(list_types=("301",), selection=chosen), 10, 0)
    assert total == 1
