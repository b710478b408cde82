"""What holds for a person on a day."""

from datetime import date

import pytest

from gongji.members.rules import age_on, offsite, standing_on, voucher_state
from gongji.members.values import (
    ChronicEntitlement,
    Credential,
    FilingSpell,
    NonbenefitSpell,
    Person,
    Records,
    RelationSpell,
)

DAY = date(2024, 8, 15)
PERSON = Person("P1", "张三", "01", b"11010519491231002X", "1", "01", date(1949, 12, 31))


def relation(from_on: date, until_on: date | None = None, status: str = "active", **more) -> RelationSpell:
    given = {
        "insutype": "310",
        "category": "employee" if status == "active" else "retired",
        "psn_type": "11",
        "region": "140100",
        "employer": "甲公司",
        "payer": "employer",
    } | more
    return RelationSpell(from_on, until_on, status=status, civil_servant=False, has_account=True, **given)


def records(
    *relations: RelationSpell, person: Person = PERSON, nonbenefits=(), filings=(), chronic=()
) -> Records:
    return Records(person, relations, nonbenefits, filings, chronic)


def test_a_person_with_a_relation_that_lasts_is_insured():
    standing = standing_on(records(relation(date(2023, 1, 1))), DAY)
    assert (standing.insured, standing.status, standing.region) == (True, "active", "140100")


def test_the_first_and_the_last_day_of_a_relation_are_insured():
    spell = records(relation(DAY, DAY))
    assert [standing_on(spell, date(2024, 8, day)).insured for day in (14, 15, 16)] == [False, True, False]


@pytest.mark.clause("SX2022-27.art2.a")
def test_status_changes_on_the_first_day_of_the_new_relation():
    change = records(
        relation(date(2023, 1, 1), date(2024, 8, 31)),
        relation(date(2024, 9, 1), status="retired", psn_type="12"),
    )
    assert standing_on(change, date(2024, 8, 31)).status == "active"
    assert standing_on(change, date(2024, 9, 1)).status == "retired"


def test_of_two_relations_of_a_day_the_one_that_began_last_holds():
    overlap = records(
        relation(date(2023, 1, 1), region="140100"), relation(date(2024, 1, 1), region="140200")
    )
    assert standing_on(overlap, DAY).region == "140200"


def test_without_a_relation_that_day_the_last_one_is_shown_and_the_pause_is_dated():
    standing = standing_on(records(relation(date(2023, 1, 1), date(2024, 6, 30))), DAY)
    assert (standing.insured, standing.status, standing.employer) == (False, None, "甲公司")
    assert standing.paused_from == date(2024, 7, 1)


def test_without_a_relation_that_day_no_account_can_be_used():
    assert not standing_on(records(relation(date(2023, 1, 1), date(2024, 6, 30))), DAY).has_account


def test_a_person_without_any_relation_is_nobody_to_the_scheme():
    standing = standing_on(records(), DAY)
    assert (standing.insured, standing.region, standing.insured_from, standing.paused_from) == (
        False,
        "",
        None,
        None,
    )


def test_a_person_is_insured_until_the_day_of_death():
    person = Person("P1", "张三", "01", b"11010519491231002X", "1", "01", date(1949, 12, 31), died_on=DAY)
    dead = records(relation(date(2023, 1, 1)), person=person)
    assert standing_on(dead, DAY).insured
    assert not standing_on(dead, date(2024, 8, 16)).insured
    assert standing_on(dead, date(2024, 8, 16)).paused_from == date(2024, 8, 16)


@pytest.mark.clause("SX2022-27.art26.5a", "SX2022-27.art26.5b")
def test_arrears_and_waiting_hold_on_their_days_only():
    spells = (
        NonbenefitSpell("arrears", date(2024, 7, 1), date(2024, 7, 31)),
        NonbenefitSpell("waiting", date(2024, 8, 1), None),
    )
    person = records(relation(date(2023, 1, 1)), nonbenefits=spells)
    july, august = standing_on(person, date(2024, 7, 31)), standing_on(person, date(2024, 8, 1))
    assert (july.arrears, july.waiting) == (True, False)
    assert (august.arrears, august.waiting) == (False, True)


def test_chronic_entitlements_are_those_of_the_day():
    chronic = (
        ChronicEntitlement("M03900", "高血压", date(2024, 1, 1), None, None, 300_000),
        ChronicEntitlement("M01600", "糖尿病", date(2023, 1, 1), date(2023, 12, 31), None, None),
    )
    assert set(standing_on(records(relation(date(2023, 1, 1)), chronic=chronic), DAY).chronic) == {"M03900"}


def standing(filing: FilingSpell | None = None):
    return standing_on(records(relation(date(2023, 1, 1)), filings=(filing,) if filing else ()), DAY)


def test_a_place_in_the_home_city_is_not_offsite():
    assert offsite(standing(), "140105") == "none"


