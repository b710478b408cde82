"""Vouchers, off-site filings, chronic diseases and chosen institutions: issued, changed, ended, on any day one answer."""

import asyncio
from datetime import date, timedelta
from itertools import count

import asyncpg
import pytest

from gongji.base.actors import Actor
from gongji.base.times import add_months
from gongji.members import entitlements
from gongji.members.history import differences
from gongji.members.rows import ChronicRow, FilingRow, FixedRow
from gongji.members.rules import offsite
from gongji.members.selectors import identify, standings, voucher_holders
from tests.members import people
from tests.members.acts import TODAY, act, code, dossier, law, person
from tests.vaults import VAULT

START = date(2023, 1, 1)
DAY = timedelta(days=1)
NUMBERS = count(1)


async def insured(conn, psn_no: str = "", region: str = "140100") -> str:
    psn_no = psn_no or f"M{next(NUMBERS)}"
    await person(conn, psn_no)
    await people.add_relation(conn, psn_no, region=region)
    return psn_no


async def carded(conn, number: str) -> str:
    """Somebody with a card."""
    psn_no = await insured(conn)
    assert code(await entitlements.issue_credential(conn, act(), psn_no, "card", number, START)) == "done"
    return psn_no


async def state(conn, number: str, on: date) -> str:
    return (await identify(conn, VAULT, "03", number, on)).voucher_state


async def test_an_issued_card_and_e_voucher_identify_their_holder(conn):
    psn_no = await carded(conn, "C1")
    await entitlements.issue_credential(conn, act(), psn_no, "voucher", "T1", START)
    holders = [
        await identify(conn, VAULT, kind, number, TODAY) for kind, number in (("03", "C1"), ("01", "T1"))
    ]
    assert [one.person.psn_no for one in holders] == [psn_no] * 2


async def test_a_second_card_is_a_replacement(conn):
    psn_no = await carded(conn, "C2")
    second = await entitlements.issue_credential(conn, act(), psn_no, "card", "C2B", TODAY)
    assert code(second) == "CREDENTIAL_IN_FORCE"


async def test_a_number_is_issued_to_one_person(conn):
    await carded(conn, "C3")
    other = await insured(conn)
    assert (
        code(await entitlements.issue_credential(conn, act(), other, "card", "C3", TODAY))
        == "CREDENTIAL_EXISTS"
    )


async def test_of_two_issues_of_a_number_at_once_one_is_made(conn, pg_url):
    psn_nos = [await insured(conn) for _ in range(4)]

    async def issue(psn_no: str):
        own = await asyncpg.connect(pg_url)
        try:
            return await entitlements.issue_credential(own, act(), psn_no, "card", "C4", START)
        finally:
            await own.close()

    outcomes = await asyncio.gather(*(issue(psn_no) for psn_no in psn_nos))
    assert sorted(code(one) for one in outcomes) == ["CREDENTIAL_EXISTS"] * 3 + ["done"]


@pytest.mark.parametrize(
    ("kind", "number", "card_sn", "reason"),
    [
        ("badge", "X1", "", "UNKNOWN_CODE"),
        ("card", "", "", "TEXT_INVALID"),
        ("card", "X 1", "", "TEXT_INVALID"),
        ("card", "X'; --", "", "TEXT_INVALID"),
        ("card", "X" * 65, "", "TEXT_INVALID"),
        ("card", "X1", "S" * 33, "TEXT_INVALID"),
    ],
)
async def test_what_a_voucher_may_be(conn, kind, number, card_sn, reason):
    psn_no = await insured(conn)
    outcome = await entitlements.issue_credential(conn, act(), psn_no, kind, number, START, card_sn)
    assert code(outcome) == reason


