"""Which of several drugs of one substance and form comes first: 基本药物, 集采中选, 同质低价 (SX2022-27 第十八条). Pure."""

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from gongji.catalog.items import Item

__all__ = ["REASONS", "Alternative", "Because", "preferred"]

Because = Literal["centralized", "base_drug", "cheaper"]
REASONS: Final[dict[Because, str]] = {
    "centralized": "集中带量采购中选",
    "base_drug": "基本药物",
    "cheaper": "支付标准更低",
}


class Alternative(msgspec.Struct, frozen=True):
    """A drug that could be used instead, and why it is to be preferred. ``saving_bp``: how much less its smallest unit costs by the
    payment standards, in basis points of the given drug's; 0 where it does not, or where one of them is not known.
    """

    item: Item
    because: tuple[Because, ...]
    saving_bp: int


def preferred(item: Item, others: Iterable[Item]) -> tuple[Alternative, ...]:
    """Those of ``others`` for which something speaks that does not speak for ``item``: won in procurement first, then essential
    drugs, then by what is saved.
    """
    found = []
    for other in others:
        saving_bp = _saving_bp(item, other)
        marks = {
            "centralized": other.centralized and not item.centralized,
            "base_drug": other.base_drug and not item.base_drug,
            "cheaper": saving_bp > 0,
        }
        because = tuple(reason for reason in REASONS if marks[reason])
        if because:
            found.append(Alternative(other, because, saving_bp))
    return tuple(sorted(found, key=_rank))


def _rank(given: Alternative) -> tuple[bool, bool, int, str]:
    return (not given.item.centralized, not given.item.base_drug, -given.saving_bp, given.item.code)


def _saving_bp(item: Item, other: Item) -> int:
    """Standards of packages are compared by their smallest unit; without its number only packages of one specification are."""
    if item.standard_micro is None or other.standard_micro is None or item.standard_micro == 0:
        return 0
    if (
        item.pack_units
        and other.pack_units
        and item.min_unit == other.min_unit
        and _strength(item) == _strength(other)
    ):
        mine, its = item.standard_micro * other.pack_units, other.standard_micro * item.pack_units
    elif item.spec == other.spec and item.unit == other.unit:
        mine, its = item.standard_micro, other.standard_micro
    else:
        return 0
    return max(0, (mine - its) * 10_000 // mine)


def _strength(item: Item) -> str:
    """What one unit holds, as a specification writes it before the number of units: 20mg×14粒 → 20mg."""
    return item.spec.replace("*", "×").partition("×")[0].strip().lower()
