"""Orders (医嘱) of a visit that are not sent yet: drugs to circulate, drugs and services of the house, and the terms of the sheet.

They are kept as the doctor's sealed draft (``desk.drafts``, kind "doctor", the visit's number as key), not in the browser and not
as uploads: a reload, another workstation or a restart shows the same orders, and nothing of them exists for anybody else before
the doctor sends them. Sending is what trades do (2204, 7101): a line that has been sent leaves the draft by its number, which is
the number of the fee line or of the sheet, so that what was sent and not yet crossed out here cannot be sent twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, Literal

import msgspec

from gongji.base.codes import label
from gongji.base.money import format_scaled, line_fen

__all__ = [
    "AWAY",
    "HERB",
    "HERE",
    "KIND",
    "SERVICE",
    "WESTERN",
    "Order",
    "Orders",
    "Terms",
    "frequency_word",
    "herb_part",
    "kind_of_item",
]

KIND: Final = "doctor"
Place = Literal["here", "away"]
HERE: Final = "here"
AWAY: Final = "away"
WESTERN, PATENT, HERB, SERVICE = "11", "12", "13", ""
"""rx_item_type_code of a drug; "" for what is no drug."""
REMEMBERED: Final = 50
ITEM_TYPES: Final = {"X": WESTERN, "Z": PATENT, "T": HERB}
"""First letter of the national code of a drug."""


def kind_of_item(code: str, kind: str) -> str:
    """rx_item_type_code of an item of the catalogue, "" for what is no drug."""
    return ITEM_TYPES.get(code[:1], WESTERN) if kind == "drug" else SERVICE


def frequency_word(code: str) -> str:
    """A frequency (used_frqu) in Chinese, without the Latin abbreviation behind it."""
    return (label("used_frqu", code) or "").partition("（")[0]


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing ordered. ``quantity_e4`` in ten-thousandths of ``unit``; ``dose_e4`` of ``dose_unit`` at a time; ``frequency`` and
    ``way`` are national codes; ``approval`` is hosp_appr_flag with the doctor's words in ``confirmation``.
    """

    no: int
    item: str
    name: str
    item_type: str = SERVICE
    spec: str = ""
    dosform: str = ""
    unit: str = ""
    place: Place = "here"
    quantity_e4: int
    price_micro: int = 0
    days: int = 0
    dose_e4: int = 0
    dose_unit: str = ""
    frequency: str = ""
    way: str = ""
    approval: str = "0"
    confirmation: str = ""
    note: str = ""

    @property
    def is_drug(self) -> bool:
        return self.item_type != SERVICE

    @property
    def is_herb(self) -> bool:
        return self.item_type == HERB

    @property
    def amount_fen(self) -> int:
        return line_fen(self.price_micro, self.quantity_e4)

    @property
    def quantity(self) -> str:
        return format_scaled(self.quantity_e4, 4)

    @property
    def dose(self) -> str:
        return format_scaled(self.dose_e4, 4)

    @property
    def price(self) -> str:
        return format_scaled(self.price_micro, 6, 2)

    @property
    def frequency_word(self) -> str:
        return frequency_word(self.frequency)

    @property
    def way_word(self) -> str:
        return label("drug_medc_way_code", self.way) or ""

    @property
    def key(self) -> str:
        """feedetl_sn of its fee line."""
        return f"Y{self.no}"


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What holds for the whole sheet: a long one (长期处方) with its reason, why more than the usual days, how herbs are used."""

    long: bool = False
    reason: str = ""
    assessed: bool = False
    fills: int = 1
    interval: int = 0
    herb_way: str = "水煎服"
    herb_frequency: str = "每日一剂，早晚分服"


class Orders(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The draft of a visit. ``next_no`` and ``sheet_no`` are never used again: they number fee lines and sheets."""

    next_no: int = 1
    sheet_no: int = 1
    rows: tuple[Order, ...] = ()
    terms: Terms = Terms()
    tokens: tuple[str, ...] = ()
    """Numbers of the forms by which orders were added last."""
    allergies: str | None = None
    """The allergy history as the doctor wrote it for this visit; None: it holds what the house knew before."""

    def having(self, order: Order, token: str = "") -> Orders:
        """With one more order, under the next number; unless the form of this number has added it already."""
        if token and token in self.tokens:
            return self
        return msgspec.structs.replace(
            self,
            next_no=self.next_no + 1,
            rows=(*self.rows, msgspec.structs.replace(order, no=self.next_no)),
            tokens=(*self.tokens[-REMEMBERED:], token) if token else self.tokens,
        )

    def knowing(self, allergies: str) -> Orders:
        """With this allergy history."""
        return msgspec.structs.replace(self, allergies=allergies)

    def changed(self, order: Order) -> Orders:
        """With ``order`` in the place of the one of its number; gone meanwhile: it stays gone."""
        return msgspec.structs.replace(
            self, rows=tuple(order if row.no == order.no else row for row in self.rows)
        )

    def without(self, numbers: Collection[int]) -> Orders:
        return msgspec.structs.replace(self, rows=tuple(row for row in self.rows if row.no not in numbers))

    def sent(self, keys: Collection[str]) -> Orders:
        """Without what fee lines of these numbers say already."""
        return self.without([row.no for row in self.rows if row.key in keys])

    def issued(self, sheet_no: int, numbers: Iterable[int]) -> Orders:
        """After sheet ``sheet_no`` was numbered by the centre: its drugs are on it, the next sheet has another number."""
        left = self.without(frozenset(numbers))
        return msgspec.structs.replace(left, sheet_no=max(self.sheet_no, sheet_no + 1), terms=Terms())

    def order(self, number: int) -> Order | None:
        return next((row for row in self.rows if row.no == number), None)

    @property
    def here(self) -> tuple[Order, ...]:
        return tuple(row for row in self.rows if row.place == HERE)

    @property
    def away(self) -> tuple[Order, ...]:
        return tuple(row for row in self.rows if row.place == AWAY)

    @property
    def drugs(self) -> tuple[Order, ...]:
        return tuple(row for row in self.rows if row.is_drug)

    @property
    def services(self) -> tuple[Order, ...]:
        return tuple(row for row in self.rows if not row.is_drug)


def herb_part(rows: Iterable[Order], *, herbs: bool) -> tuple[Order, ...]:
    """Of drugs to circulate those of one sheet: herbs are prescribed apart from the others (处方管理办法 第六条)."""
    return tuple(row for row in rows if row.is_herb == herbs)
