"""Attributes that follow from a number: 年龄段 from 周岁, without gaps and overlaps."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.policy import Law, Row, dump_library, restore_library
from tests.policy.help import FACTS, document, law_of, problems_of, scheme, sets

DAY = date(2024, 3, 3)
VALUES = "attributes: {age_band: {young: 青年, old: 老年}}"


def rules(*texts: str) -> str:
    """A document's declarations with these rules of derivation."""
    return f"declares: {{{VALUES}, derive: [{', '.join(texts)}]}}\nprovisions: []\n"


def rule(value: str, condition: str) -> str:
    return f"{{attribute: age_band, value: {value}, when: {{{condition}}}}}"


YOUNG, OLD = rule("young", "age: {below: 60}"), rule("old", "age: {at_least: 60}")


@pytest.fixture(scope="module")
def aged() -> Law:
    return scheme("age_and_doctor")


@pytest.mark.parametrize(
    ("age", "band"),
    [
        ("0", "under60"),
        ("59", "under60"),
        ("60", "from60"),
        ("79", "from60"),
        ("80", "from80"),
        ("150", "from80"),
    ],
)
def test_a_band_holds_from_its_first_age_to_the_last_before_the_next(aged: Law, age: str, band: str) -> None:
    assert aged.derive("4490", DAY, {"age": age})["age_band"] == band


def test_a_stated_band_is_not_derived_again(aged: Law) -> None:
    assert aged.derive("4490", DAY, {"age": "20", "age_band": "from80"})["age_band"] == "from80"


@pytest.mark.parametrize("age", ["", "-1", "151", "60.5", "060", "六十"])
def test_an_age_that_is_no_age_gives_no_band(aged: Law, age: str) -> None:
    assert "age_band" not in aged.derive("4490", DAY, {"age": age})


def test_a_row_derives_the_band_that_it_needs(aged: Law) -> None:
    by_age, by_band = (aged.row("4490", DAY, facts) for facts in ({"age": "72"}, {"age_band": "from60"}))
    assert isinstance(by_age, Row)
    assert isinstance(by_band, Row)
    assert by_age.cells == by_band.cells


def test_a_law_says_which_numbers_its_regions_ask_for(aged: Law) -> None:
    assert [aged.numbers(region) for region in ("449000", "14", "0")] == [
        frozenset({"age"}),
        frozenset(),
        frozenset(),
    ]


def test_a_band_may_depend_on_words_too() -> None:
    law = law_of(
        document(
            rules(
                rule("young", "status: active, age: {below: 65}"),
                rule("old", "status: active, age: {at_least: 65}"),
                rule("old", "status: retired, age: {at_least: 55}"),
                rule("young", "status: retired, age: {below: 55}"),
            )
        )
    )
    bands = [
        law.derive("9901", DAY, {"status": who, "age": "60"})["age_band"] for who in ("active", "retired")
    ]
    assert bands == ["young", "old"]


def test_a_refusal_may_depend_on_a_derived_band() -> None:
    refuses = "provisions: [{clause: T1.a, text: 甲, refuses: [{reason: ABROAD, when: {age_band: old}}]}]\n"
    law = law_of(document(rules(YOUNG, OLD).replace("provisions: []\n", refuses)))
    found = [law.pool_refusal("9901", DAY, {**FACTS, "age": age}) for age in ("59", "60", "59", "60")]
    assert [refusal.code if refusal else None for refusal in found] == [None, "ABROAD", None, "ABROAD"]


