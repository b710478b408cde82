"""A drug of a sale at the till, with what of it stands on the own shelf. Pure. Quantities in ten-thousandths."""

from __future__ import annotations

from datetime import date

import msgspec

from gongji.base.money import QUANTITY_UNIT, format_scaled
from gongji.desk.counter import Priced

__all__ = ["Line", "Shelved"]


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


class Line(Priced, frozen=True, kw_only=True):
    """One drug of the sale. ``prescribed_e4`` 0: bought without a prescription; ``shelf`` as it was when the line was made."""

    use: str = ""
    prescribed_e4: int = 0
    chosen: bool = True
    batch: str = ""
    codes: tuple[str, ...] = ()
    split: bool = False
    shelf: tuple[Shelved, ...] = ()

    @property
    def prescribed(self) -> str:
        return format_scaled(self.prescribed_e4, 4)

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
