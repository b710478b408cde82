"""Institutions by date, and the book of them."""

from datetime import date

import pytest

from gongji.providers.register import Credential
from gongji.providers.values import Provider, ProviderBook, ProviderState

DAY = date(2024, 8, 15)


def state(from_on: date, until_on: date | None = None, **more) -> ProviderState:
    given = {
        "designated": True,
        "pooled_agreement": True,
        "fee_class": "3",
        "level": "1",
        "direct_settlement": True,
    }
    return ProviderState(from_on, until_on, **(given | more))


def provider(*states: ProviderState, kind: str = "hospital", code: str = "H14010000001") -> Provider:
    return Provider(code, "演示医院", "9914", kind, "9", "140100", "", states)


def test_an_institution_is_what_its_state_of_the_day_says():
    place = provider(
        state(date(2023, 1, 1), date(2024, 8, 15), fee_class="2"), state(date(2024, 8, 16), fee_class="3")
    )
    assert [place.on(date(2024, 8, day)).fee_class for day in (15, 16)] == ["2", "3"]


def test_outside_every_state_an_institution_is_not_designated():
    day = provider(state(date(2025, 1, 1))).on(DAY)
    assert (day.designated, day.pooled_agreement, day.direct_settlement) == (False, False, False)


@pytest.mark.clause("SX2022-27.art4.a")
def test_without_designation_there_is_no_pooled_agreement():
    assert not provider(state(date(2023, 1, 1), designated=False)).on(DAY).pooled_agreement


def test_attributes_are_words_and_empty_ones_are_left_out():
    attributes = provider(state(date(2023, 1, 1), fee_class="", level=""), kind="pharmacy").on(DAY).attributes
    assert attributes == {
        "kind": "pharmacy",
        "designated": "yes",
        "pooled_agreement": "yes",
        "direct_settlement": "yes",
    }


@pytest.mark.parametrize(
    ("hosp_lv", "level"),
    [("2", "3"), ("02", "3"), ("7", "2"), ("10", "1"), ("11", "0"), ("14", "1"), ("", "")],
)
def test_without_a_level_of_its_own_the_national_grade_gives_it(hosp_lv: str, level: str):
    graded = Provider(
        "H11010000001",
        "演示医院",
        "",
        "hospital",
        hosp_lv,
        "110100",
        "",
        (state(date(2023, 1, 1), level=""),),
    )
    assert graded.on(DAY).level == level


def test_a_level_of_its_own_comes_before_the_national_grade():
    assert provider(state(date(2023, 1, 1), level="2")).on(DAY).level == "2"


@pytest.mark.parametrize(
    ("kind", "code"), [("hospital", "1"), ("clinic", "1"), ("internet", "1"), ("pharmacy", "2")]
)
def test_the_national_type_tells_pharmacies_from_the_others(kind: str, code: str):
    assert provider(kind=kind).fixmedins_type == code


def test_a_book_finds_by_code_by_name_and_by_key():
    book = ProviderBook()
    key = Credential("K1", "H14010000001", "secret", date(2023, 1, 1), None)
    book.replace(1, [provider(), provider(kind="pharmacy", code="P14010000002")], [key])
    assert book.get("H14010000001").name == "演示医院"
    assert book.get("H1") is None
    assert [place.code for place in book.search("演示", "2")] == ["P14010000002"]
    assert book.credential("K1") is book.credential("H14010000001") is key


def test_of_two_keys_of_an_institution_each_is_found_and_the_newer_one_is_its_key():
    book = ProviderBook()
    old = Credential("K1", "H14010000001", "a", date(2023, 1, 1), date(2024, 1, 1))
    new = Credential("K2", "H14010000001", "b", date(2024, 1, 2), None)
    book.replace(1, [provider()], [old, new])
    assert (book.credential("K1"), book.credential("H14010000001")) == (old, new)


@pytest.mark.parametrize(
    ("day", "usable"), [(date(2022, 12, 31), False), (DAY, True), (date(2025, 1, 1), False)]
)
def test_a_key_signs_on_its_days_only(day: date, usable: bool):
    assert Credential("K1", "H1", "s", date(2023, 1, 1), date(2024, 12, 31)).usable(day) is usable


def test_a_secret_never_shows_in_a_log():
    assert "topsecret" not in repr(Credential("K1", "H1", "topsecret", DAY, None))
