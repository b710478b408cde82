"""Prescriptions of 2204: how long one may be filled, and where; recording them on a real database."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from gongji.base.times import CHINA
from gongji.prescriptions.limits import end_of_day, last_instant
from gongji.prescriptions.uploaded import (
    PrescribedItem,
    UploadedPrescription,
    find_uploaded,
    record_upload,
    revoke_uploads,
    same_drug_elsewhere,
    validity,
)

AT = datetime(2024, 8, 1, 2, 0, tzinfo=UTC)


def prescription(**more) -> UploadedPrescription:
    given = {
        "psn_no": "P1",
        "rx_no": "RX1",
        "issuer": "H1",
        "visit_id": 1,
        "group_id": 1,
        "doctor_code": "",
        "doctor_name": "",
        "issued_at": datetime(2024, 8, 1, 2, 0, tzinfo=UTC),
        "valid_until": end_of_day(date(2024, 8, 3)),
        "items": (),
    }
    return UploadedPrescription(**(given | more))


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
    assert validity(prescription(), datetime.combine(day, time(23, 59, 59), CHINA)) == state


def test_a_prescription_counted_in_hours_ends_within_its_last_day():
    issued = datetime(2024, 8, 1, 10, tzinfo=CHINA)
    counted = prescription(issued_at=issued, valid_until=last_instant(issued, 3, "hours72"))
    assert validity(counted, issued + timedelta(hours=72)) == "valid"
    assert validity(counted, issued + timedelta(hours=72, seconds=1)) == "expired"


def test_the_day_of_issue_is_a_day_in_china():
    late = prescription(issued_at=datetime(2024, 7, 31, 16, 0, tzinfo=UTC))
    assert validity(late, datetime(2024, 8, 1, 12, tzinfo=CHINA)) == "valid"
    assert validity(late, datetime(2024, 7, 31, 23, tzinfo=CHINA)) == "none"


def test_a_revoked_prescription_is_none():
    revoked = prescription(revoked_at=datetime(2024, 8, 1, 3, 0, tzinfo=UTC))
    assert validity(revoked, datetime(2024, 8, 2, 12, tzinfo=CHINA)) == "none"


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


async def recorded(conn, psn_no: str, *items: str, issuer: str = "H1", visit_id: int = 1, at: datetime = AT):
    return await record_upload(
        conn,
        psn_no=psn_no,
        rx_no="RX1",
        issuer=issuer,
        visit_id=visit_id,
        group_id=visit_id,
        items=[PrescribedItem(item, 10_000) for item in items],
        issued_at=at,
        valid_until=last_instant(at, 3, "calendar_inclusive"),
    )


async def test_a_recorded_prescription_is_found_with_its_items_and_last_instant(conn):
    assert await recorded(conn, "A1", "X1", "X2") is None
    found = await find_uploaded(conn, "A1", "RX1")
    assert (found.issuer, found.group_id, found.valid_until) == ("H1", 1, end_of_day(date(2024, 8, 3)))
    assert [item.item for item in found.items] == ["X1", "X2"]


async def test_a_prescription_of_another_person_is_not_found(conn):
    await recorded(conn, "B1", "X1")
    assert await find_uploaded(conn, "B2", "RX1") is None


async def test_a_later_upload_of_the_visit_adds_its_items(conn):
    await recorded(conn, "C1", "X1")
    await recorded(conn, "C1", "X2")
    assert [item.item for item in (await find_uploaded(conn, "C1", "RX1")).items] == ["X1", "X2"]


async def test_an_item_uploaded_again_is_on_the_prescription_once(conn):
    await recorded(conn, "C2", "X1", "X2")
    await recorded(conn, "C2", "X1")
    assert [item.item for item in (await find_uploaded(conn, "C2", "RX1")).items] == ["X2", "X1"]


async def test_a_number_used_again_by_a_later_visit_is_that_visits_prescription(conn):
    await recorded(conn, "D1", "X1", visit_id=1)
    await recorded(conn, "D1", "X2", visit_id=2, at=AT.replace(day=2))
    found = await find_uploaded(conn, "D1", "RX1")
    assert (found.visit_id, [item.item for item in found.items]) == (2, ["X2"])


async def test_of_two_institutions_with_one_number_the_newer_prescription_is_found(conn):
    await recorded(conn, "E1", "X1", issuer="H1", visit_id=1)
    await recorded(conn, "E1", "X2", issuer="H2", visit_id=2, at=AT.replace(day=2))
    assert (await find_uploaded(conn, "E1", "RX1")).issuer == "H2"
    assert (await find_uploaded(conn, "E1", "RX1", issuer="H1")).visit_id == 1


async def test_what_a_visit_prescribed_is_revoked_with_it_and_takes_no_more_items(conn):
    await recorded(conn, "F1", "X1")
    assert await revoke_uploads(conn, psn_no="F1", visit_id=1, at=AT) == 1
    assert (await find_uploaded(conn, "F1", "RX1")).revoked_at == AT
    assert (await recorded(conn, "F1", "X2")).code == "RX_REVOKED"


async def test_a_revoked_prescription_gives_way_to_an_older_one_in_force(conn):
    await recorded(conn, "G1", "X1", visit_id=1)
    await recorded(conn, "G1", "X2", visit_id=2, at=AT.replace(day=2))
    await revoke_uploads(conn, psn_no="G1", visit_id=2, at=AT)
    assert (await find_uploaded(conn, "G1", "RX1")).visit_id == 1
