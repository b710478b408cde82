"""The catalogue in memory follows the tables by version."""

from datetime import date

import asyncpg
import pytest

from gongji.catalog import selectors
from gongji.catalog.selectors import load, refresh
from gongji.catalog.values import Catalogue

DAY = date(2024, 8, 15)


async def add_item(conn, code: str, level: str = "01", from_on: date = date(2023, 1, 1)) -> None:
    await conn.execute(
        "INSERT INTO catalog_item (code, from_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform,"
        " maker, restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, version)"
        " VALUES ($1, $2, '药', 'drug', '101', $3, '09', '', '盒', '', '', false, '', true, false, false, false, false, 0)",
        code,
        from_on,
        level,
    )


async def set_price(conn, code: str, micro: int) -> None:
    await conn.execute(
        "INSERT INTO catalog_price (code, region, from_on, standard_micro, version) VALUES ($1, '14', '2023-01-01', $2, 0)"
        " ON CONFLICT (code, region, from_on) DO UPDATE SET standard_micro = excluded.standard_micro",
        code,
        micro,
    )


async def test_what_is_recorded_is_loaded(conn):
    await add_item(conn, "L1")
    await set_price(conn, "L1", 1_500_000)
    found = (await load(conn)).get("L1", DAY, "140100")
    assert (found.name, found.kind, found.standard_micro) == ("药", "drug", 1_500_000)


async def test_nothing_is_read_again_when_nothing_has_changed(conn):
    assert not await refresh(conn, await load(conn))


async def test_a_new_item_a_changed_item_and_a_changed_standard_arrive(conn):
    await add_item(conn, "R1")
    await set_price(conn, "R1", 1)
    book = await load(conn)
    await add_item(conn, "R2")
    await conn.execute("UPDATE catalog_item SET chrgitm_lv = '02' WHERE code = 'R1'")
    await set_price(conn, "R1", 2)
    assert await refresh(conn, book)
    assert book.get("R2", DAY) is not None
    assert (book.get("R1", DAY, "14").chrgitm_lv, book.get("R1", DAY, "14").standard_micro) == ("02", 2)


async def test_a_refresh_reads_only_the_rows_that_changed(conn):
    for code in ("S1", "S2"):
        await add_item(conn, code)
    known = (await load(conn)).version
    await conn.execute("UPDATE catalog_item SET name = '新药' WHERE code = 'S1'")
    assert [
        row["code"] for row in await conn.fetch("SELECT code FROM catalog_item WHERE version > $1", known)
    ] == ["S1"]


async def test_a_deleted_item_disappears(conn):
    await add_item(conn, "D1")
    await add_item(conn, "D2")
    book = await load(conn)
    await conn.execute("DELETE FROM catalog_item WHERE code = 'D1'")
    await refresh(conn, book)
    assert (book.get("D1", DAY), book.get("D2", DAY) is not None) == (None, True)


async def test_until_the_last_row_is_read_everybody_sees_the_catalogue_as_it_was(conn, monkeypatch):
    monkeypatch.setattr(selectors, "CHUNK", 1)
    for code in ("H1", "H2"):
        await add_item(conn, code)
        await set_price(conn, code, 1)
    book = await load(conn)
    await conn.execute("UPDATE catalog_item SET chrgitm_lv = '02' WHERE code IN ('H1', 'H2')")
    await conn.execute("DELETE FROM catalog_price WHERE code = 'H2'")
    merging, seen = Catalogue.merge, []

    def watched(self, *rows) -> None:
        found = [book.get(code, DAY, "14") for code in ("H1", "H2")]
        seen.append([item and (item.chrgitm_lv, item.standard_micro) for item in found])
        merging(self, *rows)

    monkeypatch.setattr(Catalogue, "merge", watched)
    assert await refresh(conn, book)
    assert len(seen) > 2
    assert all(found == [("01", 1), ("01", 1)] for found in seen)
    assert (book.get("H1", DAY, "14").chrgitm_lv, book.get("H2", DAY, "14").standard_micro) == ("02", None)


async def test_rows_of_one_statement_share_a_version(conn):
    await add_item(conn, "V1")
    await add_item(conn, "V2")
    await conn.execute("UPDATE catalog_item SET name = '同' WHERE code IN ('V1', 'V2')")
    versions = await conn.fetch("SELECT DISTINCT version FROM catalog_item WHERE code IN ('V1', 'V2')")
    assert len(versions) == 1


@pytest.mark.clause("SX2022-27.art21.a")
async def test_a_city_cannot_have_a_payment_standard_of_its_own(conn):
    with pytest.raises(asyncpg.CheckViolationError):
        await conn.execute("INSERT INTO catalog_price VALUES ('X', '1408', '2023-01-01', NULL, 1, 0)")
