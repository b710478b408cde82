"""The monthly run on a real database: what it posts, what a second run posts, and what the books say then."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gongji.accounts.interest import credit_interest
from gongji.accounts.monthly import PendingMonth, credit_month, pending_months
from gongji.accounts.runs import RunReport
from gongji.base.actors import Actor
from gongji.base.reasons import Refusal
from gongji.policy import compile_law, load_library
from tests.accounts.credit_world import (
    AT,
    MAY,
    QINGYANG,
    balance,
    contribute,
    entries,
    legs,
    member,
    office,
    spend,
)  # fmt: skip
from tests.members.people import add_person, add_relation, put

JUNE = date(2024, 6, 1)
LATER = AT + timedelta(days=1)


async def run(conn, month: date = MAY, **options) -> RunReport:
    at = options.pop("at", AT)
    done = await credit_month(conn, office(at), month, **options)
    assert isinstance(done, RunReport), done
    return done


async def facts(conn, psn_no: str) -> list[tuple]:
    rows = await conn.fetch(
        "SELECT month, sequence, rule, target_fen, delta_fen, receivable_fen FROM accounts_credit WHERE psn_no = $1 "
        "ORDER BY month, sequence",
        psn_no,
    )
    return [tuple(row) for row in rows]


async def test_a_first_credit_opens_the_account_and_leaves_fact_entry_and_journal(conn):
    await member(conn, "A1", 600_000)
    done = await run(conn)
    assert (done.finished, done.kind, done.actor) == (True, "credit", "agency:zhang")
    assert await balance(conn, "A1") == (12_000, 0)
    assert await facts(conn, "A1") == [(MAY, 1, "active", 12_000, 12_000, 0)]
    assert await entries(conn, "A1") == [("credit", 12_000, 12_000)]
    assert await legs(conn, "A1") == {5301: 12_000, 2201: -12_000}
    row = await conn.fetchrow("SELECT * FROM accounts_credit WHERE psn_no = 'A1'")
    assert (row["base_fen"], row["rate_bp"], row["clause"], row["cause_id"]) == (
        600_000,
        200,
        "SX2021-103.s2.3.a",
        done.run_id,
    )
    assert row["policy_digest"].hex() == office().law.digest
    entry = await conn.fetchrow("SELECT period, reference FROM accounts_entry WHERE psn_no = 'A1'")
    assert tuple(entry) == (MAY, done.run_id)


async def test_a_month_is_credited_once_however_often_the_run_is_started(conn):
    await member(conn, "A2", 555_555)
    for _ in range(3):
        done = await run(conn)
    assert (done.tally.credited, done.tally.given_fen) == (0, 0)
    assert await balance(conn, "A2") == (11_111, 0)
    assert len(await entries(conn, "A2")) == 1


@pytest.mark.clause("SX2021-103.s2.3.a")
async def test_contributions_of_several_employers_add_up_with_one_rounding(conn):
    await member(conn, "A3", None)
    for employer, base in (("甲", 300_020), ("乙", 200_005)):
        await contribute(conn, "A3", base, employer=employer)
    await contribute(conn, "A3", 999_900, employer="丙", paid=False)
    await run(conn)
    assert await balance(conn, "A3") == (10_001, 0)


@pytest.mark.clause("SX2021-103.s2.3.a")
async def test_a_contribution_that_is_received_late_is_credited_by_the_next_run_of_its_month(conn):
    await member(conn, "B1", None)
    await contribute(conn, "B1", 600_000, paid=False)
    first = await run(conn)
    assert any("CONTRIBUTION_NOT_RECEIVED" in text for text in first.tally.reasons)
    assert await balance(conn, "B1") is None
    await contribute(conn, "B1", 600_000, revision=2)
    await run(conn)
    assert await balance(conn, "B1") == (12_000, 0)


async def test_a_corrected_base_posts_the_difference_up_and_down(conn):
    await member(conn, "B2", 600_000)
    await run(conn)
    await contribute(conn, "B2", 700_000, revision=2)
    await run(conn)
    await contribute(conn, "B2", 500_000, revision=3)
    done = await run(conn)
    assert await facts(conn, "B2") == [
        (MAY, 1, "active", 12_000, 12_000, 0),
        (MAY, 2, "active", 14_000, 2_000, 0),
        (MAY, 3, "active", 10_000, -4_000, 0),
    ]
    assert await entries(conn, "B2") == [
        ("credit", 12_000, 12_000), ("credit_correction", 2_000, 14_000), ("credit_correction", -4_000, 10_000),
    ]  # fmt: skip
    assert await legs(conn, "B2") == {5301: 10_000, 2201: -10_000}
    assert (done.tally.corrected, done.tally.taken_fen) == (1, 4_000)


async def test_what_was_spent_already_becomes_a_debt_and_later_credits_pay_it_first(conn):
    await member(conn, "B3", 600_000)
    await run(conn)
    await spend(conn, "B3", 10_000)
    await contribute(conn, "B3", 100_000, revision=2)
    await run(conn)
    assert await balance(conn, "B3") == (0, 8_000)
    assert await entries(conn, "B3") == [
        ("credit", 12_000, 12_000), ("pay", -10_000, 2_000), ("credit_correction", -2_000, 0),
    ]  # fmt: skip
    assert await legs(conn, "B3") == {5301: 2_000, 2201: -10_000, 1201: 8_000, 5201: 10_000, 2101: -10_000}
    await contribute(conn, "B3", 600_000, [JUNE])
    await run(conn, JUNE)
    assert await balance(conn, "B3") == (4_000, 0)
    assert (await entries(conn, "B3"))[3:] == [("credit", 12_000, 12_000), ("recovery", -8_000, 4_000)]
    assert (await legs(conn, "B3"))[1201] == 0


async def test_a_credit_smaller_than_the_debt_leaves_the_rest_of_it(conn):
    await member(conn, "B4", 600_000)
    await run(conn)
    await spend(conn, "B4", 12_000)
    await contribute(conn, "B4", 0, revision=2)
    await run(conn)
    await contribute(conn, "B4", 100_000, [JUNE])
    await run(conn, JUNE)
    assert await balance(conn, "B4") == (0, 10_000)
    assert (await entries(conn, "B4"))[2:] == [
        ("credit_correction", 0, 0), ("credit", 2_000, 2_000), ("recovery", -2_000, 0),
    ]  # fmt: skip


@pytest.mark.clause("QY.art6.d")
async def test_who_retires_in_may_is_credited_on_job_for_may_and_from_the_pool_for_june(conn):
    await member(conn, "C1", None, region=QINGYANG, until_on=date(2023, 5, 14))
    await add_relation(conn, "C1", 2, from_on=date(2023, 5, 15), status="retired", region=QINGYANG)
    await contribute(conn, "C1", 500_000, [date(2023, 5, 1)])
    for month in (date(2023, 5, 1), date(2023, 6, 1)):
        await run(conn, month)
    assert [amount for _, amount, _ in await entries(conn, "C1")] == [10_000, 7_500]
    assert await legs(conn, "C1") == {5301: 10_000, 5302: 7_500, 2201: -17_500}


async def test_a_retirement_that_is_registered_late_moves_the_month_from_one_expense_to_the_other(conn):
    await member(conn, "C2", 350_000)
    await run(conn)
    assert await legs(conn, "C2") == {5301: 7_000, 2201: -7_000}
    await conn.execute(
        "UPDATE members_relation SET status = 'retired', category = 'retired' WHERE psn_no = 'C2'"
    )
    done = await run(conn)
    assert done.tally.corrected == 1
    assert await balance(conn, "C2") == (7_000, 0)
    assert await legs(conn, "C2") == {5301: 0, 5302: 7_000, 2201: -7_000}


@pytest.mark.clause("QY.art10.b")
async def test_credits_after_a_death_that_is_registered_late_are_taken_back_by_the_next_run(conn):
    await member(conn, "D1", None, status="retired")
    for month in (MAY, JUNE):
        await run(conn, month)
    assert await balance(conn, "D1") == (14_000, 0)
    await conn.execute("UPDATE members_person SET died_on = '2024-05-20' WHERE psn_no = 'D1'")
    for month in (MAY, JUNE, JUNE):
        await run(conn, month)
    assert await balance(conn, "D1") == (7_000, 0)
    assert (await entries(conn, "D1"))[2:] == [("recovery", -7_000, 7_000)]
    reason = await conn.fetchval("SELECT reason FROM accounts_credit WHERE psn_no = 'D1' AND sequence = 2")
    assert reason == "MEMBER_DECEASED"


async def test_a_death_that_was_a_mistake_is_credited_again(conn):
    await member(conn, "D2", 600_000, died_on=date(2024, 4, 2))
    await run(conn)
    assert await balance(conn, "D2") is None
    await conn.execute("UPDATE members_person SET died_on = NULL WHERE psn_no = 'D2'")
    await run(conn)
    await conn.execute("UPDATE members_person SET died_on = '2024-04-02' WHERE psn_no = 'D2'")
    await run(conn)
    await conn.execute("UPDATE members_person SET died_on = NULL WHERE psn_no = 'D2'")
    await run(conn)
    assert await balance(conn, "D2") == (12_000, 0)
    assert [row[1:4] for row in await facts(conn, "D2")] == [
        (1, "active", 12_000),
        (2, "none", 0),
        (3, "active", 12_000),
    ]


async def test_a_frozen_account_is_credited_and_gives_back_but_pays_nothing(conn):
    await member(conn, "E1", 600_000)
    await run(conn)
    await conn.execute("UPDATE accounts_balance SET state = 'frozen' WHERE psn_no = 'E1'")
    with pytest.raises(AssertionError):
        await spend(conn, "E1", 1)
    await contribute(conn, "E1", 500_000, revision=2)
    await run(conn)
    assert await balance(conn, "E1") == (10_000, 0)


@pytest.mark.clause("QY.art6.c", "SX2021-103.s2.3.c")
async def test_members_whose_amount_no_document_fixes_are_counted_by_article_and_not_credited(conn):
    await member(conn, "F1", None, status="retired", region="142000")
    done = await credit_month(conn, office(of=compile_law(load_library())), MAY, region="1420")
    assert isinstance(done, RunReport)
    assert await balance(conn, "F1") is None
    assert done.tally.credited == 0
    (text,) = done.tally.reasons
    assert "PARAMETER_UNSPECIFIED" in text
    assert "晋政办发〔2021〕103号 二（三）" in text


async def test_a_parameter_that_is_withdrawn_leaves_what_was_credited(conn):
    await member(conn, "F2", None, status="retired", region="142100")
    await run(conn, region="1421")
    again = await credit_month(conn, office(of=compile_law(load_library())), MAY, region="1421")
    assert isinstance(again, RunReport)
    assert again.tally.corrected == 0
    assert await balance(conn, "F2") == (7_000, 0)


async def test_a_region_is_credited_without_the_others(conn):
    await member(conn, "G1", 600_000, region="141000")
    await member(conn, "G2", 600_000, region="141100")
    done = await run(conn, region="141000")
    assert (done.region, done.tally.credited) == ("1410", 1)
    assert (await balance(conn, "G1"), await balance(conn, "G2")) == ((12_000, 0), None)


async def test_a_member_found_to_belong_to_another_region_is_taken_back_and_credited_there(conn):
    await member(conn, "G3", None, status="retired", region="141200")
    await run(conn, region="1412")
    await conn.execute("UPDATE members_relation SET region = $1 WHERE psn_no = 'G3'", QINGYANG)
    await run(conn, region="1412")
    assert await balance(conn, "G3") == (7_500, 0)
    assert (
        await conn.fetchval("SELECT region FROM accounts_credit WHERE psn_no = 'G3' AND sequence = 2")
        == QINGYANG
    )


async def test_a_month_that_has_not_begun_is_refused(conn):
    refused = await credit_month(conn, office(datetime(2024, 5, 31, 15, 59, tzinfo=UTC)), JUNE)
    assert isinstance(refused, Refusal)
    assert refused.code == "PERIOD_NOT_DUE"
    begun = await credit_month(conn, office(datetime(2024, 5, 31, 16, 0, tzinfo=UTC)), JUNE)
    assert isinstance(begun, RunReport)


@pytest.mark.parametrize("kind", ["member", "institution"])
async def test_only_the_agency_credits(conn, kind: str):
    for start in (
        credit_month(conn, office(actor=Actor(kind, "x")), MAY),
        credit_interest(conn, office(actor=Actor(kind, "x")), 2023),
    ):
        refused = await start
        assert isinstance(refused, Refusal)
        assert refused.code == "FORBIDDEN"


@pytest.mark.clause("SX2021-103.s2.3.b", "QY.art11.a")
async def test_the_run_says_what_went_to_the_pool_and_what_the_month_is_worth(conn):
    await member(conn, "H1", 600_000, region="141300")
    await member(conn, "H2", None, region="141300", status="retired")
    for _ in range(2):
        done = await run(conn, region="1413")
        assert (done.tally.pool_fen, done.tally.active_fen, done.tally.retired_fen) == (39_000, 12_000, 7_000)


async def pending(conn, month: date, region: str = "CN") -> int:
    return next(
        (one.persons for one in await pending_months(conn) if (one.month, one.region) == (month, region)), 0
    )


async def test_a_month_with_news_since_its_run_is_pending_until_it_is_run_again(conn):
    month = date(2024, 3, 1)
    await member(conn, "P1", None)
    await run(conn, month)
    assert await pending(conn, month) == 0
    await contribute(conn, "P1", 600_000, [month], recorded_at=AT + timedelta(hours=1))
    assert await pending(conn, month) == 1
    assert PendingMonth(month, "CN", 1) in await pending_months(conn)
    await run(conn, month, at=LATER)
    assert await pending(conn, month) == 0


async def test_a_death_is_news_for_the_months_after_it_only(conn):
    november, december = date(2023, 11, 1), date(2023, 12, 1)
    await add_person(conn, "P2")
    for month in (november, december):
        await run(conn, month)
    content = {
        "name": "测试", "cert_type": "01", "cert_sealed": "\\x00", "cert_index": "\\x00", "phone_sealed": None, "phone_index": None,
        "gender": "1", "ethnicity": "01", "born_on": "1980-01-01", "died_on": "2023-11-10",
    }  # fmt: skip
    await put(conn, "P2", "person", 0, content, revision=1, at=LATER)
    assert (await pending(conn, november), await pending(conn, december)) == (0, 1)


async def test_a_changed_relation_is_news_for_the_months_in_which_it_holds_otherwise(conn):
    month, year_before = date(2024, 3, 1), date(2023, 3, 1)
    await member(conn, "P3", None, region="141500")
    for one in (month, year_before):
        await run(conn, one, region="1415")
    ended = {
        "from_on": "2023-01-01", "until_on": "2024-03-10", "insutype": "310", "status": "active", "category": "employee",
        "psn_type": "11", "region": "141500", "employer": "甲公司", "payer": "employer", "civil_servant": False,
        "has_account": True, "end_reason": "",
    }  # fmt: skip
    await put(conn, "P3", "relation", 1, ended, revision=1, at=LATER)
    assert (await pending(conn, month, "1415"), await pending(conn, year_before, "1415")) == (1, 0)


async def test_a_region_without_any_law_is_refused(conn):
    refused = await credit_month(conn, office(datetime(2024, 7, 1, tzinfo=UTC)), JUNE, region="9999")
    assert isinstance(refused, Refusal)
    assert refused.code == "REGION_UNKNOWN"
