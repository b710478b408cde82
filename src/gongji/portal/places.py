"""The kinds of places (就医机构类别) that the law of a region tells apart, each with an institution that stands for it.

Nobody is named: the institution is made up so that the law derives the kind from it, as it does from a real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Final

import msgspec

from gongji.base.reasons import Refusal
from gongji.base.regions import is_within, pooling_area
from gongji.explain.words import value_title
from gongji.policy import Law
from gongji.providers.values import ProviderBook, ProviderDay

__all__ = ["PlaceKind", "examples", "place_kinds"]

KINDS: Final = ("hospital", "pharmacy", "clinic")
NAMED: Final = 2
"""So many institutions are named as examples of a kind."""


class PlaceKind(msgspec.Struct, frozen=True):
    """``code`` is the value of the law's attribute ``place`` (of ``kind`` where it has no classes), ``title`` its name."""

    code: str
    title: str
    day: ProviderDay

    @property
    def is_pharmacy(self) -> bool:
        return self.day.kind == "pharmacy"


@lru_cache(maxsize=256)
def place_kinds(law: Law, region: str, on: date) -> tuple[PlaceKind, ...]:
    """Every kind once, medical institutions first; empty for a region without law of its own."""
    found: dict[str, PlaceKind] = {}
    if isinstance(law.home(region), Refusal):
        return ()
    for day in _candidates(law, region):
        attribute, code = _kind_of(law, region, on, day)
        if code not in found:
            title = value_title(law, attribute, code, region)
            found[code] = PlaceKind(code, title, msgspec.structs.replace(day, name=title))
    return tuple(found.values())


def _kind_of(law: Law, region: str, on: date, day: ProviderDay) -> tuple[str, str]:
    """The attribute by which the region tells this place from others, and its value: where it has no classes of its own for it,
    what kind of institution it is."""
    place = law.derive(region, on, day.attributes).get("place")
    return ("place", place) if place else ("kind", day.kind)


def _candidates(law: Law, region: str) -> Iterator[ProviderDay]:
    known = law.library.vocabulary.attributes
    classes = [value for value, _ in known["fee_class"].values]
    levels = [value for value, _ in known["level"].values]
    for kind in KINDS:
        graded = product(classes, levels) if kind != "pharmacy" else (("", ""),)
        for fee_class, level in graded:
            yield ProviderDay(
                code="",
                name="",
                region=region,
                kind=kind,
                hosp_lv="",
                designated=True,
                pooled_agreement=True,
                fee_class=fee_class,
                level=level,
                direct_settlement=True,
            )


def examples(
    law: Law, book: ProviderBook, region: str, on: date, kinds: tuple[PlaceKind, ...]
) -> dict[str, list[str]]:
    """Names of some institutions of the member's own area for each kind: a class of prices says nothing to a member."""
    area, found = pooling_area(region), {kind.code: list[str]() for kind in kinds}
    for provider in book:
        if not is_within(provider.region, area):
            continue
        day = provider.on(on)
        names = found.get(_kind_of(law, region, on, day)[1])
        if names is not None and day.pooled_agreement and len(names) < NAMED:
            names.append(provider.name)
            if all(len(each) == NAMED for each in found.values()):
                break
    return found
