"""What somebody states can be true, or is refused by one reason; nothing personal is repeated."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.base.money import BP_ONE, MAX_FEN
from gongji.members import validation
from gongji.members.identity import check_character

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


def code(refusal) -> str:
    return refusal.code if refusal is not None else ""


@given(st.text(min_size=1, max_size=30))
def test_a_text_is_taken_exactly_when_it_can_be_printed_and_is_not_blank(given_text: str):
    printable = given_text.isprintable() and bool(given_text.strip())
    assert (validation.text("姓名", given_text, 30) is None) == printable


@given(st.text(alphabet="<>'\";-& =/()", min_size=1, max_size=40).filter(str.strip))
def test_signs_of_markup_and_sql_are_only_text(given_text: str):
    assert validation.text("单位名称", given_text, 40) is None


def test_an_optional_text_may_be_missing_but_not_longer():
    assert validation.text("单位名称", "", 5, optional=True) is None
    assert code(validation.text("单位名称", "一二三四五六", 5, optional=True)) == "TEXT_INVALID"


@given(DAYS, DAYS)
def test_a_spell_ends_on_its_first_day_or_later(first: date, last: date):
    assert (validation.ordered("期间", first, last) is None) == (first <= last)
    assert validation.ordered("期间", first, None) is None


@given(DAYS, DAYS)
def test_nothing_happens_before_birth_or_after_today(on: date, edge: date):
    assert (validation.at_least_birth("日期", on, edge) is None) == (on >= edge)
    assert (validation.not_after("日期", on, edge) is None) == (on <= edge)


@given(st.integers(-(10**12), 10**12))
def test_amounts_and_rates_have_a_floor_and_a_ceiling(number: int):
    assert (validation.amount("限额", number) is None) == (0 <= number <= MAX_FEN)
    assert (validation.rate("比例", number) is None) == (0 <= number <= BP_ONE)


def test_no_amount_at_all_is_not_zero_and_is_taken():
    assert validation.amount("限额", None) is None
    assert validation.rate("比例", None) is None


@given(st.dates(date(1900, 1, 1), date(2024, 1, 1)), st.integers(0, 999), st.integers(0, 17))
def test_one_wrong_digit_of_an_identity_number_is_refused_and_not_repeated(
    born: date, order: int, position: int
):
    body = f"140199{born:%Y%m%d}{order:03d}"
    number = body + check_character(body)
    sex = "1" if order % 2 else "2"
    assert validation.cert("01", number, sex, born) is None
    digit = "0" if number[position] != "0" else "1"
    wrong = number[:position] + digit + number[position + 1 :]
    refusal = validation.cert("01", wrong, sex, born)
    assert code(refusal) == "CERT_INVALID"
    assert wrong not in refusal.text


def test_birth_and_sex_must_be_those_of_the_number():
    born = date(1980, 1, 1)
    number = "14019919800101001" + check_character("14019919800101001")
    assert code(validation.cert("01", number, "1", born + timedelta(days=1))) == "CERT_BIRTH_DIFFERS"
    assert code(validation.cert("01", number, "2", born)) == "CERT_GENDER_DIFFERS"


@pytest.mark.parametrize(
    ("given_region", "reason"),
    [
        ("140100", ""),
        ("149900", ""),
        ("14", "REGION_INVALID"),
        ("1401", "REGION_INVALID"),
        ("000000", "REGION_INVALID"),
        ("CN", "REGION_INVALID"),
        ("14010a", "REGION_INVALID"),
        ("１４０１００", "REGION_INVALID"),
        (" 140100", "REGION_INVALID"),
    ],
)
def test_a_region_is_six_digits_below_the_nation(given_region: str, reason: str):
    assert code(validation.region(given_region)) == reason


@pytest.mark.parametrize("phone", ["13800001111", "0351-1234567", "+86 138 0000 1111"])
def test_a_telephone_may_be_written_in_several_ways(phone: str):
    assert validation.phone(phone) is None


@pytest.mark.parametrize(
    "phone", ["", "12", "13800001111a", "-13800001111", "１３８００００１１１１", "1" * 21]
)
def test_what_is_no_telephone_is_refused_and_not_repeated(phone: str):
    refusal = validation.phone(phone)
    assert code(refusal) == "PHONE_INVALID"
    assert not phone or phone not in refusal.detail or len(phone) < 3


def test_the_first_of_several_mistakes_is_the_one_that_is_said():
    checks = (None, validation.text("姓名", "", 5), validation.amount("限额", -1))
    assert code(validation.first(*checks)) == "TEXT_INVALID"
    assert validation.first(None, None) is None
