"""Items and payment standards by code, day and area."""

from datetime import date

import msgspec
import pytest

from gongji.catalog.values import Catalogue, ItemSpell, PriceSpell

DAY = date(2024, 8, 15)


def item(from_on: date, until_on: date | None = None, level: str = "01") -> ItemSpell:
    blank = dict.fromkeys(
        (field.name for field in msgspec.structs.fields(ItemSpell) if field.type is str), ""
    )
    flags = dict.fromkeys(
        (field.name for field in msgspec.structs.fields(ItemSpell) if field.type is bool), False
    )
    given = blank | flags | {"code": "X1", "from_on": from_on, "until_on": until_on, "chrgitm_lv": level}
    return ItemSpell(**given)


def price(region: str, from_on: date, micro: int, until_on: date | None = None) -> PriceSpell:
    return PriceSpell("X1", region, from_on, until_on, micro)


def catalogue(*items: ItemSpell, prices: tuple[PriceSpell, ...] = ()) -> Catalogue:
    book = Catalogue()
    book.merge(items, prices)
    return book


def test_an_item_is_what_it_was_on_the_day():
    book = catalogue(item(date(2023, 1, 1), date(2024, 8, 15), "01"), item(date(2024, 8, 16), level="02"))
    assert [book.get("X1", date(2024, 8, day)).chrgitm_lv for day in (15, 16)] == ["01", "02"]


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2024, 8, 16)])
def test_an_item_outside_its_days_is_unknown(day: date):
    assert catalogue(item(date(2023, 1, 1), DAY)).get("X1", day) is None


def test_an_unknown_code_is_unknown():
    assert catalogue().get("X1", DAY) is None


def test_spells_may_arrive_in_any_order():
    book = catalogue(item(date(2024, 8, 16), level="02"), item(date(2023, 1, 1), level="01"))
    assert [book.get("X1", date(2024, 8, day)).chrgitm_lv for day in (15, 16)] == ["01", "02"]


def test_a_spell_of_the_same_first_day_replaces_the_old_one():
    book = catalogue(item(date(2023, 1, 1), level="01"))
    book.merge([item(date(2023, 1, 1), level="03")], ())
    assert book.get("X1", DAY).chrgitm_lv == "03"


@pytest.mark.clause("SX2022-27.art21.d")
def test_without_a_payment_standard_the_actual_price_counts():
    assert catalogue(item(date(2023, 1, 1))).get("X1", DAY, "14").standard_micro is None


def test_the_standard_of_the_nearest_area_counts():
    prices = (
        price("CN", date(2023, 1, 1), 3),
        price("14", date(2023, 1, 1), 2),
    )
    book = catalogue(item(date(2023, 1, 1)), prices=prices)
    found = [book.get("X1", DAY, region).standard_micro for region in ("140830", "140100", "621000", "CN")]
    assert found == [2, 2, 3, 3]


def test_where_an_areas_own_standard_has_ended_the_wider_one_counts():
    prices = (price("CN", date(2023, 1, 1), 3), price("14", date(2023, 1, 1), 2, until_on=date(2024, 8, 14)))
    assert catalogue(item(date(2023, 1, 1)), prices=prices).get("X1", DAY, "14").standard_micro == 3


def test_the_standard_of_the_day_counts():
    prices = (price("14", date(2023, 1, 1), 2), price("14", date(2024, 8, 15), 1))
    book = catalogue(item(date(2023, 1, 1)), prices=prices)
    assert [book.get("X1", date(2024, 8, day), "14").standard_micro for day in (14, 15)] == [2, 1]
