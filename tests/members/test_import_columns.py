"""Headers of employers' files: names that are understood, and what is said about others."""

from __future__ import annotations

import pytest

from gongji.base.reasons import Refusal
from gongji.members.import_columns import NAMES, OPTIONAL, Columns, columns_of

REQUIRED = [names[0] for field, names in NAMES.items() if field not in OPTIONAL]


def refusal(*header: str) -> Refusal:
    found = columns_of(header)
    assert isinstance(found, Refusal)
    return found


@pytest.mark.parametrize("field", NAMES)
def test_every_name_of_a_field_is_understood_wherever_it_stands(field: str) -> None:
    for name in NAMES[field]:  # type: ignore[index]
        header = [name, *(known for known in REQUIRED if known not in NAMES[field])]  # type: ignore[index]
        columns = columns_of(header)
        assert isinstance(columns, Columns)
        assert columns.of(field) == 0  # type: ignore[arg-type]


def test_units_and_marks_of_obligation_are_no_part_of_a_name() -> None:
    header = ["*证件号码", "姓 名", "缴费基数（元）", "个人缴费(元)", "单位缴费 (元)", "缴款期限（必填）"]
    columns = columns_of(header)
    assert isinstance(columns, Columns)
    assert [columns.of("base_fen"), columns.of("due_on"), columns.of("month")] == [2, 5, -1]


def test_a_running_number_and_remarks_may_be_there() -> None:
    assert isinstance(columns_of(["序号", *REQUIRED, "备注", ""]), Columns)


def test_an_unknown_column_is_named() -> None:
    found = refusal(*REQUIRED, "工龄", "")
    assert found.code == "IMPORT_COLUMN_UNKNOWN"
    assert "工龄" in found.detail


def test_a_missing_column_is_named() -> None:
    found = refusal(*REQUIRED[:-1])
    assert found.code == "IMPORT_COLUMN_MISSING"
    assert found.detail == REQUIRED[-1]


def test_two_columns_for_one_field_are_refused() -> None:
    assert refusal(*REQUIRED, "身份证号").code == "IMPORT_COLUMN_TWICE"


def test_a_column_without_a_name_between_others_is_refused() -> None:
    assert "第 2 列没有列名" in refusal(REQUIRED[0], "", *REQUIRED[1:]).detail


def test_a_title_above_the_header_is_told_to_be_deleted() -> None:
    found = refusal("某单位2024年5月职工医疗保险缴费明细表", "", "")
    assert found.code == "IMPORT_HEADER"
    assert "删除标题" in found.detail


def test_a_first_line_of_data_is_not_repeated_in_the_refusal() -> None:
    assert "140199198001010011" not in refusal("140199198001010011", "张三").text
    assert "140199198001010011" not in refusal(*REQUIRED, "140199198001010011").text
