"""A prescription in a pharmacy's hands: what may be fetched, what was taken over and for whom, its drugs as lines of a sale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from gongji.base.money import format_scaled
from gongji.desk.till.line import Line, Shelved

__all__ = ["HELD", "Drug", "Held", "Offer", "Proxy", "sheet_lines"]

HELD: Final = "held"
"""Kind of the drafts of prescriptions in the pharmacy's hands."""


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
