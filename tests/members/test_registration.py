"""Who a person is: registered once, corrected, found again, never in clear."""

import asyncio
from datetime import date

import asyncpg
import msgspec
import pytest

from gongji.base.actors import Actor
from gongji.members import personal
from gongji.members.history import changes_of, differences
from gongji.members.registration import correct_person, register_person, set_phone
from gongji.members.selectors import find
from gongji.members.writing import Written
from tests.members import people
from tests.members.acts import NOW, TODAY, act, code, dossier, particulars, person
from tests.vaults import VAULT


async def test_a_registered_person_is_found_by_the_number_of_the_document(conn):
    given = particulars()
    done = await register_person(conn, act(), VAULT, given, phone="13800001111")
    found = await find(conn, VAULT, cert_no=given.cert_no)
    assert found.psn_no == done.psn_no
    assert personal.cert_no(VAULT, found) == given.cert_no


async def test_neither_number_nor_telephone_is_stored_in_clear(conn):
    given = particulars()
    done = await register_person(conn, act(), VAULT, given, phone="13877778888")
    rows = await conn.fetch(
        "SELECT to_jsonb(p)::text AS text FROM members_person p WHERE psn_no = $1"
        " UNION ALL SELECT content::text FROM members_change WHERE psn_no = $1",
        done.psn_no,
    )
    stored = "".join(row["text"] for row in rows)
    assert given.cert_no not in stored
    assert "13877778888" not in stored
    assert given.cert_no.encode().hex() not in stored


async def test_a_person_number_is_given_once(conn):
    await person(conn, "R1")
    assert code(await register_person(conn, act(), VAULT, particulars(), psn_no="R1")) == "MEMBER_EXISTS"


@pytest.mark.parametrize("kind", ["member", "institution"])
async def test_only_the_agency_registers(conn, kind):
    outsider = act(actor=Actor(kind, "R99"))
    assert code(await register_person(conn, outsider, VAULT, particulars(), psn_no="R99")) == "FORBIDDEN"


async def test_a_document_registers_one_person(conn):
    given = particulars()
    await register_person(conn, act(), VAULT, given, psn_no="R2")
    again = msgspec.structs.replace(given, cert_no=f" {given.cert_no.lower()} ")
    assert code(await register_person(conn, act(), VAULT, again, psn_no="R3")) == "CERT_REGISTERED"


async def test_of_two_registrations_of_a_document_at_once_one_is_made(pg_url):
    given = particulars()

    async def register(psn_no: str):
        conn = await asyncpg.connect(pg_url)
        try:
            return await register_person(conn, act(), VAULT, given, psn_no=psn_no)
        finally:
            await conn.close()

    outcomes = await asyncio.gather(*(register(f"RACE{number}") for number in range(6)))
    assert sorted(code(one) for one in outcomes) == ["CERT_REGISTERED"] * 5 + ["done"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"born_on": date(2024, 8, 16)}, "BIRTH_IN_FUTURE"),
        ({"cert_no": "110105194912310021"}, "CERT_INVALID"),
        ({"cert_no": "11010519491231002"}, "CERT_INVALID"),
        ({"cert_no": people.cert_no(1, "19800101")}, "CERT_BIRTH_DIFFERS"),
        ({"gender": "2"}, "CERT_GENDER_DIFFERS"),
        ({"gender": "7"}, "UNKNOWN_CODE"),
        ({"ethnicity": "77"}, "UNKNOWN_CODE"),
        ({"cert_type": "ZZ"}, "UNKNOWN_CODE"),
        ({"name": ""}, "TEXT_INVALID"),
        ({"name": " \t"}, "TEXT_INVALID"),
        ({"name": "张\x00三"}, "TEXT_INVALID"),
        ({"name": "张\u202e三"}, "TEXT_INVALID"),
        ({"name": "张" * 51}, "TEXT_INVALID"),
        ({"cert_type": "16", "cert_no": "E12345678; --"}, "CERT_INVALID"),
    ],
)
async def test_particulars_that_cannot_be_true_are_refused_by_their_own_reason(conn, fields, reason):
    refused = await register_person(conn, act(), VAULT, particulars(**fields), psn_no="BAD")
    assert code(refused) == reason
    assert await conn.fetchval("SELECT count(*) FROM members_person WHERE psn_no = 'BAD'") == 0


async def test_a_refusal_does_not_repeat_the_number(conn):
    refused = await register_person(conn, act(), VAULT, particulars(cert_no="110105194912310021"))
    assert "110105194912310021" not in refused.text


