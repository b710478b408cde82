"""What must hold for a prescription to be issued; every problem is told at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from gongji.base.regions import NATION
from gongji.encounters.values import Visit
from gongji.policy import compile_law, load_library
from gongji.prescriptions.issuing import Situation, all_told, marked, problems
from gongji.prescriptions.limits import Limits, read_limits
from gongji.prescriptions.values import Diagnosis, Drug, Issue, Private
from gongji.providers.values import ProviderDay
from tests.prescriptions import centre
from tests.prescriptions.centre import (
    ANTIBIOTIC,
    AT,
    DAY,
    DOCTOR,
    HERB,
    HOSPITAL,
    LIMITED,
    MALE_ONLY,
    NARCOTIC,
    NURSE,
    PHARMACY,
    REGION,
    SERVICE,
    SUSPENDED_DOCTOR,
    UNPOOLED,
    WORDY,
    WORDY_AND_GROWN_UP,
    A,
    B,
    drug,
    issue,
    long_issue,
)  # fmt: skip

VISIT = Visit(
    psn_no="P", visit_id=1, caller=HOSPITAL, ipt_otp_no="1", insutype="310", voucher_type="01", med_type="11", dept_code="",
    dept_name="", caty="", doctor_code="", doctor_name="", begun_at=AT, seen_at=None, service_on=DAY, group_id=1, state="open",
    condition="", disease_code="", disease_name="", registered_at=AT, changed_at=AT,
)  # fmt: skip


def limits(on: date = DAY) -> Limits:
    found = read_limits(centre.law(), REGION, on, allow_draft=False)
    assert isinstance(found, Limits)
    return found


def place(code: str = HOSPITAL) -> ProviderDay:
    provider = centre.book().get(code)
    assert provider is not None
    return provider.on(DAY)


def situation(asked: Issue, **changes: Any) -> Situation:
    values: dict[str, Any] = {
        "place": place(), "visit": VISIT, "doctor": centre.book().staff(HOSPITAL, asked.doctor_code, DAY),
        "items": {d.item: centre.catalogue().get(d.item, DAY, REGION) for d in asked.drugs}, "limits": limits(), "at": AT,
        "sex": "1", "age": 44,
    }  # fmt: skip
    return Situation(**(values | changes))


def codes(asked: Issue, **changes: Any) -> list[str]:
    return [refusal.code for refusal in problems(asked, situation(asked, **changes))]


def sheet(*drugs: Drug, **changes: Any) -> Issue:
    return issue("P", 1, *drugs, **changes)


def test_a_good_sheet_has_no_problem() -> None:
    assert codes(sheet()) == []


@pytest.mark.clause("SX2022-27.art8.a")
@pytest.mark.clause("SX2022-27.art8.b")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"voucher_type": ""}, "VISIT_IDENTITY_UNVERIFIED"),
        ({"med_type": "1401"}, "VISIT_BENEFIT_DIFFERS"),
        ({"state": "cancelled"}, "VISIT_CLOSED"),
        ({"caller": "H9"}, "VISIT_OF_ANOTHER_INSTITUTION"),
    ],
)
def test_identity_and_benefit_are_verified_at_an_open_visit_of_ones_own(
    change: dict[str, str], code: str
) -> None:
    assert codes(sheet(), visit=msgspec.structs.replace(VISIT, **change)) == [code]


def test_a_sheet_needs_a_visit() -> None:
    assert codes(sheet(), visit=None) == ["UNKNOWN_VISIT"]


@pytest.mark.parametrize(
    ("doctor", "code"),
    [
        ("D9", "DOCTOR_NOT_REGISTERED"),
        (SUSPENDED_DOCTOR, "DOCTOR_SUSPENDED"),
        (NURSE, "DOCTOR_NO_RIGHT"),
        (DOCTOR, None),
    ],
)
def test_the_doctor_is_registered_has_the_right_and_is_not_suspended(doctor: str, code: str | None) -> None:
    assert codes(sheet(doctor_code=doctor)) == ([code] if code else [])


def test_a_doctor_prescribes_at_his_own_institution_only() -> None:
    assert codes(sheet(doctor_code=centre.OTHER_DOCTOR)) == ["DOCTOR_NOT_REGISTERED"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [(UNPOOLED, "NOT_POOLED_PROVIDER"), (PHARMACY, "FORBIDDEN"), (centre.SUSPENDED_PHARMACY, "FORBIDDEN")],
)
def test_only_a_pooled_medical_institution_issues(code: str, expected: str) -> None:
    assert codes(sheet(), place=place(code)) == [expected]


def test_an_institution_whose_agreement_is_suspended_issues_nothing() -> None:
    suspended = msgspec.structs.replace(place(), designated=False, pooled_agreement=False, suspended=True)
    assert codes(sheet(), place=suspended) == ["PROVIDER_SUSPENDED"]


@pytest.mark.clause("SX2022-27.art8.c")
def test_services_are_ordered_apart_from_drugs() -> None:
    assert codes(sheet(drug(A), drug(SERVICE))) == ["RX_NOT_A_DRUG"]


def test_a_drug_must_be_in_the_catalogue_on_the_day() -> None:
    assert codes(sheet(drug("XNOT"))) == ["OUT_OF_CATALOGUE"]


def test_no_drug_stands_twice_on_a_sheet() -> None:
    assert codes(sheet(drug(A), drug(A))) == ["RX_DRUG_TWICE"]


def test_five_drugs_fit_on_a_sheet_and_six_do_not() -> None:
    six = [drug(f"XM{number:02d}MANY01") for number in range(6)]
    assert codes(sheet(*six[:5])) == []
    assert codes(sheet(*six)) == ["RX_TOO_MANY_DRUGS"]


def test_herbs_stand_on_a_sheet_of_their_own_without_a_limit_of_kinds() -> None:
    herb = drug(HERB, item_type="13")
    assert codes(sheet(herb)) == []
    assert codes(sheet(drug(A), herb)) == ["RX_HERBS_APART"]


@pytest.mark.parametrize(
    ("days", "changes", "expected"),
    [
        (7, {}, []),
        (8, {}, ["RX_QUANTITY_REASON_MISSING"]),
        (8, {"quantity_reason": "外出"}, []),
        (3, {"emergency": True}, []),
        (4, {"emergency": True}, ["RX_QUANTITY_REASON_MISSING"]),
        (4, {"emergency": True, "quantity_reason": "路远"}, []),
        (85, {"quantity_reason": "外出"}, ["RX_TOO_LONG"]),
        (0, {}, ["RX_QUANTITY_INVALID"]),
        (-1, {}, ["RX_QUANTITY_INVALID"]),
    ],
)
def test_ordinary_sheets_hold_seven_days_and_emergencies_three_unless_a_reason_is_given(
    days: int, changes: dict[str, Any], expected: list[str]
) -> None:
    assert codes(sheet(drug(A, days=days), **changes)) == expected


def test_half_a_day_too_much_is_too_much() -> None:
    assert codes(sheet(drug(A, days_e2=750))) == ["RX_QUANTITY_REASON_MISSING"]


def test_a_drug_without_quantity_is_refused() -> None:
    assert codes(sheet(drug(A, 0))) == ["RX_QUANTITY_INVALID"]


@pytest.mark.clause("NHSA2023-4.s4.2.c")
@pytest.mark.clause("SX2024-11.s3.d")
@pytest.mark.parametrize(
    ("days", "changes", "expected"),
    [
        (28, {"long_confirmed": False}, []),
        (29, {"long_confirmed": False}, ["RX_LONG_UNCONFIRMED"]),
        (84, {}, []),
        (85, {}, ["RX_TOO_LONG"]),
        (84, {"long_reason": ""}, ["RX_LONG_REASON_MISSING"]),
    ],
)
def test_a_long_prescription_holds_twelve_weeks_with_a_reason_above_four_with_assessment(
    days: int, changes: dict[str, Any], expected: list[str]
) -> None:
    assert codes(long_issue("P", 1, drug(A, 6, days), **changes)) == expected


@pytest.mark.parametrize(("item", "long"), [(NARCOTIC, False), (NARCOTIC, True), (ANTIBIOTIC, True)])
def test_kinds_that_do_not_circulate_or_are_not_prescribed_for_long_are_refused(
    item: str, long: bool
) -> None:
    asked = long_issue("P", 1, drug(item, days=28), fills=1, interval_days=0) if long else sheet(drug(item))
    assert codes(asked) == ["RX_EXCLUDED_DRUG"]


def test_an_antibiotic_may_be_prescribed_for_some_days() -> None:
    assert codes(sheet(drug(ANTIBIOTIC))) == []


@pytest.mark.parametrize(
    ("fills", "interval", "expected"),
    [(3, 28, []), (4, 20, ["RX_REFILLS_TOO_MANY"]), (3, 42, ["RX_REFILLS_TOO_MANY"]), (3, 41, [])],
)
def test_fills_are_as_many_as_the_law_allows_and_fit_into_its_days(
    fills: int, interval: int, expected: list[str]
) -> None:
    assert codes(long_issue("P", 1, fills=fills, interval_days=interval)) == expected


def test_every_fill_has_something_to_fetch() -> None:
    assert codes(long_issue("P", 1, drug(A, 2, 84))) == ["RX_REFILLS_TOO_MANY"]
    assert codes(long_issue("P", 1, drug(A, 2, 84), drug(B, 3, 84))) == []


@pytest.mark.parametrize(("fills", "interval"), [(0, 28), (-1, 28), (2, -1)])
def test_fills_and_intervals_are_numbers_that_make_sense(fills: int, interval: int) -> None:
    assert codes(long_issue("P", 1, fills=fills, interval_days=interval)) == ["RX_REFILLS_TOO_MANY"]


def test_an_ordinary_prescription_is_not_fetched_in_parts() -> None:
    assert codes(sheet(fills=2, interval_days=3)) == ["RX_REFILLS_TOO_MANY"]


def test_without_the_demonstrations_parameters_a_long_prescription_is_one_fill() -> None:
    plain = read_limits(compile_law(load_library()), REGION, DAY, allow_draft=False)
    assert codes(long_issue("P", 1), limits=plain) == ["RX_REFILLS_TOO_MANY"]


@pytest.mark.clause("SX2022-27.art11")
def test_a_validity_beyond_the_laws_is_refused() -> None:
    assert codes(sheet(valid_days=3)) == []
    assert codes(sheet(valid_days=4)) == ["RX_VALIDITY_TOO_LONG"]


def test_a_sheet_from_the_future_is_refused() -> None:
    assert codes(sheet(issued_at=AT + timedelta(minutes=5, seconds=1))) == ["RX_ISSUED_IN_FUTURE"]


def test_a_hospitals_clock_may_be_a_little_ahead() -> None:
    assert codes(sheet(issued_at=AT + timedelta(minutes=5))) == []


def test_a_doctor_is_named_as_the_register_names_him() -> None:
    assert codes(sheet(doctor_name="别的医师")) == ["BAD_FIELD"]
    assert codes(sheet(doctor_name=" 某 ·001")) == []


def test_a_sheet_is_not_older_than_its_visit() -> None:
    assert codes(sheet(issued_at=AT - timedelta(days=1))) == ["RX_BEFORE_VISIT"]


@pytest.mark.clause("SX2022-27.art11")
def test_a_sheet_that_has_expired_already_is_not_issued() -> None:
    assert codes(sheet(), at=AT + timedelta(days=3)) == ["RX_EXPIRED"]


def test_a_diagnosis_meets_an_indication() -> None:
    hypertension = Private(diagnoses=(Diagnosis(sort_no=1, code="I10.x00"),))
    asked = sheet(drug(LIMITED), private=hypertension)
    assert marked(asked, situation(asked)).self_paid == ()


@pytest.mark.parametrize("item", [LIMITED, WORDY, WORDY_AND_GROWN_UP])
@pytest.mark.parametrize(
    ("approval", "confirmed", "self_paid"), [("1", True, False), ("0", False, True), ("2", False, True)]
)
def test_a_restriction_that_no_diagnosis_meets_is_confirmed_by_the_doctor_or_self_paid(
    item: str, approval: str, confirmed: bool, self_paid: bool
) -> None:
    asked = sheet(drug(item, approval=approval))
    assert codes(asked) == []
    kept = marked(asked, situation(asked))
    assert (item in kept.confirmed, item in kept.self_paid) == (confirmed, self_paid)


def test_what_a_machine_can_tell_is_not_confirmed_away() -> None:
    asked = sheet(drug(MALE_ONLY, approval="1"))
    assert codes(asked) == ["RX_RESTRICTION_UNMET"]
    (refusal,) = problems(asked, situation(asked))
    assert refusal.detail.endswith("：限性别")
    assert codes(sheet(drug(MALE_ONLY, approval="1")), sex="2") == []
    assert codes(sheet(drug(MALE_ONLY, approval="2"))) == []


def test_all_problems_are_told_in_one_refusal_that_has_the_first_ones_code() -> None:
    asked = sheet(drug(A, days=8), drug(SERVICE), doctor_code="D9")
    refusal = all_told(problems(asked, situation(asked)))
    assert refusal is not None
    assert refusal.code == "DOCTOR_NOT_REGISTERED"
    assert "另有 2 处" in refusal.detail
    assert "RX_QUANTITY_REASON_MISSING" in refusal.detail
    assert "RX_NOT_A_DRUG" in refusal.detail


def test_one_problem_is_told_as_it_is_and_none_is_none() -> None:
    asked = sheet(drug(A, days=8))
    (only,) = problems(asked, situation(asked))
    assert all_told([only]) == only
    assert all_told([]) is None


def test_a_refusal_cites_the_article() -> None:
    asked = sheet(drug(A, days=8))
    (refusal,) = problems(asked, situation(asked))
    assert (refusal.clause, refusal.article) == ("CN-CF53.art19", "处方管理办法 第十九条")


def test_the_nation_has_every_limit() -> None:
    assert isinstance(read_limits(centre.law(), NATION, DAY, allow_draft=False), Limits)
