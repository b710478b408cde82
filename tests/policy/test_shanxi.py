"""What Shanxi's documents fix, held against the words of their articles."""

from __future__ import annotations

from datetime import date

import pytest

from gongji.base.reasons import Refusal
from gongji.kernel import layout as at
from gongji.policy import Law, Value
from tests.policy.help import BEFORE, SUMMER, row

LAST_DAY = date(2029, 6, 30)
DAY_AFTER = date(2029, 7, 1)


def case(status: str, place: str) -> dict[str, str]:
    return {"status": status, "place": place}


@pytest.mark.parametrize(
    ("status", "place", "bp"),
    [
        pytest.param("active", "class1", 5500, marks=pytest.mark.clause("SX2024-11.s1.e1")),
        pytest.param("active", "class2", 6000, marks=pytest.mark.clause("SX2024-11.s1.e2")),
        pytest.param("active", "class3", 6500, marks=pytest.mark.clause("SX2024-11.s1.e3")),
        pytest.param("retired", "class1", 6000, marks=pytest.mark.clause("SX2024-11.s1.f1")),
        pytest.param("retired", "class2", 6500, marks=pytest.mark.clause("SX2024-11.s1.f2")),
        pytest.param("retired", "class3", 7000, marks=pytest.mark.clause("SX2024-11.s1.f3")),
        pytest.param("active", "pharmacy", 6500, marks=pytest.mark.clause("SX2024-11.s1.g")),
        pytest.param("retired", "pharmacy", 7000, marks=pytest.mark.clause("SX2024-11.s1.g")),
    ],
)
def test_the_rate_from_july_2024(law: Law, status: str, place: str, bp: int) -> None:
    found = row(law, "14", SUMMER, case(status, place))
    assert found.cells[at.ROW_BAND_BP] == bp
    assert str(found.sources[at.ROW_BAND_BP]).startswith("SX2024-11.s1.")


@pytest.mark.parametrize(
    ("status", "place", "bp"),
    [
        ("active", "class1", 5000),
        ("active", "class2", 5500),
        ("active", "class3", 6000),
        ("retired", "class1", 5500),
        ("retired", "class2", 6000),
        ("retired", "class3", 6500),
        pytest.param("active", "pharmacy", 6000, marks=pytest.mark.clause("SX2023-2.s2.d")),
        pytest.param("retired", "pharmacy", 6500, marks=pytest.mark.clause("SX2023-2.s2.e")),
    ],
)
def test_the_rate_before_july_2024(law: Law, status: str, place: str, bp: int) -> None:
    assert row(law, "14", BEFORE, case(status, place)).cells[at.ROW_BAND_BP] == bp


@pytest.mark.clause("SX2024-11.eff.a")
def test_the_day_before_the_notice_still_has_the_old_rate(law: Law) -> None:
    assert row(law, "14", date(2024, 6, 30), case("active", "class3")).cells[at.ROW_BAND_BP] == 6000
    assert row(law, "14", date(2024, 7, 1), case("active", "class3")).cells[at.ROW_BAND_BP] == 6500


@pytest.mark.parametrize(
    ("status", "on", "fen"),
    [
        pytest.param("active", SUMMER, 250_000, marks=pytest.mark.clause("SX2024-11.s1.a")),
        pytest.param("retired", SUMMER, 300_000, marks=pytest.mark.clause("SX2024-11.s1.b")),
        ("active", BEFORE, 180_000),
        ("retired", BEFORE, 200_000),
    ],
)
def test_the_yearly_ceiling(law: Law, status: str, on: date, fen: int) -> None:
    assert row(law, "14", on, case(status, "class3")).cells[at.ROW_CEILING_YEAR_FEN] == fen


@pytest.mark.clause("SX2024-11.s1.c")
@pytest.mark.parametrize(
    ("place", "fen"), [("class1", 8_000), ("class2", 5_000), ("class3", 3_000), ("pharmacy", 3_000)]
)
def test_the_deductible_of_a_visit_continues(law: Law, place: str, fen: int) -> None:
    for on in (BEFORE, SUMMER, LAST_DAY):
        cells = row(law, "14", on, case("active", place)).cells
        assert (cells[at.ROW_DEDUCTIBLE_KIND], cells[at.ROW_DEDUCTIBLE_FEN]) == (at.DEDUCTIBLE_VISIT, fen)


