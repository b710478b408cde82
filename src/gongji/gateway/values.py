"""How values leave: exact JSON numbers from integers, dates and instants as the interface writes them."""

from datetime import date, datetime
from functools import lru_cache

import msgspec

from gongji.base.times import CHINA

JsonNumber = msgspec.Raw
"""A JSON number already written; the encoder copies it, so that no amount passes through a float."""

ZERO = msgspec.Raw(b"0")


def scaled(units: int, scale: int) -> JsonNumber:
    """``units`` of 10^-scale as a JSON number without idle zeros after two decimals: 4550 fen → 45.50."""
    if units == 0:
        return ZERO
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), 10**scale)
    fraction = f"{rest:0{scale}d}"
    return msgspec.Raw(f"{sign}{whole}.{fraction[:2]}{fraction[2:].rstrip('0')}".encode())


def yuan(fen: int) -> JsonNumber:
    """Yuan with two decimals; the hot one."""
    if fen == 0:
        return ZERO
    if fen > 0:
        return msgspec.Raw(b"%d.%02d" % (fen // 100, fen % 100))
    return msgspec.Raw(b"-%d.%02d" % (-fen // 100, -fen % 100))


def price(micro: int) -> JsonNumber:
    """Price in yuan of millionths."""
    return scaled(micro, 6)


def quantity(e4: int) -> JsonNumber:
    """Quantity of ten-thousandths."""
    return scaled(e4, 4)


def proportion(bp: int) -> JsonNumber:
    """数值型 5,4: a share of basis points, 6500 → 0.65."""
    return scaled(bp, 4)


def day(value: date | None) -> str | None:
    """yyyy-MM-dd."""
    return None if value is None else value.isoformat()


def moment(value: datetime | None) -> str | None:
    """yyyy-MM-dd HH:mm:ss on China's clock."""
    return None if value is None else value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


@lru_cache(maxsize=20_000)
def age(born_on: date, on: date) -> JsonNumber:
    """Age in years with one decimal (数值型 4,1), completed months only: never older than one is."""
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    tenths = max(0, months) * 10 // 12
    return msgspec.Raw(f"{tenths // 10}.{tenths % 10}".encode())


def flag(value: bool) -> str:
    """是否标志: 1 or 0."""
    return "1" if value else "0"