async def test_a_lost_card_is_blocked_from_its_day_until_it_is_found(conn):
    psn_no = await carded(conn, "C5")
    lost, found = date(2024, 5, 1), date(2024, 5, 3)
    await entitlements.report_loss(conn, act(), psn_no, "card", "C5", lost)
    assert (
        code(await entitlements.report_loss(conn, act(), psn_no, "card", "C5", found)) == "CREDENTIAL_STATE"
    )
    await entitlements.release(conn, act(), psn_no, "card", "C5", found)
    days = (lost - DAY, lost, found - DAY, found)
    assert [await state(conn, "C5", day) for day in days] == ["valid", "blocked", "blocked", "valid"]
    assert code(await entitlements.release(conn, act(), psn_no, "card", "C5", TODAY)) == "CREDENTIAL_STATE"


async def test_a_card_lost_twice_was_blocked_twice(conn):
    psn_no = await carded(conn, "C12")
    for lost, found in ((date(2024, 5, 1), date(2024, 5, 3)), (date(2024, 6, 1), date(2024, 6, 2))):
        await entitlements.report_loss(conn, act(), psn_no, "card", "C12", lost)
        await entitlements.release(conn, act(), psn_no, "card", "C12", found)
    await entitlements.block(conn, act(), psn_no, "card", "C12", date(2024, 7, 1))
    days = [date(2024, 5, 1), date(2024, 5, 2), date(2024, 5, 3), date(2024, 6, 1), date(2024, 6, 2)]
    states = [await state(conn, "C12", day) for day in (*days, TODAY)]
    assert states == ["blocked", "blocked", "valid", "blocked", "valid", "blocked"]
    holders = await voucher_holders(conn, [("03", "C12", day, "") for day in days])
    assert [one[1] for one in holders] == states[:-1]


async def test_a_card_found_on_the_day_of_its_loss_was_never_blocked(conn):
    psn_no = await carded(conn, "C6")
    for verb in (entitlements.report_loss, entitlements.release):
        await verb(conn, act(), psn_no, "card", "C6", TODAY)
    assert [await state(conn, "C6", day) for day in (TODAY - DAY, TODAY, TODAY + DAY)] == ["valid"] * 3


async def test_a_card_cannot_be_found_before_it_was_lost(conn):
    psn_no = await carded(conn, "C7")
    await entitlements.report_loss(conn, act(), psn_no, "card", "C7", TODAY)
    assert code(await entitlements.release(conn, act(), psn_no, "card", "C7", TODAY - DAY)) == "DATE_ORDER"


async def test_only_the_agency_lifts_its_own_block(conn):
    psn_no = await carded(conn, "C8")
    member = act(actor=Actor("member", psn_no))
    assert code(await entitlements.block(conn, member, psn_no, "card", "C8", TODAY)) == "FORBIDDEN"
    assert code(await entitlements.block(conn, act(reason=""), psn_no, "card", "C8", TODAY)) == "TEXT_INVALID"
    await entitlements.block(conn, act(reason="协助调查"), psn_no, "card", "C8", TODAY)
    assert code(await entitlements.release(conn, member, psn_no, "card", "C8", TODAY)) == "CREDENTIAL_STATE"
    assert code(await entitlements.unblock(conn, member, psn_no, "card", "C8", TODAY)) == "FORBIDDEN"
    assert code(await entitlements.unblock(conn, act(), psn_no, "card", "C8", TODAY)) == "done"


async def test_a_replaced_card_is_good_for_nothing_and_the_new_one_is(conn):
    psn_no = await carded(conn, "C9")
    await entitlements.report_loss(conn, act(), psn_no, "card", "C9", date(2024, 5, 1))
    outcome = await entitlements.replace_credential(
        conn, act(), psn_no, "card", "C9", "C9B", date(2024, 5, 10), "SN9"
    )
    assert code(outcome) == "done"
    assert [await state(conn, "C9", day) for day in (date(2024, 4, 30), date(2024, 5, 5), TODAY)] == [
        "valid",
        "blocked",
        "expired",
    ]
    assert await state(conn, "C9B", TODAY) == "valid"
    assert code(await entitlements.release(conn, act(), psn_no, "card", "C9", TODAY)) == "CREDENTIAL_STATE"


