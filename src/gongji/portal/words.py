"""Words of the portal: how long something still lasts, quantities, names of places, who did something. Pure but for the platform's
books."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from gongji.base.money import QUANTITY_DIGITS, format_scaled
from gongji.base.times import CHINA
from gongji.gateway.platform import Platform

__all__ = ["clock", "distance", "left", "moment", "place_name", "quantity", "said_by"]

_HOUR: Final = 60
_DAY: Final = 24 * 60
_ACTORS: Final = {"agency": "经办机构", "institution": "医药机构", "member": "本人", "system": "系统"}


def left(until: datetime, at: datetime) -> str:
    """How long it is until then: ``2 天 4 小时``, ``3 小时 5 分钟``, ``8 分钟``; empty when it is over."""
    minutes = int((until - at).total_seconds()) // 60
    if minutes < 0:
        return ""
    days, hours, rest = minutes // _DAY, minutes % _DAY // _HOUR, minutes % _HOUR
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {rest} 分钟" if rest else f"{hours} 小时"
    return f"{rest} 分钟" if rest else "不到 1 分钟"


def moment(at: datetime) -> str:
    """``11-24 12:00``, in China's time."""
    return f"{at.astimezone(CHINA):%m-%d %H:%M}"


def clock(at: datetime) -> str:
    """``12:05``, in China's time."""
    return f"{at.astimezone(CHINA):%H:%M}"


def distance(metres: int) -> str:
    """``约 850 米``, ``约 2.0 公里``."""
    tenths = (metres + 50) // 100
    return f"约 {metres} 米" if metres < 1_000 else f"约 {tenths // 10}.{tenths % 10} 公里"


def quantity(quantity_e4: int, unit: str) -> str:
    """``2 盒``."""
    return f"{format_scaled(quantity_e4, QUANTITY_DIGITS)} {unit}".strip()


def place_name(platform: Platform, code: str) -> str:
    """The institution's name; its code where it is not on the books."""
    found = platform.provider(code)
    return found.name if found is not None else code


def said_by(actor: str) -> str:
    """Who did something, as kept with a fact (``agency:张敏``), for the person concerned: what side it was, no officer's name."""
    return _ACTORS.get(actor.partition(":")[0], "系统")
