"""What Qingyang's draft fixes, held against the words of its articles."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.base.reasons import Refusal
from gongji.kernel import layout as at
from gongji.policy import Law, Value
from tests.policy.help import FACTS, row

DAY = date(2023, 5, 10)


@pytest.mark.parametrize(
    ("status", "place", "bp"),
    [
        pytest.param("active", "level3", 5000, marks=pytest.mark.clause("QY.art16.b")),
        pytest.param("retired", "level3", 5500, marks=pytest.mark.clause("QY.art16.c")),
        pytest.param("active", "level2", 6000, marks=pytest.mark.clause("QY.art16.d")),
        pytest.param("active", "level1", 6000, marks=pytest.mark.clause("QY.art16.d")),
        pytest.param("active", "pharmacy", 6000, marks=pytest.mark.clause("QY.art16.d")),
        pytest.param("retired", "pharmacy", 6500, marks=pytest.mark.clause("QY.art16.e")),
    ],
)
def test_the_rate(law: Law, status: str, place: str, bp: int) -> None:
    assert row(law, "6210", DAY, {"status": status, "place": place}).cells[at.ROW_BAND_BP] == bp


@pytest.mark.clause("QY.art15.b")
def test_the_deductible_is_counted_over_the_year(law: Law) -> None:
    cells = row(law, "6210", DAY, {"status": "active", "place": "level2"}).cells
    assert (cells[at.ROW_DEDUCTIBLE_KIND], cells[at.ROW_DEDUCTIBLE_FEN]) == (at.DEDUCTIBLE_YEAR, 30_000)


@pytest.mark.clause("QY.art15.c")
@pytest.mark.parametrize("status", ["active", "retired"])
def test_the_ceiling_is_the_same_for_everybody(law: Law, status: str) -> None:
    assert (
        row(law, "6210", DAY, {"status": status, "place": "level2"}).cells[at.ROW_CEILING_YEAR_FEN] == 200_000
    )


def test_every_row_of_a_draft_says_so(law: Law) -> None:
    assert row(law, "6210", DAY, {"status": "active", "place": "level2"}).draft
    assert not row(law, "14", DAY, {"status": "active", "place": "class3"}).draft


@pytest.mark.clause("QY.art20.a", "QY.art20.b")
def test_treatment_as_inpatient_is_refused_until_its_parameters_are_entered(law: Law, demo_law: Law) -> None:
    refusal = law.row("6210", DAY, {}, "as_inpatient")
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.clause) == ("PARAMETER_UNSPECIFIED", "QY.art20.b")
    cells = row(demo_law, "6210", DAY, {}, "as_inpatient").cells
    assert (cells[at.ROW_DEDUCTIBLE_FEN], cells[at.ROW_BAND_BP]) == (80_000, 8500)


@pytest.mark.clause("QY.art12.a")
def test_a_clinic_is_excluded(law: Law) -> None:
    refusal = law.pool_refusal("6210", DAY, {**FACTS, "place": "clinic"})
    assert refusal is not None
    assert (refusal.code, refusal.clause) == ("CLINIC_EXCLUDED", "QY.art12.a")


@pytest.mark.clause("QY.art23.6")
def test_an_emergency_may_be_at_a_place_that_is_not_designated(law: Law) -> None:
    stranger = {**FACTS, "place": "level2", "designated": "no", "pooled_agreement": "no"}
    refusal = law.pool_refusal("6210", DAY, stranger)
    assert refusal is not None
    assert refusal.code == "NOT_DESIGNATED"
    assert law.pool_refusal("6210", DAY, {**stranger, "emergency": "yes"}) is None


@pytest.mark.clause("QY.art22.2b")
def test_no_papers_are_taken_where_settling_directly_is_possible(law: Law) -> None:
    claim = {**FACTS, "place": "level3", "manual": "yes"}
    assert law.pool_refusal("6210", DAY, claim) is None
    refusal = law.pool_refusal("6210", DAY, {**claim, "direct_settlement": "yes"})
    assert refusal is not None
    assert refusal.code == "DIRECT_SETTLEMENT_AVAILABLE"


@pytest.mark.clause("QY.art17")
def test_a_visit_outside_the_city_is_paid_alike(law: Law) -> None:
    assert law.pool_refusal("6210", DAY, {**FACTS, "place": "level3", "offsite": "OUT_OF_CITY"}) is None


@pytest.mark.clause("QY.art13.a")
def test_a_member_without_an_account_is_entitled_but_not_one_in_arrears(law: Law) -> None:
    assert law.pool_refusal("6210", DAY, {**FACTS, "has_account": "no"}) is None
    refusal = law.pool_refusal("6210", DAY, {**FACTS, "arrears": "yes"})
    assert refusal is not None
    assert refusal.code == "ARREARS"


@pytest.mark.parametrize(
    ("excluded", "clause"),
    [
        pytest.param("WORK_INJURY", "QY.art23.2", marks=pytest.mark.clause("QY.art23.2")),
        pytest.param("THIRD_PARTY", "QY.art23.3", marks=pytest.mark.clause("QY.art23.3")),
        pytest.param("PUBLIC_HEALTH", "QY.art23.4", marks=pytest.mark.clause("QY.art23.4")),
        pytest.param("ABROAD", "QY.art23.5", marks=pytest.mark.clause("QY.art23.5")),
    ],
)
def test_the_four_exclusions_are_named_by_the_citys_own_article(law: Law, excluded: str, clause: str) -> None:
    refusal = law.pool_refusal("6210", DAY, {**FACTS, "excluded": excluded})
    assert refusal is not None
    assert (refusal.code, refusal.clause) == (excluded, clause)


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        pytest.param("account.credit_rate", 200, marks=pytest.mark.clause("QY.art6.a")),
        pytest.param("account.employer_credit_rate", 0, marks=pytest.mark.clause("QY.art6.b", "QY.art11.a")),
        pytest.param("account.retired_rate_of_pension", 200, marks=pytest.mark.clause("QY.art6.c")),
        pytest.param(
            "account.family.relations",
            ("spouse", "parents", "children"),
            marks=pytest.mark.clause("QY.art7.b"),
        ),
        pytest.param(
            "account.pharmacy_kinds", ("drug", "device", "consumable"), marks=pytest.mark.clause("QY.art7.b")
        ),
        pytest.param(
            "account.forbidden",
            ("public_health", "fitness", "wellness"),
            marks=pytest.mark.clause("QY.art7.d"),
        ),
        pytest.param("account.carry_over", True, marks=pytest.mark.clause("QY.art8.a")),
        pytest.param("account.transfer_within_city", False, marks=pytest.mark.clause("QY.art8.b")),
        pytest.param("account.transfer_across", True, marks=pytest.mark.clause("QY.art8.c")),
        pytest.param("account.cash_withdrawal", "on_death_or_leaving", marks=pytest.mark.clause("QY.art8.d")),
        pytest.param("account.inheritable", True, marks=pytest.mark.clause("QY.art9.b")),
        pytest.param("account.overcredit_recovered", True, marks=pytest.mark.clause("QY.art10.b")),
        pytest.param("dual_channel.separate", True, marks=pytest.mark.clause("QY.art19")),
        pytest.param("ceiling.independent", True, marks=pytest.mark.clause("QY.art21")),
        pytest.param("inpatient_like.counts_to", "inpatient", marks=pytest.mark.clause("QY.art20.c")),
        pytest.param("offsite.policy", "insured_place", marks=pytest.mark.clause("QY.art17")),
        pytest.param("eligibility.require_personal_account", False, marks=pytest.mark.clause("QY.art13.a")),
        pytest.param("internet.pool_payable", False, marks=pytest.mark.clause("QY.art12.d")),
    ],
)
def test_a_single_parameter(law: Law, key: str, raw: object) -> None:
    value = law.value(key, "6210", DAY)
    assert isinstance(value, Value)
    assert (value.raw, value.draft) == (raw, True)


@pytest.mark.clause("QY.art7.c")
def test_no_premium_is_paid_from_the_account_yet(law: Law) -> None:
    value = law.value("account.premiums", "6210", DAY)
    assert isinstance(value, Value)
    assert value.raw == ()


@pytest.mark.clause("QY.art6.d")
def test_the_credit_changes_in_the_month_after_retirement(law: Law) -> None:
    value = law.value("account.retired_from", "6210", DAY)
    assert isinstance(value, Value)
    assert value.raw == "next_month"
