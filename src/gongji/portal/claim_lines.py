"""Fee lines as a member copies them from an invoice: the national item behind a name, or the choice that is put to the member.

A line without a national code is settled as outside the catalogue, so a name that fits several items is not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Final

import msgspec

from gongji.base.money import MICRO_PER_FEN, QUANTITY_UNIT
from gongji.base.times import CHINA
from gongji.catalog.values import Catalogue, Item
from gongji.encounters.values import FeeLine

__all__ = ["NONE_OF_THEM", "Choice", "Written", "choices_for", "fee_lines"]

MOST: Final = 8
NONE_OF_THEM: Final = "-"
"""The member says that the catalogue has no such item."""


class Written(msgspec.Struct, frozen=True):
    """A line as it was written; ``item`` is the member's choice ("" not chosen yet)."""

    name: str
    amount_fen: int
    item: str = ""


class Choice(msgspec.Struct, frozen=True):
    """An item that may be meant."""

    code: str
    text: str


def choices_for(catalogue: Catalogue, name: str, on: date, region: str) -> tuple[Choice, ...]:
    """Items that the name may mean on the day; exactly one when name or code leave no doubt, none when nothing fits."""
    exact = catalogue.get(name.upper(), on, region)
    if exact is not None:
        return (_choice(exact),)
    found = catalogue.search(name, on, limit=MOST, region=region)
    same = [item for item in found if item.name == name]
    return tuple(_choice(item) for item in (same if len(same) == 1 else found))


def _choice(item: Item) -> Choice:
    return Choice(item.code, "，".join(text for text in (item.name, item.spec, item.maker) if text))


def fee_lines(
    written: Sequence[Written], service_on: date, resolve: Callable[[Written], str]
) -> tuple[FeeLine, ...]:
    """The lines of a visit; ``resolve`` answers the item's code, "" for none."""
    return tuple(
        FeeLine(
            key=f"1-{position}",
            item=resolve(line),
            local_item=line.name,
            amount_fen=line.amount_fen,
            price_micro=line.amount_fen * MICRO_PER_FEN,
            quantity_e4=QUANTITY_UNIT,
            occurred_at=datetime.combine(service_on, time(), CHINA),
        )
        for position, line in enumerate(written, start=1)
    )
