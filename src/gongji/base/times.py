"""Days of the books are days of 北京时间; instants carry their zone."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

__all__ = ["CHINA", "add_months", "day_in_china"]

CHINA: Final = timezone(timedelta(hours=8))
_DAY: Final = timedelta(days=1)
_YEAR_MONTHS: Final = 12


def day_in_china(at: datetime) -> date:
    """The day on which ``at`` falls in China. Raises ValueError for an instant without a zone: it would be ambiguous."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at.astimezone(CHINA).date()


def add_months(on: date, months: int) -> date:
    """The corresponding day ``months`` later, or that month's last day."""
    count = on.year * _YEAR_MONTHS + on.month - 1 + months
    first = date(count // _YEAR_MONTHS, count % _YEAR_MONTHS + 1, 1)
    last = (first + 31 * _DAY).replace(day=1) - _DAY
    return last if on.day > last.day else first.replace(day=on.day)
