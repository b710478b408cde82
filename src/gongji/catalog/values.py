"""What the catalogue hands out: an item as it is on a day, from a catalogue held in memory."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

import msgspec

from gongji.base.regions import ancestry

__all__ = ["Catalogue", "Item", "ItemSpell", "PriceSpell"]


class ItemSpell(msgspec.Struct, frozen=True, gc=False):
    """What an item is from ``from_on`` to ``until_on``; columns of ``sql/items.sql``."""

    code: str
    from_on: date
    until_on: date | None
    name: str
    kind: str
    list_type: str
    chrgitm_lv: str
    charge_type: str
    spec: str
    unit: str
    dosform: str
    maker: str
    restricted: bool
    restriction: str
    account_allowed: bool
    base_drug: bool
    negotiated: bool
    child_drug: bool
    prescription_only: bool
    dual_channel: bool = False


class PriceSpell(msgspec.Struct, frozen=True, gc=False):
    """Payment standard of an item in an area; columns of ``sql/prices.sql``."""

    code: str
    region: str
    from_on: date
    until_on: date | None
    standard_micro: int


class Item(msgspec.Struct, frozen=True):
    """A catalogue item on one day; ``standard_micro`` in millionths of a yuan a unit, None: the actual price
    counts (SX2022-27 第二十一条).
    """

    code: str
    name: str
    kind: str
    list_type: str
    chrgitm_lv: str
    charge_type: str
    spec: str
    unit: str
    dosform: str
    maker: str
    standard_micro: int | None
    restricted: bool
    restriction: str
    account_allowed: bool
    base_drug: bool
    negotiated: bool
    child_drug: bool
    prescription_only: bool
    dual_channel: bool = False


class Catalogue:
    """The three catalogues in memory, by code and day; ``selectors.refresh`` merges what changed in the
    tables.
    """

    __slots__ = ("_items", "_prices", "version")

    def __init__(self) -> None:
        self.version = -1
        self._items: dict[str, list[ItemSpell]] = {}
        self._prices: dict[str, dict[str, list[PriceSpell]]] = {}

    def clear(self) -> None:
        """Forget everything, before it is merged afresh."""
        self._items, self._prices = {}, {}

    def merge(self, items: Iterable[ItemSpell], prices: Iterable[PriceSpell]) -> None:
        """Take over spells; one with the code (area) and first day of a known spell replaces it."""
        for item in items:
            _place(self._items.setdefault(item.code, []), item)
        for price in prices:
            _place(self._prices.setdefault(price.code, {}).setdefault(price.region, []), price)

    def get(self, code: str, on: date, region: str = "CN") -> Item | None:
        """The item on the day, with the payment standard of the nearest area around ``region`` that has one;
        None if unknown.
        """
        spell = _spell(self._items.get(code, ()), on)
        if spell is None:
            return None
        return Item(
            code=code,
            name=spell.name,
            kind=spell.kind,
            list_type=spell.list_type,
            chrgitm_lv=spell.chrgitm_lv,
            charge_type=spell.charge_type,
            spec=spell.spec,
            unit=spell.unit,
            dosform=spell.dosform,
            maker=spell.maker,
            standard_micro=self._standard(code, on, region),
            restricted=spell.restricted,
            restriction=spell.restriction,
            account_allowed=spell.account_allowed,
            base_drug=spell.base_drug,
            negotiated=spell.negotiated,
            child_drug=spell.child_drug,
            prescription_only=spell.prescription_only,
            dual_channel=spell.dual_channel,
        )

    def _standard(self, code: str, on: date, region: str) -> int | None:
        areas = self._prices.get(code)
        if areas is None:
            return None
        for area in ancestry(region):
            price = _spell(areas.get(area, ()), on)
            if price is not None:
                return price.standard_micro
        return None

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, code: object) -> bool:
        return code in self._items

    def codes(self) -> list[str]:
        return sorted(self._items)


D = TypeVar("D", ItemSpell, PriceSpell)


def _place(spells: list[D], new: D) -> None:
    """Insert by first day, replacing the spell of the same first day."""
    at = bisect_right(spells, new.from_on, key=_from_on)
    if at and spells[at - 1].from_on == new.from_on:
        spells[at - 1] = new
    else:
        spells.insert(at, new)


def _spell(spells: Sequence[D], on: date) -> D | None:
    """The spell of the day: the last one that has begun, if it has not ended."""
    at = bisect_right(spells, on, key=_from_on)
    if not at:
        return None
    spell = spells[at - 1]
    return spell if spell.until_on is None or on <= spell.until_on else None


def _from_on(spell: ItemSpell | PriceSpell) -> date:
    return spell.from_on