@pytest.mark.clause("SX2024-11.s1.d")
def test_the_deductibles_of_a_year_stop_at_300_from_july_2024(law: Law) -> None:
    assert row(law, "14", SUMMER, case("active", "class1")).cells[at.ROW_DEDUCTIBLE_STOP_FEN] == 30_000


def test_the_deductibles_of_a_year_did_not_stop_before(law: Law) -> None:
    assert row(law, "14", BEFORE, case("active", "class1")).cells[at.ROW_DEDUCTIBLE_STOP_FEN] == at.NONE


@pytest.mark.clause("SX2023-2.s2.c")
def test_a_pharmacy_has_the_thirty_yuan_of_its_own_notice(law: Law) -> None:
    found = row(law, "14", date(2023, 2, 20), case("active", "pharmacy"))
    assert found.sources[at.ROW_DEDUCTIBLE_FEN] == "SX2023-2.s2.c"


def test_a_pharmacy_is_open_before_its_notice_with_the_same_values_inferred(law: Law) -> None:
    found = row(law, "14", date(2023, 2, 19), case("active", "pharmacy"))
    assert (found.cells[at.ROW_DEDUCTIBLE_FEN], found.cells[at.ROW_BAND_BP]) == (3_000, 6000)
    assert found.sources[at.ROW_DEDUCTIBLE_FEN] == "SX2022-12.pharmacy"


@pytest.mark.clause("SX2024-11.s1.i")
def test_a_class_b_drug_is_prepaid_at_five_percent_from_july_2024(law: Law) -> None:
    assert row(law, "14", SUMMER, case("active", "class3")).cells[at.ROW_PREPAY_BP + at.TREAT_B_DRUG] == 500


@pytest.mark.clause("SX2022-27.art20.b")
def test_the_areas_prepay_is_unset_until_an_operator_sets_it(law: Law, demo_law: Law) -> None:
    treats = (at.TREAT_B_CONSUMABLE, at.TREAT_B_SERVICE)
    found = row(law, "14", SUMMER, case("active", "class3"))
    assert [found.cells[at.ROW_PREPAY_BP + treat] for treat in treats] == [at.UNSET, at.UNSET]
    assert [found.sources[at.ROW_PREPAY_BP + treat] for treat in treats] == ["SX2022-27.art20.b"] * 2
    demo = row(demo_law, "14", SUMMER, case("active", "class3"))
    assert [demo.cells[at.ROW_PREPAY_BP + treat] for treat in treats] == [1000, 1000]


def test_an_overlay_that_fills_never_changes_what_a_document_fixes(demo_law: Law) -> None:
    assert (
        row(demo_law, "14", SUMMER, case("active", "class3")).cells[at.ROW_PREPAY_BP + at.TREAT_B_DRUG] == 500
    )


@pytest.mark.clause("SX2024-11.eff.b")
def test_the_notice_holds_on_its_last_day(law: Law) -> None:
    assert row(law, "14", LAST_DAY, case("active", "class3")).cells[at.ROW_BAND_BP] == 6500