async def test_markup_and_sql_in_a_name_are_only_text(conn):
    name = "<script>alert(1)</script>'; DROP TABLE x;--"
    await person(conn, "R4", name=name)
    assert (await find(conn, VAULT, psn_no="R4")).name == name


async def test_a_passport_has_no_check_digit(conn):
    given = particulars(cert_type="16", cert_no="E12345678", born_on=date(1970, 5, 5), gender="2")
    assert code(await register_person(conn, act(), VAULT, given, psn_no="R5")) == "done"


@pytest.mark.parametrize("phone", ["", "1380000", "abc", "1380000111122223333444"])
async def test_a_telephone_is_digits(conn, phone: str):
    outcome = await register_person(conn, act(), VAULT, particulars(), phone=phone)
    assert code(outcome) == ("done" if phone in ("", "1380000") else "PHONE_INVALID")


async def test_a_corrected_number_finds_the_person_and_the_old_one_does_not(conn):
    given, other = particulars(), particulars()
    await register_person(conn, act(), VAULT, given, psn_no="R6")
    assert code(await correct_person(conn, act(), VAULT, "R6", other)) == "done"
    assert (await find(conn, VAULT, cert_no=other.cert_no)).psn_no == "R6"
    assert await find(conn, VAULT, cert_no=given.cert_no) is None


async def test_a_number_cannot_be_corrected_into_that_of_another_person(conn):
    given = particulars()
    await register_person(conn, act(), VAULT, given, psn_no="R7")
    await person(conn, "R8")
    before = await dossier(conn, "R8")
    assert code(await correct_person(conn, act(), VAULT, "R8", given)) == "CERT_REGISTERED"
    assert await dossier(conn, "R8") == before


async def test_a_correction_that_changes_nothing_is_no_change(conn):
    given = particulars()
    await register_person(conn, act(), VAULT, given, psn_no="R9")
    assert code(await correct_person(conn, act(), VAULT, "R9", given)) == "NOTHING_CHANGED"


async def test_a_birth_cannot_be_corrected_to_after_the_insurance_began(conn):
    await person(conn, "R10", born_on=date(1970, 1, 1))
    await people.add_relation(conn, "R10", from_on=date(2023, 1, 1))
    later = particulars(born_on=date(2023, 2, 1))
    assert code(await correct_person(conn, act(), VAULT, "R10", later)) == "DATE_BEFORE_BIRTH"


async def test_a_telephone_is_set_once_and_removed(conn):
    await person(conn, "R11")
    outcomes = [await set_phone(conn, act(), VAULT, "R11", phone) for phone in ("13800001111",) * 2 + ("",)]
    assert [code(one) for one in outcomes] == ["done", "NOTHING_CHANGED", "done"]
    assert (await dossier(conn, "R11")).person.row.phone_sealed is None


async def test_nobody_is_not_changed(conn):
    assert code(await set_phone(conn, act(), VAULT, "NOBODY", "13800001111")) == "UNKNOWN_MEMBER"


async def test_history_says_that_personal_data_changed_and_not_to_what(conn):
    await person(conn, "R12")
    await set_phone(conn, act(reason="本人来电"), VAULT, "R12", "13800001111")
    last = (await changes_of(conn, "R12"))[-1]
    assert (last.actor, last.reason, last.recorded_at) == ("agency:zhang", "本人来电", NOW)
    assert {(field.name, field.new) for field in last.fields} == {
        ("phone_sealed", "已加密"),
        ("phone_index", "已加密"),
    }


async def test_a_reason_is_a_text(conn):
    await person(conn, "R13")
    refused = await set_phone(conn, act(reason="a\nb"), VAULT, "R13", "13800001111")
    assert code(refused) == "TEXT_INVALID"


async def test_who_waits_for_a_correction_finds_the_person_still_there(pg_url):
    conns = [await asyncpg.connect(pg_url) for _ in range(2)]
    try:
        await person(conns[0], "R14")
        phones = ("13800001111", "13800002222")
        outcomes = await asyncio.gather(
            *(set_phone(conn, act(), VAULT, "R14", phone) for conn, phone in zip(conns, phones, strict=True))
        )
        assert [type(one) for one in outcomes] == [Written, Written]
        assert (await dossier(conns[0], "R14")).person.revision == 3
    finally:
        for conn in conns:
            await conn.close()


async def test_the_tables_are_what_history_adds_up_to(conn):
    assert await differences(conn) == ()
    assert NOW.date() == TODAY
