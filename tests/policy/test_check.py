"""What `gongji policy check` finds."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.policy import Law
from gongji.policy.check import Finding, check, last_known_day
from tests.policy.help import document, law_of, sets

TODAY = date(2024, 8, 15)
BASE = 'deductible.per_visit: "30.00", rate.pool: "60%", prepay.a: "0%"'


def found(law: Law, kind: str, region: str | None = None, today: date = TODAY) -> list[Finding]:
    return [
        finding for finding in check(law, today) if finding.kind == kind and region in (None, finding.region)
    ]


def test_the_built_in_law_has_no_errors_and_ends_in_june_2029(law: Law) -> None:
    assert [finding for finding in check(law, TODAY) if finding.level == "error"] == []
    assert last_known_day(law) == date(2029, 6, 30)


def test_unspecified_values_are_warnings_until_an_overlay_sets_them(law: Law, demo_law: Law) -> None:
    names = {finding.text.split()[0] for finding in found(law, "unspecified", "14")}
    assert names == {"account.retired_monthly", "prepay.b_drug", "prepay.b_consumable", "prepay.b_service"}
    assert found(demo_law, "unspecified") == []


def test_unconfirmed_values_are_listed(law: Law) -> None:
    clauses = {finding.clause for finding in found(law, "unconfirmed")}
    assert {"SX2022-12.deductible.class12", "SX2022-12.ceiling", "SX2022-27.art16.b"} <= clauses


def test_a_hole_between_two_versions_is_an_error() -> None:
    first = document(sets("T1.a", f'{BASE}, ceiling.per_year: "100.00"'), "T1", until="2024-03-31")
    second = document(sets("T2.a", f'{BASE}, ceiling.per_year: "100.00"'), "T2", since="2024-05-01")
    (gap,) = [finding for finding in found(law_of(first, second), "gap") if finding.level == "error"]
    assert "2024-04-01 至 2024-04-30" in gap.text


def test_the_days_before_a_regions_first_document_are_only_a_warning() -> None:
    law = law_of(document(sets("T1.a", f'{BASE}, ceiling.per_year: "100.00"')))
    assert {finding.level for finding in found(law, "gap", "9901")} == {"warning"}


def test_a_case_that_is_covered_later_than_the_others_is_an_error() -> None:
    body = (
        "declares: {by: {rate.pool: [status]}}\nprovisions:\n"
        '  - {clause: T1.a, text: 甲, sets: {deductible.per_visit: "30.00", ceiling.per_year: none, rate.pool: {active: "60%"}}}\n'
        '  - {clause: T1.b, text: 乙, from: 2024-02-20, sets: {rate.pool: {retired: "65%"}}}\n'
    )
    gaps = [finding for finding in found(law_of(document(body)), "gap", "9901") if finding.level == "error"]
    assert [("退休人员" in gap.text, "2024-01-01 至 2024-02-19" in gap.text) for gap in gaps] == [
        (True, True)
    ]


def test_bands_without_a_basis_are_an_error() -> None:
    bands = 'rate.pool: [{up_to: "100.00", rate: "50%"}, {rate: "60%"}]'
    (finding,) = found(law_of(document(sets("T1.a", bands))), "bands")
    assert finding.level == "error"


def test_precedence_over_a_document_that_is_not_there_is_a_warning() -> None:
    law = law_of(document("supersedes: [{document: SX2O22-12}]\nprovisions: []\n"))
    (finding,) = found(law, "relation")
    assert (finding.level, "SX2O22-12" in finding.text) == ("warning", True)


@pytest.mark.clause("SX2021-103.s2.1.d")
def test_a_rate_below_the_floor_is_an_error() -> None:
    body = "overrides: [{document: '*'}]\ndeclares: {by: {rate.pool: [status, place]}}\n"
    law = law_of(document(body + sets("T1.a", 'rate.pool: {active: {class1: "49.99%"}}'), region="1407"))
    errors = found(law, "requirement", "1407")
    assert any("49.99%" in error.text and "下限" in error.text for error in errors)


@pytest.mark.clause("SX2021-103.s2.1.e")
def test_a_pensioner_must_not_have_less_than_an_employee() -> None:
    body = "overrides: [{document: '*'}]\ndeclares: {by: {ceiling.per_year: [status]}}\n"
    law = law_of(document(body + sets("T1.a", 'ceiling.per_year: {retired: "2400.00"}'), region="1407"))
    assert any("2400.00 元" in error.text for error in found(law, "requirement", "1407"))


@pytest.mark.clause("SX2021-103.s2.1.g")
def test_a_lower_class_must_not_pay_less_than_a_higher_one() -> None:
    body = "overrides: [{document: '*'}]\ndeclares: {by: {rate.pool: [status, place]}}\n"
    law = law_of(document(body + sets("T1.a", 'rate.pool: {active: {class3: "59%"}}'), region="1407"))
    assert any("class3" in error.text for error in found(law, "requirement", "1407"))


@pytest.mark.clause("SX2024-11.eff.b")
@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2028, 12, 31), None),
        (date(2029, 1, 1), "将于"),
        (date(2029, 6, 30), "将于"),
        (date(2029, 7, 1), "已于"),
    ],
)
def test_expiry_is_announced_180_days_ahead(law: Law, today: date, words: str | None) -> None:
    texts = [
        finding.text
        for finding in found(law, "expiry", "14", today)
        if finding.text.startswith("ceiling.per_year")
    ]
    assert bool(texts) == (words is not None)
    assert all(words in text for text in texts if words)
