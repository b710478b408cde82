"""The book of institutions is read again when something has changed, and only then."""

from datetime import date

import pytest

from gongji.providers.selectors import load, refresh
from tests.vaults import VAULT

CODE = "H14010000077"


@pytest.fixture
async def place(conn):
    await conn.execute(
        "INSERT INTO providers_institution VALUES ($1, '甲医院', '9914', 'hospital', '2', '140100', '')"
        " ON CONFLICT DO NOTHING",
        CODE,
    )
    await conn.execute(
        "INSERT INTO providers_state (code, state_no, from_on, designated, pooled_agreement, fee_class, level,"
        " direct_settlement) VALUES ($1, 1, '2023-01-01', true, true, '1', '3', true) ON CONFLICT DO NOTHING",
        CODE,
    )
    return conn


async def test_a_book_holds_what_is_recorded(place):
    day = (await load(place, VAULT)).get(CODE).on(date(2024, 8, 15))
    assert (day.name, day.fee_class, day.level, day.pooled_agreement) == ("甲医院", "1", "3", True)


async def test_nothing_is_read_again_when_nothing_has_changed(place):
    book = await load(place, VAULT)
    assert not await refresh(place, book, VAULT)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE providers_institution SET name = '乙医院' WHERE code = $1",
        "UPDATE providers_state SET fee_class = '2' WHERE code = $1",
        "INSERT INTO providers_offer VALUES ($1, 1, 'delivery', '2023-01-01')",
        "INSERT INTO providers_place VALUES ($1, 1, 35000000, 111000000)",
        "DELETE FROM providers_staff WHERE code = $1",
        "DELETE FROM providers_credential WHERE code = $1",
        "DELETE FROM providers_suspension WHERE code = $1",
        "DELETE FROM providers_channel WHERE code = $1",
        "DELETE FROM providers_certificate WHERE code = $1",
    ],
)
async def test_every_kind_of_change_is_noticed(place, change: str):
    book = await load(place, VAULT)
    await place.execute(change, CODE)
    assert await refresh(place, book, VAULT)


async def test_an_uncommitted_change_is_not_seen(place, pg_url):
    import asyncpg

    other = await asyncpg.connect(pg_url)
    book = await load(place, VAULT)
    transaction = other.transaction()
    await transaction.start()
    await other.execute("UPDATE providers_institution SET name = '丙医院' WHERE code = $1", CODE)
    assert not await refresh(place, book, VAULT)
    await transaction.commit()
    assert await refresh(place, book, VAULT)
    assert book.get(CODE).name == "丙医院"
    await other.close()
