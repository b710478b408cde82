"""Which institutions lie around a point, nearest first, and what fifteen minutes on foot are in metres.

Distances are great circles on a sphere, in whole metres: good to half a percent, which is less than a street corner.
"""

from collections.abc import Collection
from datetime import date
from math import asin, ceil, cos, pi, radians, sin, sqrt
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.policy import Law
from gongji.providers.places import point_refusal
from gongji.providers.register import Place
from gongji.providers.values import ProviderBook, ProviderDay

__all__ = ["Near", "metres", "nearby", "reach_metres"]

RADIUS_M: Final = 6_371_008.8
"""Mean radius of the earth (IUGG)."""
METRES_A_DEGREE: Final = RADIUS_M * pi / 180
E6: Final = 1_000_000
FARTHEST_M: Final = 100_000
MINUTES: Final = "service_circle.minutes"
SPEED: Final = "service_circle.metres_per_minute"


class Near(msgspec.Struct, frozen=True):
    """An institution on the day, and how far it is."""

    provider: ProviderDay
    place: Place
    metres: int


def metres(one: Place, other: Place) -> int:
    """The great circle between two points (haversine), in whole metres."""
    lat1, lat2 = radians(one.lat_e6 / E6), radians(other.lat_e6 / E6)
    across = sin((lat2 - lat1) / 2) ** 2
    along = sin(radians((other.lng_e6 - one.lng_e6) / E6) / 2) ** 2
    return round(2 * RADIUS_M * asin(min(1.0, sqrt(across + cos(lat1) * cos(lat2) * along))))


def reach_metres(law: Law, region: str, on: date) -> int | Refusal:
    """How far one gets within the service circle's minutes (晋医保办发〔2023〕2号 一) at the walking pace of the library."""
    minutes, pace = law.value(MINUTES, region, on), law.value(SPEED, region, on)
    if isinstance(minutes, Refusal):
        return minutes
    if isinstance(pace, Refusal):
        return pace
    assert isinstance(minutes.raw, int)
    assert isinstance(pace.raw, int)
    return minutes.raw * pace.raw


def nearby(
    book: ProviderBook,
    point: Place,
    on: date,
    within_m: int,
    *,
    kinds: Collection[str] = (),
    pooled: bool = False,
    offers: Collection[str] = (),
    name: str = "",
    limit: int = 50,
) -> tuple[Near, ...] | Refusal:
    """Designated institutions within ``within_m`` metres, nearest first, the code deciding between equals.

    ``kinds`` empty: all; ``pooled``: with a pooled agreement on the day; ``offers``: all of these services; ``name``: a part of it.
    """
    unfit = point_refusal(point.lat_e6, point.lng_e6)
    if unfit is not None:
        return unfit
    if not 0 < within_m <= FARTHEST_M:
        return Refusal("PLACE_INVALID", f"距离须为 1 至 {FARTHEST_M:,} 米")
    high = ceil(within_m / METRES_A_DEGREE * E6)
    wide = ceil(high / cos(radians(min(abs(point.lat_e6) + high, 89 * E6) / E6)))
    wanted = frozenset(offers)
    found: list[Near] = []
    for provider in book:
        place = provider.place
        if (
            place is None
            or abs(place.lat_e6 - point.lat_e6) > high
            or abs(place.lng_e6 - point.lng_e6) > wide
        ):
            continue
        if (kinds and provider.kind not in kinds) or name not in provider.name:
            continue
        day = provider.on(on)
        if not day.designated or (pooled and not day.pooled_agreement) or not wanted <= day.offers:
            continue
        far = metres(point, place)
        if far <= within_m:
            found.append(Near(day, place, far))
    return tuple(sorted(found, key=lambda near: (near.metres, near.provider.code))[:limit])
