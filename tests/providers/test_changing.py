"""Changes are reported, confirmed by a second person, and dated."""

from __future__ import annotations

from datetime import date
from typing import Any

import asyncpg
import pytest

from gongji.providers import changing, files, standing
from gongji.providers.changing import Change
from gongji.providers.dossier import Bank, Dossier, Personal
from gongji.providers.office import open_personal
from gongji.providers.spells import state_on
from tests.providers import agency
from tests.providers.agency import OFFICE, START, done, refused, taker

LI, ZHAO = taker("li"), taker("zhao")


@pytest.fixture
async def hospital(conn: asyncpg.Connection) -> Dossier:
    return await agency.designated(conn, agency.new_profile("hospital", level="2", fee_class="2"))


def change(field: str, value: str = "", **more: Any) -> Change:
    values = {"from_on": START, "approved_on": START, "document": "运卫〔2024〕1号"}
    return Change(field=field, value=value, **(values | more))


async def confirmed(
    conn: asyncpg.Connection, code: str, one: Change, personal: Personal | None = None
) -> Dossier:
    reported = done(await changing.report(conn, OFFICE, code, one, LI, personal))
    return done(await standing.confirm(conn, OFFICE, reported.dossier_id, ZHAO))


async def test_class_and_level_change_on_their_own_days_and_never_follow_each_other(
    conn: asyncpg.Connection, hospital: Dossier
) -> None:
    """Decision A30."""
    await confirmed(conn, hospital.code, change("level", "3", from_on=agency.later(10)))
    await confirmed(conn, hospital.code, change("fee_class", "1", from_on=agency.later(40)))
    rows = await files.states(conn, hospital.code)
    found = [state_on(rows, agency.later(n)) for n in (9, 10, 39, 40)]
    assert [(one.level, one.fee_class) for one in found] == [("2", "2"), ("3", "2"), ("3", "2"), ("3", "1")]


async def test_until_it_is_confirmed_a_change_does_not_hold(
    conn: asyncpg.Connection, hospital: Dossier
) -> None:
    one = done(await changing.report(conn, OFFICE, hospital.code, change("fee_class", "1"), LI))
    assert refused(await standing.confirm(conn, OFFICE, one.dossier_id, LI)) == "SECOND_PERSON_REQUIRED"
    assert state_on(await files.states(conn, hospital.code), START).fee_class == "2"
    assert done(await standing.reject(conn, OFFICE, one.dossier_id, ZHAO)).state == "unchanged"
    assert state_on(await files.states(conn, hospital.code), START).fee_class == "2"


async def test_a_class_that_waited_past_its_day_is_reported_anew(
    conn: asyncpg.Connection, hospital: Dossier
) -> None:
    one = done(await changing.report(conn, OFFICE, hospital.code, change("fee_class", "1"), LI))
    late = taker("zhao", agency.later(1))
    assert refused(await standing.confirm(conn, OFFICE, one.dossier_id, late)) == "DECISION_BACKDATED"


async def test_the_register_shows_the_new_name(conn: asyncpg.Connection, hospital: Dossier) -> None:
    await confirmed(conn, hospital.code, change("name", "运城市某某医院", from_on=agency.later(-20)))
    known = await files.registered(conn, hospital.code)
    assert known is not None
    assert known.name == "运城市某某医院"


async def test_a_report_after_thirty_working_days_is_marked_late(
    conn: asyncpg.Connection, hospital: Dossier
) -> None:
    """Approved Wednesday, 10 January 2024: thirty working days, two made-up Sundays among them, end on Monday, 26 February."""
    approved = change("address", "新址", from_on=date(2024, 1, 10), approved_on=date(2024, 1, 10))
    late = {}
    for day in (date(2024, 2, 26), date(2024, 2, 27)):
        one = await changing.report(conn, OFFICE, hospital.code, approved, taker("li", day))
        late[day] = done(one).pending.late
    assert list(late.values()) == [False, True]


async def test_a_new_bank_account_is_sealed(conn: asyncpg.Connection, hospital: Dossier) -> None:
    personal = Personal(bank=Bank("某医院", "某银行", "6222990000001111"))
    one = await confirmed(conn, hospital.code, change("bank"), personal)
    row = await conn.fetchrow("SELECT * FROM providers_dossier WHERE dossier_id = $1", one.dossier_id)
    assert "6222990000001111" not in " ".join(str(value) for value in row.values())
    read = await files.dossier(conn, one.dossier_id)
    assert read is not None
    assert open_personal(OFFICE.vault, read).bank == personal.bank


UNFIT = {
    "an unknown particular": (change("colour", "蓝"), None, "UNKNOWN_CODE"),
    "no paper": (change("name", "新名", document=" "), None, "MISSING_FIELD"),
    "a class that is none": (change("fee_class", "7"), None, "UNKNOWN_CODE"),
    "a class in the past": (change("fee_class", "1", from_on=agency.later(-1)), None, "DECISION_BACKDATED"),
    "a name of tomorrow": (change("name", "新名", from_on=agency.later(1)), None, "SERVICE_IN_FUTURE"),
    "approved tomorrow": (change("name", "新名", approved_on=agency.later(1)), None, "SERVICE_IN_FUTURE"),
    "nothing": (change("name"), None, "TEXT_INVALID"),
    "an account in clear": (change("bank", "6222"), None, "MISSING_FIELD"),
    "an account that is none": (change("bank"), Personal(bank=Bank("某", "某", "一二三")), "BAD_FIELD"),
    "nobody": (change("representative"), Personal(), "MISSING_FIELD"),
}


@pytest.mark.parametrize("why", UNFIT)
async def test_an_unfit_change_is_refused(conn: asyncpg.Connection, hospital: Dossier, why: str) -> None:
    one, personal, code = UNFIT[why]
    assert refused(await changing.report(conn, OFFICE, hospital.code, one, LI, personal)) == code


async def test_an_unknown_institution_changes_nothing(conn: asyncpg.Connection) -> None:
    answer = await changing.report(conn, OFFICE, "H99999999999", change("name", "新名"), LI)
    assert refused(answer) == "UNKNOWN_INSTITUTION"


async def test_an_institution_reports_its_own_changes_only(
    conn: asyncpg.Connection, hospital: Dossier
) -> None:
    other = taker("H99999999999", START, "institution")
    one = change("name", "新名")
    assert refused(await changing.report(conn, OFFICE, hospital.code, one, other)) == "FORBIDDEN"
    done(await changing.report(conn, OFFICE, hospital.code, one, taker(hospital.code, START, "institution")))
