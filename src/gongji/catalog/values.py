"""What the catalogue hands out: an item as it is on a day, from a catalogue held in memory."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from gongji.base.regions import ancestry
from gongji.catalog.alternatives import Alternative, preferred
from gongji.catalog.items import CONTROLS, KINDS, CeilingSpell, Item, ItemSpell, PriceSpell
from gongji.catalog.searching import Entry, Index

__all__ = ["CONTROLS", "KINDS", "Catalogue", "CeilingSpell", "Item", "ItemSpell", "PriceSpell"]


class Catalogue:
    """The three catalogues in memory, by code and day; ``selectors.refresh`` brings a draft of what changed and puts it in place at
    once. Other threads may search meanwhile: what they hold is replaced, never changed.
    """

    __slots__ = ("_ceilings", "_generic", "_index", "_items", "_prices", "version")

    def __init__(self) -> None:
        self.version = -1
        self._items: dict[str, tuple[ItemSpell, ...]] = {}
        self._prices: dict[str, dict[str, tuple[PriceSpell, ...]]] = {}
        self._ceilings: dict[str, dict[tuple[str, str], tuple[CeilingSpell, ...]]] = {}
        self._generic: dict[tuple[str, str], set[str]] = {}
        """Codes that have, or had, a substance and form; like the index never wrong, at most out of date."""
        self._index = Index()

    def draft(self) -> "Catalogue":
        """A catalogue with the same content, into which changes can be merged before anybody sees them."""
        made = Catalogue()
        made._take(self)
        made._items, made._prices = dict(self._items), dict(self._prices)
        made._ceilings, made._generic = dict(self._ceilings), dict(self._generic)
        return made

    def adopt(self, draft: "Catalogue") -> None:
        """Take over all that the draft holds, in one step, unless something newer is here already."""
        if draft.version > self.version:
            self._take(draft)

    def _take(self, other: "Catalogue") -> None:
        self._items, self._prices, self._ceilings = other._items, other._prices, other._ceilings
        self._generic, self._index, self.version = other._generic, other._index, other.version

    def merge(
        self,
        items: Iterable[ItemSpell],
        prices: Iterable[PriceSpell],
        ceilings: Iterable[CeilingSpell] = (),
    ) -> None:
        """Take over spells; one with the code (area, class) and first day of a known spell replaces it."""
        for item in items:
            self._items[item.code] = _placed(self._items.get(item.code, ()), item)
            self._index.add(item.code, item.name, item.generic_name)
            if item.generic_name:
                self._generic.setdefault((item.generic_name, item.dosform), set()).add(item.code)
        for price in prices:
            areas = self._prices.get(price.code, {})
            self._prices[price.code] = areas | {price.region: _placed(areas.get(price.region, ()), price)}
        for ceiling in ceilings:
            places, key = self._ceilings.get(ceiling.code, {}), (ceiling.region, ceiling.fee_class)
            self._ceilings[ceiling.code] = places | {key: _placed(places.get(key, ()), ceiling)}

    def get(self, code: str, on: date, region: str = "CN", fee_class: str = "") -> Item | None:
        """The item on the day, with the payment standard and the highest price of the nearest area around ``region`` that has one
        (the price of the institution's ``fee_class`` before that of all); None if unknown.
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
            centralized=spell.centralized,
            control=spell.control,
            antimicrobial=spell.antimicrobial,
            special_storage=spell.special_storage,
            long_excluded=spell.long_excluded,
            circulation_excluded=spell.circulation_excluded,
            generic_name=spell.generic_name,
            approval_no=spell.approval_no,
            pack_units=spell.pack_units,
            pack_unit=spell.pack_unit,
            min_unit=spell.min_unit,
            restrictions=spell.restrictions,
            ceiling_micro=self._ceiling(code, on, region, fee_class),
        )

    def alternatives(self, item: Item, on: date, region: str = "CN") -> tuple[Alternative, ...]:
        """What could be used in place of the drug on the day: the same substance in the same form, listed as an essential drug, won
        in centralized procurement, or cheaper by its payment standard (SX2022-27 第十八条); the best first.
        """
        codes = self._generic.get((item.generic_name, item.dosform), ()) if item.generic_name else ()
        others = (self.get(code, on, region) for code in sorted(codes) if code != item.code)
        same = (item.generic_name, item.dosform)
        return preferred(
            item, [other for other in others if other and (other.generic_name, other.dosform) == same]
        )

    def search(
        self, text: str, on: date, *, kind: str = "", limit: int = 20, region: str = "CN"
    ) -> list[Item]:
        """Items of the day whose code begins with ``text``, whose name has it, or whose pinyin initials do; best first."""
        found: list[Item] = []
        for entry in self._index.find(text):
            item = self.get(entry.code, on, region) if self._is_called(entry, on) else None
            if item is not None and kind in ("", item.kind):
                found.append(item)
            if len(found) >= limit:
                break
        return found

    def _is_called(self, entry: Entry, on: date) -> bool:
        spell = _spell(self._items.get(entry.code, ()), on)
        return spell is not None and (spell.name, spell.generic_name) == (entry.name, entry.generic_name)

    def codes_with_initials(self, text: str, on: date | None = None) -> list[str]:
        """Codes of items whose names have these pinyin initials on the day, or (None) ever had or will have."""
        found = self._index.with_initials(text)
        return list(dict.fromkeys(entry.code for entry in found if on is None or self._is_called(entry, on)))

    @property
    def searchable(self) -> bool:
        """Whether a search answers at once; otherwise the next one orders all names first (``prepare_search``)."""
        return self._index.ready

    def prepare_search(self) -> None:
        """Order the names for searching, if something has changed: a second or more of work, for a thread of its own."""
        self._index.prepare()

    def _standard(self, code: str, on: date, region: str) -> int | None:
        areas = self._prices.get(code)
        if areas is None:
            return None
        for area in ancestry(region):
            price = _spell(areas.get(area, ()), on)
            if price is not None:
                return price.standard_micro
        return None

    def _ceiling(self, code: str, on: date, region: str, fee_class: str) -> int | None:
        areas = self._ceilings.get(code)
        if areas is None:
            return None
        classes = (fee_class, "") if fee_class else ("",)
        for area in ancestry(region):
            for chosen in classes:
                ceiling = _spell(areas.get((area, chosen), ()), on)
                if ceiling is not None:
                    return ceiling.ceiling_micro
        return None

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, code: object) -> bool:
        return code in self._items

    def codes(self) -> list[str]:
        return sorted(self._items)


D = TypeVar("D", ItemSpell, PriceSpell, CeilingSpell)


def _placed(spells: tuple[D, ...], new: D) -> tuple[D, ...]:
    """The spells with the new one by its first day, instead of the one of the same first day."""
    at = bisect_right(spells, new.from_on, key=_from_on)
    before = at - 1 if at and spells[at - 1].from_on == new.from_on else at
    return spells[:before] + (new,) + spells[at:]  # noqa: RUF005  mypy cannot type the unpacking


def _spell(spells: Sequence[D], on: date) -> D | None:
    """The spell of the day: the last one that has begun, if it has not ended."""
    at = bisect_right(spells, on, key=_from_on)
    if not at:
        return None
    spell = spells[at - 1]
    return spell if spell.until_on is None or on <= spell.until_on else None


def _from_on(spell: ItemSpell | PriceSpell | CeilingSpell) -> date:
    return spell.from_on
