"""The monthly crediting run: what the law gives every member for a month, less what was credited for it before.

Read a portion of members with their facts, decide each (``crediting``), post the differences in one statement. Started again for
the same month it posts nothing, or what late, corrected and withdrawn contributions, retirement, death and exit have changed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import msgspec

from gongji.accounts.crediting import NOTHING_DUE, Credit, Facts, MonthLaw, Spell, credit_of, month_after
from gongji.accounts.runs import Progress, RunReport, Tally, not_of_agency, run_through
from gongji.accounts.values import Office
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, is_within, normalise_region
from gongji.base.sqlfiles import Connection, sql
from gongji.ledger import chart

__all__ = [
    "PORTION",
    "CreditRows",
    "PendingMonth",
    "Posted",
    "credit_month",
    "difference",
    "pending_months",
    "write_credits",
]

_ROOM: Final = "gongji.accounts"
BOUNDS = sql(_ROOM, "credit_bounds")
FACTS = sql(_ROOM, "credit_facts")
WRITE = sql(_ROOM, "credit_write")
PENDING = sql(_ROOM, "pending_months")

PORTION: Final = 10_000
EXPENSE: Final = {
    "active": chart.CREDIT_ACTIVE,
    "flexible": chart.CREDIT_ACTIVE,
    "retired": chart.CREDIT_RETIRED,
    "none": None,
}


class Posted(msgspec.Struct, frozen=True):
    """The latest credit of a person's month."""

    sequence: int
    rule: str
    fen: int
    region: str


class CreditRow(msgspec.Struct, frozen=True):
    """A difference to be posted, in the order of the columns that ``accounts_credit_write`` takes."""

    psn_no: str
    sequence: int
    rule: str
    reason: str
    base_fen: int
    rate_bp: int
    target_fen: int
    account: int | None
    was_fen: int
    was_account: int | None
    region: str
    clause: str
    entry_id: int
    recovery_id: int


CreditRows = Sequence[CreditRow]


def difference(psn_no: str, due: Credit | Refusal, posted: Posted | None, ids: IdSource) -> CreditRow | None:
    """What has to be posted so that the month is worth what is due; None when it is, or when that cannot be said."""
    was_fen = posted.fen if posted is not None else 0
    was_account = EXPENSE[posted.rule] if posted is not None else None
    sequence = posted.sequence + 1 if posted is not None else 1
    if isinstance(due, Credit):
        account = EXPENSE[due.rule]
        if due.fen == was_fen and (account == was_account or not was_fen):
            return None
        return CreditRow(psn_no, sequence, due.rule, "", due.base_fen, due.rate_bp, due.fen, account, was_fen, was_account,
                         due.region, due.clause, ids.next(), ids.next())  # fmt: skip
    if posted is None or not was_fen or due.code not in NOTHING_DUE:
        return None
    return CreditRow(psn_no, sequence, "none", due.code, 0, 0, 0, None, was_fen, was_account,
                     posted.region, due.clause or "", ids.next(), ids.next())  # fmt: skip


async def write_credits(
    conn: Connection, office: Office, month: date, cause_id: int, rows: CreditRows
) -> tuple[int, int, int]:
    """Post differences of different persons, in the order of their numbers.

    Answers what balances were given, what they gave back, and the change of what members owe. asyncpg's
    UniqueViolationError: somebody has posted for one of these months meanwhile.
    """
    if not rows:
        return 0, 0, 0
    columns = zip(*map(msgspec.structs.astuple, rows), strict=True)
    sums = await conn.fetchrow(
        WRITE,
        month,
        cause_id,
        office.digest,
        office.at,
        chart.MEMBER_ACCOUNT,
        chart.RECEIVABLE,
        *map(list, columns),
    )
    return sums["given_fen"], sums["taken_fen"], sums["receivable_fen"]


