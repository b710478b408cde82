"""Other regions are only files: schemes unlike Shanxi's, expressed in YAML and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.kernel import layout as at
from gongji.policy import Law
from gongji.policy.check import check
from tests.policy.help import FACTS, row, scheme

DAY = date(2024, 3, 3)


@pytest.fixture(scope="module")
def monthly() -> Law:
    return scheme("monthly")


@pytest.fixture(scope="module")
def bands() -> Law:
    return scheme("bands")


@pytest.fixture(scope="module")
def aged() -> Law:
    return scheme("age_and_doctor")


@pytest.fixture(scope="module")
def paid() -> Law:
    return scheme("fund_paid")


def test_a_month_has_its_own_deductible_and_ceiling(monthly: Law) -> None:
    cells = row(monthly, "3390", DAY, {"status": "retired", "place": "community"}).cells
    assert cells[at.ROW_DEDUCTIBLE_KIND] == at.DEDUCTIBLE_MONTH
    assert cells[at.ROW_DEDUCTIBLE_FEN] == 10_000
    assert cells[at.ROW_CEILING_MONTH_FEN] == 26_000


def test_several_ceilings_hold_at_once(monthly: Law) -> None:
    cells = row(monthly, "3390", DAY, {"status": "active", "place": "hospital"}).cells
    assert (cells[at.ROW_CEILING_MONTH_FEN], cells[at.ROW_CEILING_YEAR_FEN]) == (20_000, 180_000)


def test_a_star_holds_for_every_place_that_is_not_named(monthly: Law) -> None:
    assert row(monthly, "3390", DAY, {"status": "active", "place": "hospital"}).cells[at.ROW_BAND_BP] == 5500
    assert row(monthly, "3390", DAY, {"status": "active", "place": "community"}).cells[at.ROW_BAND_BP] == 7000


def test_place_is_derived_from_kind_and_level_by_the_regions_own_rules(monthly: Law) -> None:
    derived = monthly.derive("3390", DAY, {"kind": "hospital", "level": "1"})
    assert derived["place"] == "community"
    assert monthly.derive("3390", DAY, {"kind": "hospital", "level": "3"})["place"] == "hospital"


def test_bands_run_over_the_years_cumulated_cost_and_differ_by_level(bands: Law) -> None:
    cells = row(bands, "3190", DAY, {"status": "active", "place": "level2"}).cells
    assert cells[at.ROW_BAND_BASIS] == at.BASIS_YEAR_IN_SCOPE
    assert cells[at.ROW_BAND_COUNT] == 3
    assert cells[at.ROW_BAND_UP_TO_FEN : at.ROW_BAND_UP_TO_FEN + 3] == (500_000, 2_000_000, at.NONE)
    assert cells[at.ROW_BAND_BP : at.ROW_BAND_BP + 3] == (7000, 7750, 8500)


def test_places_may_have_different_numbers_of_bands(bands: Law) -> None:
    assert row(bands, "3190", DAY, {"status": "active", "place": "level3"}).cells[at.ROW_BAND_COUNT] == 2


def test_no_ceiling_is_stated_and_not_forgotten(bands: Law) -> None:
    found = row(bands, "3190", DAY, {"status": "active", "place": "level1"})
    assert found.cells[at.ROW_CEILING_YEAR_FEN] == at.NONE
    assert found.sources[at.ROW_CEILING_YEAR_FEN] == "BANDS.art5"


def test_the_annual_deductible_depends_on_status(bands: Law) -> None:
    cells = row(bands, "3190", DAY, {"status": "retired", "place": "level1"}).cells
    assert (cells[at.ROW_DEDUCTIBLE_KIND], cells[at.ROW_DEDUCTIBLE_FEN]) == (at.DEDUCTIBLE_YEAR, 30_000)


@pytest.mark.parametrize(
    ("age_band", "family_doctor", "bp"),
    [("under60", "no", 5000), ("under60", "yes", 6000), ("from60", "yes", 7000), ("from80", "no", 6500)],
)
def test_the_rate_depends_on_age_and_on_the_family_doctor(
    aged: Law, age_band: str, family_doctor: str, bp: int
) -> None:
    attributes = {"age_band": age_band, "family_doctor": family_doctor}
    assert row(aged, "4490", DAY, attributes).cells[at.ROW_BAND_BP] == bp


def test_nobody_is_taken_to_have_a_family_doctor_who_does_not_say_so(aged: Law) -> None:
    assert row(aged, "4490", DAY, {"age_band": "from80"}).cells[at.ROW_BAND_BP] == 6500


def test_a_day_has_a_deductible_that_stops_in_the_year(aged: Law) -> None:
    cells = row(aged, "4490", DAY, {"age_band": "under60"}).cells
    assert cells[at.ROW_DEDUCTIBLE_KIND] == at.DEDUCTIBLE_DAY
    assert (cells[at.ROW_DEDUCTIBLE_FEN], cells[at.ROW_DEDUCTIBLE_STOP_FEN]) == (2_000, 40_000)


def test_a_quarter_has_a_ceiling_that_two_age_bands_share(aged: Law) -> None:
    ceilings = [
        row(aged, "4490", DAY, {"age_band": band}).cells[at.ROW_CEILING_QUARTER_FEN]
        for band in ("under60", "from60", "from80")
    ]
    assert ceilings == [60_000, 80_000, 80_000]


def test_a_region_may_know_a_prepay_category_of_its_own(aged: Law) -> None:
    assert aged.categories("4490")["special_drug"] == 5
    assert row(aged, "4490", DAY, {"age_band": "under60"}).cells[at.ROW_PREPAY_BP + 5] == 3000


def test_bands_run_over_the_fund_already_paid(paid: Law) -> None:
    cells = row(paid, "5190", DAY, {}).cells
    assert cells[at.ROW_BAND_BASIS] == at.BASIS_YEAR_FUND
    assert cells[at.ROW_BAND_BP : at.ROW_BAND_BP + 2] == (7000, 5000)


def test_a_scheme_may_have_no_deductible_and_a_ceiling_for_each_visit(paid: Law) -> None:
    cells = row(paid, "5190", DAY, {}).cells
    assert (cells[at.ROW_DEDUCTIBLE_KIND], cells[at.ROW_DEDUCTIBLE_FEN]) == (at.DEDUCTIBLE_NONE, 0)
    assert (cells[at.ROW_CEILING_VISIT_FEN], cells[at.ROW_CEILING_YEAR_FEN]) == (30_000, 300_000)


def test_a_new_region_has_the_nations_exclusions_without_saying_so(paid: Law) -> None:
    refusal = paid.pool_refusal("5190", DAY, {**FACTS, "excluded": "THIRD_PARTY"})
    assert refusal is not None
    assert refusal.code == "THIRD_PARTY"


@pytest.mark.parametrize("name", ["monthly", "bands", "age_and_doctor", "fund_paid", "refills", "yearly"])
def test_a_scheme_of_files_only_passes_the_check(name: str) -> None:
    assert [finding for finding in check(scheme(name), DAY) if finding.level == "error"] == []
