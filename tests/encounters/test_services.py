"""Uploads on a real database: each trade whole or not at all, and never against a settlement."""

import asyncio
import json
from datetime import date

import asyncpg
import pytest

from gongji.base.reasons import Refusal
from gongji.encounters.selectors import diagnoses, dispensed, fee_batches, visits, visits_of_person
from gongji.encounters.services import cancel, cancel_fees, put_visit_info, register, upload_fees
from gongji.encounters.values import Diagnosis, VisitInfo
from tests.encounters.uploads import AT, CALLER, ids, line, registered, registration


async def upload(conn, psn_no: str, visit_id: int, *lines, batch_no: str = "B1", caller: str = CALLER):
    return await upload_fees(
        conn,
        psn_no=psn_no,
        visit_id=visit_id,
        caller=caller,
        batches=[(batch_no, lines)],
        part_id=next(ids),
        at=AT,
    )


async def take_back(conn, psn_no: str, visit_id: int, batch_no: str = "B1"):
    return await cancel_fees(conn, psn_no=psn_no, visit_id=visit_id, caller=CALLER, batch_no=batch_no, at=AT)


async def undo(conn, psn_no: str, visit_id: int):
    return await cancel(conn, psn_no=psn_no, visit_id=visit_id, caller=CALLER, at=AT)


async def version(conn, psn_no: str, year: int = 2024) -> int:
    found = await conn.fetchval(
        "SELECT version FROM settlement_person_year WHERE psn_no = $1 AND year = $2", psn_no, year
    )
    return found or 0


@pytest.fixture
def settled(conn):
    """Write a settlement of a batch, as the engine would, as far as the encounters room can tell."""

    async def mark(psn_no: str, visit_id: int, batch_no: str, group_id: int | None = None) -> None:
        fact = {
            "psn_no": psn_no,
            "settlement_id": next(ids),
            "kind": 1,
            "visit_id": visit_id,
            "group_id": group_id or visit_id,
            "batch_no": batch_no,
        }
        await conn.execute(await blank_fact(conn), json.dumps(fact))

    return mark


async def blank_fact(conn) -> str:
    """Statement that writes a settlement fact of which only the columns in $1 mean something."""
    blanks = {
        "text": "''",
        "date": "'2024-08-15'::date",
        "timestamp with time zone": "now()",
        "ARRAY": "'{}'",
        "bytea": "''",
    }
    columns = await conn.fetch(
        "SELECT column_name, data_type, is_nullable = 'YES' AS optional FROM information_schema.columns"
        " WHERE table_name = 'settlement_fact' ORDER BY ordinal_position"
    )
    given = ("psn_no", "settlement_id", "kind", "visit_id", "group_id", "batch_no")
    values = [
        f"r.{name}" if name in given else "NULL" if optional else blanks.get(kind, "0")
        for name, kind, optional in columns
    ]
    return (
        f"INSERT INTO settlement_fact SELECT {', '.join(values)}"
        " FROM jsonb_populate_record(NULL::settlement_fact, $1::jsonb) AS r"
    )


async def test_a_registered_visit_can_be_read_and_is_its_own_group(conn):
    visit_id = await registered(conn, "R1")
    visit = (await visits(conn, [("R1", visit_id)]))["R1", visit_id]
    assert (visit.group_id, visit.state, visit.caller, visit.begun_at) == (visit_id, "open", CALLER, AT)


async def test_the_same_number_again_is_refused_and_names_the_visit(conn):
    visit_id = next(ids)
    assert await register(conn, registration("R2", "OTP"), visit_id=visit_id, at=AT) == visit_id
    answer = await register(conn, registration("R2", "OTP"), visit_id=next(ids), at=AT)
    assert isinstance(answer, Refusal)
    assert (answer.code, str(visit_id) in answer.detail) == ("VISIT_DUPLICATE", True)


async def test_a_number_is_free_again_when_its_visit_was_taken_back(conn):
    visit_id, again = next(ids), next(ids)
    await register(conn, registration("R3", "OTP"), visit_id=visit_id, at=AT)
    assert await undo(conn, "R3", visit_id) is None
    assert await register(conn, registration("R3", "OTP"), visit_id=again, at=AT) == again


