"""Identity numbers: check character, date of birth, masking."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.members.identity import born_on, check_character, gender, is_valid_cert_no, mask_cert_no

BODY = "14019919800101001"


def test_the_example_of_the_standard_has_check_character_x():
    assert check_character("11010519491231002") == "X"


def test_a_number_with_its_own_check_character_is_valid():
    assert is_valid_cert_no(BODY + check_character(BODY))


def test_a_lower_case_x_is_the_same_character():
    assert is_valid_cert_no("11010519491231002x")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_changed_digit_is_always_noticed(position: int, change: int):
    digit = str((int(BODY[position]) + change) % 10)
    changed = BODY[:position] + digit + BODY[position + 1 :]
    assert not is_valid_cert_no(changed + check_character(BODY))


@pytest.mark.parametrize(
    "number", ["", "1", "14019919800101001", "1401991980010100１X", "x" * 18, "140199198001010015 "]
)
def test_what_is_not_eighteen_characters_of_a_number_is_not_valid(number: str):
    assert not is_valid_cert_no(number)


def test_a_day_that_does_not_exist_makes_the_number_invalid():
    body = "14019919810229001"
    assert not is_valid_cert_no(body + check_character(body))


def test_the_date_of_birth_is_written_in_the_number():
    assert born_on(BODY + "0") == date(1980, 1, 1)


def test_an_odd_order_number_is_a_man():
    assert (gender(BODY + "0"), gender("14019919800101002" + "0")) == ("1", "2")


def test_a_masked_number_shows_area_and_last_two_characters_only():
    assert mask_cert_no("11010519491231002X") == "110105**********2X"


def test_a_short_number_is_masked_whole():
    assert mask_cert_no("G1234567") == "********"