@pytest.mark.clause("SX2024-11.eff.b", "SX2024-11.eff.c")
def test_the_old_law_does_not_come_back_when_the_notice_expires(law: Law) -> None:
    refusal = law.row("14", DAY_AFTER, case("active", "class3"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "NO_ACTIVE_PARAMETER_VERSION"
    assert "2029-06-30" in refusal.text


@pytest.mark.parametrize(
    ("place", "on", "unconfirmed"),
    [
        ("class1", SUMMER, ("deductible.per_visit",)),
        ("class3", SUMMER, ()),
        ("class3", BEFORE, ("ceiling.per_year",)),
        ("class2", BEFORE, ("deductible.per_visit", "ceiling.per_year")),
    ],
)
def test_a_row_names_the_values_that_nobody_has_confirmed(
    law: Law, place: str, on: date, unconfirmed: tuple[str, ...]
) -> None:
    assert row(law, "14", on, case("active", place)).unconfirmed == unconfirmed


def test_a_city_and_a_county_have_the_law_of_their_province(law: Law) -> None:
    province = row(law, "14", SUMMER, case("active", "class3"))
    for region in ("1408", "140800", "140830", "140000"):
        assert row(law, region, SUMMER, case("active", "class3")).cells == province.cells


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        pytest.param("prescription.valid_days", 3, marks=pytest.mark.clause("SX2022-27.art11")),
        ("prescription.validity_mode", "calendar_inclusive"),
        pytest.param("prescription.long_days", 84, marks=pytest.mark.clause("NHSA2023-4.s4.2.c")),
        ("prescription.ordinary_days", 7),
        ("prescription.emergency_days", 3),
        pytest.param(
            "prescription.same_drug_one_institution", True, marks=pytest.mark.clause("SX2022-27.art14.c")
        ),
        pytest.param(
            "prescription.split_reason_required", True, marks=pytest.mark.clause("SX2022-27.art14.b")
        ),
        pytest.param("deductible.merge", "high_water_mark", marks=pytest.mark.clause("SX2023-2.s2.b")),
        pytest.param("deductible.unit", "encounter", marks=pytest.mark.clause("SX2022-27.art22")),
        pytest.param("rate.floor", 5000, marks=pytest.mark.clause("SX2021-103.s2.1.d")),
        pytest.param("account.credit_rate", 200, marks=pytest.mark.clause("SX2021-103.s2.3.a")),
        pytest.param("account.employer_credit_rate", 0, marks=pytest.mark.clause("SX2021-103.s2.3.b")),
        pytest.param(
            "account.pay_order", ("own", "family", "cash"), marks=pytest.mark.clause("SX2022-27.art23.b")
        ),
        pytest.param(
            "account.forbidden",
            ("public_health", "fitness", "wellness"),
            marks=pytest.mark.clause("SX2021-103.s2.4.e"),
        ),
        pytest.param("delivery.payable", False, marks=pytest.mark.clause("NHSA2023-4.s3.1.d")),
        pytest.param("offsite.temporary.pool_payable", False, marks=pytest.mark.clause("SX2022-27.art26.4")),
        pytest.param(
            "eligibility.require_personal_account", True, marks=pytest.mark.clause("SX2022-27.art2.a")
        ),
        pytest.param("chronic.overflow", "carve_out", marks=pytest.mark.clause("SX2022-27.art25.b")),
        pytest.param(
            "payment_standard.without", "actual_price", marks=pytest.mark.clause("SX2022-27.art21.d")
        ),
        pytest.param("restricted.outside", "full_selfpay", marks=pytest.mark.clause("SX2022-27.art17.c")),
        pytest.param(
            "account.uses",
            ("in_scope_selfpay", "personal_medical", "pharmacy_goods", "premiums"),
            marks=pytest.mark.clause("SX2021-103.s2.4.a"),
        ),
        pytest.param(
            "account.pharmacy_kinds",
            ("drug", "device", "consumable"),
            marks=pytest.mark.clause("SX2021-103.s2.4.c"),
        ),
        pytest.param(
            "account.premiums",
            ("resident_insurance", "large_amount", "long_term_care"),
            marks=pytest.mark.clause("SX2021-103.s2.4.d"),
        ),
        pytest.param("account.retired_rate_of_pension", 200, marks=pytest.mark.clause("SX2021-103.s2.3.c")),
        pytest.param("payment_standard.scope", "province", marks=pytest.mark.clause("SX2022-27.art21.a")),
        pytest.param("chronic.separate", True, marks=pytest.mark.clause("SX2022-27.art8.b")),
        pytest.param("prescription.split_allowed", True, marks=pytest.mark.clause("SX2022-27.art14.a")),
        pytest.param(
            "voucher.kinds", ("e_voucher", "social_security_card"), marks=pytest.mark.clause("SX2022-27.art7")
        ),
        pytest.param("ceiling.shared_with_pharmacy", True, marks=pytest.mark.clause("NHSA2023-4.s3.1.b")),
        ("refund.recompute", "none"),
        ("arrears.retroactive_months", 0),
        ("clearing.deposit_rate", 500),
        ("clearing.deposit_base", "pool"),
        ("deductible.count_from", "year_start"),
    ],
)
def test_a_single_parameter(law: Law, key: str, raw: object) -> None:
    value = law.value(key, "14", SUMMER)
    assert isinstance(value, Value)
    assert value.raw == raw


