"""Recording prescriptions on a real database."""

from datetime import UTC, date, datetime

from gongji.prescriptions.selectors import find
from gongji.prescriptions.services import record, revoke
from gongji.prescriptions.values import PrescribedItem

AT = datetime(2024, 8, 1, 2, 0, tzinfo=UTC)


async def recorded(conn, psn_no: str, *items: str, issuer: str = "H1", visit_id: int = 1, at: datetime = AT):
    return await record(
        conn,
        psn_no=psn_no,
        rx_no="RX1",
        issuer=issuer,
        visit_id=visit_id,
        group_id=visit_id,
        items=[PrescribedItem(item, 10_000) for item in items],
        issued_at=at,
        valid_days=3,
    )


async def test_a_recorded_prescription_is_found_with_its_items_and_last_day(conn):
    assert await recorded(conn, "A1", "X1", "X2") is None
    found = await find(conn, "A1", "RX1")
    assert (found.issuer, found.group_id, found.valid_until) == ("H1", 1, date(2024, 8, 3))
    assert [item.item for item in found.items] == ["X1", "X2"]


async def test_a_prescription_of_another_person_is_not_found(conn):
    await recorded(conn, "B1", "X1")
    assert await find(conn, "B2", "RX1") is None


async def test_a_later_upload_of_the_visit_adds_its_items(conn):
    await recorded(conn, "C1", "X1")
    await recorded(conn, "C1", "X2")
    assert [item.item for item in (await find(conn, "C1", "RX1")).items] == ["X1", "X2"]


async def test_an_item_uploaded_again_is_on_the_prescription_once(conn):
    await recorded(conn, "C2", "X1", "X2")
    await recorded(conn, "C2", "X1")
    assert [item.item for item in (await find(conn, "C2", "RX1")).items] == ["X2", "X1"]


async def test_a_number_used_again_by_a_later_visit_is_that_visits_prescription(conn):
    await recorded(conn, "D1", "X1", visit_id=1)
    await recorded(conn, "D1", "X2", visit_id=2, at=AT.replace(day=2))
    found = await find(conn, "D1", "RX1")
    assert (found.visit_id, [item.item for item in found.items]) == (2, ["X2"])


async def test_of_two_institutions_with_one_number_the_newer_prescription_is_found(conn):
    await recorded(conn, "E1", "X1", issuer="H1", visit_id=1)
    await recorded(conn, "E1", "X2", issuer="H2", visit_id=2, at=AT.replace(day=2))
    assert (await find(conn, "E1", "RX1")).issuer == "H2"
    assert (await find(conn, "E1", "RX1", issuer="H1")).visit_id == 1


async def test_what_a_visit_prescribed_is_revoked_with_it_and_takes_no_more_items(conn):
    await recorded(conn, "F1", "X1")
    assert await revoke(conn, psn_no="F1", visit_id=1, at=AT) == 1
    assert (await find(conn, "F1", "RX1")).revoked_at == AT
    assert (await recorded(conn, "F1", "X2")).code == "RX_REVOKED"


async def test_a_revoked_prescription_gives_way_to_an_older_one_in_force(conn):
    await recorded(conn, "G1", "X1", visit_id=1)
    await recorded(conn, "G1", "X2", visit_id=2, at=AT.replace(day=2))
    await revoke(conn, psn_no="G1", visit_id=2, at=AT)
    assert (await find(conn, "G1", "RX1")).visit_id == 1
