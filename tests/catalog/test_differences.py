"""Differences of rows and catalogue: applied to what was, they give what the file says."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.catalog.columns import PARTS
from gongji.catalog.differences import (
    Differences,
    Key,
    Row,
    Spell,
    applied,
    differences,
    fields_of,
    key_of,
)
from gongji.catalog.values import CeilingSpell
from tests.catalog.books import drug, western

ON = date(2024, 9, 1)
DRUGS, CEILINGS = PARTS["drugs"], PARTS["ceilings"]

contents = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["甲药", "乙药"]),
        "chrgitm_lv": st.sampled_from(["01", "02"]),
        "unit": st.just("盒"),
    },
    optional={
        "spec": st.sampled_from(["", "1mg", "2mg"]),
        "centralized": st.booleans(),
        "pack_units": st.integers(0, 3),
        "restriction": st.sampled_from(["", "限成人"]),
        "until_on": st.sampled_from([None, "2025-12-31"]),
    },
)
limits = st.dictionaries(
    st.just("age"),
    st.sampled_from([None, {"kind": "age", "low": 18}, {"kind": "age", "high": 14}]),
    max_size=1,
)
numbers = st.integers(0, 9)


def known_of(given_items: dict[int, dict[str, Any]]) -> dict[Key, Spell]:
    spells = [drug(western(number), **content) for number, content in given_items.items()]
    return {key_of(spell): spell for spell in spells}


def rows_of(given_rows: dict[int, tuple[dict[str, Any], dict[str, Any], bool]]) -> list[Row]:
    return [
        Row(line, western(number), active=active, content=content, limits=limited)
        for line, (number, (content, limited, active)) in enumerate(given_rows.items(), 2)
    ]


@given(
    st.dictionaries(numbers, contents, max_size=8),
    st.dictionaries(numbers, st.tuples(contents, limits, st.booleans()), min_size=1, max_size=8),
    st.booleans(),
)
def test_differences_applied_to_what_was_give_what_the_file_says(old, new, whole: bool):
    known, rows = known_of(old), rows_of(new)
    found = differences(DRUGS, rows, known, ON, whole=whole)
    assert isinstance(found, Differences)
    result = applied(known, found.changes)
    for row in rows:
        spell = result.get(row.key)
        assert (spell is not None) == row.active
        if spell is not None:
            plain = msgspec.to_builtins(spell)
            assert {field: plain[field] for field in row.content} == row.content
            for kind, limit in row.limits.items():
                assert [one for one in plain["restrictions"] if one["kind"] == kind] == (
                    [limit] if limit else []
                )
    others = set(known) - {row.key for row in rows}
    assert {key for key in others if key in result} == (set() if whole else others)
    assert all(result[key] == known[key] for key in others if key in result)


@given(
    st.dictionaries(numbers, contents, max_size=8),
    st.dictionaries(numbers, st.tuples(contents, limits, st.booleans()), min_size=1, max_size=8),
    st.booleans(),
)
def test_the_same_file_once_more_makes_no_difference(old, new, whole: bool):
    known, rows = known_of(old), rows_of(new)
    first = differences(DRUGS, rows, known, ON, whole=whole)
    assert isinstance(first, Differences)
    second = differences(DRUGS, rows, applied(known, first.changes), ON, whole=whole)
    assert second == Differences((), len(rows))


@given(contents, contents)
def test_a_change_names_exactly_the_fields_that_differ(before: dict[str, Any], after: dict[str, Any]):
    old, new = drug(western(1), **before), drug(western(1), **after)
    named = {change.field: (change.before, change.after) for change in fields_of(old, new)}
    both = [(name, getattr(old, name), getattr(new, name)) for name in old.__struct_fields__]
    assert named == {name: (mine, its) for name, mine, its in both if mine != its}


def test_of_a_complete_list_of_prices_other_areas_are_left_alone():
    def ceiling(region: str) -> CeilingSpell:
        return CeilingSpell("1" * 15, region, "", date(2023, 1, 1), None, 1)

    known: dict[Key, Spell] = {key_of(spell): spell for spell in map(ceiling, ("1401", "1408"))}
    row = Row(2, "2" * 15, "1401", content={"ceiling_micro": 5})
    found = differences(CEILINGS, [row], known, ON, whole=True)
    assert isinstance(found, Differences)
    assert [(change.verb, change.key.code, change.key.region) for change in found.changes] == [
        ("ended", "1" * 15, "1401"),
        ("added", "2" * 15, "1401"),
    ]


@pytest.mark.parametrize("field", ["name", "chrgitm_lv", "unit"])
def test_something_new_without_what_it_needs_is_a_fault(field: str):
    content = {"name": "药", "chrgitm_lv": "01", "unit": "盒"}
    del content[field]
    found = differences(DRUGS, [Row(2, western(1), content=content)], {}, ON, whole=False)
    assert isinstance(found, tuple)
    assert found[0].refusal.code == "ROW_CELL_EMPTY"


def test_an_end_before_the_beginning_is_a_fault():
    content = {"name": "药", "chrgitm_lv": "01", "unit": "盒", "until_on": "2024-08-31"}
    found = differences(DRUGS, [Row(2, western(1), content=content)], {}, ON, whole=False)
    assert isinstance(found, tuple)
    assert found[0].refusal.code == "DATE_ORDER"
