"""What was known when: the fold of history is what the tables say now, and what they said at any instant before."""

from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongji.base.reasons import Refusal
from gongji.members import services
from gongji.members.dossier import Line, dossier_of
from gongji.members.history import changes_of, differences, known_records, standing_known
from gongji.members.rows import ChronicRow, FilingRow
from gongji.members.selectors import records
from gongji.members.values import Records
from gongji.members.verbs_relation import Alteration
from gongji.policy.calendar import working_calendar
from tests.members import people
from tests.members.acts import NOW, TODAY, act, dossier, law, person

MINUTE = timedelta(minutes=1)
NUMBERS = count(1)
DAYS = st.integers(0, 590).map(lambda number: date(2023, 1, 1) + timedelta(days=number))
NAMES = st.sampled_from(("甲公司", "乙公司", "丙公司"))
CARDS = st.sampled_from(("1", "2"))


def _begin(conn, do, psn_no, day, name):
    given = {"category": "employee", "region": "140100", "employer": name}
    return services.begin_relation(conn, do, law(), psn_no, from_on=day, **given)


def _change(conn, do, psn_no, day, name):
    return services.change_relation(conn, do, law(), psn_no, day, Alteration(employer=name))


def _retire(conn, do, psn_no, day):
    return services.retire(conn, do, law(), psn_no, day)


def _end(conn, do, psn_no, day, reason):
    return services.end_relation(conn, do, law(), working_calendar(), psn_no, day, reason)


def _resume(conn, do, psn_no, day):
    return services.resume_relation(conn, do, psn_no, day)


def _arrears(conn, do, psn_no, day):
    return services.set_nonbenefit(conn, do, psn_no, "arrears", day)


def _lift(conn, do, psn_no, day):
    return services.lift_nonbenefit(conn, do, psn_no, "arrears", day)


def _card(conn, do, psn_no, day, number):
    return services.issue_credential(conn, do, psn_no, "card", f"{psn_no}-{number}", day)


def _lost(conn, do, psn_no, day, number):
    return services.report_loss(conn, do, psn_no, "card", f"{psn_no}-{number}", day)


def _found(conn, do, psn_no, day, number):
    return services.release(conn, do, psn_no, "card", f"{psn_no}-{number}", day)


def _file(conn, do, psn_no, day):
    row = FilingRow(day, None, "LONG_TERM_IN_PROVINCE", "", "140800", day)
    return services.file_offsite(conn, do, law(), psn_no, row)


def _unfile(conn, do, psn_no, day):
    return services.cancel_filing(conn, do, law(), psn_no, 1, day)


def _entitle(conn, do, psn_no, day):
    return services.entitle_chronic(conn, do, psn_no, ChronicRow(day, None, "M1", "高血压", quota_fen=1))


def _exit(conn, do, psn_no, day):
    return services.end_chronic(conn, do, psn_no, "M1", day)


def _take_back(conn, do, psn_no, part, number):
    return services.take_back(conn, do, psn_no, part, number)


def _die(conn, do, psn_no, day):
    return services.record_death(conn, do, law(), working_calendar(), psn_no, day, reported_by="relative")


def _revive(conn, do, psn_no):
    return services.revoke_death(conn, do, psn_no)


STEPS = st.one_of(
    st.tuples(st.just(_begin), DAYS, NAMES),
    st.tuples(st.just(_change), DAYS, NAMES),
    st.tuples(st.just(_retire), DAYS),
    st.tuples(st.just(_end), DAYS, st.sampled_from(("leaving", "suspended"))),
    st.tuples(st.just(_resume), DAYS),
    st.tuples(st.just(_arrears), DAYS),
    st.tuples(st.just(_lift), DAYS),
    st.tuples(st.just(_card), DAYS, CARDS),
    st.tuples(st.just(_lost), DAYS, CARDS),
    st.tuples(st.just(_found), DAYS, CARDS),
    st.tuples(st.just(_file), DAYS),
    st.tuples(st.just(_unfile), DAYS),
    st.tuples(st.just(_entitle), DAYS),
    st.tuples(st.just(_exit), DAYS),
    st.tuples(st.just(_take_back), st.sampled_from(("relation", "nonbenefit", "filing")), st.integers(1, 3)),
    st.tuples(st.just(_die), DAYS),
    st.tuples(st.just(_revive)),
)


def unordered(found: Records) -> list[object]:
    """Records without the order in which a table happens to be read."""
    return [
        found.person,
        *(
            frozenset(part)
            for part in (found.relations, found.nonbenefits, found.filings, found.chronic, found.late_months)
        ),
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=14))
async def test_history_folds_to_the_tables_of_every_instant(conn, steps):
    psn_no = f"H{next(NUMBERS)}"
    await person(conn, psn_no, NOW)
    await _begin(conn, act(NOW), psn_no, date(2023, 1, 1), "甲公司")
    said = {NOW: unordered((await records(conn, [psn_no]))[psn_no])}
    for number, (verb, *arguments) in enumerate(steps, start=1):
        at = NOW + number * MINUTE
        outcome = await verb(conn, act(at), psn_no, *arguments)
        said[at] = unordered((await records(conn, [psn_no]))[psn_no])
        if isinstance(outcome, Refusal):
            assert said[at] == said[at - MINUTE]
    for at, tables in said.items():
        assert unordered(await known_records(conn, psn_no, at)) == tables
    assert await differences(conn) == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=14))
