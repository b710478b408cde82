"""Which of several documents is in force: supersession, overriding, filling, and conflicts."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.base.reasons import Refusal
from gongji.policy import Law, Value
from tests.policy.help import document, law_of, problems_of, sets

OLD = document(sets("T1.a", 'ceiling.per_year: "1000.00"'), "T1", since="2023-01-01")


def ceiling(law: Law, on: date, region: str = "9901") -> int | str:
    value = law.value("ceiling.per_year", region, on)
    if isinstance(value, Refusal):
        return value.code
    assert isinstance(value.raw, int)
    return value.raw


def newer(relation: str, until: str = "2025-12-31", amount: str = "2000.00", region: str = "9901") -> str:
    body = f"{relation}\n" + sets("T2.a", f'ceiling.per_year: "{amount}"')
    return document(body, "T2", since="2024-07-01", until=until, region=region)


def test_a_later_document_supersedes_for_ever() -> None:
    law = law_of(OLD, newer("supersedes: [{document: T1, where: 不一致的}]"))
    answers = [ceiling(law, day) for day in (date(2024, 6, 30), date(2024, 7, 1), date(2025, 12, 31))]
    assert answers == [100_000, 200_000, 200_000]
    assert ceiling(law, date(2026, 1, 1)) == "NO_ACTIVE_PARAMETER_VERSION"


def test_what_is_restated_alike_is_not_superseded() -> None:
    law = law_of(OLD, newer("supersedes: [{document: T1, where: 不一致的}]", amount="1000.00"))
    assert ceiling(law, date(2026, 1, 1)) == 100_000


def test_a_document_that_is_repealed_wholly_does_not_survive_even_where_it_is_restated() -> None:
    law = law_of(OLD, newer("supersedes: [{document: T1, wholly: yes}]", amount="1000.00"))
    assert ceiling(law, date(2026, 1, 1)) == "NO_ACTIVE_PARAMETER_VERSION"


def test_overriding_lasts_as_long_as_the_overriding_value() -> None:
    law = law_of(OLD, newer("overrides: [{document: T1}]"))
    assert ceiling(law, date(2025, 6, 1)) == 200_000
    assert ceiling(law, date(2026, 1, 1)) == 100_000


def test_a_city_overrides_its_province_only_for_itself() -> None:
    law = law_of(OLD, newer("overrides: [{document: T1}]", region="990107"))
    assert ceiling(law, date(2025, 6, 1), "990107") == 200_000
    assert ceiling(law, date(2025, 6, 1), "990108") == 100_000


def test_two_values_for_one_day_are_an_error_that_names_both_articles() -> None:
    (problem,) = problems_of(OLD, newer(""))
    for words in (
        "T1.a",
        "T2.a",
        "测试〔T1〕",
        "测试〔T2〕",
        "1000.00",
        "2000.00",
        "2024-07-01",
        "2025-12-31",
    ):
        assert words in problem


def test_a_conflict_names_the_files_and_lines() -> None:
    (problem,) = problems_of(OLD, newer(""))
    assert problem.startswith("t1.yaml:6: ")
    assert "t0.yaml:5" in problem


def test_more_cases_than_anybody_would_write_down_are_refused() -> None:
    values = ", ".join(f"v{number}" for number in range(30))
    attributes = f"place: [{values}], age_band: [{values}], disease: [{values}]"
    body = f"declares: {{attributes: {{{attributes}}}, by: {{rate.pool: [place, age_band, disease]}}}}\n"
    found = problems_of(document(body + sets("T1.a", 'rate.pool: {v1: {v1: {v1: "50%"}}}')))
    assert any("27900" in problem for problem in found)


def test_a_child_region_in_conflict_with_its_parent_is_an_error() -> None:
    assert any(
        "T1.a" in problem and "T2.a" in problem for problem in problems_of(OLD, newer("", region="990107"))
    )


def test_two_deductibles_of_different_kinds_are_one_conflict() -> None:
    visit = document(sets("T1.a", 'deductible.per_visit: "30.00"'), "T1")
    year = document(sets("T2.a", 'deductible.per_year: "300.00"'), "T2")
    (problem,) = problems_of(visit, year)
    assert "30.00" in problem
    assert "300.00" in problem


def test_a_deductible_of_another_kind_can_be_superseded() -> None:
    visit = document(sets("T1.a", 'deductible.per_visit: "30.00"'), "T1")
    year = document(
        "supersedes: [{document: T1}]\n" + sets("T2.a", 'deductible.per_year: "300.00"'),
        "T2",
        since="2025-01-01",
    )
    law = law_of(visit, year)
    assert isinstance(law.value("deductible.per_visit", "9901", date(2024, 12, 31)), Value)
    assert isinstance(law.value("deductible.per_visit", "9901", date(2025, 1, 1)), Refusal)
    assert isinstance(law.value("deductible.per_year", "9901", date(2025, 1, 1)), Value)


def test_the_same_value_said_twice_is_no_conflict() -> None:
    assert problems_of(OLD, newer("", amount="1000.00")) == []


def test_cases_that_do_not_meet_are_no_conflict() -> None:
    declares = "declares: {by: {rate.pool: [status]}}\n"
    active = document(declares + sets("T1.a", 'rate.pool: {active: "60%"}'), "T1")
    retired = document(declares + sets("T2.a", 'rate.pool: {retired: "70%"}'), "T2")
    assert problems_of(active, retired) == []


def test_a_general_and_a_special_value_of_two_documents_are_a_conflict() -> None:
    general = document(sets("T1.a", 'rate.pool: "60%"'), "T1")
    special = document(
        "declares: {by: {rate.pool: [status]}}\n" + sets("T2.a", 'rate.pool: {retired: "70%"}'), "T2"
    )
    (problem,) = problems_of(general, special)
    assert "retired" in problem


def test_an_operator_fills_what_is_unspecified_and_nothing_else() -> None:
    law_text = document(sets("T1.a", 'prepay.b_drug: unspecified, prepay.b_service: "8%"'), "T1")
    overlay = document(
        "fills: yes\n" + sets("T2.a", 'prepay.b_drug: "10%", prepay.b_service: "10%"'),
        "T2",
        status="operator",
    )
    law = law_of(law_text, overlay)
    drug, service = (law.value(f"prepay.b_{kind}", "9901", date(2024, 5, 5)) for kind in ("drug", "service"))
    assert isinstance(drug, Value)
    assert isinstance(service, Value)
    assert (drug.raw, drug.confidence) == (1000, "operator")
    assert (service.raw, service.confidence) == (800, "seed")


def test_an_operators_contradiction_is_an_error_like_any_other() -> None:
    overlay = document(sets("T2.a", 'ceiling.per_year: "9999.00"'), "T2", status="operator")
    (problem,) = problems_of(OLD, overlay)
    assert "T1.a" in problem


def test_an_operator_confirms_a_clause() -> None:
    known = document(sets("T1.a", 'ceiling.per_year: "1000.00"'), "T1", status="referenced")
    overlay = document("confirms: [T1.a]\n", "T2", status="operator")
    unconfirmed = law_of(known).value("ceiling.per_year", "9901", date(2024, 5, 5))
    confirmed = law_of(known, overlay).value("ceiling.per_year", "9901", date(2024, 5, 5))
    assert isinstance(unconfirmed, Value)
    assert isinstance(confirmed, Value)
    assert (unconfirmed.confidence, confirmed.confidence) == ("unconfirmed", "operator")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_the_files_does_not_matter(order: tuple[int, ...]) -> None:
    third = document(sets("T3.a", 'ceiling.per_month: "90.00"'), "T3")
    texts = (OLD, newer("supersedes: [{document: T1}]"), third)
    law = law_of(*(texts[number] for number in order))
    assert ceiling(law, date(2024, 8, 8)) == 200_000