@pytest.mark.parametrize(
    ("derive", "words"),
    [
        ((YOUNG,), "T1 由 age 推出 age_band 的各段有空缺: 60 及以上没有取值"),
        ((OLD,), "T1 由 age 推出 age_band 的各段有空缺: 60 以下没有取值"),
        (
            (rule("young", "age: {below: 59}"), OLD),
            "T1 由 age 推出 age_band 的各段有空缺: 59 至不满 60 没有取值",
        ),
        ((rule("young", "age: {below: 61}"), OLD), "T1 由 age 推出 age_band 的各段重叠: 60 属于两段"),
        ((YOUNG, rule("old", "age: {}")), "须写 at_least 或 below"),
        ((YOUNG, OLD, rule("old", "age: {at_least: 70}")), "重叠: 70 属于两段"),
        ((YOUNG, rule("old", "age: {at_least: 60, below: 60}")), "范围是空的"),
        ((YOUNG, rule("old", "age: {at_least: 60.5}")), "0 至 150 的整数: 60.5"),
        ((YOUNG, rule("old", "age: {above: 60}")), "没有 above 这个键"),
        ((rule("young", "level: {below: 60}"), rule("old", "level: {at_least: 60}")), "所依的 level 不是数"),
        ((rule("young", "age: 59"), YOUNG, OLD), "没有属性 age"),
        ((YOUNG, rule("ancient", "age: {at_least: 60}")), "没有取值 ancient"),
    ],
)
def test_ranges_that_leave_out_or_repeat_a_number_are_refused(derive: tuple[str, ...], words: str) -> None:
    found = problems_of(document(rules(*derive)))
    assert any(words in problem for problem in found), found


def test_two_documents_of_a_region_that_draw_the_ranges_differently_are_refused() -> None:
    other = rules(rule("young", "age: {below: 65}"), rule("old", "age: {at_least: 65}"))
    found = problems_of(document(rules(YOUNG, OLD)), document(other, identity="T2"))
    assert any("T1 与 T2 由 age 推出 age_band 的分段不同" in problem for problem in found), found


def test_two_documents_of_a_region_may_draw_the_same_ranges() -> None:
    assert problems_of(document(rules(YOUNG, OLD)), document(rules(OLD, YOUNG), identity="T2")) == []


def test_a_city_may_draw_its_own_ranges() -> None:
    other = rules(rule("young", "age: {below: 65}"), rule("old", "age: {at_least: 65}"))
    law = law_of(document(rules(YOUNG, OLD)), document(other, identity="T2", region="990101"))
    assert [law.derive(region, DAY, {"age": "62"})["age_band"] for region in ("9901", "990101")] == [
        "old",
        "young",
    ]


def test_nothing_varies_by_single_ages() -> None:
    body = "declares: {by: {rate.pool: [age]}}\n" + sets("T1.a", 'rate.pool: "5%"')
    assert any("age 没有声明取值" in problem for problem in problems_of(document(body)))
    body = "declares: {attributes: {age: [1, 2]}}\nprovisions: []\n"
    assert any("age 是数" in problem for problem in problems_of(document(body)))


def test_a_law_with_ranges_and_listed_items_comes_back_from_its_canonical_text(aged: Law) -> None:
    back = restore_library(dump_library(aged.library))
    assert back.digest == aged.digest
    assert Law(back).derive("4490", DAY, {"age": "80"})["age_band"] == "from80"
    assert Law(back).item_treats("449000") == {"XB01": 5}


def test_what_was_written_without_ranges_and_items_says_nothing_of_them() -> None:
    text = dump_library(law_of(document("declares: {categories: {x: 5}}\nprovisions: []\n")).library)
    assert b'"items"' not in text
    assert b'"ranges"' not in text


def test_a_code_belongs_to_one_category_of_a_region() -> None:
    body = (
        "declares: {categories: {x: {code: 5, items: [XB01]}, y: {code: 6, items: [XB01]}}}\nprovisions: []\n"
    )
    assert any("XB01 列了不止一次" in problem for problem in problems_of(document(body)))


def test_a_category_that_lists_items_states_its_code() -> None:
    body = "declares: {categories: {x: {items: [XB01]}}}\nprovisions: []\n"
    assert any("缺少 code" in problem for problem in problems_of(document(body)))
