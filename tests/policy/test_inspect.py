"""Looking at the law: show, diff and the story of a clause."""

from __future__ import annotations

from datetime import date

from gongji.base.reasons import Refusal
from gongji.policy import Law
from gongji.policy.inspect import diff, settings_for, show, story
from tests.policy.help import SUMMER, document, law_of, sets

BEFORE_NOTICE, NOTICE = date(2024, 6, 30), date(2024, 7, 1)


def test_everything_in_force_is_shown_with_its_article(law: Law) -> None:
    entries = show(law, "14", SUMMER)
    assert not isinstance(entries, Refusal)
    (ceiling,) = [e for e in entries if e.parameter == "ceiling.per_year" and e.case == "在职职工"]
    assert (ceiling.value, ceiling.clause, ceiling.until) == (
        "2500.00 元",
        "SX2024-11.s1.a",
        date(2029, 6, 30),
    )


def test_a_value_that_holds_for_every_case_is_shown_once(law: Law) -> None:
    entries = show(law, "6210", SUMMER)
    assert not isinstance(entries, Refusal)
    assert [e.case for e in entries if e.parameter == "ceiling.per_year"] == [""]


def test_the_notice_changes_just_twelve_values(law: Law) -> None:
    changes = diff(law, BEFORE_NOTICE, NOTICE)
    assert not isinstance(changes, Refusal)
    assert {change.parameter for change in changes} == {
        "ceiling.per_year",
        "deductible.year_stop",
        "prepay.b_drug",
        "rate.pool",
    }
    assert len(changes) == 12


def test_nothing_changes_between_two_days_of_one_version(law: Law) -> None:
    assert diff(law, date(2024, 8, 1), date(2024, 8, 2), "14") == ()


def test_an_end_is_a_change_to_nothing(law: Law) -> None:
    changes = diff(law, date(2029, 6, 30), date(2029, 7, 1), "14")
    assert not isinstance(changes, Refusal)
    assert changes
    assert all(change.after is None for change in changes)


def test_a_clause_tells_what_it_set_since_when_and_what_was_before(law: Law) -> None:
    told = story(law, "SX2024-11.s1.a")
    assert told is not None
    (setting,) = [s for s in told.settings if s.parameter == "ceiling.per_year"]
    assert (setting.value, setting.since, setting.until) == ("2500.00 元", NOTICE, date(2029, 6, 30))
    assert "1800.00 元" in setting.before
    assert [decision.id for decision in told.decisions] == ["A06", "A07"]


def test_a_superseded_clause_ends_where_the_new_one_begins(law: Law) -> None:
    told = story(law, "SX2023-2.s2.d")
    assert told is not None
    assert [setting.until for setting in told.settings] == [BEFORE_NOTICE]


def test_a_clause_tells_when_it_refuses_in_words(law: Law) -> None:
    told = story(law, "SX2022-27.art26.5a")
    assert told is not None
    assert any("医保欠费：是" in text for text in told.refusals)


def test_a_clause_that_is_overridden_by_an_equal_one_says_that_another_sets_it() -> None:
    one = document(sets("T1.a", 'ceiling.per_year: "10.00"'), "T1")
    two = document(sets("T2.a", 'ceiling.per_year: "10.00"'), "T2")
    told = story(law_of(one, two), "T2.a")
    assert told is not None
    assert [setting.since for setting in told.settings] == [None]


def test_an_unknown_clause_has_no_story(law: Law) -> None:
    assert story(law, "SX9999-1.a") is None


def test_an_unknown_region_is_refused(law: Law) -> None:
    assert isinstance(show(law, "77", SUMMER), Refusal)
    assert isinstance(diff(law, BEFORE_NOTICE, NOTICE, "77"), Refusal)


CASE = {"status": "active", "kind": "hospital", "fee_class": "1"}


def test_what_a_clause_fixes_for_one_person_at_one_place_comes_with_what_stood_before(
    law: Law,
) -> None:
    (found,) = settings_for(law, "SX2024-11.s1.e1", "140100", date(2024, 8, 15), CASE)
    assert (found.parameter, found.value, found.since) == ("rate.pool", "55%", date(2024, 7, 1))
    assert found.before.startswith("50%（晋医保发〔2022〕12号")


def test_a_clause_fixes_nothing_for_another_persons_case_nor_on_a_day_of_another_clause(
    law: Law,
) -> None:
    retired = {**CASE, "status": "retired"}
    assert settings_for(law, "SX2024-11.s1.e1", "140100", date(2024, 8, 15), retired) == ()
    assert settings_for(law, "SX2024-11.s1.e1", "140100", date(2024, 6, 30), CASE) == ()
    assert settings_for(law, "NO.such", "140100", date(2024, 8, 15), CASE) == ()
    assert settings_for(law, "SX2024-11.s1.e1", "99", date(2024, 8, 15), CASE) == ()
