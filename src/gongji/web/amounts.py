"""How amounts, days and shares are written on a page."""

from datetime import date, datetime

from gongji.base.money import format_percent, format_yuan
from gongji.base.times import CHINA

__all__ = ["day", "minute", "percent_text", "yuan", "yuan_unit"]

UNKNOWN = "—"
THIN = "\u2009"


def yuan(fen: int | None) -> str:
    """Fen as yuan with two decimals and thin spaces by thousands; a dash for what is not known."""
    if fen is None:
        return UNKNOWN
    sign, text = ("−", format_yuan(-fen)) if fen < 0 else ("", format_yuan(fen))
    whole, _, cents = text.partition(".")
    return f"{sign}{int(whole):,}.{cents}".replace(",", THIN)


def yuan_unit(fen: int | None) -> str:
    """The same with its unit."""
    return f"{yuan(fen)} 元" if fen is not None else UNKNOWN


def day(value: date | datetime | None) -> str:
    """A day as ``2026-11-21``; of an instant, its day in China."""
    if not value:
        return UNKNOWN
    if isinstance(value, datetime):
        value = value.astimezone(CHINA).date()
    return UNKNOWN if value == date.max else value.isoformat()


def minute(value: datetime | None) -> str:
    """An instant as day and time in China, with minutes."""
    return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}" if value else UNKNOWN


def percent_text(bp: int | None) -> str:
    """Basis points as a percentage: 6500 → ``65%``."""
    return UNKNOWN if bp is None else format_percent(bp)
