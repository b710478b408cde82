"""Which day an instant belongs to."""

from datetime import UTC, date, datetime

import pytest

from gongji.base.times import day_in_china


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2024, 8, 15, 15, 59, 59, tzinfo=UTC), date(2024, 8, 15)),
        (datetime(2024, 8, 15, 16, tzinfo=UTC), date(2024, 8, 16)),
    ],
)
def test_a_day_begins_at_midnight_in_china(at: datetime, day: date) -> None:
    assert day_in_china(at) == day


def test_an_instant_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="zone"):
        day_in_china(datetime(2024, 8, 15))  # noqa: DTZ001 - that is the point
