"""How long a prescription may be filled, and where."""

from datetime import UTC, date, datetime

import pytest

from gongji.prescriptions.rules import same_drug_elsewhere, valid_until, validity
from gongji.prescriptions.values import Prescription


def prescription(**more) -> Prescription:
    given = {
        "psn_no": "P1",
        "rx_no": "RX1",
        "issuer": "H1",
        "visit_id": 1,
        "group_id": 1,
        "doctor_code": "",
        "doctor_name": "",
        "issued_at": datetime(2024, 8, 1, 2, 0, tzinfo=UTC),
        "valid_until": date(2024, 8, 3),
        "items": (),
    }
    return Prescription(**(given | more))


@pytest.mark.clause("SX2022-27.art11")
def test_the_day_of_issue_is_the_first_of_three():
    assert valid_until(date(2024, 8, 1), 3) == date(2024, 8, 3)


def test_a_prescription_of_one_day_ends_with_the_day_of_issue():
    assert valid_until(date(2024, 8, 1), 1) == date(2024, 8, 1)


def test_a_prescription_of_no_day_is_a_bug():
    with pytest.raises(ValueError, match="day of issue"):
        valid_until(date(2024, 8, 1), 0)


@pytest.mark.clause("SX2022-27.art11")
@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2024, 7, 31), "none"),
        (date(2024, 8, 1), "valid"),
        (date(2024, 8, 3), "valid"),
        (date(2024, 8, 4), "expired"),
    ],
)
def test_a_prescription_is_valid_from_issue_to_its_last_day(day: date, state: str):
    assert validity(prescription(), day) == state


def test_the_day_of_issue_is_a_day_in_china():
    late = prescription(issued_at=datetime(2024, 7, 31, 16, 0, tzinfo=UTC))
    assert validity(late, date(2024, 8, 1)) == "valid"
    assert validity(late, date(2024, 7, 31)) == "none"


def test_a_revoked_prescription_is_none():
    revoked = prescription(revoked_at=datetime(2024, 8, 1, 3, 0, tzinfo=UTC))
    assert validity(revoked, date(2024, 8, 2)) == "none"


@pytest.mark.clause("SX2022-27.art14.c")
def test_a_drug_bought_elsewhere_on_the_prescription_cannot_be_bought_here():
    refusal = same_drug_elsewhere(["X1", "X2"], [("X2", "P2")], here="P1")
    assert refusal.code == "SAME_DRUG_DIFFERENT_INSTITUTION"
    assert "X2" in refusal.detail


def test_more_of_a_drug_may_be_bought_where_it_was_bought_before():
    assert same_drug_elsewhere(["X1"], [("X1", "P1")], here="P1") is None


@pytest.mark.clause("SX2022-27.art14.a")
def test_another_drug_of_the_prescription_may_be_bought_elsewhere():
    assert same_drug_elsewhere(["X1"], [("X2", "P2")], here="P1") is None
