"""How rows of employers' files are written: what is read, and a reason for everything that cannot be."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.base.reasons import Refusal
from gongji.members.import_columns import Columns, columns_of
from gongji.members.import_rows import month_of, parse_row
from gongji.members.import_rules import Figures, Row, Terms
from tests.members.contribution_files import HEADER, MONTH, row
from tests.members.people import cert_no

COLUMNS = columns_of(HEADER)
assert isinstance(COLUMNS, Columns)
TERMS = Terms("甲公司", MONTH, date(2024, 6, 10))
FIGURES = Figures(500_000, 10_000, 32_500, date(2024, 5, 31), date(2024, 5, 20), "normal")
GOOD = Row(cert_no(), "测试", MONTH, FIGURES)


def parsed(**changed: str) -> Row | tuple[Refusal, ...]:
    return parse_row(row(changed.pop("证件号码", cert_no()), **changed), COLUMNS, TERMS)  # type: ignore[arg-type]


def codes(found: object) -> list[str]:
    assert isinstance(found, tuple), found
    return [refusal.code for refusal in found]


def test_a_good_row_is_read_to_the_fen_and_the_day() -> None:
    assert parsed() == GOOD


def test_a_row_without_month_is_of_the_files_month_and_without_kind_a_normal_one() -> None:
    assert parsed(费款所属期="", 类型="", 单位名称="") == GOOD


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"证件号码": ""}, "ROW_CELL_EMPTY"),
        ({"证件号码": cert_no()[:-1] + "x"}, "CERT_NO_WRONG"),
        ({"证件号码": "140199198002300011"}, "CERT_NO_WRONG"),
        ({"证件号码": cert_no()[:-1]}, "CERT_NO_WRONG"),
        ({"证件号码": "140199800101001"}, "CERT_NO_WRONG"),
        ({"证件号码": "张三"}, "CERT_NO_WRONG"),
        ({"证件号码": "1.40199198001010e+17"}, "CERT_NO_DIGITS_LOST"),
        ({"证件号码": "1.40199E+17"}, "CERT_NO_DIGITS_LOST"),
        ({"证件号码": "140199198001010000"}, "CERT_NO_DIGITS_LOST"),
        ({"姓名": ""}, "ROW_CELL_EMPTY"),
        ({"费款所属期": "2024"}, "ROW_MONTH_WRONG"),
        ({"费款所属期": "202413"}, "ROW_MONTH_WRONG"),
        ({"费款所属期": "2024-05-02"}, "ROW_MONTH_WRONG"),
        ({"费款所属期": "000101", "类型": "补缴"}, "ROW_MONTH_WRONG"),
        ({"费款所属期": "202404"}, "ROW_MONTH_OTHER"),
        ({"费款所属期": "202407", "类型": "补缴", "缴款期限": "2024-08-01"}, "ROW_MONTH_FUTURE"),
        (
            {"费款所属期": "198912", "类型": "补缴", "缴款期限": "1990-01-01", "到账日期": ""},
            "ROW_MONTH_WRONG",
        ),
        ({"缴费基数": ""}, "ROW_CELL_EMPTY"),
        ({"缴费基数": "五千"}, "ROW_AMOUNT_WRONG"),
        ({"缴费基数": "5000.001"}, "ROW_AMOUNT_WRONG"),
        ({"缴费基数": "5,000.00"}, "ROW_AMOUNT_WRONG"),
        ({"缴费基数": "5E3"}, "ROW_AMOUNT_WRONG"),
        ({"缴费基数": "-0.01"}, "AMOUNT_OUT_OF_RANGE"),
        ({"缴费基数": "1000000000.01"}, "AMOUNT_OUT_OF_RANGE"),
        ({"个人缴费": "-100"}, "AMOUNT_OUT_OF_RANGE"),
        ({"单位缴费": "-1"}, "AMOUNT_OUT_OF_RANGE"),
        ({"单位缴费": ""}, "ROW_CELL_EMPTY"),
        ({"个人缴费": "5000.01"}, "ROW_AMOUNT_ABOVE_BASE"),
        ({"单位缴费": "5000.01"}, "ROW_AMOUNT_ABOVE_BASE"),
        ({"缴款期限": ""}, "ROW_CELL_EMPTY"),
        ({"缴款期限": "2024-05-32"}, "ROW_DATE_WRONG"),
        ({"缴款期限": "5月底"}, "ROW_DATE_WRONG"),
        ({"缴款期限": "2024-04-30"}, "ROW_DATE_UNLIKELY"),
        ({"缴款期限": "2042-05-31"}, "ROW_DATE_UNLIKELY"),
        ({"到账日期": "2024/13/1"}, "ROW_DATE_WRONG"),
        ({"到账日期": "2024-06-11"}, "ROW_PAID_FUTURE"),
        ({"到账日期": "2014-05-20"}, "ROW_DATE_UNLIKELY"),
        ({"类型": "退费"}, "ROW_KIND_UNKNOWN"),
        ({"单位名称": "乙公司"}, "ROW_EMPLOYER_OTHER"),
    ],
)
def test_what_is_written_wrongly_has_a_reason_of_its_own(changed: dict[str, str], code: str) -> None:
    assert codes(parsed(**changed)) == [code]


def test_every_fault_of_a_row_is_said_at_once() -> None:
    found = parsed(证件号码="1", 姓名="", 缴费基数="x", 缴款期限="y", 类型="z")
    assert sorted(codes(found)) == sorted(
        ["CERT_NO_WRONG", "ROW_CELL_EMPTY", "ROW_AMOUNT_WRONG", "ROW_DATE_WRONG", "ROW_KIND_UNKNOWN"]
    )


def test_a_row_of_another_width_than_the_header_is_not_guessed_at() -> None:
    short = parse_row(row(cert_no())[:-1], COLUMNS, TERMS)  # type: ignore[arg-type]
    wide = parse_row([*row(cert_no()), "x"], COLUMNS, TERMS)  # type: ignore[arg-type]
    assert codes(short) == codes(wide) == ["ROW_SHAPE"]
    assert parse_row([*row(cert_no()), ""], COLUMNS, TERMS) == GOOD  # type: ignore[arg-type]


def test_a_document_other_than_the_identity_card_has_no_check_character() -> None:
    found = parsed(证件号码="h 1234567(8)")
    assert isinstance(found, Row)
    assert found.cert_no == "H1234567(8)"


def test_the_day_of_the_month_is_todays_limit_and_not_more() -> None:
    assert isinstance(parsed(到账日期="2024-06-10"), Row)
    assert isinstance(parsed(费款所属期="202406", 类型="补缴", 缴款期限="2024-06-30"), Row)


def test_refusals_repeat_neither_numbers_of_identity_nor_names() -> None:
    number, name = cert_no(7), "欧阳测试"
    wrong = dict.fromkeys(HEADER[2:9], number)
    shown = "".join(refusal.text for refusal in parsed(**wrong))  # type: ignore[union-attr]
    assert "ROW_DATE_WRONG" in shown
    assert number not in shown
    shown = "".join(refusal.text for refusal in parsed(**dict.fromkeys(HEADER[2:9], name)))  # type: ignore[union-attr]
    assert name not in shown


@pytest.mark.parametrize("text", ["202405", "2024-05", "2024/5", "2024年5月", "2024.05", "2024-05-01"])
def test_a_month_may_be_written_in_the_usual_ways(text: str) -> None:
    assert month_of(text) == MONTH


@pytest.mark.parametrize("text", ["20245", "24-05", "2024-00", "2024-05-15", "May 2024", "20240501x"])
def test_what_is_no_month_is_not_guessed_at(text: str) -> None:
    assert month_of(text) is None


@pytest.mark.parametrize("text", ["2024-05-31", "2024/5/31", "20240531", "2024年5月31日", "2024.5.31"])
def test_a_day_may_be_written_in_the_usual_ways(text: str) -> None:
    assert parsed(缴款期限=text) == GOOD
