"""The register of staff: who works where with which rights, every change kept, suspensions by two officers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongji.base.reasons import Refusal
from gongji.providers.register_verify import register_differences
from gongji.providers.selectors import load, refresh
from gongji.providers.staff import (
    change_entry,
    enter,
    enter_all,
    leave,
    propose_end,
    propose_suspension,
    second,
)
from gongji.providers.writing import Written, history
from tests.providers.registry import DAY, START, act, doctor, institution, refused
from tests.vaults import VAULT

D1 = "D140830000001"


async def suspended(conn, code: str, staff_code: str = D1, from_on: date = DAY, **more) -> int:
    """The number of a suspension in force."""
    done = await propose_suspension(conn, act("甲"), code, staff_code, from_on, None, "违规", **more)
    assert isinstance(done, Written)
    number = done.changes[0].spell_no
    assert not isinstance(await second(conn, act("乙"), code, number, confirmed=True), Refusal)
    return number


async def test_a_doctor_is_known_from_the_first_day_to_the_last(conn):
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor(until_on=DAY))
    book = await load(conn, VAULT)
    found = [
        book.staff(code, D1, day) for day in (START - timedelta(days=1), START, DAY, DAY + timedelta(days=1))
    ]
    assert [person is not None for person in found] == [False, True, True, False]
    assert found[1].may("prescribe")
    assert (found[1].name, found[1].kind, found[1].title, found[1].department) == (
        "李医生",
        "doctor",
        "主治医师",
        "全科",
    )


async def test_one_person_works_at_two_institutions(conn):
    codes = [await institution(conn), await institution(conn)]
    for code in codes:
        assert isinstance(await enter(conn, act(), VAULT, code, doctor()), Written)
    book = await load(conn, VAULT)
    assert all(book.staff(code, D1, DAY) for code in codes)


async def test_a_person_is_not_registered_twice_on_a_day_at_one_institution(conn):
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor())
    assert refused(await enter(conn, act(), VAULT, code, doctor(from_on=DAY))) == "STAFF_OVERLAP"
    assert refused(await enter_all(conn, act(), VAULT, code, [doctor("D2"), doctor("D2")])) == "STAFF_OVERLAP"
    assert (await load(conn, VAULT)).staff(code, "D2", DAY) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"staff_code": ""}, "STAFF_CODE_INVALID"),
        ({"staff_code": "D-1"}, "STAFF_CODE_INVALID"),
        ({"staff_code": "D" * 21}, "STAFF_CODE_INVALID"),
        ({"name": " "}, "TEXT_INVALID"),
        ({"kind": "surgeon"}, "UNKNOWN_CODE"),
        ({"rights": frozenset({"review"})}, "STAFF_RIGHT_NOT_ALLOWED"),
        ({"kind": "technician", "rights": frozenset({"review"})}, "STAFF_RIGHT_NOT_ALLOWED"),
        ({"kind": "pharmacist", "rights": frozenset({"prescribe"})}, "STAFF_RIGHT_NOT_ALLOWED"),
        ({"rights": frozenset({"operate"})}, "UNKNOWN_CODE"),
        ({"until_on": START - timedelta(days=1)}, "DATE_ORDER"),
        ({"cert_no": "140199196503051024"}, "CERT_INVALID"),
        ({"phone": "call me"}, "PHONE_INVALID"),
        ({"licence_no": "证"}, "TEXT_INVALID"),
    ],
)
async def test_what_cannot_be_true_is_refused_and_not_repeated(conn, changes: dict, reason: str):
    code = await institution(conn)
    answer = await enter(conn, act(), VAULT, code, doctor(**changes))
    assert refused(answer) == reason
    assert "196503" not in answer.text


async def test_a_change_ends_the_entry_and_begins_another(conn):
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor())
    done = await change_entry(
        conn, act(), VAULT, code, doctor(from_on=DAY, title="副主任医师", cert_no="", phone="")
    )
    assert isinstance(done, Written)
    book = await load(conn, VAULT)
    titles = [book.staff(code, D1, day).title for day in (DAY - timedelta(days=1), DAY)]
    assert titles == ["主治医师", "副主任医师"]
    kept = await conn.fetch("SELECT cert_index FROM providers_staff WHERE code = $1", code)
    assert kept[0]["cert_index"] == kept[1]["cert_index"] is not None


async def test_the_same_statement_again_changes_nothing(conn):
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor())
    again = await change_entry(conn, act(), VAULT, code, doctor(from_on=DAY, phone=""))
    assert refused(again) == "NOTHING_CHANGED"


async def test_who_left_is_not_there_the_day_after(conn):
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor())
    assert isinstance(await leave(conn, act(), code, D1, DAY), Written)
    book = await load(conn, VAULT)
    assert book.staff(code, D1, DAY) is not None
    assert book.staff(code, D1, DAY + timedelta(days=1)) is None
    assert refused(await leave(conn, act(), code, D1, DAY + timedelta(days=9))) == "STAFF_NOT_FOUND"


async def test_every_change_says_who_and_why(conn):
    code = await institution(conn)
    await enter(conn, act("甲"), VAULT, code, doctor())
    await leave(conn, act("乙", days=1), code, D1, DAY)
    lines = await history(conn, code, "staff")
    assert [(line.actor, line.reason, line.revision) for line in lines] == [
        ("agency:甲", "测试", 1),
        ("agency:乙", "测试", 2),
    ]
    assert await register_differences(conn) == []


async def test_a_row_that_was_changed_past_its_history_is_found(conn):
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor())
    await conn.execute("UPDATE providers_staff SET name = '别人' WHERE code = $1", code)
    assert [(d.code, d.part, d.difference) for d in await register_differences(conn)] == [
        (code, "staff", "different")
    ]
    await conn.execute("UPDATE providers_staff SET name = '李医生' WHERE code = $1", code)


async def test_an_institution_registers_its_own_staff_and_nobody_elses(conn):
    own, other = await institution(conn), await institution(conn)
    mine = act(own, kind="institution")
    assert isinstance(await enter(conn, mine, VAULT, own, doctor()), Written)
    assert refused(await enter(conn, mine, VAULT, other, doctor())) == "FORBIDDEN"
    assert refused(await enter(conn, act("P1", kind="member"), VAULT, own, doctor("D3"))) == "FORBIDDEN"
    assert refused(await propose_suspension(conn, mine, own, D1, DAY, None, "违规")) == "FORBIDDEN"


async def test_an_unknown_institution_is_refused(conn):
    assert refused(await enter(conn, act(), VAULT, "H99999999999", doctor())) == "UNKNOWN_INSTITUTION"


async def test_a_suspension_holds_only_when_a_second_officer_confirmed_it(conn):
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor())
    done = await propose_suspension(conn, act("甲"), code, D1, DAY, None, "违规")
    number = done.changes[0].spell_no
    assert not (await load(conn, VAULT)).staff(code, D1, DAY).suspended
    assert refused(await second(conn, act("甲 "), code, number, confirmed=True)) == "SECOND_PERSON_REQUIRED"
    assert isinstance(await second(conn, act("乙"), code, number, confirmed=True), Written)
    book = await load(conn, VAULT)
    days = (DAY - timedelta(days=1), DAY, DAY + timedelta(days=400))
    assert [book.staff(code, D1, day).suspended for day in days] == [False, True, True]
    assert not book.staff(code, D1, DAY).may("prescribe")
    assert refused(await second(conn, act("丙"), code, number, confirmed=True)) == "SUSPENSION_STATE"


async def test_a_refused_proposal_suspends_nobody(conn):
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor("D9"))
    done = await propose_suspension(conn, act("甲"), code, "D9", DAY, None, "违规")
    await second(conn, act("乙"), code, done.changes[0].spell_no, confirmed=False)
    assert not (await load(conn, VAULT)).staff(code, "D9", DAY).suspended


async def test_a_suspension_holds_wherever_the_person_works_unless_said_otherwise(conn):
    first, other = await institution(conn), await institution(conn)
    for code in (first, other):
        await enter_all(conn, act(), VAULT, code, [doctor("D7"), doctor("D8")])
    await suspended(conn, first, "D7")
    await suspended(conn, first, "D8", everywhere=False)
    book = await load(conn, VAULT)
    assert [book.staff(code, "D7", DAY).suspended for code in (first, other)] == [True, True]
    assert [book.staff(code, "D8", DAY).suspended for code in (first, other)] == [True, False]


async def test_a_suspension_ends_when_two_officers_say_so_and_goes_on_until_then(conn):
    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor("D5"))
    number = await suspended(conn, code, "D5")
    last = DAY + timedelta(days=30)
    assert isinstance(await propose_end(conn, act("丙"), code, number, last), Written)
    after = last + timedelta(days=1)
    assert (await load(conn, VAULT)).staff(code, "D5", after).suspended
    assert refused(await second(conn, act("丙"), code, number, confirmed=True)) == "SECOND_PERSON_REQUIRED"
    await second(conn, act("甲"), code, number, confirmed=True)
    book = await load(conn, VAULT)
    assert [book.staff(code, "D5", day).suspended for day in (last, after)] == [True, False]


@pytest.mark.parametrize("number", [99, -1])
async def test_an_unknown_suspension_is_refused(conn, number: int):
    code = await institution(conn)
    assert refused(await second(conn, act(), code, number, confirmed=True)) == "SUSPENSION_NOT_FOUND"
    assert refused(await propose_end(conn, act(), code, number, DAY)) == "SUSPENSION_NOT_FOUND"


async def test_who_is_not_registered_cannot_be_suspended(conn):
    code = await institution(conn)
    assert (
        refused(await propose_suspension(conn, act(), code, "D404", DAY, None, "违规")) == "STAFF_NOT_FOUND"
    )
    assert refused(await propose_suspension(conn, act(), code, "D404", DAY, None, " ")) == "TEXT_INVALID"


async def test_of_two_acts_at_once_both_count(conn, pg_url):
    import asyncio

    import asyncpg

    code = await institution(conn)
    other = await asyncpg.connect(pg_url)
    given = [enter(c, act(), VAULT, code, doctor(f"DR{n}")) for n, c in enumerate((conn, other))]
    assert [type(answer) for answer in await asyncio.gather(*given)] == [Written, Written]
    await other.close()
    assert await register_differences(conn) == []


async def test_a_line_of_the_history_is_never_changed(conn):
    import asyncpg

    code = await institution(conn)
    await enter(conn, act(), VAULT, code, doctor())
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await conn.execute("UPDATE providers_change SET actor = 'x' WHERE code = $1", code)


async def test_a_book_reads_again_only_the_staff_of_institutions_that_changed(conn):
    still, moving = await institution(conn), await institution(conn)
    for code in (still, moving):
        await enter_all(conn, act(), VAULT, code, [doctor("DX1"), doctor("DX2")])
    book = await load(conn, VAULT)
    undone = conn.transaction()
    await undone.start()
    await leave(conn, act(), moving, "DX1", DAY)
    await conn.execute("DELETE FROM providers_staff WHERE code = $1 AND staff_code = 'DX2'", moving)
    assert await refresh(conn, book, VAULT)
    later = DAY + timedelta(days=1)
    assert [book.staff(moving, code, later) for code in ("DX1", "DX2")] == [None, None]
    assert all(book.staff(still, code, later) for code in ("DX1", "DX2"))
    assert not await refresh(conn, book, VAULT)
    await undone.rollback()
