"""Forms of national codes, and cells of files."""

import pytest

from gongji.catalog import cells
from gongji.catalog.rules import charge_type_of, code_fault, kind_of, list_type_of
from gongji.demo_data.items import items


@pytest.mark.parametrize(
    ("code", "kind", "list_type", "charge_type"),
    [
        ("XJ01CAA040A001010102699", "drug", "101", "09"),
        ("ZA01AAX0001010100001", "drug", "101", "11"),
        ("T000100001", "drug", "102", "10"),
        ("C0101010100100100001", "consumable", "301", "08"),
        ("001102000010000-110200001", "service", "201", ""),
    ],
)
def test_a_code_says_what_its_item_is(code: str, kind: str, list_type: str, charge_type: str):
    assert (kind_of(code), list_type_of(code), charge_type_of(code)) == (kind, list_type, charge_type)


@pytest.mark.parametrize(
    "code",
    [
        "XJ01CAA040A001010102699",
        "ZA01AAX0001010100001",
        "T000100001",
        "C0101010100100100001",
        "C0101010100100100001-0000012",
        "C01010101001001000010000012",
        "001102000010000",
        "001102000010000-110200001",
    ],
)
def test_codes_of_the_national_form_are_good(code: str):
    assert code_fault(code) is None


@pytest.mark.parametrize(
    "code",
    [
        "",
        "X",
        "XJ01CAA040A00101010269",
        "XJ01CAA040A0010101026991",
        "xj01caa040a001010102699",
        "ZA01AAX000101010000",
        "T00010000A",
        "C010101010010010000",
        "00110200001000",
        "001102000010000_1",
        "Q123456789",
        "药品编码",
        "１２３４５６７８９０１２３４５",
    ],
)
def test_other_codes_are_told_what_is_wrong(code: str):
    assert code_fault(code)


def test_preparations_are_known_by_their_list():
    assert code_fault("ZF0001234567", "103") is None
    assert code_fault("zf", "103")


def test_every_item_of_the_demonstration_has_a_code_of_the_national_form():
    assert {item.code: fault for item in items() if (fault := code_fault(item.code))} == {}


@pytest.mark.parametrize(
    ("parse", "given", "value"),
    [
        (cells.flag, "是", True),
        (cells.flag, "", False),
        (cells.validity, "", True),
        (cells.validity, "停用", False),
        (cells.micro, "0.085", 85_000),
        (cells.micro, "4980", 4_980_000_000),
        (cells.day, "2024年5月1日", "2024-05-01"),
        (cells.day, "20240501", "2024-05-01"),
        (cells.day, "", None),
        (cells.whole, "14", 14),
        (cells.province, "140000", "14"),
        (cells.any_area, "140100", "1401"),
        (cells.choice({"01": "甲类"}), "甲", "01"),
        (cells.choice({"01": "甲类"}), "1", "01"),
        (cells.choice({"01": "甲类"}), "甲类", "01"),
        (cells.limit("age"), "18-60", {"kind": "age", "low": 18, "high": 60}),
        (cells.limit("age"), "18岁及以上", {"kind": "age", "low": 18}),
        (cells.limit("age"), "≤14", {"kind": "age", "high": 14}),
        (cells.limit("days"), "30", {"kind": "days", "high": 30}),
        (cells.limit("level"), "三级，二级", {"kind": "level", "values": ["3", "2"]}),
        (cells.limit("sex"), "女", {"kind": "sex", "values": ["2"]}),
        (cells.limit("indication"), "e11 I10；e11", {"kind": "indication", "values": ["E11", "I10"]}),
        (cells.limit("care"), "", None),
    ],
)
def test_cells_are_read_as_people_write_them(parse, given: str, value: object):
    assert parse(given) == value


@pytest.mark.parametrize(
    ("parse", "given"),
    [
        (cells.flag, "也许"),
        (cells.validity, "不知道"),
        (cells.micro, "-1"),
        (cells.micro, "1.0000001"),
        (cells.micro, "1e3"),
        (cells.micro, "99999999"),
        (cells.day, "2024-02-30"),
        (cells.whole, "1.5"),
        (cells.whole, "１"),
        (cells.province, "1401"),
        (cells.any_area, "太原"),
        (cells.choice({"01": "甲类"}), ""),
        (cells.text(3), "四个字呢"),
        (cells.text(9), "换\n行"),
        (cells.limit("age"), "成人"),
        (cells.limit("age"), "60-18"),
        (cells.limit("level"), "四级"),
        (cells.limit("indication"), "糖尿病"),
    ],
)
def test_cells_that_say_nothing_sure_are_refused(parse, given: str):
    with pytest.raises(ValueError, match=r"."):
        parse(given)