async def test_a_card_is_replaced_once_however_early_the_second_time(conn):
    psn_no = await person(conn, "E13")
    await entitlements.issue_credential(conn, act(), psn_no, "card", "C13", START)
    await entitlements.replace_credential(conn, act(), psn_no, "card", "C13", "C13B", date(2024, 6, 1))
    again = await entitlements.replace_credential(
        conn, act(), psn_no, "card", "C13", "C13C", date(2024, 3, 1)
    )
    assert code(again) == "CREDENTIAL_IN_FORCE"


async def test_a_card_replaced_on_its_first_day_is_good_for_nothing(conn):
    psn_no = await carded(conn, "C10")
    await entitlements.replace_credential(conn, act(), psn_no, "card", "C10", "C10B", START)
    assert [await state(conn, number, START) for number in ("C10", "C10B")] == ["blocked", "valid"]


async def test_a_voucher_of_another_person_is_not_found(conn):
    await carded(conn, "C11")
    other = await insured(conn)
    for verb in (entitlements.report_loss, entitlements.release, entitlements.block, entitlements.unblock):
        assert code(await verb(conn, act(), other, "card", "C11", TODAY)) == "CREDENTIAL_NOT_FOUND"
    outcome = await entitlements.replace_credential(conn, act(), other, "card", "C11", "C11B", TODAY)
    assert code(outcome) == "CREDENTIAL_NOT_FOUND"


def filing(kind: str = "LONG_TERM_IN_PROVINCE", region: str = "140800", **fields) -> FilingRow:
    given = {"from_on": TODAY, "until_on": None, "subtype": "long_term_resident", "filed_on": TODAY} | fields
    return FilingRow(kind=kind, region=region, **given)


async def place(conn, psn_no: str, region: str, on: date) -> str:
    return offsite((await standings(conn, [(psn_no, on)]))[psn_no, on], region)


@pytest.mark.clause("SX2022-27.art24.a", "SX2022-27.art24.c")
@pytest.mark.parametrize(
    ("kind", "region"), [("LONG_TERM_IN_PROVINCE", "140800"), ("LONG_TERM_OUT_OF_PROVINCE", "110000")]
)
async def test_a_long_term_filing_holds_in_its_area_until_it_is_cancelled(conn, kind, region):
    psn_no = await insured(conn)
    assert code(await entitlements.file_offsite(conn, act(), law(), psn_no, filing(kind, region))) == "done"
    days = (TODAY - DAY, TODAY, date(2030, 1, 1))
    assert [await place(conn, psn_no, region, day) for day in days] == ["TEMPORARY", kind, kind]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (filing(region="140105"), "FILING_AT_HOME"),
        (filing(region="110000"), "FILING_KIND_WRONG"),
        (filing("LONG_TERM_OUT_OF_PROVINCE"), "FILING_KIND_WRONG"),
        (filing("TEMPORARY"), "FILING_KIND_WRONG"),
        (filing(subtype="referral"), "FILING_KIND_WRONG"),
        (filing(subtype="tourist"), "UNKNOWN_CODE"),
        (filing("HOLIDAY", subtype=""), "UNKNOWN_CODE"),
        (filing(region="1"), "REGION_INVALID"),
        (filing(until_on=TODAY - DAY), "DATE_ORDER"),
        (filing(filed_on=TODAY + DAY), "DATE_IN_FUTURE"),
        (filing(from_on=START - DAY), "RELATION_NOT_FOUND"),
        (filing(from_on=TODAY - DAY), "done"),
        (filing("TEMPORARY", subtype="emergency"), "done"),
    ],
)
async def test_what_a_filing_may_be(conn, row, reason):
    psn_no = await insured(conn)
    assert code(await entitlements.file_offsite(conn, act(), law(), psn_no, row)) == reason


