"""Sums of an institution's settlements by month or day, for its own management. Who asks says whose they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final, Literal

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import CHINA

__all__ = ["Sums", "institution_sums"]

INSTITUTION_SUMS = sql("gongji.settlement", "institution_sums")
ONE_DAY: Final = timedelta(days=1)


class Sums(msgspec.Struct, frozen=True):
    """A month or day, by its first day: how many settlements and refunds, what was charged and given back, and who paid.

    ``charged_fen`` is before, ``total_fen`` and the payers' parts are after refunds; the parts add up to ``total_fen``.
    """

    begins_on: date
    settled: int = 0
    reversed: int = 0
    charged_fen: int = 0
    refunded_fen: int = 0
    total_fen: int = 0
    pool_fen: int = 0
    chronic_fen: int = 0
    account_fen: int = 0
    mutual_fen: int = 0
    cash_fen: int = 0

    @property
    def fund_fen(self) -> int:
        """What the pooled fund pays, for chronic diseases too."""
        return self.pool_fen + self.chronic_fen

    @property
    def own_fen(self) -> int:
        """What personal accounts pay, the patient's and the family's."""
        return self.account_fen + self.mutual_fen


async def institution_sums(
    conn: Connection, institution: str, since: date, until: date, by: Literal["day", "month"]
) -> list[Sums]:
    """What the institution settled on the days from ``since`` to ``until`` (both included, China's days), manual claims left out;
    months and days without any are left out.
    """
    first = datetime.combine(since, time(), CHINA)
    after = datetime.combine(until + ONE_DAY, time(), CHINA)
    return [Sums(*row.values()) for row in await conn.fetch(INSTITUTION_SUMS, institution, first, after, by)]
