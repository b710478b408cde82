"""How the insured region's law sees a place of care and a late settlement: what distance, filing and back-payment change.

Pure; ``members.eligibility.facts_of`` puts these facts among the others. Sources: 晋医保办发〔2022〕27号 第二十四、二十六条,
庆阳市实施细则 第十七条、第二十三条（六）, 国家医保局办公室、财政部办公厅 异地就医直接结算经办规程; decisions A20, A21, A22, A26.

Clauses: SX2024-11.s1.h, SX2021-103.s2.6.f.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from gongji.base.regions import PROVINCE_DIGITS, normalise_region
from gongji.members.rules import offsite
from gongji.members.values import Standing
from gongji.policy import Law

__all__ = ["arrears_forgiven", "offsite_on", "place_as_seen"]

TEMPORARY: Final = "TEMPORARY"
OUT_OF_CITY: Final = "OUT_OF_CITY"
UNGRADED: Final = "0"
CLASS: Final = "class"
MONTHS_A_YEAR: Final = 12
LEVEL_2: Final = "2"


def offsite_on(law: Law, standing: Standing, place_region: str, on: date) -> str:
    """How far from home a place is for the member: ``none``, a filing's kind, TEMPORARY, or OUT_OF_CITY.

    OUT_OF_CITY is said where the region's law does not ask for a filing (庆阳 第十七条: 市域外与市内相同). A filing that was made
    after the day counts, since nothing is settled before it is recorded, unless the law does not let it be made late.
    """
    far = offsite(standing, place_region)
    late = standing.filed_on is not None and standing.filed_on > on
    if (
        late
        and far == standing.filing
        and _raw(law, "offsite.filing.late", standing.region, on) == "not_allowed"
    ):
        far = TEMPORARY
    if far == TEMPORARY and _raw(law, "offsite.filing.required", standing.region, on) is False:
        return OUT_OF_CITY
    return far


def place_as_seen(
    law: Law,
    standing: Standing,
    attributes: Mapping[str, str],
    place_region: str,
    on: date,
    *,
    emergency: bool = False,
) -> dict[str, str]:
    """Attributes of the place; out of the member's province its own price class says nothing here, its level stands for one.

    Where the law maps levels (``offsite.level_to_class``, A21) the class comes from the map; an institution without a level
    counts as 未定级. ``emergency``: a manual claim for one, for which the law may say how an unknown level counts (A26).
    """
    facts, region = dict(attributes), standing.region
    unknown = emergency and not facts.get("level")
    if unknown and _raw(law, "emergency.level_unknown", region, on) == "level2_and_below":
        facts["level"] = LEVEL_2
    place, home = normalise_region(place_region), normalise_region(region)
    if place[:PROVINCE_DIGITS] == home[:PROVINCE_DIGITS] or facts.get("kind") == "pharmacy":
        return facts
    facts.pop("fee_class", None)
    level = facts.setdefault("level", UNGRADED)
    mapped = _raw(law, "offsite.level_to_class", region, on, {"level": level})
    if isinstance(mapped, str):
        facts["fee_class"] = mapped.removeprefix(CLASS)
    return facts


def arrears_forgiven(law: Law, standing: Standing, on: date) -> bool:
    """Whether a manual claim counts the month of ``on`` as paid though it was paid late (A22).

    Only within the region's ``arrears.retroactive_months``, counted in calendar months from the month to that of the payment.
    """
    paid_on = standing.arrears_paid_on
    if not standing.arrears or paid_on is None:
        return False
    months = _raw(law, "arrears.retroactive_months", standing.region, on)
    late = (paid_on.year - on.year) * MONTHS_A_YEAR + paid_on.month - on.month
    return isinstance(months, int) and not isinstance(months, bool) and late <= months and months > 0


def _raw(
    law: Law, name: str, region: str, on: date, attributes: Mapping[str, str] | None = None
) -> object | None:
    """The raw value of a parameter, None where the law has none for this case."""
    value = law.value(name, region, on, attributes)
    return getattr(value, "raw", None)
