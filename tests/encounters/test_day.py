"""What an institution sees of its own day: visits, a visit by its number, diagnoses made lately, batches; nobody else's."""

from datetime import UTC, date, datetime

from gongji.base.ids import least_id
from gongji.encounters.selectors import (
    batches_of_visits,
    diagnoses_used,
    visit_of_institution,
    visits_of_day,
)
from gongji.encounters.services import put_visit_info, register, upload_fees
from gongji.encounters.values import Diagnosis, VisitInfo
from tests.encounters.uploads import AT, CALLER, line, registration

DAY = date(2024, 8, 15)
NUMBER = least_id(int(AT.timestamp() * 1000))
OTHER = "H14010000002"


async def seen(conn, psn_no: str, number: int, **more) -> int:
    visit_id = NUMBER + number
    assert (
        await register(conn, registration(psn_no, f"D{number}", **more), visit_id=visit_id, at=AT) == visit_id
    )
    return visit_id


async def informed(conn, psn_no: str, visit_id: int, code: str, name: str, caller: str = CALLER) -> None:
    diagnosis = Diagnosis(diag_type="1", sort_no=1, code=code, name=name, diagnosed_at=AT)
    info = VisitInfo(med_type="11", seen_at=AT, diagnoses=(diagnosis,))
    assert (
        await put_visit_info(conn, psn_no=psn_no, visit_id=visit_id, caller=caller, info=info, at=AT) is None
    )


async def test_the_day_lists_its_own_visits_youngest_first(conn) -> None:
    first = await seen(conn, "DA1", 1, doctor_code="D1")
    second = await seen(conn, "DA2", 2, doctor_code="D2")
    await seen(conn, "DA3", 3, caller=OTHER)
    await seen(conn, "DA4", 4, service_on=date(2024, 8, 14))
    assert [visit.visit_id for visit in await visits_of_day(conn, CALLER, DAY)] == [second, first]
    assert [visit.visit_id for visit in await visits_of_day(conn, CALLER, DAY, "D1")] == [first]


async def test_a_visit_is_found_by_its_number_at_its_institution_only(conn) -> None:
    visit_id = await seen(conn, "DB1", 11)
    found = await visit_of_institution(conn, CALLER, visit_id)
    assert found is not None
    assert found.psn_no == "DB1"
    assert await visit_of_institution(conn, OTHER, visit_id) is None


async def test_what_a_department_diagnoses_often_is_offered_first(conn) -> None:
    caller = "H14010000003"
    for number, (code, name) in enumerate(
        (("I10", "高血压"), ("E11", "糖尿病"), ("I10", "高血压")), start=21
    ):
        visit_id = await seen(conn, f"DC{number}", number, caller=caller, dept_code="K01")
        await informed(conn, f"DC{number}", visit_id, code, name, caller)
    assert [(one.code, one.times) for one in await diagnoses_used(conn, caller, "K01")] == [
        ("I10", 2),
        ("E11", 1),
    ]
    assert [one.code for one in await diagnoses_used(conn, caller, "K01", "糖尿")] == ["E11"]
    assert [one.code for one in await diagnoses_used(conn, caller, "K01", "e1")] == ["E11"]
    assert await diagnoses_used(conn, caller, "K02") == []
    assert await diagnoses_used(conn, caller, "", "%") != []


async def test_batches_of_a_visit_come_with_their_lines(conn) -> None:
    visit_id = await seen(conn, "DD1", 31)
    for part, (batch, key) in enumerate((("2", "b"), ("1", "a"), ("1", "c")), start=1):
        assert (
            await upload_fees(
                conn, psn_no="DD1", visit_id=visit_id, caller=CALLER, batches=[(batch, [line(key)])],
                part_id=NUMBER + 100 + part, at=datetime(2024, 8, 15, 3, tzinfo=UTC),
            )
            is None
        )  # fmt: skip
    batches = (await batches_of_visits(conn, [("DD1", visit_id)]))["DD1", visit_id]
    assert [(one.batch_no, [row.key for row in one.lines]) for one in batches] == [
        ("1", ["a", "c"]),
        ("2", ["b"]),
    ]
