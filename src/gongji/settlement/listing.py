"""Reads of an institution's settlements: its days at the counter, and one by its number. Who asks says whose they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from gongji.base.ids import EPOCH_MS, MAX_MS, issued_at_ms
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import CHINA

__all__ = ["MOST", "Taken", "of_institution", "one_of_institution"]

OF_INSTITUTION = sql("gongji.settlement", "of_institution")

MOST: Final = 10_000
"""Settlements that one question answers."""
LEAD: Final = timedelta(hours=1)
"""How far a number's own time may lie from the time of its settlement: numbers run ahead in a burst, batches wait."""


class Taken(msgspec.Struct, frozen=True):
    """A settlement (``kind`` 1) or reversal (-1) as a list shows it; amounts of a reversal are negative."""

    psn_no: str
    settlement_id: int
    kind: int
    original_id: int | None
    reversed_by: int | None
    service_on: date
    settled_at: datetime
    infno: str
    msgid: str
    visit_id: int
    batch_no: str
    med_type: str
    region: str
    benefit: str
    total_fen: int
    fund_fen: int
    account_fen: int
    mutual_fen: int
    cash_fen: int

    def __repr__(self) -> str:
        """Fit for a log: nobody's number."""
        return f"Taken({self.settlement_id})"


async def of_institution(
    conn: Connection,
    institution: str,
    since: date,
    until: date,
    *,
    msgid: str = "",
    psn_no: str = "",
    limit: int = MOST,
) -> list[Taken]:
    """What the institution settled and reversed on the days from ``since`` to ``until`` (both included, China's days), in order."""
    first = datetime.combine(since, time(), CHINA)
    after = datetime.combine(until + timedelta(days=1), time(), CHINA)
    return await _between(conn, institution, first, after, msgid, psn_no, limit)


async def one_of_institution(conn: Connection, institution: str, settlement_id: int) -> Taken | None:
    """The institution's own settlement or reversal with this number; another one's does not exist here.

    The number says when it was made, so that nothing is searched through.
    """
    if not 0 < settlement_id < 2**63 or issued_at_ms(settlement_id) > EPOCH_MS + MAX_MS:
        return None
    made_at = datetime.fromtimestamp(issued_at_ms(settlement_id) / 1000, UTC)
    rows = await _between(conn, institution, made_at - LEAD, made_at + LEAD, "", "", 2**31)
    return next((row for row in rows if row.settlement_id == settlement_id), None)


async def _between(
    conn: Connection, institution: str, first: datetime, after: datetime, msgid: str, psn_no: str, limit: int
) -> list[Taken]:
    rows: list[Any] = await conn.fetch(OF_INSTITUTION, institution, first, after, msgid, psn_no, limit)
    return [Taken(*row.values()) for row in rows]
