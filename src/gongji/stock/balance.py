"""The purchase–sale–stock balance (进销存平衡) of an institution, and what it settled beside what it says it sold.

opening + purchases - purchase returns - sales + sale returns ± changes ± differences of counts = closing, by batch and period;
and nothing can be settled that was not sold. What does not agree is 进销存不符, the finding that supervision starts from.
Quantities in ten-thousandths of the institution's unit. Source: NHSA2023-4 三(四).

Clauses: NHSA2023-4.s3.4.d.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.stock.selectors import day_start

__all__ = ["BalanceRow", "SalesRow", "balance", "sales_against_settlements"]

BALANCE = sql("gongji.stock", "balance")
SETTLED_SALES = sql("gongji.stock", "settled_sales")


class BalanceRow(msgspec.Struct, frozen=True):
    """One batch in one period."""

    local_item: str
    batch: str
    item: str
    local_name: str
    opening_e4: int
    purchased_e4: int
    returned_e4: int
    sold_e4: int
    brought_back_e4: int
    changed_e4: int
    difference_e4: int
    """What counts found more (or less) than the books said."""
    closing_e4: int

    @property
    def balanced(self) -> bool:
        """Whether opening and movements add up to closing; they always do, or there is a mistake in the program."""
        moved_e4 = self.purchased_e4 - self.returned_e4 - self.sold_e4 + self.brought_back_e4
        return self.opening_e4 + moved_e4 + self.changed_e4 + self.difference_e4 == self.closing_e4

    @property
    def discrepancies(self) -> tuple[str, ...]:
        """What supervision reads of the batch, in Chinese."""
        found = []
        if self.closing_e4 < 0:
            found.append("期末库存小于零")
        if self.difference_e4:
            found.append("盘存数与账面数不符")
        return tuple(found)


class SalesRow(msgspec.Struct, frozen=True):
    """One drug in one period: settled by settlements in force, sold by the institution's own report (less what came back).

    ``sold_settled_e4`` is the part of the sales that the institution reported as settled, ``uncoded_e4`` the part of what was
    settled that came without a trace code.
    """

    item: str
    name: str
    settled_e4: int
    sold_e4: int
    sold_settled_e4: int
    uncoded_e4: int

    @property
    def missing_e4(self) -> int:
        """Settled and not reported as sold: drugs that were paid for and, by the books, never left the shelf."""
        return max(0, self.settled_e4 - self.sold_e4)

    @property
    def discrepancies(self) -> tuple[str, ...]:
        """What supervision reads of the drug, in Chinese."""
        found = []
        if self.missing_e4:
            found.append("结算数量大于销售数量")
        if self.sold_settled_e4 > self.settled_e4:
            found.append("上报为医保结算的销售没有结算")
        return tuple(found)


async def balance(
    conn: Connection,
    institution: str,
    from_on: date,
    until_on: date,
    *,
    item: str = "",
    batch: str = "",
    known_at: datetime | None = None,
) -> list[BalanceRow]:
    """By batch, from the first to the last day, both included; ``known_at``: as the books stood at that instant."""
    rows = await conn.fetch(
        BALANCE, institution, day_start(from_on), day_start(until_on, 1), known_at, item, batch
    )
    return [BalanceRow(**dict(row.items())) for row in rows]


async def sales_against_settlements(
    conn: Connection, institution: str, from_on: date, until_on: date
) -> list[SalesRow]:
    """By drug: every drug that was settled or sold in the period, those that agree too."""
    rows = await conn.fetch(
        SETTLED_SALES, institution, from_on, until_on, day_start(from_on), day_start(until_on, 1)
    )
    return [SalesRow(**dict(row.items())) for row in rows]
