"""Laws of case files: fixtures, changed values, and a `parameters:` block of any name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongji.base.reasons import Refusal
from gongji.kernel import layout as at
from gongji.policy import Law, LibraryError, case_region, from_case_parameters, law_with_fixtures, overridden
from tests.policy.help import BEFORE, FACTS, SUMMER, row

CLASS3 = {"status": "active", "place": "class3"}
SHANXI: dict[str, Any] = {
    "effective_from": "2024-07-01",
    "effective_to": "2029-06-30",
    "deductible": {"class1": "80.00", "class2": "50.00", "class3": "30.00", "pharmacy": "30.00"},
    "annual_deductible_ceiling": "300.00",
    "ratio": {
        "active": {"class1": "0.55", "class2": "0.60", "class3": "0.65", "pharmacy": "0.65"},
        "retired": {"class1": "0.60", "class2": "0.65", "class3": "0.70", "pharmacy": "0.70"},
    },
    "cap": {"active": "2500.00", "retired": "3000.00"},
    "prepay": {"drug": "0.05", "consumable": "area", "service": "area"},
    "unconfirmed": ["deductible.class1"],
    "inferred": [],
}
OTHER: dict[str, Any] = {
    "effective_from": "2025-01-01",
    "effective_to": "2025-12-31",
    "annual_deductible": "400.00",
    "ratio": {"active": {"big": "0.425", "small": "0.7"}, "retired": {"big": "0.5", "small": "0.8"}},
    "cap": "1500.00",
    "prepay": {"drug": "0.1", "consumable": "0.2", "service": "area"},
}


def test_fixtures_fill_only_what_no_document_fixes(law: Law) -> None:
    fixed = law_with_fixtures(law, "14", {"area_prepay_ratio": "0.10"})
    treats = (at.TREAT_B_DRUG, at.TREAT_B_CONSUMABLE, at.TREAT_B_SERVICE)
    after, before = row(fixed, "14", SUMMER, CLASS3).cells, row(fixed, "14", BEFORE, CLASS3).cells
    assert [after[at.ROW_PREPAY_BP + treat] for treat in treats] == [500, 1000, 1000]
    assert [before[at.ROW_PREPAY_BP + treat] for treat in treats] == [1000, 1000, 1000]


def test_fixtures_give_the_chronic_ratio_and_the_treatment_as_inpatient(law: Law) -> None:
    chronic = law_with_fixtures(law, "14", {"chronic_ratio": "0.80", "chronic_quota_left": "40.00"})
    assert row(chronic, "14", SUMMER, CLASS3).cells[at.ROW_CARVE_OUT_BP] == 8000
    inpatient = law_with_fixtures(law, "6210", {"inpatient_deductible": "800.00", "inpatient_ratio": "0.85"})
    cells = row(inpatient, "6210", SUMMER, {}, "as_inpatient").cells
    assert (cells[at.ROW_DEDUCTIBLE_FEN], cells[at.ROW_BAND_BP], cells[at.ROW_CEILING_YEAR_FEN]) == (
        80_000,
        8500,
        at.NONE,
    )


def test_no_fixtures_leave_the_law_as_it_is(law: Law) -> None:
    assert law_with_fixtures(law, "14", None) is law
    assert law_with_fixtures(law, "14", {"chronic_quota_left": "0.00"}) is law


def test_an_unknown_fixture_is_an_error(law: Law) -> None:
    with pytest.raises(LibraryError, match="moon_phase"):
        law_with_fixtures(law, "14", {"moon_phase": "0.5"})


def test_a_block_that_repeats_the_law_keeps_its_articles(law: Law) -> None:
    found = row(from_case_parameters("SX", [SHANXI]), "14", SUMMER, CLASS3)
    known = row(law, "14", SUMMER, CLASS3)
    assert found.cells == known.cells
    assert found.sources == known.sources


def test_a_block_that_differs_from_the_law_is_obeyed() -> None:
    block = {
        **SHANXI,
        "ratio": {"active": {"class3": "0.66"}, "retired": {"class3": "0.71"}},
        "cap": {"active": "2600.00"},
    }
    found = row(from_case_parameters("SX", [block]), "14", SUMMER, CLASS3)
    assert (found.cells[at.ROW_BAND_BP], found.cells[at.ROW_CEILING_YEAR_FEN]) == (6600, 260_000)
    assert found.sources[at.ROW_BAND_BP] == "CASE-SX.1"


def test_a_block_may_take_a_fixed_prepay_back_to_the_area() -> None:
    block = {**SHANXI, "prepay": {"drug": "area"}}
    found = row(from_case_parameters("SX", [block], {"area_prepay_ratio": "0.07"}), "14", SUMMER, CLASS3)
    assert found.cells[at.ROW_PREPAY_BP + at.TREAT_B_DRUG] == 700


def test_a_policy_of_another_name_is_a_law_of_its_own() -> None:
    law = from_case_parameters("ZZ", [OTHER])
    region = case_region("ZZ")
    cells = row(law, region, date(2025, 3, 3), {"status": "active", "place": "big"}).cells
    assert (cells[at.ROW_DEDUCTIBLE_KIND], cells[at.ROW_DEDUCTIBLE_FEN]) == (at.DEDUCTIBLE_YEAR, 40_000)
    assert (cells[at.ROW_BAND_BP], cells[at.ROW_CEILING_YEAR_FEN]) == (4250, 150_000)
    assert cells[at.ROW_PREPAY_BP + at.TREAT_B_CONSUMABLE] == 2000
    assert cells[at.ROW_PREPAY_BP + at.TREAT_B_SERVICE] == at.UNSET


def test_a_policy_of_another_name_ends_when_its_blocks_end() -> None:
    answer = from_case_parameters("ZZ", [OTHER]).row(
        "99", date(2026, 1, 1), {"status": "active", "place": "big"}
    )
    assert isinstance(answer, Refusal)
    assert answer.code == "NO_ACTIVE_PARAMETER_VERSION"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"arrears": "yes"}, "ARREARS"),
        ({"designated": "no"}, "NOT_DESIGNATED"),
        ({"voucher": "no"}, "NO_VALID_VOUCHER"),
        ({"excluded": "WORK_INJURY"}, "WORK_INJURY"),
        ({"prescription": "none"}, "NO_PRESCRIPTION"),
    ],
)
def test_a_policy_of_another_name_has_the_general_refusals(facts: dict[str, str], code: str) -> None:
    refusal = from_case_parameters("ZZ", [OTHER]).pool_refusal("99", date(2025, 3, 3), {**FACTS, **facts})
    assert refusal is not None
    assert refusal.code == code


@pytest.mark.parametrize(
    "change",
    [
        {"ratio": {"active": {"class3": 0.65}}},
        {"cap": {"active": 2500.0}},
        {"deductible": {"class3": "thirty"}},
        {"ratio": {"active": {"class3": "1.5"}}},
        {"effective_from": "yesterday"},
        {"colour": "red"},
    ],
)
def test_a_block_that_is_not_exact_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(LibraryError):
        from_case_parameters("SX", [{**SHANXI, **change}])


def test_an_empty_block_is_refused() -> None:
    with pytest.raises(LibraryError):
        from_case_parameters("SX", [])


def test_single_values_are_changed_from_a_day_on(law: Law) -> None:
    changed = overridden(law, "14", {"ceiling.per_year": "2600.00"}, since=date(2025, 1, 1))
    assert row(changed, "14", date(2024, 12, 31), CLASS3).cells[at.ROW_CEILING_YEAR_FEN] == 250_000
    assert row(changed, "14", date(2025, 1, 1), CLASS3).cells[at.ROW_CEILING_YEAR_FEN] == 260_000
    assert changed.digest != law.digest


def test_a_change_of_one_case_leaves_the_others(law: Law) -> None:
    changed = overridden(law, "14", {"rate.pool": {"active": {"class3": "70%"}}})
    assert row(changed, "14", SUMMER, CLASS3).cells[at.ROW_BAND_BP] == 7000
    assert row(changed, "14", SUMMER, {"status": "active", "place": "class2"}).cells[at.ROW_BAND_BP] == 6000
