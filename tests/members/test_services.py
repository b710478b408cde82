"""Insurance relations: one answer on any day, whatever was changed when; deaths and their reports."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import count

import asyncpg
import msgspec
import pytest

from gongji.accounts.selectors import balances
from gongji.members import services
from gongji.members.dossier import changed
from gongji.members.history import changes_of, differences, standing_known
from gongji.members.selectors import identify, standings
from gongji.members.verbs_relation import Alteration
from gongji.members.writing import Plan, change
from gongji.policy.calendar import working_calendar
from tests.members import people
from tests.members.acts import NOW, TODAY, act, code, dossier, law, person
from tests.vaults import VAULT

CALENDAR = working_calendar()
START = date(2023, 1, 1)
NUMBERS = count(1)


async def insured(conn, psn_no: str, **fields) -> str:
    """Somebody registered and insured since the start of 2023."""
    await person(conn, psn_no)
    given = {"from_on": START, "category": "employee", "region": "140100", "employer": "甲公司"} | fields
    assert code(await services.begin_relation(conn, act(), law(), psn_no, **given)) == "done"
    return psn_no


async def on(conn, psn_no: str, day: date):
    return (await standings(conn, [(psn_no, day)]))[psn_no, day]


@pytest.mark.parametrize(
    ("category", "status", "payer"),
    [
        ("employee", "active", "employer"),
        ("flexible", "active", "self"),
        ("retired", "retired", "none"),
        pytest.param("bankrupt_retiree", "retired", "finance", marks=pytest.mark.clause("QY.art13.b")),
        pytest.param("hardship_retiree", "retired", "finance", marks=pytest.mark.clause("QY.art13.b")),
    ],
)
async def test_benefits_and_payer_follow_from_the_category(conn, category, status, payer):
    psn_no = await insured(conn, f"C-{category}", category=category)
    standing = await on(conn, psn_no, TODAY)
    assert (standing.insured, standing.status, standing.payer) == (True, status, payer)


@pytest.mark.clause("QY.art13.a")
async def test_a_flexible_worker_may_have_an_account_or_not(conn):
    for psn_no, has_account in (("FX1", True), ("FX2", False)):
        await insured(conn, psn_no, category="flexible", employer="", has_account=has_account)
        assert (await on(conn, psn_no, TODAY)).has_account is has_account


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"until_on": date(2022, 12, 31)}, "DATE_ORDER"),
        ({"category": "pensioner"}, "UNKNOWN_CODE"),
        ({"payer": "someone"}, "UNKNOWN_CODE"),
        ({"psn_type": "zz"}, "UNKNOWN_CODE"),
        ({"insutype": "000"}, "UNKNOWN_CODE"),
        ({"region": "14010"}, "REGION_INVALID"),
        ({"region": "000000"}, "REGION_INVALID"),
        ({"region": "990100"}, "REGION_UNKNOWN"),
        ({"employer": ""}, "TEXT_INVALID"),
        ({"employer": "甲\n公司"}, "TEXT_INVALID"),
        ({"employer": "甲" * 201}, "TEXT_INVALID"),
        ({"from_on": date(1900, 1, 1)}, "DATE_BEFORE_BIRTH"),
    ],
)
async def test_a_relation_that_cannot_be_true_is_refused_by_its_own_reason(conn, fields, reason):
    psn_no = f"X-{next(NUMBERS)}"
    await person(conn, psn_no)
    given = {"from_on": START, "category": "employee", "region": "140100", "employer": "甲公司"} | fields
    assert code(await services.begin_relation(conn, act(), law(), psn_no, **given)) == reason
    assert (await dossier(conn, psn_no)).relations == ()


async def test_two_relations_of_a_kind_do_not_overlap(conn):
    psn_no = await insured(conn, "O1", until_on=date(2023, 6, 30))
    given = {"category": "employee", "region": "140100", "employer": "乙公司"}
    days = (date(2023, 6, 30), date(2023, 7, 1))
    outcomes = [
        await services.begin_relation(conn, act(), law(), psn_no, from_on=day, **given) for day in days
    ]
    assert [code(one) for one in outcomes] == ["RELATION_OVERLAP", "done"]
    assert "2023-01-01 至 2023-06-30" in outcomes[0].text


async def test_another_kind_of_insurance_may_run_beside(conn):
    psn_no = await insured(conn, "O2")
    given = {"from_on": START, "category": "flexible", "region": "140100", "insutype": "390"}
    assert code(await services.begin_relation(conn, act(), law(), psn_no, **given)) == "done"


async def test_insurance_beside_that_of_employees_takes_nothing_from_it(conn):
    psn_no = await insured(conn, "O4")
    given = {"from_on": date(2024, 1, 1), "category": "flexible", "region": "140200", "insutype": "390"}
    await services.begin_relation(conn, act(), law(), psn_no, **given)
    standing = await on(conn, psn_no, TODAY)
    assert (standing.insutype, standing.region, standing.employer) == ("310", "140100", "甲公司")


@pytest.mark.parametrize(
    ("reason", "ended"), [("suspended", False), ("leaving", True), ("transfer_out", True)]
)
async def test_only_a_pause_is_no_end(conn, reason, ended):
    psn_no = await insured(conn, f"E9-{reason}")
    await services.end_relation(conn, act(), law(), CALENDAR, psn_no, date(2024, 7, 31), reason)
    last, next_day = [await on(conn, psn_no, date(2024, *day)) for day in ((7, 31), (8, 1))]
    assert (last.ended, next_day.ended) == (False, ended)


async def test_a_flexible_worker_is_no_longer_at_the_last_employer(conn):
    psn_no = await insured(conn, "C9")
    await services.change_relation(
        conn, act(), law(), psn_no, date(2024, 3, 1), Alteration(category="flexible")
    )
    assert (await on(conn, psn_no, TODAY)).employer == ""


async def test_a_gap_between_relations_is_allowed_and_uninsured(conn):
    psn_no = await insured(conn, "O3", until_on=date(2023, 6, 30))
    given = {"from_on": date(2023, 9, 1), "category": "employee", "region": "140100", "employer": "乙公司"}
    await services.begin_relation(conn, act(), law(), psn_no, **given)
    days = (date(2023, 6, 30), date(2023, 7, 1), date(2023, 9, 1))
    assert [(await on(conn, psn_no, day)).insured for day in days] == [True, False, True]


async def test_a_change_of_employer_leaves_the_days_before_as_they_were(conn):
    psn_no = await insured(conn, "A1")
    day = date(2024, 3, 1)
    await services.change_relation(conn, act(), law(), psn_no, day, Alteration(employer="乙公司"))
    days = (day - timedelta(days=1), day)
    assert [(await on(conn, psn_no, one)).employer for one in days] == ["甲公司", "乙公司"]
    assert [e.row.end_reason for e in (await dossier(conn, psn_no)).relations] == ["changed", ""]


async def test_a_change_on_the_first_day_leaves_no_empty_relation_behind(conn):
    psn_no = await insured(conn, "A2")
    await services.change_relation(conn, act(), law(), psn_no, START, Alteration(employer="乙公司"))
    assert [e.row.employer for e in (await dossier(conn, psn_no)).relations] == ["乙公司"]


async def test_a_change_in_the_past_lasts_until_the_next_one(conn):
    psn_no = await insured(conn, "A3")
    for day, employer in ((date(2024, 3, 1), "丙公司"), (date(2023, 5, 1), "乙公司")):
        await services.change_relation(conn, act(), law(), psn_no, day, Alteration(employer=employer))
    days = (START, date(2023, 5, 1), date(2024, 2, 29), date(2024, 3, 1))
    assert [(await on(conn, psn_no, day)).employer for day in days] == [
        "甲公司",
        "乙公司",
        "乙公司",
        "丙公司",
    ]


@pytest.mark.clause("QY.art8.b")
async def test_a_move_within_the_city_moves_no_money(conn):
    psn_no = await insured(conn, "A4", region="621002")
    await conn.execute(
        "INSERT INTO accounts_balance (psn_no, balance_fen, version, state, receivable_fen)"
        " VALUES ($1, 81234, 1, 'open', 0)",
        psn_no,
    )
    done = await services.change_relation(
        conn, act(), law(), psn_no, TODAY, Alteration(region="621025", employer="乙公司")
    )
    assert done.notes == ()
    assert (await on(conn, psn_no, TODAY)).region == "621025"
    assert (await balances(conn, [psn_no]))[psn_no][0] == 81234


async def test_a_move_to_another_city_says_that_the_account_has_to_be_transferred(conn):
    psn_no = await insured(conn, "A5")
    done = await services.change_relation(conn, act(), law(), psn_no, TODAY, Alteration(region="140800"))
    assert "个人账户余额须另行办理转移" in done.notes[0]


@pytest.mark.parametrize(
    ("alteration", "reason"),
    [
        (Alteration(), "NOTHING_CHANGED"),
        (Alteration(employer="甲公司"), "NOTHING_CHANGED"),
        (Alteration(category="retired"), "CATEGORY_WRONG"),
        (Alteration(category="flexible"), "done"),
        (Alteration(category="?"), "UNKNOWN_CODE"),
        (Alteration(region="1"), "REGION_INVALID"),
    ],
)
async def test_what_a_change_of_a_relation_may_be(conn, alteration, reason):
    psn_no = await insured(conn, f"AX-{next(NUMBERS)}")
    outcome = await services.change_relation(conn, act(), law(), psn_no, TODAY, alteration)
    assert code(outcome) == reason


async def test_a_day_without_a_relation_has_nothing_to_change(conn):
    psn_no = await insured(conn, "A6")
    early = START - timedelta(days=1)
    outcome = await services.change_relation(conn, act(), law(), psn_no, early, Alteration(employer="乙"))
    assert code(outcome) == "RELATION_NOT_FOUND"


@pytest.mark.clause("SX2022-27.art2.a")
async def test_an_approved_retirement_counts_from_the_next_month(conn):
    psn_no = await insured(conn, "T1")
    await services.retire(conn, act(), law(), psn_no, date(2024, 7, 31))
    days = (date(2024, 7, 31), date(2024, 8, 1))
    assert [(await on(conn, psn_no, day)).status for day in days] == ["active", "retired"]


async def test_a_december_approval_counts_from_january(conn):
    psn_no = await insured(conn, "T2")
    await services.retire(conn, act(), law(), psn_no, date(2023, 12, 5))
    days = (date(2023, 12, 31), date(2024, 1, 1))
    assert [(await on(conn, psn_no, day)).status for day in days] == ["active", "retired"]


async def test_the_insurance_systems_date_of_retirement_goes_before(conn):
    psn_no = await insured(conn, "T3")
    await services.retire(conn, act(), law(), psn_no, date(2024, 7, 31), from_on=date(2024, 7, 1))
    assert (await on(conn, psn_no, date(2024, 7, 1))).status == "retired"


async def test_a_backdated_retirement_reaches_the_later_relations_too(conn):
    psn_no = await insured(conn, "T4")
    day = date(2024, 3, 1)
    await services.change_relation(conn, act(), law(), psn_no, day, Alteration(employer="乙公司"))
    await services.retire(conn, act(), law(), psn_no, date(2023, 9, 10))
    answers = [await on(conn, psn_no, one) for one in (date(2023, 9, 30), date(2023, 10, 1), day)]
    assert [one.status for one in answers] == ["active", "retired", "retired"]
    assert answers[2].employer == "乙公司"


async def test_a_backdated_retirement_was_not_known_before_it_was_recorded(conn):
    psn_no = await insured(conn, "T5")
    later = NOW + timedelta(days=90)
    await services.retire(conn, act(later), law(), psn_no, date(2024, 5, 10))
    day = date(2024, 6, 15)
    seen = [await standing_known(conn, psn_no, day, at) for at in (NOW, later)]
    assert [one.status for one in seen] == ["active", "retired"]
    assert await standing_known(conn, psn_no, day, NOW - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("approved_on", "more", "reason"),
    [
        (date(2024, 8, 16), {}, "DATE_IN_FUTURE"),
        (date(2022, 12, 31), {}, "RELATION_NOT_FOUND"),
        (date(2024, 8, 1), {"category": "employee"}, "CATEGORY_WRONG"),
        (date(2024, 8, 1), {"psn_type": "?"}, "UNKNOWN_CODE"),
        (date(2024, 8, 1), {"from_on": date(1900, 1, 1)}, "DATE_BEFORE_BIRTH"),
        (date(2024, 8, 1), {"category": "bankrupt_retiree"}, "done"),
    ],
)
async def test_what_a_retirement_may_be(conn, approved_on, more, reason):
    psn_no = await insured(conn, f"TX-{next(NUMBERS)}")
    assert code(await services.retire(conn, act(), law(), psn_no, approved_on, **more)) == reason


async def test_nobody_retires_twice(conn):
    psn_no = await insured(conn, "T6", category="retired")
    assert code(await services.retire(conn, act(), law(), psn_no, TODAY)) == "RETIRED_ALREADY"


@pytest.mark.clause("QY.art10.a")
async def test_the_end_of_a_relation_keeps_who_reported_it_and_when(conn):
    psn_no = await insured(conn, "E1")
    last = date(2024, 7, 31)
    await services.end_relation(
        conn, act(), law(), CALENDAR, psn_no, last, "leaving", reported_on=date(2024, 8, 5)
    )
    row = (await dossier(conn, psn_no)).relations[0].row
    assert (row.until_on, row.end_reason) == (last, "leaving")
    assert (row.reported_by, row.reported_on) == ("employer", date(2024, 8, 5))
    assert not (await on(conn, psn_no, TODAY)).insured


@pytest.mark.clause("QY.art10.a")
async def test_a_report_after_twenty_working_days_is_taken_and_said(conn):
    for psn_no, reported_on, late in (
        ("E2", date(2024, 7, 26), False),
        ("E3", date(2024, 7, 29), True),
    ):
        await insured(conn, psn_no)
        done = await services.record_death(
            conn,
            act(),
            law(),
            CALENDAR,
            psn_no,
            date(2024, 6, 28),
            reported_by="relative",
            reported_on=reported_on,
        )
        assert bool(done.notes) is late
    assert "20 个工作日" in done.notes[0]
    assert "申报逾期" in (await changes_of(conn, "E3"))[-1].reason


@pytest.mark.parametrize(
    ("last_on", "reason", "more", "refused"),
    [
        (date(2022, 12, 31), "leaving", {}, "RELATION_NOT_FOUND"),
        (TODAY, "death", {}, "UNKNOWN_CODE"),
        (TODAY, "leaving", {"reported_by": "me"}, "UNKNOWN_CODE"),
        (TODAY, "leaving", {"reported_on": TODAY + timedelta(days=1)}, "DATE_IN_FUTURE"),
        (TODAY, "transfer_out", {}, "done"),
    ],
)
async def test_what_an_end_of_a_relation_may_be(conn, last_on, reason, more, refused):
    psn_no = await insured(conn, f"EX-{next(NUMBERS)}")
    outcome = await services.end_relation(conn, act(), law(), CALENDAR, psn_no, last_on, reason, **more)
    assert code(outcome) == refused


async def test_an_end_before_a_later_relation_is_refused(conn):
    psn_no = await insured(conn, "E4")
    await services.change_relation(
        conn, act(), law(), psn_no, date(2024, 3, 1), Alteration(employer="乙公司")
    )
    early = date(2023, 6, 30)
    outcome = await services.end_relation(conn, act(), law(), CALENDAR, psn_no, early, "leaving")
    assert code(outcome) == "RELATION_FOLLOWED"


async def test_a_suspended_relation_resumes_as_it_was(conn):
    psn_no = await insured(conn, "S1", employer="丁公司", civil_servant=True)
    await services.suspend_relation(conn, act(), law(), CALENDAR, psn_no, date(2024, 3, 31))
    assert code(await services.resume_relation(conn, act(), psn_no, date(2024, 3, 31))) == "DATE_ORDER"
    assert code(await services.resume_relation(conn, act(), psn_no, date(2024, 6, 1))) == "done"
    pause, after = await on(conn, psn_no, date(2024, 4, 1)), await on(conn, psn_no, date(2024, 6, 1))
    assert (pause.insured, pause.paused_from) == (False, date(2024, 4, 1))
    assert (after.insured, after.employer, after.civil_servant) == (True, "丁公司", True)
    assert code(await services.resume_relation(conn, act(), psn_no, TODAY)) == "RELATION_NOT_FOUND"


async def test_a_death_ends_everything_with_its_day(conn):
    psn_no = await insured(conn, "D1")
    await services.issue_credential(conn, act(), psn_no, "card", "C-D1", START)
    await people.add_person(conn, "D1-OWNER")
    await people.add_family(conn, psn_no, "D1-OWNER", 1)
    died = date(2024, 8, 10)
    done = await services.record_death(
        conn, act(), law(), CALENDAR, psn_no, died, reported_by="relative", reported_on=TODAY
    )
    assert done.notes == ()
    after = died + timedelta(days=1)
    assert [(await on(conn, psn_no, day)).insured for day in (died, after)] == [True, False]
    states = [(await identify(conn, VAULT, "03", "C-D1", day)).voucher_state for day in (died, after)]
    assert states == ["valid", "blocked"]
    found = await dossier(conn, psn_no)
    assert (found.relations[0].row.end_reason, found.family[0].row.until_on) == ("death", died)


async def test_what_was_to_begin_after_a_death_had_never_been_true(conn):
    psn_no = await insured(conn, "D2")
    await services.change_relation(
        conn, act(), law(), psn_no, date(2024, 8, 1), Alteration(employer="乙公司")
    )
    await services.record_death(
        conn, act(), law(), CALENDAR, psn_no, date(2024, 7, 20), reported_by="employer"
    )
    assert [e.row.employer for e in (await dossier(conn, psn_no)).relations] == ["甲公司"]


async def test_a_card_reported_lost_stays_lost_after_the_death(conn):
    psn_no = await insured(conn, "D3")
    await services.issue_credential(conn, act(), psn_no, "card", "C-D3", START)
    await services.report_loss(conn, act(), psn_no, "card", "C-D3", date(2024, 5, 1))
    await services.record_death(
        conn, act(), law(), CALENDAR, psn_no, date(2024, 8, 10), reported_by="relative"
    )
    identity = await identify(conn, VAULT, "03", "C-D3", date(2024, 6, 1))
    assert identity.voucher_state == "blocked"


@pytest.mark.parametrize(
    ("died_on", "more", "reason"),
    [
        (date(2024, 8, 16), {}, "DEATH_IN_FUTURE"),
        (date(1900, 1, 1), {}, "DEATH_BEFORE_BIRTH"),
        (TODAY, {"reported_by": "neighbour"}, "UNKNOWN_CODE"),
        (TODAY, {"reported_on": TODAY - timedelta(days=1)}, "DATE_ORDER"),
        (TODAY, {"reported_on": TODAY + timedelta(days=1)}, "DATE_IN_FUTURE"),
    ],
)
async def test_a_death_that_cannot_be_true_is_refused(conn, died_on, more, reason):
    psn_no = await insured(conn, f"DX-{next(NUMBERS)}")
    given = {"reported_by": "relative"} | more
    assert code(await services.record_death(conn, act(), law(), CALENDAR, psn_no, died_on, **given)) == reason


async def test_a_death_is_recorded_once_and_nothing_begins_after_it(conn):
    psn_no = await insured(conn, "D4", until_on=date(2024, 5, 31))
    died = date(2024, 6, 5)
    outcomes = [
        await services.record_death(conn, act(), law(), CALENDAR, psn_no, died, reported_by="relative")
        for _ in range(2)
    ]
    assert [code(one) for one in outcomes] == ["done", "DEATH_RECORDED"]
    given = {"category": "flexible", "region": "140100"}
    late = await services.begin_relation(conn, act(), law(), psn_no, from_on=date(2024, 6, 6), **given)
    assert code(late) == "MEMBER_DECEASED"


async def test_a_revoked_death_brings_relation_and_card_back(conn):
    psn_no = await insured(conn, "D5")
    await services.issue_credential(conn, act(), psn_no, "card", "C-D5", START)
    assert code(await services.revoke_death(conn, act(), psn_no)) == "DEATH_NOT_RECORDED"
    await services.record_death(conn, act(), law(), CALENDAR, psn_no, TODAY, reported_by="relative")
    await services.revoke_death(conn, act(), psn_no)
    tomorrow = TODAY + timedelta(days=1)
    assert (await on(conn, psn_no, tomorrow)).insured
    assert (await identify(conn, VAULT, "03", "C-D5", tomorrow)).voucher_state == "valid"


async def test_a_revoked_death_gives_back_no_more_than_there_was(conn):
    psn_no = await insured(conn, "D6")
    left, died = date(2024, 7, 31), date(2024, 6, 5)
    await services.end_relation(conn, act(), law(), CALENDAR, psn_no, left, "leaving")
    await people.add_family(conn, psn_no, "OWNER-1", 1, until_on=died)
    await people.add_family(conn, psn_no, "OWNER-2", 2, until_on=date(2024, 12, 31))
    await services.issue_credential(conn, act(), psn_no, "card", "C-D6", START)
    await services.report_loss(conn, act(), psn_no, "card", "C-D6", date(2024, 2, 1))
    await services.release(conn, act(), psn_no, "card", "C-D6", date(2024, 2, 3))
    before = await dossier(conn, psn_no)
    await services.record_death(conn, act(), law(), CALENDAR, psn_no, died, reported_by="relative")
    assert code(await services.revoke_death(conn, act(), psn_no)) == "done"
    after = await dossier(conn, psn_no)
    for part in ("relations", "family", "credentials"):
        assert [e.row for e in getattr(after, part)] == [e.row for e in getattr(before, part)]
    assert not (await on(conn, psn_no, date(2024, 8, 1))).insured


async def test_a_second_death_revoked_gives_back_what_held_before_the_second(conn):
    psn_no = await insured(conn, "D7")
    death = {"reported_by": "relative"}
    await services.record_death(conn, act(), law(), CALENDAR, psn_no, date(2024, 6, 5), **death)
    await services.revoke_death(conn, act(), psn_no)
    await services.end_relation(conn, act(), law(), CALENDAR, psn_no, date(2024, 7, 31), "transfer_out")
    await services.record_death(conn, act(), law(), CALENDAR, psn_no, date(2024, 7, 1), **death)
    await services.revoke_death(conn, act(), psn_no)
    row = (await dossier(conn, psn_no)).relations[0].row
    assert (row.until_on, row.end_reason) == (date(2024, 7, 31), "transfer_out")


async def test_arrears_are_set_and_lifted_by_days(conn):
    psn_no = await insured(conn, "N1")
    first, last = date(2024, 5, 1), date(2024, 6, 30)
    assert code(await services.set_nonbenefit(conn, act(), psn_no, "arrears", first)) == "done"
    again = await services.set_nonbenefit(conn, act(), psn_no, "arrears", date(2024, 7, 1))
    assert code(again) == "NONBENEFIT_OVERLAP"
    assert code(await services.lift_nonbenefit(conn, act(), psn_no, "arrears", last)) == "done"
    days = (first - timedelta(days=1), first, last, last + timedelta(days=1))
    assert [(await on(conn, psn_no, day)).arrears for day in days] == [False, True, True, False]
    gone = await services.lift_nonbenefit(conn, act(), psn_no, "arrears", TODAY)
    assert code(gone) == "NONBENEFIT_NOT_FOUND"


@pytest.mark.parametrize(
    ("kind", "from_on", "until_on", "reason"),
    [
        ("holiday", START, None, "UNKNOWN_CODE"),
        ("waiting", START, date(2022, 1, 1), "DATE_ORDER"),
        ("waiting", date(1900, 1, 1), None, "DATE_BEFORE_BIRTH"),
    ],
)
async def test_days_without_benefits_that_cannot_be_true_are_refused(conn, kind, from_on, until_on, reason):
    psn_no = await insured(conn, f"NX-{next(NUMBERS)}")
    assert code(await services.set_nonbenefit(conn, act(), psn_no, kind, from_on, until_on)) == reason


async def test_a_relation_recorded_by_mistake_is_taken_back_and_history_keeps_it(conn):
    psn_no = await insured(conn, "B1")
    later = NOW + timedelta(hours=1)
    await services.take_back(conn, act(later), psn_no, "relation", 1)
    assert not (await on(conn, psn_no, TODAY)).insured
    assert (await standing_known(conn, psn_no, TODAY, NOW)).insured
    assert code(await services.take_back(conn, act(), psn_no, "relation", 1)) == "RECORD_NOT_FOUND"
    assert code(await services.take_back(conn, act(), psn_no, "person", 0)) == "RECORD_NOT_FOUND"
    given = {"from_on": START, "category": "flexible", "region": "140100"}
    await services.begin_relation(conn, act(later), law(), psn_no, **given)
    assert [e.spell_no for e in (await dossier(conn, psn_no)).relations] == [2]


async def test_the_relation_that_a_change_had_cut_goes_on_when_the_change_is_taken_back(conn):
    psn_no = await insured(conn, "B5", until_on=date(2024, 12, 31))
    await services.change_relation(
        conn, act(), law(), psn_no, date(2024, 3, 1), Alteration(employer="乙公司")
    )
    await services.take_back(conn, act(), psn_no, "relation", 2)
    found = [e.row for e in (await dossier(conn, psn_no)).relations]
    assert [(row.employer, row.until_on, row.end_reason) for row in found] == [
        ("甲公司", date(2024, 12, 31), "")
    ]


async def test_a_retirement_taken_back_leaves_the_member_active_and_insured(conn):
    psn_no = await insured(conn, "B6")
    await services.retire(conn, act(), law(), psn_no, date(2024, 3, 12))
    await services.take_back(conn, act(), psn_no, "relation", 2)
    standing = await on(conn, psn_no, TODAY)
    assert (standing.insured, standing.status) == (True, "active")


async def test_a_clock_that_goes_back_does_not_turn_history_round(conn):
    psn_no = await insured(conn, "B2")
    early = datetime(2020, 1, 1, tzinfo=UTC)
    await services.set_nonbenefit(conn, act(early), psn_no, "arrears", START)
    assert (await changes_of(conn, psn_no))[-1].recorded_at == NOW


async def test_a_writer_that_did_not_wait_makes_the_other_one_look_again(conn):
    psn_no = await insured(conn, "B3")
    before = await dossier(conn, psn_no)
    stale = msgspec.structs.replace(before.relations[0], revision=0)
    outcome = await change(conn, act(), psn_no, lambda _: Plan((changed(stale, employer="乙公司"),)))
    assert code(outcome) == "MEMBER_MOVED_ON"
    assert await dossier(conn, psn_no) == before


async def test_two_officers_at_once_do_one_after_the_other(conn, pg_url):
    psn_no = await insured(conn, "B4")
    conns = [await asyncpg.connect(pg_url) for _ in range(4)]
    try:
        outcomes = await asyncio.gather(
            *(services.set_nonbenefit(one, act(), psn_no, "waiting", START) for one in conns)
        )
    finally:
        for one in conns:
            await one.close()
    assert sorted(code(one) for one in outcomes) == ["NONBENEFIT_OVERLAP"] * 3 + ["done"]


async def test_the_tables_are_what_history_adds_up_to(conn):
    assert await differences(conn) == ()
