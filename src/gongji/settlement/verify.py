"""Is everything that was settled still true: replayed, refolded, chained, balanced. Reads only, on one snapshot.

Persons are taken one after the other from a cursor, so memory is bounded by the largest person, not by the database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import asyncpg
import msgspec

from gongji.accounts import verify as accounts
from gongji.base.sqlfiles import sql
from gongji.base.times import CHINA
from gongji.policy import Law
from gongji.settlement import facts
from gongji.settlement.checks import Difference, Evidence, check_person
from gongji.settlement.state import fact_of_row, read_years
from gongji.settlement.voiding import Voided

__all__ = ["Difference", "Report", "TrialRow", "verify"]

_ROOM: Final = "gongji.settlement"
FACTS = sql(_ROOM, "verify_facts")
ACCOUNTS = sql(_ROOM, "verify_accounts")
ORPHANS = sql(_ROOM, "verify_orphans")
TRIAL = sql(_ROOM, "verify_trial")
VOIDS = sql(_ROOM, "verify_voids")

LISTED: Final = 1_000
"""Differences that a report lists; further ones are only counted."""
PERSONS_AT_ONCE: Final = 200
PREFETCH: Final = 500


class TrialRow(msgspec.Struct, frozen=True):
    """One source of money, three ways; ``derived`` (accumulators, accounts) is None where nothing is derived."""

    name: str
    settlements_fen: int
    journal_fen: int
    derived_fen: int | None

    @property
    def balanced(self) -> bool:
        return self.settlements_fen == self.journal_fen and self.derived_fen in (None, self.settlements_fen)


class Report(msgspec.Struct, frozen=True):
    """What was looked at and what was found. ``differences`` lists at most ``LISTED`` of ``difference_count``."""

    persons: int
    settlements: int
    reversals: int
    openings: int
    voids: int
    """Message numbers without a settlement: made void by 2601."""
    digests: dict[str, int]
    """Settlements by policy digest; those of a digest that is not known could not be replayed and are differences."""
    trial: tuple[TrialRow, ...]
    differences: tuple[Difference, ...]
    difference_count: int

    @property
    def clean(self) -> bool:
        return self.difference_count == 0 and all(row.balanced for row in self.trial)


class _Tally:
    """Counts of a run."""

    def __init__(self) -> None:
        self.persons = 0
        self.kinds = {facts.SETTLEMENT: 0, facts.REVERSAL: 0, facts.OPENING: 0}
        self.digests: dict[str, int] = {}
        self.voids = 0
        self.found: list[Difference] = []
        self.count = 0

    def add(self, difference: Difference) -> None:
        self.count += 1
        if len(self.found) < LISTED:
            self.found.append(difference)

    def see(self, evidence: Sequence[Evidence]) -> None:
        self.persons += 1
        for entry in evidence:
            fact = entry.fact
            self.kinds[fact.kind] = self.kinds.get(fact.kind, 0) + 1
            if fact.kind == facts.SETTLEMENT:
                digest = fact.policy_digest.hex()
                self.digests[digest] = self.digests.get(digest, 0) + 1

    def see_void(self, void: Voided) -> None:
        self.voids += 1
        if not void.intact:
            self.add(
                Difference(void.psn_no, None, "void", f"{void.infno} {void.msgid}", "不是作废编号的内容")
            )


async def verify(
    conn: asyncpg.Connection[Any],
    laws: Mapping[str, Law],
    *,
    since: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check everything, or with ``since`` the persons with settlements from that day (北京时间) on; sums are always whole.

    ``laws`` by digest: every version of the library that this program knows. ``progress`` is told the number of facts done.
    """
    start = datetime.combine(since, time(), CHINA) if since else None
    tally = _Tally()
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        await conn.execute(
            "SET LOCAL enable_seqscan = on"
        )  # off for the engine, which reads by key; here everything is read
        done = 0
        batch: list[list[Evidence]] = []
        async for person in _persons(conn, start):
            batch.append(person)
            done += len(person)
            if len(batch) == PERSONS_AT_ONCE:
                await _check(conn, batch, laws, tally)
                batch = []
                if progress is not None:
                    progress(done)
        await _check(conn, batch, laws, tally)
        for row in await conn.fetch(ACCOUNTS):
            tally.add(
                Difference(
                    row["psn_no"],
                    row["settlement_id"],
                    row["field"],
                    str(row["stored"]),
                    str(row["recomputed"]),
                )
            )
        async for finding in accounts.findings(conn, laws):
            tally.add(Difference(*msgspec.structs.astuple(finding)))
        for row in await conn.fetch(ORPHANS):
            tally.add(Difference(row["psn_no"], row["settlement_id"], row["field"], str(row["stored"]), "无"))
        async for row in conn.cursor(VOIDS, prefetch=PREFETCH):
            tally.see_void(Voided(*row.values()))
        trial = (
            *(TrialRow(*row.values()) for row in await conn.fetch(TRIAL)),
            *(TrialRow(*msgspec.structs.astuple(line)) for line in await accounts.trial(conn)),
        )
    if progress is not None:
        progress(done)
    return Report(
        persons=tally.persons,
        settlements=tally.kinds[facts.SETTLEMENT],
        reversals=tally.kinds[facts.REVERSAL],
        openings=tally.kinds[facts.OPENING],
        voids=tally.voids,
        digests=tally.digests,
        trial=trial,
        differences=tuple(tally.found),
        difference_count=tally.count,
    )


async def _persons(conn: asyncpg.Connection[Any], start: datetime | None) -> AsyncIterator[list[Evidence]]:
    """All facts of one person after the other."""
    current: list[Evidence] = []
    async for row in conn.cursor(FACTS, start, prefetch=PREFETCH):
        entry = _evidence(row)
        if current and current[0].fact.psn_no != entry.fact.psn_no:
            yield current
            current = []
        current.append(entry)
    if current:
        yield current


def _evidence(row: Any) -> Evidence:
    journal = None
    if row["journal_amounts"] is not None:
        journal = (row["journal_accounts"], row["journal_parties"], row["journal_amounts"])
    return Evidence(
        fact_of_row(row), row["hash"], row["message_request_hash"], row["message_answer"], journal
    )


async def _check(
    conn: asyncpg.Connection[Any],
    persons: Sequence[Sequence[Evidence]],
    laws: Mapping[str, Law],
    tally: _Tally,
) -> None:
    years = await read_years(conn, [person[0].fact.psn_no for person in persons]) if persons else {}
    for person in persons:
        tally.see(person)
        psn_no = person[0].fact.psn_no
        try:
            for difference in check_person(person, years.get(psn_no, {}), laws):
                tally.add(difference)
        except (
            ValueError,
            LookupError,
        ) as error:  # arrays that no longer fit each other: no fact can be read from them
            tally.add(Difference(psn_no, None, "fact", "无法读取", str(error)))