class _Count:
    """Counts of a portion."""

    def __init__(self) -> None:
        self.pool_fen = 0
        self.active_fen = 0
        self.retired_fen = 0
        self.refused: Counter[Refusal] = Counter()

    def see(self, due: Credit | Refusal) -> None:
        if isinstance(due, Refusal):
            self.refused[due] += 1
            return
        self.pool_fen += due.pool_fen
        if due.rule == "retired":
            self.retired_fen += due.fen
        else:
            self.active_fen += due.fen

    def tally(self, rows: CreditRows, given: int, taken: int, receivable: int) -> Tally:
        first = sum(row.sequence == 1 for row in rows)
        return Tally(
            credited=first, corrected=len(rows) - first,
            active_fen=self.active_fen, retired_fen=self.retired_fen, pool_fen=self.pool_fen,
            given_fen=given, taken_fen=taken, receivable_fen=receivable,
            reasons={refusal.text: count for refusal, count in self.refused.items()},
        )  # fmt: skip


_Portion = tuple[list[CreditRow], _Count]


class _Month:
    """Portions of a monthly run."""

    kind = "credit"
    bounds = BOUNDS

    def __init__(self, office: Office, month: date, region: str) -> None:
        self.period = month
        self.region = region
        self._office = office
        self._law = MonthLaw(office.law, month, allow_draft=office.allow_draft)

    async def read(self, conn: Connection, low: str, high: str) -> _Portion:
        count = _Count()
        found = await conn.fetch(FACTS, low, high, self.period, month_after(self.period))
        rows = [row for person in _persons(found) if (row := self._decide(person, count)) is not None]
        return rows, count

    async def write(self, conn: Connection, read: _Portion, run_id: int) -> Tally:
        rows, count = read
        given, taken, receivable = await write_credits(conn, self._office, self.period, run_id, rows)
        return count.tally(rows, given, taken, receivable)

    def _decide(self, person: list[Any], count: _Count) -> CreditRow | None:
        head = person[0]
        posted = None
        if head["sequence"] is not None:
            posted = Posted(head["sequence"], head["rule"], head["target_fen"], head["credited_region"])
        if self.region != NATION and not self._is_ours(person, posted):
            return None
        spells = [Spell(*row[2:10]) for row in person if row["from_on"] is not None]
        due = credit_of(self._law, Facts(head["died_on"], spells, head["base_fen"], head["employer_fen"]))
        count.see(due)
        return difference(head["psn_no"], due, posted, self._office.ids)

    def _is_ours(self, person: list[Any], posted: Posted | None) -> bool:
        return any(row["region"] is not None and is_within(row["region"], self.region) for row in person) or (
            posted is not None and is_within(posted.region, self.region)
        )


def _persons(rows: Iterable[Any]) -> Iterator[list[Any]]:
    return (list(group) for _, group in groupby(rows, key=itemgetter(0)))


async def credit_month(
    conn: Connection,
    office: Office,
    month: date,
    *,
    region: str = NATION,
    portion: int = PORTION,
    progress: Progress | None = None,
    reader: Connection | None = None,
) -> RunReport | Refusal:
    """Credit a month (any day of it) to all members of ``region``, or post what has changed since.

    FORBIDDEN for who is not of the agency, PERIOD_NOT_DUE before the month has begun, REGION_UNKNOWN for a region without
    any law. Members whom the law says nothing certain about are counted by reason, nothing is posted for them. ``reader``
    is a second connection that reads ahead. Raises ValueError for a region that is no code.
    """
    first = month.replace(day=1)
    forbidden = not_of_agency(office)
    if forbidden is not None:
        return forbidden
    if office.on < first:
        return Refusal("PERIOD_NOT_DUE", f"{first:%Y-%m}")
    known = office.law.value("account.credit_rate", region, first)
    if isinstance(known, Refusal) and known.code == "REGION_UNKNOWN":
        return known
    work = _Month(office, first, normalise_region(region))
    return await run_through(conn, office, work, portion, progress, reader)


class PendingMonth(msgspec.Struct, frozen=True):
    """A month that something was recorded for since its last run over ``region``; ``persons`` are the members concerned."""

    month: date
    region: str
    persons: int


async def pending_months(conn: Connection) -> list[PendingMonth]:
    """Months to be run again: contributions, relations and deaths recorded since their last finished run began."""
    return [PendingMonth(*row.values()) for row in await conn.fetch(PENDING)]
