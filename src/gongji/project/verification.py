"""Everything stored, looked at together: settlements and accounts, and what the rooms around them derive from their facts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from typing import Any

import asyncpg
import msgspec

from gongji.catalog import mappings
from gongji.claims import selectors as claims
from gongji.members import history
from gongji.policy import Law
from gongji.prescriptions import verify as prescriptions
from gongji.providers import verify as providers
from gongji.providers.register_verify import register_differences
from gongji.settlement import verify as settlement
from gongji.settlement.verify import Difference, Report
from gongji.stock import verify as stock
from gongji.supervision import selectors as supervision

__all__ = ["Verification", "verify"]


class Verification(Report, frozen=True, kw_only=True):
    """The report on the books, with what the rooms around them found; ``listed`` are the first of all differences."""

    room_differences: tuple[Difference, ...]

    @property
    def clean(self) -> bool:
        return super().clean and not self.room_differences

    @property
    def listed(self) -> tuple[Difference, ...]:
        return (*self.differences, *self.room_differences)

    @property
    def count(self) -> int:
        return self.difference_count + len(self.room_differences)


async def verify(
    conn: asyncpg.Connection[Any],
    laws: Mapping[str, Law],
    *,
    since: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Check everything; see ``settlement.verify`` for the arguments."""
    report = await settlement.verify(conn, laws, since=since, progress=progress)
    found = tuple([difference async for difference in _rooms(conn)])
    return Verification(**msgspec.structs.asdict(report), room_differences=found)


async def _rooms(conn: asyncpg.Connection[Any]) -> AsyncIterator[Difference]:
    """What does not follow from the facts of members, claims, institutions, mappings, prescriptions, stock and complaints; a row
    names the person, or the institution where no person is meant."""
    for change in await history.differences(conn):
        yield Difference(
            change.psn_no, None, f"members_{change.part} {change.key}", change.difference, "变更历史"
        )
    for owed in await claims.verify_differences(conn):
        yield owed
    for kept in await providers.differences(conn):
        yield Difference(kept.code, None, kept.field, kept.stored, kept.recomputed)
    for mapped in await mappings.differences(conn):
        yield Difference(mapped.code, None, mapped.field, mapped.stored, mapped.recomputed)
    for entry in await register_differences(conn):
        yield Difference(
            entry.code, None, f"providers_{entry.part} {entry.spell_no}", entry.difference, "变更历史"
        )
    for sheet in await prescriptions.differences(conn):
        yield Difference(sheet.psn_no, None, f"{sheet.field} {sheet.rx_no}", sheet.stored, sheet.recomputed)
    for shelf in await stock.differences(conn):
        yield Difference(shelf.subject, shelf.settlement_id, shelf.field, shelf.stored, shelf.recomputed)
    for told in await supervision.differences(conn):
        yield Difference(
            told.psn_no, None, f"supervision_step {told.complaint_id}", told.stored, told.recomputed
        )
