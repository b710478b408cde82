"""A sale under way at a pharmacy's till: what is on the screen and what may be done to it. Pure; the trades decide.

Whatever changes what would be settled drops the pre-settlement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from gongji.desk.cashier.read import Customer
from gongji.desk.cashier.split import Split
from gongji.desk.counter import OWN_AND_FAMILY, Notice
from gongji.desk.till.line import Line
from gongji.desk.till.sheet import Offer, Proxy

__all__ = ["KIND", "Prepared", "Sale", "place_of"]

KIND: Final = "till"
"""Kind of the draft of the own sale."""


class Prepared(msgspec.Struct, frozen=True):
    """A pre-settlement, with the message that would settle exactly this: number and nodes."""

    msgid: str
    nodes: dict[str, Any]
    split: Split


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """The sale on the screen. ``number`` tells it from the one before it; a form of that one does nothing to this one."""

    number: str = ""
    customer: Customer | None = None
    offers: tuple[Offer, ...] = ()
    rx_no: str = ""
    rx_psn_no: str = ""
    lines: tuple[Line, ...] = ()
    found: tuple[tuple[str, str, str], ...] = ()
    reason: str = ""
    account: str = OWN_AND_FAMILY
    proxy: Proxy = Proxy()
    prepared: Prepared | None = None
    notice: Notice | None = None
    told: str = ""

    def __repr__(self) -> str:
        """Fit for a log: nobody's name."""
        return f"Sale({self.number!r})"

    @property
    def chosen(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.chosen)

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.chosen)

    @property
    def partial(self) -> bool:
        """Whether something of the prescription is left for elsewhere."""
        return any(
            line.prescribed_e4 and (not line.chosen or line.quantity_e4 < line.prescribed_e4)
            for line in self.lines
        )

    @property
    def empty(self) -> bool:
        return not (self.customer or self.lines or self.offers or self.rx_no)

    def line(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)

    def with_line(self, line: Line) -> Sale:
        """The sale with the line in the place of the one with its key, or at the end."""
        known = self.line(line.key) is not None
        lines = tuple(line if one.key == line.key else one for one in self.lines)
        return self.changed(lines=lines if known else (*self.lines, line))

    def without(self, key: str) -> Sale:
        return self.changed(lines=tuple(line for line in self.lines if line.key != key))

    def with_code(self, key: str, code: str) -> Sale:
        """The code on a line; what was scanned is what is bought."""
        line = self.line(key)
        if line is None or code in line.codes:
            return self
        return self.with_line(msgspec.structs.replace(line, codes=(*line.codes, code), chosen=True))

    def changed(self, **fields: Any) -> Sale:
        """Another sale than was pre-settled."""
        return msgspec.structs.replace(self, **{"prepared": None, "notice": None, "told": "", **fields})

    def refused(self, code: str, text: str, place: str = "") -> Sale:
        """The sale as it is, with why something could not be done."""
        return msgspec.structs.replace(self, notice=Notice(code, text, place or place_of(self, code, text)))


PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "review": ("RX_NOT_REVIEWED", "RX_NOT_VERIFIED", "PHARMACIST_NOT_REGISTERED"),
    "proxy": ("PROXY_INCOMPLETE", "PROXY_SIGNATURE_MISSING", "CERT_INVALID"),
    "reason": ("RX_SPLIT_REASON_MISSING", "RX_SPLIT_NOT_ALLOWED"),
    "member": ("UNKNOWN_MEMBER", "CARD_EXPIRED", "ACCOUNT_BLOCKED", "VOUCHER_MISMATCH"),
    "lines": ("RX_QUANTITY_EXCEEDED", "RX_QUANTITY_DIFFERS", "RX_ITEM_NOT_ON_PRESCRIPTION", "OUT_OF_STOCK", "BATCH_EXPIRED",
              "QUANTITY_INVALID", "SAME_DRUG_DIFFERENT_INSTITUTION", "RX_ALREADY_DISPENSED", "AMOUNT_MISMATCH"),
}  # fmt: skip


def place_of(sale: Sale, code: str, text: str) -> str:
    """Where on the screen a refusal can be mended: the line that it names, else the part that its reason belongs to."""
    for line in sale.lines:
        if line.item in text or any(one in text for one in line.codes):
            return f"line-{line.key}"
    return next((place for place, codes in PLACES.items() if code in codes), "scan")
