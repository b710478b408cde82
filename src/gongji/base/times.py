"""Days of the books are days of 北京时间; instants carry their zone."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

__all__ = ["CHINA", "day_in_china"]

CHINA: Final = timezone(timedelta(hours=8))


def day_in_china(at: datetime) -> date:
    """The day on which ``at`` falls in China. Raises ValueError for an instant without a zone: it would be ambiguous."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at.astimezone(CHINA).date()
