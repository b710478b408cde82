"""Sums of an institution's settlements by month or day and by kind of visit. Who asks says whose they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, TypeVar

import msgspec

from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import CHINA

__all__ = ["Sums", "institution_sums", "institution_sums_by_type", "together"]

INSTITUTION_SUMS = sql("gongji.settlement", "institution_sums")
ONE_DAY: Final = timedelta(days=1)
Period = Literal["day", "month"]
Key = TypeVar("Key")


class Sums(msgspec.Struct, frozen=True):
    """A month or day, by its first day, of one kind of visit ("" all): how many settlements and refunds, what was charged and
    given back, and who paid.

    ``charged_fen`` is before, ``total_fen`` and the payers' parts are after refunds; the parts add up to ``total_fen``.
    """

    begins_on: date
    med_type: str = ""
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

    def and_also(self, other: Sums) -> Sums:
        """Both together: the earlier beginning, the kind of visit when both have the same."""
        added = {name: getattr(self, name) + getattr(other, name) for name in ADDED}
        kind = self.med_type if self.med_type == other.med_type else ""
        return Sums(min(self.begins_on, other.begins_on), kind, **added)


ADDED: Final = Sums.__struct_fields__[2:]


def together(parts: Iterable[Sums], key: Callable[[Sums], Key]) -> dict[Key, Sums]:
    """The parts that have the same key as one, in the order in which the keys come first."""
    found: dict[Key, Sums] = {}
    for part in parts:
        before = found.get(key(part))
        found[key(part)] = part if before is None else before.and_also(part)
    return found


async def institution_sums_by_type(
    conn: Connection, institution: str, since: date, until: date, by: Period
) -> list[Sums]:
    """What the institution settled on the days from ``since`` to ``until`` (both included, China's days), manual claims left out,
    by kind of visit; months and days without any are left out.
    """
    first = datetime.combine(since, time(), CHINA)
    after = datetime.combine(until + ONE_DAY, time(), CHINA)
    return [Sums(*row.values()) for row in await conn.fetch(INSTITUTION_SUMS, institution, first, after, by)]


async def institution_sums(
    conn: Connection, institution: str, since: date, until: date, by: Period
) -> list[Sums]:
    """The same of all kinds of visits together."""
    parts = await institution_sums_by_type(conn, institution, since, until, by)
    return list(together(parts, lambda part: part.begins_on).values())
