"""Every day since 2023-01-01 and every case resolves to a row or is refused with a reason of the closed set."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.base.reasons import REASONS, Refusal
from gongji.kernel import layout as at
from gongji.policy import Law, Row, compile_law, load_library
from gongji.policy.check import FIRST_DAY, last_known_day

LAW = compile_law(load_library())
PLACES = {
    "14": ("class1", "class2", "class3", "pharmacy"),
    "6210": ("level3", "level2", "level1", "pharmacy", "clinic"),
}


@pytest.mark.parametrize("region", PLACES)
def test_every_known_day_has_a_row_for_every_case(law: Law, region: str) -> None:
    day, last = FIRST_DAY, last_known_day(law)
    while day <= last:
        for status, place in product(("active", "retired"), PLACES[region]):
            assert isinstance(law.row(region, day, {"status": status, "place": place}), Row), (
                day,
                status,
                place,
            )
        day += timedelta(days=1)


TEXT = st.text(max_size=8)


@settings(max_examples=300, deadline=None)
@given(
    region=st.sampled_from(["14", "1408", "140830", "6210", "62", "CN", "99", "", "山西", "140000"]),
    on=st.dates(date(2000, 1, 1), date(2040, 12, 31)),
    status=st.sampled_from(["active", "retired"]) | TEXT,
    place=st.sampled_from([*PLACES["14"], *PLACES["6210"]]) | TEXT,
    benefit=st.sampled_from(["ordinary", "as_inpatient", "chronic", "dual_channel", "nonsense"]),
)
def test_anything_asked_is_a_row_or_a_reason(
    region: str, on: date, status: str, place: str, benefit: str
) -> None:
    answer = LAW.row(region, on, {"status": status, "place": place}, benefit)
    if isinstance(answer, Refusal):
        assert answer.code in REASONS
        return
    assert len(answer.cells) == len(answer.sources) == at.ROW_SIZE
    assert all(type(cell) is int for cell in answer.cells)
    bands = answer.cells[at.ROW_BAND_BP : at.ROW_BAND_BP + answer.cells[at.ROW_BAND_COUNT]]
    assert all(0 <= bp <= 10_000 for bp in bands)


@settings(max_examples=300, deadline=None)
@given(
    region=st.sampled_from(["14", "6210", "CN", "99"]),
    on=st.dates(date(2000, 1, 1), date(2040, 12, 31)),
    facts=st.dictionaries(
        st.sampled_from(sorted(LAW.library.vocabulary.attributes)), st.sampled_from(["yes", "no"]) | TEXT
    ),
)
def test_any_facts_are_payable_or_refused_for_a_reason(region: str, on: date, facts: dict[str, str]) -> None:
    refusal = LAW.pool_refusal(region, on, facts)
    assert refusal is None or refusal.code in REASONS
    assert LAW.pool_refusal(region, on, dict(facts)) == refusal


@settings(max_examples=200, deadline=None)
@given(
    key=st.sampled_from(sorted(LAW.library.vocabulary.parameters)) | TEXT,
    region=st.sampled_from(["14", "6210"]),
    on=st.dates(date(2000, 1, 1), date(2040, 12, 31)),
)
def test_any_parameter_is_a_value_or_a_reason(key: str, region: str, on: date) -> None:
    answer = LAW.value(
        key, region, on, {"status": "active", "place": "pharmacy", "kind": "pharmacy", "level": "1"}
    )
    assert isinstance(answer, Refusal) == (getattr(answer, "code", None) in REASONS)


def test_strange_values_do_not_fill_the_memory(law: Law) -> None:
    table = law.table("14")
    assert not isinstance(table, Refusal)
    before = len(table.rows)
    for number in range(200):
        law.row("14", date(2024, 8, 15), {"status": "active", "place": f"place{number}"})
    assert len(table.rows) == before


def test_an_unknown_place_is_not_taken_for_another(law: Law) -> None:
    answer = law.row("14", date(2024, 8, 15), {"status": "active", "place": "level3"})
    assert isinstance(answer, Refusal)
    assert answer.code == "ATTRIBUTE_UNKNOWN"


@pytest.mark.parametrize("region", PLACES)
def test_the_flat_table_holds_the_same_rows_as_single_questions(law: Law, region: str) -> None:
    matrix = law.matrix(region)
    assert not isinstance(matrix, Refusal)
    for day, coordinate in product(matrix.starts, product(*matrix.values)):
        number = matrix.number(day, coordinate)
        answer = law.row(region, day, dict(zip(matrix.dims, coordinate, strict=True)))
        assert matrix.valid[number] == isinstance(answer, Row)
        if isinstance(answer, Row):
            assert matrix.cells[number * at.ROW_SIZE : (number + 1) * at.ROW_SIZE] == answer.cells


def test_the_flat_table_knows_the_version_of_a_day_and_is_made_once(law: Law) -> None:
    matrix = law.matrix("140830")
    assert not isinstance(matrix, Refusal)
    case = [{"status": "active", "place": "class3"}[dim] for dim in matrix.dims]
    june, july = matrix.number(date(2024, 6, 30), case), matrix.number(date(2024, 7, 1), case)
    rates = [matrix.cells[number * at.ROW_SIZE + at.ROW_BAND_BP] for number in (june, july)]
    assert rates == [6000, 6500]
    assert matrix.number(date(1999, 1, 1), case) == -1
    assert law.matrix("140830") is matrix


def test_a_missing_fact_is_named(law: Law) -> None:
    answer = law.row("14", date(2024, 8, 15), {"place": "class3"})
    assert isinstance(answer, Refusal)
    assert answer.code == "ATTRIBUTE_MISSING"
    assert "status" in answer.text


def test_a_refused_visit_has_a_row_that_pays_nothing(law: Law) -> None:
    refused = law.refused_row("14", date(2024, 8, 15))
    assert isinstance(refused, Row)
    assert refused.cells[at.ROW_BAND_BP] == 0
    assert refused.cells[at.ROW_ACCOUNT_PAYS_FULL_SELFPAY] == 1