async def test_a_temporary_filing_ends_after_the_months_of_the_law(conn):
    psn_no = await insured(conn)
    row = filing("TEMPORARY", "110000", subtype="other_temporary")
    await entitlements.file_offsite(conn, act(), law(), psn_no, row)
    months = law().value("offsite.filing.temporary_months", "140100", TODAY).raw
    assert (await dossier(conn, psn_no)).filings[0].row.until_on == add_months(TODAY, months)


def test_a_term_of_months_ends_on_the_corresponding_day_or_the_months_last():
    days = (date(2024, 8, 31), date(2024, 12, 15), date(2023, 8, 31), date(2024, 1, 1))
    assert [add_months(day, 6) for day in days] == [
        date(2025, 2, 28),
        date(2025, 6, 15),
        date(2024, 2, 29),
        date(2024, 7, 1),
    ]


async def test_two_filings_do_not_hold_on_one_day(conn):
    psn_no = await insured(conn)
    await entitlements.file_offsite(conn, act(), law(), psn_no, filing())
    row = filing("LONG_TERM_OUT_OF_PROVINCE", "110000", from_on=TODAY + 30 * DAY)
    assert code(await entitlements.file_offsite(conn, act(), law(), psn_no, row)) == "FILING_OVERLAP"


async def test_who_lives_elsewhere_may_be_referred_to_a_third_place_but_not_to_the_same(conn):
    psn_no = await insured(conn)
    await entitlements.file_offsite(conn, act(), law(), psn_no, filing())
    third = filing("TEMPORARY", "310000", subtype="referral")
    assert code(await entitlements.file_offsite(conn, act(), law(), psn_no, third)) == "done"
    assert [await place(conn, psn_no, region, TODAY) for region in ("140800", "310101")] == [
        "LONG_TERM_IN_PROVINCE",
        "TEMPORARY",
    ]
    same = filing("TEMPORARY", "140830", subtype="referral", from_on=TODAY + 365 * DAY)
    assert code(await entitlements.file_offsite(conn, act(), law(), psn_no, same)) == "FILING_OVERLAP"


async def test_a_long_term_filing_is_kept_for_the_months_of_the_law(conn):
    psn_no = await insured(conn)
    filed = date(2024, 3, 1)
    await people.add_filing(conn, psn_no, "LONG_TERM_IN_PROVINCE", "140800", filed)
    months = law().value("offsite.filing.change_after_months", "140100", TODAY).raw
    earliest = add_months(filed, months)
    for day, reason in ((earliest - DAY, "FILING_TOO_EARLY"), (earliest, "done")):
        outcome = await entitlements.cancel_filing(conn, act(), law(), psn_no, 1, day)
        assert code(outcome) == reason
    assert [await place(conn, psn_no, "140800", day) for day in (earliest - DAY, earliest)] == [
        "LONG_TERM_IN_PROVINCE",
        "TEMPORARY",
    ]


async def test_a_refused_change_names_the_article_and_the_day(conn):
    psn_no = await insured(conn)
    await people.add_filing(conn, psn_no, "LONG_TERM_IN_PROVINCE", "140800", TODAY)
    refused = await entitlements.cancel_filing(conn, act(), law(), psn_no, 1, TODAY + DAY)
    assert "2025-02-15 起）可以变更或取消" in refused.text
    assert refused.article


async def test_a_changed_filing_holds_from_its_day_on_instead_of_the_old_one(conn):
    psn_no = await insured(conn)
    await people.add_filing(conn, psn_no, "LONG_TERM_IN_PROVINCE", "140800", START)
    row = filing("LONG_TERM_OUT_OF_PROVINCE", "110000")
    assert code(await entitlements.change_filing(conn, act(), law(), psn_no, 1, row)) == "done"
    assert [await place(conn, psn_no, "140800", day) for day in (TODAY - DAY, TODAY)] == [
        "LONG_TERM_IN_PROVINCE",
        "TEMPORARY",
    ]
    assert await place(conn, psn_no, "110000", TODAY) == "LONG_TERM_OUT_OF_PROVINCE"