async def test_lines_of_several_uploads_of_a_batch_are_one_batch_in_order(conn):
    visit_id = await registered(conn, "U1")
    assert await upload(conn, "U1", visit_id, line("1"), line("2")) is None
    assert await upload(conn, "U1", visit_id, line("3")) is None
    assert await upload(conn, "U1", visit_id, line("4"), batch_no="B2") is None
    found = await fee_batches(conn, [("U1", visit_id, "B1"), ("U1", visit_id, "B3")])
    assert set(found) == {("U1", visit_id, "B1")}
    batch = found["U1", visit_id, "B1"]
    assert [item.key for item in batch.lines] == ["1", "2", "3"]
    assert batch.total_fen == 900


async def test_a_line_comes_back_as_it_was_uploaded(conn):
    visit_id = await registered(conn, "U2")
    sent = line("1", rx_no="RX1", external=True, approval="1", doctor_name="李医生", memo='"引号" & <b>')
    await upload(conn, "U2", visit_id, sent)
    assert (await fee_batches(conn, [("U2", visit_id, "B1")]))["U2", visit_id, "B1"].lines == (sent,)


async def test_a_line_number_that_the_visit_has_already_is_refused_and_nothing_of_the_upload_stays(conn):
    visit_id = await registered(conn, "U3")
    await upload(conn, "U3", visit_id, line("1"))
    refusal = await upload(conn, "U3", visit_id, line("9"), line("1"), batch_no="B2")
    assert (refusal.code, refusal.detail) == ("FEE_DUPLICATE", "1")
    assert await fee_batches(conn, [("U3", visit_id, "B2")]) == {}


async def test_a_line_number_is_free_again_when_its_batch_was_taken_back(conn):
    visit_id = await registered(conn, "U4")
    await upload(conn, "U4", visit_id, line("1"))
    assert await take_back(conn, "U4", visit_id) is None
    assert await upload(conn, "U4", visit_id, line("1")) is None


async def test_a_refused_line_reaches_no_table(conn):
    visit_id = await registered(conn, "U5")
    assert (await upload(conn, "U5", visit_id, line("1", amount_fen=1))).code == "AMOUNT_MISMATCH"
    assert await fee_batches(conn, [("U5", visit_id, "B1")]) == {}


async def test_a_visit_that_does_not_exist_takes_no_lines(conn):
    assert (await upload(conn, "U6", 99_999_999, line("1"))).code == "UNKNOWN_VISIT"


async def test_another_institution_cannot_upload_to_a_visit(conn):
    visit_id = await registered(conn, "U7")
    refusal = await upload(conn, "U7", visit_id, line("1"), caller="H14010000002")
    assert refusal.code == "VISIT_OF_ANOTHER_INSTITUTION"


async def test_a_visit_of_another_person_is_unknown(conn):
    visit_id = await registered(conn, "U8")
    assert (await upload(conn, "U9", visit_id, line("1"))).code == "UNKNOWN_VISIT"


async def test_a_visit_that_was_taken_back_takes_no_lines(conn):
    visit_id = await registered(conn, "V1")
    await undo(conn, "V1", visit_id)
    assert (await upload(conn, "V1", visit_id, line("1"))).code == "VISIT_CLOSED"


async def test_every_change_that_a_settlement_depends_on_advances_the_year_of_the_service(conn):
    visit_id = await registered(conn, "T1")
    seen = [await version(conn, "T1")]
    for change in (
        upload(conn, "T1", visit_id, line("1")),
        put_visit_info(
            conn,
            psn_no="T1",
            visit_id=visit_id,
            caller=CALLER,
            info=VisitInfo(med_type="14", seen_at=AT),
            at=AT,
        ),
        take_back(conn, "T1", visit_id),
        undo(conn, "T1", visit_id),
    ):
        assert await change is None
        seen.append(await version(conn, "T1"))
    assert seen == [0, 1, 2, 3, 4]


