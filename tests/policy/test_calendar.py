"""Working days as the State Council arranges them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.base.reasons import Refusal
from gongji.policy.calendar import Calendar, load_calendar, working_calendar
from gongji.policy.model import LibraryError

FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
NOTICES = {
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return working_calendar()


def missing_year(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    assert answer.code == "CALENDAR_YEAR_MISSING"
    return answer.detail[:4]


def test_every_year_names_the_notice_that_arranges_it(calendar: Calendar) -> None:
    assert {year: table.notice for year, table in calendar.tables.items()} == NOTICES


def test_every_day_is_what_an_independent_table_says(calendar: Calendar) -> None:
    known = [on for on in EVERY_DAY if on.year in {day.year for day in chinese_calendar.holidays}]
    assert {on.year for on in known} == set(NOTICES)
    assert [on for on in known if calendar.is_working_day(on) != chinese_calendar.is_workday(on)] == []


@pytest.mark.parametrize(
    ("on", "works"),
    [
        (date(2024, 9, 14), True),  # 周六，中秋节调休上班
        (date(2024, 9, 13), True),
        (date(2024, 9, 16), False),  # 周一，中秋节放假
        (date(2024, 9, 21), False),
        (date(2026, 1, 4), True),  # 周日，元旦调休上班
        (date(2026, 1, 2), False),
    ],
)
def test_a_make_up_day_is_worked_and_a_holiday_is_not(calendar: Calendar, on: date, works: bool) -> None:
    assert calendar.is_working_day(on) is works


@pytest.mark.clause("QY.art22.2a")
def test_thirty_working_days_end_on_a_make_up_saturday(calendar: Calendar) -> None:
    """Decision A24: received Mon 2024-08-05, due Sat 2024-09-14; Monday to Friday alone would say 2024-09-16."""
    assert calendar.add_working_days(date(2024, 8, 5), 30) == date(2024, 9, 14)


def test_the_first_day_is_the_working_day_after_receipt(calendar: Calendar) -> None:
    assert calendar.add_working_days(date(2024, 9, 30), 1) == date(2024, 10, 8)
    assert calendar.add_working_days(date(2024, 9, 30), 0) == date(2024, 9, 30)


def test_what_is_received_on_a_holiday_begins_with_the_next_working_day(calendar: Calendar) -> None:
    assert calendar.add_working_days(date(2024, 10, 3), 1) == date(2024, 10, 8)


def test_a_term_may_run_over_the_turn_of_the_year(calendar: Calendar) -> None:
    assert calendar.add_working_days(date(2023, 12, 29), 1) == date(2024, 1, 2)


def test_a_negative_term_is_a_bug(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="not negative"):
        calendar.add_working_days(FIRST, -1)


def test_a_day_outside_the_table_is_refused_with_its_year(calendar: Calendar) -> None:
    assert missing_year(calendar.is_working_day(date(2027, 1, 4))) == "2027"
    assert missing_year(calendar.is_working_day(date(2022, 12, 31))) == "2022"


def test_a_term_that_runs_out_of_the_table_is_refused_with_the_missing_year(calendar: Calendar) -> None:
    assert missing_year(calendar.add_working_days(date(2026, 12, 20), 30)) == "2027"
    assert missing_year(calendar.working_days_between(date(2026, 12, 20), date(2027, 1, 20))) == "2027"
    assert missing_year(calendar.working_days_between(date(2027, 1, 20), date(2026, 12, 20))) == "2027"


@given(received_on=st.dates(FIRST, date(2026, 6, 30)), count=st.integers(1, 60))
def test_counting_back_gives_the_term(received_on: date, count: int) -> None:
    calendar = working_calendar()
    due_on = calendar.add_working_days(received_on, count)
    assert isinstance(due_on, date)
    assert calendar.is_working_day(due_on) is True
    assert calendar.working_days_between(received_on, due_on) == count
    assert calendar.working_days_between(due_on, received_on) == -count


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


GOOD = """
year: 2027
notice: 国办发明电〔2026〕1号
issued_on: 2026-11-01
holidays:
  - {name: 元旦, off: [2027-01-01, 2027-01-03], work: [2027-01-09]}
"""


def test_a_year_can_be_added_when_its_notice_is_published(tmp_path: Path) -> None:
    calendar = load_calendar([write(tmp_path / "2027.yaml", GOOD)])
    assert calendar.add_working_days(date(2026, 12, 31), 5) == date(2027, 1, 8)
    assert calendar.is_working_day(date(2027, 1, 9)) is True


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (GOOD.replace("2027-01-09", "2027-01-08"), "周末"),
        (GOOD.replace("[2027-01-01, 2027-01-03]", "[2027-01-03, 2027-01-01]"), "不对"),
        (GOOD.replace("[2027-01-01, 2027-01-03]", "[2027-01-01]"), "第一天和最后一天"),
        (GOOD.replace("2027-01-03]", "2027-01-33]"), "不是日期"),
        (GOOD.replace("notice: 国办发明电〔2026〕1号\n", ""), "缺少 notice"),
        (GOOD.replace("name: 元旦", "nane: 元旦"), "nane"),
    ],
)
def test_a_wrong_table_is_a_load_error_that_names_the_file(tmp_path: Path, wrong: str, says: str) -> None:
    with pytest.raises(LibraryError) as error:
        load_calendar([write(tmp_path / "2027.yaml", wrong)])
    text = "\n".join(str(problem) for problem in error.value.problems)
    assert says in text
    assert "2027.yaml" in text


def test_a_term_that_ends_after_all_years_is_refused() -> None:
    refused = working_calendar().add_working_days(date.max, 1)
    assert isinstance(refused, Refusal)
    assert refused.code == "CALENDAR_YEAR_MISSING"