async def test_a_change_that_is_refused_leaves_the_old_filing(conn):
    psn_no = await insured(conn)
    await people.add_filing(conn, psn_no, "LONG_TERM_IN_PROVINCE", "140800", START)
    at_home = filing(region="140105")
    assert code(await entitlements.change_filing(conn, act(), law(), psn_no, 1, at_home)) == "FILING_AT_HOME"
    assert await place(conn, psn_no, "140800", TODAY) == "LONG_TERM_IN_PROVINCE"


async def test_a_temporary_filing_is_cancelled_at_any_time_and_taken_back_before_it_began(conn):
    psn_no = await insured(conn)
    row = filing("TEMPORARY", "110000", subtype="referral", from_on=TODAY + 5 * DAY)
    await entitlements.file_offsite(conn, act(), law(), psn_no, row)
    assert code(await entitlements.cancel_filing(conn, act(), law(), psn_no, 1, TODAY)) == "done"
    assert (await dossier(conn, psn_no)).filings == ()
    assert code(await entitlements.cancel_filing(conn, act(), law(), psn_no, 1, TODAY)) == "FILING_NOT_FOUND"


def chronic(**fields) -> ChronicRow:
    given = {"from_on": START, "until_on": None, "disease_code": "M03900", "disease_name": "高血压"} | fields
    return ChronicRow(**given)


@pytest.mark.clause("SX2021-103.s2.2.e")
async def test_a_chronic_entitlement_holds_from_approval_to_exit(conn):
    psn_no = await insured(conn)
    approved, left = date(2024, 2, 1), date(2024, 6, 30)
    await entitlements.entitle_chronic(
        conn, act(), psn_no, chronic(from_on=approved, ratio_bp=7000, quota_month_fen=50_000)
    )
    await entitlements.end_chronic(conn, act(), psn_no, "M03900", left)
    days = (approved - DAY, approved, left, left + DAY)
    found = await standings(conn, [(psn_no, day) for day in days])
    assert [set(found[psn_no, day].chronic) for day in days] == [set(), {"M03900"}, {"M03900"}, set()]
    entry = found[psn_no, approved].chronic["M03900"]
    assert (entry.ratio_bp, entry.quota_month_fen, entry.quota_fen) == (7000, 50_000, None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (chronic(quota_fen=-1), "AMOUNT_OUT_OF_RANGE"),
        (chronic(quota_month_fen=10**12), "AMOUNT_OUT_OF_RANGE"),
        (chronic(quota_quarter_fen=-5), "AMOUNT_OUT_OF_RANGE"),
        (chronic(ratio_bp=10_001), "AMOUNT_OUT_OF_RANGE"),
        (chronic(treatment="magic"), "UNKNOWN_CODE"),
        (chronic(disease_code="M 1"), "TEXT_INVALID"),
        (chronic(disease_name=""), "TEXT_INVALID"),
        (chronic(until_on=START - DAY), "DATE_ORDER"),
        (chronic(from_on=date(1900, 1, 1)), "DATE_BEFORE_BIRTH"),
        (chronic(treatment="dialysis"), "done"),
    ],
)
async def test_what_a_chronic_entitlement_may_be(conn, row, reason):
    psn_no = await insured(conn)
    assert code(await entitlements.entitle_chronic(conn, act(), psn_no, row)) == reason


async def test_a_disease_is_entitled_once_at_a_time(conn):
    psn_no = await insured(conn)
    first = chronic(until_on=date(2023, 12, 31))
    second = chronic(from_on=date(2024, 1, 1))
    rows = (first, chronic(from_on=date(2023, 12, 31)), second)
    outcomes = [await entitlements.entitle_chronic(conn, act(), psn_no, row) for row in rows]
    assert [code(one) for one in outcomes] == ["done", "CHRONIC_EXISTS", "done"]
    gone = await entitlements.end_chronic(conn, act(), psn_no, "M01600", TODAY)
    assert code(gone) == "NOT_QUALIFIED_CHRONIC"