async def test_a_settled_batch_takes_no_more_lines_and_cannot_be_taken_back(conn, settled):
    visit_id = await registered(conn, "S1")
    await upload(conn, "S1", visit_id, line("1"))
    await settled("S1", visit_id, "B1")
    assert (await upload(conn, "S1", visit_id, line("2"))).code == "FEE_SETTLED"
    assert (await take_back(conn, "S1", visit_id)).code == "FEE_SETTLED"
    assert len((await fee_batches(conn, [("S1", visit_id, "B1")]))["S1", visit_id, "B1"].lines) == 1


async def test_a_settled_sale_of_a_pharmacy_cannot_be_taken_back_either(conn, settled):
    hospital, sale = await registered(conn, "S0"), next(ids)
    await register(conn, registration("S0", "SALE"), visit_id=sale, at=AT, group_id=hospital)
    await upload(conn, "S0", sale, line("1"))
    await settled("S0", sale, "B1", group_id=hospital)
    assert (await take_back(conn, "S0", sale)).code == "FEE_SETTLED"
    assert (await undo(conn, "S0", sale)).code == "VISIT_SETTLED"


async def test_taking_back_all_batches_leaves_the_settled_ones(conn, settled):
    visit_id = await registered(conn, "S2")
    await upload(conn, "S2", visit_id, line("1"))
    await upload(conn, "S2", visit_id, line("2"), batch_no="B2")
    await settled("S2", visit_id, "B1")
    assert await take_back(conn, "S2", visit_id, "0000") is None
    keys = [("S2", visit_id, "B1"), ("S2", visit_id, "B2")]
    assert set(await fee_batches(conn, keys)) == {keys[0]}


async def test_taking_back_a_batch_that_does_not_exist_is_refused(conn):
    visit_id = await registered(conn, "S3")
    assert (await take_back(conn, "S3", visit_id, "B9")).code == "FEE_BATCH_UNKNOWN"


async def test_taking_back_all_batches_of_a_visit_without_any_is_no_error(conn):
    visit_id = await registered(conn, "S4")
    assert await take_back(conn, "S4", visit_id, "0000") is None


async def test_a_visit_with_a_settlement_in_force_cannot_be_taken_back(conn, settled):
    visit_id = await registered(conn, "S5")
    await upload(conn, "S5", visit_id, line("1"))
    await settled("S5", visit_id, "B1")
    assert (await undo(conn, "S5", visit_id)).code == "VISIT_SETTLED"


async def test_a_visit_that_is_taken_back_takes_its_lines_along(conn):
    visit_id = await registered(conn, "S6")
    await upload(conn, "S6", visit_id, line("1"))
    assert await undo(conn, "S6", visit_id) is None
    assert await fee_batches(conn, [("S6", visit_id, "B1")]) == {}


def diagnosis(sort_no: int, code: str, valid: bool = True) -> Diagnosis:
    return Diagnosis(diag_type="1", sort_no=sort_no, code=code, name="病", diagnosed_at=AT, valid=valid)


async def inform(conn, psn_no: str, visit_id: int, *found: Diagnosis, med_type: str = "11"):
    info = VisitInfo(med_type=med_type, seen_at=AT, condition="咳嗽", diagnoses=found)
    return await put_visit_info(conn, psn_no=psn_no, visit_id=visit_id, caller=CALLER, info=info, at=AT)


async def test_diagnoses_sent_again_replace_those_of_the_same_place_and_keep_the_others(conn):
    visit_id = await registered(conn, "I1")
    assert await inform(conn, "I1", visit_id, diagnosis(1, "J06.900"), diagnosis(2, "I10.x00")) is None
    assert await inform(conn, "I1", visit_id, diagnosis(2, "I10.x00", valid=False)) is None
    found = await diagnoses(conn, "I1", visit_id)
    assert [(d.code, d.valid) for d in found] == [("J06.900", True), ("I10.x00", False)]


async def test_the_category_of_a_visit_cannot_change_once_something_is_settled(conn, settled):
    visit_id = await registered(conn, "I2")
    await upload(conn, "I2", visit_id, line("1"))
    await settled("I2", visit_id, "B1")
    assert await inform(conn, "I2", visit_id) is None
    assert (await inform(conn, "I2", visit_id, med_type="14")).code == "VISIT_SETTLED"