@pytest.mark.clause("NHSA2023-4.s3.4.b")
@pytest.mark.parametrize("kind", ["pharmacy", "hospital"])
def test_claims_are_cleared_within_thirty_working_days(law: Law, kind: str) -> None:
    value = law.value("clearing.working_days", "14", SUMMER, {"kind": kind})
    assert isinstance(value, Value)
    assert value.raw == 30


@pytest.mark.clause("SX2022-27.art28.b")
@pytest.mark.parametrize(("kind", "account"), [("hospital", "普通门诊支出"), ("pharmacy", "药店医药费支出")])
def test_account_money_is_booked_by_kind_of_institution(law: Law, kind: str, account: str) -> None:
    value = law.value("accounting.account_expense", "14", SUMMER, {"kind": kind})
    assert isinstance(value, Value)
    assert value.raw == account


@pytest.mark.clause("SX2021-103.s2.4.b")
def test_the_family_is_wider_from_the_day_the_nation_widened_it(law: Law) -> None:
    narrow = law.value("account.family.relations", "14", date(2024, 7, 25))
    wide = law.value("account.family.relations", "14", date(2024, 7, 26))
    assert isinstance(narrow, Value)
    assert isinstance(wide, Value)
    assert narrow.raw == ("spouse", "parents", "children")
    assert set(narrow.raw) < set(wide.raw if isinstance(wide.raw, tuple) else ())
    assert wide.confidence == "recalled"


@pytest.mark.clause("SX2021-103.s2.3.c")
def test_the_retired_credit_is_refused_until_an_operator_enters_it(law: Law, demo_law: Law) -> None:
    refusal = law.value("account.retired_monthly", "14", SUMMER)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "PARAMETER_UNSPECIFIED"
    assert refusal.clause == "SX2021-103.s2.3.c"
    entered = demo_law.value("account.retired_monthly", "14", SUMMER)
    assert isinstance(entered, Value)
    assert (entered.raw, entered.confidence) == (7_000, "operator")


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"kind": "hospital", "fee_class": "1"}, "class1"),
        ({"kind": "hospital", "fee_class": "4"}, "class3"),
        ({"kind": "pharmacy"}, "pharmacy"),
        ({"kind": "hospital", "level": "3", "offsite": "LONG_TERM_OUT_OF_PROVINCE"}, "class1"),
        ({"kind": "hospital", "level": "0", "offsite": "LONG_TERM_OUT_OF_PROVINCE"}, "class3"),
    ],
)
def test_the_place_is_derived(law: Law, facts: dict[str, str], place: str) -> None:
    assert law.derive("14", SUMMER, facts)["place"] == place


def test_a_local_hospital_has_no_place_by_its_level_alone(law: Law) -> None:
    assert "place" not in law.derive("14", SUMMER, {"kind": "hospital", "level": "3"})


def test_a_given_place_is_not_derived_again(law: Law) -> None:
    assert law.derive("14", SUMMER, {"place": "class1", "kind": "pharmacy"})["place"] == "class1"


def test_a_row_derives_the_place_it_needs(law: Law) -> None:
    derived = row(law, "14", SUMMER, {"status": "active", "kind": "hospital", "fee_class": "2"})
    assert derived.cells == row(law, "14", SUMMER, case("active", "class2")).cells


@pytest.mark.parametrize("level", ["3", "2", "1", "0"])
def test_the_place_of_an_institution_elsewhere_follows_the_table_of_levels(law: Law, level: str) -> None:
    stated = law.value("offsite.level_to_class", "14", SUMMER, {"level": level})
    assert isinstance(stated, Value)
    facts = {"kind": "hospital", "level": level, "offsite": "LONG_TERM_OUT_OF_PROVINCE"}
    assert law.derive("14", SUMMER, facts)["place"] == stated.raw
