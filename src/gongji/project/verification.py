"""Everything stored, looked at together: settlements and accounts, the history of members, claims and their payments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import asyncpg
import msgspec

from gongji.claims import selectors as claims
from gongji.members import history
from gongji.policy import Law
from gongji.settlement import verify as settlement
from gongji.settlement.verify import Difference, Report

__all__ = ["Verification", "verify"]


class Verification(Report, frozen=True, kw_only=True):
    """The report on the books, with what the rooms around them found; ``listed`` are the first of all differences."""

    member_differences: tuple[Difference, ...]
    claim_differences: tuple[Difference, ...]

    @property
    def clean(self) -> bool:
        return super().clean and not self.member_differences and not self.claim_differences

    @property
    def listed(self) -> tuple[Difference, ...]:
        return (*self.differences, *self.member_differences, *self.claim_differences)

    @property
    def count(self) -> int:
        return self.difference_count + len(self.member_differences) + len(self.claim_differences)


async def verify(
    conn: asyncpg.Connection[Any],
    laws: Mapping[str, Law],
    *,
    since: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Check everything; see ``settlement.verify`` for the arguments."""
    report = await settlement.verify(conn, laws, since=since, progress=progress)
    members = tuple(
        Difference(found.psn_no, None, f"members_{found.part} {found.key}", found.difference, "变更历史")
        for found in await history.differences(conn)
    )
    owed = await claims.verify_differences(conn)
    return Verification(**msgspec.structs.asdict(report), member_differences=members, claim_differences=owed)