async def test_visits_of_a_person_are_listed_by_institution_and_period(conn):
    here = await registered(conn, "L1")
    await register(conn, registration("L1", "X", caller="H14010000002"), visit_id=next(ids), at=AT)
    found = await visits_of_person(conn, "L1", CALLER, AT, AT)
    assert [visit.visit_id for visit in found] == [here]
    assert await visits_of_person(conn, "L1", CALLER, AT.replace(hour=3), AT.replace(hour=4)) == []


async def test_lines_on_a_prescription_are_found_wherever_they_were_charged(conn, settled):
    hospital = await registered(conn, "D1")
    pharmacy = next(ids)
    await register(
        conn, registration("D1", "P", caller="P14010000001"), visit_id=pharmacy, at=AT, group_id=hospital
    )
    await upload(conn, "D1", hospital, line("1", rx_no="RX", item="XA1"), line("2", item="XB2"))
    await upload(conn, "D1", pharmacy, line("1", rx_no="RX", item="XC3"), caller="P14010000001")
    await settled("D1", pharmacy, "B1", group_id=hospital)
    found = await dispensed(conn, "D1", "RX")
    assert [(d.item, d.caller, d.settled) for d in found] == [
        ("XA1", CALLER, False),
        ("XC3", "P14010000001", True),
    ]


async def test_lines_on_the_same_number_of_another_visit_are_left_out_by_its_group(conn):
    first, second = await registered(conn, "D2"), await registered(conn, "D2")
    await upload(conn, "D2", first, line("1", rx_no="1", item="XA1"))
    await upload(conn, "D2", second, line("1", rx_no="1", item="XB2"))
    assert [entry.item for entry in await dispensed(conn, "D2", "1", second)] == ["XB2"]


async def test_taking_back_lines_waits_for_a_settlement_that_is_being_written_and_then_sees_it(conn, pg_url):
    """The year is advanced before the question is asked; the other order would lose the settlement's lines."""
    visit_id = await registered(conn, "W1")
    await upload(conn, "W1", visit_id, line("1"))
    fact = {"psn_no": "W1", "settlement_id": next(ids), "kind": 1, "visit_id": visit_id, "group_id": visit_id}
    engine = await asyncpg.connect(pg_url)
    async with engine.transaction():
        await engine.execute("SELECT settlement_touch('W1', 2024)")
        await engine.execute(await blank_fact(engine), json.dumps(fact | {"batch_no": "B1"}))
        taking_back = asyncio.create_task(take_back(conn, "W1", visit_id))
        await waiting_for_a_lock(engine, conn.get_server_pid())
    assert (await taking_back).code == "FEE_SETTLED"
    await engine.close()


async def waiting_for_a_lock(conn, pid: int) -> None:
    """Return once the server process waits for somebody's lock."""
    while not await conn.fetchval("SELECT cardinality(pg_blocking_pids($1)) > 0", pid):  # noqa: ASYNC110  only the server knows
        await asyncio.sleep(0.01)


async def test_of_fifty_uploads_of_one_line_number_at_the_same_time_one_is_taken(pg_url):
    async with asyncpg.create_pool(pg_url, min_size=10, max_size=10) as pool:
        async with pool.acquire() as conn:
            visit_id = await registered(conn, "Z1")

        async def one():
            async with pool.acquire() as conn:
                return await upload(conn, "Z1", visit_id, line("1"))

        answers = await asyncio.gather(*(one() for _ in range(50)))
    assert answers.count(None) == 1
    assert {answer.code for answer in answers if answer} == {"FEE_DUPLICATE"}


async def test_the_year_that_is_advanced_is_the_year_of_the_visit(conn):
    visit_id = next(ids)
    await register(conn, registration("Y1", "OLD", service_on=date(2023, 12, 31)), visit_id=visit_id, at=AT)
    await upload(conn, "Y1", visit_id, line("1"))
    assert (await version(conn, "Y1", 2023), await version(conn, "Y1", 2024)) == (1, 0)
