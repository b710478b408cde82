"""How a fee line is treated before any arithmetic."""

from __future__ import annotations

import pytest

from gongji.kernel.layout import (
    FLAG_ACCOUNT,
    FLAG_CARVE_OUT,
    TREAT_A,
    TREAT_B_CONSUMABLE,
    TREAT_B_DRUG,
    TREAT_B_SERVICE,
    TREAT_FULL_SELFPAY,
)
from gongji.policy import overridden
from gongji.settlement.lines import (
    KINDS,
    NATIONAL_SCOPE,
    Treatment,
    account_scope,
    line_treatment,
    restriction_is_met,
)
from tests.settlement.visits import AUGUST, law


@pytest.mark.clause("SX2022-27.art20.a", "SX2022-27.art20.b")
@pytest.mark.parametrize(
    ("category", "kind", "treat"),
    [
        ("A", "drug", TREAT_A),
        ("A", "service", TREAT_A),
        ("B", "drug", TREAT_B_DRUG),
        ("B", "consumable", TREAT_B_CONSUMABLE),
        ("B", "device", TREAT_B_CONSUMABLE),
        ("B", "service", TREAT_B_SERVICE),
        ("C", "drug", TREAT_FULL_SELFPAY),
        ("C", "service", TREAT_FULL_SELFPAY),
    ],
)
def test_category_and_kind_decide_the_treatment(category: str, kind: str, treat: int) -> None:
    assert line_treatment(category, kind) == Treatment(treat, FLAG_ACCOUNT)


@pytest.mark.clause("SX2022-27.art17.c")
def test_a_restriction_that_is_not_met_makes_the_line_full_selfpay() -> None:
    assert line_treatment("B", "drug", restriction_met=False) == Treatment(
        TREAT_FULL_SELFPAY, FLAG_ACCOUNT, "RESTRICTED"
    )


@pytest.mark.clause("SX2022-27.art9.b", "SX2022-27.art9.c")
@pytest.mark.parametrize("kind", ["service", "consumable", "device"])
def test_what_was_not_done_or_sold_in_house_is_full_selfpay(kind: str) -> None:
    assert line_treatment("A", kind, in_house=False).reason == "SERVICE_NOT_IN_HOUSE"


def test_a_drug_need_not_be_dispensed_in_house() -> None:
    assert line_treatment("A", "drug", in_house=False).treat == TREAT_A


def test_what_is_outside_the_catalogue_is_full_selfpay_whatever_its_category() -> None:
    assert line_treatment("A", "drug", in_catalogue=False).reason == "OUT_OF_CATALOGUE"


@pytest.mark.clause("NHSA2023-4.s3.1.d")
def test_a_delivery_fee_is_paid_by_neither_pool_nor_account() -> None:
    assert line_treatment("A", "delivery") == Treatment(TREAT_FULL_SELFPAY, 0, "DELIVERY_FEE")


@pytest.mark.clause("SX2021-103.s2.4.e")
@pytest.mark.parametrize("kind", ["health_food", "fitness", "wellness", "public_health"])
def test_what_is_no_medical_care_is_paid_by_neither_pool_nor_account(kind: str) -> None:
    treatment = line_treatment("A", kind)
    assert (treatment.treat, treatment.flags) == (TREAT_FULL_SELFPAY, 0)


@pytest.mark.clause("NHSA2023-4.s3.1.a", "SX2021-103.s2.4.c", "SX2022-27.art4.d")
@pytest.mark.parametrize(
    ("kind", "flags"), [("consumable", FLAG_ACCOUNT), ("device", FLAG_ACCOUNT), ("service", 0)]
)
def test_at_a_pharmacy_the_pool_pays_drugs_only(kind: str, flags: int) -> None:
    assert line_treatment("A", kind, at_pharmacy=True) == Treatment(
        TREAT_FULL_SELFPAY, flags, "PHARMACY_DRUGS_ONLY"
    )


@pytest.mark.clause("NHSA2023-4.s3.1.a")
def test_at_a_pharmacy_a_drug_beside_the_prescription_is_full_selfpay() -> None:
    assert line_treatment("A", "drug", at_pharmacy=True, on_prescription=False).reason == "NO_PRESCRIPTION"


def test_an_item_that_accounts_may_not_pay_loses_the_flag_only() -> None:
    assert line_treatment("A", "drug", account_allowed=False) == Treatment(TREAT_A, 0)


def test_a_chronic_line_is_carved_out_unless_it_is_full_selfpay() -> None:
    assert line_treatment("B", "drug", chronic=True) == Treatment(TREAT_B_DRUG, FLAG_ACCOUNT | FLAG_CARVE_OUT)
    assert line_treatment("C", "drug", chronic=True).flags == FLAG_ACCOUNT


@pytest.mark.parametrize(("category", "kind"), [("D", "drug"), ("A", "toy")])
def test_an_unknown_category_or_kind_is_a_bug_of_the_caller(category: str, kind: str) -> None:
    with pytest.raises(KeyError):
        line_treatment(category, kind)


def test_every_kind_has_a_treatment_in_every_category() -> None:
    treatments = {line_treatment(category, kind).treat for category in "ABC" for kind in KINDS}
    assert treatments == {TREAT_FULL_SELFPAY, TREAT_A, TREAT_B_DRUG, TREAT_B_CONSUMABLE, TREAT_B_SERVICE}


@pytest.mark.parametrize(
    ("restricted", "approval", "met"),
    [
        (True, "0", False),
        (True, "1", True),
        (True, "2", False),
        (True, "", False),
        (False, "0", True),
        (False, "1", True),
        (False, "2", False),
        (False, "", True),
    ],
)
def test_limited_use_and_the_institution_s_approval_decide_together(
    restricted: bool, approval: str, met: bool
) -> None:
    assert restriction_is_met(restricted, approval) is met


@pytest.mark.clause("SX2021-103.s2.4.c", "SX2021-103.s2.4.e", "QY.art7.d")
@pytest.mark.parametrize("region", ["14", "6210", "1408"])
def test_the_scope_of_accounts_is_what_the_region_s_documents_say(region: str) -> None:
    assert account_scope(law(), region, AUGUST) == NATIONAL_SCOPE


def test_a_region_that_allows_less_or_more_is_only_another_document() -> None:
    cells = {"account.pharmacy_kinds": ["drug"], "account.forbidden": ["fitness"]}
    scope = account_scope(overridden(law(), "14", cells), "14", AUGUST)
    assert line_treatment("C", "device", at_pharmacy=True, scope=scope).flags == 0
    assert line_treatment("C", "wellness", scope=scope).flags == FLAG_ACCOUNT
    assert line_treatment("C", "delivery", scope=scope).flags == 0


def test_a_region_without_words_of_its_own_follows_the_nation() -> None:
    assert account_scope(law(), "65", AUGUST) == NATIONAL_SCOPE
