"""How long an answer about eligibility holds: every day until it changes, and no day longer."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.members.eligibility import (
    CHRONIC,
    FAMILY_ACCOUNT,
    ORDINARY,
    Answer,
    Eligibility,
    eligibility,
    facts_of,
)
from gongji.members.lasting import lasting_eligibility
from gongji.members.rules import standing_on
from gongji.members.values import (
    ChronicEntitlement,
    FilingSpell,
    LateMonth,
    NonbenefitSpell,
    Records,
    RelationSpell,
    Standing,
)
from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library
from tests.members.test_eligibility import HOSPITAL, PERSON, QINGYANG, SHANXI, relation

DAY = date(2024, 8, 15)
LAW = compile_law(load_library(overlay=DEMO_OVERLAY))


@pytest.fixture(scope="session")
def law() -> Law:
    return LAW


def records(*relations: RelationSpell, died_on: date | None = None, **parts: object) -> Records:
    person = msgspec.structs.replace(PERSON, died_on=died_on)
    return msgspec.structs.replace(Records(person, relations or (relation(),), (), (), ()), **parts)


def answered(law: Law, who: Records, on: date = DAY, at: str = SHANXI, disease: str = "") -> Eligibility:
    def facts_on(standing: Standing, day: date) -> dict[str, str]:
        return facts_of(
            standing, HOSPITAL, at, voucher=True, prescription="not_needed", extra={}, on=day, law=law
        )

    return lasting_eligibility(law, who, on, facts_on, disease=disease, allow_draft=True)


def answer(found: Eligibility, benefit: str = ORDINARY, key: str = "") -> Answer:
    one = found.answer(benefit, key)
    assert one is not None
    return one


def test_an_answer_holds_from_the_relation_until_the_law_expires(law: Law) -> None:
    one = answer(answered(law, records(relation(from_on=date(2024, 3, 1)))))
    assert (one.from_on, one.until_on) == (date(2024, 3, 1), date(2029, 6, 30))


def test_a_change_of_the_law_that_changes_nothing_for_the_member_ends_no_answer(law: Law) -> None:
    one = answer(answered(law, records(), date(2024, 6, 1)))
    assert one.from_on < date(2024, 6, 1) < date(2024, 7, 1) < (one.until_on or date.max)


def test_a_month_in_arrears_lasts_from_the_day_it_was_due_to_its_end(law: Law) -> None:
    late = records(late_months=(LateMonth(date(2024, 8, 1), date(2024, 8, 10), None),))
    one = answer(answered(law, late))
    assert one.refusal is not None
    assert (one.refusal.code, one.from_on, one.until_on) == (
        "ARREARS",
        date(2024, 8, 11),
        date(2024, 8, 31),
    )


def test_a_refusal_ends_with_the_waiting_period(law: Law) -> None:
    waiting = records(nonbenefits=(NonbenefitSpell("waiting", date(2024, 8, 1), date(2024, 9, 30)),))
    one = answer(answered(law, waiting))
    assert (one.from_on, one.until_on) == (date(2024, 8, 1), date(2024, 9, 30))


def test_a_temporary_filing_is_entitled_nowhere_longer_than_it_lasts(law: Law) -> None:
    filed = records(filings=(FilingSpell("LONG_TERM_OUT_OF_PROVINCE", "1101", DAY, date(2024, 12, 31)),))
    one = answer(answered(law, filed, at="110101"))
    assert (one.refusal, one.from_on, one.until_on) == (None, DAY, date(2024, 12, 31))


def test_each_disease_has_its_own_days(law: Law) -> None:
    entitled = ChronicEntitlement("M03900", "高血压", date(2024, 2, 1), date(2024, 10, 31), None, None)
    found = answered(law, records(chronic=(entitled,)), disease="M01600")
    one, other = answer(found, CHRONIC, "M03900"), answer(found, CHRONIC, "M01600")
    assert (one.from_on, one.until_on) == (date(2024, 2, 1), date(2024, 10, 31))
    assert (other.from_on, other.until_on) == (PERSON.born_on, None)


def test_after_a_death_nothing_changes_any_more(law: Law) -> None:
    one = answer(answered(law, records(died_on=date(2024, 8, 1))))
    assert one.refusal is not None
    assert (one.refusal.code, one.from_on) == ("MEMBER_DECEASED", date(2024, 8, 2))


def test_a_family_account_lasts_as_long_as_it_is_lent(law: Law) -> None:
    lent = (date(2024, 8, 1), date(2024, 8, 31))

    def owners_on(day: date) -> tuple[str, ...]:
        return ("P2",) if lent[0] <= day <= lent[1] else ()

    def facts_on(who: Standing, day: date) -> dict[str, str]:
        return facts_of(
            who, HOSPITAL, SHANXI, voucher=True, prescription="not_needed", extra={}, on=day, law=law
        )

    changes = (lent[0], lent[1] + timedelta(days=1))
    found = lasting_eligibility(law, records(), DAY, facts_on, changes=changes, owners_on=owners_on)
    one = answer(found, FAMILY_ACCOUNT)
    assert (one.refusal, one.from_on, one.until_on) == (None, *lent)


DAYS = st.dates(date(2023, 6, 1), date(2024, 12, 31))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date | None]:
    first = draw(DAYS)
    last = draw(st.none() | st.integers(0, 200))
    return first, None if last is None else first + timedelta(days=last)


@st.composite
def people(draw: st.DrawFn) -> Records:
    region = draw(st.sampled_from([SHANXI, QINGYANG]))
    relations = tuple(
        relation(
            until,
            from_on=first,
            region=region,
            has_account=draw(st.booleans()),
            insutype=draw(st.sampled_from(["310", "390"])),
        )
        for first, until in draw(st.lists(spans(), min_size=1, max_size=3))
    )
    nonbenefits = tuple(
        NonbenefitSpell(draw(st.sampled_from(["arrears", "waiting"])), *span)
        for span in draw(st.lists(spans(), max_size=2))
    )
    filings = tuple(
        FilingSpell(draw(st.sampled_from(["LONG_TERM_IN_PROVINCE", "TEMPORARY"])), "1401", *span)
        for span in draw(st.lists(spans(), max_size=2))
    )
    chronic = tuple(
        ChronicEntitlement("M03900", "高血压", *span, None, None)
        for span in draw(st.lists(spans(), max_size=1))
    )
    months = tuple(
        LateMonth(day.replace(day=1), day.replace(day=1) + timedelta(days=draw(st.integers(-5, 45))), None)
        for day in draw(st.lists(DAYS, max_size=2))
    )
    died_on = draw(st.none() | DAYS)
    return records(
        *relations,
        died_on=died_on,
        nonbenefits=nonbenefits,
        filings=filings,
        chronic=chronic,
        late_months=months,
    )


@settings(max_examples=60, deadline=None)
@given(people(), DAYS, st.sampled_from([SHANXI, "140105", QINGYANG]))
def test_an_answer_holds_on_every_day_that_it_names_and_on_neither_neighbour(
    who: Records, on: date, at: str
) -> None:
    found = answered(LAW, who, on, at, disease="M03900")

    def again(day: date) -> Eligibility:
        standing = standing_on(who, day)
        facts = facts_of(
            standing, HOSPITAL, at, voucher=True, prescription="not_needed", extra={}, on=day, law=LAW
        )
        return eligibility(LAW, standing, day, facts, disease="M03900", allow_draft=True)

    year = {on + timedelta(days=days): again(on + timedelta(days=days)) for days in range(-200, 201)}
    for one in found.answers:
        until_on = one.until_on or date(2999, 12, 31)
        neighbours = (one.from_on - timedelta(days=1), until_on + timedelta(days=1))
        assert one.from_on <= on <= until_on
        for day, other in year.items():
            that = other.answer(one.benefit, one.key)
            assert that is not None
            if one.from_on <= day <= until_on:
                assert that.refusal == one.refusal
            elif day in neighbours:
                assert that.refusal != one.refusal