def chosen(institution: str = "H14010000001", sort_no: int = 1, **fields) -> FixedRow:
    given = {"from_on": START, "until_on": None, "biz_type": "03", "institution_name": "甲医院"} | fields
    return FixedRow(institution=institution, sort_no=sort_no, **given)


async def test_an_institution_is_chosen_and_given_up(conn):
    psn_no = await insured(conn)
    rows = (chosen(), chosen(sort_no=2), chosen("H2"), chosen("H2", 2))
    outcomes = [await entitlements.fix_institution(conn, act(), psn_no, row) for row in rows]
    assert [code(one) for one in outcomes] == ["done", "FIXED_EXISTS", "FIXED_EXISTS", "done"]
    for reason in ("done", "NOTHING_CHANGED"):
        outcome = await entitlements.unfix_institution(conn, act(), psn_no, "03", "H2", TODAY)
        assert code(outcome) == reason
    gone = await entitlements.unfix_institution(conn, act(), psn_no, "03", "H3", TODAY)
    assert code(gone) == "FIXED_NOT_FOUND"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (chosen(biz_type="zz"), "UNKNOWN_CODE"),
        (chosen(sort_no=0), "AMOUNT_OUT_OF_RANGE"),
        (chosen(institution=""), "TEXT_INVALID"),
        (chosen(institution_name=""), "TEXT_INVALID"),
        (chosen(until_on=START - DAY), "DATE_ORDER"),
    ],
)
async def test_what_a_chosen_institution_may_be(conn, row, reason):
    psn_no = await insured(conn)
    assert code(await entitlements.fix_institution(conn, act(), psn_no, row)) == reason


@pytest.mark.parametrize(("kind", "own"), [("member", False), ("institution", True), ("institution", False)])
async def test_nobody_else_does_what_is_the_members_own_affair(conn, kind, own):
    psn_no = await insured(conn)
    await entitlements.issue_credential(conn, act(), psn_no, "card", f"C-{psn_no}", START)
    other = act(actor=Actor(kind, psn_no if own else "somebody"))
    outcomes = [
        await entitlements.report_loss(conn, other, psn_no, "card", f"C-{psn_no}", TODAY),
        await entitlements.file_offsite(conn, other, law(), psn_no, filing()),
        await entitlements.entitle_chronic(conn, other, psn_no, chronic()),
    ]
    assert [code(one) for one in outcomes] == ["FORBIDDEN"] * 3


async def test_a_member_reports_a_loss_and_files_but_does_not_entitle_himself(conn):
    psn_no = await insured(conn)
    await entitlements.issue_credential(conn, act(), psn_no, "card", f"C-{psn_no}", START)
    himself = act(actor=Actor("member", psn_no))
    outcomes = [
        await entitlements.report_loss(conn, himself, psn_no, "card", f"C-{psn_no}", TODAY),
        await entitlements.file_offsite(conn, himself, law(), psn_no, filing()),
        await entitlements.entitle_chronic(conn, himself, psn_no, chronic()),
    ]
    assert [code(one) for one in outcomes] == ["done", "done", "FORBIDDEN"]


async def test_nothing_is_given_to_the_dead(conn):
    psn_no = "DEAD"
    await people.add_person(conn, psn_no, number=people.cert_no(77), died_on=date(2024, 1, 1))
    await people.add_relation(conn, psn_no)
    outcomes = [
        await entitlements.issue_credential(conn, act(), psn_no, "card", "C-DEAD", TODAY),
        await entitlements.file_offsite(conn, act(), law(), psn_no, filing()),
        await entitlements.entitle_chronic(conn, act(), psn_no, chronic(from_on=TODAY)),
        await entitlements.fix_institution(conn, act(), psn_no, chosen(from_on=TODAY)),
    ]
    assert [code(one) for one in outcomes] == ["MEMBER_DECEASED"] * 4


async def test_the_tables_are_what_history_adds_up_to(conn):
    assert await differences(conn) == ()