@pytest.mark.parametrize(
    ("home", "place"), [("140800", "149900"), ("149900", "140100"), ("149900", "149901")]
)
def test_the_provinces_own_institutions_and_members_are_at_home_in_it(home: str, place: str):
    assert offsite(standing_on(records(relation(date(2023, 1, 1), region=home)), DAY), place) == "none"


@pytest.mark.parametrize(
    ("home", "place"), [("500101", "500229"), ("500229", "500101"), ("120000", "120221")]
)
def test_a_municipality_is_one_area_of_pooling(home: str, place: str):
    assert offsite(standing_on(records(relation(date(2023, 1, 1), region=home)), DAY), place) == "none"


def test_a_filing_of_one_kind_says_nothing_once_the_relation_has_gone_to_another_province():
    filed = FilingSpell("LONG_TERM_IN_PROVINCE", "140800", date(2024, 1, 1), None)
    moved = standing_on(records(relation(date(2023, 1, 1), region="621000"), filings=(filed,)), DAY)
    assert offsite(moved, "140830") == "TEMPORARY"


def test_beside_a_temporary_filing_elsewhere_the_long_term_one_still_holds():
    filings = (
        FilingSpell("LONG_TERM_OUT_OF_PROVINCE", "110000", date(2024, 1, 1), None),
        FilingSpell("TEMPORARY", "310000", date(2024, 8, 1), date(2025, 2, 1)),
    )
    both = standing_on(records(relation(date(2023, 1, 1)), filings=filings), DAY)
    assert [offsite(both, place) for place in ("110101", "310101")] == [
        "LONG_TERM_OUT_OF_PROVINCE",
        "TEMPORARY",
    ]


def test_another_provinces_own_institution_is_not_local():
    assert offsite(standing(), "629900") == "TEMPORARY"


@pytest.mark.clause("SX2022-27.art26.4")
def test_another_city_without_a_filing_is_a_temporary_stay():
    assert offsite(standing(), "140800") == "TEMPORARY"


@pytest.mark.clause("SX2022-27.art24.a")
def test_a_filing_counts_in_its_area_only():
    filed = standing(FilingSpell("LONG_TERM_IN_PROVINCE", "140800", date(2024, 1, 1), None))
    assert offsite(filed, "140830") == "LONG_TERM_IN_PROVINCE"
    assert offsite(filed, "140200") == "TEMPORARY"


def test_a_filing_that_has_ended_does_not_count():
    filed = standing(FilingSpell("LONG_TERM_IN_PROVINCE", "140800", date(2024, 1, 1), date(2024, 8, 14)))
    assert offsite(filed, "140800") == "TEMPORARY"


def card(**dates) -> Credential:
    given = {
        "from_on": date(2023, 1, 1),
        "until_on": None,
        "blocked_from": None,
        "blocked_until": None,
    } | dates
    return Credential("P1", "card", "A1", "", **given)


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        ({}, "valid"),
        ({"until_on": DAY}, "valid"),
        ({"until_on": date(2024, 8, 14)}, "expired"),
        ({"from_on": date(2024, 8, 16)}, "expired"),
        ({"blocked_from": DAY}, "blocked"),
        ({"blocked_from": date(2024, 8, 16)}, "valid"),
        ({"blocked_from": date(2024, 1, 1), "blocked_until": DAY}, "blocked"),
        ({"blocked_from": date(2024, 1, 1), "blocked_until": date(2024, 8, 14)}, "valid"),
    ],
)
def test_a_card_is_judged_on_the_day(dates: dict, state: str):
    assert voucher_state(card(**dates), DAY) == state


def test_an_age_is_completed_on_the_birthday():
    born = date(1980, 8, 15)
    assert [age_on(born, date(2024, 8, day)) for day in (14, 15)] == [43, 44]


def test_a_newborn_is_nought_until_the_first_birthday():
    born = date(2024, 8, 15)
    assert [age_on(born, on) for on in (born, date(2025, 8, 14), date(2025, 8, 15))] == [0, 0, 1]


def test_somebody_born_on_29_february_completes_a_year_on_1_march_of_a_common_year():
    born = date(1964, 2, 29)
    assert [age_on(born, on) for on in (date(2023, 2, 28), date(2023, 3, 1))] == [58, 59]


def test_somebody_born_on_29_february_completes_a_year_on_that_day_of_a_leap_year():
    born = date(1964, 2, 29)
    assert [age_on(born, on) for on in (date(2024, 2, 28), date(2024, 2, 29))] == [59, 60]


def test_a_birthday_on_28_february_or_1_march_is_kept_in_every_year():
    assert [age_on(date(1964, 2, 28), date(year, 2, 28)) for year in (2023, 2024)] == [59, 60]
    assert [age_on(date(1964, 3, 1), date(2024, 2, 29)), age_on(date(1964, 3, 1), date(2024, 3, 1))] == [
        59,
        60,
    ]


def test_a_person_in_a_log_shows_neither_name_nor_number():
    assert "张三" not in repr(PERSON)
    assert "11010519491231002X" not in f"{PERSON} {PERSON!r}"
