"""A sale under way at a pharmacy's till: what is on the screen and what may be done to it. Pure; the trades decide.

Quantities in ten-thousandths, prices in millionths of a yuan. Whatever changes what would be settled drops the pre-settlement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from gongji.base.money import QUANTITY_UNIT, format_scaled, line_fen
from gongji.desk.cashier_read import Customer
from gongji.desk.cashier_split import Split

__all__ = [
    "ACCOUNTS",
    "HELD",
    "KIND",
    "Drug",
    "Held",
    "Line",
    "Notice",
    "Offer",
    "Prepared",
    "Proxy",
    "Sale",
    "Shelved",
    "place_of",
    "sheet_lines",
]

KIND: Final = "till"
HELD: Final = "held"
"""Kinds of drafts: the own sale, and prescriptions in the pharmacy's hands."""
OWN_AND_FAMILY, FAMILY_ONLY, NONE = "1", "2", "0"
ACCOUNTS: Final = (
    (OWN_AND_FAMILY, "个人账户，再家庭共济"),
    (FAMILY_ONLY, "只用家庭共济账户"),
    (NONE, "不用账户，付现金"),
)
"""acct_used_flag in words."""


class Notice(msgspec.Struct, frozen=True):
    """Why something was not done: reason code, the trade's own words, and the place on the screen where it can be mended."""

    code: str
    text: str
    place: str = "scan"

    @property
    def words(self) -> str:
        """The trade's words without the code that stands before them; the code is shown beside them."""
        return self.text.removeprefix(f"〔{self.code}〕")


class Proxy(msgspec.Struct, frozen=True):
    """Who buys for the member (代购人); ``signed``: the signature was taken at the counter."""

    name: str = ""
    cert_no: str = ""
    phone: str = ""
    relation: str = ""
    signed: bool = False

    def __repr__(self) -> str:
        """Fit for a log: nobody's name."""
        return "Proxy()"

    @property
    def given(self) -> bool:
        return bool(self.name or self.cert_no)


class Drug(msgspec.Struct, frozen=True, kw_only=True):
    """A drug of the prescription in hand: what may still be taken of this fill."""

    item: str
    name: str
    spec: str = ""
    quantity_e4: int
    unit: str = ""
    use: str = ""
    taken: bool = False

    @property
    def amount(self) -> str:
        return format_scaled(self.quantity_e4, 4)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A prescription that this pharmacy has taken over (7204), with the token that opens it. Shared by the pharmacy's staff."""

    rx_no: str
    token: str
    trace_code: str
    issuer: str
    issued_at: str
    valid_until: str
    long: bool
    patient: str
    sex: str
    age: str
    department: str = ""
    diagnoses: tuple[str, ...] = ()
    allergies: str = ""
    drugs: tuple[Drug, ...] = ()
    proxy: Proxy = Proxy()

    def __repr__(self) -> str:
        """Fit for a log: nobody's name, no token."""
        return f"Held({self.rx_no!r})"


class Offer(msgspec.Struct, frozen=True):
    """A prescription that the member at the counter could fetch here (7201)."""

    auth_no: str
    token: str
    issuer: str
    issued_at: str
    valid_until: str
    disease: str = ""

    def __repr__(self) -> str:
        return "Offer()"


class Shelved(msgspec.Struct, frozen=True):
    """A batch on the own shelf that can be sold today."""

    batch: str
    local_item: str
    lot_no: str
    expires_on: date | None
    quantity_e4: int
    coded: bool

    @property
    def amount(self) -> str:
        return format_scaled(self.quantity_e4, 4)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One drug of the sale. ``prescribed_e4`` 0: bought without a prescription; ``shelf`` as it was when the line was made."""

    key: str
    item: str
    name: str
    spec: str = ""
    unit: str = ""
    use: str = ""
    prescribed_e4: int = 0
    quantity_e4: int
    price_micro: int = 0
    chosen: bool = True
    batch: str = ""
    codes: tuple[str, ...] = ()
    split: bool = False
    shelf: tuple[Shelved, ...] = ()

    @property
    def amount_fen(self) -> int:
        return line_fen(self.price_micro, self.quantity_e4)

    @property
    def quantity(self) -> str:
        return format_scaled(self.quantity_e4, 4)

    @property
    def prescribed(self) -> str:
        return format_scaled(self.prescribed_e4, 4)

    @property
    def price(self) -> str:
        return format_scaled(self.price_micro, 6, least=2) if self.price_micro else ""

    @property
    def stock_e4(self) -> int:
        return sum(one.quantity_e4 for one in self.shelf)

    @property
    def stock(self) -> str:
        return format_scaled(self.stock_e4, 4)

    @property
    def short(self) -> bool:
        """Whether the shelf holds less than what is wanted."""
        return self.stock_e4 < self.quantity_e4

    @property
    def local_item(self) -> str:
        """The pharmacy's own code, of the batch that is chosen or the first."""
        found = next((one for one in self.shelf if one.batch == self.batch), next(iter(self.shelf), None))
        return found.local_item if found is not None else self.item

    @property
    def coded(self) -> bool:
        """Whether the packs of the chosen batch came in with trace codes."""
        return any(one.coded for one in self.shelf if self.batch in ("", one.batch))

    @property
    def packs(self) -> int:
        """Codes that are to be scanned: one a whole pack."""
        return -(-self.quantity_e4 // QUANTITY_UNIT)

    @property
    def codes_missing(self) -> int:
        return max(0, self.packs - len(self.codes)) if self.coded and not self.split else 0


class Prepared(msgspec.Struct, frozen=True):
    """A pre-settlement, with the message that would settle exactly this: number and nodes."""

    msgid: str
    nodes: dict[str, Any]
    split: Split


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """The sale on the screen."""

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


def sheet_lines(
    drugs: Iterable[Drug], shelves: Mapping[str, tuple[Shelved, ...]], prices: Mapping[str, int]
) -> tuple[Line, ...]:
    """The prescription's drugs as lines of a sale: what is on the shelf is bought, from the batch that expires first."""
    return tuple(
        Line(
            key=str(number),
            item=drug.item,
            name=drug.name,
            spec=drug.spec,
            unit=drug.unit,
            use=drug.use,
            prescribed_e4=drug.quantity_e4,
            quantity_e4=drug.quantity_e4,
            price_micro=prices.get(drug.item, 0),
            chosen=not drug.taken and sum(one.quantity_e4 for one in shelves.get(drug.item, ())) >= drug.quantity_e4,
            shelf=shelves.get(drug.item, ()),
        )
        for number, drug in enumerate((one for one in drugs if not one.taken), start=1)
    )  # fmt: skip
