"""Columns of catalogue files, and the page that names them."""

from pathlib import Path

import pytest

from gongji.base.reasons import Refusal
from gongji.catalog.columns import PARTS, columns_of, label

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "catalogue.md").read_text("utf-8")


@pytest.mark.parametrize("part", list(PARTS.values()), ids=list(PARTS))
def test_the_page_names_every_column_of_the_templates(part):
    assert [column.names[0] for column in part.columns if column.names[0] not in PAGE] == []


@pytest.mark.parametrize("part", list(PARTS.values()), ids=list(PARTS))
def test_no_name_means_two_fields_of_a_part(part):
    names = [name for column in part.columns for name in column.names]
    assert len(names) == len(set(names))


def test_names_are_understood_with_their_decoration_and_empty_columns_behind_them():
    placed = columns_of(PARTS["prices"], ["序号", "医保编码*", "区 划", "支付标准（元）", "备注", "", ""])
    assert not isinstance(placed, Refusal)
    assert (placed.width, [(at, column.field) for at, column in placed.columns]) == (
        5,
        [(1, "code"), (2, "region"), (3, "standard_micro")],
    )


def test_a_column_without_a_name_between_others_is_refused():
    refusal = columns_of(PARTS["prices"], ["医保编码", "", "区划", "支付标准"])
    assert isinstance(refusal, Refusal)
    assert refusal.code == "IMPORT_COLUMN_UNKNOWN"


def test_a_field_nobody_imports_is_called_by_its_own_name():
    assert (label("chrgitm_lv"), label("from_on")) == ("收费项目等级", "from_on")
