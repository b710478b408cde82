"""Values of national messages are read exactly and with the tolerances that real clients need."""

from datetime import date, datetime
from typing import Any

import pytest

from gongji.base.times import CHINA
from gongji.gateway.fields import BadField, Choice, Day, Extension, Moment, Number, Text, is_empty

YUAN = Number(2, 10**11)


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        (1, 100),
        ("1", 100),
        ("1.10", 110),
        ("0.1", 10),
        (" 12.30 ", 1230),
        ("1.1000", 110),
        ("1.0E7", 10**9),
        ("-3.5", -350),
    ],
)
def test_money_comes_as_number_or_string_and_is_exact(value: Any, fen: int) -> None:
    assert YUAN.parse(value) == fen


@pytest.mark.parametrize(
    "value",
    [
        "1,000.00",
        "１２",
        "12。5",
        "12，5",
        "壹佰",
        "1.234",
        "",
        "1e",
        "1e999999999",
        "1e-5",
        "NaN",
        "Infinity",
        True,
        [],
        {},
        None,
    ],
)
def test_what_is_no_plain_number_is_refused(value: Any) -> None:
    with pytest.raises(BadField):
        YUAN.parse(value)


def test_a_thousand_million_yuan_is_out_of_range() -> None:
    with pytest.raises(BadField) as caught:
        YUAN.parse("1000000000.00")
    assert caught.value.code == "AMOUNT_OUT_OF_RANGE"
    assert YUAN.parse("999999999.99") == 99_999_999_999


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-08-15 09:30:01", datetime(2024, 8, 15, 9, 30, 1, tzinfo=CHINA)),
        ("2024-08-15", datetime(2024, 8, 15, tzinfo=CHINA)),
        ("20240815093001", datetime(2024, 8, 15, 9, 30, 1, tzinfo=CHINA)),
        ("2024-08-15T01:30:01Z", datetime(2024, 8, 15, 9, 30, 1, tzinfo=CHINA)),
        (20240815, datetime(2024, 8, 15, tzinfo=CHINA)),
    ],
)
def test_instants_are_read_on_chinas_clock(text: Any, instant: datetime) -> None:
    assert Moment().parse(text) == instant


@pytest.mark.parametrize(
    "text", ["2024-02-30", "15/08/2024", "昨天", "0001-01-01", "9999-01-01", True, 1.5, None]
)
def test_what_is_no_date_is_refused(text: Any) -> None:
    with pytest.raises(BadField):
        Moment().parse(text)


def test_a_date_drops_the_time_of_day() -> None:
    assert Day().parse("2024-08-15 23:59:59") == date(2024, 8, 15)


@pytest.mark.parametrize("value", [None, "", "null", "NULL", "  "])
def test_every_spelling_of_nothing_is_empty(value: Any) -> None:
    assert is_empty(value)


def test_one_digit_codes_may_be_padded() -> None:
    assert Choice(("0", "1")).parse("01") == "1"
    assert Choice(("01", "02")).parse("1") == "01"
    with pytest.raises(BadField):
        Choice(("0", "1")).parse("2")


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "\x07"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(BadField):
        Text(30).parse(text)


def test_a_number_may_stand_for_a_text() -> None:
    assert Text(30).parse(123) == "123"


@pytest.mark.parametrize(
    "value", ['{"trum_flag":"1","REL_TTP_FLAG":0}', {"TRUM_FLAG": "1", "REL_TTP_FLAG": "0"}]
)
def test_extensions_are_json_in_a_string_or_plain(value: Any) -> None:
    assert Extension().parse(value) == {"TRUM_FLAG": "1", "REL_TTP_FLAG": "0"}


@pytest.mark.parametrize("value", ["[1]", "abc", "{", 5, '"x"', "{" * 3000])
def test_an_extension_that_is_no_object_is_refused(value: Any) -> None:
    with pytest.raises(BadField):
        Extension().parse(value)
