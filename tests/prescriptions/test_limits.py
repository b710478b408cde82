"""How long a prescription may be taken to a pharmacy: every way to count (A12), over ends of months and years."""

from __future__ import annotations

from datetime import datetime

import pytest

from gongji.base.times import CHINA
from gongji.prescriptions.limits import last_instant


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


ISSUED = {
    "an ordinary day": ("2024-08-15 10:00:00", "2024-08-17", "2024-08-18", "2024-08-18 10:00:00"),
    "first instant of a day": ("2024-08-15 00:00:00", "2024-08-17", "2024-08-18", "2024-08-18 00:00:00"),
    "last second of a day": ("2024-08-15 23:59:59", "2024-08-17", "2024-08-18", "2024-08-18 23:59:59"),
    "end of a month of 30": ("2024-09-29 08:30:00", "2024-10-01", "2024-10-02", "2024-10-02 08:30:00"),
    "end of a month of 31": ("2024-10-31 08:30:00", "2024-11-02", "2024-11-03", "2024-11-03 08:30:00"),
    "end of February": ("2023-02-27 16:45:10", "2023-03-01", "2023-03-02", "2023-03-02 16:45:10"),
    "end of February in a leap year": ("2024-02-27 16:45:10", "2024-02-29", "2024-03-01", "2024-03-01 16:45:10"),
    "end of the year": ("2024-12-30 12:00:00", "2025-01-01", "2025-01-02", "2025-01-02 12:00:00"),
    "last day of the year": ("2024-12-31 12:00:00", "2025-01-02", "2025-01-03", "2025-01-03 12:00:00"),
    "before a long holiday": ("2024-09-30 18:00:00", "2024-10-02", "2024-10-03", "2024-10-03 18:00:00"),
}  # fmt: skip
"""Issue, last day with the day of issue as the first, last day without it, last instant of 72 hours."""


@pytest.mark.clause("SX2022-27.art11")
@pytest.mark.parametrize(("issued", "inclusive", "exclusive", "hours"), ISSUED.values(), ids=ISSUED)
def test_three_days_end_where_the_way_to_count_says(
    issued: str, inclusive: str, exclusive: str, hours: str
) -> None:
    end = " 23:59:59.999999"
    assert last_instant(at(issued), 3, "calendar_inclusive") == at(inclusive + end)
    assert last_instant(at(issued), 3, "calendar_exclusive") == at(exclusive + end)
    assert last_instant(at(issued), 3, "hours72") == at(hours)


@pytest.mark.parametrize(
    ("mode", "last"),
    [
        ("calendar_inclusive", "2024-12-31 23:59:59.999999"),
        ("calendar_exclusive", "2025-01-01 23:59:59.999999"),
        ("hours72", "2025-01-01 22:00:00"),
    ],
)
def test_a_prescription_of_one_day_is_valid_on_its_day_at_least(mode: str, last: str) -> None:
    assert last_instant(at("2024-12-31 22:00:00"), 1, mode) == at(last)


def test_the_day_of_issue_is_the_day_in_china() -> None:
    """18:00 of 15 August in London is 16 August in China."""
    issued = datetime.fromisoformat("2024-08-15T17:00:00+00:00")
    assert last_instant(issued, 3, "calendar_inclusive") == at("2024-08-18 23:59:59.999999")


def test_a_prescription_of_no_day_is_a_bug() -> None:
    with pytest.raises(ValueError, match="day of issue"):
        last_instant(at("2024-08-15 10:00:00"), 0, "calendar_inclusive")
