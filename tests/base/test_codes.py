"""National dictionaries."""

import pytest

from gongji.base import codes


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("insutype", "310", "职工基本医疗保险"),
        ("med_type", "11", "普通门诊"),
        ("med_type", "12", "门诊挂号"),
        ("mdtrt_cert_type", "03", "社会保障卡"),
        ("chrgitm_lv", "02", "乙类"),
        ("fund_pay_type", "310200", "城镇职工基本医疗保险个人账户基金"),
        ("psn_type", "12", "退休"),
        ("naty", "56", "基诺族"),
    ],
)
def test_a_value_has_its_published_name(field: str, value: str, text: str):
    assert codes.label(field, value) == text


def test_an_unknown_value_has_no_name():
    assert codes.label("insutype", "999") is None
    assert not codes.is_known("insutype", "999")


def test_an_unknown_field_has_no_values():
    assert codes.values("no_such_field") == ()
    assert codes.label("no_such_field", "1") is None


def test_the_name_of_a_field_is_found_in_any_case():
    assert codes.dictionary("trum_flag").field == "TRUM_FLAG"
    assert codes.label("MED_TYPE", "41") == "定点药店购药"


def test_values_keep_the_order_of_the_list_and_count_from_one():
    assert [(code.value, code.sort) for code in codes.values("chrgitm_lv")] == [
        ("01", 1),
        ("02", 2),
        ("03", 3),
    ]


def test_a_longer_code_of_a_tree_is_the_child_of_the_code_it_begins_with():
    parents = {code.value: code.parent for code in codes.values("psn_type")}
    assert (parents["1105"], parents["11"], parents["33"]) == ("11", "", "")


def test_codes_of_a_flat_list_have_no_parent():
    assert {code.parent for code in codes.values("clr_type")} == {""}


def test_every_dictionary_has_a_name_and_at_least_two_values_without_blanks():
    for field in codes.fields():
        entry = codes.dictionary(field)
        assert entry.name, field
        assert len(entry.codes) >= 2, field
        assert all(code.value.strip() and code.label.strip() for code in entry.codes), field
        assert all(len(code.value) <= 20 for code in entry.codes), field