async def test_whatever_is_done_a_day_has_at_most_one_relation_and_no_spell_ends_before_it_begins(
    conn, steps
):
    psn_no = f"H{next(NUMBERS)}"
    await person(conn, psn_no, NOW)
    for verb, *arguments in ((_begin, date(2023, 1, 1), "甲公司"), *steps):
        await verb(conn, act(), psn_no, *arguments)
    found = await dossier(conn, psn_no)
    spells = sorted((e.row.from_on, e.row.until_on or date.max) for e in found.relations)
    assert all(last < following for (_, last), (following, _) in pairwise(spells))
    for part in (found.relations, found.nonbenefits, found.filings, found.chronic):
        assert all(e.row.until_on is None or e.row.from_on <= e.row.until_on for e in part)
    died_on = found.person.row.died_on
    assert died_on is None or all(last <= died_on for _, last in spells)


@given(st.permutations(range(1, 6)))
def test_the_order_in_which_lines_are_read_does_not_matter(order):
    content = msgspec.json.encode(
        {
            "name": "x",
            "cert_type": "01",
            "cert_sealed": "\\x00",
            "cert_index": "\\x00",
            "phone_sealed": None,
            "phone_index": None,
            "gender": "1",
            "ethnicity": "",
            "born_on": "1980-01-01",
            "died_on": None,
        }
    ).decode()
    lines = [Line("person", 0, number, content.replace('"x"', f'"{number}"'), NOW) for number in range(1, 6)]
    found = dossier_of("P", [lines[number - 1] for number in order])
    assert found is not None
    assert (found.person.row.name, found.person.revision) == ("5", 5)


async def test_a_late_payment_was_not_known_before_it_was_recorded(conn):
    await people.add_person(conn, "HL")
    await people.add_relation(conn, "HL")
    paid_at = datetime(2024, 8, 20, tzinfo=UTC)
    for revision, at, paid_on in ((1, NOW, None), (2, paid_at, date(2024, 8, 20))):
        await conn.execute(
            "INSERT INTO members_contribution (psn_no, month, employer, revision, base_fen, personal_fen, employer_fen,"
            " due_on, paid_on, kind, recorded_at, actor)"
            " VALUES ('HL', '2024-07-01', '甲公司', $1, 1, 1, 1, '2024-07-31', $2, 'normal', $3, 'agency:zhang')",
            revision,
            paid_on,
            at,
        )
    day = date(2024, 7, 10)
    before, after = [await standing_known(conn, "HL", day, at) for at in (NOW, paid_at)]
    assert (before.arrears, before.arrears_paid_on) == (True, None)
    assert (after.arrears, after.arrears_paid_on) == (True, date(2024, 8, 20))
    first = await standing_known(conn, "HL", day, NOW - MINUTE)
    assert not first.arrears


async def test_changes_say_who_did_what_when_and_why(conn):
    await person(conn, "HC")
    await _begin(conn, act(reason="新参保"), "HC", date(2023, 1, 1), "甲公司")
    await _change(conn, act(NOW + MINUTE, reason="单位变更"), "HC", TODAY, "乙公司")
    told = [
        (one.part, one.spell_no, one.revision, one.actor, one.reason) for one in await changes_of(conn, "HC")
    ]
    assert told == [
        ("person", 0, 1, "agency:zhang", "测试"),
        ("relation", 1, 1, "agency:zhang", "新参保"),
        ("relation", 1, 2, "agency:zhang", "单位变更"),
        ("relation", 2, 1, "agency:zhang", "单位变更"),
    ]
    cut = (await changes_of(conn, "HC"))[2]
    assert {(field.name, field.old, field.new) for field in cut.fields} == {
        ("until_on", None, "2024-08-14"),
        ("end_reason", "", "changed"),
    }


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("UPDATE members_relation SET employer = '别处' WHERE psn_no = $1", "different"),
        ("DELETE FROM members_relation WHERE psn_no = $1", "missing"),
        ("UPDATE members_relation SET spell_no = 9 WHERE psn_no = $1", "unaccounted"),
    ],
)
async def test_a_table_that_was_changed_past_its_history_is_found(conn, statement, difference):
    psn_no = f"HD-{difference}"
    await people.add_person(conn, psn_no)
    await people.add_relation(conn, psn_no)
    transaction = conn.transaction()
    await transaction.start()
    await conn.execute(statement, psn_no)
    found = {(one.part, one.difference) for one in await differences(conn) if one.psn_no == psn_no}
    await transaction.rollback()
    assert ("relation", difference) in found


async def test_history_itself_is_never_changed(conn):
    await people.add_person(conn, "HI")
    with pytest.raises(Exception, match="members_change"):
        await conn.execute("UPDATE members_change SET reason = '' WHERE psn_no = 'HI'")
